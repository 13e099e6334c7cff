"""`keras.utils`: what programs need around models: arrays, files, images, datasets, objects by name."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from tfjs_pyo.documenting import complete
from tfjs_pyo.keras.absent import moved, require

_WHERE = {
    "directories": "audio_dataset_from_directory image_dataset_from_directory text_dataset_from_directory",
    "feature_space": "FeatureSpace",
    "files": "get_file",
    "images": "array_to_img img_to_array load_img save_img",
    "numeric": "normalize pad_sequences set_random_seed to_categorical",
    "tfjs_pyo.keras.config": "disable_interactive_logging enable_interactive_logging is_interactive_logging_enabled",
    "tfjs_pyo.dtype_names": "standardize_dtype",
    "tfjs_pyo.keras.saving": "CustomObjectScope custom_object_scope deserialize_keras_object get_custom_objects "
    "get_registered_name get_registered_object register_keras_serializable serialize_keras_object",
    "objects": "Config clear_session get_source_inputs is_keras_tensor",
    "tfjs_pyo.keras.packing": "pack_x_y_sample_weight unpack_x_y_sample_weight",
    "plotting": "model_to_dot plot_model",
    "samples": "Progbar PyDataset Sequence split_dataset timeseries_dataset_from_array",
}
"""The file that each name is in: it is loaded when the name is first used."""
_NAMES = {name: module for module, names in _WHERE.items() for name in names.split()}

_MODULES = ("bounding_boxes", "legacy")

__all__ = sorted([*_NAMES, *_MODULES])  # noqa: PLE0605 (names)


def __getattr__(name: str) -> Any:
    require("keras.utils", name)
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    if name not in _NAMES:
        if moved(__name__, name):
            return sys.modules[__name__]
        raise AttributeError(f"keras.utils has no {name!r}.")
    module = _NAMES[name] if "." in _NAMES[name] else f"{__name__}.{_NAMES[name]}"
    found = globals()[name] = getattr(importlib.import_module(module), name)
    return found


def __dir__() -> list[str]:
    return __all__


complete(globals())
