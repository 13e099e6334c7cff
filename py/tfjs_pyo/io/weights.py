"""Weights as bytes and back, in TensorFlow.js's form: one after the other, described by a list of specs."""

from __future__ import annotations

import math
import struct
from array import array
from collections.abc import AsyncIterable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtypes import ARRAY_CODE, DTYPES
from tfjs_pyo.errors import ArgumentError, DTypeError, FormatError
from tfjs_pyo.io.artifacts import Artifacts
from tfjs_pyo.io.buffers import Bytes, CompositeArrayBuffer
from tfjs_pyo.options import shown

Spec = dict[str, Any]

_BYTES = {"float32": 4, "int32": 4, "bool": 1, "complex64": 8, "float16": 2, "uint16": 2, "uint8": 1}
_CODES = {"uint8": "B", "uint16": "H"}
_LARGEST = 2**40
"""No weight has as many elements."""


async def encode_weights(tensors: Any, group: str | None = None) -> Artifacts:
    """Returns tensors as bytes, and the specs that describe them.

    Args:
        tensors: by name, or a list of `{'name', 'tensor'}`.
        group: noted in each spec, such as 'optimizer'.

    Returns:
        `{'data': bytes, 'specs': [{'name', 'shape', 'dtype'}]}`.

    Raises:
        DTypeError: something is no tensor.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> made = asyncio.run(tf.io.encodeWeights({"w": tf.tensor([1, 2])}))
        >>> len(made["data"]), made["specs"]
        (8, [{'name': 'w', 'shape': [2], 'dtype': 'float32'}])

    Source: https://js.tensorflow.org/api/latest/#io
    """
    entries = tensors if isinstance(tensors, (list, tuple)) else None
    if isinstance(tensors, Mapping):
        given = list(tensors.items())
    elif entries is not None and all(
        isinstance(e, Mapping) and {"name", "tensor"} <= e.keys() for e in entries
    ):
        given = [(e["name"], e["tensor"]) for e in entries]
    else:
        raise ArgumentError(
            f"encodeWeights: expected tensors by name, or a list of {{'name', 'tensor'}}, received {shown(tensors)}."
        )
    specs, parts = [], []
    for name, tensor in given:
        if not isinstance(tensor, Tensor):
            raise DTypeError(
                f"encodeWeights: expected {name!r} to be a tensor, received {type(tensor).__name__}."
            )
        spec: Spec = {"name": name, "shape": list(tensor.shape), "dtype": tensor.dtype}
        specs.append(spec if group is None else {**spec, "group": group})
        values = await tensor.data()
        parts.append(_strings_as_bytes(values) if tensor.dtype == "string" else values.tobytes())
    return Artifacts(data=b"".join(parts), specs=specs)


def _strings_as_bytes(values: Sequence[str | bytes]) -> bytes:
    parts = []
    for value in values:
        text = value.encode() if isinstance(value, str) else bytes(value)
        parts += [struct.pack("<I", len(text)), text]
    return b"".join(parts)


def decode_weights(
    weight_data: Bytes | Sequence[Bytes], specs: Iterable[Mapping[str, Any]]
) -> dict[str, Tensor]:
    """Returns the tensors that bytes stand for, by name.

    Args:
        weight_data: bytes, or pieces of them.
        specs: name, shape and dtype of each, in order; with 'quantization' the bytes are uint8, uint16 or float16.

    Raises:
        FormatError: a spec is broken, or there are not enough bytes.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.io.decodeWeights(bytes([0, 0, 128, 63]), [{"name": "w", "shape": [1], "dtype": "float32"}])["w"].array_sync()
        [1.0]

    Source: https://js.tensorflow.org/api/latest/#io
    """
    return {spec["name"]: tensor for spec, tensor in decoded(weight_data, specs)}


