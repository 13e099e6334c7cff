"""Plans: a schedule as programs and launches, in the form in which the JavaScript side replays them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tfjs_pyo.backends.protocol import KernelInfo, Lowered
from tfjs_pyo.compiler.costs import Costs, Work, costs_of, work_of
from tfjs_pyo.compiler.emitter import Emitter
from tfjs_pyo.compiler.kernels import Kernel
from tfjs_pyo.compiler.numbering import Graph, detached, without_values
from tfjs_pyo.compiler.program import contraction_source, pointwise_source, scatter_source
from tfjs_pyo.compiler.schedule import FusionGroup, Limits, Schedule, lowered, schedule
from tfjs_pyo.compiler.tuning import Tuning
from tfjs_pyo.core.graph import PLAIN, Kind, Node
from tfjs_pyo.dtypes import STORED
from tfjs_pyo.errors import DeviceError
from tfjs_pyo.shapes import Shape


@dataclass(frozen=True, slots=True)
class Storage:
    """Where a stored value lies: a slot of the plan, and how its texture is laid out.

    Attributes:
        slot: leaves first, then what the launches write.
        layers: 1 for a plain texture; more for an array whose layer i holds the i-th block.
        texels_per_layer: texels of one layer.
    """

    slot: int
    layers: int
    texels_per_layer: int


@dataclass(frozen=True, slots=True)
class Launch:
    """One draw: a program, the slots it reads and writes, its uniforms, and the slots that are free afterwards."""

    name: str
    source: str
    texels: int
    inputs: Sequence[int]
    outputs: Sequence[tuple[int, int, Storage]]
    """slot, dtype index, storage."""
    ints: Sequence[int]
    int_scalars: Sequence[tuple[int, int]]
    """Positions in `ints` that show a scalar of the plan, with the scalar's index."""
    floats: Sequence[int]
    """For each float uniform, the scalar that it shows."""
    frees: Sequence[int]
    points: int = 0
    """Points to draw and add up, where the program has a vertex shader of its own; else every texel is drawn once."""

    @property
    def uniforms(self) -> int:
        """Vectors of uniforms at most: numbers of an array take one each, and so do the dimensions of each texture."""
        return max(1, len(self.ints)) + len(self.floats) + len(self.inputs) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Lowered):
    """A graph lowered to draws.

    Attributes:
        launches: in order.
        slots: how many there are; the first of them are the leaves.
        input_texels: the texels of each leaf.
        scalars: how many a run binds: those of the graph, then the plan's own constants.
        outputs: slots handed out, each once.
        output_sizes: the elements of each output.
        costs: estimated, on the GPU and on the processor.
    """

    launches: Sequence[Launch]
    slots: int
    input_texels: Sequence[int]
    scalars: int
    outputs: Sequence[int]
    output_sizes: Sequence[int]
    costs: Costs

    @property
    def inputs(self) -> int:
        """How many leaves there are."""
        return len(self.input_texels)

    def __str__(self) -> str:
        lines = []
        for launch in self.launches:
            written = ", ".join(f"s{slot}" for slot, _, _ in launch.outputs)
            read = ", ".join(f"s{slot}" for slot in launch.inputs)
            freed = f"  free {', '.join(f's{s}' for s in launch.frees)}" if launch.frees else ""
            lines.append(f"{written} = {launch.name}({read}) texels={launch.texels}{freed}")
        return "\n".join([*lines, f"return {', '.join(f's{slot}' for slot in self.outputs)}"])

    def encode(self) -> array[int]:
        """Returns the int32 words that the JavaScript side reads (`decode` in web/webgl/plan.js)."""
        words = array("i", [self.slots, self.scalars, *self.costs, self.inputs, *self.input_texels])
        words.extend([len(self.outputs), *self.outputs, len(self.launches)])
        for launch in self.launches:
            words.extend([launch.texels, launch.points, len(launch.inputs), *launch.inputs])
            words.append(len(launch.outputs))
            for slot, dtype, storage in launch.outputs:
                words.extend([slot, dtype, storage.layers, storage.texels_per_layer])
            words.extend([len(launch.ints), *launch.ints, len(launch.int_scalars)])
            words.extend([word for pair in launch.int_scalars for word in pair])
            words.extend([len(launch.floats), *launch.floats, len(launch.frees), *launch.frees])
        return words


