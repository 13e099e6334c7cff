"""`tf.train.Example`, what files of records hold: made, serialized, and parsed to tensors.

Source: https://www.tensorflow.org/tutorials/load_data/tfrecord
"""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtypes import fits_int32
from tfjs_pyo.errors import ArgumentError, DTypeError, FormatError, RangeError, ShapeError
from tfjs_pyo.io.protobuf import as_varint, delimited, fields, signed, varints
from tfjs_pyo.options import items, shown
from tfjs_pyo.shapes import size
from tfjs_pyo.tensorflow.functions import constant

# Messages


class _Values(ABC):
    """Values of a feature.

    Args:
        value: a list of them.
    """

    dtype: ClassVar[str]

    def __init__(self, value: Iterable[Any] = ()) -> None:
        given = items(value)
        if given is None:
            raise ArgumentError(f"{type(self).__name__}: expected a list of values, received {shown(value)}.")
        self.value: list[Any] = [self._one(each) for each in given]

    @abstractmethod
    def _one(self, value: Any) -> Any:
        """Returns a value as it is kept."""

    @abstractmethod
    def _packed(self) -> bytes:
        """Returns the bytes of the message."""

    @staticmethod
    @abstractmethod
    def _unpacked(value: Any) -> Iterable[Any]:
        """Returns the values in a field of the message."""

    @classmethod
    def _read(cls, data: bytes) -> Self:
        return cls([each for number, value in fields(data) if number == 1 for each in cls._unpacked(value)])

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.value == vars(other)["value"]

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}(value={self.value})"

    def _refused(self, value: Any, what: str) -> DTypeError:
        return DTypeError(f"{type(self).__name__}: expected {what}, received {shown(value)}.")


class BytesList(_Values):
    """Strings of bytes.

    Args:
        value: a list of them.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> tf.train.BytesList(value=[b"a"])
        BytesList(value=[b'a'])

    Source: https://www.tensorflow.org/api_docs/python/tf/train/BytesList
    """

    dtype = "string"

    def _one(self, value: Any) -> bytes:
        found = value.numpy() if isinstance(value, Tensor) else value
        if not isinstance(found, bytes):
            raise self._refused(value, "bytes (a text has encode())")
        return bytes(found)

    def _packed(self) -> bytes:
        return b"".join(delimited(1, each) for each in self.value)

    @staticmethod
    def _unpacked(value: Any) -> Iterable[bytes]:
        return [value]


class FloatList(_Values):
    """Numbers.

    Args:
        value: a list of them; they are kept as float32.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> tf.train.FloatList(value=[0.5])
        FloatList(value=[0.5])

    Source: https://www.tensorflow.org/api_docs/python/tf/train/FloatList
    """

    dtype = "float32"

    def _one(self, value: Any) -> float:
        try:
            found: float = struct.unpack("<f", struct.pack("<f", value))[0]
        except (struct.error, OverflowError, TypeError):
            raise self._refused(value, "numbers that a float32 holds") from None
        return found

    def _packed(self) -> bytes:
        return delimited(1, struct.pack(f"<{len(self.value)}f", *self.value)) if self.value else b""

    @staticmethod
    def _unpacked(value: Any) -> Iterable[float]:
        return struct.unpack(f"<{len(value) // 4}f", value) if isinstance(value, bytes) else [value]


class Int64List(_Values):
    """Whole numbers.

    Args:
        value: a list of them.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> tf.train.Int64List(value=[3])
        Int64List(value=[3])

    Source: https://www.tensorflow.org/api_docs/python/tf/train/Int64List
    """

    dtype = "int32"

    def _one(self, value: Any) -> int:
        try:
            found = int(value.item() if hasattr(value, "item") else value)
        except (TypeError, ValueError, OverflowError):
            raise self._refused(value, "whole numbers") from None
        if found != value or not -(2**63) <= found < 2**63:
            raise self._refused(value, "whole numbers of 64 bits")
        return found

    def _packed(self) -> bytes:
        return delimited(1, b"".join(map(as_varint, self.value))) if self.value else b""

    @staticmethod
    def _unpacked(value: Any) -> Iterable[int]:
        return map(signed, varints(value) if isinstance(value, bytes) else [value])


_KINDS: dict[str, type[_Values]] = {"bytes_list": BytesList, "float_list": FloatList, "int64_list": Int64List}


