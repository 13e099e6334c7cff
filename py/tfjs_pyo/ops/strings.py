"""Strings: they stay in Python; what moves elements about moves their codes, so that every such op takes strings too.

As in TensorFlow, a string is a row of bytes, UTF-8 where it is text. Elements are `str`, but for bytes that are no UTF-8.
"""

from __future__ import annotations

import itertools
import re
from array import array
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from tfjs_pyo import naming
from tfjs_pyo.core import engine, values
from tfjs_pyo.core.graph import Node, strings_node
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtypes import DType, as_bytes, as_element, promote
from tfjs_pyo.errors import DTypeError, OptionError, ShapeError
from tfjs_pyo.fingerprint import fingerprint64
from tfjs_pyo.later import Later
from tfjs_pyo.ops.conversions import RESHAPED
from tfjs_pyo.ops.convert import node_of, uploaded
from tfjs_pyo.ops.declare import FORMS
from tfjs_pyo.shapes import Shape
from tfjs_pyo.types import TensorLike

if TYPE_CHECKING:
    from tfjs_pyo import regex
else:
    regex = Later("tfjs_pyo.regex")

__all__ = ["static_regex_replace", "string_n_grams", "string_split", "string_to_hash_bucket_fast"]

MOVEMENT = (
    *RESHAPED,
    "broadcast_to",
    "concat",
    "expand_dims",
    "gather",
    "gather_nd",
    "index_node",
    "reshape",
    "reverse",
    "slice",
    "split",
    "squeeze",
    "stack",
    "strided_slice",
    "tile",
    "transpose",
    "unstack",
)

Text = str | bytes


class _Codes:
    """Numbers for the distinct strings of one call; 0, which indices out of range read, is the empty string."""

    def __init__(self) -> None:
        self.numbers: dict[bytes, int] = {b"": 0}

    def encode(self, value: Any) -> Any:
        """Returns int32 codes for a node of strings, also inside lists; anything else as it is."""
        if isinstance(value, (list, tuple)):
            return type(value)(self.encode(item) for item in value)
        if type(value) is not Node or value.dtype != "string":
            return value
        codes = array(
            "i", [self.numbers.setdefault(as_bytes(text), len(self.numbers)) for text in value.attrs]
        )
        return engine.upload(codes, value.shape, "int32")

    def decode(self, result: Any) -> Any:
        """Returns the strings for a node of codes, also inside lists."""
        if isinstance(result, (list, tuple)):
            return type(result)(map(self.decode, result))
        texts = [as_element(content) for content in self.numbers]
        return strings_node([texts[code] for code in values.read(result)], result.shape)


