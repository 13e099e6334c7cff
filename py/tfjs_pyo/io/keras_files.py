"""Keras's own files, read as they are: `.h5`, `.keras`, `.weights.h5`; and weights in `.safetensors`."""

from __future__ import annotations

import io
import json
import math
import re
import struct
from array import array
from collections.abc import Iterator, Mapping
from itertools import chain, product
from typing import Any

from tfjs_pyo.errors import FormatError
from tfjs_pyo.io.artifacts import Artifacts
from tfjs_pyo.io.file_errors import format_errors
from tfjs_pyo.io.hdf5_reading import Dataset, HDF5File
from tfjs_pyo.io.weights import Spec, checked_spec
from tfjs_pyo.later import zipfile
from tfjs_pyo.ops.convert import flatten, pack

BY_PLACE = "keras-v3"
"""The format of artifacts whose weights are named by their places in the model, as `keras_places` tells them."""
BY_LAYER = "keras-h5"
"""The format of artifacts whose weights lie in groups of layers, in the order of the model."""
KERAS_FORMATS = (BY_PLACE, BY_LAYER)

_PACKED = 100
"""How many times larger than an archive its files may be; Keras does not compress them at all."""


def kind_of(name: str, content: bytes) -> str | None:
    r"""Returns 'hdf5', 'keras' or 'safetensors' for the bytes of a file that has one of these forms; else None.

    >>> kind_of("a.keras", b"PK\x03\x04"), kind_of("model.json", b"{}")
    ('keras', None)
    """
    if content[:8] == b"\x89HDF\r\n\x1a\n":
        return "hdf5"
    if content[:4] == b"PK\x03\x04":
        return "keras"
    return "safetensors" if name.endswith(".safetensors") else None


def keras_artifacts(name: str, content: bytes) -> Artifacts | None:
    """Returns the artifacts in the bytes of a file, or None where it has none of Keras's forms.

    Args:
        name: of the file.
        content: its bytes.

    Raises:
        FormatError: the file is broken.
    """
    return None if kind_of(name, content) is None else artifacts_in(name, content)


def artifacts_in(name: str, content: bytes) -> Artifacts:
    """Returns the artifacts in a file of Keras's; without 'modelTopology' where it holds weights only.

    Args:
        name: of the file, for errors.
        content: its bytes.

    Raises:
        FormatError: the file is broken.
    """
    kind = kind_of(name, content)
    with format_errors(name, "a model or weights of Keras's"):
        if kind == "keras":
            return _archive(name, content)
        return _hdf5(content) if kind == "hdf5" else _safetensors(name, content)


def _archive(name: str, content: bytes) -> Artifacts:
    """Returns what a `.keras` archive holds: config.json and model.weights.h5."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        if not {"config.json", "model.weights.h5"} <= names:
            raise FormatError(
                f"{name}: expected an archive of Keras's with config.json and model.weights.h5."
            )
        size = sum(info.file_size for info in archive.infolist())
        if size > _PACKED * len(content) + 2**20:
            raise FormatError(f"{name}: an archive of {len(content)} bytes is not to hold {size} bytes.")
        topology = json.loads(archive.read("config.json"))
        told = json.loads(archive.read("metadata.json")) if "metadata.json" in names else {}
        assets = [each for each in names if each.startswith("assets/") and not each.endswith("/")]
        return Artifacts(
            {
                **_hdf5(archive.read("model.weights.h5")),
                **({"assets": {each[7:]: archive.read(each) for each in assets}} if assets else {}),
                "modelTopology": {"keras_version": told.get("keras_version"), **topology},
            }
        )


def _hdf5(content: bytes) -> Artifacts:
    file = HDF5File(content)
    config = file.attrs.get("model_config")
    if config is None and not _names(file, "layer_names"):
        found = _collected(_by_place(file), _by_number(file), BY_PLACE)
        names = dict(_names_of_layers(file))
        for spec in found["weightSpecs"]:
            if (path := spec["name"].rpartition("vars/")[0]) in names:
                spec["layer"] = names[path]
        return found
    state = _by_name(file["optimizer_weights"], alone=True) if "optimizer_weights" in file else iter(())
    group = file.get("model_weights", file)
    found = _collected(_by_name(group), state, BY_LAYER)
    owners = [layer for layer in _names(group, "layer_names") for _ in _names(group[layer], "weight_names")]
    for spec, layer in zip(found["weightSpecs"], owners, strict=False):
        spec["layer"] = layer
    if config is not None:
        version = file.attrs.get("keras_version")
        found["modelTopology"] = {
            "keras_version": version,
            "model_config": json.loads(config),
        }
    if file.attrs.get("training_config") is not None:
        found["trainingConfig"] = json.loads(file.attrs["training_config"])
    return found


def _by_name(group: Any, alone: bool = False) -> Iterator[tuple[str, Any]]:
    """Yields the weights of Keras's older form, in order; `alone`: those of a group that has no layers."""
    for own in [group] if alone else [group[layer] for layer in _names(group, "layer_names")]:
        for name in _names(own, "weight_names"):
            yield name, own[name]


