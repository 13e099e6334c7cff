"""Computes a graph: each node once for each iteration of the loops it is in, as soon as its inputs are there."""

from __future__ import annotations

import inspect
import time
import weakref
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping, MutableMapping, Sequence
from typing import Any, TypeVar

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, FormatError, TfError
from tfjs_pyo.graph_models.declare import CUSTOM, Call, declaration, require_size
from tfjs_pyo.graph_models.folding import MOST, Values, folded
from tfjs_pyo.graph_models.graph import Graph, GraphNode, Input
from tfjs_pyo.later import asyncio

Context = tuple[tuple[str, int], ...]
"""The loops around a value, from the outermost: a frame's name and the iteration."""
Reader = Callable[[Tensor], Awaitable[Sequence[Any]]]
T = TypeVar("T")
_DEEPEST = 100
_WITHOUT_OTHERS_S = 0.05
"""How long a computation that can be awaited goes on before other tasks have their turn."""


async def read_now(tensor: Tensor) -> Sequence[Any]:
    """Returns the elements of a tensor; blocks."""
    return _flat(tensor.data_sync())


async def read_later(tensor: Tensor) -> Sequence[Any]:
    """Returns the elements of a tensor; does not block."""
    return _flat(await tensor.data())


def _flat(values: Any) -> list[Any]:
    return [value.item() if hasattr(value, "item") else value for value in values]


def at_once(running: Coroutine[Any, Any, T]) -> T:
    """Returns the result of a coroutine that never waits.

    Raises:
        ArgumentError: it waits.
    """
    try:
        running.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    running.close()
    raise ArgumentError(
        "execute: an op of this graph has to wait for values, which only executeAsync and predictAsync can: await those."
    )


class Known:
    """The elements of tensors, as long as the tensors live."""

    def __init__(self) -> None:
        self._found: dict[int, tuple[weakref.ref[Tensor], list[Any]]] = {}

    def add(self, tensor: Tensor, values: list[Any]) -> None:
        """Notes the elements of a tensor."""
        key = id(tensor)
        self._found[key] = weakref.ref(tensor, lambda _: self._found.pop(key, None)), values

    def values_of(self, tensor: Tensor) -> list[Any] | None:
        """Returns the elements of a tensor if they are known."""
        found = self._found.get(id(tensor))
        return None if found is None or found[0]() is not tensor else found[1]


class Run:
    """One computation of a model.

    Attributes:
        tables: hash tables by the names of their nodes; they outlive the run.
    """

    def __init__(
        self,
        constants: Mapping[str, Tensor],
        tables: MutableMapping[str, Any],
        known: Known,
        reader: Reader,
    ) -> None:
        self.constants = constants
        self.tables = tables
        self._kept = known
        self._known = Known()
        self._reader = reader
        self._functions: list[Graph] = []
        self._clock = time.perf_counter
        self._begun = self._clock()

    def known(self, values: list[Any], shape: list[int]) -> Tensor:
        """Returns an int32 tensor whose values need not be read when an op asks for them."""
        tensor: Tensor = ops.tensor(values if shape else values[0], shape, "int32")
        self._known.add(tensor, values)
        return tensor

    async def read(self, tensor: Any) -> list[Any]:
        """Returns the elements of a tensor, those of a model's constants from memory after the first time."""
        if not isinstance(tensor, Tensor):
            raise FormatError(f"graph: expected a tensor as an input, received {type(tensor).__name__}.")
        found = self._values_of(tensor)
        if found is None:
            found = list(await self._reader(tensor))
            if any(tensor is each for each in self.constants.values()):
                self._kept.add(tensor, found)
        return found

    def _values_of(self, tensor: Tensor) -> list[Any] | None:
        found = self._known.values_of(tensor)
        return self._kept.values_of(tensor) if found is None else found

    def followed(self, tensor: Any) -> Values | None:
        """Returns the values of a small int32 scalar or vector if they are known without a read."""
        if not isinstance(tensor, Tensor) or tensor.dtype != "int32" or tensor.size > MOST or tensor.rank > 1:
            return None
        found = self._values_of(tensor)
        return found[0] if found is not None and tensor.rank == 0 else found

    async def breathe(self) -> None:
        """Lets other tasks go on now and then, and a cancellation in: loops of a graph may have no end."""
        if self._reader is read_later and self._clock() - self._begun > _WITHOUT_OTHERS_S:
            await asyncio.sleep(0)
            self._begun = self._clock()

    async def function(self, name: Any, arguments: Sequence[Any]) -> list[Any]:
        """Returns what a function of the graph makes of its arguments."""
        graph = self._functions[-1].functions.get(str(name))
        if graph is None:
            known = ", ".join(sorted(self._functions[-1].functions)[:8]) or "none"
            raise FormatError(
                f"graph: expected a function of the graph (there are: {known}), received {name!r:.60}."
            )
        if len(self._functions) > _DEEPEST:
            raise FormatError(f"graph: function {name!r:.60} calls itself without an end.")
        if len(arguments) != len(graph.arguments):
            raise FormatError(
                f"graph: function {name!r:.60} expects {len(graph.arguments)} arguments, received {len(arguments)}."
            )
        return await self.compute(graph, dict(zip(graph.arguments, arguments, strict=True)), graph.returns)

    async def compute(self, graph: Graph, feeds: Mapping[str, Any], wanted: Sequence[Input]) -> list[Any]:
        """Returns the values of outputs of nodes."""
        await self.breathe()
        self._functions.append(graph)
        try:
            return await _Computation(self, graph, feeds, wanted).results()
        finally:
            self._functions.pop()


