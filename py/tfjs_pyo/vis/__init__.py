"""`tf.vis`: charts of training, data and models, in the names of tfjs-vis. Source: https://js.tensorflow.org/api_vis/latest/

In the page they stand among the results; in notebooks matplotlib draws them, and in programs that import
`matplotlib.pyplot`, whose `show()` opens them (also `chart.figure()`, `chart.save(path)`).
"""

from tfjs_pyo import naming
from tfjs_pyo.vis import live, metrics, pads, render, show  # noqa: F401 (the page asks for live and pads)
from tfjs_pyo.vis.chart import Chart, Surface
from tfjs_pyo.vis.pads import Sketch, sketch
from tfjs_pyo.vis.visor import visor

__all__ = [
    "Chart",
    "Sketch",
    "Surface",
    "metrics",
    "render",
    "show",
    "sketch",
    "visor",
]
__getattr__, __dir__ = naming.module_names(__name__)
