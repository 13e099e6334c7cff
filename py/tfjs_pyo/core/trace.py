"""Traces: a stretch of ordinary code recorded once, compiled to a step, and replayed without Python in between."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import NamedTuple, Protocol, Self

from tfjs_pyo.backends.protocol import PAUSE_SECONDS, PROGRESS_SECONDS, Control, Loop, LoopSegment, Progress
from tfjs_pyo.compiler.numbering import Graph, Scalar, canonicalize, detached
from tfjs_pyo.compiler.tables import Table, tables_of
from tfjs_pyo.core import context, debug, engine
from tfjs_pyo.core.blocking import is_blocking, turn
from tfjs_pyo.core.graph import COPY, COUNTER, PLACEHOLDER, REALIZED, Kind, Node, describe, topological
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.dtypes import DType
from tfjs_pyo.errors import ArgumentError, DeviceError, ShapeError, TraceError
from tfjs_pyo.shapes import Shape

Counters = Mapping[str, tuple[float, float, float]]
"""For each counter: value = base + epoch * per_epoch + step * per_step."""


class Counted(Protocol):
    """What counts its steps on the host, such as an optimizer: a replay tells it, and nothing on the device has to."""

    def count(self, steps: int, updated: Sequence[Variable]) -> None:
        """Adds steps that a replay has made.

        Args:
            steps: how many.
            updated: what the replay has changed.
        """


class Trace:
    """A scope in which code is recorded instead of run.

    Inside, `input` and `counter` make the leaves, variables read as what was last assigned to them in the trace, and
    `Variable.assign` becomes an update that each replay carries out.

    Example:
        >>> from tfjs_pyo import ops
        >>> total = Variable(ops.scalar(0.0))
        >>> with Trace() as trace:
        ...     x = trace.input((2,), "float32")
        ...     total.assign(total + x.sum())
        >>> step = trace.compile([x * 2])
        >>> step.run([ops.tensor([1.0, 2.0])])[0].array_sync(), total.array_sync()
        ([2.0, 4.0], 3.0)
    """

    def __init__(self) -> None:
        self._inputs: list[Node] = []
        self._counters: dict[str, Node] = {}
        self._leaves: dict[Variable, Node] = {}
        self._values: dict[Variable, Node] = {}
        self._counted: dict[Counted, int] = {}

    def __enter__(self) -> Self:
        context.enter("traces", self)
        return self

    def __exit__(self, *exc: object) -> None:
        context.leave("traces", self)

    @property
    def inputs(self) -> Sequence[Node]:
        """The placeholders of feeds."""
        return self._inputs

    @property
    def leaves(self) -> Mapping[Variable, Node]:
        """For each variable that was read or assigned what stands for its value before."""
        return self._leaves

    @property
    def values(self) -> Mapping[Variable, Node]:
        """For each variable that was read or assigned its value after."""
        return self._values

    def input(self, shape: Shape, dtype: DType = "float32") -> Tensor:
        """Returns a placeholder; feeds of a replay are bound in the order of these calls."""
        node = Node(PLACEHOLDER, (), tuple(shape), dtype)
        self._inputs.append(node)
        return Tensor(node)

    def counter(self, name: str) -> Tensor:
        """Returns a rank-0 int32 tensor whose value each replay supplies under `name`."""
        if name not in self._counters:
            self._counters[name] = Node(COUNTER, (), (), "int32", name)
        return Tensor(self._counters[name])

    def counter_node(self, name: str) -> Node | None:
        """Returns the counter of this name if the trace has one."""
        return self._counters.get(name)

    def count(self, owner: Counted) -> None:
        """Records that each replay makes one more step of `owner`."""
        self._counted[owner] = self.counted(owner) + 1

    def counted(self, owner: Counted) -> int:
        """Returns how many steps of `owner` the trace has recorded so far."""
        return self._counted.get(owner, 0)

    def read(self, variable: Variable) -> Node:
        """Returns what `variable` holds at this point of the trace."""
        value = self._values.get(variable)
        if value is None:
            stored = variable.stored
            value = Node(PLACEHOLDER, (), stored.shape, stored.dtype)
            self._leaves[variable] = self._values[variable] = value
        return value

    def write(self, variable: Variable, value: Node) -> None:
        """Records that each replay leaves `value` in `variable`."""
        self.read(variable)
        self._values[variable] = value

    def compile(self, outputs: Sequence[Tensor] = ()) -> Step:
        """Returns the recorded computation as a step that gives `outputs` and updates the assigned variables."""
        updated = [v for v, leaf in self._leaves.items() if self._values[v] is not leaf]
        roots = [t.node for t in outputs] + [self._values[v] for v in updated]
        variables = list(self._leaves)
        order = [self._leaves[v] for v in variables] + self._inputs
        known = set(order)
        for node in topological(roots):
            if node.op is PLACEHOLDER and node.buffer is None and node not in known:
                raise TraceError("compile: an output depends on a placeholder of another trace.")
        graph = canonicalize(_apart(canonicalize(roots, order), len(outputs)), order)
        return Step(graph, variables, updated, self._inputs, len(outputs), self._counted)


def _apart(graph: Graph, outputs: int) -> list[Node]:
    """Returns the roots of a graph, copies of what is a leaf; updates that share bytes with a leaf or another update, too."""
    taken = dict.fromkeys([*graph.leaves, *graph.scalars], 1)
    roots = [graph.nodes[root] for root in graph.roots[:outputs]]
    roots = [Node(COPY, (r,), r.shape, r.dtype) if r.op.kind is Kind.LEAF or r.buffer else r for r in roots]
    for root in graph.roots[outputs:]:
        base, node = root, graph.nodes[root]
        while graph.nodes[base].op.view and base not in taken:
            base = graph.input_ids[base][0]
        # Equal copies would be one again: each further one copies more often.
        for _ in range(taken.get(base, 0)):
            node = Node(COPY, (node,), node.shape, node.dtype)
        taken[base] = taken.get(base, 0) + 1
        roots.append(node)
    return roots


class Step:
    """A compiled trace.

    Attributes:
        variables: those the trace read or assigned, in the order in which they are bound.
        updated: those that a replay changes.
    """

    def __init__(
        self,
        graph: Graph,
        variables: list[Variable],
        updated: list[Variable],
        inputs: list[Node],
        outputs: int,
        counted: Mapping[Counted, int],
    ) -> None:
        self.variables = variables
        self.updated = updated
        self.feeds = inputs
        self._graph = detached(graph)
        self._outputs = outputs
        self._counted = counted
        self._executable = engine.compile_graph(graph, plain=True)

    @property
    def executable(self) -> engine.Executable:
        """The step on the backend in use."""
        if self._executable.backend is not engine.backend():
            self._executable = engine.compile_graph(self._graph, plain=True)
        return self._executable

    @property
    def scalars(self) -> Sequence[Scalar]:
        """Dtype and value, or counter name, of each scalar, in the order in which they are bound."""
        return self._graph.scalar_values

    def captured(self) -> list[Node]:
        """Returns the leaves beyond variables and feeds: values that existed before the trace."""
        first = len(self.variables) + len(self.feeds)
        return [self._graph.nodes[number] for number in self._graph.leaves[first:]]

    @cached_property
    def tables(self) -> list[tuple[int, Table, str]]:
        """Of each feed that is places in a table: its position, the table, and its name if it is a variable."""
        leaves, first = self._graph.leaves, len(self.variables)
        positions = {leaves[first + position]: position for position in range(len(self.feeds))}
        names = {leaves[place]: variable.unique_name for place, variable in enumerate(self.variables)}
        found = tables_of(self._graph, positions)
        return [
            (positions[places], table, names.get(table.number, "a constant"))
            for places, table in found.items()
        ]

    def count(self, times: int) -> None:
        """Tells whoever counts its steps on the host that this one was replayed so often."""
        for owner, steps in self._counted.items():
            owner.count(steps * times, self.updated)

    def check_feeds(self, feeds: Sequence[Tensor]) -> None:
        """Raises unless `feeds` have the number, shapes and dtypes of the trace's inputs."""
        if len(feeds) != len(self.feeds):
            raise ArgumentError(f"step: expected {len(self.feeds)} feeds, received {len(feeds)}.")
        for position, (feed, node) in enumerate(zip(feeds, self.feeds, strict=True)):
            if feed.shape != node.shape or feed.dtype != node.dtype:
                raise ShapeError(
                    f"step: expected feed {position} to be {node.dtype} of shape {node.shape}, "
                    f"received {feed.dtype} of shape {feed.shape}."
                )

    def run(
        self,
        feeds: Sequence[Tensor] = (),
        counters: Mapping[str, int] | None = None,
        instead: Mapping[Variable, Variable] | None = None,
    ) -> list[Tensor]:
        """Replays the step once; other threads see all of it, or nothing.

        Args:
            feeds: one tensor per `Trace.input`.
            counters: a value for each `Trace.counter`.
            instead: variables that take the places of some of those that were recorded.

        Returns:
            The outputs given to `Trace.compile`; assigned variables hold their new values.
        """
        if context.current().traces:
            raise TraceError(
                "step: a compiled step cannot run while another one is recorded. Do not train a model inside of a train_step, "
                "test_step or call; call the model itself, or predict."
            )
        self.check_feeds(feeds)
        with engine.exclusive:
            return self._replay(feeds, counters or {}, instead or {})

    def _replay(
        self, feeds: Sequence[Tensor], counters: Mapping[str, int], instead: Mapping[Variable, Variable]
    ) -> list[Tensor]:
        bound = [instead.get(v, v) for v in self.variables]
        leaves = [*(v.node for v in bound), *(t.node for t in feeds), *self.captured()]
        engine.realize([leaf for leaf in leaves if leaf.buffer is None])
        leaves = [engine.plain(node) for node in leaves]
        executable = self.executable
        buffers = [engine.buffer_of(leaf) for leaf in leaves]
        scalars = [float(counters[v] if isinstance(v, str) else v) for _, v in self._graph.scalar_values]
        if debug.enabled():
            debug.check_step(self._graph, leaves, scalars)
        results = executable.run([buffer.handle for buffer in buffers], scalars)
        engine.latest["step"] = executable
        nodes = [
            Node(REALIZED, (), self._graph.nodes[root].shape, self._graph.nodes[root].dtype)
            for root in self._graph.roots
        ]
        engine.store_results(nodes, executable, results, leaves)
        updated = [instead.get(v, v) for v in self.updated]
        for variable, node in zip(updated, nodes[self._outputs :], strict=True):
            if variable.shared:
                engine.overwrite(variable.stored, node)
            else:
                variable.hold(node)
        self.count(1)
        return [Tensor(node) for node in nodes[: self._outputs]]

    def __repr__(self) -> str:
        return describe([self._graph.nodes[root] for root in self._graph.roots])


