"""Layers that give tokens the numbers of bins by hashing: without a vocabulary, and the same in Keras."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from tfjs_pyo import naming, nests, ops, options
from tfjs_pyo.config import Order, choice, field, keras_field, positive_int, written_dialect
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.dtype_names import DTYPE_OPTION
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError
from tfjs_pyo.fingerprint import concatenated64, fingerprint64
from tfjs_pyo.layers.base import BatchShape, SymbolicTensor
from tfjs_pyo.layers.on_strings import OnStrings
from tfjs_pyo.layers.preprocessing import dense_only, encoded, encoded_shape, without_trainable
from tfjs_pyo.siphash import siphash64

_CROSSING_SEED = 0xDECAFCAFFE
"""What TensorFlow begins crossed hashes with."""


def _salt(owner: str, name: str, value: Any) -> list[int]:
    """Returns the two numbers of a key; one stands for both."""
    single = options.whole(value)
    given = options.whole_items(value) if single is None else (single, single)
    if given is None or len(given) != 2:
        raise OptionError(
            f"{owner}: expected {naming.camel(name)!r} to be an integer or two, received {value!r}."
        )
    return list(given)


class _Hashed(OnStrings):
    """Base of layers that hash values, which they read: data, and in models strings, which are there before a step begins."""

    per_sample = True

    num_bins: int = field(convert=positive_int)

    def _hashes(self, inputs: Any) -> Tensor:
        """Returns the numbers of bins."""
        raise NotImplementedError(f"{self.display_name}: a hashing layer must define _hashes(inputs).")

    def _given(self, value: Any) -> Any:
        """Returns what a user gave as a tensor."""
        return value if isinstance(value, (Tensor, SymbolicTensor)) else ops.tensor(value)

    def apply(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        several = isinstance(inputs, (list, tuple)) and self._takes_lists
        given = [self._given(each) for each in inputs] if several else self._given(inputs)
        return super().apply(given, *args, **kwargs)

    _takes_lists: ClassVar[bool] = False

    def call(self, inputs: Any) -> Tensor:
        numbers = self._hashes(inputs)
        return numbers if self.output_mode == "int" else encoded(numbers, self.output_mode, self.num_bins)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        if self.output_mode == "int" and written_dialect(type(self)) is KERAS:
            config["dtype"] = "int64"  # Keras's layers refuse another one
        return config

    def _shape_of_bins(self, shape: BatchShape) -> BatchShape:
        return shape if self.output_mode == "int" else encoded_shape(shape, self.output_mode, self.num_bins)

    def _record(self, inputs: Any, arguments: dict[str, Any]) -> Any:
        self._reads_values = any(symbol.dtype != "string" for symbol in nests.leaves(inputs))
        return super()._record(inputs, arguments)


def _as_bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode(errors="surrogateescape")


class Hashing(_Hashed):
    """Strings or integers as the numbers of bins, by the hash of their text. Works on data and in models of the Keras API.

    Args:
        num_bins: how many bins there are, that of the mask among them.
        mask_value: has bin 0, which nothing else has then.
        salt: an integer, or two: the key of SipHash; FarmHash without.
        output_mode: 'int' for numbers of bins; 'oneHot' for a row for each; 'multiHot' or 'count' for one row for all along the
            last axis.

    Raises:
        ArgumentError: NaN or infinite values.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.hashing({"numBins": 3})([["A"], ["B"], ["C"], ["D"], ["E"]]).array_sync()
        [[1], [0], [1], [1], [2]]

    Source: https://keras.io/api/layers/preprocessing_layers/categorical/hashing/
    """

    per_sample = True
    order: ClassVar[Order] = ("num_bins", "mask_value", "salt", "output_mode", "sparse", ...)

    mask_value: Any = field(None)
    salt: Any = field(None, _salt)
    output_mode: str = field("int", choice("int", "one_hot", "multi_hot", "count"))
    sparse: bool = keras_field(False, dense_only, saved=False)

    def _given(self, value: Any) -> Any:
        """Returns what a user gave as a tensor: numbers that would be rounded as their texts."""
        found = super()._given(value)
        if isinstance(value, (Tensor, SymbolicTensor)) or found.dtype != "float32":
            return found
        numbers = [int(each) for each in nests.leaves(options.items(value) or [value]) if _is_finite(each)]
        if len(numbers) < found.size or all(abs(each) <= 2**24 for each in numbers):
            return found
        return ops.tensor([str(each) for each in numbers], found.shape, "string")

    def _hashes(self, inputs: Tensor) -> Tensor:
        if inputs.dtype == "complex64":
            raise ArgumentError(f"{self.display_name}: expected strings or numbers, received complex64.")
        return ops.tensor(self._numbers(inputs.data_sync(), inputs.dtype), inputs.shape, "int32")

    def _numbers(self, values: Iterable[Any], dtype: str) -> list[int]:
        first = int(self.mask_value is not None and self.num_bins > 1)
        mask = (
            None if not first else _as_bytes(str(self.mask_value)) if dtype == "string" else self.mask_value
        )
        found = []
        for value in values:
            content = _as_bytes(value) if dtype == "string" else value
            is_mask = first and content == mask
            found.append(0 if is_mask else first + self._hash(self._text(content)) % (self.num_bins - first))
        return found

    def _text(self, value: Any) -> bytes:
        """Returns what is hashed: of a number its whole part in decimals."""
        if isinstance(value, bytes):
            return value
        if isinstance(value, bool):
            return b"true" if value else b"false"
        if not _is_finite(value):
            raise ArgumentError(f"{self.display_name}: expected finite numbers, received {value}.")
        return str(int(value)).encode()

    def _hash(self, text: bytes) -> int:
        return fingerprint64(text) if self.salt is None else siphash64(text, (self.salt[0], self.salt[1]))

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        return self._shape_of_bins(input_shape)


def _is_finite(value: Any) -> bool:
    return value - value == 0


class HashedCrossing(_Hashed):
    """Two or more features as the numbers of bins of their combinations. Works on data and in models of the Keras API.

    Args:
        num_bins: how many bins there are.
        output_mode: 'int' for numbers of bins, 'oneHot' for a row for each.

    Raises:
        ArgumentError: fewer than two inputs, or other than strings and integers.
        ShapeError: inputs of other shapes than [], [batch] or [batch, 1], or of different ones.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.hashedCrossing({"numBins": 5})([["A", "B", "A", "B"], ["x", "x", "y", "y"]]).shape
        (4,)

    Source: https://keras.io/api/layers/preprocessing_layers/categorical/hashed_crossing/
    """

    per_sample = True
    order: ClassVar[Order] = ("num_bins", "output_mode", "sparse", "name", "dtype", ...)
    _several_inputs = True
    _takes_lists = True

    output_mode: str = field("int", choice("int", "one_hot"))
    sparse: bool = keras_field(False, dense_only, saved=False)
    name: str | None = field(None)
    dtype: str = field("float32", DTYPE_OPTION.convert, keras=None)

    def _hashes(self, inputs: Any) -> Tensor:
        self._require_features(inputs)
        columns = [self._features(each) for each in inputs]
        numbers = []
        for row in zip(*columns, strict=True):
            found = _CROSSING_SEED
            for each in row:
                found = concatenated64(found, each)
            numbers.append(found % self.num_bins)
        return ops.tensor(numbers, inputs[0].shape, "int32")

    def _require_features(self, inputs: Any) -> None:
        if not isinstance(inputs, Sequence) or len(inputs) < 2:
            raise ArgumentError(f"{self.display_name}: expected a list of two inputs or more.")
        shapes = [tuple(each.shape) for each in inputs]
        first = shapes[0]
        if any(shape != first for shape in shapes) or len(first) > 2 or (len(first) == 2 and first[1] != 1):
            raise ShapeError(
                f"{self.display_name}: expected inputs of one shape, (), (batch,) or (batch, 1), received "
                f"{', '.join(map(str, shapes))}."
            )

    def _features(self, values: Tensor) -> list[int]:
        """Returns the 64 bits that stand for each value."""
        if values.dtype == "string":
            return [fingerprint64(_as_bytes(each)) for each in values.data_sync()]
        if values.dtype != "int32":
            raise ArgumentError(
                f"{self.display_name}: expected inputs of strings or of integers that int32 holds, received {values.dtype}."
            )
        return [int(each) % 2**64 for each in values.data_sync()]

    def compute_output_shape(self, input_shape: Any) -> BatchShape:
        return self._shape_of_bins(tuple(input_shape[0]))

    def get_config(self) -> dict[str, Any]:
        return without_trainable(self, super().get_config())


__all__ = ["HashedCrossing", "Hashing"]