class _Computation:
    """The values of one graph as they come."""

    def __init__(self, run: Run, graph: Graph, feeds: Mapping[str, Any], wanted: Sequence[Input]) -> None:
        self.run = run
        self.graph = graph
        self.feeds = feeds
        self.wanted = wanted
        self.values: dict[tuple[Context, str], list[Any]] = {}
        self.uses: dict[tuple[Context, str], int] = {}
        self.done: set[tuple[Context, str]] = set()
        self.waiting: dict[str, set[Context]] = {}
        self.needed = self._needed()
        self.consumers: dict[str, list[GraphNode]] = {name: [] for name in self.needed}
        for name in self.needed:
            for source in dict.fromkeys(each.name for each in self._inputs(graph.nodes[name])):
                self.consumers[source].append(graph.nodes[name])
        self.ready: deque[tuple[GraphNode, Context]] = deque()

    def _inputs(self, node: GraphNode) -> Sequence[Input]:
        return () if node.name in self.feeds or node.name in self.run.constants else node.inputs

    def _needed(self) -> dict[str, None]:
        """Returns the names of the nodes that the wanted ones depend on."""
        found: dict[str, None] = {}
        todo = [each.name for each in self.wanted]
        while todo:
            name = todo.pop()
            if name not in found:
                found[name] = None
                todo.extend(each.name for each in self._inputs(self.graph.nodes[name]))
        return found

    async def results(self) -> list[Any]:
        for name in self.needed:
            node = self.graph.nodes[name]
            if name in self.feeds:
                self._store((), name, [self.feeds[name]])
            elif name in self.run.constants:
                self._store((), name, [self.run.constants[name]])
            elif not node.inputs:
                self.ready.append((node, ()))
        while self.ready:
            await self.run.breathe()
            node, context = self.ready.popleft()
            if (context, node.name) not in self.done:
                await self._compute(node, context)
        return [self._result(each) for each in self.wanted]

    def _result(self, wanted: Input) -> Any:
        outputs = self.values.get(((), wanted.name))
        place = self._place(wanted)
        if outputs is None or place >= len(outputs) or outputs[place] is None:
            raise FormatError(
                f"graph: output {wanted.name!r:.60} was not computed: it has no such value, lies in a branch that was not "
                "taken, or depends on itself."
            )
        return outputs[place]

    def _place(self, source: Input) -> int:
        """Returns which of a node's outputs is meant; functions say it by name."""
        if source.output is None:
            return source.index
        node = self.graph.nodes[source.name]
        names = (
            () if node.name in self.feeds or node.name in self.run.constants else declaration(node).outputs
        )
        return (list(names).index(source.output) if source.output in names else 0) + source.index

    def _found(self, source: Input, context: Context) -> tuple[Context, Any] | None:
        """Returns the value of an input as it is seen in a context, and the context that it belongs to."""
        constant = self.graph.nodes[source.name].attrs.get("is_constant")
        while True:
            outputs = self.values.get((context, source.name))
            if outputs is None and constant and context:
                context = (*context[:-1], (context[-1][0], 0))
                outputs = self.values.get((context, source.name))
            if outputs is not None:
                place = self._place(source)
                value = outputs[place] if place < len(outputs) else None
                return None if value is None else (context, value)
            if not context:
                return None
            context = context[:-1]

    def _store(self, context: Context, name: str, outputs: list[Any]) -> None:
        self.values[context, name] = outputs
        wanted = sum(each.name == name for each in self.wanted)
        self.uses[context, name] = len(self.consumers[name]) + wanted
        for consumer in self.consumers[name]:
            for place in {context, *self.waiting.get(consumer.name, ())}:
                self._try(consumer, place)

    def _try(self, node: GraphNode, context: Context) -> None:
        """Puts a node in line if its inputs are there; else it waits in this context."""
        if (context, node.name) in self.done:
            return
        found = [self._found(each, context) is not None for each in node.inputs]
        if any(found) if node.op == "Merge" else all(found):
            self.waiting.get(node.name, set()).discard(context)
            self.ready.append((node, context))
        else:
            self.waiting.setdefault(node.name, set()).add(context)

    async def _compute(self, node: GraphNode, context: Context) -> None:
        self.done.add((context, node.name))
        if node.op == "Placeholder":
            raise ArgumentError(f"graph: expected a tensor for the input {node.name!r:.60}, received none.")
        found = [self._found(each, context) for each in node.inputs]
        values = [None if each is None else each[1] for each in found]
        if node.op == "PlaceholderWithDefault":
            outputs = values[:1]
        else:
            outputs = await _outputs(node, values, self.run)
        for name in {
            s.name for s, each in zip(node.inputs, found, strict=True) if each and each[0] == context
        }:
            self._used(context, name)  # once, also where a node reads a value twice
        self._store(_context_after(node, context), node.name, outputs)

    def _used(self, context: Context, name: str) -> None:
        """Forgets a value of a loop's iteration when everything that reads it has."""
        self.uses[context, name] -= 1
        if context and self.uses[context, name] <= 0 and not self.graph.nodes[name].attrs.get("is_constant"):
            self.values.pop((context, name), None)


