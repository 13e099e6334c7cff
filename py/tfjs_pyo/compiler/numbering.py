"""Gives the nodes of a pending graph numbers: equal subgraphs get one number, and the whole gets a key for the plan cache.

Numbers stand for structure only. The values of constants, the contents of buffers and the counters of a replay are bound
at run time, so graphs that differ in these alone share a plan.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tfjs_pyo.core.graph import KEY, PLAIN, REALIZED, SCALARS, STOP, Kind, Node, topological
from tfjs_pyo.dtypes import DType

Scalar = tuple[DType, float | str]
"""dtype and value of a constant, or dtype and name of a counter."""


@dataclass(frozen=True, slots=True)
class Graph:
    """A pending graph in canonical form.

    Attributes:
        nodes: one per number, inputs before users.
        input_ids: numbers of each node's inputs.
        leaves: numbers of buffers and placeholders, in order of first appearance.
        scalars: numbers of constants and counters, in order of first appearance.
        scalar_values: what to bind to `scalars`.
        roots: numbers of what was asked for.
        key: equal for graphs that one plan can serve. It names ops and holds what their attributes are, no objects: plans are
            kept for long, and would keep alive what their keys refer to.
    """

    nodes: Sequence[Node]
    input_ids: Sequence[tuple[int, ...]]
    leaves: Sequence[int]
    scalars: Sequence[int]
    scalar_values: Sequence[Scalar]
    roots: Sequence[int]
    key: Hashable


def canonicalize(
    roots: Iterable[Node],
    leaf_order: Sequence[Node] = (),
    order: Sequence[Node] | None = None,
    scalar_order: Sequence[Node] = (),
) -> Graph:
    """Returns the canonical form of the graph under `roots`.

    Args:
        roots: what is asked for.
        leaf_order: the first leaves, in their order.
        order: all nodes under the roots, inputs before users, where the caller knows it.
        scalar_order: the first scalars, in their order; others of equal values are not taken for them.
    """
    roots = list(roots)
    nodes: list[Node] = []
    input_ids: list[tuple[int, ...]] = []
    leaves: list[int] = []
    scalars: list[int] = []
    values: list[Scalar] = []
    entries: list[Hashable] = []
    numbers: dict[Node, int] = {}
    known: dict[Hashable, int] = {}

    def add(node: Node, inputs: tuple[int, ...], entry: Hashable) -> int:
        nodes.append(node)
        input_ids.append(inputs)
        entries.append(entry)
        return len(nodes) - 1

    def leaf(node: Node) -> int:
        layout = node.buffer.layout if node.buffer else PLAIN
        leaves.append(add(node, (), ("leaf", node.shape, node.dtype, layout)))
        return leaves[-1]

    def scalar(node: Node) -> int:
        scalars.append(add(node, (), (node.op.name, node.dtype)))
        values.append((node.dtype, node.attrs))
        return scalars[-1]

    def bound(node: Node) -> int:
        is_scalar = node.buffer is None and node.op in SCALARS
        identity = _scalar_identity(node) if is_scalar else _leaf_identity(node)
        if identity not in known:
            known[identity] = scalar(node) if is_scalar else leaf(node)
        return known[identity]

    leaf_kind = Kind.LEAF
    numbers.update(zip(leaf_order, map(leaf, leaf_order), strict=True))
    numbers.update(zip(scalar_order, map(scalar, scalar_order), strict=True))
    for node in topological(roots) if order is None else order:
        op = node.op
        is_stop = op is STOP and node.buffer is None and node.inputs[0].op not in SCALARS
        if node.buffer is None and op.kind is not leaf_kind and not is_stop:
            inputs = tuple([numbers[source] for source in node.inputs])
            identity = (op.name, inputs, node.attrs, node.shape, node.dtype)
            found = numbers[node] = known.setdefault(identity, len(nodes))
            if found == len(nodes):
                nodes.append(node)
                input_ids.append(inputs)
                entries.append(identity)
        elif node not in numbers:
            numbers[node] = numbers[node.inputs[0]] if is_stop else bound(node)
    wanted = tuple(numbers[root] for root in roots)
    return Graph(nodes, input_ids, leaves, scalars, values, wanted, (tuple(entries), wanted))


def _leaf_identity(node: Node) -> Hashable:
    return ("buffer", id(node.buffer), node.shape) if node.buffer else id(node)


def _scalar_identity(node: Node) -> Hashable:
    # A key is equal to nothing: its value is chance, the plan must not be. str: 0.0 and -0.0 are not the same constant.
    return id(node) if node.op is KEY else (node.op, node.dtype, node.attrs, str(node.attrs))


@dataclass(slots=True)
class _Layout:
    """Stands for a buffer where only its layout is asked for."""

    layout: tuple[int, int]
    backend: Any = None
    handle: int = -1


def without_values(graph: Graph) -> Graph:
    """Returns the graph over leaves that have a shape, a dtype and a layout, and no value.

    Compilers refer to nodes in circles, which last until Python's garbage collector runs; buffers must not wait for that.
    """
    copies: list[Node] = []
    leaves, scalars = set(graph.leaves), set(graph.scalars)
    for index, node in enumerate(graph.nodes):
        if index in scalars:
            copies.append(node)
            continue
        inputs = tuple([copies[source] for source in graph.input_ids[index]])
        op = node.op if index not in leaves or node.buffer is None else REALIZED
        copy = Node(op, inputs, node.shape, node.dtype, node.attrs if op is node.op else None)
        if index in leaves and node.buffer is not None:
            copy.buffer = _Layout(node.buffer.layout)
        copies.append(copy)
    return replace(graph, nodes=copies)


def detached(graph: Graph) -> Graph:
    """Returns the graph with nodes whose inputs are the numbered nodes themselves; leaves and scalars stay.

    What keeps a graph keeps these alone, not the values and functions that the recorded nodes lead to.
    """
    copies: list[Node] = []
    outside = set(graph.leaves) | set(graph.scalars)
    for index, node in enumerate(graph.nodes):
        if index in outside:
            copies.append(node)
        else:
            inputs = tuple([copies[source] for source in graph.input_ids[index]])
            copies.append(Node(node.op, inputs, node.shape, node.dtype, node.attrs))
    return replace(graph, nodes=copies)