async def decode_weights_stream(weight_stream: Any, specs: Iterable[Mapping[str, Any]]) -> dict[str, Tensor]:
    """Returns the tensors that a stream of bytes stands for, by name.

    Args:
        weight_stream: an iterable, also an asynchronous one, of pieces of bytes.
        specs: as for `decode_weights`.

    Raises:
        FormatError: a spec is broken, or there are not enough bytes.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> specs = [{"name": "w", "shape": [2], "dtype": "int32"}]
        >>> pieces = [bytes([1, 0, 0]), bytes([0, 2, 0, 0, 0])]
        >>> asyncio.run(tf.io.decodeWeightsStream(pieces, specs))["w"].arraySync()
        [1, 2]

    Source: https://js.tensorflow.org/api/latest/#io
    """
    if isinstance(weight_stream, AsyncIterable):
        pieces = [piece async for piece in weight_stream]
    elif isinstance(weight_stream, Iterable):
        pieces = list(weight_stream)
    else:
        raise ArgumentError(
            f"decodeWeightsStream: expected an iterable of bytes, received {type(weight_stream).__name__}."
        )
    return decode_weights(pieces, specs)


def decoded(
    data: Bytes | Sequence[Bytes], specs: Iterable[Mapping[str, Any]], whole: bool = False
) -> Iterator[tuple[Spec, Tensor]]:
    """Yields each checked spec with its tensor.

    Args:
        data: bytes, or pieces of them.
        specs: name, shape and dtype of each.
        whole: whether no bytes may be left over.

    Raises:
        FormatError: a spec is broken, or there are not enough bytes.
    """
    for spec, content in pieces_of(data, specs, whole):
        yield spec, tensor_of(spec, content)


def pieces_of(
    data: Bytes | Sequence[Bytes], specs: Iterable[Mapping[str, Any]], whole: bool = False
) -> Iterator[tuple[Spec, bytes]]:
    """Yields each checked spec with the bytes of its weight; arguments and errors as for `decoded`."""
    if isinstance(specs, (str, bytes, Mapping)) or not isinstance(specs, Iterable):
        raise FormatError(f"weights: expected a list of specs, received {type(specs).__name__}.")
    buffer = CompositeArrayBuffer(data)
    offset = 0
    for given in specs:
        spec = checked_spec(given)
        size = _byte_length(spec, buffer, offset)
        if offset + size > buffer.byte_length:
            raise FormatError(
                f"weight {spec['name']!r}: expected {size} bytes for shape {spec['shape']} of {spec['dtype']}, but only "
                f"{max(buffer.byte_length - offset, 0)} of {buffer.byte_length} are left: the data are cut off, or the specs "
                "are wrong."
            )
        yield spec, buffer.slice(offset, offset + size)
        offset += size
    if whole and offset != buffer.byte_length:
        raise FormatError(f"weights: expected {offset} bytes for all specs, received {buffer.byte_length}.")


def checked_spec(given: Any) -> Spec:
    """Returns a spec of a weight with TF.js's keys.

    Raises:
        FormatError: it lacks something, or says what cannot be.
    """
    if not isinstance(given, Mapping):
        raise FormatError(
            f"weights: expected a spec with name, shape and dtype, received {type(given).__name__}."
        )
    name, shape, dtype = given.get("name"), given.get("shape"), given.get("dtype")
    if not isinstance(name, str):
        raise FormatError(
            f"weights: expected the name of a weight to be a string, received {type(name).__name__}."
        )
    where = f"weight {name[:80]!r}"
    fits = isinstance(shape, (list, tuple)) and all(
        isinstance(dim, int) and not isinstance(dim, bool) and 0 <= dim <= _LARGEST for dim in shape
    )
    if not fits or not isinstance(shape, (list, tuple)) or len(shape) > 64 or math.prod(shape) > _LARGEST:
        raise FormatError(
            f"{where}: expected 'shape' to be a list of integers from 0, received {str(shape)[:80]}."
        )
    if dtype not in DTYPES:
        raise FormatError(
            f"{where}: expected 'dtype' to be one of {', '.join(DTYPES)}, received {str(dtype)[:80]!r}."
        )
    if given.get("quantization") is not None:
        _check_quantization(where, dtype, given["quantization"])
    return {**given, "shape": list(shape)}


