"""The forms in which Keras 2, Keras 3 and TensorFlow.js save the options of a layer, brought to one."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.errors import FormatError
from tfjs_pyo.models.saving.topology import MAX_DEPTH

RENAMED: dict[str, dict[str, str]] = {
    "*": {"batchshape": "batch_input_shape", "dtypepolicy": "dtype"},
}
"""Keras 3's names of options, folded, and what they are called here; by class."""

WITHOUT_EFFECT = {
    naming.fold(name)
    for name in (
        "autocast", "backward_layer", "build_config", "cells", "input_axes", "lora_alpha", "optional", "output_axes", "rank",
        "renorm_momentum", "seed", "seed_generator", "shared_object_id", "zero_output_for_mask", "implementation",
        "query_shape", "key_shape", "value_shape", "vocabulary_size",
    )
}  # fmt: skip
"""Options of Keras that change no prediction."""

_UNUSED = {"SeparableConv1D": "kernel", "SeparableConv2D": "kernel", "DepthwiseConv2D": "kernel"}
"""What options of Keras's classes begin with that it saves but does not use: their kernels have other names."""

_USUAL = {
    "groups": 1,
    "attentionaxes": [1],
    "dataformat": "channels_last",
    "fillmode": "constant",
    "oovmethod": "floormod",
}
"""Options of Keras, and the value that layers have here."""

_WIDTHS = {
    "float32": ("float16", "bfloat16", "float64", "mixed_float16", "mixed_bfloat16", "half", "double"),
    "int32": ("int8", "int16", "int64", "uint8", "uint16", "uint32", "uint64"),
}
DTYPES = {
    **{dtype: dtype for dtype in ("float32", "int32", "bool", "complex64", "string")},
    **{name: dtype for dtype, names in _WIDTHS.items() for name in names},
}
"""The dtypes that files name, and which of ours they become."""


def require_depth(depth: int, where: str) -> None:
    """Raises FormatError where things are nested too deep."""
    if depth > MAX_DEPTH:
        raise FormatError(f"{where}: expected at most {MAX_DEPTH} levels of nesting.")


def shown(value: Any) -> str:
    """Returns a value for a message, cut where it is long."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:60]}... ({len(text)} characters)"


def class_and_config(value: Any, where: str) -> tuple[str, Any]:
    """Returns class name and config of a saved object.

    Raises:
        FormatError: it is none.
    """
    if not isinstance(value, Mapping):
        raise FormatError(
            f"{where}: expected an object with 'class_name' and 'config', received {shown(value)}."
        )
    keys = {naming.fold(key): item for key, item in value.items() if isinstance(key, str)}
    name, config = keys.get("classname"), keys.get("config", {})
    if not isinstance(name, str):
        raise FormatError(f"{where}: expected 'class_name' to be a string, received {shown(name)}.")
    return name, config


def without_version(name: str) -> str:
    """Returns a name of Keras 2 without the version of its API: 'softmax_v2' is softmax, 'BatchNormalizationV1' its class."""
    return re.sub(r"(_v|(?<=[a-zMU])V)[12]$", "", name)


def is_object(value: Any) -> bool:
    """Returns whether a JSON value stands for an object."""
    return isinstance(value, Mapping) and ("class_name" in value or "className" in value)


def plain(value: Any, where: str, depth: int = 0) -> Any:
    """Returns a JSON value with what Keras wraps in objects unwrapped: dtype policies, tuples, shapes, arrays, functions."""
    require_depth(depth, where)
    if isinstance(value, list):
        return [plain(item, where, depth + 1) for item in value]
    if not isinstance(value, Mapping):
        return value
    if value.get("type") == "ndarray" and "value" in value:  # how Keras 2 wrote numbers of NumPy
        return plain(value["value"], where, depth + 1)
    if not is_object(value):
        return {key: plain(item, where, depth + 1) for key, item in value.items()}
    name, config = class_and_config(value, where)
    if name in ("__tuple__", "TensorShape"):
        return plain(list(value.get("items", ())), where, depth + 1)
    inner = config if isinstance(config, Mapping) else {}
    if name in ("__numpy__", "__tensor__"):
        return inner.get("value")
    if name.endswith("Policy"):
        return inner.get("name")
    if name == "function" and isinstance(config, str):
        return config
    return value


def dtype_of(value: Any, where: str) -> str:
    """Returns which of our dtypes a saved one becomes: float16 and float64 are float32 here, integers int32.

    Raises:
        FormatError: it is no dtype.
    """
    found = DTYPES.get(value) if isinstance(value, str) else None
    if found is None:
        raise FormatError(
            f"{where}: expected 'dtype' to be one of {', '.join(DTYPES)}, received {shown(value)}."
        )
    return found


def known_options(
    kind: str, config: Mapping[str, Any], fields: Mapping[str, Any], where: str
) -> dict[str, Any]:
    """Returns the options that a class of ours has, under their names here.

    An option that it does not have is left out; where that may matter a warning says so.

    Args:
        kind: name of the class.
        config: as saved.
        fields: of the class.
        where: for messages.
    """
    given = {name: f for name, f in fields.items() if f.argument}
    spelled = {naming.fold(f.keras_name): name for name, f in given.items() if f.keras_name}
    spelled.update({naming.fold(name): name for name in given})
    renamed = {**RENAMED["*"], **RENAMED.get(kind, {})}
    result: dict[str, Any] = {}
    for key, value in config.items():
        folded = naming.fold(str(key))
        name = spelled.get(naming.fold(renamed.get(folded, folded)))
        if name is not None:
            # Keras saves some options twice, under an old and a new name.
            result[name] = value if value is not None else result.get(name)
        elif _matters(kind, folded, value):
            warnings.warn(
                f"{where}: the option {str(key)[:40]!r} = {shown(value)} is not known here and has no effect.",
                stacklevel=2,
            )
    axis = result.get("axis")
    if kind == "BatchNormalization" and isinstance(axis, list) and len(axis) == 1:
        result["axis"] = axis[0]  # Keras 2 lists it
    if result.get("dtype") is not None:
        result["dtype"] = dtype_of(plain(result["dtype"], where), where)
    elif "dtype" in result:
        del result["dtype"]
    return result


def _matters(kind: str, folded: str, value: Any) -> bool:
    if (
        not value or folded in WITHOUT_EFFECT or kind == "RNN"
    ):  # TensorFlow.js gives an RNN its cell's options as well
        return False
    if kind in _UNUSED and folded.startswith(_UNUSED[kind]) and folded != "kernelsize":
        return False
    return folded not in _USUAL or value != _USUAL[folded]


__all__ = [
    "MAX_DEPTH",
    "class_and_config", "dtype_of", "is_object", "known_options", "plain", "require_depth", "shown",
    "without_version",
]  # fmt: skip