class Feature:
    """A feature of an example: values of one kind.

    Args:
        bytes_list: strings of bytes, or
        float_list: numbers, or
        int64_list: whole numbers.

    Raises:
        ArgumentError: several of them, or something else.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> tf.train.Feature(int64_list=tf.train.Int64List(value=[3])).int64_list.value
        [3]

    Source: https://www.tensorflow.org/api_docs/python/tf/train/Feature
    """

    def __init__(self, **values: _Values) -> None:
        if len(values) > 1 or not all(
            isinstance(each, _KINDS.get(name, ())) for name, each in values.items()
        ):
            raise ArgumentError(
                "Feature: expected one of bytes_list=tf.train.BytesList(value=[...]), float_list=tf.train.FloatList(...), "
                f"int64_list=tf.train.Int64List(...), received {', '.join(f'{k}={shown(v)}' for k, v in values.items())}."
            )
        self._kind = next(iter(values), None)
        for name, kind in _KINDS.items():
            setattr(self, name, values.get(name, kind()))

    def WhichOneof(self, oneof_group: str = "kind") -> str | None:
        """Returns which kind of values there is: 'bytes_list', 'float_list', 'int64_list', or None.

        Args:
            oneof_group: 'kind', the only group that there is.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> tf.train.Feature(float_list=tf.train.FloatList(value=[0.5])).WhichOneof("kind")
            'float_list'
        """
        return self._kind

    @property
    def values(self) -> _Values | None:
        """The values, of whichever kind."""
        return None if self._kind is None else getattr(self, self._kind)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Feature) and self.values == other.values

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Feature({'' if self._kind is None else f'{self._kind}={self.values}'})"


@dataclass
class Features:
    """Features by their names.

    Args:
        feature: a dict of them.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> list(tf.train.Features(feature={"a": tf.train.Feature()}).feature)
        ['a']

    Source: https://www.tensorflow.org/api_docs/python/tf/train/Features
    """

    feature: dict[str, Feature] = field(default_factory=dict)


@dataclass
class Example:
    """What a record of a data set holds: features by their names.

    Args:
        features: of the example.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> label = tf.train.Feature(int64_list=tf.train.Int64List(value=[3]))
        >>> features = tf.train.Features(feature={"label": label})
        >>> data = tf.train.Example(features=features).SerializeToString()
        >>> tf.train.Example.FromString(data).features.feature["label"].int64_list.value
        [3]

    Source: https://www.tensorflow.org/api_docs/python/tf/train/Example
    """

    features: Features = field(default_factory=Features)

    def SerializeToString(self) -> bytes:
        """Returns the example as bytes, names in their order.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> label = tf.train.Feature(int64_list=tf.train.Int64List(value=[3]))
            >>> example = tf.train.Example(features=tf.train.Features(feature={"label": label}))
            >>> example.SerializeToString().hex(" ")
            '0a 10 0a 0e 0a 05 6c 61 62 65 6c 12 05 1a 03 0a 01 03'
        """
        entries = []
        for name, feature in sorted(self.features.feature.items()):
            values = feature.values
            number = 0 if values is None else 1 + list(_KINDS.values()).index(type(values))
            content = b"" if values is None else delimited(number, values._packed())
            entries.append(delimited(1, delimited(1, name.encode()) + delimited(2, content)))
        return delimited(1, b"".join(entries))

    @classmethod
    def FromString(cls, data: bytes) -> Self:
        """Returns the example that bytes stand for.

        Args:
            data: of `SerializeToString`, or a record that TensorFlow wrote.

        Raises:
            FormatError: they are none.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> label = tf.train.Feature(int64_list=tf.train.Int64List(value=[3]))
            >>> example = tf.train.Example(features=tf.train.Features(feature={"label": label}))
            >>> tf.train.Example.FromString(example.SerializeToString()) == example
            True
        """
        try:
            found: dict[str, Feature] = {}
            for entry in _parts(data, 1, 1):
                content = dict(fields(entry))
                found[content.get(1, b"").decode()] = _feature(content.get(2, b""))
        except (ValueError, IndexError, struct.error, TypeError, AttributeError) as error:
            raise FormatError(
                f"Example: expected a serialized tf.train.Example, received other bytes: {error}."
            ) from None
        return cls(Features(found))

    def ParseFromString(self, data: bytes) -> int:
        """Becomes the example that bytes stand for.

        Args:
            data: of `SerializeToString`, or a record that TensorFlow wrote.

        Returns:
            How many bytes these are.

        Raises:
            FormatError: they are no example.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> label = tf.train.Feature(int64_list=tf.train.Int64List(value=[3]))
            >>> example = tf.train.Example(features=tf.train.Features(feature={"label": label}))
            >>> again = tf.train.Example()
            >>> again.ParseFromString(example.SerializeToString())
            18
            >>> again.features.feature["label"].int64_list.value
            [3]
        """
        self.features = type(self).FromString(data).features
        return len(data)