def _context_after(node: GraphNode, context: Context) -> Context:
    if node.op == "Enter":
        return (*context, (str(node.attrs.get("frame_name")), 0))
    if node.op in {"Exit", "NextIteration"} and not context:
        raise FormatError(f"graph: node {node.name!r:.60} ({node.op}) stands outside of every loop.")
    if node.op == "Exit":
        return context[:-1]
    if node.op == "NextIteration":
        frame, iteration = context[-1]
        return (*context[:-1], (frame, iteration + 1))
    return context


async def _outputs(node: GraphNode, values: Sequence[Any], run: Run) -> list[Any]:
    """Returns what a node makes of its inputs.

    Raises:
        TfError: what its op raises, with the name of the node.
    """
    declared = declaration(node)
    given = [run.followed(value) for value in values]
    known = [each for each in given if each is not None]
    if known and len(known) == len(values) and node.op not in CUSTOM:
        result = folded(node.op, known, node.attrs)
        if result is not None:
            return [run.known([result], []) if isinstance(result, int) else run.known(result, [len(result)])]
    try:
        result = declared.meaning(Call(node, values, run))
        if inspect.isawaitable(result):
            result = await result
    except TfError as error:
        if "graph: " in str(error) or getattr(error, "__notes__", None):
            raise
        error.add_note(f"This was in node {node.name!r:.60} ({node.op}) of the graph.")
        raise
    except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RecursionError) as error:
        if node.op in CUSTOM:
            raise
        raise FormatError(
            f"graph: node {node.name!r:.60} ({node.op:.60}) does not have the inputs and attributes that its op takes: "
            f"{str(error)[:200]}"
        ) from error
    outputs = list(result) if isinstance(result, (list, tuple)) else [result]
    largest = max((each.size for each in values if isinstance(each, Tensor)), default=0)
    for each in outputs:
        if isinstance(each, Tensor) and each.size > largest:
            require_size(each.size, f"graph: node {node.name!r:.60} ({node.op:.60})")
    return outputs
