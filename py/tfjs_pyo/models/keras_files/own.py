"""What layers of users' own classes keep in Keras's files in their own way: variables by `load_own_variables`, and files."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import FormatError
from tfjs_pyo.later import tempfile
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.models.keras_files.places import defines_own, keras_places

OWN = "own"
"""The group of weights in a file that a layer takes in its own way."""


def own_variables(model: Layer) -> Collection[int]:
    """Returns the ids of the weights of layers that load them in their own way."""
    own = [place for place in keras_places(model) if defines_own(place.layer, "load_own_variables")]
    return {id(weight) for place in own for weight in place.weights}


def load_own_variables(model: Layer, stores: Mapping[str, Mapping[str, Tensor]]) -> None:
    """Gives layers what they saved in their own way.

    Args:
        model: with such layers.
        stores: values by name, by the places of the layers.
    """
    for place in keras_places(model) if stores else ():
        if place.path in stores:
            layer: Any = place.layer
            arrays = getattr(layer, "_arrays_of", dict)
            layer.load_own_variables(arrays(stores[place.path]))


def load_assets(model: Layer, assets: Mapping[str, bytes]) -> None:
    """Gives layers the files that they saved beside their weights.

    Args:
        model: with such layers.
        assets: contents by path, which begins with the place of the layer.

    Raises:
        FormatError: a path that leaves its folder.
    """
    for place in keras_places(model) if assets else ():
        own = {
            name.removeprefix(place.path): data
            for name, data in assets.items()
            if name.startswith(place.path)
        }
        if not own or not defines_own(place.layer, "load_assets"):
            continue
        with tempfile.TemporaryDirectory() as folder:
            for name, data in own.items():
                path = Path(folder, name)
                if ".." in path.parts or not path.is_relative_to(folder):
                    raise FormatError(
                        f"{place.name}: load: expected a file below its folder, received {name[:80]!r}."
                    )
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            place.layer.load_assets(folder)


__all__ = ["OWN", "load_assets", "load_own_variables", "own_variables"]
