"""What models are made of, as JSON in the form of TensorFlow.js; `reviving` reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tfjs_pyo import dialects, nests
from tfjs_pyo.config import writing
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.layers.base import BatchShape, Layer, LayerCall, SymbolicTensor
from tfjs_pyo.layers.operations import Operation
from tfjs_pyo.models.endpoints import saved_places
from tfjs_pyo.models.graph_order import calls_of_layers
from tfjs_pyo.nests import Slot

if TYPE_CHECKING:
    from tfjs_pyo.models.base import Model

MAX_DEPTH = 64
"""How deep models and options may be nested in each other."""

Config = dict[str, Any]

TFJS = "4.22.0"
"""The version of TensorFlow.js whose form is written."""


def topology(model: Layer) -> Config:
    """Returns the JSON of a model: class, config and what wrote it."""
    _require_depth(model)
    with writing(dialects.TFJS):
        own = entry(model)
    whole = {
        **own,
        "keras_version": f"tfjs-layers {TFJS}",
        "backend": "tensor_flow.js",
    }
    shape = vars(model).get("_built_shape")
    if shape is not None:
        whole["build_config"] = {"input_shape": without_batch_size(shape)}
    return whole


def entry(layer: Layer) -> Config:
    """Returns class name and config of a layer."""
    if isinstance(layer, Operation):
        layer._require_variables_of_its_own()
    config = layer.get_config()
    if not isinstance(config, Mapping):
        raise ArgumentError(
            f"{layer.display_name}: expected getConfig() to return a dict, received {type(config).__name__}."
        )
    # A model has cleaned the configs of its layers; doing so again would take models within models quadratic time.
    is_clean = first_node(layer) == 1 and "layers" in config
    return {
        "class_name": layer.get_class_name(),
        "config": dict(config) if is_clean else _without_nothing(config),
    }


def _require_depth(model: Layer) -> None:
    """Raises ArgumentError if a model is nested deeper than files are read."""
    level, depth, met = [model], 0, {id(model)}
    while level:
        depth += 1
        inner = {each: layer._holds_by_attributes for layer in level for each in layer._sublayers()}
        level = [each for each, by_attributes in inner.items() if not (by_attributes and id(each) in met)]
        met.update(id(each) for each in level)
    if depth > MAX_DEPTH:
        raise ArgumentError(
            f"{model.display_name}: expected at most {MAX_DEPTH} levels of models within models, which is what files may have, "
            f"received {depth}."
        )


_LEFT_OUT = (("batch_input_shape", None), ("half_pixel_centers", False))
"""Options that are not written if they have this value: TensorFlow.js leaves them out, and Keras refuses some."""


def _without_nothing(value: Any) -> Any:
    """Returns a config, and those of the layers in it, without what says nothing."""
    if isinstance(value, list):
        return [_without_nothing(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {key: _without_nothing(item) for key, item in value.items() if (key, item) not in _LEFT_OUT}


def without_batch_size(shape: Any) -> Any:
    """Returns a shape, or a list of them, with None for the number of samples."""
    if shape and isinstance(shape[0], (list, tuple)):
        return [without_batch_size(each) for each in shape]
    return [None, *shape[1:]]


def sequential_config(name: str, trainable: bool, stack: list[Layer], built: BatchShape | None) -> Config:
    """Returns the config of a stack of layers.

    Args:
        name: of the model.
        trainable: whether training changes it.
        stack: the layers.
        built: shape that it was built for by its first data; the first layer says it then, so that the model can be read.
    """
    layers = [entry(layer) for layer in stack]
    if layers and built is not None and layers[0]["config"].get("batch_input_shape") is None:
        layers[0]["config"]["batch_input_shape"] = without_batch_size(built)
    config: Config = {"name": name, "layers": layers}
    return config if trainable else {**config, "trainable": False}


def require_names(layers: Sequence[Layer], owner: str) -> None:
    """Raises ArgumentError if two layers have one name: files could not tell them apart, nor could `getLayer`."""
    counts = Counter(layer.name for layer in dict.fromkeys(layers))
    name, count = counts.most_common(1)[0] if counts else ("", 0)
    if count > 1:
        raise ArgumentError(
            f"{owner}: expected layers of different names, but {count} are named {name!r}. Give each a name of its own where "
            "it is made, {'name': ...}, or later, layer.name = ..."
        )


def require_each_once(layers: Sequence[Layer], owner: str) -> None:
    """Raises ArgumentError if a stack that is to be saved has a layer twice: loading would make two layers of it."""
    layer, count = Counter(layers).most_common(1)[0] if layers else (None, 0)
    if layer is not None and count > 1:
        raise ArgumentError(
            f"{owner}: the layer {layer.name!r} is in the stack {count} times, which files of sequential models cannot say. Make "
            "the model with tf.model, where a layer can be applied several times."
        )


def graph_config(model: Model, inputs: list[SymbolicTensor], outputs: list[SymbolicTensor]) -> Config:
    """Returns the config of a graph of layers: each with its calls, and where the inputs of these come from.

    Raises:
        ArgumentError: an input that is not one of `tf.input`, or two layers of one name.
    """
    calls = calls_of_layers(model.layers, model._calls)
    for symbol in inputs:
        if symbol.call is not None:
            raise ArgumentError(
                f"{model.display_name}: a model whose input is the output of layer {symbol.layer.name!r} cannot be saved; make "
                "it of tensors that tf.input gave."
            )
    require_names(list(calls), model.display_name)
    numbers = {
        id(call): number + first_node(layer)
        for layer, own in calls.items()
        for number, call in enumerate(own)
    }

    def place(symbol: SymbolicTensor) -> list[Any]:
        return [symbol.layer.name, 0 if symbol.call is None else numbers[id(symbol.call)], symbol.index]

    layers = [
        {
            "name": layer.name,
            **entry(layer),
            "inbound_nodes": [_use(layer, call, place) for call in own],
        }
        for layer, own in calls.items()
    ]
    config = {
        "name": model.name,
        "layers": layers,
        "input_layers": saved_places(model._input_structure, [place(symbol) for symbol in inputs]),
        "output_layers": saved_places(model._output_structure, [place(symbol) for symbol in outputs]),
    }
    return config if model.trainable else {**config, "trainable": False}


def first_node(layer: Layer) -> int:
    """Returns the number of a layer's first call: a model counts the one of its own making, too."""
    return 1 if layer._is_model else 0


