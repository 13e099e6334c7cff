"""`keras.optimizers.legacy`: names of Keras 2, which Keras 3 has to say that they are none of its own any more."""

from __future__ import annotations

from typing import Any, NoReturn

from tfjs_pyo import naming
from tfjs_pyo.errors import NameNotFoundError


class Optimizer:
    """Stands for a former optimizer, and says which one took its place.

    Raises:
        NameNotFoundError: always.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.optimizers.legacy.Optimizer()
        Traceback (most recent call last):
            ...
        tfjs_pyo.errors.NameNotFoundError: ...Keras 3 has no former optimizers. Write keras.optimizers.Optimizer.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        rest = (Optimizer.__doc__ or "").partition("\n")[2]
        cls.__doc__ = f"{cls.__doc__}\n{rest.replace('Optimizer', cls.__name__)}"

    def __init__(self, *_: Any, **__: Any) -> NoReturn:
        name = type(self).__name__
        raise NameNotFoundError(
            f"keras.optimizers.legacy.{name}: Keras 3 has no former optimizers. Write keras.optimizers.{name}."
        )


class Adagrad(Optimizer):
    """Stands for the former Adagrad."""


class Adam(Optimizer):
    """Stands for the former Adam."""


class Ftrl(Optimizer):
    """Stands for the former Ftrl."""


class RMSprop(Optimizer):
    """Stands for the former RMSprop."""


class SGD(Optimizer):
    """Stands for the former SGD."""


__all__ = ["SGD", "Adagrad", "Adam", "Ftrl", "Optimizer", "RMSprop"]
__dir__ = naming.public_dir(__name__)