def _moved(body: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    for value in (*args, *kwargs.values()):
        if isinstance(value, (list, tuple)):  # what is joined
            promote(*[item.dtype for item in value if type(item) is Node] or ["string"])
    codes = _Codes()
    return codes.decode(body(*map(codes.encode, args), **{k: codes.encode(v) for k, v in kwargs.items()}))


def _chosen(body: Callable[..., Any], condition: Node, a: Node, b: Node) -> Any:
    promote(a.dtype, b.dtype)
    if condition.dtype == "string":
        raise DTypeError("where: expected `condition` to be bool, received string.")
    return _moved(body, condition, a, b)


def _dense(
    body: Callable[..., Any], indices: Node, values_: Node, shape: Node, default: Node | None = None
) -> Any:
    default = strings_node([""], ()) if default is None else default
    promote(values_.dtype, default.dtype)
    return _moved(body, indices, values_, shape, default)


def _compared(body: Callable[..., Any], a: Node, b: Node) -> Node:
    promote(a.dtype, b.dtype)  # both are strings, or it says so
    codes = _Codes()
    result: Node = body(codes.encode(a), codes.encode(b))
    return result


def _ordered(body: Callable[..., Any], a: Node, b: Node) -> Node:
    """Compares the places of strings in the order of their characters."""
    promote(a.dtype, b.dtype)
    places = {text: place for place, text in enumerate(sorted({*a.attrs, *b.attrs}, key=_as_text))}
    coded = (engine.upload(array("i", [places[t] for t in x.attrs]), x.shape, "int32") for x in (a, b))
    result: Node = body(*coded)
    return result


def _cast(_body: Callable[..., Any], x: Node, dtype: str) -> Node:
    if dtype != "string":
        raise DTypeError(f"cast: expected strings to stay strings, received the dtype {dtype!r} for them.")
    return x


FORMS["string"].update(
    {
        **dict.fromkeys(MOVEMENT, _moved),
        "sparse_to_dense": _dense,
        "where": _chosen,
        "cast": _cast,
        "clone": lambda _body, x: x,
        **dict.fromkeys(("equal", "not_equal"), _compared),
        **dict.fromkeys(("greater", "greater_equal", "less", "less_equal"), _ordered),
        "zeros_like": lambda _body, x: strings_node([""] * x.size, x.shape),
    }
)


# tf.string


def _texts(values: Any, owner: str, parameter: str) -> Tensor:
    node = node_of(values, owner)
    if node.dtype != "string":
        raise DTypeError(f"{owner}: expected `{parameter}` to be strings, received {node.dtype}.")
    return Tensor(node)


def _tensor(values: Sequence[Any], shape: Shape, dtype: DType) -> Tensor:
    return Tensor(uploaded(values, shape, dtype, "string"))


def _as_text(value: Text) -> str:
    return value if isinstance(value, str) else value.decode(errors="surrogateescape")


@naming.bridge
def static_regex_replace(input: Any, pattern: str, rewrite: str, replace_global: bool = True) -> Tensor:
    r"""Returns strings with what a regular expression finds replaced.

    It takes time that grows with the texts, whatever the pattern is.

    Args:
        input: strings of any shape.
        pattern: regular expression in RE2's syntax, which is TensorFlow's: without lookahead, lookbehind and references to
            groups; `\w`, `\d`, `\s` and `\b` are those of ASCII.
        rewrite: what comes in its place; `$1` stands for the first group, `$&` for all that was found, as in JavaScript.
        replace_global: whether all finds are replaced, or only the first of each string.

    Raises:
        DTypeError: `input` is not strings.
        OptionError: the pattern is no regular expression of RE2, or too large; or the texts are, or the result would be.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.string.staticRegexReplace(["a1b22"], "[0-9]+", "-")
        Tensor
            ['a-b-']

    Source: https://js.tensorflow.org/api/latest/#string.staticRegexReplace
    """
    texts = _texts(input, "static_regex_replace", "input")
    try:
        expression = regex.Pattern(pattern)
        parts = _rewrite_parts(rewrite, expression.groups)
        left = _MOST_CHARACTERS
        found = []
        given = [_as_text(text) for text in texts.data_sync()]
        if sum(map(len, given)) > _MOST_SEARCHED:
            raise OptionError(
                f"static_regex_replace: expected texts of at most {_MOST_SEARCHED} characters together, received more. Give them "
                "in parts."
            )
        for text in given:
            found.append(_replaced(text, expression, parts, replace_global, left))
            left -= len(found[-1])
    except regex.PatternError as error:
        raise OptionError(
            f"static_regex_replace: expected a regular expression of RE2, received {pattern!r:.80}: {error}."
        ) from None
    return _tensor([as_element(as_bytes(text)) for text in found], texts.shape, "string")


_MOST_CHARACTERS = 2**28
"""How many characters an op may make of what it is given."""
_MOST_SEARCHED = 2**22
"""How many characters are searched at once: some seconds, in which nobody else has a turn."""
_MOST_PIECES = 2**24


def require_characters(owner: str, count: int, left: int) -> None:
    """Raises OptionError where an op makes more characters than are left to it."""
    if count > left:
        raise OptionError(
            f"{owner}: expected a result of at most {_MOST_CHARACTERS} characters, but there would be more."
        )


def _replaced(
    text: str, expression: regex.Pattern, parts: Sequence[str | int], everywhere: bool, most: int
) -> str:
    """Returns a text with what is found in it replaced."""
    made: list[str] = []
    end = size = 0
    for spans in expression.matches(text):
        new = [
            part if isinstance(part, str) else text[spans[2 * part] or 0 : spans[2 * part + 1] or 0]
            for part in parts
        ]
        made += [text[end : spans[0]], *new]
        size += sum(map(len, new))
        require_characters("static_regex_replace", size, most)
        _require_pieces("static_regex_replace", len(made))
        end = spans[1] or 0
        if not everywhere:
            break
    return "".join([*made, text[end:]])


def _require_pieces(owner: str, count: int) -> None:
    if count > _MOST_PIECES:
        raise OptionError(
            f"{owner}: expected a result of at most {_MOST_PIECES} pieces, but there would be more."
        )


def _rewrite_parts(rewrite: str, groups: int) -> list[str | int]:
    """Returns JavaScript's replacement text as texts and numbers of groups; `$12` is `$1` and a 2 where groups are fewer."""
    parts: list[str | int] = []
    end = 0
    for found in re.finditer(r"\$(?:(\$)|(&)|([0-9]{1,2}))", rewrite):
        parts.append(rewrite[end : found.start()])
        end = found.end()
        if found[1]:
            parts.append("$")
        elif found[2]:
            parts.append(0)
        else:
            digits = next((part for part in (found[3], found[3][:1]) if 1 <= int(part) <= groups), None)
            parts.append(int(digits) if digits is not None else found[0])
            end -= len(found[3]) - len(digits) if digits is not None else 0
    return [part for part in (*parts, rewrite[end:]) if part != ""]


@naming.bridge
def string_split(input: Any, delimiter: Any, skip_empty: bool = True) -> dict[str, Tensor]:
    """Returns the parts of strings as a sparse matrix, a row for each string.

    Args:
        input: vector of strings.
        delimiter: a string of which every byte separates; the empty one splits into bytes, as in TensorFlow: those of a
            character beyond ASCII become elements of type `bytes`.
        skip_empty: whether empty parts are left out.

    Returns:
        `indices`: int32 of shape [parts, 2], row and place of each part; `values`: the parts; `shape`: int32, rows and the
        most parts of one.

    Raises:
        ShapeError: `input` is no vector, or `delimiter` no scalar.
        DTypeError: one of them is not strings.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.string.stringSplit(["a b", "c"], " ")["values"]
        Tensor
            ['a', 'b', 'c']

    Source: https://js.tensorflow.org/api/latest/#string.stringSplit
    """
    texts, marks = _texts(input, "string_split", "input"), _texts(delimiter, "string_split", "delimiter")
    if texts.rank != 1 or marks.rank != 0:
        raise ShapeError(
            f"string_split: expected a vector and a scalar, received shapes {texts.shape} and {marks.shape}."
        )
    rows = [_parts(as_bytes(text), as_bytes(marks.item()), skip_empty) for text in texts.data_sync()]
    indices = [
        place for row, parts in enumerate(rows) for column in range(len(parts)) for place in (row, column)
    ]
    values = [part for parts in rows for part in parts]
    return {
        "indices": _tensor(indices, (len(values), 2), "int32"),
        "values": _tensor(values, (len(values),), "string"),
        "shape": _tensor([len(rows), max(map(len, rows), default=0)], (2,), "int32"),
    }


def _parts(text: bytes, delimiter: bytes, skip_empty: bool) -> list[Text]:
    if not text:
        return []
    parts = (
        re.split(b"[" + re.escape(delimiter) + b"]", text)
        if delimiter
        else [text[place : place + 1] for place in range(len(text))]
    )
    return [as_element(part) for part in parts if part or not skip_empty]


@naming.bridge
def string_to_hash_bucket_fast(input: Any, num_buckets: int) -> Tensor:
    """Returns a bucket for each string: its FarmHash fingerprint modulo their number, the same everywhere.

    Args:
        input: strings of any shape.
        num_buckets: a positive integer.

    Returns:
        int32 of the same shape.

    Raises:
        DTypeError: `input` is not strings.
        OptionError: the number of buckets is not positive.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.string.stringToHashBucketFast(["Hello", "TensorFlow"], 3)
        Tensor
            [0, 2]

    Source: https://js.tensorflow.org/api/latest/#string.stringToHashBucketFast
    """
    if num_buckets < 1:
        raise OptionError(
            f"string_to_hash_bucket_fast: expected num_buckets to be positive, received {num_buckets}."
        )
    texts = _texts(input, "string_to_hash_bucket_fast", "input")
    buckets = [fingerprint64(as_bytes(text)) % num_buckets for text in texts.data_sync()]
    return _tensor(buckets, texts.shape, "int32")


@naming.bridge
def string_n_grams(
    data: Any,
    data_splits: TensorLike,
    separator: str,
    n_gram_widths: Sequence[int],
    left_pad: str,
    right_pad: str,
    pad_width: int,
    preserve_short_sequences: bool,
) -> dict[str, Tensor]:
    """Returns n-grams: runs of neighbouring strings of each row of a ragged tensor, joined.

    Args:
        data: vector of the strings of all rows, one after the other.
        data_splits: int32 vector: where each row begins, and last where the last one ends.
        separator: stands between the strings of an n-gram.
        n_gram_widths: how many strings an n-gram has; all widths are made.
        left_pad, right_pad: stand before and after a row, `pad_width` times.
        pad_width: at most one less than a width counts; -1: just that.
        preserve_short_sequences: whether a row too short for any n-gram becomes one of its own.

    Returns:
        `nGrams`: vector of strings; `nGramsSplits`: int32, as `data_splits`.

    Raises:
        OptionError: the splits do not rise from 0 to the number of strings, a width is below 1, or the n-grams would be too
            large.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.string.stringNGrams(["a", "b"], tf.tensor1d([0, 2], "int32"), "|", [2], "<", ">", -1, False)["nGrams"]
        Tensor
            ['<|a', 'a|b', 'b|>']

    Source: https://js.tensorflow.org/api/latest/#string.stringNGrams
    """
    texts = [_as_text(text) for text in _texts(data, "string_n_grams", "data").data_sync()]
    splits = [int(place) for place in Tensor(node_of(data_splits, "string_n_grams", "int32")).data_sync()]
    if splits and (splits[0] != 0 or splits[-1] != len(texts) or sorted(splits) != splits):
        raise OptionError(
            f"string_n_grams: expected splits that rise from 0 to {len(texts)}, received {splits}."
        )
    widths = [int(width) for width in n_gram_widths]
    if any(width < 1 for width in widths):
        raise OptionError(f"string_n_grams: expected widths from 1, received {widths!s:.80}.")
    grams: list[str] = []
    ends = [0] * min(1, len(splits))
    left = _MOST_CHARACTERS
    for begin, end in itertools.pairwise(splits):
        row = texts[begin:end]
        made: list[str] = []
        for width in widths:
            pad = width - 1 if pad_width < 0 else min(pad_width, width - 1)
            made += _n_grams(row, width, pad, (separator, left_pad, right_pad), left - sum(map(len, made)))
        if not made and preserve_short_sequences and row:
            pad = max(pad_width, 0)
            made = _n_grams(row, len(row) + 2 * pad, pad, (separator, left_pad, right_pad), left)
        left -= sum(map(len, made))
        grams += made
        ends.append(len(grams))
    return {
        "nGrams": _tensor([as_element(as_bytes(gram)) for gram in grams], (len(grams),), "string"),
        "nGramsSplits": _tensor(ends, (len(ends),), "int32"),
    }


def _n_grams(row: list[str], width: int, pad: int, marks: tuple[str, str, str], most: int) -> list[str]:
    """Returns the n-grams of one width; a pad beside nothing but pads would not be one.

    Args:
        row: the strings of a row.
        width: how many strings an n-gram has.
        pad: how many pads stand before the row and after it.
        marks: the separator, and the pads before and after.
        most: how many characters all of them may have.
    """
    separator, left_pad, right_pad = marks
    count = len(row) + 2 * pad - width + 1
    if count < 1:
        return []
    _require_pieces("string_n_grams", count * width)
    padded = [left_pad] * pad + row + [right_pad] * pad
    lengths = [0, *itertools.accumulate(map(len, padded))]
    size = sum(lengths[i + width] - lengths[i] for i in range(count)) + count * (width - 1) * len(separator)
    require_characters("string_n_grams", size, most)
    return [separator.join(padded[i : i + width]) for i in range(count)]


__getattr__, __dir__ = naming.module_names(__name__, spelled=True)
