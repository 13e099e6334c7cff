"""Recordings: what a stretch of code assigns, recorded once, and put into the graph again without running the code."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from tfjs_pyo.core import context
from tfjs_pyo.core.graph import CONST, CUSTOM_GRAD, Kind, Node, topological
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.trace import Trace
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.dtypes import DType
from tfjs_pyo.shapes import Shape


class _Made(NamedTuple):
    """One node to make: `op`, and so on, of values by their numbers."""

    like: Node
    inputs: tuple[int, ...]


class Recording:
    """What code computes of some tensors and assigns to variables, for code that does the same whenever it runs.

    The graph that a replay adds is the very one that the code would make, and fuses with what is around it.

    Example:
        >>> from tfjs_pyo import ops
        >>> total = Variable(ops.scalar(1.0))
        >>> add = Recording.of(lambda tensors: total.assign(total + tensors[0]), [((), "float32")], [total])
        >>> add.replay([ops.scalar(2.0)], [total]); add.replay([ops.scalar(3.0)], [total]); total.array_sync()
        6.0
    """

    def __init__(self, trace: Trace, given: Sequence[Variable]) -> None:
        places = {variable: place for place, variable in enumerate(given)}
        leaves, values = trace.leaves, trace.values
        self._own = [variable for variable in leaves if variable not in places]
        """The variables that it reads or assigns beside those that a replay is given."""
        places.update({variable: len(given) + place for place, variable in enumerate(self._own)})
        read = [leaves[variable] for variable in places if variable in leaves]
        self._read = [place for variable, place in places.items() if variable in leaves]
        changed = [variable for variable in leaves if values[variable] is not leaves[variable]]
        self._made: list[_Made | Node] = []
        numbers = {node: number for number, node in enumerate([*read, *trace.inputs])}
        first = len(numbers)
        for node in topological(values[variable] for variable in changed):
            if node in numbers:
                continue
            numbers[node] = first + len(self._made)
            is_leaf = node.buffer is not None or node.op is CONST
            made = node if is_leaf else _Made(_bare(node), tuple(numbers[source] for source in node.inputs))
            self._made.append(made)
        self._changed = [(places[variable], numbers[values[variable]]) for variable in changed]

    @classmethod
    def of(
        cls,
        code: Callable[[list[Tensor]], None],
        feeds: Sequence[tuple[Shape, DType]],
        given: Sequence[Variable],
    ) -> Recording | None:
        """Records code; returns None where a replay would not do the same: it draws random numbers, or has gradients of its own.

        Args:
            code: is called with the tensors; it assigns variables.
            feeds: shapes and dtypes of the tensors.
            given: variables that each replay is given anew, so that the recording does not keep them.
        """
        with context.apart(), Trace() as trace:
            code([trace.input(*feed) for feed in feeds])
        known = {*trace.inputs, *trace.leaves.values()}
        for node in topological(trace.values.values()):
            is_known = node in known or node.buffer is not None or node.op is CONST
            if not is_known and (node.op.kind in (Kind.LEAF, Kind.COMPOSITE) or node.op is CUSTOM_GRAD):
                return None
        return cls(trace, given)

    def replay(self, feeds: Sequence[Tensor], given: Sequence[Variable]) -> None:
        """Assigns to the variables what the code would, for these tensors and variables in place of those of `of`."""
        variables = [*given, *self._own]
        values = [variables[place].node for place in self._read]
        values += [tensor.node for tensor in feeds]
        for made in self._made:
            if isinstance(made, Node):
                values.append(made)
            else:
                like = made.like
                inputs = tuple([values[source] for source in made.inputs])
                values.append(Node(like.op, inputs, like.shape, like.dtype, like.attrs))
        for place, number in self._changed:
            variables[place].put(values[number])


def _bare(node: Node) -> Node:
    """Returns a node of the same op without inputs, which keeps no history."""
    return Node(node.op, (), node.shape, node.dtype, node.attrs)


MOST = 16
"""Recordings of one kind that are kept."""


class Recordings:
    """Recordings by what they depend on; the least recently used go."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Recording | None] = {}

    def find(self, key: Hashable, record: Callable[[], Recording | None]) -> Recording | None:
        """Returns the recording of a key, made if it is missing; None where there can be none."""
        found = self._known.pop(key) if key in self._known else record()
        self._known[key] = found
        while len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        return found
