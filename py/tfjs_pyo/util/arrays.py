"""Helpers for lists and arrays: shuffling, comparing, flattening, and some numbers."""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import Mapping, MutableSequence
from typing import Any

from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError
from tfjs_pyo.util.programs import helper, is_typed_array


def _check_mutable(owner: str, value: Any) -> None:
    if isinstance(value, Tensor) or not (isinstance(value, MutableSequence) or hasattr(value, "__setitem__")):
        raise ArgumentError(
            f"{owner}: expected a list or an array, whose items can be set, received {type(value).__name__}. "
            "Shuffle a tensor with tf.gather(x, tf.util.createShuffledIndices(n))."
        )


@helper
def shuffle(array: Any) -> None:
    """Shuffles a list or an array in place; `random.seed` of Python makes it repeatable.

    Args:
        array: list, array or NumPy array (along its first axis).

    Raises:
        ArgumentError: its items cannot be set.

    Example:
        >>> import tfjs_pyo as tf
        >>> a = [1, 2, 3, 4]
        >>> tf.util.shuffle(a)
        >>> sorted(a)
        [1, 2, 3, 4]

    Source: https://js.tensorflow.org/api/latest/#util.shuffle
    """
    _check_mutable("shuffle", array)
    _shuffle([array])


@helper
def shuffle_combo(array: Any, array2: Any) -> None:
    """Shuffles two lists or arrays in place, both in the same order.

    Args:
        array, array2: lists, arrays or NumPy arrays of one length.

    Raises:
        ShapeError: their lengths differ.
        ArgumentError: their items cannot be set.

    Example:
        >>> import tfjs_pyo as tf
        >>> a, b = [1, 2, 3], [10, 20, 30]
        >>> tf.util.shuffleCombo(a, b)
        >>> [10 * x for x in a] == b
        True

    Source: https://js.tensorflow.org/api/latest/#util.shuffleCombo
    """
    _check_mutable("shuffle_combo", array)
    _check_mutable("shuffle_combo", array2)
    if len(array) != len(array2):
        raise ShapeError(
            f"shuffle_combo: expected arrays of one length, received {len(array)} and {len(array2)} items."
        )
    _shuffle([array, array2])


def _shuffle(arrays: list[Any]) -> None:
    """Shuffles arrays of one length together."""
    for last in range(len(arrays[0]) - 1, 0, -1):
        other = random.randrange(last + 1)  # noqa: S311 (no secret)
        for each in arrays:
            swap(each, last, other)


@helper
def create_shuffled_indices(n: int) -> array[int]:
    """Returns the numbers from 0 to n - 1 in a random order.

    Args:
        n: how many.

    Returns:
        An `array.array` of unsigned integers, which `tf.gather` and NumPy take as indices.

    Example:
        >>> import tfjs_pyo as tf
        >>> sorted(tf.util.createShuffledIndices(4))
        [0, 1, 2, 3]

    Source: https://js.tensorflow.org/api/latest/#util.createShuffledIndices
    """
    indices = array("I", range(n))
    _shuffle([indices])
    return indices


@helper
def swap(object: Any, left: Any, right: Any) -> None:
    """Swaps two items of a list, an array or a mapping.

    Args:
        object: whose items are swapped, in place.
        left, right: their indices or keys.

    Example:
        >>> import tfjs_pyo as tf
        >>> numbers = [1, 2, 3]
        >>> tf.util.swap(numbers, 0, 2)
        >>> numbers
        [3, 2, 1]

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    first, second = object[left], object[right]
    if hasattr(first, "copy") and hasattr(type(first), "__array_interface__"):
        first = first.copy()  # a row of a NumPy array is a view, which the next line would overwrite
    object[left] = second
    object[right] = first


@helper
def flatten(arr: Any, result: list[Any] | None = None, skip_typed_array: bool = False) -> list[Any]:
    """Returns the items of nested lists in one list, whatever the depth.

    Args:
        arr: lists, tuples and arrays in each other, or a single item. Of a mapping the values of the keys 0, 1, 2, ... count.
        result: list to append to.
        skip_typed_array: whether arrays of numbers (`array.array`, bytes, NumPy) count as items.

    Returns:
        `result`, or a new list.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.flatten([[1, 2], [3, 4], [5, [6, [7]]]])
        [1, 2, 3, 4, 5, 6, 7]

    Source: https://js.tensorflow.org/api/latest/#util.flatten
    """
    found: list[Any] = [] if result is None else result
    if is_typed_array(arr):
        if skip_typed_array:
            found.append(arr)
        elif hasattr(arr, "reshape"):
            found.extend(arr.reshape(-1).tolist())
        else:
            found.extend(arr)
    elif isinstance(arr, (list, tuple, range)):
        for item in arr:
            flatten(item, found, skip_typed_array)
    elif isinstance(arr, Mapping):
        places = {int(key): value for key, value in arr.items() if str(key).isdecimal()}
        for place in range(max(places, default=-1) + 1):
            flatten(places.get(place), found, skip_typed_array)
    else:
        found.append(arr)
    return found


@helper
def clamp(min: Any, x: Any, max: Any) -> Any:
    """Returns a number limited to a range; NaN stays.

    Args:
        min: lower bound.
        x: the number.
        max: upper bound.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.clamp(0, 7, 5)
        5

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    if math.isnan(x) or min <= x <= max:
        return x
    return min if x < min or max < min else max


