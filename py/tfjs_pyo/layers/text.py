"""Text as numbers: standardized, split into tokens, looked up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from tfjs_pyo import naming, ops, options
from tfjs_pyo.config import Order, choice, field, keras_field, positive_int, unsupported
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError
from tfjs_pyo.layers.base import BatchShape
from tfjs_pyo.layers.lookup import StringLookup, Token
from tfjs_pyo.layers.trials import as_shapes

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")

_LOWER = {letter: letter + 32 for letter in range(ord("A"), ord("Z") + 1)}
"""Only letters of ASCII have lower ones, and only its spaces separate: Keras's layer, too, goes by bytes there."""
_WORD = re.compile(r"[^ \t\n\v\f\r]+")

_STANDARDIZE: dict[Any, Callable[[str], str]] = {
    "lower_and_strip_punctuation": lambda text: _PUNCTUATION.sub("", text.translate(_LOWER)),
    "lower": lambda text: text.translate(_LOWER),
    "strip_punctuation": lambda text: _PUNCTUATION.sub("", text),
}
_SPLIT: dict[Any, Callable[[str], list[str]]] = {"whitespace": _WORD.findall, "character": list}


def _rule(options: dict[str, Any]) -> Callable[[str, str, Any], Any]:
    """Returns the conversion of a field that is the name of a rule, a function, or None."""
    named = choice(*options)

    def convert(owner: str, name: str, value: Any) -> Any:
        return value if callable(value) else named(owner, name, value)

    return convert


def _items(tokens: Any) -> Iterable[Any]:
    return tokens.tolist() if isinstance(tokens, Tensor) else tokens


def _widths(owner: str, name: str, value: Any) -> int | tuple[int, ...]:
    single = options.whole(value)
    given = options.whole_items(value) if single is None else (single,)
    if not given or any(v <= 0 for v in given):
        raise OptionError(
            f"{owner}: expected {naming.camel(name)!r} to be a positive integer or a list of them, received {value!r}."
        )
    return given if single is None else single


