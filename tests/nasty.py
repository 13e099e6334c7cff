"""Values that nobody should give, of every type, and what may come of a call with one: a result, or a refusal in words."""

import asyncio
import contextlib
import inspect
import math
import random
import signal
import traceback
import warnings
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

import tfjs_pyo as tf
from tfjs_pyo.errors import TfError

SEED = 20261129


class Odd:
    """Nothing that any function knows."""


def endless() -> list[Any]:
    found: list[Any] = []
    found.append(found)
    return found


def disposed() -> tf.Tensor:
    x = tf.tensor([1.0, 2.0])
    x.dispose()
    return x


NASTY: dict[str, Callable[[], Any]] = {
    "None": lambda: None, "True": lambda: True, "0": lambda: 0, "-1": lambda: -1, "3": lambda: 3, "2**31": lambda: 2**31,
    "2**70": lambda: 2**70, "-2**70": lambda: -(2**70), "10**400": lambda: 10**400, "1.5": lambda: 1.5,
    "nan": lambda: math.nan, "inf": lambda: math.inf, "-inf": lambda: -math.inf, "word": lambda: "flaot32", "no word": str,
    "half a character": lambda: "\ud800", "bytes": lambda: b"x", "empty list": list, "[1]": lambda: [1],
    "[1.5]": lambda: [1.5], "[-1]": lambda: [-1], "[None]": lambda: [None], "words": lambda: ["a"],
    "ragged": lambda: [[1, 2], [3]], "[2**31]": lambda: [2**31], "large": lambda: [2**40, 2**40], "nine": lambda: [1] * 9,
    "dict": lambda: {"a": 1}, "no dict": dict, "object": Odd, "generator": lambda: (i for i in (1, 2)),
    "function": lambda: lambda *args, **kwargs: 1, "class": lambda: Odd, "objects": lambda: np.array([1, None, "x"], object),
    "complex array": lambda: np.array([1 + 2j, 3]), "string array": lambda: np.array(["a", "b"]),
    "dates": lambda: np.array(["2026-01-01"], "datetime64[D]"), "records": lambda: np.zeros(2, [("a", "f4"), ("b", "i4")]),
    "empty array": lambda: np.zeros((0, 3), np.float32), "nan array": lambda: np.array([math.nan, 1]),
    "int64": lambda: np.array([2**40]), "uint64": lambda: np.array([2**64 - 1], np.uint64),
    "float16": lambda: np.array([1.5], np.float16), "long double": lambda: np.array([1.5], np.longdouble),
    "scalar": lambda: tf.scalar(2.0), "vector": lambda: tf.tensor([1.0, 2.0, 3.0]), "matrix": lambda: tf.ones([2, 3]),
    "rank 6": lambda: tf.ones([1, 2, 1, 2, 1, 2]), "bool tensor": lambda: tf.tensor([True, False]),
    "int32 tensor": lambda: tf.tensor([1, 2], None, "int32"), "string tensor": lambda: tf.tensor(["a", "b"]),
    "complex tensor": lambda: tf.complex([1.0, 2.0], [3.0, 4.0]), "empty tensor": lambda: tf.zeros([0]), "disposed": disposed,
    "set": lambda: {1, 2}, "range": lambda: range(3), "complex": lambda: 1 + 2j, "Decimal": lambda: Decimal("1.5"),
    "Fraction": lambda: Fraction(1, 2), "ellipsis": lambda: ..., "slice": lambda: slice(None),
    "NumPy's nan": lambda: np.float64("nan"), "NumPy's word": lambda: np.str_("x"),
    "symbol": lambda: tf.input(shape=[3]), "variable": lambda: tf.variable(tf.tensor([1.0, 2.0])),
    "exception": lambda: ValueError("x"), "module": lambda: math, "endless": endless,
}  # fmt: skip

