"""Objects as JSON in the form of Keras 3: layers and models with what they are made of, optimizers and their kin, functions."""

from __future__ import annotations

import base64
import marshal
import warnings
from collections.abc import Mapping
from types import FunctionType
from typing import Any

from tfjs_pyo import activations
from tfjs_pyo.config import Configurable, writing
from tfjs_pyo.constraints import Constraint
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.forms import declared_name
from tfjs_pyo.initializers import Initializer
from tfjs_pyo.layers.attention_layers import MultiHeadAttention
from tfjs_pyo.layers.base import Layer, LayerCall, SymbolicTensor
from tfjs_pyo.layers.conv_lstm import ConvCell, ConvLSTM
from tfjs_pyo.layers.core import Lambda
from tfjs_pyo.layers.holding import is_ours
from tfjs_pyo.layers.operations import Operation
from tfjs_pyo.layers.recurrent import GRU, LSTM, GRUCell, LSTMCell
from tfjs_pyo.layers.rnn_layers import Recurrent
from tfjs_pyo.layers.wrappers import Bidirectional
from tfjs_pyo.losses.classes import Loss
from tfjs_pyo.metrics.base import Metric
from tfjs_pyo.models.endpoints import saved_places
from tfjs_pyo.models.graph_order import calls_of_layers
from tfjs_pyo.models.keras_files.operations import keras_operation
from tfjs_pyo.models.saving.topology import is_graph, without_batch_size
from tfjs_pyo.optimizers.base import Optimizer
from tfjs_pyo.optimizers.schedules import LearningRateSchedule
from tfjs_pyo.regularizers import Regularizer
from tfjs_pyo.serialization import get_registered_name

Config = dict[str, Any]

_MODULES = {"initializer": "initializers", "regularizer": "regularizers", "constraint": "constraints"}
_STRETCHED = (LSTM, GRU, ConvLSTM, LSTMCell, GRUCell, ConvCell)
"""Layers whose weights are stretched so that Keras 3's hard_sigmoid computes what TensorFlow.js's does."""
_KINDS: tuple[tuple[type, str], ...] = (
    (Initializer, "keras.initializers"), (Regularizer, "keras.regularizers"), (Constraint, "keras.constraints"),
    (Optimizer, "keras.optimizers"), (LearningRateSchedule, "keras.optimizers.schedules"), (Loss, "keras.losses"),
    (Metric, "keras.metrics"),
)  # fmt: skip
"""The modules in which Keras has classes of other kinds than layers."""