class _Bound(NamedTuple):
    """What the steps of a loop share: variables by position, feeds and captured values by handle."""

    positions: dict[Variable, int]
    constants: dict[Node, tuple[int, Node]]
    """Position, and the node whose bytes are bound."""


def _bind(steps: Sequence[Step], feeds: Sequence[Tensor]) -> _Bound:
    positions = {v: i for i, v in enumerate(dict.fromkeys(v for step in steps for v in step.variables))}
    nodes = dict.fromkeys([*(t.node for t in feeds), *(n for step in steps for n in step.captured())])
    return _Bound(positions, {node: (i, engine.plain(node)) for i, node in enumerate(nodes)})


def _segment(
    step: Step, count: int, feeds: Sequence[Tensor], bound: _Bound, counters: Counters
) -> LoopSegment:
    position = bound.positions
    constant = {node: -1 - i for node, (i, _) in bound.constants.items()}
    inputs = [position[v] for v in step.variables]
    inputs += [constant[t.node] for t in feeds]
    inputs += [constant[node] for node in step.captured()]
    scalars = []
    for _, value in step.scalars:
        if isinstance(value, str):
            if value not in counters:
                raise ArgumentError(
                    f"run_loop: expected counters for {value!r}, received {sorted(counters)}."
                )
            scalars.append(counters[value])
        else:
            scalars.append((float(value), 0.0, 0.0))
    scalars += [(value, 0.0, 0.0) for value in step.executable.constants]
    states = [-1] * (max(step.executable.outputs, default=-1) + 1)
    for variable, output in zip(step.updated, step.executable.outputs, strict=True):
        if output < 0 or states[output] != -1:
            raise TraceError(
                "run_loop: expected every update of a variable to be computed by the step on its own."
            )
        states[output] = position[variable]
    return LoopSegment(step.executable.loaded, count, states, inputs, scalars)


