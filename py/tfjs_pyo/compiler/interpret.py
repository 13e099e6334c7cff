"""Lowering for NumPy: the nodes one after the other, each freed after its last use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tfjs_pyo.compiler.numbering import Graph
from tfjs_pyo.core.graph import PLAIN, Kind, Node


@dataclass(frozen=True, slots=True)
class Call:
    """One node to compute: `slots[output] = node.op.numpy(np, node, *slots[inputs])`, then forget the slots in `last_uses`."""

    node: Node
    inputs: tuple[int, ...]
    output: int
    last_uses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A graph as calls over slots: first the leaves, then the scalars, then what the calls compute."""

    calls: Sequence[Call]
    slots: int
    leaf_slots: Sequence[int]
    leaf_shapes: Sequence[tuple[int, ...]]
    scalar_slots: Sequence[int]
    scalar_dtypes: Sequence[str]
    outputs: Sequence[int]
    root_outputs: Sequence[int]
    root_layouts: Sequence[tuple[int, int]]
    input_leaves: Sequence[int]


def interpretation(graph: Graph) -> Interpretation:
    """Returns the calls that compute the roots of `graph`."""
    last_use: dict[int, int] = {}
    for number, sources in enumerate(graph.sources):
        for source in sources:
            last_use[source] = number
    kept = set(graph.roots)
    calls = []
    for number, node in enumerate(graph.nodes):
        if node.op.kind is Kind.LEAF or node.buffer is not None:
            continue
        sources = graph.sources[number]
        done = tuple(s for s in dict.fromkeys(sources) if last_use[s] == number and s not in kept)
        # The node is only asked for its op, attrs, shape and dtype: a detached one keeps no history alive.
        bare = Node(node.op, (), node.shape, node.dtype, node.attrs)
        calls.append(Call(bare, sources, number, done))
    outputs = list(dict.fromkeys(graph.roots))
    where = {number: position for position, number in enumerate(outputs)}
    return Interpretation(
        calls=calls,
        slots=len(graph.nodes),
        leaf_slots=list(graph.leaves),
        leaf_shapes=[graph.nodes[leaf].shape for leaf in graph.leaves],
        scalar_slots=list(graph.scalars),
        scalar_dtypes=[graph.nodes[number].dtype for number in graph.scalars],
        outputs=outputs,
        root_outputs=[where[root] for root in graph.roots],
        root_layouts=[PLAIN] * len(graph.roots),
        input_leaves=list(range(len(graph.leaves))),
    )