def serialized(value: Any) -> Any:
    """Returns a value as Keras 3 has it in JSON.

    Args:
        value: a layer, a model, an optimizer, ..., a function, a tensor, an array, or lists and dicts of such.

    Raises:
        OptionError: something of another kind.
    """
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (Layer, Configurable)):
        return saved_form(value)
    if isinstance(value, Mapping):
        return {str(key): serialized(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [serialized(item) for item in value]
    return _plain_object(value)


def _plain_object(value: Any) -> Any:
    """Returns what is no object with a config as JSON: functions, tensors, arrays, parts of indexes."""
    if isinstance(value, bytes):
        return {"class_name": "__bytes__", "config": {"value": value.decode()}}
    if isinstance(value, slice):
        parts = {name: serialized(getattr(value, name)) for name in ("start", "stop", "step")}
        return {"class_name": "__slice__", "config": parts}
    if value is Ellipsis:
        return {"class_name": "__ellipsis__", "config": {}}
    if isinstance(value, (Tensor, Variable)):
        told = {"value": value.tolist(), "dtype": value.dtype}
        return {"class_name": "__tensor__", "config": told}
    if hasattr(value, "tolist") and hasattr(value, "dtype"):
        held = {"value": value.tolist(), "dtype": str(value.dtype)}
        return {"class_name": "__numpy__", "config": held} if getattr(value, "ndim", 0) else value.tolist()
    if isinstance(value, FunctionType) and value.__name__ == "<lambda>":
        return {"class_name": "__lambda__", "config": {"value": list(dumped(value).values())}}
    if isinstance(value, type):
        return {
            "module": None,
            "class_name": value.__name__,
            "config": None,
            "registered_name": get_registered_name(value),
        }
    if hasattr(value, "get_config"):
        name = get_registered_name(type(value))
        return {
            "module": None,
            "class_name": type(value).__name__,
            "config": serialized(value.get_config()),
            "registered_name": name,
        }
    if callable(value) and hasattr(value, "__name__"):
        name = getattr(value, "keras_name", None) or get_registered_name(value)
        return {"module": "builtins", "class_name": "function", "config": name, "registered_name": "function"}
    raise OptionError(
        f"serialize_keras_object: expected an object with a config, a function or values, received {type(value).__name__}."
    )


def dumped(function: FunctionType) -> Config:
    """Returns the code of a function without a name, as Keras has it: whoever loads it must allow it with safe_mode=False."""
    cells = None if function.__closure__ is None else [cell.cell_contents for cell in function.__closure__]
    if not all(isinstance(cell, (bool, int, float, str, type(None))) for cell in cells or ()):
        raise ArgumentError(
            "save: a lambda uses a variable around it that JSON cannot hold. Make it a function with a name, and register it "
            "with keras.saving.register_keras_serializable()."
        )
    code = base64.encodebytes(marshal.dumps(function.__code__)).decode()
    return {"code": code, "defaults": serialized(function.__defaults__), "closure": cells}


def saved_form(item: Any) -> Config:
    """Returns a layer, a model or another object with a config in Keras 3's form."""
    with writing(KERAS):
        if isinstance(item, Layer):
            return entry(item)
        kind, config = item.saved_class_name(), item.get_config()
    if not is_ours(type(item)):
        return _own_object(type(item), config)
    module = next((name for base, name in _KINDS if isinstance(item, base)), "")
    held = {f.name_in(KERAS): vars(item).get(name) for name, f in type(item).fields.items()}
    config.update({key: saved_form(held[key]) for key in config if isinstance(held.get(key), Configurable)})
    return _object(kind, module, {name: serialized(value) for name, value in config.items()})


def _object(kind: str, module: str | None, config: Any, registered: str | None = None) -> Config:
    return {"module": module, "class_name": kind, "config": config, "registered_name": registered}


def _own_object(cls: type, config: Any) -> Config:
    """Returns an object of a class of a user's own."""
    if not isinstance(config, Mapping):
        raise ArgumentError(
            f"{cls.__name__}: expected get_config() to return a dict, received {type(config).__name__}."
        )
    name = vars(cls).get("registered_name") or get_registered_name(cls)
    told = {str(key): serialized(value) for key, value in config.items() if key != "batch_input_shape"}
    return _object(declared_name(cls) or cls.__name__, None, told, name)


def entry(layer: Layer) -> Config:
    """Returns a layer or model in Keras 3's form, which another API's names must not be written in meanwhile."""
    cls = getattr(type(layer), "_stands_for", None)
    cls = type(layer) if cls is None or is_ours(cls) else cls
    if layer._is_model:
        stack = layer._stack
        if stack is not None:
            return _model("Sequential", "keras", cls, _stacked(layer, stack), None)
        if is_graph(layer):
            return _model("Functional", "keras.src.models.functional", cls, _graph(layer), "Functional")
    if not is_ours(cls):
        return _built(_own_object(cls, layer.get_config()), layer)
    kind = layer.get_class_name()
    _warn_of_pixels(layer, kind)
    config = {name: _value(layer, name, value) for name, value in layer.get_config().items()}
    if kind.startswith("SpatialDropout"):
        del config["trainable"]  # the only layers of Keras that do not take it
    config.pop("batch_input_shape", None)
    if kind == "InputLayer":
        shape = list(layer.batch_input_shape or ())
        config = {"batch_shape": shape, "dtype": layer.dtype, "name": layer.name}
    if isinstance(layer, Lambda):
        config.update(_functions(layer))
    if isinstance(layer, Bidirectional):
        config["layer"] = entry(layer.forward_layer)
        config["backward_layer"] = entry(layer.backward_layer)
    if isinstance(layer, Operation):
        layer._require_variables_of_its_own()  # Keras says that it does not know it
        return _object(kind, "tfjs_pyo.layers", config, f"tfjs_pyo>{kind}")
    return _object(kind, type(layer).keras_module.removeprefix("tfjs_pyo."), config)


def _model(kind: str, module: str, cls: type, config: Config, registered: str | None) -> Config:
    """Returns a stack or a graph: of a class of a user's own under the name of that."""
    return _object(kind, module, config, registered) if is_ours(cls) else _own_object(cls, config)


def _built(told: Config, layer: Layer) -> Config:
    """Adds what a layer of a user's own was built with."""
    ask = getattr(layer, "get_build_config", None)
    built = ask() if ask is not None else None
    return told if built is None else {**told, "build_config": serialized(built)}


def _functions(layer: Lambda) -> Config:
    """Returns the functions of a Lambda layer."""

    def told(value: Any) -> Any:
        if isinstance(value, FunctionType) and value.__name__ == "<lambda>":
            return {"class_name": "__lambda__", "config": dumped(value)}
        return serialized(value)

    found = {name: getattr(layer, name) for name in ("function", "output_shape", "mask")}
    return {
        **{name: told(value) for name, value in found.items() if value is not None},
        "arguments": serialized(layer.arguments or {}),
    }


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
    held = getattr(layer, name, None)
    if held is activations.hard_sigmoid and not stretched:
        raise ArgumentError(
            f"{layer.display_name}: save: hard_sigmoid is another function in Keras 3 than in TensorFlow.js. Make the layer with "
            f"{name}='sigmoid', or save it in TensorFlow.js's form, to a folder."
        )
    if isinstance(held, Layer):
        return entry(held)
    if isinstance(held, list) and held and all(isinstance(each, Layer) for each in held):
        return [entry(each) for each in held]
    if isinstance(held, FunctionType) and not is_ours_function(held):
        return serialized(held)
    module = _MODULES.get(name.rpartition("_")[2])
    if module is not None and isinstance(held, Configurable) and not is_ours(type(held)):
        return saved_form(held)
    if module is not None and isinstance(value, Mapping):
        return _object(value["class_name"], f"keras.{module}", value["config"])
    return value


def is_ours_function(function: FunctionType) -> bool:
    """Returns whether a function is of this package."""
    return function.__module__.partition(".")[0] == __name__.partition(".")[0]


def _stacked(model: Any, stack: list[Layer]) -> Config:
    layers = [entry(layer) for layer in stack]
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
        first, options = call.given(_Saved.of([tensor(symbol) for symbol in call.inputs]))
        first = _with_tensors(first)
        options = {name: _with_tensors(value) for name, value in options.items()}
        given = [first] if call.single else list(first) if isinstance(first, (list, tuple)) else []
        if isinstance(layer, (Recurrent, Bidirectional)) and len(given) > 1:
            return {"args": given[:1], "kwargs": {**options, "initial_state": given[1:]}}
        if isinstance(layer, MultiHeadAttention):
            return {"args": given, "kwargs": options}
        return {"args": [first], "kwargs": options}

    def saved(layer: Layer, own: list[LayerCall]) -> Config:
        tensors = [[tensor(symbol) for symbol in call.inputs] for call in own]
        op = keras_operation(layer, tensors) if isinstance(layer, Operation) else None
        if op is not None:
            return op
        return {**entry(layer), "name": layer.name, "inbound_nodes": [use(layer, call) for call in own]}

    return {
        "name": model.name,
        "trainable": model.trainable,
        "layers": [saved(layer, own) for layer, own in calls.items()],
        "input_layers": saved_places(model._input_structure, [end(symbol) for symbol in model._input_list]),
        "output_layers": saved_places(
            model._output_structure, [end(symbol) for symbol in model._output_list]
        ),
    }


class _Saved:
    """A tensor as JSON, which is no structure of tensors."""

    def __init__(self, told: Config) -> None:
        self.told = told

    @classmethod
    def of(cls, tensors: list[Config]) -> list[_Saved]:
        """Returns one for each tensor."""
        return [cls(told) for told in tensors]


def _with_tensors(value: Any) -> Any:
    """Returns an argument of a call as JSON."""
    if isinstance(value, _Saved):
        return value.told
    if isinstance(value, Mapping):
        return {str(key): _with_tensors(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_tensors(item) for item in value]
    return serialized(value)


__all__ = ["entry", "saved_form", "serialized"]