async def run_loop(
    segments: Sequence[tuple[Step, int]],
    feeds: Sequence[Tensor],
    epochs: int,
    counters: Counters,
    log: Variable,
    progress: Progress | None = None,
    control: Control | None = None,
    instead: Mapping[Variable, Variable] | None = None,
) -> list[list[float]]:
    """Replays whole epochs in one call of the backend; Python does not run for steps, and the event loop stays free.

    Args:
        segments: the steps of one epoch in order, each with how many times it runs; traced without outputs.
        feeds: tensors bound to the inputs of every step.
        epochs: how many epochs.
        counters: how each counter grows.
        log: float32 variable of shape [k] that the steps update.
        progress: is told now and then how far it is: epoch, steps, log.
        control: may pause it, or stop it after a step.
        instead: variables that take the places of some of those that were recorded.

    Returns:
        The log after each epoch: `epochs` rows of k numbers; fewer if it is stopped, the last of them of part of an epoch.

    Raises:
        KeyboardInterrupt: the run was interrupted; the variables hold the values of the last finished step.
    """
    steps = [step for step, _ in segments]
    for step in steps:
        step.check_feeds(feeds)
    if debug.enabled() or is_blocking():
        return await _run_one_by_one(segments, feeds, epochs, counters, log, progress, control, instead)
    device = engine.backend()
    bound = _bind(steps, feeds)
    variables = [(instead or {}).get(v, v) for v in bound.positions]
    if log not in bound.positions:
        raise ArgumentError(
            "run_loop: expected a step that updates `log`, received none that reads or assigns it."
        )
    began = time.perf_counter()
    executables = [step.executable for step in steps]
    with _in_use(variables):
        engine.latest["step"] = executables[0]
        # Held while the loop runs: a value that somebody moves to another backend meanwhile stays on this one, too.
        state = [engine.buffer_of(v.stored) for v in variables]
        constants = [engine.buffer_of(node) for _, node in bound.constants.values()]
        loop = Loop(
            segments=[_segment(step, count, feeds, bound, counters) for step, count in segments],
            epochs=epochs,
            state=[buffer.handle for buffer in state],
            constants=[buffer.handle for buffer in constants],
            log=bound.positions[log],
            log_size=log.size,
            progress=progress,
            control=control,
            exclusive=engine.exclusive,
        )
        counting = _Counting(segments, loop)
        _running.append(counting)
        try:
            rows = await device.loop(loop)
        finally:
            # Held for both: a copy that is made between the two would have the weights of more steps than it counts.
            with engine.exclusive:
                counting.settle()
                _running.remove(counting)
    for executable in executables:
        for observe in context.current().observers:
            observe(executable, (time.perf_counter() - began) / len(steps))
    return rows


