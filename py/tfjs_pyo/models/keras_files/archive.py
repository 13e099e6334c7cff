"""`model.save('x.keras')`: a model in the form of Keras 3, config and weights."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from tfjs_pyo import activations
from tfjs_pyo.config import writing
from tfjs_pyo.constraints import Constraint
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.initializers import Initializer
from tfjs_pyo.io.hdf5 import hdf5_module
from tfjs_pyo.layers.attention_layers import MultiHeadAttention
from tfjs_pyo.layers.base import Layer, LayerCall, SymbolicTensor
from tfjs_pyo.layers.conv_lstm import ConvLSTM2D, ConvLSTM2DCell
from tfjs_pyo.layers.core import Lambda
from tfjs_pyo.layers.holding import flatten_layers
from tfjs_pyo.layers.operations import Operation
from tfjs_pyo.layers.recurrent import GRU, LSTM, GRUCell, LSTMCell
from tfjs_pyo.layers.rnn_layers import Recurrent
from tfjs_pyo.layers.wrappers import Bidirectional
from tfjs_pyo.losses.classes import Loss
from tfjs_pyo.metrics.base import Metric
from tfjs_pyo.models.endpoints import saved_places
from tfjs_pyo.models.graph_order import calls_of_layers
from tfjs_pyo.models.keras_files.places import keras_places
from tfjs_pyo.models.saving.topology import is_graph, without_batch_size
from tfjs_pyo.optimizers.base import Optimizer
from tfjs_pyo.optimizers.schedules import LearningRateSchedule
from tfjs_pyo.regularizers import Regularizer

if TYPE_CHECKING:
    from tfjs_pyo.models.base import Model

Config = dict[str, Any]

_MODULES = {"initializer": "initializers", "regularizer": "regularizers", "constraint": "constraints"}
_GATES = ((LSTMCell, (1, 1, 0, 1)), (GRUCell, (1, 1, 0)), (ConvLSTM2DCell, (1, 1, 0, 1)))
"""Which blocks of columns of a cell's weights are those of gates."""
_STRETCHED = (LSTM, GRU, ConvLSTM2D, LSTMCell, GRUCell, ConvLSTM2DCell)
_STRETCH = 1.2
"""Keras 3's hard_sigmoid of 1.2 x, relu6(1.2 x + 3) / 6, is that of TF.js and Keras 2 of x, clip(0.2 x + 0.5)."""
_VERSION = "3.15.1"
_KINDS: tuple[tuple[type, str], ...] = (
    (Initializer, "keras.initializers"), (Regularizer, "keras.regularizers"), (Constraint, "keras.constraints"),
    (Optimizer, "keras.optimizers"), (LearningRateSchedule, "keras.optimizers.schedules"), (Loss, "keras.losses"),
    (Metric, "keras.metrics"),
)  # fmt: skip
"""The modules in which Keras has classes of other kinds than layers."""


class Compiled(NamedTuple):
    """How a model was compiled, in Keras's form, and its optimizer's state: arrays in Keras's order."""

    config: Config
    state: list[Any]


def keras_archive(model: Model, compiled: Compiled | None = None) -> bytes:
    """Returns the bytes of a `.keras` file.

    Args:
        model: that is saved.
        compiled: how it was compiled, and the state of its optimizer.

    Where gates are TF.js's hard_sigmoid, their columns of the weights are stretched, so that Keras 3's computes the same.

    Raises:
        ArgumentError: the model holds something that Keras 3 has not, or means otherwise.
        StorageError: h5py, which writes HDF5, cannot be had.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        saved = datetime.now().astimezone().strftime("%Y-%m-%d@%H:%M:%S")
        archive.writestr("metadata.json", json.dumps({"keras_version": _VERSION, "date_saved": saved}))
        with writing(KERAS):
            entry = _entry(model)
        if compiled is not None:
            entry["compile_config"] = compiled.config
        archive.writestr("config.json", json.dumps(entry))
        archive.writestr("model.weights.h5", keras_weights(model, compiled.state if compiled else ()))
    return content.getvalue()


def saved_form(item: Any) -> Config:
    """Returns a layer, a model or another object with a config in Keras 3's form."""
    with writing(KERAS):
        if isinstance(item, Layer):
            return _entry(item)
        kind, config = item.saved_class_name(), item.get_config()
    module = next((name for base, name in _KINDS if isinstance(item, base)), "")
    ours = type(item).__module__.startswith("tfjs_pyo.")
    return _object(kind, module if ours else "", config, None if ours else kind)


