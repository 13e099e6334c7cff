"""Models: graphs and stacks of layers, and their training."""

from tfjs_pyo import naming
from tfjs_pyo.models.functional import Model, input_
from tfjs_pyo.models.sequential import Sequential

__all__ = ["Model", "Sequential", "input_"]
__getattr__ = naming.module_getattr(__name__)
