"""Helpers for programs: assertions, kinds of values, texts, time and requests."""

from __future__ import annotations

import functools
import json
import time
from array import array
from collections.abc import Callable, Mapping, Sequence
from inspect import isawaitable
from typing import Any, TypeVar, cast

from tfjs_pyo import naming
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError, TfError
from tfjs_pyo.fingerprint import fingerprint64
from tfjs_pyo.io import requests
from tfjs_pyo.later import asyncio
from tfjs_pyo.options import shown
from tfjs_pyo.shapes import is_dimension

F = TypeVar("F", bound=Callable[..., Any])


def helper(function: F) -> F:
    """Returns a function that takes its keyword arguments in any spelling; a mapping is a value like others.

    What Python says of values that the function cannot work with becomes an ArgumentError, except where it calls functions
    of users, whose errors are their own.
    """
    if any("Callable" in str(hint) for hint in function.__annotations__.values()):
        return naming.bridge(function, config=False)

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except TfError:
            raise
        except (TypeError, ValueError, OverflowError, LookupError, AttributeError, RecursionError) as error:
            given = ", ".join(map(shown, (*args, *kwargs.values())))
            raise ArgumentError(
                f"{function.__name__.rstrip('_')}: expected values that it can work with, received {given}: {error}."
            ) from error

    return cast("F", naming.bridge(call, config=False))


@helper
def assert_(expr: bool, msg: Callable[[], str] | str) -> None:
    """Raises an error unless something holds; `assert` is a word of Python's own, so its name here ends in `_`.

    Args:
        expr: what has to be true.
        msg: text of the error, or a function that gives it.

    Raises:
        TfError: it is not.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.assert_(2 == 3, lambda: "Two is not three")
        Traceback (most recent call last):
        tfjs_pyo.errors.TfError: Two is not three

    Source: https://js.tensorflow.org/api/latest/#util.assert
    """
    if not expr:
        raise TfError(msg() if callable(msg) else msg)


@helper
def assert_shapes_match(
    shape_a: Sequence[int], shape_b: Sequence[int], error_message_prefix: str = ""
) -> None:
    """Raises an error unless two shapes are equal.

    Args:
        shape_a, shape_b: lists of dimensions.
        error_message_prefix: first words of the error.

    Raises:
        ShapeError: they differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.assertShapesMatch([2, 3], (2, 3))
        >>> tf.util.assertShapesMatch([2, 3], [3, 2], "add:")
        Traceback (most recent call last):
            ...
        tfjs_pyo.errors.ShapeError: add: ...

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    if list(shape_a) != list(shape_b):
        prefix = error_message_prefix or "assert_shapes_match:"
        raise ShapeError(f"{prefix} expected equal shapes, received {list(shape_a)} and {list(shape_b)}.")


@helper
def assert_non_null(a: Any) -> None:
    """Raises an error for None.

    Args:
        a: what has to be a value.

    Raises:
        ArgumentError: it is None.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.assertNonNull(0)
        >>> tf.util.assertNonNull(None)
        Traceback (most recent call last):
            ...
        tfjs_pyo.errors.ArgumentError: ...

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    if a is None:
        raise ArgumentError("assert_non_null: expected a value, received None.")


@helper
def assert_non_negative_integer_dimensions(shape: Sequence[Any]) -> None:
    """Raises an error unless a shape is made of non-negative whole numbers.

    Args:
        shape: list of dimensions.

    Raises:
        ShapeError: it is not.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.assertNonNegativeIntegerDimensions([2, 0, 3])
        >>> tf.util.assertNonNegativeIntegerDimensions([2, -1])
        Traceback (most recent call last):
            ...
        tfjs_pyo.errors.ShapeError: ...

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    if not all(map(is_dimension, shape)):
        raise ShapeError(
            f"assert_non_negative_integer_dimensions: expected a shape of non-negative integers, received {list(shape)}."
        )


@helper
def is_typed_array(a: Any) -> bool:
    """Returns whether something is an array of elements of one type: `array.array`, bytes, or an array of NumPy.

    Args:
        a: anything.

    Example:
        >>> from array import array
        >>> import tfjs_pyo as tf
        >>> tf.util.isTypedArray(array("f", [1, 2])), tf.util.isTypedArray([1, 2])
        (True, False)

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util.ts
    """
    return isinstance(a, (array, bytes, bytearray, memoryview)) or (
        hasattr(type(a), "__array_interface__") and bool(a.shape)
    )


@helper
def is_string(value: Any) -> bool:
    """Returns whether something is a text.

    Args:
        value: anything.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.isString("a"), tf.util.isString(b"a")
        (True, False)

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    return isinstance(value, str)


@helper
def is_boolean(value: Any) -> bool:
    """Returns whether something is True or False.

    Args:
        value: anything.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.isBoolean(True), tf.util.isBoolean(1)
        (True, False)

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    return isinstance(value, bool) or (
        getattr(getattr(value, "dtype", None), "kind", "") == "b" and not value.shape
    )


@helper
def is_number(value: Any) -> bool:
    """Returns whether something is a number, of Python or of NumPy.

    Args:
        value: anything.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.isNumber(2.5), tf.util.isNumber("2.5")
        (True, False)

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    if isinstance(value, (int, float)):
        return not isinstance(value, bool)
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    return bool(kind) and kind in "iuf" and not value.shape


@helper
def is_function(f: Any) -> bool:
    """Returns whether something can be called.

    Args:
        f: anything.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.isFunction(len), tf.util.isFunction("len")
        (True, False)

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    return callable(f)


@helper
def is_promise(object: Any) -> bool:
    """Returns whether something can be awaited.

    Args:
        object: anything.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> waiting = asyncio.sleep(0)
        >>> tf.util.isPromise(waiting), tf.util.isPromise(3)
        (True, False)
        >>> waiting.close()

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    return isawaitable(object)


