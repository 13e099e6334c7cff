"""`tf.vis`: charts of training, data and models, in the names of tfjs-vis. Source: https://js.tensorflow.org/api_vis/latest/

In the page they stand among the results, in notebooks (Jupyter, marimo, PyScript) below their cell, as SVG. Programs that import
`matplotlib.pyplot` open them by its `show()`. A page of your own names an element of the document as their place, or hands
a function that shows them to `tf.vis.useDisplay`. Always: `chart.save(path)`, and `chart.figure()` for matplotlib.
"""

from tfjs_pyo import naming

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
LATER = {
    "tfjs_pyo.vis": ("live", "metrics", "pads", "render", "show"),
    "tfjs_pyo.vis.chart": ("Chart",),
    "tfjs_pyo.vis.pads": ("Sketch", "sketch"),
    "tfjs_pyo.vis.parts": ("Surface",),
    "tfjs_pyo.vis.shown": ("use_display",),
    "tfjs_pyo.vis.visor": ("visor",),
}
"""The page asks for live and pads when it starts, and for the rest when something is drawn."""
__getattr__, __dir__ = naming.module_names(__name__, later=LATER)
