"""Graph models: what the converter of TensorFlow.js makes of TensorFlow's SavedModels."""

from tfjs_pyo.graph_models import control, convolutions, elementwise, searching, shaping
from tfjs_pyo.graph_models.declare import DECLARED, deregister_op, register_op
from tfjs_pyo.graph_models.model import GraphModel, load_graph_model, load_graph_model_sync

__all__ = [
    "DECLARED",
    "GraphModel",
    "control",
    "convolutions",
    "deregister_op",
    "elementwise",
    "load_graph_model",
    "load_graph_model_sync",
    "register_op",
    "searching",
    "shaping",
]
