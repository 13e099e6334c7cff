"""`keras.models.clone_model`: a model made as another one is, with layers made anew or as a function says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from tfjs_pyo import nests
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.keras.faces import with_faces
from tfjs_pyo.layers import core, holding
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.layers.symbols import is_symbol
from tfjs_pyo.models.base import Model
from tfjs_pyo.models.keras_files.objects import saved_form
from tfjs_pyo.models.loading.load import revived
from tfjs_pyo.rules import checked

Clone = Callable[[Any], Any]


@checked
def clone_model(
    model: Any,
    input_tensors: Any = None,
    clone_function: Clone | None = None,
    call_function: Callable[..., Any] | None = None,
    recursive: bool = False,
) -> Model:
    """Returns a model made as another one is, with weights of its own, compiled as it is.

    Args:
        model: a graph or a stack of layers; without further arguments also a model with a `get_config`.
        input_tensors: symbolic tensors that the clone begins with, in the structure of the model's inputs; default: new ones.
        clone_function: gives the layer of the clone for one of the model; default: made of its config.
        call_function: of (layer, *args, **kwargs), calls a layer of a graph: what it gives takes the place of the outputs.
        recursive: whether `clone_function` is asked for the layers of models within the model, not for these models.

    Raises:
        ArgumentError: input tensors of another structure, or functions for a model of another kind.

    Example:
        >>> from tfjs_pyo import keras
        >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
        >>> clone = keras.models.clone_model(model)
        >>> clone.output_shape, clone.layers[0] is model.layers[0]
        ((None, 3), False)

    Source: https://keras.io/api/models/model_config_serialization/
    """
    if not isinstance(model, Model):
        raise ArgumentError(f"clone_model: expected a model, received {type(model).__name__}.")
    own_ways = any(each is not None for each in (input_tensors, clone_function, call_function))
    stack = model._stack
    if stack is None and not model._is_graph:
        if own_ways:
            raise ArgumentError(
                "clone_model: expected input_tensors, clone_function and call_function to be None for a model that is no graph "
                f"and no stack of layers, such as {type(model).__name__}."
            )
        return cast("Model", _again(model))
    cache: dict[int, Any] = {}

    def cloned(layer: Layer) -> Any:
        if id(layer) not in cache:
            inner = layer._is_model and (layer._stack is not None or layer._is_graph)
            if recursive and inner:
                within = None if layer._stack is not None else call_function
                cache[id(layer)] = clone_model(layer, None, cloned, within, True)
            else:
                cache[id(layer)] = (clone_function or _again)(layer)
        return cache[id(layer)]

    made: Model
    if stack is not None:
        if call_function is not None:
            raise ArgumentError(
                "clone_model: expected call_function to be None for a stack of layers, in which no layer is called."
            )
        made = _stack_of(model, stack, input_tensors, cloned)
    else:
        made = _graph_of(model, input_tensors, cloned, call_function)
    if model.optimizer is not None:
        made.compile_from_config(model.get_compile_config())
    return made


def _again(layer: Any) -> Any:
    """Returns a layer made of the config of another one."""
    kind = _kind_of(layer)
    known = {} if holding.is_ours(kind) else {kind.__name__: kind}
    return revived({"keras_version": "3.", **saved_form(layer)}, "clone_model", with_faces(known))


def _stack_of(model: Any, stack: list[Layer], given: Any, cloned: Clone) -> Any:
    layers = [cloned(layer) for layer in stack if not isinstance(layer, core.InputLayer)]
    if given is not None:
        tensors = list(nests.leaves(given))
        if len(tensors) != 1 or not is_symbol(tensors[0]):
            raise ArgumentError(
                "clone_model: expected input_tensors to be one symbolic tensor for a stack of layers."
            )
        layers = [core.input_(batch_shape=tensors[0].shape, dtype=tensors[0].dtype), *layers]
    elif isinstance(stack[0], core.InputLayer):
        first = stack[0]
        layers = [
            core.input_(batch_shape=first.batch_input_shape, dtype=first.dtype, name=first.name),
            *layers,
        ]
    made = _kind_of(model)(layers, name=model.name)
    made.trainable = model.trainable
    return made


def _graph_of(model: Any, given: Any, cloned: Clone, call: Callable[..., Any] | None) -> Any:
    symbols = model._input_list
    if given is None:
        tensors = [
            core.input_(batch_shape=each.shape, dtype=each.dtype, name=each.layer.name) for each in symbols
        ]
    else:
        tensors = list(nests.leaves(given))
        if len(tensors) != len(symbols) or not all(map(is_symbol, tensors)):
            raise ArgumentError(
                f"clone_model: expected input_tensors to be {len(symbols)} symbolic tensors in the structure of the model's "
                f"inputs, received {len(tensors)} values."
            )
    values = {symbol.id: tensor for symbol, tensor in zip(symbols, tensors, strict=True)}
    for each in model._calls:
        inputs, arguments = each.given([values[symbol.id] for symbol in each.inputs])
        layer = cloned(each.layer)
        found = call(layer, inputs, **arguments) if call is not None else layer(inputs, **arguments)
        outputs = list(nests.leaves(found))
        if len(outputs) != len(each.outputs):
            raise ArgumentError(
                f"clone_model: expected {len(each.outputs)} outputs for layer {each.layer.name!r}, received {len(outputs)}."
            )
        values.update({symbol.id: output for symbol, output in zip(each.outputs, outputs, strict=True)})
    ends = [values[symbol.id] for symbol in model._output_list]
    made = _kind_of(model)(
        inputs=nests.fill(model._input_structure, tensors),
        outputs=nests.fill(model._output_structure, ends),
        name=model.name,
    )
    made.trainable = model.trainable
    return made


def _kind_of(model: Any) -> Any:
    """Returns the class that a clone is made of: the one that a user wrote, where a graph is of one."""
    return getattr(type(model), "_stands_for", None) or type(model)


__all__ = ["clone_model"]