class _Counting:
    """Counts the finished steps of a loop, the last epoch of which may end in the middle."""

    def __init__(self, segments: Sequence[tuple[Step, int]], loop: Loop) -> None:
        self._segments, self._loop = segments, loop
        self._counted = [0] * len(segments)

    def settle(self) -> None:
        """Counts what was finished since it was last asked."""
        made = self._loop.made if self._loop.look is None else self._loop.look()
        epochs, left = divmod(made, max(1, sum(times for _, times in self._segments)))
        for place, (step, times) in enumerate(self._segments):
            last = min(left, times)
            left -= last
            new = epochs * times + last - self._counted[place]
            self._counted[place] += new
            if new:
                step.count(new)


_running: list[_Counting] = []
"""The loops that run now."""


def settle_counts() -> None:
    """Lets whoever counts steps on the host know of those that running loops have made."""
    with engine.exclusive:
        for counting in _running:
            counting.settle()


@contextmanager
def _in_use(variables: Sequence[Variable]) -> Iterator[None]:
    """Gives each variable bytes of its own, which a loop may change in place while the block runs."""
    taken: list[Variable] = []
    try:
        with engine.exclusive:
            engine.realize(v.stored for v in variables)
            for variable in variables:
                _take(variable)
                taken.append(variable)
        yield
    finally:
        with engine.exclusive:
            for variable in taken:
                variable.shared -= 1


def _take(variable: Variable) -> None:
    if not variable.shared:
        variable.hold(engine.copy(engine.plain(variable.stored)))
    elif engine.buffer_of(variable.stored).backend is not engine.backend():
        raise DeviceError(
            f"run_loop: variable {variable.unique_name!r} is in use by a training loop on another backend. Wait for its end, or "
            "train on the backend that it runs on."
        )
    variable.shared += 1


async def _run_one_by_one(
    segments: Sequence[tuple[Step, int]],
    feeds: Sequence[Tensor],
    epochs: int,
    counters: Counters,
    log: Variable,
    progress: Progress | None,
    control: Control | None,
    instead: Mapping[Variable, Variable] | None,
) -> list[list[float]]:
    """Does what `run_loop` does step by step, as debug mode needs it, and code that cannot wait.

    The log is read now and then, so that the device is not handed more than it can do.
    """
    rows: list[list[float]] = []
    log = (instead or {}).get(log, log)
    told = time.perf_counter()
    for epoch in range(epochs):
        done = 0
        for step, count in segments:
            for _ in range(count):
                now = {
                    name: int(base + epoch * per_epoch + done * per_step)
                    for name, (base, per_epoch, per_step) in counters.items()
                }
                step.run(feeds, now, instead)
                done += 1
                if time.perf_counter() - told >= PROGRESS_SECONDS:
                    sums = [float(value) for value in log.data_sync()]
                    if progress is not None:
                        progress(epoch, done, sums)
                    told = time.perf_counter()
                await turn()
                while control is not None and control.paused:
                    await turn(PAUSE_SECONDS)
                if control is not None and control.stopped:
                    control.steps = done
                    return [*rows, [float(value) for value in log.data_sync()]]
        rows.append([float(value) for value in log.data_sync()])
    return rows