def _parts(data: bytes, *path: int) -> Iterator[bytes]:
    """Yields the messages that fields of these numbers hold, one within the other."""
    for number, value in fields(data):
        if number == path[0]:
            yield from _parts(value, *path[1:]) if path[1:] else [value]


def _feature(data: bytes) -> Feature:
    for number, value in fields(data):
        if 1 <= number <= len(_KINDS):
            name, kind = list(_KINDS.items())[number - 1]
            return Feature(**{name: kind._read(value)})
    return Feature()


# Parsing


@dataclass(frozen=True)
class FixedLenFeature:
    """A feature of as many values in every example.

    Args:
        shape: of the tensor.
        dtype: 'float32', 'int64' (an int32 tensor), or 'string'.
        default_value: where an example lacks the feature; None: then that is an error.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> data = tf.train.Example(features=tf.train.Features(feature={})).SerializeToString()
        >>> size = tf.io.FixedLenFeature([2], tf.float32, default_value=[0.5, 0.25])
        >>> tf.io.parse_single_example(data, {"size": size})["size"]
        Tensor
            [0.5, 0.25]

    Source: https://www.tensorflow.org/api_docs/python/tf/io/FixedLenFeature
    """

    shape: Any
    dtype: Any
    default_value: Any = None


@dataclass(frozen=True)
class VarLenFeature:
    """A feature of any number of values: parsed to a tensor of rank 1, which `tf.sparse.to_dense` gives back as it is.

    Args:
        dtype: 'float32', 'int64' (an int32 tensor), or 'string'.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> values = tf.train.Feature(int64_list=tf.train.Int64List(value=[3, 5]))
        >>> data = tf.train.Example(features=tf.train.Features(feature={"x": values})).SerializeToString()
        >>> tf.io.parse_single_example(data, {"x": tf.io.VarLenFeature(tf.int64)})["x"]
        Tensor
            [3, 5]

    Source: https://www.tensorflow.org/api_docs/python/tf/io/VarLenFeature
    """

    dtype: Any


_OWNER = "tf.io.parse_single_example"


def parse_single_example(serialized: Any, features: Any, example_names: Any = None) -> dict[str, Tensor]:
    """Returns the features of a serialized example as tensors.

    Args:
        serialized: what `Example.SerializeToString` gave.
        features: by name, a FixedLenFeature or a VarLenFeature each.
        example_names: has no effect.

    Raises:
        FormatError: the string is no example.
        ArgumentError: a feature is missing, and has no default.
        DTypeError: it has values of another kind.
        ShapeError: it has another number of values.
        RangeError: a whole number is none of 32 bits.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> values = tf.train.Feature(float_list=tf.train.FloatList(value=[1, 2]))
        >>> data = tf.train.Example(features=tf.train.Features(feature={"x": values})).SerializeToString()
        >>> tf.io.parse_single_example(data, {"x": tf.io.FixedLenFeature([2], tf.float32)})["x"].tolist()
        [1.0, 2.0]

    Source: https://www.tensorflow.org/api_docs/python/tf/io/parse_single_example
    """
    found = Example.FromString(_serialized(serialized)).features.feature
    if not isinstance(features, Mapping) or not features:
        raise ArgumentError(f"{_OWNER}: expected a dict of features, received {shown(features)}.")
    return {name: _parsed(name, found.get(name), wanted) for name, wanted in features.items()}


