"""Reverse-mode differentiation, graph to graph: a gradient is more graph, so gradients of gradients need nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tfjs_pyo.core.graph import Kind, Node, NotDifferentiable
from tfjs_pyo.errors import TfError


class GradientError(TfError, ValueError):
    """A gradient was asked for that does not exist."""


def _history(outputs: Sequence[Node], targets: set[Node]) -> list[Node]:
    """Returns the nodes between `targets` and `outputs`, inputs before users; looks through realized nodes."""
    order: list[Node] = []
    reaches: dict[Node, bool] = {}
    stack: list[tuple[Node, bool]] = [(node, False) for node in outputs]
    while stack:
        node, done = stack.pop()
        if done:
            reaches[node] = node in targets or any(reaches[source] for source in node.inputs)
            if reaches[node]:
                order.append(node)
        elif node not in reaches:
            reaches[node] = False
            stack.append((node, True))
            stack.extend((source, False) for source in node.inputs)
    return order


def vjp(
    outputs: Sequence[Node],
    cotangents: Sequence[Node],
    targets: Sequence[Node],
    add: Callable[[Node, Node], Node],
) -> list[Node | None]:
    """Returns, for each target, the sum over outputs of cotangent times derivative; None where nothing depends on it.

    Args:
        outputs: nodes to differentiate.
        cotangents: one node for each output, of its shape.
        targets: nodes to differentiate with respect to.
        add: adds two nodes of equal shape.
    """
    order = _history(outputs, set(targets))
    on_path = set(order)
    gradients: dict[Node, Node] = {}

    def accumulate(node: Node, value: Node) -> None:
        known = gradients.get(node)
        gradients[node] = value if known is None else add(known, value)

    for node, cotangent in zip(outputs, cotangents, strict=True):
        if node in on_path:
            accumulate(node, cotangent)
    wanted = set(targets)
    for node in reversed(order):
        gradient = gradients.get(node)
        if gradient is None or node.op.kind is Kind.LEAF:
            continue
        if node not in wanted:
            del gradients[node]
        rule = node.op.gradient
        if isinstance(rule, NotDifferentiable):
            continue
        if rule is None:
            raise GradientError(f"{node.op.name}: no gradient is declared for this op.")
        for source, value in zip(node.inputs, rule(node, gradient), strict=True):
            if value is not None and source in on_path:
                accumulate(source, value)
    return [gradients.get(node) for node in targets]