@helper
def now() -> float:
    """Returns the time in milliseconds since some moment, for measuring.

    Example:
        >>> import tfjs_pyo as tf
        >>> start = tf.util.now()
        >>> tf.util.now() >= start
        True

    Source: https://js.tensorflow.org/api/latest/#util.now
    """
    return time.perf_counter() * 1000


class FetchResponse:
    """What a server answered, as fetch of browsers has it: the body is awaited.

    Attributes:
        status: number of HTTP.
        ok: whether it is a success.
        url: of the request.
    """

    def __init__(self, url: str, given: requests.Response) -> None:
        self.url = url
        self.status = given.status
        self.ok = given.ok
        self._content = given.content

    async def array_buffer(self) -> bytes:
        """Returns the body."""
        return self._content

    async def text(self) -> str:
        """Returns the body as text."""
        return self._content.decode()

    async def json(self) -> Any:
        """Returns the body read as JSON."""
        return json.loads(self._content)

    async def bytes(self) -> bytes:
        """Returns the body."""
        return self._content

    def __getattr__(self, name: str) -> Any:
        return naming.attribute(self, name)


@helper
async def fetch(path: str, request_inits: Mapping[str, Any] | None = None) -> FetchResponse:
    """Returns what a server answers; in the page by the browser's fetch.

    Args:
        path: address that begins with http:// or https://.
        request_inits: 'method', 'headers' and 'body' of the request.

    Returns:
        An answer with `status` and `ok`, whose `json()`, `text()` and `bytes()` are awaited.

    Raises:
        StorageError: no server answers.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> async def read():
        ...     answer = await tf.util.fetch("https://example.org/model.json")
        ...     return await answer.json()
        >>> model = asyncio.run(read())  # doctest: +SKIP

    Source: https://js.tensorflow.org/api/latest/#util.fetch
    """
    return FetchResponse(path, await requests.fetch(path, request_inits or {}))


@helper
def encode_string(s: str, encoding: str = "utf-8") -> bytes:
    r"""Returns a text as bytes.

    Args:
        s: text.
        encoding: 'utf-8', or another one that Python knows.

    Raises:
        OptionError: an unknown encoding.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.encodeString("ß")
        b'\xc3\x9f'

    Source: https://js.tensorflow.org/api/latest/#util.encodeString
    """
    try:
        return s.encode(encoding or "utf-8")
    except LookupError:
        raise OptionError(f"encode_string: expected a known encoding, received {encoding!r}.") from None


@helper
def decode_string(bytes: Any, encoding: str = "utf-8") -> str:
    """Returns bytes as a text; what is no character becomes U+FFFD.

    Args:
        bytes: bytes, or an array of numbers from 0 to 255.
        encoding: 'utf-8', or another one that Python knows.

    Raises:
        OptionError: an unknown encoding.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.decodeString(tf.util.encodeString("ß"))
        'ß'

    Source: https://js.tensorflow.org/api/latest/#util.decodeString
    """
    try:
        return bytearray(bytes).decode(encoding or "utf-8", "replace")
    except LookupError:
        raise OptionError(f"decode_string: expected a known encoding, received {encoding!r}.") from None


@helper
def hex_to_long(hex: str) -> int:
    """Returns the unsigned 64-bit integer that a text of hexadecimal digits stands for.

    Args:
        hex: up to 16 digits.

    Raises:
        OptionError: other characters than hexadecimal digits.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.hexToLong("ff"), tf.util.hexToLong("ffffffffffffffff") == 2**64 - 1
        (255, True)

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/hash_util.ts
    """
    try:
        return int(hex, 16)
    except ValueError:
        raise OptionError(f"hex_to_long: expected hexadecimal digits, received {hex!r}.") from None


@helper
def finger_print64(s: Any, len: int | None = None) -> int:
    """Returns FarmHash's fingerprint of bytes, an unsigned 64-bit integer.

    Args:
        s: bytes, an array of numbers from 0 to 255, or a text.
        len: how many of them count; default: all.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.fingerPrint64(b"abc")
        2640714258260161385

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/hash_util.ts
    """
    data = s.encode() if isinstance(s, str) else bytes(s)
    return fingerprint64(data[:len])


@helper
async def repeated_try(
    check_fn: Callable[[], Any],
    delay_fn: Callable[[int], float] | None = None,
    max_counter: int | None = None,
    schedule_fn: Callable[[Callable[[], None], float], Any] | None = None,
) -> None:
    """Calls a function until it returns something true.

    Args:
        check_fn: function without parameters.
        delay_fn: gives the milliseconds to wait after as many calls; default: none.
        max_counter: most calls.
        schedule_fn: calls a function after a delay in milliseconds, in place of the event loop.

    Raises:
        TfError: it did not within `max_counter` calls.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> answers = iter([False, False, True])
        >>> asyncio.run(tf.util.repeatedTry(lambda: next(answers)))
        >>> next(answers, "none left")
        'none left'

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    calls = 0
    while not check_fn():
        calls += 1
        delay = delay_fn(calls) if delay_fn is not None else 0
        if max_counter is not None and calls >= max_counter:
            raise TfError(f"repeated_try: the check failed {calls} times.")
        if schedule_fn is None:
            await asyncio.sleep(delay / 1000)
        else:
            called = asyncio.Event()
            schedule_fn(called.set, delay)
            await called.wait()
