"""`tf.serialization`: classes of your own, found by name when something saved is made again.

Source: https://js.tensorflow.org/api/latest/#Models-Serialization
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from tfjs_pyo import constraints, initializers, naming, optimizers, regularizers
from tfjs_pyo.config import Configurable
from tfjs_pyo.doc_examples import methods as examples
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.layers.base import LAYERS, Layer
from tfjs_pyo.registry import Registry

Serializable = Configurable
examples.complete(Serializable, examples.OBJECTS, examples.MEANINGS)

_REGISTRIES: list[tuple[type, Registry]] = [
    (Layer, LAYERS),
    (initializers.Initializer, initializers.INITIALIZERS),
    (regularizers.Regularizer, regularizers.REGULARIZERS),
    (constraints.Constraint, constraints.CONSTRAINTS),
    (optimizers.Optimizer, optimizers.OPTIMIZERS),
]
C = TypeVar("C", bound=Callable[..., Any])


@naming.spelled
def register_class(cls: Any, package: str | None = None, name: str | None = None) -> None:
    """Makes a class known under its name, so that configs that name it can be made into objects again.

    Args:
        cls: subclass of Layer, Initializer, Regularizer, Constraint or Optimizer.
        package: prefix of the name, set apart by '>', as in Keras; default: none.
        name: in place of its `className`, or its own name.

    Raises:
        ArgumentError: a class of another kind.

    Example:
        >>> import tfjs_pyo as tf
        >>> class Twice(tf.layers.Layer):
        ...     def call(self, inputs):
        ...         return inputs * 2
        >>> tf.serialization.registerClass(Twice)
        >>> tf.layers.LAYERS.get({"className": "Twice", "config": {}})(tf.ones([1])).array_sync()
        [2.0]

    Source: https://js.tensorflow.org/api/latest/#serialization.registerClass
    """
    for base, registry in _REGISTRIES:
        if isinstance(cls, type) and issubclass(cls, base):
            own = name or getattr(cls, "className", None) or getattr(cls, "class_name", None) or cls.__name__
            known = f"{package}>{own}" if package else own
            registry.register(cls, known)
            _REGISTERED[known] = cls
            cls.registered_name = known  # type: ignore[attr-defined]
            return
    kinds = ", ".join(base.__name__ for base, _ in _REGISTRIES)
    raise ArgumentError(f"register_class: expected a subclass of {kinds}, received {cls!r}.")


def get_registered_name(cls: Any) -> str:
    """Returns the name under which a class or function is known, or its own.

    Args:
        cls: class or function.

    Returns:
        The name as text, with the package's before '>' for one that was registered with a package.

    Raises:
        ArgumentError: neither a class nor a function.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.serialization.getRegisteredName(tf.layers.Dense)
        'Dense'
        >>> tf.serialization.getRegisteredName(tf.layers.BatchNormalization)
        'BatchNormalization'

    Source: https://js.tensorflow.org/api/latest/#serialization.getRegisteredName
    """
    known = next((name for name, item in _REGISTERED.items() if item is cls), None)
    if not (known or hasattr(cls, "saved_class_name") or hasattr(cls, "__name__")):
        raise ArgumentError(
            f"get_registered_name: expected a class or a function, received {type(cls).__name__}."
        )
    name: str = known or (cls.saved_class_name() if hasattr(cls, "saved_class_name") else cls.__name__)
    return name


_REGISTERED: dict[str, Any] = {}
_CUSTOM: dict[str, Any] = {}


def custom_objects() -> dict[str, Any]:
    """Returns the dict of what files may name besides what is here and what was registered."""
    return _CUSTOM


def registered_functions() -> dict[str, Any]:
    """Returns the functions that were registered, by their names."""
    return {name: item for name, item in _REGISTERED.items() if not isinstance(item, type)}


def registered_object(name: str) -> Any:
    """Returns the class or function that was registered under a name; None if there is none."""
    return _REGISTERED.get(name)


def register_keras_serializable(package: str = "Custom", name: str | None = None) -> Callable[[C], C]:
    """Returns a decorator that registers a class or a function, as Keras has it.

    Example:
        >>> from tfjs_pyo import keras
        >>> @keras.saving.register_keras_serializable("shop")
        ... class Half(keras.layers.Layer):
        ...     def call(self, inputs):
        ...         return inputs * 0.5
        >>> keras.layers.deserialize(keras.layers.serialize(Half()))(keras.ops.ones(2)).tolist()
        [0.5, 0.5]
        >>> keras.saving.get_registered_name(Half)
        'shop>Half'

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/
    """

    def register(cls: C) -> C:
        if any(isinstance(cls, type) and issubclass(cls, base) for base, _ in _REGISTRIES):
            register_class(cls, package, name)
        else:
            own = name or cls.__name__
            _REGISTERED[f"{package}>{own}"] = cls
            _CUSTOM[own] = cls
        return cls

    return register


__all__ = ["Serializable", "get_registered_name", "register_class"]
__getattr__, __dir__ = naming.module_names(__name__)