def keras_weights(model: Layer, state: Sequence[Any] = ()) -> bytes:
    """Returns the bytes of a `.weights.h5` file.

    Args:
        model: whose weights are written.
        state: of its optimizer, arrays in Keras's order.
    """
    content, gates = io.BytesIO(), dict(_gates_to_stretch(model))
    with hdf5_module("h5py").File(content, "w") as file:
        for place in keras_places(model):
            file.require_group(f"{place.path}vars").attrs["name"] = place.name
            for number, variable in enumerate(place.weights):
                _write(file, f"{place.path}vars/{number}", variable, gates.get(id(variable)))
        for number, values in enumerate(state):
            file.create_dataset(f"optimizer/vars/{number}", data=values)
    return content.getvalue()


def _gates_to_stretch(layer: Any) -> Iterator[tuple[int, Sequence[int]]]:
    """Yields the ids of weights of cells whose gates are TF.js's hard_sigmoid, and which blocks of their columns are gates."""
    for each in flatten_layers(layer):
        blocks = next((blocks for kind, blocks in _GATES if isinstance(each, kind)), None)
        if blocks is not None and each.recurrent_activation is activations.hard_sigmoid:
            for weight in (each.kernel, each.recurrent_kernel, each.bias):
                yield id(weight), blocks


def _write(file: Any, place: str, variable: Variable, gates: Sequence[int] | None) -> None:
    """Writes a weight.

    Args:
        file: of h5py.
        place: where it lies.
        variable: the weight.
        gates: for each block of its columns, whether it is stretched for Keras 3's hard_sigmoid.
    """
    values = variable.read().numpy()
    if gates is not None:
        columns = values.shape[-1] // len(gates)
        factors = [_STRETCH if gate else 1.0 for gate in gates for _ in range(columns)]
        values = (values * factors).astype(values.dtype)
    file.create_dataset(place, data=values)


# Config


def _object(kind: str, module: str, config: Any, registered: str | None = None) -> Config:
    return {"module": module, "class_name": kind, "config": config, "registered_name": registered}


def _entry(layer: Layer) -> Config:
    """Returns a layer or model in Keras 3's form."""
    if layer._is_model:
        stack = layer._stack
        if stack is not None:
            return _object("Sequential", "keras", _stacked(layer, stack))
        if is_graph(layer):
            return _object("Functional", "keras.src.models.functional", _graph(layer), "Functional")
    if isinstance(layer, Lambda):
        raise ArgumentError(
            f"{layer.display_name}: save: code is not saved; Keras could not make this Lambda layer again."
        )
    kind = layer.get_class_name()
    _warn_of_pixels(layer, kind)
    config = {name: _value(layer, name, value) for name, value in layer.get_config().items()}
    if kind.startswith("SpatialDropout"):
        del config["trainable"]  # the only layers of Keras that do not take it
    config.pop("batch_input_shape", None)
    if kind == "InputLayer":
        shape = list(layer.batch_input_shape or ())
        config = {"batch_shape": shape, "dtype": layer.dtype, "name": layer.name}
    if isinstance(layer, Bidirectional):
        config["layer"] = _entry(layer.forward_layer)
        config["backward_layer"] = _entry(layer.backward_layer)
    ours = type(layer).__module__.startswith("tfjs_pyo.")
    if isinstance(layer, Operation):
        layer._require_variables_of_its_own()  # Keras says that it does not know it
        return _object(kind, "tfjs_pyo.layers", config, f"tfjs_pyo>{kind}")
    return _object(kind, "keras.layers" if ours else "", config, None if ours else kind)


