"""`model.save('x.keras')`: a model in the form of Keras 3, config and weights."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from tfjs_pyo import activations, ops
from tfjs_pyo.config import writing
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.errors import DTypeError
from tfjs_pyo.io.hdf5_writing import SIZES, Dataset, Group, hdf5_bytes
from tfjs_pyo.later import tempfile, zipfile
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.layers.conv_lstm import ConvCell
from tfjs_pyo.layers.holding import flatten_layers
from tfjs_pyo.layers.preprocessing import Normalization
from tfjs_pyo.layers.recurrent import GRUCell, LSTMCell
from tfjs_pyo.models.keras_files.objects import entry
from tfjs_pyo.models.keras_files.places import defines_own, keras_places

if TYPE_CHECKING:
    from tfjs_pyo.models.base import Model

Config = dict[str, Any]

_GATES = ((LSTMCell, (1, 1, 0, 1)), (GRUCell, (1, 1, 0)), (ConvCell, (1, 1, 0, 1)))
"""Which blocks of columns of a cell's weights are those of gates."""
_STRETCH = 1.2
"""Keras 3's hard_sigmoid of 1.2 x, relu6(1.2 x + 3) / 6, is that of TF.js and Keras 2 of x, clip(0.2 x + 0.5)."""
VERSION = "3.15.1"


class Compiled(NamedTuple):
    """How a model was compiled, in Keras's form, and its optimizer's state: tensors and numbers in Keras's order.

    Attributes:
        config: as `compile_from_config` takes it.
        state: of the optimizer and of those inside it.
        inner: that of those inside, by their places below it; Keras's files have it twice.
    """

    config: Config
    state: Sequence[Any] = ()
    inner: Mapping[str, Sequence[Any]] = MappingProxyType({})


def keras_archive(model: Model, compiled: Compiled | None = None) -> bytes:
    """Returns the bytes of a `.keras` file.

    Args:
        model: that is saved.
        compiled: how it was compiled, and the state of its optimizer.

    Where gates are TF.js's hard_sigmoid, their columns of the weights are stretched, so that Keras 3's computes the same.

    Raises:
        ArgumentError: the model holds something that Keras 3 has not, or means otherwise.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        saved = datetime.now().astimezone().strftime("%Y-%m-%d@%H:%M:%S")
        archive.writestr("metadata.json", json.dumps({"keras_version": VERSION, "date_saved": saved}))
        with writing(KERAS):
            told = entry(model)
        if compiled is not None:
            told["compile_config"] = compiled.config
        archive.writestr("config.json", json.dumps(told))
        archive.writestr("model.weights.h5", keras_weights(model, compiled))
        for name, asset in _assets(model):
            archive.writestr(name, asset)
    return content.getvalue()


def keras_weights(model: Layer, compiled: Compiled | None = None) -> bytes:
    """Returns the bytes of a `.weights.h5` file.

    Args:
        model: whose weights are written.
        compiled: the state of its optimizer.
    """
    root, gates = Group(), dict(gates_to_stretch(model))
    for place in keras_places(model):
        group = root.group(f"{place.path}vars")
        group.attributes["name"] = place.name
        if defines_own(place.layer, "save_own_variables"):
            store: dict[str, Any] = {}
            place.layer.save_own_variables(store)
            group.items = {str(key): dataset_of(value, key) for key, value in store.items()}
            continue
        for number, variable in enumerate(place.weights):
            group.items[str(number)] = dataset_of(stretched(variable.read(), gates.get(id(variable))))
        if isinstance(place.layer, Normalization) and place.weights:
            group.items[str(len(place.weights))] = dataset_of(
                0
            )  # Keras counts the samples, and has no use for the number
    if compiled is not None and compiled.state:
        states = {"": compiled.state, **{f"{place}/": state for place, state in compiled.inner.items()}}
        for path, state in states.items():
            group = root.group(f"optimizer/{path}vars")
            group.items = {str(number): dataset_of(values) for number, values in enumerate(state)}
    return hdf5_bytes(root)


def _assets(model: Layer) -> Iterator[tuple[str, bytes]]:
    """Yields names and contents of the files that layers save beside their weights."""
    for place in keras_places(model):
        if not defines_own(place.layer, "save_assets"):
            continue
        with tempfile.TemporaryDirectory() as folder:
            place.layer.save_assets(folder)
            for path in sorted(Path(folder).rglob("*")):
                if path.is_file():
                    inner = PurePosixPath(path.relative_to(folder))
                    yield f"assets/{place.path}{inner}", path.read_bytes()


def gates_to_stretch(layer: Any) -> Iterator[tuple[int, Sequence[int]]]:
    """Yields the ids of weights of cells whose gates are TF.js's hard_sigmoid, and which blocks of their columns are gates."""
    for each in flatten_layers(layer):
        blocks = next((blocks for kind, blocks in _GATES if isinstance(each, kind)), None)
        if blocks is not None and each.recurrent_activation is activations.hard_sigmoid:
            for weight in (each.kernel, each.recurrent_kernel, each.bias):
                yield id(weight), blocks


def stretched(values: Tensor, gates: Sequence[int] | None) -> Tensor:
    """Returns a weight as Keras 3 needs it.

    Args:
        values: the weight.
        gates: for each block of its columns, whether it is stretched for Keras 3's hard_sigmoid.
    """
    if gates is None:
        return values
    columns = values.shape[-1] // len(gates)
    factors = ops.tensor([_STRETCH if gate else 1.0 for gate in gates for _ in range(columns)])
    result: Tensor = ops.mul(values, factors)
    return result


def dataset_of(value: Any, name: Any = "") -> Dataset:
    """Returns a value as files have it.

    Args:
        value: a tensor, a variable, an array, or a number.
        name: for errors.
    """
    if isinstance(value, Variable):
        value = value.read()
    if isinstance(value, (bool, int)):
        return Dataset(int(value).to_bytes(8, "little", signed=True), (), "int64")
    if isinstance(value, Tensor):
        if value.dtype not in SIZES:
            raise DTypeError(f"save: {name}: expected numbers, received a tensor of dtype {value.dtype}.")
        return Dataset(value.data_sync().tobytes(), tuple(value.shape), value.dtype)
    if hasattr(value, "tobytes") and str(getattr(value, "dtype", "")) in SIZES:
        return Dataset(value.tobytes(), tuple(value.shape), str(value.dtype))
    return dataset_of(ops.tensor(value), name)


__all__ = [
    "VERSION", "Compiled", "dataset_of", "gates_to_stretch", "keras_archive", "keras_weights", "stretched",
]  # fmt: skip
