"""Debug mode: every result is checked for NaN and infinities, and the op that made the first one is named."""

from __future__ import annotations

import inspect
import math
import warnings
from collections.abc import Mapping, Sequence

from tfjs_pyo.compiler.numbering import Graph
from tfjs_pyo.core import context, engine, values
from tfjs_pyo.core.graph import CONST, COUNTER, Kind, Node, const, stored_parts, topological
from tfjs_pyo.core.tape import Tape


class NumericWarning(RuntimeWarning):
    """A result is not finite. `warnings.simplefilter("error", tf.NumericWarning)` makes it an exception.

    Example:
        >>> import warnings
        >>> import tfjs_pyo as tf
        >>> tf.enableDebugMode()
        >>> with warnings.catch_warnings(record=True) as found:
        ...     warnings.simplefilter("always", tf.NumericWarning)
        ...     y = tf.log([1.0, 0.0])
        >>> tf.env().set("DEBUG", False)
        >>> print(found[0].category.__name__)
        NumericWarning
    """


class _Mode:
    __slots__ = ("is_enabled",)

    def __init__(self) -> None:
        self.is_enabled = False


mode = _Mode()


def enable(enabled: bool = True) -> None:
    """Turns debug mode on or off."""
    mode.is_enabled = enabled


def enabled() -> bool:
    """Returns whether debug mode is on."""
    return mode.is_enabled


def check_given(owner: str, flat: Sequence[float]) -> None:
    """Warns of values that are not finite among those that a tensor is made of."""
    wrong = next(((place, value) for place, value in enumerate(flat) if not math.isfinite(value)), None)
    if wrong is not None:
        fault = f"{owner}: the values given have {wrong[1]}, value {wrong[0]} of {len(flat)}."
        warnings.warn(fault, NumericWarning, stacklevel=_depth_of_user())


def check(roots: Sequence[Node]) -> None:
    """Computes nodes and warns of the first op under them whose result is not finite although its inputs were.

    What is masked again (`tf.where` around a division by zero) is no fault: roots decide.
    """
    if context.current().checking:
        return
    parts = [part for root in roots for part in stored_parts(root)]
    order = [n for n in topological(parts) if n.buffer is None and n.op.kind is not Kind.LEAF]
    with context.checking(), Tape():
        engine.realize(parts)
        if all(_finite(part) for part in parts):
            return
        fault = _first_fault(order)
    if fault:
        warnings.warn(fault, NumericWarning, stacklevel=_depth_of_user())


def check_step(graph: Graph, leaves: Sequence[Node], scalars: Sequence[float]) -> None:
    """Checks what a compiled step computes from these leaves and scalars; see `check`."""
    known: dict[int, Node] = dict(zip(graph.leaves, leaves, strict=True))
    for number, value in zip(graph.scalars, scalars, strict=True):
        known[number] = _scalar(graph.nodes[number], value)
    check(_copies(graph, known))


def _scalar(node: Node, value: float) -> Node:
    if node.op is COUNTER:
        return const(int(value), "int32")
    return Node(node.op, (), (), node.dtype, value if node.dtype == "float32" else int(value))


def _copies(graph: Graph, known: Mapping[int, Node]) -> list[Node]:
    """Returns the roots of a numbered graph over other leaves."""
    copies: list[Node] = []
    for number, node in enumerate(graph.nodes):
        inputs = tuple([copies[source] for source in graph.input_ids[number]])
        fresh = known.get(number) or Node(node.op, inputs, node.shape, node.dtype, node.attrs)
        copies.append(fresh)
    return [copies[root] for root in graph.roots]


def _first_fault(order: Sequence[Node]) -> str | None:
    """Computes every node of a history on its own and tells of the first one that is not finite over finite inputs."""
    copies: dict[Node, Node] = {}
    for node in order:
        inputs = tuple([copies.get(source, source) for source in node.inputs])
        copies[node] = Node(node.op, inputs, node.shape, node.dtype, node.attrs)
    engine.realize(copies.values())
    bad: set[Node] = set()
    for node in order:
        if _finite(copies[node]):
            continue
        bad.add(node)
        if not any(source in bad or not _finite(source) for source in node.inputs):
            shapes = " and ".join(str(list(source.shape)) for source in node.inputs) or "nothing"
            worst = next(v for v in values.read(copies[node]) if not math.isfinite(v))
            return f"{node.op.name}: its result has {worst}, of inputs without (shapes {shapes})."
    return None


def _finite(node: Node) -> bool:
    if node.dtype != "float32":
        return True
    if node.op is CONST:
        return math.isfinite(node.attrs)
    if node.buffer is None:
        return True
    return all(map(math.isfinite, values.read(node)))


def _depth_of_user() -> int:
    """Returns the frames between the warning and the first line that is not ours."""
    depth = 0
    frame = inspect.currentframe()
    while frame is not None and "tfjs_pyo" in frame.f_globals.get("__name__", ""):
        frame = frame.f_back
        depth += 1
    return depth