class _Builder:
    def __init__(self, graph: Graph, tuning: Tuning, plain: bool, limits: Limits) -> None:
        self.graph = graph
        self.tuning = tuning
        self.plain = plain
        self.schedule: Schedule = schedule(graph, tuning, plain, limits)
        self.storage: dict[int, Storage] = {}
        self.number_of: dict[int, int] = {id(node): i for i, node in enumerate(graph.nodes)}
        self.scalar_of = {number: i for i, number in enumerate(graph.scalars)}
        for slot, leaf in enumerate(graph.leaves):
            node = graph.nodes[leaf]
            layers, texels_per_layer = node.buffer.layout if node.buffer else PLAIN
            self.storage[leaf] = Storage(slot, layers, texels_per_layer or node.texels)
        self.slots = len(graph.leaves)
        self.works: list[Work] = []
        """What the launches compute."""

    def index(self, node: Node) -> int:
        """Returns the number of a node of the graph."""
        return self.number_of[id(node)]

    def shapes(self, numbers: Iterable[int]) -> tuple[Shape, ...]:
        """Returns the shapes of numbered values."""
        return tuple(self.graph.nodes[number].shape for number in numbers)

    def emitter(self, group: FusionGroup) -> Emitter:
        inside = set(group.members)

        def stored(node: Node) -> tuple[int, int, int] | None:
            index = self.index(node)
            if index in inside or index not in self.storage:
                return None
            storage = self.storage[index]
            return storage.slot, storage.layers, storage.texels_per_layer

        return Emitter(stored, lambda node: self.scalar_of[self.index(node)])

    def launches(self) -> list[Launch]:
        last = self._last_uses()
        launches = []
        for position, group in enumerate(self.schedule.groups):
            launches.append(self._launch(group, position, last))
        return launches

    def has_layers(self) -> bool:
        """Returns whether a result lies in layers."""
        return any(self.storage[output].layers > 1 for output in self.schedule.outputs)

    def costs(self, scalars: int) -> Costs:
        """Returns what a run costs, once all launches are there."""
        texels = [storage.layers * storage.texels_per_layer for storage in self.storage.values()]
        return costs_of(self.works, texels, scalars, self.tuning)

    def _last_uses(self) -> dict[int, int]:
        last: dict[int, int] = {}
        for position, group in enumerate(self.schedule.groups):
            for number in [*group.roots, *group.reads]:
                last[number] = position
        return last

    def _operands(self, main_op: Node) -> list[Storage]:
        """Returns where the inputs of a contraction or scatter are stored."""
        sources = self.graph.input_ids[self.index(main_op)]
        return [self.storage[self.schedule.base[source]] for source in sources]

    def _launch(self, group: FusionGroup, position: int, last: dict[int, int]) -> Launch:
        graph = self.graph
        main_op = graph.nodes[group.main_op] if group.main_op is not None else None
        emitter = self.emitter(group)
        roots = [graph.nodes[root] for root in group.roots]
        stages = [graph.nodes[stage] for stage in group.stages]
        kernel: Kernel | None = None
        points = 0
        if main_op is not None and main_op.op.kind is Kind.SCATTER:
            source, texels, points = scatter_source(emitter, main_op, self._operands(main_op))
        elif main_op is not None and main_op.op.kind is Kind.CONTRACTION and main_op.op.kernel is not None:
            single = len(roots) == 1 and not (self.plain and group.roots[0] in self.schedule.outputs)
            kernel = main_op.op.kernel(main_op, self.tuning.most_layers(main_op.size) if single else 1)
            operands = self._operands(main_op)
            dtypes = [source.dtype for source in main_op.inputs]
            source, texels = contraction_source(emitter, main_op, stages, roots, kernel, operands, dtypes)
        else:
            source, texels = pointwise_source(emitter, stages, roots)
        self.works.append(work_of(self.schedule, group, kernel, points))
        layers = kernel.layers if kernel else 1
        outputs = []
        for number, root in zip(group.roots, roots, strict=True):
            texels_per_layer = kernel.texels_per_layer if kernel and layers > 1 else root.texels
            self.storage[number] = Storage(self.slots, layers, texels_per_layer)
            outputs.append((self.slots, STORED.index(root.dtype), self.storage[number]))
            self.slots += 1
        keep = self.schedule.outputs | set(graph.leaves)
        dead = {n for n in [*group.reads, *group.roots] if last[n] == position and n not in keep}
        name = "+".join(
            dict.fromkeys(filter(None, [main_op.op.name if main_op else None, *(r.op.name for r in roots)]))
        )
        return Launch(
            name=name,
            source=source,
            texels=texels,
            inputs=[texture.slot for texture in emitter.textures],
            outputs=outputs,
            ints=[value if isinstance(value, int) else 0 for value in emitter.ints],
            int_scalars=[(i, value[1]) for i, value in enumerate(emitter.ints) if not isinstance(value, int)],
            floats=list(emitter.floats),
            frees=sorted(self.storage[n].slot for n in dead),
            points=points,
        )