def _check_quantization(where: str, dtype: str, given: Any) -> None:
    stored = given.get("dtype") if isinstance(given, Mapping) else None
    if stored not in ("uint8", "uint16", "float16"):
        raise FormatError(
            f"{where}: expected it to be quantized as uint8, uint16 or float16, received {str(stored)[:40]!r}."
        )
    if dtype != "float32" and (stored == "float16" or dtype != "int32"):
        raise FormatError(f"{where}: expected a dtype that {stored} can stand for, received {dtype}.")
    for key in ("scale", "min"):
        value = given.get(key)
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300
        if stored != "float16" and not number:
            raise FormatError(
                f"{where}: expected 'quantization' with a number {key!r}, received {str(value)[:40]}."
            )


def stored_dtype(spec: Mapping[str, Any]) -> str:
    """Returns the dtype in which the bytes of a weight are."""
    found: str = (spec.get("quantization") or spec)["dtype"]
    return found


def most_bytes(specs: Iterable[Spec]) -> int | None:
    """Returns how many bytes weights of these checked specs have; None where strings are among them."""
    sizes = [
        None if spec["dtype"] == "string" else math.prod(spec["shape"]) * _BYTES[stored_dtype(spec)]
        for spec in specs
    ]
    return None if None in sizes else sum(size for size in sizes if size is not None)


def _byte_length(spec: Spec, buffer: CompositeArrayBuffer, offset: int) -> int:
    size = math.prod(spec["shape"])
    if spec["dtype"] != "string":
        return size * _BYTES[stored_dtype(spec)]
    position = offset
    for _ in range(size):
        if position + 4 > buffer.byte_length:
            return position + 4 - offset
        position += 4 + struct.unpack("<I", buffer.slice(position, position + 4))[0]
    return position - offset


def tensor_of(spec: Spec, data: bytes) -> Tensor:
    """Returns the tensor that bytes stand for; the spec is checked, and there are as many as it says."""
    shape, dtype = spec["shape"], spec["dtype"]
    if spec.get("quantization") is not None:
        return ops.tensor(_dequantized(data, dtype, spec["quantization"]), shape, dtype)
    if dtype == "string":
        return ops.tensor(_strings(data, math.prod(shape)), shape, "string")
    if dtype == "complex64":
        parts = array("f")
        parts.frombytes(data)
        return ops.complex(
            ops.tensor(parts[0::2], shape, "float32"), ops.tensor(parts[1::2], shape, "float32")
        )
    values = array(ARRAY_CODE[dtype])
    values.frombytes(data if dtype != "bool" else bytes(map(bool, data)))
    return ops.tensor(values, shape, dtype)


def _strings(data: bytes, count: int) -> list[str | bytes]:
    found: list[str | bytes] = []
    position = 0
    for _ in range(count):
        (length,) = struct.unpack_from("<I", data, position)
        text = data[position + 4 : position + 4 + length]
        position += 4 + length
        try:
            found.append(text.decode())
        except UnicodeDecodeError:
            found.append(text)
    return found


def _dequantized(data: bytes, dtype: str, quantization: Mapping[str, Any]) -> array[Any]:
    """Returns values of quantized ones: looked up in a table, as there are only so many different ones."""
    kind = quantization["dtype"]
    if kind == "float16":
        return array("f", struct.unpack(f"<{len(data) // 2}e", data))
    stored = array(_CODES[kind])
    stored.frombytes(data)
    scale, least = quantization["scale"], quantization["min"]
    table: list[float] = [code * scale + least for code in range(max(stored, default=0) + 1)]
    if dtype == "int32":
        held = [min(max(math.floor(value + 0.5), -(2**31)), 2**31 - 1) for value in table]
        return array("i", map(held.__getitem__, stored))
    return array("f", map(table.__getitem__, stored))


__all__ = [
    "Spec", "checked_spec", "decode_weights", "decode_weights_stream", "decoded", "encode_weights", "most_bytes",
    "pieces_of", "stored_dtype", "tensor_of",
]  # fmt: skip