class TextVectorization(StringLookup):
    """Text as indices of its tokens, or as one row of counts. Works on data and in models of the Keras API.

    Args:
        max_tokens: most indices, those for padding (0) and for unknown tokens (1) among them.
        standardize: 'lowerAndStripPunctuation', 'lower', 'stripPunctuation', None, or a function of one text, which may use
            `tf.strings` of `import tensorflow`.
        split: 'whitespace', 'character', None (each input is one token), or a function of one text that returns tokens.
        ngrams: runs of how many neighbouring tokens become tokens: of 1 up to this number, or of these numbers.
        output_mode: 'int' for indices, padded with 0; 'multiHot', 'count' or 'tfIdf' for a row for each text.
        output_sequence_length: of the rows of indices; default: the longest text's.
        pad_to_max_tokens: whether rows of the other modes have 'maxTokens' columns even if the vocabulary is smaller.
        vocabulary: tokens, or the path of a file with one in each line; else `adapt(data)` finds them.
        idf_weights: weights of the tokens, with outputMode 'tfIdf'.

    Raises:
        OptionError: options that do not fit together.
        ArgumentError: called without a vocabulary.
        ShapeError: several texts in a row, when they are to be split.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.textVectorization({"outputSequenceLength": 4})
        >>> layer.adapt(["the cat", "the dog!"])
        >>> layer.get_vocabulary()
        ['', '[UNK]', 'the', 'dog', 'cat']
        >>> layer(["The cat sat"]).array_sync()
        [[2, 4, 1, 0]]

    Source: https://keras.io/api/layers/preprocessing_layers/text/text_vectorization/
    """

    per_sample = True

    order: ClassVar[Order] = (
        "max_tokens", "standardize", "split", "ngrams", "output_mode", "output_sequence_length", "pad_to_max_tokens",
        "vocabulary", "idf_weights", "sparse", "ragged", "encoding", "name", ...,
    )  # fmt: skip

    num_oov_indices: int = field(1, argument="", saved=False)
    mask_token: Any = field("", argument="", saved=False)
    oov_token: Any = field("[UNK]", argument="", saved=False)
    invert: bool = field(False, argument="", saved=False)
    salt: Any = field(None, argument="", saved=False)
    ragged: bool = keras_field(False, unsupported("there are no ragged tensors here"), saved=False)
    standardize: Any | None = field("lower_and_strip_punctuation", _rule(_STANDARDIZE))
    split: Any | None = field("whitespace", _rule(_SPLIT))
    ngrams: Any = field(None, _widths)
    output_sequence_length: int | None = field(None, positive_int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.output_sequence_length is not None and self.output_mode != "int":
            raise OptionError(
                f"{self.display_name}: expected no 'outputSequenceLength' with outputMode {naming.camel(self.output_mode)!r}."
            )

    def _documents(self, texts: Tensor) -> list[list[Token]]:
        """Returns the tokens of each text."""
        if self.split is not None and texts.rank > 1 and texts.shape[-1] != 1:
            raise ShapeError(
                f"{self.display_name}: expected one text in each row, shape [batch] or [batch, 1], received shape {texts.shape}."
            )
        whole = [str(text) for text in self._tokens_of(texts)]
        standard = _STANDARDIZE.get(self.standardize, self.standardize)
        plain = whole if standard is None else [self._text("standardize", standard(text)) for text in whole]
        cut = _SPLIT.get(self.split, self.split)
        if cut is not None:
            rows = [[self._text("split", token) for token in _items(cut(text))] for text in plain]
        else:
            width = texts.shape[-1] if texts.rank > 1 else 1
            rows = [plain[i : i + width] for i in range(0, len(plain), max(1, width))]
        return [self._runs(row) for row in rows]

    def _text(self, option: str, value: Any) -> str:
        """Returns what a function gave for a text: a string, or a tensor of one."""
        found = value.item() if isinstance(value, Tensor) and value.size == 1 else value
        found = found.decode() if isinstance(found, bytes) else found
        if not isinstance(found, str):
            raise OptionError(
                f"{self.display_name}: expected the function {naming.camel(option)!r} to give "
                f"{'tokens' if option == 'split' else 'a text'} for each text, received {value!r}."
            )
        return found

    def _runs(self, tokens: list[str]) -> list[Token]:
        if self.ngrams is None:
            return [*tokens]
        widths: Iterable[int] = range(1, self.ngrams + 1) if isinstance(self.ngrams, int) else self.ngrams
        return [" ".join(tokens[i : i + n]) for n in widths for i in range(len(tokens) - n + 1)]

    def _rows_of(self, batch: Any) -> list[list[Token]]:
        return self._documents(self._as_tensor(batch))

    def call(self, inputs: Tensor) -> Tensor:
        self._require_vocabulary()
        rows = [self._indices(row) for row in self._documents(inputs)]
        longest = max(map(len, rows), default=0)
        width = self.output_sequence_length or longest
        filler = self._masked_index
        flat = [index for row in rows for index in (*row[:width], *[filler] * (width - len(row)))]
        numbers = ops.tensor(flat, [len(rows), width], "int32")
        if self.output_mode == "int":
            single = self.split is None and inputs.rank < 2 and self.output_sequence_length is None
            return ops.reshape(numbers, inputs.shape) if single else numbers
        return self._rows(numbers)

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        first = as_shapes(input_shape)[:1] or (None,)
        return (*first, self.output_sequence_length if self.output_mode == "int" else self._width)

    def get_config(self) -> dict[str, Any]:
        if callable(self.standardize) or callable(self.split):
            raise ArgumentError(
                f"{self.display_name}: a layer whose 'standardize' or 'split' is a function has no config; name a rule instead."
            )
        return super().get_config()


__all__ = ["TextVectorization"]