def plan_of(original: Graph, tuning: Tuning, plain: bool = False) -> Plan:
    """Returns the plan of a numbered graph for a device; `plain` forbids layered outputs, as the processor has none."""
    # Rules refer to inputs by node: let each node's inputs be the very nodes that bear the numbers.
    graph = detached(lowered(without_values(original), tuning))
    builder, launches = _built(graph, tuning, plain)
    costs = builder.costs(len(graph.scalars))
    if costs.is_for_processor and not plain and builder.has_layers():
        return plan_of(original, tuning, plain=True)
    leaves = {leaf: position for position, leaf in enumerate(graph.leaves)}
    outputs: list[int] = []
    sizes: list[int] = []
    root_outputs, root_layouts = [], []
    for root in graph.roots:
        base = builder.schedule.base[root]
        storage = builder.storage[base]
        root_layouts.append((storage.layers, storage.texels_per_layer) if storage.layers > 1 else PLAIN)
        if base in leaves:
            root_outputs.append(-1 - leaves[base])
            continue
        slot = storage.slot
        if slot not in outputs:
            outputs.append(slot)
            sizes.append(graph.nodes[base].size)
        root_outputs.append(outputs.index(slot))
    return Plan(
        launches=launches,
        slots=builder.slots,
        input_texels=[max(1, graph.nodes[leaf].texels) for leaf in graph.leaves],
        scalars=len(graph.scalars),
        outputs=outputs,
        output_sizes=sizes,
        costs=costs,
        root_outputs=root_outputs,
        root_layouts=root_layouts,
        constants=[float(value) for _, value in graph.scalar_values[len(original.scalars) :]],
        kernels=[
            KernelInfo(launch.name, builder.shapes(sorted(group.reads)), builder.shapes(group.roots))
            for launch, group in zip(launches, builder.schedule.groups, strict=True)
        ],
    )


def _built(graph: Graph, tuning: Tuning, plain: bool) -> tuple[_Builder, list[Launch]]:
    """Returns the launches of a graph, none of which has more uniforms than the device; what has is cut, and all built anew.

    Nothing but its program tells how many uniforms a kernel needs.
    """
    limits = Limits()
    while True:
        builder = _Builder(graph, tuning, plain, limits)
        launches = builder.launches()
        pairs = zip(builder.schedule.groups, launches, strict=True)
        over = [(group, launch) for group, launch in pairs if launch.uniforms > tuning.uniforms]
        if not over:
            return builder, launches
        for group, launch in over:
            if not builder.schedule.cut(group, limits):
                raise DeviceError(
                    f"{launch.name}: expected a kernel of at most {tuning.uniforms} vectors of uniforms, which this device "
                    f"has, received one of {launch.uniforms}. Split the operation."
                )
