"""Optimizers, also as `tf.train`."""

from tfjs_pyo import naming
from tfjs_pyo.config import Registry
from tfjs_pyo.optimizers.algorithms import SGD, Adadelta, Adagrad, Adam, Adamax, Momentum, RMSProp
from tfjs_pyo.optimizers.base import Optimizer

OPTIMIZERS = Registry("optimizer", (SGD, Momentum, Adagrad, Adadelta, Adam, Adamax, RMSProp))
get = OPTIMIZERS.get

__all__ = ["SGD", "Adadelta", "Adagrad", "Adam", "Adamax", "Momentum", "Optimizer", "RMSProp", "get"]
__getattr__ = naming.module_getattr(__name__)
