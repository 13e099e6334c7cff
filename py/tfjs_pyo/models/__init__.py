"""Models: graphs and stacks of layers, and their training."""

from tfjs_pyo import naming
from tfjs_pyo.models.base import Model
from tfjs_pyo.models.functional_model import Functional
from tfjs_pyo.models.loading.load import deserialize, load_layers_model, model_from_json
from tfjs_pyo.models.loading.reviving import MODELS
from tfjs_pyo.models.sequential_model import Sequential

for _each in (Model, Sequential):
    MODELS.register(_each)

__all__ = ["Functional", "Model", "Sequential", "deserialize", "load_layers_model", "model_from_json"]
__getattr__, __dir__ = naming.module_names(__name__)
