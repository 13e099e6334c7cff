"""Windows for Fourier transforms, by the names that SciPy has for them.

Source: https://docs.scipy.org/doc/scipy/reference/signal.windows.html
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tfjs_pyo import naming, options
from tfjs_pyo.errors import OptionError

Shape = Callable[[float], float]
"""The value at a place from -1 to 1, 0 in the middle."""


def _cosines(*weights: float) -> Shape:
    """Returns a sum of cosines with alternating signs, counted from the end."""
    return lambda x: sum(weight * math.cos(math.pi * order * x) for order, weight in enumerate(weights))


def _parzen(x: float) -> float:
    place = abs(x)
    return 1 - 6 * place**2 * (1 - place) if place <= 0.5 else 2 * (1 - place) ** 3


def _bohman(x: float) -> float:
    place = abs(x)
    return (1 - place) * math.cos(math.pi * place) + math.sin(math.pi * place) / math.pi


def _barthann(x: float) -> float:
    return 0.62 - 0.48 * abs(x / 2) + 0.38 * math.cos(math.pi * x)


def _tukey(x: float) -> float:
    place = abs(x)
    return 1.0 if place <= 0.5 else 0.5 * (1 + math.cos(math.pi * (2 * place - 1)))


def _sinc(x: float) -> float:
    return math.sin(math.pi * x) / (math.pi * x) if x else 1.0


SHAPES: dict[str, Shape] = {
    "boxcar": lambda x: 1.0,
    "hann": _cosines(0.5, 0.5),
    "hamming": _cosines(0.54, 0.46),
    "blackman": _cosines(0.42, 0.5, 0.08),
    "nuttall": _cosines(0.3635819, 0.4891775, 0.1365995, 0.0106411),
    "blackmanharris": _cosines(0.35875, 0.48829, 0.14128, 0.01168),
    "flattop": _cosines(0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368),
    "bartlett": lambda x: 1 - abs(x),
    "barthann": _barthann,
    "bohman": _bohman,
    "tukey": _tukey,
    "lanczos": _sinc,
}
"""Windows whose ends are at -1 and 1."""
INNER: dict[str, Shape] = {
    "cosine": lambda x: math.cos(math.pi / 2 * x),
    "parzen": _parzen,
}
"""Windows whose ends are half an element beyond the first and the last one."""
_NAMES = (*SHAPES, *INNER, "triang")


def window(name: str, length: int, periodic: bool = True) -> list[float]:
    """Returns the values of a window.

    Args:
        name: SciPy's.
        length: how many values.
        periodic: whether it is one period of a series, whose next value would be the first; else it is symmetric.

    >>> window("hann", 4), window("bartlett", 3, False)
    ([0.0, 0.5, 1.0, 0.5], [0.0, 1.0, 0.0])
    """
    if length == 1:
        return [1.0]
    count = length + periodic
    middle = (count - 1) / 2
    shape = {**SHAPES, **INNER}.get(name, SHAPES["bartlett"])
    reach = middle if name in SHAPES else middle + 0.5 + 0.5 * (name == "triang" and count % 2)
    return [shape((place - middle) / reach) for place in range(length)]


def window_option(owner: str, name: str, value: Any) -> Any:
    """The conversion of fields: the name of a window, its values, or None for none."""
    given = options.items(value)
    if (
        value is None or value in _NAMES
        if given is None
        else all(options.real(each) is not None for each in given)
    ):
        return value if given is None else [float(each) for each in given]
    raise OptionError(
        f"{owner}: expected {naming.camel(name)!r} to be one of {', '.join(map(repr, _NAMES))}, the values of a window, or None, "
        f"received {options.shown(value)}."
    )


def values_of(given: Any, length: int, periodic: bool, owner: str) -> list[float] | None:
    """Returns the values for what `window_option` gave; None for no window.

    Raises:
        OptionError: other than `length` values are given.
    """
    if given is None or isinstance(given, str):
        return None if given is None else window(given, length, periodic)
    if len(given) != length:
        raise OptionError(f"{owner}: expected a window of {length} values, received {len(given)}.")
    return list(given)


__all__ = ["values_of", "window", "window_option"]
