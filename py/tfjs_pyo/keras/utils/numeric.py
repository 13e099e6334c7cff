"""Arrays that programs make ready for training: one-hot rows, unit norms, sequences of one length. All give NumPy's arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tfjs_pyo import ops, options
from tfjs_pyo.core import engine
from tfjs_pyo.core.rng import set_seed
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, DTypeError, OptionError, RangeError, ShapeError
from tfjs_pyo.keras import random
from tfjs_pyo.keras.arrays import array_of
from tfjs_pyo.keras.ops import neural
from tfjs_pyo.rules import check_public
from tfjs_pyo.shapes import MAX_ELEMENTS, check_elements
from tfjs_pyo.types import NDArray


def set_random_seed(seed: int) -> None:
    """Makes everything random that follows reproducible: Python's, NumPy's and this package's.

    Args:
        seed: whole number of 0 or more.

    Raises:
        OptionError: no whole number of 0 or more.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.utils.set_random_seed(1)
        >>> first = keras.random.uniform([3]).tolist()
        >>> keras.utils.set_random_seed(1)
        >>> keras.random.uniform([3]).tolist() == first
        True

    Source: https://keras.io/api/utils/python_utils/#set_random_seed-function
    """
    if seed < 0:
        raise OptionError(f"set_random_seed: expected a whole number of 0 or more, received {seed}.")
    random.seed_python(seed)
    set_seed(seed)


def to_categorical(x: Any, num_classes: int | None = None) -> Any:
    """Returns one-hot rows for class numbers.

    Args:
        x: whole numbers of any shape; a last axis of length 1 is left out.
        num_classes: number of classes; default: the largest number plus 1.

    Returns:
        An array of float64; for a tensor a float32 tensor.

    Raises:
        RangeError: a number that is no class.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.utils.to_categorical([0, 2]).tolist()
        [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]

    Source: https://keras.io/api/utils/python_utils/#to_categorical-function
    """
    if isinstance(x, Tensor):
        return _one_hot(x, num_classes)
    np = engine.import_numpy("to_categorical")
    classes = array_of("to_categorical", "x", x).astype("int64")
    shape = classes.shape[:-1] if classes.ndim > 1 and classes.shape[-1] == 1 else classes.shape
    flat = classes.reshape(-1)
    count = int(num_classes or (flat.max() + 1 if flat.size else 0))
    check_elements("to_categorical", (flat.size, max(count, 0)))
    if flat.size and not (-count <= flat.min() and flat.max() < count):
        raise RangeError(
            f"to_categorical: expected class numbers below {count}, received {flat.min()} to {flat.max()}. Pass "
            "`num_classes`, or count classes from 0."
        )
    rows = np.zeros((flat.size, count))
    rows[np.arange(flat.size), flat] = 1
    return rows.reshape((*shape, count))


def _one_hot(x: Tensor, num_classes: int | None) -> Any:
    if x.rank > 1 and x.shape[-1] == 1:
        x = ops.squeeze(x, -1)
    if num_classes is None:
        largest = options.real(ops.max(x).item()) if x.size and x.dtype != "complex64" else None
        if largest is None or not 0 <= largest <= MAX_ELEMENTS:
            raise RangeError(f"to_categorical: expected class numbers, received {options.shown(x)}.")
        num_classes = int(largest) + 1
    return neural.one_hot(x, num_classes)


def normalize(x: Any, axis: int = -1, order: int = 2) -> Any:
    """Returns numbers divided by their norm along an axis; rows of zeros stay.

    Args:
        x: an array, for which an array comes back; for anything else a tensor does.
        axis: along which.
        order: of the norm.

    Example:
        >>> import numpy as np
        >>> from tfjs_pyo import keras
        >>> keras.utils.normalize(np.array([[3.0, 4.0]])).tolist()
        [[0.6, 0.8]]

    Source: https://keras.io/api/utils/python_utils/#normalize-function
    """
    np = engine.import_numpy("normalize")
    if not isinstance(x, np.ndarray):
        return neural.normalize(x, axis, order)
    values = x
    norm = np.atleast_1d(np.linalg.norm(values, order, axis))
    norm[norm == 0] = 1
    return values / np.expand_dims(norm, axis)


def pad_sequences(
    sequences: Sequence[Any],
    maxlen: int | None = None,
    dtype: str = "int32",
    padding: str = "pre",
    truncating: str = "pre",
    value: Any = 0.0,
) -> NDArray:
    """Returns sequences as one array, filled up or cut to one length.

    Args:
        sequences: lists of numbers, or of lists of numbers.
        maxlen: the length; default: that of the longest.
        dtype: of the result.
        padding, truncating: whether this happens at the beginning ('pre') or at the end ('post').
        value: what they are filled up with.

    Raises:
        OptionError: an option with another value.
        ShapeError: elements of different shapes.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.utils.pad_sequences([[1], [2, 3]]).tolist()
        [[0, 1], [2, 3]]

    Source: https://keras.io/api/data_loading/timeseries/#pad_sequences-function
    """
    if isinstance(sequences, (str, bytes)) or not hasattr(sequences, "__len__"):
        raise ArgumentError(f"pad_sequences: expected a list of lists, received {options.shown(sequences)}.")
    for name, where in (("padding", padding), ("truncating", truncating)):
        if where not in ("pre", "post"):
            raise OptionError(f"pad_sequences: expected `{name}` to be 'pre' or 'post', received {where!r}.")
    np = engine.import_numpy("pad_sequences")
    try:
        kind = np.dtype(dtype)
    except TypeError:
        raise DTypeError(f"pad_sequences: expected a dtype of NumPy's, received {dtype!r}.") from None
    lengths = [_length(each) for each in sequences]
    longest = max(lengths, default=0) if maxlen is None else maxlen
    if longest < 0:
        raise OptionError(f"pad_sequences: expected `maxlen` of 0 or more, received {longest}.")
    filled = [_elements(np, each, kind) for each, length in zip(sequences, lengths, strict=True) if length]
    inner = filled[0].shape[1:] if filled else ()
    check_elements("pad_sequences", (len(lengths), longest, *inner))
    if kind.kind not in "OUS" and options.real(value) is None and not isinstance(value, bool):
        raise OptionError(
            f"pad_sequences: expected `value` to be a number for dtype {dtype!r}, received {options.shown(value)}."
        )
    try:
        result = np.full((len(lengths), longest, *inner), value, dtype=kind)
    except (OverflowError, ValueError, TypeError):
        raise OptionError(
            f"pad_sequences: expected a `value` that {dtype!r} holds, received {options.shown(value)}."
        ) from None
    for row, (sequence, length) in enumerate(zip(sequences, lengths, strict=True)):
        if not length or not longest:
            continue
        whole = _elements(np, sequence, kind)
        kept = whole[-longest:] if truncating == "pre" else whole[:longest]
        if kept.shape[1:] != inner:
            raise ShapeError(
                f"pad_sequences: expected elements of shape {inner}, received {kept.shape[1:]} in sequence {row}."
            )
        at = slice(len(kept)) if padding == "post" else slice(longest - len(kept), longest)
        result[row, at] = kept
    return result


def _length(sequence: Any) -> int:
    if isinstance(sequence, Mapping) or not hasattr(sequence, "__len__"):
        raise ShapeError(f"pad_sequences: expected lists of elements, received {options.shown(sequence)}.")
    return len(sequence)


def _elements(np: Any, sequence: Any, kind: Any) -> Any:
    try:
        return np.asarray(sequence if kind.kind in "OUS" else list(sequence), dtype=kind)
    except (OverflowError, TypeError, ValueError):
        raise ShapeError(
            f"pad_sequences: expected elements of one shape that {kind} holds, received {options.shown(sequence)}."
        ) from None


__all__ = ["normalize", "pad_sequences", "set_random_seed", "to_categorical"]
check_public(globals())
