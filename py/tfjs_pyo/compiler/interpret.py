"""Lowering for NumPy: the nodes one after the other, each freed after its last use."""

from __future__ import annotations

from functools import partial
from typing import Any

from tfjs_pyo.backends.protocol import Call, Interpretation, KernelInfo
from tfjs_pyo.compiler.numbering import Graph
from tfjs_pyo.core.graph import PLAIN, Kind, Node
from tfjs_pyo.errors import DeviceError


def interpretation(graph: Graph) -> Interpretation:
    """Returns the calls that compute the roots of `graph`."""
    last_use: dict[int, int] = {}
    for number, sources in enumerate(graph.input_ids):
        for source in sources:
            last_use[source] = number
    kept = set(graph.roots)
    calls = []
    kernels = []
    for number, node in enumerate(graph.nodes):
        if node.op.kind is Kind.LEAF or node.buffer is not None:
            continue
        sources = graph.input_ids[number]
        done = tuple(s for s in dict.fromkeys(sources) if last_use[s] == number and s not in kept)
        # The node is only asked for its op, attrs, shape and dtype: a detached one keeps no history alive.
        bare = Node(node.op, (), node.shape, node.dtype, node.attrs)
        calls.append(Call(partial(_evaluate, bare), node.dtype, sources, number, done))
        shapes = tuple(graph.nodes[source].shape for source in sources)
        kernels.append(KernelInfo(node.op.name, shapes, (node.shape,)))
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
        kernels=kernels,
    )


def _evaluate(node: Node, np: Any, *values: Any) -> Any:
    if node.op.numpy is None:
        raise DeviceError(f"{node.op.name}: no NumPy meaning is declared for this op.")
    return node.op.numpy(np, node, *values)