@helper
def nearest_larger_even(val: int) -> int:
    """Returns the number if it is even, else the next one.

    Args:
        val: whole number.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.nearestLargerEven(3), tf.util.nearestLargerEven(4)
        (4, 4)

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    return val if val % 2 == 0 else val + 1


@helper
def sum_(arr: Any) -> Any:
    """Returns the sum of numbers.

    Args:
        arr: list or array of numbers.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.sum([1, 2, 3])
        6

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    total: Any = 0
    for item in arr:
        total += item
    return total


@helper
def rand_uniform(a: float, b: float) -> float:
    """Returns a random number between two others.

    Args:
        a: lower bound.
        b: upper bound, not reached.

    Example:
        >>> import tfjs_pyo as tf
        >>> 2 <= tf.util.randUniform(2, 3) < 3
        True

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    r = random.random()  # noqa: S311 (no secret)
    return b * r + (1 - r) * a


@helper
def dist_squared(a: Any, b: Any) -> float:
    """Returns the squared Euclidean distance of two vectors.

    Args:
        a, b: lists or arrays of numbers, of one length.

    Raises:
        ShapeError: their lengths differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.distSquared([0, 0], [3, 4])
        25.0

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    if len(a) != len(b):
        raise ShapeError(f"dist_squared: expected vectors of one length, received {len(a)} and {len(b)}.")
    return math.fsum((float(x) - float(y)) ** 2 for x, y in zip(a, b, strict=True))


@helper
def arrays_equal(n1: Any, n2: Any) -> bool:
    """Returns whether two lists or arrays have the same items; None equals only None.

    Args:
        n1, n2: lists, tuples or arrays.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.arraysEqual([1, 2], (1, 2)), tf.util.arraysEqual([1, 2], [1, 3])
        (True, False)

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    if n1 is n2:
        return True
    if n1 is None or n2 is None or len(n1) != len(n2):
        return False
    return all(bool(x == y) for x, y in zip(n1, n2, strict=True))


@helper
def arrays_equal_with_null(n1: Any, n2: Any) -> bool:
    """Returns whether two shapes fit each other, where None fits every dimension.

    Args:
        n1, n2: lists of numbers and None.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.arraysEqualWithNull([None, 3], [2, 3]), tf.util.arraysEqualWithNull([None, 3], [2, 4])
        (True, False)

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    if n1 is n2:
        return True
    if n1 is None or n2 is None or len(n1) != len(n2):
        return False
    return all(x is None or y is None or x == y for x, y in zip(n1, n2, strict=True))


@helper
def is_int(a: float) -> bool:
    """Returns whether a number is whole.

    Args:
        a: number.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.isInt(2.0), tf.util.isInt(2.5)
        (True, False)

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    return math.isfinite(a) and a % 1 == 0


@helper
def tanh_(x: float) -> float:
    """Returns the hyperbolic tangent of a number.

    Args:
        x: number.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.tanh(0.0), round(tf.util.tanh(1.0), 4)
        (0.0, 0.7616)

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    return math.tanh(x)


@helper
def right_pad(a: str, size: int) -> str:
    """Returns a text with spaces behind it up to a length.

    Args:
        a: text.
        size: least length.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.rightPad("ab", 4)
        'ab  '

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    return a.ljust(size)


@helper
def nearest_divisor(size: int, start: int) -> int:
    """Returns the first number from `start` on that divides `size`.

    Args:
        size: what is divided.
        start: where the search begins, 1 or more.

    Raises:
        OptionError: `start` is 0 or less.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.nearestDivisor(12, 5)
        6

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    if start < 1:
        raise OptionError(f"nearest_divisor: expected `start` to be 1 or more, received {start}.")
    return next((i for i in range(start, size) if size % i == 0), size)