def _names(group: Any, key: str) -> list[str]:
    """Returns names in an attribute of a group; long lists of them are in several, numbered."""
    found = group.attrs.get(key)
    parts = [found] if found is not None else []
    while found is None and (part := group.attrs.get(f"{key}{len(parts)}")) is not None:
        parts.append(part)
    return [name for part in parts for name in ([part] if isinstance(part, str) else part)]


def _by_place(group: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yields the weights of Keras 3's form, each under its place."""
    if place.startswith(("optimizer", "metrics/")):
        return
    for key in group:
        item = group[key]
        if isinstance(item, Dataset):
            yield f"{place}{key}", item
        else:
            step = "layers" if key == _LAYERS_OF_213 else key
            yield from _by_place(item, f"{place}{step}/")


_LAYERS_OF_213 = "_layer_checkpoint_dependencies"
"""What TensorFlow 2.13 calls the layers of a model."""


def _names_of_layers(group: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yields the names of layers that groups of Keras 3's form note, by the places of the layers."""
    for key in group:
        item = group[key]
        if key == "vars" and item.attrs.get("name") is not None:
            yield place, str(item.attrs["name"])
        elif not isinstance(item, Dataset):
            step = "layers" if key == _LAYERS_OF_213 else key
            yield from _names_of_layers(item, f"{place}{step}/")


_FIRST = ("iteration", "learning_rate")


def state_name(number: int) -> str:
    """Returns the name of a part of an optimizer's state that Keras 3 keeps by numbers: the first two are no slots.

    >>> state_name(0), state_name(2)
    ('optimizer/iteration', 'optimizer/2')
    """
    return f"optimizer/{_FIRST[number] if number < len(_FIRST) else number}"


def state_number(name: str) -> int:
    """Returns the number that `state_name` has named."""
    last = name.rpartition("/")[2]
    return _FIRST.index(last) if last in _FIRST else int(last)


def _by_number(file: Any) -> Iterator[tuple[str, Any]]:
    """Yields the state of the optimizer in Keras 3's form, where two numbers come first and have no names."""
    held = file.get("optimizer") or {}
    variables = held.get("vars") or {}
    for number in sorted(map(int, variables)):
        yield state_name(number), variables[str(number)]


def _collected(weights: Iterator[tuple[str, Any]], state: Iterator[tuple[str, Any]], form: str) -> Artifacts:
    """Returns specs and bytes of weights and of the optimizer's state."""
    specs: list[Spec] = []
    parts = []
    for (name, data), group in chain(product(weights, [None]), product(state, ["optimizer"])):
        if not isinstance(data, Dataset):
            raise FormatError(f"HDF5: {name[:80]!r}: expected values, received a group.")
        values, dtype = _elements(name, data)
        spec: Spec = {"name": name, "shape": list(data.shape), "dtype": dtype}
        specs.append(spec if group is None else {**spec, "group": group})
        parts.append(values)
    return Artifacts(format=form, weightSpecs=specs, weightData=parts)


_SAME = {("f", 4): "float32", ("i", 4): "int32", ("b", 1): "bool"}
_CODES = {
    ("f", 4): "f", ("f", 8): "d", ("i", 1): "b", ("i", 2): "h", ("i", 4): "i", ("i", 8): "q",
    ("u", 1): "B", ("u", 2): "H", ("u", 4): "I", ("u", 8): "Q",
}  # fmt: skip


def _elements(name: str, data: Dataset) -> tuple[bytes, str]:
    """Returns the elements of a dataset in the widths that they have here, and their dtype."""
    kind, where = data.dtype, f"HDF5: {name[:80]!r}"
    found = (kind.kind, kind.size)
    if found not in _SAME and found not in _CODES and found != ("f", 2):
        raise FormatError(f"{where}: expected numbers, received texts.")
    values = data.values(name)
    if found in _SAME and not kind.big_endian:
        return values, _SAME[found]
    if found == ("f", 2):
        order = ">" if kind.big_endian else "<"
        return array("f", struct.unpack(f"{order}{len(values) // 2}e", values)).tobytes(), "float32"
    wide = array(_CODES[found], values)
    if kind.big_endian:
        wide.byteswap()
    if found == ("u", 2) and data.attrs.get("dtype") == "bfloat16":
        return array("I", (half << 16 for half in wide)).tobytes(), "float32"
    flat, _, dtype = flatten(wide, where)
    return pack(flat, dtype, where).tobytes(), dtype


# Safetensors

_READ = {
    "F32": ("float32", 4),
    "I32": ("int32", 4),
    "BOOL": ("bool", 1),
    "F16": ("float32", 2),
    "BF16": ("float32", 2),
}
_WIDE = {"F64": "d", "I64": "q", "U64": "Q", "U32": "I", "U16": "H", "I16": "h", "U8": "B", "I8": "b"}
"""Type codes of `array.array` for what is stored in other widths than here."""


def _safetensors(name: str, content: bytes) -> Artifacts:
    """Returns the weights of a `.safetensors` file. Source: https://huggingface.co/docs/safetensors"""
    (size,) = struct.unpack_from("<Q", content)
    if size > len(content) - 8:
        raise FormatError(f"{name}: expected a header of {size} bytes, but the file has {len(content)}.")
    header = json.loads(content[8 : 8 + size])
    if not isinstance(header, dict):
        raise FormatError(f"{name}: expected the header to be an object, received {type(header).__name__}.")
    specs: list[Spec] = []
    parts = []
    body = memoryview(content)[8 + size :]
    left = len(body)
    for key, told in header.items():
        if key != "__metadata__":
            spec, data, used = _safetensor(f"{name}: {key[:80]!r}", key, told, body)
            left -= used
            if left < 0:
                raise FormatError(
                    f"{name}: {key[:80]!r}: expected a place of its own, but others have it, too."
                )
            specs.append(spec)
            parts.append(data)
    return Artifacts(format="safetensors", weightSpecs=specs, weightData=parts)


def _safetensor(where: str, key: str, told: Any, body: memoryview) -> tuple[Spec, bytes, int]:
    """Returns spec and bytes of a tensor, and how many bytes of the file are its own."""
    if not isinstance(told, Mapping) or not isinstance(told.get("data_offsets"), list):
        raise FormatError(f"{where}: expected 'dtype', 'shape' and 'data_offsets'.")
    kind, offsets = str(told.get("dtype")), told["data_offsets"]
    if kind not in _READ and kind not in _WIDE:
        raise FormatError(
            f"{where}: expected a dtype of {', '.join([*_READ, *_WIDE])}, received {kind[:40]}."
        )
    dtype, width = _READ[kind] if kind in _READ else ("float32", array(_WIDE[kind]).itemsize)
    spec = checked_spec({"name": re.sub(r"\.", "/", key), "shape": told.get("shape"), "dtype": dtype})
    size = math.prod(spec["shape"]) * width
    if len(offsets) != 2 or not all(type(place) is int and 0 <= place <= len(body) for place in offsets):
        raise FormatError(
            f"{where}: expected 'data_offsets' from 0 to {len(body)}, received {str(offsets)[:80]}."
        )
    begin, end = offsets
    if end - begin != size:
        raise FormatError(f"{where}: expected {size} bytes, but its place is {begin} to {end}.")
    data = bytes(body[begin:end])
    if kind in _WIDE:
        flat, _, dtype = flatten(array(_WIDE[kind], data), where)
        return {**spec, "dtype": dtype}, pack(flat, dtype, where).tobytes(), size
    if kind == "F16":
        return {**spec, "quantization": {"dtype": "float16"}}, data, size
    if kind == "BF16":
        return spec, array("I", (half << 16 for half in array("H", data))).tobytes(), size
    return spec, data, size


__all__ = [
    "BY_LAYER",
    "BY_PLACE",
    "artifacts_in",
    "keras_artifacts",
    "kind_of",
    "state_name",
    "state_number",
]
