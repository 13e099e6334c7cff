"""FeatureSpaces in `.keras` files: written with all that they learned in their config, and read as Keras writes them."""

from __future__ import annotations

import io
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

from tfjs_pyo import naming
from tfjs_pyo.errors import ArgumentError, FormatError
from tfjs_pyo.io.artifacts import Artifacts
from tfjs_pyo.io.file_errors import storage_errors
from tfjs_pyo.io.hdf5_writing import Group, hdf5_bytes
from tfjs_pyo.io.weights import decode_weights
from tfjs_pyo.io.writing import write_atomically
from tfjs_pyo.keras.saving import deserialize_keras_object, serialize_keras_object
from tfjs_pyo.later import zipfile
from tfjs_pyo.models.keras_files.archive import VERSION

_MODULE = "keras.src.layers.preprocessing.feature_space"
"""Where Keras has the classes that no module of its API has."""


class Space(Protocol):
    """What is saved of a `FeatureSpace`."""

    preprocessors: dict[str, Any]
    _adapted: bool

    @property
    def features(self) -> Mapping[str, Any]:
        """What each column is, by its name."""

    def get_config(self) -> dict[str, Any]:
        """Returns what `from_config` takes."""

    @classmethod
    def from_config(cls, config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Any:
        """Returns a space."""


S = TypeVar("S", bound=Space)


def told(name: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """Returns an object of such a class as files have it."""
    return {"module": _MODULE, "class_name": name, "config": dict(config), "registered_name": name}


def layer_config(layer: Any) -> Any:
    """Returns a layer that may have been fitted to data as files have it, with what it learned."""
    found = serialize_keras_object(layer)
    weights = [weight.numpy().tolist() for weight in getattr(layer, "weights", ())]
    if found["class_name"] == "Normalization" and len(weights) == 2:
        found["config"].update(mean=weights[0], variance=weights[1])
    return found


def save(space: Space, filepath: str | os.PathLike[str]) -> None:
    """Writes a space to a file whose name ends with '.keras'."""
    path = Path(filepath)
    if path.suffix != ".keras":
        raise ArgumentError(
            f"FeatureSpace.save: expected a file that ends with '.keras', received {str(filepath)!r}."
        )
    config: dict[str, Any] = {
        "module": "keras.utils",
        "class_name": "FeatureSpace",
        "config": space.get_config(),
        "registered_name": None,
        "build_config": {name: {} for name in space.features},
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": VERSION}))
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", hdf5_bytes(Group()))
    with storage_errors("FeatureSpace.save", path, "written"):
        write_atomically(path, content.getvalue())


def space_of(artifacts: Artifacts, kind: type[S], custom_objects: Mapping[str, Any] | None = None) -> S:
    """Returns the space of a file.

    Raises:
        FormatError: the file is no such file.
    """
    config = artifacts["modelTopology"].get("config")
    if not isinstance(config, Mapping) or not isinstance(config.get("features"), Mapping):
        raise FormatError("load_model: expected the config of a FeatureSpace, with 'features'.")
    space: S = kind.from_config(config, custom_objects)
    specs, data = artifacts.get("weightSpecs") or [], artifacts.get("weightData")
    weights = decode_weights(data, specs) if data is not None and specs else {}
    assets = artifacts.get("assets") or {}
    for place, layer in _places(space):
        lines = assets.get(f"{place}/vocabulary.txt")
        if lines is not None and hasattr(layer, "set_vocabulary"):
            layer.set_vocabulary(lines.decode().split("\n"))
        moments = [weights[name] for name in (f"{place}/vars/0", f"{place}/vars/1") if name in weights]
        if len(moments) == 2 and not layer.built:
            layer.build((None, *moments[0].shape))
        if len(moments) == 2:
            layer.moving_mean.assign(moments[0])
            layer.moving_variance.assign(moments[1])
    space._adapted = True
    return space


def _places(space: Space) -> Iterator[tuple[str, Any]]:
    """Yields the layers of columns with their places in Keras's files."""
    counts: Counter[str] = Counter()
    for layer in space.preprocessors.values():
        kind = naming.keras_snake(type(layer).__name__)
        number = counts[kind]
        counts[kind] += 1
        yield f"preprocessors/{kind}{f'_{number}' * bool(number)}", layer


__all__ = ["deserialize_keras_object", "layer_config", "save", "space_of", "told"]
