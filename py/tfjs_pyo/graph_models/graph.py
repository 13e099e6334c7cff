"""The graph of a converted TensorFlow model, as model.json has it: nodes, their inputs and attributes, and functions.

Source: https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/framework/graph.proto
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tfjs_pyo.errors import FormatError

_DTYPES = {
    "DT_FLOAT": "float32", "DT_DOUBLE": "float32", "DT_HALF": "float32", "DT_BFLOAT16": "float32",
    "DT_INT32": "int32", "DT_INT64": "int32", "DT_INT16": "int32", "DT_INT8": "int32", "DT_UINT8": "int32",
    "DT_UINT16": "int32", "DT_UINT32": "int32", "DT_UINT64": "int32", "DT_COMPLEX128": "complex64",
    "DT_BOOL": "bool", "DT_COMPLEX64": "complex64", "DT_STRING": "string", "DT_RESOURCE": "resource", "DT_VARIANT": "variant",
}  # fmt: skip
"""What TensorFlow's types are here; tables are resources and lists of tensors variants, which no tensor has as its dtype."""

_NUMBERS = {1: "DT_FLOAT", 2: "DT_DOUBLE", 3: "DT_INT32", 4: "DT_UINT8", 5: "DT_INT16", 6: "DT_INT8", 7: "DT_STRING",
            8: "DT_COMPLEX64", 9: "DT_INT64", 10: "DT_BOOL", 14: "DT_BFLOAT16", 17: "DT_UINT16", 18: "DT_COMPLEX128",
            19: "DT_HALF", 20: "DT_RESOURCE", 21: "DT_VARIANT", 22: "DT_UINT32", 23: "DT_UINT64"}  # fmt: skip
_MOST_NODES = 1_000_000
_LONGEST_INDEX = 9
"""Digits of the number of an output."""


@dataclass(frozen=True)
class Input:
    """An output of another node: its name, which of the outputs, and what that is called (in functions only)."""

    name: str
    index: int = 0
    output: str | None = None


@dataclass(frozen=True)
class GraphNode:
    """A node: inputs in order, names of the nodes it waits for (controls), attributes."""

    name: str
    op: str
    inputs: Sequence[Input]
    controls: Sequence[str]
    attrs: Mapping[str, Any]


@dataclass(frozen=True)
class Graph:
    """Nodes by name, functions by name, and what a function takes and returns."""

    nodes: Mapping[str, GraphNode]
    functions: Mapping[str, Graph] = field(default_factory=dict)
    arguments: Sequence[str] = ()
    returns: Sequence[Input] = ()


def input_of(text: Any) -> Input:
    """Returns what 'node', 'node:1' or, in functions, 'node:output:1' names."""
    if not isinstance(text, str) or not text:
        raise FormatError(f"loadGraphModel: expected the name of a node as an input, received {text!r:.60}.")
    name, *rest = text.split(":")
    if rest and not (rest[-1].isascii() and rest[-1].isdigit() and len(rest[-1]) <= _LONGEST_INDEX):
        raise FormatError(f"loadGraphModel: expected an input such as 'node:0', received {text!r:.60}.")
    return Input(name, int(rest[-1]) if rest else 0, rest[0] if len(rest) == 2 else None)


def dtype_of(value: Any) -> str:
    """Returns the dtype that a type of TensorFlow, by name or number, is here."""
    name = _NUMBERS.get(value, value) if isinstance(value, int) else value
    if not isinstance(name, str) or name not in _DTYPES:
        raise FormatError(f"loadGraphModel: expected a dtype such as 'DT_FLOAT', received {value!r:.60}.")
    return _DTYPES[name]


def _text(value: Any) -> str:
    """Returns a text, which JSON has in base64 or as a list of bytes."""
    if isinstance(value, list):
        return bytes(value).decode("utf-8", "replace")
    try:
        return base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return str(value)


def shape_of(value: Any) -> list[int] | None:
    """Returns a shape, -1 for sizes that are not known; None for an unknown rank."""
    if not isinstance(value, Mapping) or value.get("unknownRank"):
        return None
    try:
        return [int(dim.get("size", -1)) for dim in value.get("dim") or []]
    except (TypeError, ValueError, AttributeError, OverflowError):
        raise FormatError(f"loadGraphModel: expected a shape, received {value!r:.60}.") from None


