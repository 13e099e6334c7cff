"""Reverse-mode differentiation, graph to graph: a gradient is more graph, so gradients of gradients need nothing else."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Protocol

from tfjs_pyo.core.graph import CUSTOM_GRAD, Kind, Node, NotDifferentiable
from tfjs_pyo.errors import TfError
from tfjs_pyo.shapes import Shape


class PartialGradient(Protocol):
    """A contribution to a gradient that is cheaper to add up together with others of its kind.

    Rules may return one in place of a node. So the gradient of many slices of a sequence is one concatenation, and that of a
    matrix that many steps multiply by is one product.
    """

    def group_key(self) -> Hashable:
        """Returns what contributions have in common that `sum_all` can take together."""

    def sum_all(self, partials: Sequence[Any], add: Callable[[Node, Node], Node]) -> Node:
        """Returns the sum of contributions of this kind, this one among them, in the order in which they came."""


class GradientError(TfError, ValueError):
    """A gradient was asked for that does not exist."""


def _history(outputs: Sequence[Node], targets: set[Node]) -> list[Node]:
    """Returns the nodes between `targets` and `outputs`, inputs before users; looks through realized nodes.

    Nothing is found behind `stop_gradient` and behind conditions (bool).
    """
    order: list[Node] = []
    reaches: dict[Node, bool] = {}
    stack: list[tuple[Node, bool]] = [(node, False) for node in outputs]
    while stack:
        node, done = stack.pop()
        if done:
            reaches[node] = node in targets or any(reaches[source] for source in _influences(node))
            if reaches[node]:
                order.append(node)
        elif node not in reaches:
            reaches[node] = False
            stack.append((node, True))
            stack.extend((source, False) for source in _influences(node))
    return order


def depends(outputs: Sequence[Node], targets: Sequence[Node]) -> bool:
    """Returns whether outputs change with any target, be it only by conditions; not behind `stop_gradient`."""
    wanted, seen, stack = set(targets), set(outputs), list(outputs)
    while stack:
        node = stack.pop()
        if node in wanted:
            return True
        if node.op.gradient is not NotDifferentiable.STOPS:
            new = [source for source in node.inputs if source not in seen]
            seen.update(new)
            stack += new
    return False


def _influences(node: Node) -> tuple[Node, ...]:
    """Returns the inputs that a value can depend on smoothly."""
    if node.op is CUSTOM_GRAD:
        return node.inputs[1:]  # the first is the value, the rule is for the others
    stops = node.op.gradient is NotDifferentiable.STOPS or node.dtype == "bool"
    return () if stops else node.inputs


class _Sums:
    """Gradients under way: what nodes have received so far."""

    def __init__(self, add: Callable[[Node, Node], Node]) -> None:
        self._add = add
        self._sums: dict[Node, Node] = {}
        self._partials: dict[Node, dict[Hashable, list[PartialGradient]]] = {}

    def accumulate(self, node: Node, value: Node | PartialGradient) -> None:
        """Adds a contribution."""
        if not isinstance(value, Node):
            self._partials.setdefault(node, {}).setdefault(value.group_key(), []).append(value)
            return
        known = self._sums.get(node)
        self._sums[node] = value if known is None else self._add(known, value)

    def finalize(self, node: Node) -> Node | None:
        """Returns the gradient of a node that has received everything."""
        for alike in self._partials.pop(node, {}).values():
            self.accumulate(node, alike[0].sum_all(alike, self._add))
        return self._sums.get(node)

    def discard(self, node: Node) -> None:
        """Lets go of a gradient that has been handed on."""
        del self._sums[node]


def vjp(
    outputs: Sequence[Node],
    cotangents: Sequence[Node],
    targets: Sequence[Node],
    add: Callable[[Node, Node], Node],
    sum_to: Callable[[Node, Shape], Node],
) -> list[Node | None]:
    """Returns, for each target, the sum over outputs of cotangent times derivative; None where that is zero.

    Args:
        outputs: nodes to differentiate.
        cotangents: one node for each output, of its shape.
        targets: nodes to differentiate with respect to.
        add: adds two nodes of equal shape.
        sum_to: sums a node over the axes along which a shape was repeated. So rules may give a contribution in the shape
            that an input was broadcast to.
    """
    return vjp_and_reached(outputs, cotangents, targets, add, sum_to)[0]


def vjp_and_reached(
    outputs: Sequence[Node],
    cotangents: Sequence[Node],
    targets: Sequence[Node],
    add: Callable[[Node, Node], Node],
    sum_to: Callable[[Node, Shape], Node],
) -> tuple[list[Node | None], set[Node]]:
    """Returns, for each target, the sum over outputs of cotangent times derivative, and the targets that outputs depend on.

    Of a target that is reached the derivative is None where an op on the way is piecewise constant. The arguments are those
    of `vjp`.
    """
    order = _history(outputs, set(targets))
    on_path = set(order)
    sums = _Sums(add)
    for node, cotangent in zip(outputs, cotangents, strict=True):
        if node in on_path:
            sums.accumulate(node, cotangent)
    wanted = set(targets)
    for node in reversed(order):
        gradient = sums.finalize(node)
        if gradient is None or node.op.kind is Kind.LEAF:
            continue
        if node not in wanted:
            sums.discard(node)
        rule = node.op.gradient
        if isinstance(rule, NotDifferentiable):
            continue
        if rule is None:
            raise GradientError(f"{node.op.name}: no gradient is declared for this op.")
        for source, value in zip(node.inputs, rule(node, gradient), strict=True):
            if value is not None and source in on_path:
                is_repeated = isinstance(value, Node) and value.shape != source.shape
                sums.accumulate(source, sum_to(value, source.shape) if is_repeated else value)
    return [sums.finalize(node) for node in targets], wanted & on_path