def parse_example(
    serialized: Any, features: Mapping[str, Any], example_names: Any = None
) -> dict[str, Tensor]:
    """Returns the features of several serialized examples, stacked.

    Args:
        serialized: a tensor of rank 1.
        features: by name, a FixedLenFeature each; of a VarLenFeature all examples are to have as many values.
        example_names: has no effect.

    Raises:
        ShapeError: of a feature examples have different numbers of values.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> values = tf.train.Feature(float_list=tf.train.FloatList(value=[1, 2]))
        >>> data = tf.train.Example(features=tf.train.Features(feature={"x": values})).SerializeToString()
        >>> tf.io.parse_example([data, data], {"x": tf.io.FixedLenFeature([2], tf.float32)})["x"].tolist()
        [[1.0, 2.0], [1.0, 2.0]]

    Source: https://www.tensorflow.org/api_docs/python/tf/io/parse_example
    """
    texts = list(serialized) if isinstance(serialized, Tensor) and serialized.rank else items(serialized)
    if texts is None:
        raise ArgumentError(
            f"tf.io.parse_example: expected a tensor or a list of strings, received {shown(serialized)}."
        )
    rows = [parse_single_example(each, features, example_names) for each in texts]
    if not rows:
        raise ArgumentError("tf.io.parse_example: expected one example or more, received none.")
    for name in features:
        shapes = {row[name].shape for row in rows}
        if len(shapes) > 1:
            raise ShapeError(
                f"tf.io.parse_example: expected as many values of {name!r} in each example, received shapes "
                f"{sorted(shapes)}. Parse one by one, and use padded_batch."
            )
    return {name: ops.stack([row[name] for row in rows]) for name in features}


def _serialized(given: Any) -> bytes:
    found = given.numpy() if isinstance(given, Tensor) else given
    if not isinstance(found, bytes):
        raise ArgumentError(f"{_OWNER}: expected a string of bytes, received {shown(given)}.")
    return found


def _parsed(name: str, feature: Feature | None, wanted: Any) -> Tensor:
    if not isinstance(wanted, (FixedLenFeature, VarLenFeature)):
        raise ArgumentError(
            f"{_OWNER}: expected a FixedLenFeature or a VarLenFeature for {name!r}, received {shown(wanted)}."
        )
    dtype = "int32" if str(wanted.dtype) in ("int32", "int64") else str(wanted.dtype)
    values = feature.values if feature is not None else None
    if values is not None and values.dtype != dtype:
        raise DTypeError(f"{_OWNER}: expected {dtype} values of {name!r}, received {type(values).__name__}.")
    if isinstance(wanted, VarLenFeature):
        held = values.value if values is not None else []
        return _tensor(name, held, (len(held),), dtype)
    shape = (wanted.shape,) if isinstance(wanted.shape, int) else tuple(wanted.shape)
    if values is None or (not values.value and size(shape)):
        if wanted.default_value is None:
            raise ArgumentError(
                f"{_OWNER}: expected the feature {name!r}, but the example lacks it. default_value stands for it then."
            )
        return ops.broadcast_to(ops.tensor(wanted.default_value, None, dtype), shape)
    if len(values.value) != size(shape):
        raise ShapeError(
            f"{_OWNER}: expected {size(shape)} values of {name!r}, for shape {shape}, received {len(values.value)}."
        )
    return _tensor(name, values.value, shape, dtype)


def _tensor(name: str, values: list[Any], shape: tuple[int, ...], dtype: str) -> Tensor:
    if dtype == "int32" and not all(map(fits_int32, values)):
        wide = next(value for value in values if not fits_int32(value))
        raise RangeError(f"{_OWNER}: {name!r}: expected whole numbers of 32 bits, received {wide}.")
    return ops.tensor(values, list(shape), dtype)


def to_dense(sp_input: Any, default_value: Any = None, validate_indices: bool = True) -> Tensor:
    """Returns the tensor that was given: what `VarLenFeature` parses is dense here.

    Args:
        sp_input: a tensor.
        default_value, validate_indices: have no effect.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> values = tf.train.Feature(int64_list=tf.train.Int64List(value=[3, 5]))
        >>> data = tf.train.Example(features=tf.train.Features(feature={"x": values})).SerializeToString()
        >>> parsed = tf.io.parse_single_example(data, {"x": tf.io.VarLenFeature(tf.int64)})
        >>> tf.sparse.to_dense(parsed["x"])
        Tensor
            [3, 5]

    Source: https://www.tensorflow.org/api_docs/python/tf/sparse/to_dense
    """
    return constant(sp_input)


SPARSE: dict[str, Any] = {"to_dense": to_dense}
TRAIN: dict[str, Any] = {
    "BytesList": BytesList, "Example": Example, "Feature": Feature, "Features": Features, "FloatList": FloatList,
    "Int64List": Int64List,
}  # fmt: skip
IO: dict[str, Any] = {
    "FixedLenFeature": FixedLenFeature, "VarLenFeature": VarLenFeature, "parse_example": parse_example,
    "parse_single_example": parse_single_example,
}  # fmt: skip

__all__ = ["IO", "SPARSE", "TRAIN"]
