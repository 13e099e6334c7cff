"""Models: graphs and stacks of layers, and their training."""

from tfjs_pyo import naming
from tfjs_pyo.models.functional import Model
from tfjs_pyo.models.sequential_model import Sequential

__all__ = ["Model", "Sequential"]
__getattr__, __dir__ = naming.module_names(__name__)
