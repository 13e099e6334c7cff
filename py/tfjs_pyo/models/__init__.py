"""Models: graphs and stacks of layers, and their training."""

from tfjs_pyo import naming
from tfjs_pyo.models.base import Model
from tfjs_pyo.models.classes import MODELS
from tfjs_pyo.models.functional_model import Functional
from tfjs_pyo.models.sequential_model import Sequential

for _each in (Model, Sequential):
    MODELS.register(_each)

__all__ = ["Functional", "Model", "Sequential", "deserialize", "load_layers_model", "model_from_json"]
LATER = {"tfjs_pyo.models.loading.load": ("deserialize", "load_layers_model", "model_from_json")}
"""Names whose modules are loaded when a program first asks for them."""
__getattr__, __dir__ = naming.module_names(__name__, later=LATER)