def is_graph(layer: Layer) -> bool:
    """Returns whether a layer is a graph of layers: what Keras calls Functional."""
    return layer._is_model and layer._is_graph


def _use(layer: Layer, call: LayerCall, place: Callable[[SymbolicTensor], list[Any]]) -> Any:
    """Returns a call as TensorFlow.js and Keras 2 write it: the place of each input, with the other arguments.

    Several inputs are in a list, or in the lists and dicts in which Keras 2 has them; TensorFlow.js has lists only.
    """
    arguments = {name: _argument(layer, name, value, call, place) for name, value in call.arguments.items()}

    def input_place(item: Any) -> Any:
        if not isinstance(item, Slot):
            raise ArgumentError(
                f"{layer.display_name}: it is called with a {type(item).__name__} among its inputs, which the files of "
                "TensorFlow.js cannot say; tensors in lists and dicts can be saved."
            )
        return [*place(call.inputs[item.number]), dict(arguments)]

    found = nests.mapped(input_place, call.structure)
    return [found] if isinstance(call.structure, Slot) else list(found) if isinstance(found, tuple) else found


def _argument(
    layer: Layer, name: str, value: Any, call: LayerCall, place: Callable[[SymbolicTensor], list[Any]]
) -> Any:
    """Returns an argument of a call as JSON, with the places of symbolic tensors."""
    if isinstance(value, Slot):
        return place(call.inputs[value.number])
    if isinstance(value, (bool, int, float, str, type(None))):
        return value
    if isinstance(value, Mapping):
        return {str(key): _argument(layer, name, item, call, place) for key, item in value.items()}
    looks_like_place = isinstance(value, (list, tuple)) and len(value) > 2 and isinstance(value[0], str)
    if not isinstance(value, (list, tuple)) or looks_like_place:
        raise ArgumentError(
            f"{layer.display_name}: the argument {name!r} of its call is a {type(value).__name__}, which cannot be saved; "
            "only numbers, texts, truth values and symbolic tensors can, and lists and dicts of them."
        )
    return [_argument(layer, name, item, call, place) for item in value]


__all__ = [
    "entry", "first_node", "graph_config", "is_graph", "require_each_once", "require_names",
    "sequential_config", "topology", "without_batch_size",
]  # fmt: skip
