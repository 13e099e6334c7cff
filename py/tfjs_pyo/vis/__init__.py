"""`tf.vis`: charts of training, data and models, in the names of tfjs-vis. Source: https://js.tensorflow.org/api_vis/latest/

In the page they stand among the results, in notebooks (Jupyter, marimo, PyScript) below their cell, as SVG. Programs that import
`matplotlib.pyplot` open them by its `show()`. A page of your own names an element of the document as their place, or hands
a function that shows them to `tf.vis.useDisplay`. Always: `chart.save(path)`, and `chart.figure()` for matplotlib.
"""

from tfjs_pyo import naming
from tfjs_pyo.vis import fit_card, live, metrics, pads, render, show  # noqa: F401 (the page asks for live and pads)
from tfjs_pyo.vis.chart import Chart
from tfjs_pyo.vis.pads import Sketch, sketch
from tfjs_pyo.vis.parts import Surface
from tfjs_pyo.vis.shown import use_display
from tfjs_pyo.vis.visor import visor

__all__ = [
    "Chart",
    "Sketch",
    "Surface",
    "metrics",
    "render",
    "show",
    "sketch",
    "use_display",
    "visor",
]
__getattr__, __dir__ = naming.module_names(__name__)
