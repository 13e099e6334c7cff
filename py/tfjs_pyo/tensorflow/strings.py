"""`tf.strings`: what programs do to texts before they become numbers, such as in a TextVectorization's own standardization."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core import engine
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import DTypeError, OptionError, ShapeError
from tfjs_pyo.ops import strings as string_ops
from tfjs_pyo.tensorflow.functions import constant


def _texts(owner: str, input: Any) -> tuple[list[str], Any]:
    """Returns the strings of a tensor in one list, and its shape."""
    tensor = input if isinstance(input, Tensor) else ops.tensor(input)
    if tensor.dtype != "string":
        raise DTypeError(f"tf.strings.{owner}: expected strings, received {tensor.dtype}.")
    flat = ops.reshape(tensor, [-1]).array_sync()
    return list(flat), tensor.shape


def _each(owner: str, function: Callable[[str], str], input: Any) -> Tensor:
    texts, shape = _texts(owner, input)
    return ops.tensor([function(text) for text in texts], shape, "string")


def lower(input: Any) -> Tensor:
    """Returns texts in small letters."""
    return _each("lower", str.lower, input)


def upper(input: Any) -> Tensor:
    """Returns texts in capital letters."""
    return _each("upper", str.upper, input)


def strip(input: Any) -> Tensor:
    """Returns texts without white space around them."""
    return _each("strip", str.strip, input)


def substr(input: Any, pos: int, len: int) -> Tensor:
    """Returns parts of texts."""
    return _each("substr", lambda text: text[pos:][:len], input)


def regex_replace(input: Any, pattern: str, rewrite: str, replace_global: bool = True) -> Tensor:
    r"""Returns texts with what a regular expression, in RE2's syntax, finds replaced; `\1` stands for the first group."""
    tensor = input if isinstance(input, Tensor) else ops.tensor(input)
    groups = {"0": "$&", "\\": "\\"}
    in_javascript = re.sub(
        r"\\([\d\\])", lambda found: groups.get(found[1], f"${found[1]}"), rewrite.replace("$", "$$")
    )
    return string_ops.static_regex_replace(tensor, pattern, in_javascript, replace_global)


def length(input: Any, unit: str = "BYTE") -> Tensor:
    """Returns how many bytes, or characters, texts have."""
    texts, shape = _texts("length", input)
    counts = [len(text.encode()) if unit == "BYTE" else len(text) for text in texts]
    return ops.tensor(counts, shape, "int32")


def join(inputs: Sequence[Any], separator: str = "") -> Tensor:
    """Returns texts of several tensors put together, element by element; a single text goes with each."""
    columns = [_texts("join", each) for each in inputs]
    shape = max((shape for _, shape in columns), key=len)
    count = max(len(texts) for texts, _ in columns)
    rows = [texts * count if len(texts) == 1 else texts for texts, _ in columns]
    return ops.tensor([separator.join(row) for row in zip(*rows, strict=True)], shape, "string")


def to_number(input: Any, out_type: str = "float32") -> Tensor:
    """Returns the numbers that texts spell."""
    texts, shape = _texts("to_number", input)
    return ops.tensor(
        [float(text) for text in texts], shape, "int32" if out_type.startswith("int") else "float32"
    )


def as_string(
    input: Any,
    precision: int = -1,
    scientific: bool = False,
    shortest: bool = False,
    width: int = -1,
    fill: str = "",
) -> Tensor:
    """Returns numbers as texts, as C's printf writes them.

    Args:
        input: numbers or truth values.
        precision: digits after the point; default: six.
        scientific, shortest: whether floats are written with an exponent, or in the shorter form.
        width: least number of characters, filled up by blanks at the left.
        fill: '0' for zeros in their place, '-' for blanks at the right.
    """
    tensor = constant(input)
    flat = ops.reshape(tensor, [-1]).array_sync()
    digits = f".{precision}" if precision >= 0 else ""
    form = f"{digits}{'e' if scientific else 'g' if shortest else 'f'}" if tensor.dtype == "float32" else ""
    texts = [format(number, form) if not isinstance(number, bool) else str(number).lower() for number in flat]
    if width > 0:
        texts = [
            text.ljust(width) if fill == "-" else text.zfill(width) if fill == "0" else text.rjust(width)
            for text in texts
        ]
    return ops.tensor(texts, tensor.shape, "string")


def _separated(owner: str, input: Any, parts: Callable[[str], list[str]]) -> Tensor:
    """Returns the parts of texts along a new axis; as many of each text, since rows of other lengths are no tensor."""
    texts, shape = _texts(owner, input)
    rows = [parts(text) for text in texts]
    counts = {len(row) for row in rows}
    if len(counts) > 1:
        raise ShapeError(
            f"tf.strings.{owner}: expected texts with as many parts each, received {min(counts)} to {max(counts)}, which "
            "TensorFlow gives as a RaggedTensor. Take one text at a time, as in dataset.map before batch."
        )
    count = counts.pop() if counts else 0
    return ops.tensor([part for row in rows for part in row], [*shape, count], "string")


def split(input: Any, sep: str | None = None, maxsplit: int = -1) -> Tensor:
    """Returns the parts of texts between separators, or between white space."""
    return _separated("split", input, lambda text: text.split(sep or None, maxsplit))


def unicode_split(input: Any, input_encoding: str = "UTF-8") -> Tensor:
    """Returns the characters of texts.

    Args:
        input: strings of as many characters each.
        input_encoding: 'UTF-8'.

    Raises:
        OptionError: another encoding.
        ShapeError: strings of different lengths.
    """
    if input_encoding.upper().replace("-", "") != "UTF8":
        raise OptionError(f"tf.strings.unicode_split: expected 'UTF-8', received {input_encoding!r}.")
    return _separated("unicode_split", input, list)


def reduce_join(inputs: Any, axis: Any = None, keepdims: bool = False, separator: str = "") -> Tensor:
    """Returns texts put together along an axis, or all of them."""
    np = engine.import_numpy("tf.strings.reduce_join")
    texts, shape = _texts("reduce_join", inputs)
    table = np.array(texts, dtype=object).reshape(shape)
    axes = [axis] if isinstance(axis, int) else axis or ()  # the first one named is joined first
    order = (
        [each % len(shape) for each in reversed(list(axes))] if axis is not None else list(range(len(shape)))
    )
    kept = [each for each in range(len(shape)) if each not in order]
    rows = table.transpose([*kept, *order]).reshape(int(np.prod([shape[each] for each in kept])), -1)
    made = (
        [1 if each in order else size for each, size in enumerate(shape)]
        if keepdims
        else [shape[i] for i in kept]
    )
    return ops.tensor([separator.join(row) for row in rows], made, "string")