def _warn_of_pixels(layer: Any, kind: str) -> None:
    """Warns where Keras 3 resizes images otherwise."""
    resizes = kind == "Resizing" or (kind == "UpSampling2D" and layer.interpolation == "bilinear")
    if resizes and not layer.half_pixel_centers:
        warnings.warn(
            f"{layer.display_name}: save: Keras 3 places the pixels of {kind} otherwise than TensorFlow.js: predictions will "
            "differ. Make the layer with half_pixel_centers=True.",
            stacklevel=2,
        )


def _value(layer: Layer, name: str, value: Any) -> Any:
    stretched = name == "recurrent_activation" and isinstance(layer, _STRETCHED)
    if getattr(layer, name, None) is activations.hard_sigmoid and not stretched:
        raise ArgumentError(
            f"{layer.display_name}: save: hard_sigmoid is another function in Keras 3 than in TensorFlow.js. Make the layer with "
            f"{name}='sigmoid', or save it in TensorFlow.js's form, to a folder."
        )
    held = getattr(layer, name, None)
    if isinstance(held, Layer):
        return _entry(held)
    if isinstance(held, list) and held and all(isinstance(each, Layer) for each in held):
        return [_entry(each) for each in held]
    module = _MODULES.get(name.rpartition("_")[2])
    if module is not None and isinstance(value, Mapping):
        return _object(value["class_name"], f"keras.{module}", value["config"])
    return value


def _stacked(model: Any, stack: list[Layer]) -> Config:
    layers = [_entry(layer) for layer in stack]
    shapes = model._input_specs()
    shape = list(shapes[0][1]) if shapes else without_batch_size(model._first_built or ())
    if layers[0]["class_name"] != "InputLayer" and shape:
        given = {"batch_shape": shape, "dtype": "float32", "name": f"{stack[0].name}_input"}
        layers.insert(0, _object("InputLayer", "keras.layers", given))
    return {"name": model.name, "trainable": model.trainable, "layers": layers}


def _graph(model: Any) -> Config:
    calls = calls_of_layers(model.layers, model._calls)

    def place(symbol: SymbolicTensor) -> list[Any]:
        number = 0 if symbol.call is None else calls[symbol.layer].index(symbol.call)
        return [symbol.layer.name, number, symbol.index]

    def end(symbol: SymbolicTensor) -> list[Any]:
        name, number, index = place(symbol)
        return [name, number + is_graph(symbol.layer), index]  # there Keras counts a graph's own making, too

    def tensor(symbol: SymbolicTensor) -> Config:
        config = {"shape": list(symbol.shape), "dtype": symbol.dtype, "keras_history": place(symbol)}
        return {"class_name": "__keras_tensor__", "config": config}

    def use(layer: Layer, call: LayerCall) -> Config:
        first, options = call.given([tensor(symbol) for symbol in call.inputs])
        given = [first] if call.single else list(first) if isinstance(first, (list, tuple)) else []
        if isinstance(layer, (Recurrent, Bidirectional)) and len(given) > 1:
            return {"args": given[:1], "kwargs": {**options, "initial_state": given[1:]}}
        if isinstance(layer, MultiHeadAttention):
            return {"args": given, "kwargs": options}
        return {"args": [first], "kwargs": options}

    layers = [
        {**_entry(layer), "name": layer.name, "inbound_nodes": [use(layer, call) for call in own]}
        for layer, own in calls.items()
    ]
    return {
        "name": model.name,
        "trainable": model.trainable,
        "layers": layers,
        "input_layers": saved_places(model._input_structure, [end(symbol) for symbol in model._input_list]),
        "output_layers": saved_places(
            model._output_structure, [end(symbol) for symbol in model._output_list]
        ),
    }


__all__ = ["Compiled", "keras_archive", "keras_weights", "saved_form"]
