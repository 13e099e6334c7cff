"""Layers that give tokens numbers: strings or integers become their places in a vocabulary, and back."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar

from tfjs_pyo import naming, nests, ops, options
from tfjs_pyo.config import Order, choice, field, keras_field, positive_int, unsupported
from tfjs_pyo.core import context
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.fingerprint import fingerprint64
from tfjs_pyo.later import Later, pathlib
from tfjs_pyo.layers.base import BatchShape, Layer, SymbolicTensor
from tfjs_pyo.layers.on_strings import OnStrings
from tfjs_pyo.layers.preprocessing import batches_of, dense_only, encoded, encoded_shape
from tfjs_pyo.options import shown

if TYPE_CHECKING:
    from tfjs_pyo.io import file_errors
else:
    file_errors = Later("tfjs_pyo.io.file_errors")

Token = str | int
_MODES = choice("int", "one_hot", "multi_hot", "count", "tf_idf")
_OLDER = {"binary": "multi_hot", "tf-idf": "tf_idf"}


def output_mode(owner: str, name: str, value: Any) -> Any:
    """Returns the name of an output mode, also for what Keras calls it besides."""
    return _MODES(owner, name, _OLDER.get(value, value) if isinstance(value, str) else value)


def count_or_none(owner: str, name: str, value: Any) -> int:
    """Returns an integer from 0."""
    found = options.whole(value)
    if found is None or found < 0:
        raise OptionError(
            f"{owner}: expected {naming.camel(name)!r} to be an integer from 0, received {value!r}."
        )
    return found


class Vocabulary(Layer):
    """Base of layers that hold a vocabulary: its fields, how it is learned, and how numbers are encoded.

    Indices begin with the mask token (if there is one and the output is numbers), then come those for what is not in the
    vocabulary, then the vocabulary itself.

    A subclass says what its tokens are: `tokens_of`, `numbers_of`.
    """

    per_sample = True
    _kind: ClassVar[str] = "strings"

    max_tokens: int | None = field(None, positive_int)
    num_oov_indices: int = field(1, count_or_none)
    mask_token: Any = field(None)
    oov_token: Any = field("[UNK]")
    vocabulary: Any = field(None)
    idf_weights: Any = field(None)
    invert: bool = field(False)
    output_mode: str = field("int", output_mode)
    pad_to_max_tokens: bool = field(False)
    sparse: bool = keras_field(False, dense_only, saved=False)
    salt: Any = keras_field(None, unsupported("tokens out of the vocabulary are not salted"), saved=False)
    name: str | None = field(None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.pad_to_max_tokens and self.max_tokens is None:
            raise OptionError(
                f"{self.display_name}: expected 'maxTokens' with 'padToMaxTokens', received none."
            )
        if self.invert and (self.output_mode != "int" or self.num_oov_indices != 1):
            raise OptionError(
                f"{self.display_name}: expected outputMode 'int' and 'numOovIndices' 1 with 'invert', received "
                f"{naming.camel(self.output_mode)!r} and {self.num_oov_indices}."
            )
        least = self._first + 1
        if self.max_tokens is not None and self.max_tokens < least:
            raise OptionError(
                f"{self.display_name}: expected 'maxTokens' of {least} or more, with room for one token beside the special ones, "
                f"received {self.max_tokens}."
            )
        self._words: list[Token] = []
        self._index: dict[Token, int] = {}
        self._weights_of_words: list[float] | None = None
        given, weights = self.vocabulary, self.idf_weights
        self.vocabulary = self.idf_weights = None
        self._is_fixed = given is not None
        if self._is_fixed:
            self._take(given, weights)

    # The vocabulary

    @property
    def _masks(self) -> int:
        """How many indices the mask token takes."""
        return int(self.mask_token is not None and self.output_mode == "int")

    @property
    def _first(self) -> int:
        """The index of the first token of the vocabulary."""
        return self._masks + self.num_oov_indices

    def _tokens_of(self, values: Any) -> list[Token]:
        """Returns the elements of strings or numbers of any form."""
        raise NotImplementedError(f"{self.display_name}: a lookup layer must define _tokens_of(values).")

    def vocabulary_size(self) -> int:
        """Returns how many indices there are, the special ones among them.

        Example:
            >>> import tfjs_pyo as tf
            >>> tf.layers.IntegerLookup(vocabulary=[12, 36]).vocabularySize()
            3
        """
        return self._first + len(self._words)

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[Token]:
        """Returns the tokens in the order of their indices.

        Args:
            include_special_tokens: whether the mask token and what stands for unknown ones come first.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.IntegerLookup(vocabulary=[12, 36])
            >>> layer.getVocabulary(), layer.getVocabulary(False)
            ([-1, 12, 36], [12, 36])
        """
        special = [self.mask_token] * self._masks + [self.oov_token] * self.num_oov_indices
        return [*(special if include_special_tokens else ()), *self._words]

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None:
        """Replaces the vocabulary.

        Args:
            vocabulary: tokens, without repetition, with the special ones at their beginning or without them; or the path of a
                file with a token in each line.
            idf_weights: a weight for each, with outputMode 'tfIdf'.

        Raises:
            OptionError: tokens that repeat, that are special, or more than 'maxTokens'; weights of another number.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.IntegerLookup()
            >>> layer.setVocabulary([12, 36])
            >>> layer(tf.tensor1d([36, 7], "int32")).array_sync()
            [2, 0]
        """
        self._take(vocabulary, idf_weights)
        self._is_fixed = True

    def _take(self, vocabulary: Any, idf_weights: Any) -> None:
        tokens = self._tokens_of(
            _lines(vocabulary) if isinstance(vocabulary, (str, PathLike)) else vocabulary
        )
        special = self.get_vocabulary()[: self._first]
        has_special = bool(special) and tokens[: self._first] == special
        words = tokens[self._first :] if has_special else tokens
        self._check_words(words)
        weights = None if idf_weights is None else _numbers(self.display_name, idf_weights)
        if (weights is not None) != (self.output_mode == "tf_idf"):
            raise OptionError(
                f"{self.display_name}: expected 'idfWeights' with outputMode 'tfIdf', and with no other."
            )
        if weights is not None:
            if len(weights) != len(tokens):
                raise OptionError(
                    f"{self.display_name}: expected {len(tokens)} 'idfWeights', as many as tokens, received {len(weights)}."
                )
            if not has_special:
                weights = [sum(weights) / len(weights)] * self._first + weights
        self._words, self._weights_of_words = words, weights
        self._index = {word: self._first + i for i, word in enumerate(words)}

    def _check_words(self, words: Sequence[Token]) -> None:
        if not words:
            raise OptionError(f"{self.display_name}: expected a vocabulary, received an empty one.")
        repeated = [word for word, times in Counter(words).items() if times > 1]
        if repeated:
            raise OptionError(
                f"{self.display_name}: expected every token of the vocabulary once, received some again: {repeated[:5]}."
            )
        reserved = [t for t in (self.mask_token, self.oov_token if self.invert else None) if t is not None]
        wrong = [token for token in reserved if token in words]
        if wrong:
            raise OptionError(
                f"{self.display_name}: expected special tokens only at the beginning of the vocabulary, in the order "
                f"{self.get_vocabulary()[: self._first]}, received {wrong[0]!r} further on."
            )
        if self.max_tokens is not None and self._first + len(words) > self.max_tokens:
            raise OptionError(
                f"{self.display_name}: expected at most {self.max_tokens} tokens ('maxTokens'), {self._first} special ones among "
                f"them, received {len(words)} others."
            )

    def adapt(self, data: Any) -> None:
        """Takes the tokens of data as the vocabulary, the most frequent ones first.

        Args:
            data: as the inputs of the layer, or an iterator over such batches. Rows are documents.

        Raises:
            ArgumentError: the vocabulary was given.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.IntegerLookup()
            >>> layer.adapt(tf.tensor1d([7, 3, 3], "int32"))
            >>> layer.getVocabulary()
            [-1, 3, 7]

        Source: https://keras.io/api/layers/preprocessing_layers/categorical/
        """
        if self._is_fixed:
            raise ArgumentError(
                f"{self.display_name}: adapt expects a layer without a vocabulary, but one was given to it."
            )
        self._learn(row for batch in batches_of(data) for row in self._rows_of(batch))

    def _rows_of(self, batch: Any) -> list[list[Token]]:
        """Returns the tokens of each document of a batch: those along the last axis; a vector is one document."""
        tensor = self._as_tensor(batch)
        tokens = self._tokens_of(tensor)
        width = tensor.shape[-1] if tensor.rank else 1
        return [tokens[i : i + width] for i in range(0, len(tokens), max(1, width))]

    def _learn(self, rows: Iterable[Sequence[Token]]) -> None:
        """Takes the vocabulary of documents."""
        counts: Counter[Token] = Counter()
        documents: Counter[Token] = Counter()
        number = 0
        for row in rows:
            counts.update(row)
            documents.update(set(row))
            number += 1
        for special in (self.mask_token, self.oov_token):
            counts.pop(special, None)
        if not counts:
            raise ArgumentError(f"{self.display_name}: adapt expects tokens, received none.")
        # As in Keras, of tokens that are equally frequent the greater one comes first.
        ordered = sorted(counts, key=lambda token: (counts[token], token), reverse=True)
        words = ordered[: self.max_tokens - self._first if self.max_tokens is not None else None]
        weights = None
        if self.output_mode == "tf_idf":
            weights = [math.log(1 + number / (1 + documents[word])) for word in words]
        self._take(words, weights)

    def reset_state(self) -> None:
        """Forgets a vocabulary that `adapt` learned.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.IntegerLookup()
            >>> layer.adapt(tf.tensor1d([7, 3, 3], "int32"))
            >>> layer.resetState()
            >>> layer.getVocabulary()
            [-1]
        """
        if not self._is_fixed:
            self._words, self._weights_of_words, self._index = [], None, {}

    # Calling

    def _as_tensor(self, inputs: Any) -> Tensor:
        """Returns inputs as a tensor."""
        return inputs if isinstance(inputs, Tensor) else ops.tensor(inputs)

    def apply(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        symbolic = isinstance(inputs, SymbolicTensor)
        return super().apply(inputs if symbolic else self._as_tensor(inputs), *args, **kwargs)

    def _require_vocabulary(self) -> None:
        """Raises ArgumentError if there is none yet."""
        if not self._words:
            raise ArgumentError(
                f"{self.display_name}: expected a vocabulary; give one, or call `adapt(data)` before the layer is used."
            )

    def _unknown(self, missing: Sequence[Token]) -> ArgumentError:
        """Returns the error for tokens that have no index."""
        return ArgumentError(
            f"{self.display_name}: expected tokens of the vocabulary, as 'numOovIndices' is 0, received {missing[0]!r}."
        )

    def _rows(self, numbers: Tensor) -> Tensor:
        """Returns indices as the output mode has them; the index after the last one stands for what is left out."""
        if self.output_mode == "int":
            return numbers
        size = self._width
        hot = encoded(numbers, "count" if self.output_mode == "tf_idf" else self.output_mode, size + 1)
        hot = ops.slice(hot, [0] * hot.rank, [*hot.shape[:-1], size])
        if self._weights_of_words is None:
            return hot
        return hot * ops.tensor1d(self._weights_of_words + [0.0] * (size - self.vocabulary_size()))

    @property
    def _masked_index(self) -> int:
        """The index of the mask token: 0 with outputMode 'int', else one that is left out."""
        return 0 if self.output_mode == "int" else self._width

    @property
    def _width(self) -> int:
        """How many columns the rows of the other modes have."""
        padded = self.pad_to_max_tokens and self.max_tokens is not None
        return (self.max_tokens or 0) if padded else self.vocabulary_size()

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        if self.output_mode == "int":
            return input_shape
        return encoded_shape(input_shape, self.output_mode, self._width)

    def get_config(self) -> dict[str, Any]:
        given: Mapping[str, Any] = {
            "vocabulary": list(self._words) or None,
            "idf_weights": None if self._weights_of_words is None else self._weights_of_words[self._first :],
        }
        return {**super().get_config(), **given}


class StringLookup(Vocabulary, OnStrings):
    """Strings as numbers: their places in a vocabulary. Works on data and in models of the Keras API.

    Args:
        max_tokens: most indices, the special ones among them; default: any number.
        num_oov_indices: how many indices share what is not in the vocabulary, by the fingerprint of the string; with 0 it is an
            error.
        mask_token: has index 0 with outputMode 'int', and is left out with the others.
        oov_token: stands for what is not in the vocabulary, when numbers become strings.
        vocabulary: tokens, or the path of a file with one in each line; else `adapt(data)` finds them.
        idf_weights: weights of the tokens, with outputMode 'tfIdf'.
        invert: whether numbers become strings.
        output_mode: 'int' for indices; 'oneHot' for a row for each; 'multiHot', 'count' or 'tfIdf' for one row for all along the
            last axis: with 1 where a token comes, how often it does, or that times its weight.
        pad_to_max_tokens: whether rows have 'maxTokens' columns even if the vocabulary is smaller.

    Raises:
        OptionError: options or a vocabulary that do not fit together.
        ArgumentError: called without a vocabulary.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.stringLookup({"vocabulary": ["a", "b"]})
        >>> layer([["b", "a", "z"]]).array_sync()
        [[2, 1, 0]]

    Source: https://keras.io/api/layers/preprocessing_layers/categorical/string_lookup/
    """

    per_sample = True

    order: ClassVar[Order] = (..., "pad_to_max_tokens", "sparse", "encoding", "name", "salt")

    encoding: str = field("utf-8")

    def _tokens_of(self, values: Any) -> list[Token]:
        tensor = self._as_tensor(values)
        if not tensor.size:
            return []
        if tensor.dtype != "string":
            raise ArgumentError(f"{self.display_name}: expected strings, received {tensor.dtype}.")
        return [
            text.decode(self.encoding) if isinstance(text, bytes) else text for text in tensor.data_sync()
        ]

    def call(self, inputs: Tensor) -> Tensor:
        self._require_vocabulary()
        if self.invert:
            words = self.get_vocabulary()
            numbers = [int(n) for n in inputs.data_sync()]
            texts = [words[n] if 0 <= n < len(words) else self.oov_token for n in numbers]
            return ops.tensor(texts, inputs.shape, "string")
        return self._rows(ops.tensor(self._indices(self._tokens_of(inputs)), inputs.shape, "int32"))

    def _indices(self, tokens: Sequence[Token]) -> list[int]:
        """Returns the indices of strings; those that are left out have the index after the last one."""
        found: list[int] = []
        for token in tokens:
            index = self._index.get(token)
            if index is None:
                index = (
                    self._masked_index if token == self.mask_token is not None else self._outside(str(token))
                )
            found.append(index)
        return found

    def _outside(self, token: str) -> int:
        if self.num_oov_indices == 0:
            raise self._unknown([token])
        if self.num_oov_indices == 1:
            return self._masks
        return self._masks + fingerprint64(token.encode()) % self.num_oov_indices

    @property
    def _dtype_of_inputs(self) -> str:
        return super()._dtype_of_inputs if self.invert else "string"

    def _record(self, inputs: Any, arguments: dict[str, Any]) -> Any:
        wanted = "numbers" if self.invert else "strings, as tf.input makes it with dtype 'string'"
        if any((symbol.dtype == "string") == self.invert for symbol in nests.leaves(inputs)):
            raise ArgumentError(f"{self.display_name}: expected an input of {wanted}, in a model.")
        self._reads_values = self.invert
        return super()._record(inputs, arguments)


class IntegerLookup(Vocabulary):
    """Integers as numbers: their places in a vocabulary. Works on data and inside models.

    Args:
        max_tokens: most indices, the special ones among them; default: any number.
        num_oov_indices: how many indices share what is not in the vocabulary, by its remainder; with 0 it is an error.
        mask_token: has index 0 with outputMode 'int', and is left out with the others.
        oov_token: stands for what is not in the vocabulary, when numbers become tokens.
        vocabulary: integers, or the path of a file with one in each line; else `adapt(data)` finds them.
        idf_weights: weights of the tokens, with outputMode 'tfIdf'.
        invert: whether indices become tokens.
        output_mode, pad_to_max_tokens: as for `stringLookup`.

    Raises:
        OptionError: options or a vocabulary that do not fit together.
        ArgumentError: called without a vocabulary.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.integerLookup({"vocabulary": [12, 36, 1138]})
        >>> layer([[12, 1138, 42]]).array_sync()
        [[1, 3, 0]]

    Source: https://keras.io/api/layers/preprocessing_layers/categorical/integer_lookup/
    """

    per_sample = True
    _kind = "integers"

    order: ClassVar[Order] = (
        "max_tokens", "num_oov_indices", "mask_token", "oov_token", "vocabulary", "vocabulary_dtype", "idf_weights",
        "invert", "output_mode", "sparse", "pad_to_max_tokens", "oov_method", "salt", "name", ...,
    )  # fmt: skip

    oov_token: Any = field(-1)
    vocabulary_dtype: str = keras_field("int64", saved=False)
    oov_method: str = keras_field("floormod", choice("floormod"), saved=False)

    def _tokens_of(self, values: Any) -> list[Token]:
        if isinstance(values, list) and values and all(isinstance(v, str) for v in values):
            return [self._number(v) for v in values]
        tensor = self._as_tensor(values)
        self._require_numbers(tensor)
        return [self._number(number) for number in tensor.data_sync()]

    def _number(self, value: str | float) -> int:
        try:
            return int(value)
        except (ValueError, OverflowError) as error:  # a word, NaN or infinite
            raise OptionError(f"{self.display_name}: expected whole numbers, received {value!r}.") from error

    def _require_numbers(self, tensor: Tensor) -> None:
        if tensor.dtype == "string":
            raise ArgumentError(f"{self.display_name}: expected integers, received strings.")

    def call(self, inputs: Tensor) -> Tensor:
        self._require_vocabulary()
        self._require_numbers(inputs)
        tokens = ops.cast(inputs, "int32")
        if self.invert:
            words = ops.tensor1d(self.get_vocabulary(), "int32")
            inside = ops.logical_and(ops.greater_equal(tokens, 0), ops.less(tokens, words.size))
            chosen = ops.gather(words, ops.clip_by_value(tokens, 0, words.size - 1))
            return ops.where(inside, chosen, ops.scalar(self.oov_token, "int32"))
        return self._rows(self._indices(tokens))

    def _indices(self, tokens: Tensor) -> Tensor:
        """Searches the sorted vocabulary, on the device."""
        order = sorted(self._index)
        words = ops.tensor1d(order, "int32")
        flat = ops.reshape(tokens, [-1])
        place = ops.minimum(ops.lower_bound(words, flat), len(order) - 1)
        known = ops.equal(ops.gather(words, place), flat)
        found = ops.gather(ops.tensor1d([self._index[word] for word in order], "int32"), place)
        numbers = ops.where(known, found, self._outside(flat, known))
        if self.mask_token is not None:
            masked = ops.equal(flat, self.mask_token)
            numbers = ops.where(masked, ops.scalar(self._masked_index, "int32"), numbers)
        return ops.reshape(numbers, tokens.shape)

    def _outside(self, flat: Tensor, known: Tensor) -> Tensor:
        if self.num_oov_indices:
            return ops.mod(flat, self.num_oov_indices) + self._masks
        if context.trace() is None:
            fits = (
                known if self.mask_token is None else ops.logical_or(known, ops.equal(flat, self.mask_token))
            )
            missing = [int(v) for v, ok in zip(flat.data_sync(), fits.data_sync(), strict=True) if not ok]
            if missing:
                raise self._unknown(missing)
        return ops.zeros_like(flat)


def _lines(path: PathLike[str] | str) -> list[str]:
    file = pathlib.Path(path)
    with file_errors.storage_errors("vocabulary", file, "read"):
        if not file.is_file():
            raise OptionError(
                f"vocabulary: expected a list of tokens, or the path of a file, but there is no file {str(path)[:200]!r}."
            )
        with file_errors.format_errors(f"vocabulary: {file}", "lines in UTF-8"):
            return file.read_text(encoding="utf-8").splitlines()


def _numbers(owner: str, weights: Any) -> list[float]:
    """Returns 'idfWeights' as numbers."""
    made = ops.tensor(weights)
    if made.dtype not in ("float32", "int32"):
        raise OptionError(f"{owner}: expected 'idfWeights' to be numbers, received {shown(weights)}.")
    return [float(weight) for weight in made.data_sync()]


__all__ = ["IntegerLookup", "StringLookup"]