PLAUSIBLE = [
    lambda: tf.ones([2, 3]), lambda: tf.ones([1, 4, 4, 2]), lambda: tf.ones([3]), lambda: tf.tensor([0, 1], None, "int32"),
    lambda: tf.ones([2, 2]), lambda: [tf.ones([2, 3]), tf.ones([2, 3])], lambda: tf.tensor(["a", "b"]),
    lambda: tf.tensor([True, False]), lambda: 1, lambda: [1], lambda: 2, lambda: [1, 1], lambda: [2, 3], lambda: 0.5,
    lambda: "same", lambda: "float32", lambda: lambda *args: args[0] if args else tf.ones([2]), lambda: tf.scalar(1.0),
    lambda: tf.ones([2, 2, 2, 2]), lambda: [[0, 0]], lambda: tf.ones([2, 2, 2]), lambda: [[0, 0], [0, 0]],
]  # fmt: skip
"""Values of which a few are right for most arguments."""

LONGEST = 1500
"""What a message has of characters at most: it must not hold whole arrays."""
SECONDS = 20
"""After these a call hangs."""


class HangError(BaseException):
    """A call does not come back."""


@contextlib.contextmanager
def watched() -> Iterator[None]:
    """Ends what hangs within."""

    def stop(*_: Any) -> None:
        raise HangError

    former = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


def read(result: Any, depth: int = 0) -> None:
    """Asks for the values of tensors and for the first elements of datasets: then they are computed."""
    if isinstance(result, tf.Tensor):
        result.array_sync()
    elif isinstance(result, tf.data.Dataset):
        read(asyncio.run(_awaited(tf.data.Dataset.take(result, 2).to_array())), depth + 1)
    elif isinstance(result, (list, tuple, dict)) and depth < 3:
        for item in list(result.values() if isinstance(result, dict) else result)[:20]:
            read(item, depth + 1)


def succeeds(call: Callable[[], Any]) -> bool:
    """Returns whether a call gives a result."""
    try:
        with watched(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = call()
            read(asyncio.run(_awaited(result)) if inspect.isawaitable(result) else result)
    except (Exception, HangError):  # noqa: BLE001 (whether any, is the question)
        return False
    return True


async def _awaited(result: Any) -> Any:
    return await asyncio.wait_for(result, SECONDS)


def fault(call: Callable[[], Any]) -> str | None:
    """Returns what is wrong with how a call ends; None if it gives a result, or refuses in words."""
    try:
        with watched(), warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.simplefilter("ignore", RuntimeWarning)  # ours, of what a run meets
            result = call()
            read(asyncio.run(_awaited(result)) if inspect.isawaitable(result) else result)
    except TfError as error:
        text = str(error)
        return None if 0 < len(text) <= LONGEST else f"a message of {len(text)} characters"
    except NotImplementedError as error:
        return None if " must define " in str(error) else f"{error!r}"
    except OSError as error:
        return None if error.strerror == "No such file or directory" else f"{error!r}"
    except HangError:
        return "does not come back"
    except Exception as error:  # noqa: BLE001 (what it is, is the question)
        places = [
            f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
        return f"{type(error).__name__}: {str(error)[:100]} ({' > '.join(places[-3:])})"
    return None


def drawn(name: str, count: int) -> list[str]:
    """Returns names of nasty values for a place; the same ones each time."""
    return random.Random(f"{SEED}{name}").sample(sorted(NASTY), count)


def faults(
    name: str, call: Callable[..., Any], good: Callable[[], dict[str, Any]], places: list[str], count: int
) -> list[str]:
    """Returns what is wrong with calls in which one argument is nasty.

    Args:
        name: of what is called.
        call: takes arguments by name.
        good: gives the others.
        places: names of the arguments.
        count: how many values are tried in each place.
    """
    found = []
    for place in places:
        for kind in drawn(f"{name}.{place}", count):
            wrong = fault(lambda place=place, kind=kind: call(**{**good(), place: NASTY[kind]()}))
            if wrong:
                found.append(f"{name}({place}={kind}): {wrong}")
    return found


def parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """Returns the parameters that can be given by name."""
    given = inspect.signature(function).parameters.values()
    return [p for p in given if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
