"""Ops of TensorFlow as layers, as TensorFlow 2.0 to 2.3 saved `x * 2` or `tf.concat([x, y], 1)` between layers of Keras.

Source: https://github.com/tensorflow/tensorflow/blob/v2.3.0/tensorflow/python/keras/engine/base_layer.py
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.config import field
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import FormatError, OptionError, TfError
from tfjs_pyo.graph_models.declare import DECLARED, Call, declaration
from tfjs_pyo.graph_models.executor import Known, Run, at_once, read_now
from tfjs_pyo.graph_models.graph import GraphNode, node_of
from tfjs_pyo.graph_models.node_defs import node_def
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.models.loading.configs import shown
from tfjs_pyo.naming import suggestions

PREFIX = "tf_op_layer_"
"""Before the names of these layers; their configs are without it."""


class TensorFlowOpLayer(Layer):
    """An op of TensorFlow with what it is given besides the outputs of layers.

    Args:
        node_def: a node of a graph: as JSON has it, the text of that, or serialized.
        constants: inputs of the op that are no outputs of layers, by their places.

    Raises:
        FormatError: it is no such node, or its op is not known here.
    """

    _several_inputs = True
    node_def: Any = field()
    constants: Any = field(MappingProxyType({}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.name.startswith(PREFIX):
            self.name = f"{PREFIX}{self.name}"
        where = f"TensorFlowOpLayer {self.name!r:.80}"
        self._node = node_of(_as_json(self.node_def, where))
        _require_known(self._node, where)
        self._constants = _places(self.constants, where)
        self._shapes_by_calling = True

    def call(self, inputs: Any) -> Any:
        given = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
        run = Run({}, {}, Known(), read_now)
        for place, value in self._constants:
            given.insert(place, _constant(value, run))
        node = self._node

        async def computed() -> Any:
            result = declaration(node).meaning(Call(node, given, run))
            return await result if inspect.isawaitable(result) else result

        try:
            result = at_once(computed())
        except TfError as error:
            error.add_note(f"This was in layer {self.name!r:.60}, the op {node.op!r:.60} of TensorFlow.")
            raise
        except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as error:
            raise FormatError(
                f"{self.display_name}: op {node.op!r:.60} does not have the inputs and attributes that it takes: "
                f"{str(error)[:200]}"
            ) from error
        return list(result) if isinstance(result, tuple) else result

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        return {**config, "name": self.name.removeprefix(PREFIX), "constants": dict(self.constants)}


def _as_json(given: Any, where: str) -> Any:
    """Returns a node as JSON has it."""
    if isinstance(given, Mapping):
        return given
    if isinstance(given, str) and given.lstrip().startswith("{"):
        try:
            return json.loads(given)
        except ValueError as error:
            raise FormatError(f"{where}: expected 'node_def' to be JSON: {error}.") from None
    if isinstance(given, (str, bytes)):
        return node_def(given.encode() if isinstance(given, str) else given, where)
    raise FormatError(f"{where}: expected 'node_def' to be a node of a graph, received {shown(given)}.")


def _require_known(node: GraphNode, where: str) -> None:
    try:
        declaration(node)
    except OptionError:
        raise FormatError(
            f"{where}: the op {node.op!r:.60} of TensorFlow is not known here.{suggestions(node.op, DECLARED, str)} Make the "
            f"model with layers in its place, or give it a meaning: tf.registerOp({node.op!r:.60}, function)."
        ) from None


def _places(constants: Any, where: str) -> Sequence[tuple[int, Any]]:
    """Returns constants with their places, in order."""
    given = {} if constants is None else constants
    if not isinstance(given, Mapping) or not all(str(key).isascii() and str(key).isdigit() for key in given):
        raise FormatError(f"{where}: expected 'constants' by their places, received {shown(constants)}.")
    return sorted((int(key), value) for key, value in given.items())


def _constant(value: Any, run: Run) -> Tensor:
    """Returns a constant: whole numbers are int32, and known, so that an op that asks for them need not wait."""
    made = ops.tensor(value)
    flat = _flat(value)
    if flat and all(type(each) is int for each in flat):
        return run.known(flat, list(made.shape))
    return made


def _flat(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple)):
        return [item for each in value for item in _flat(each)]
    return [value]


__all__ = ["TensorFlowOpLayer"]
