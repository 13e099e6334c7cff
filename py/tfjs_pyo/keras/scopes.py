"""`keras.device`, `keras.remat`: what Keras programs say of devices and memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


class _Scope:
    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        return


class device(_Scope):  # noqa: N801 (Keras's name)
    """A context for a device. There is one, which computes everything.

    Args:
        device_name: such as 'cpu:0'.

    Example:
        >>> from tfjs_pyo import keras
        >>> with keras.device("cpu:0"):
        ...     x = keras.ops.ones([2])
        >>> x.tolist()
        [1.0, 1.0]

    Source: https://keras.io/api/utils/
    """

    def __init__(self, device_name: str) -> None:
        self.device_name = device_name


class RematScope(_Scope):
    """A context in which layers keep fewer values for gradients. What is kept is settled by the compiler of steps here.

    Args:
        mode: 'full', 'activations', 'larger_than', 'list_of_layers' or None.
        output_size_threshold, layer_names: accepted as they are.

    Example:
        >>> from tfjs_pyo import keras
        >>> with keras.RematScope(mode="full"):
        ...     dense = keras.layers.Dense(3)
        >>> dense(keras.ops.ones([2, 4])).shape
        (2, 3)

    Source: https://keras.io/api/utils/
    """

    def __init__(
        self, mode: str | None = "full", output_size_threshold: int = 1024, layer_names: Any = None
    ) -> None:
        self.mode, self.output_size_threshold, self.layer_names = mode, output_size_threshold, layer_names


def remat(f: F) -> F:
    """Returns a function itself: compiled steps settle by themselves what they keep and what they compute again.

    Args:
        f: a function of tensors.

    Example:
        >>> from tfjs_pyo import keras
        >>> square = keras.remat(lambda x: x * x)
        >>> square(keras.ops.array([2.0, 3.0])).tolist()
        [4.0, 9.0]

    Source: https://keras.io/api/utils/
    """
    return f


def version() -> str:
    """Returns the version of Keras whose names these are.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.version() == keras.__version__
        True
        >>> int(keras.version().split(".")[0])
        3

    Source: https://keras.io/api/
    """
    return VERSION


VERSION = "3.15.1"
"""The version of Keras whose names these are."""

__all__ = ["VERSION", "RematScope", "device", "remat", "version"]
