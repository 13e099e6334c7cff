"""How an op of TensorFlow is declared: by its name, with what it means in ops of ours."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from tfjs_pyo import naming, ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, FormatError, OptionError, ShapeError

if TYPE_CHECKING:
    from tfjs_pyo.graph_models.graph import GraphNode

Meaning = Callable[["Call"], Any]


MOST_ELEMENTS = 2**28
"""Elements of the largest tensor that the numbers of a graph may ask for: 1 GiB of float32."""
_MOST_IN_LIST = 2**22
"""Places of the longest list of tensors."""


def require_size(count: float, owner: str) -> None:
    """Raises ShapeError if a graph asks for a tensor larger than any that is computed with."""
    if not count <= MOST_ELEMENTS:
        raise ShapeError(
            f"{owner}: expected at most {MOST_ELEMENTS} elements, received numbers that ask for {count:.3g}."
        )


def require_places(count: int, owner: str) -> int:
    """Returns the number of places of a list.

    Raises:
        ShapeError: it is negative, or larger than lists are.
    """
    if not 0 <= count <= _MOST_IN_LIST:
        raise ShapeError(f"{owner}: expected a list of 0 to {_MOST_IN_LIST} tensors, received {count:.3g}.")
    return count


class Run(Protocol):
    """What the meanings of ops ask of the computation that they are a part of; see `executor.Run`.

    Attributes:
        tables: hash tables by the names of their nodes.
    """

    tables: MutableMapping[str, Any]

    def known(self, values: list[Any], shape: list[int]) -> Tensor:
        """Returns an int32 tensor whose values need not be read when an op asks for them."""

    async def read(self, tensor: Any) -> list[Any]:
        """Returns the elements of a tensor."""

    async def function(self, name: Any, arguments: Sequence[Any]) -> list[Any]:
        """Returns what a function of the graph makes of its arguments."""


class Call:
    """A node that is computed, with the values of its inputs.

    Attributes:
        node: the node.
        inputs: tensors; lists and tables of tensors travel as objects.
        run: what it is a part of.
    """

    def __init__(self, node: GraphNode, inputs: Sequence[Any], run: Run) -> None:
        self.node = node
        self.inputs = inputs
        self.run = run

    def __getitem__(self, place: int) -> Any:
        if place >= len(self.inputs):
            raise FormatError(
                f"graph: node {self.node.name!r:.60} ({self.node.op}) has {len(self.inputs)} inputs and needs more."
            )
        return self.inputs[place]

    def attr(self, name: str, default: Any = None) -> Any:
        """Returns an attribute."""
        value = self.node.attrs.get(name)
        return default if value is None else value

    async def values(self, place: int) -> list[Any]:
        """Returns the elements of an input, in order."""
        return list(await self.run.read(self[place]))

    async def ints(self, place: int) -> list[int]:
        """Returns the elements of an input as whole numbers."""
        return [int(value) for value in await self.values(place)]

    async def number(self, place: int) -> Any:
        """Returns the single element of an input."""
        values = await self.values(place)
        if len(values) != 1:
            raise FormatError(
                f"graph: node {self.node.name!r:.60} ({self.node.op}) expects one number as input {place}."
            )
        return values[0]

    async def pairs(self, place: int) -> list[list[int]]:
        """Returns a matrix of two columns."""
        flat = await self.ints(place)
        return [flat[i : i + 2] for i in range(0, len(flat), 2)]


class Declaration:
    """What is known of an op: its meaning, and what its outputs are called where there are several."""

    def __init__(self, meaning: Meaning, outputs: Sequence[str] = ()) -> None:
        self.meaning = meaning
        self.outputs = outputs


DECLARED: dict[str, Declaration] = {}
CUSTOM: dict[str, Declaration] = {}
"""Those that users have registered."""


def op(*names: str, outputs: Sequence[str] = ()) -> Callable[[Meaning], Meaning]:
    """Declares what ops of TensorFlow mean."""

    def declare(meaning: Meaning) -> Meaning:
        for name in names:
            DECLARED[name] = Declaration(meaning, outputs)
        return meaning

    return declare


def same(table: Mapping[str, Callable[..., Any]]) -> None:
    """Declares ops that do with their inputs what a function of ours does."""
    for name, function in table.items():
        op(name)(functools.partial(_applied, function))


def _applied(function: Callable[..., Any], call: Call) -> Any:
    return function(*call.inputs)


def declaration(node: GraphNode) -> Declaration:
    """Returns what is known of a node's op.

    Raises:
        OptionError: nothing is; the message names it and its near misses.
    """
    found = CUSTOM.get(node.op) or DECLARED.get(node.op)
    if found is None:
        raise OptionError(
            f"graph: op {node.op!r:.60} of node {node.name!r:.60} is not known here."
            f"{naming.suggestions(node.op, DECLARED, str)} tf.registerOp({node.op!r:.60}, function) gives it a meaning."
        )
    return found


class CustomNode:
    """What a function given to `register_op` takes.

    Attributes:
        inputs: tensors.
        attrs: by name.
    """

    def __init__(self, call: Call) -> None:
        self.inputs = list(call.inputs)
        self.attrs = dict(call.node.attrs)


@naming.spelled
def register_op(
    name: str, op_func: Callable[[CustomNode], Tensor | Sequence[Tensor] | Awaitable[Any]]
) -> None:
    """Gives an op of TensorFlow a meaning, or another one, in graph models.

    Args:
        name: what TensorFlow calls it.
        op_func: takes an object with `inputs` (tensors) and `attrs` (by name) and returns a tensor or several.

    Raises:
        ArgumentError: `op_func` cannot be called.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.registerOp("Twice", lambda node: tf.mul(node.inputs[0], 2))
        >>> tf.deregisterOp("Twice")

    Source: https://js.tensorflow.org/api/latest/#registerOp
    """
    if not callable(op_func):
        raise ArgumentError(f"registerOp: expected a function of a node, received {type(op_func).__name__}.")
    CUSTOM[name] = Declaration(lambda call: op_func(CustomNode(call)))


def deregister_op(name: str) -> None:
    """Takes the meaning back that `register_op` gave; does nothing if there is none.

    Args:
        name: what TensorFlow calls the op.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.deregisterOp("Twice")

    Source: https://js.tensorflow.org/api/latest/#deregisterOp
    """
    CUSTOM.pop(name, None)


def as_tensor(value: Any) -> Any:
    """Returns a tensor of ours for numbers and nodes of ops; anything else as it is."""
    return ops.tensor(value) if isinstance(value, (int, float)) else value