def _attr(value: Any) -> Any:
    """Returns an attribute as a value of Python; a function as its name."""
    if not isinstance(value, Mapping) or len(value) == 0:
        return None
    (kind, content), *_ = value.items()
    readers: dict[str, Any] = {
        "s": _text, "i": int, "f": float, "b": bool, "type": dtype_of, "shape": shape_of,
        "func": lambda given: str(given.get("name")), "tensor": lambda given: given,
    }  # fmt: skip
    if kind == "list":
        return [readers[k](each) for k, items in content.items() if k in readers for each in items]
    if kind not in readers:
        raise FormatError(f"loadGraphModel: expected an attribute of a known kind, received {kind!r:.40}.")
    return readers[kind](content)


def node_of(given: Any) -> GraphNode:
    """Returns a node as JSON has it."""
    if (
        not isinstance(given, Mapping)
        or not isinstance(given.get("name"), str)
        or not isinstance(given.get("op"), str)
    ):
        raise FormatError(f"loadGraphModel: expected a node with 'name' and 'op', received {given!r:.80}.")
    try:
        attrs = {str(key): _attr(value) for key, value in (given.get("attr") or {}).items()}
        texts = list(given.get("input") or [])
        inputs = [input_of(text) for text in texts if not str(text).startswith("^")]
    except (TypeError, ValueError, AttributeError, KeyError, OverflowError) as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError(f"loadGraphModel: node {given['name']!r:.60} cannot be read: {error}.") from None
    controls = [str(text)[1:].split(":")[0] for text in texts if str(text).startswith("^")]
    return GraphNode(given["name"], given["op"], inputs, controls, attrs)


def _nodes(given: Any) -> dict[str, GraphNode]:
    if not isinstance(given, (list, tuple)) or len(given) > _MOST_NODES:
        raise FormatError(f"loadGraphModel: expected a list of nodes, received {type(given).__name__}.")
    nodes: dict[str, GraphNode] = {}
    for node in map(node_of, given):
        if node.name in nodes:
            raise FormatError(
                f"loadGraphModel: expected nodes with names of their own, received {node.name!r:.60} twice."
            )
        nodes[node.name] = node
    return nodes


def _function(given: Any, functions: Mapping[str, Graph]) -> tuple[str, Graph]:
    signature = given.get("signature", {})
    arguments = [str(each["name"]) for each in signature.get("inputArg", [])]
    returned = given.get("ret", {})
    nodes = _nodes(given.get("nodeDef", []))
    for each in signature.get("inputArg", []):
        nodes[each["name"]] = GraphNode(
            each["name"], "Placeholder", (), (), {"dtype": dtype_of(each.get("type", 1))}
        )
    returns = [input_of(returned[each["name"]]) for each in signature.get("outputArg", [])]
    return str(signature.get("name")), Graph(nodes, functions, arguments, returns)


def graph_of(topology: Any) -> Graph:
    """Returns the graph of a topology.

    Raises:
        FormatError: it is none, or its nodes name what is not there.
    """
    if not isinstance(topology, Mapping):
        raise FormatError(
            f"loadGraphModel: expected a graph with 'node', received {type(topology).__name__}."
        )
    functions: dict[str, Graph] = {}
    try:
        for given in (topology.get("library") or {}).get("function") or []:
            name, function = _function(given, functions)
            functions[name] = function
    except (TypeError, AttributeError, KeyError, OverflowError) as error:
        raise FormatError(f"loadGraphModel: a function of the graph cannot be read: {error!r}.") from None
    graph = Graph(_nodes(topology.get("node")), functions)
    for each in (graph, *functions.values()):
        _check(each)
    return graph


def _check(graph: Graph) -> None:
    for node in graph.nodes.values():
        for name in (*(each.name for each in node.inputs), *node.controls):
            if name not in graph.nodes:
                raise FormatError(
                    f"loadGraphModel: expected the inputs of node {node.name!r:.60} to be nodes, received {name!r:.60}."
                )
    for each in graph.returns:
        if each.name not in graph.nodes:
            raise FormatError(
                f"loadGraphModel: a function returns {each.name!r:.60}, which is none of its nodes."
            )
