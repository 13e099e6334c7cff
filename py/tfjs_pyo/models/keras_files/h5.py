"""`model.save('x.h5')`: a model in the older form of Keras, which Keras 3 and TensorFlow's Keras read: a group for each layer.

Source: https://github.com/keras-team/keras/blob/master/keras/src/legacy/saving/legacy_h5_format.py
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tfjs_pyo.config import writing
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.io.hdf5_writing import Dataset, Group, hdf5_bytes
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.layers.preprocessing import Normalization
from tfjs_pyo.models.keras_files.archive import VERSION, Compiled, dataset_of, gates_to_stretch, stretched
from tfjs_pyo.models.keras_files.objects import entry
from tfjs_pyo.models.saving.topology import is_graph
from tfjs_pyo.models.saving.weight_names import named_weights

if TYPE_CHECKING:
    from tfjs_pyo.models.base import Model

Named = Sequence[tuple[str, Dataset]]


def keras_h5(model: Model, compiled: Compiled | None = None) -> bytes:
    """Returns the bytes of a `.h5` file.

    Args:
        model: a graph or a stack of layers.
        compiled: how it was compiled, and the state of its optimizer.

    Raises:
        ArgumentError: a model of another kind, or something in it that Keras has not.
    """
    if model._stack is None and not is_graph(model):
        raise ArgumentError(
            f"{model.display_name}: save: expected a graph or a stack of layers, as '.h5' files hold no other models. Save it "
            "to a path that ends in '.keras'."
        )
    with writing(KERAS):
        told = entry(model)
    topology = {"class_name": told["class_name"], "config": told["config"]}
    root = Group()
    root.attributes = {"keras_version": VERSION, "backend": "tfjs_pyo", "model_config": json.dumps(topology)}
    _weights(root.group("model_weights"), model)
    if compiled is not None:
        config = dict(compiled.config)
        optimizer: Any = config.pop("optimizer", None)
        root.attributes["training_config"] = json.dumps({**config, "optimizer_config": optimizer})
        kind = (
            optimizer.get("class_name", "optimizer").lower() if isinstance(optimizer, dict) else "optimizer"
        )
        first = ("iteration", "learning_rate")
        names = [
            f"{kind}/{first[n] if n < 2 and _is_number(v) else f'slot_{n}'}"
            for n, v in enumerate(compiled.state)
        ]
        state = [(name, dataset_of(value)) for name, value in zip(names, compiled.state, strict=True)]
        _fill(root.group("optimizer_weights"), state)
    return hdf5_bytes(root)


def _is_number(value: Any) -> bool:
    return not getattr(value, "shape", ())


def _weights(group: Group, model: Model) -> None:
    """Puts the weights of all layers into a group."""
    names, gates = {id(weight): name for name, weight in named_weights(model)}, dict(gates_to_stretch(model))
    group.attributes = {
        "layer_names": [layer.name for layer in model.layers],
        "backend": "tfjs_pyo",
        "keras_version": VERSION,
    }
    for layer in model.layers:
        weights = [
            (names[id(weight)], dataset_of(stretched(weight.read(), gates.get(id(weight)))))
            for weight in (*layer.trainable_weights, *layer.non_trainable_weights)
        ]
        counts = [each for each in _inside(layer) if isinstance(each, Normalization) and each._all_weights()]
        _fill(
            group.group(layer.name), [*weights, *((f"{each.name}/count", dataset_of(0)) for each in counts)]
        )
    _fill(group.group("top_level_model_weights"), [])


def _inside(layer: Layer) -> list[Layer]:
    return [layer, *(each for inner in layer._sublayers() for each in _inside(inner))]


def _fill(group: Group, weights: Named) -> None:
    """Puts values into a group in their order, each under its name."""
    group.attributes["weight_names"] = [name for name, _ in weights]
    for name, data in weights:
        path, _, last = name.rpartition("/")
        group.group(path).items[last] = data


__all__ = ["keras_h5"]
