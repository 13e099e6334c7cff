"""The classes of models, by the names that files have for them."""

from tfjs_pyo.registry import Registry

MODELS = Registry("model", [], {"Functional": "Model"})
"""Filled by the package. They have a class method `_revive(config, reviver)`."""
