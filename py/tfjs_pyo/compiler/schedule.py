"""Decides what is stored and what is fused: from a numbered graph to kernels in the order in which they run.

1. Contractions and reductions (but for short ones over few elements) are stored, and so is what a contraction reads, what
   was asked for, and what is cheaper to store than to compute again.
2. Each stored node starts as a kernel of its own, with everything not stored that it needs computed inside it.
3. A pointwise kernel moves into an earlier one if all else that it reads is there by then, and if what it reads of that
   kernel it reads element by element. So biases and activations become epilogues, and the updates of a parameter and its
   slots become one pass with several render targets.
4. A contraction that computes several rows at once, for which its result lies in layers, gives up an epilogue whose results
   do not: what is saved on fetches is more than another launch costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tfjs_pyo.compiler.emitter import MAX_TEXTURE_INPUTS
from tfjs_pyo.compiler.numbering import Graph, canonicalize
from tfjs_pyo.compiler.tuning import Tuning
from tfjs_pyo.core.graph import Kind, Node

SHORT_REDUCTION = 64
"""A reduction over up to this cost may be computed inside its users; longer ones would keep one fragment busy too long."""

ENCLOSING = frozenset(["pad", "concat"])
"""Ops whose result is larger than an input that they read once."""

MAX_INLINE = 100
"""Ops fused into one kernel, so that programs stay small."""

MOST_COUNTED = 1 << 20
"""Costs are not counted beyond this."""


class Cost(NamedTuple):
    """What an element of a value takes, with all that is not stored on the way to it.

    Attributes:
        operations: multiply-adds.
        fetches: elements of textures.
    """

    operations: int
    fetches: int


@dataclass(slots=True)
class FusionGroup:
    """One launch.

    Attributes:
        members: numbers that it computes, inputs before users; each would be a launch of its own.
        main_op: the reduction or contraction among them, if there is one.
        reads: stored numbers that it fetches.
        roots: the members that are stored afterwards.
        stages: the members in whose order its program is written: the roots, which lead to the others; all where that would lead
            deep.
    """

    members: list[int]
    main_op: int | None = None
    reads: set[int] = field(default_factory=set)
    roots: list[int] = field(default_factory=list)
    stages: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Limits:
    """How a schedule is cut beyond what it decides itself, since kernels had more uniforms than the device has.

    Attributes:
        stored: numbers that are stored.
        alone: stored numbers that have a kernel of their own.
    """

    stored: set[int] = field(default_factory=set)
    alone: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Groups in the order in which they run.

    Attributes:
        base: for each number the one whose bytes hold its value: its own, but for reshapes of what is stored.
        stored: numbers whose values lie in textures, beside the leaves.
        outputs: numbers whose values are wanted afterwards.
        costs: of an element of each number.
    """

    graph: Graph
    groups: Sequence[FusionGroup]
    base: Sequence[int]
    stored: set[int]
    outputs: set[int]
    costs: Sequence[Cost]

    def cut(self, group: FusionGroup, limits: Limits) -> bool:
        """Makes two kernels of a group in the next schedule under `limits`; returns False where nothing is left to cut."""
        apart = set(group.members[1:]) - limits.alone
        if apart:
            limits.alone |= apart
            return True
        halves = self._halves(group.members[-1])
        if halves is None:
            return False
        limits.stored.add(halves)
        return True

    def _halves(self, root: int) -> int | None:
        """Returns the number inside a kernel that splits its dimensions, of which uniforms are made, most evenly."""
        nodes, input_ids = self.graph.nodes, self.graph.input_ids
        outside = self.stored | {*self.graph.leaves, *self.graph.scalars}
        cones: dict[int, set[int]] = {}
        for index in self._inside(root, outside):
            cones[index] = {index}.union(*(cones[s] for s in input_ids[index] if s in cones))
        weights = {
            index: sum(nodes[inner].rank + 1 for inner in cone)
            for index, cone in cones.items()
            if self.base[index] == index or index == root
        }
        whole = weights.pop(root)
        return min(weights, key=lambda index: abs(whole - 2 * weights[index]), default=None)

    def _inside(self, root: int, outside: set[int]) -> list[int]:
        """Returns what a kernel computes for a root, inputs before users."""
        found, stack = {root}, [root]
        while stack:
            for source in self.graph.input_ids[stack.pop()]:
                if source not in found and source not in outside:
                    found.add(source)
                    stack.append(source)
        return sorted(found)


def lowered(graph: Graph, tuning: Tuning) -> Graph:
    """Returns the graph with ops replaced by what their `lower` rules make of them for a device.

    Leaves and scalars keep their order; constants that rules make are scalars after those.
    """
    replaced: list[Node] = []
    changed = False
    outside = {*graph.leaves, *graph.scalars}
    for index, node in enumerate(graph.nodes):
        new = node
        if index not in outside:
            inputs = tuple([replaced[source] for source in graph.input_ids[index]])
            if inputs != node.inputs:
                new = Node(node.op, inputs, node.shape, node.dtype, node.attrs)
            if node.op.view and _is_pending_view(inputs[0]):
                new, changed = Node(node.op, inputs[0].inputs, node.shape, node.dtype), True
            if node.op.lower is not None:
                better = node.op.lower(new, tuning)
                if better is not None:
                    new, changed = better, True
        replaced.append(new)
    if not changed:
        return graph
    return canonicalize(
        [replaced[root] for root in graph.roots],
        [replaced[leaf] for leaf in graph.leaves],
        scalar_order=[replaced[scalar] for scalar in graph.scalars],
    )


def _is_pending_view(node: Node) -> bool:
    """Returns whether a view of this node is one of its input as well, so that chains of views are a single one."""
    return node.op.view and node.buffer is None


class _Scheduler:
    def __init__(self, graph: Graph, tuning: Tuning, limits: Limits) -> None:
        self.graph = graph
        self.tuning = tuning
        self.limits = limits
        self.nodes = graph.nodes
        self.input_ids = graph.input_ids
        self.scalars = set(graph.scalars)
        self.leaves = set(graph.leaves) | self.scalars
        self.base = self._bases()
        self.stored: set[int] = set()
        self.cost = [Cost(0, 0)] * len(self.nodes)
        self.length = [0] * len(self.nodes)
        self.asked = [0] * len(self.nodes)
        """How many elements of a number its users ask for, each as often as they do."""
        self.textures: list[frozenset[int]] = [frozenset()] * len(self.nodes)
        self.groups: list[FusionGroup] = []
        self.group_of: dict[int, int] = {}
        """The position of the group that computes a stored number."""
        self.by_texels: dict[int, int] = {}
        """The last group without anything larger than pointwise work, or with a reduction, for each number of texels."""
        self.readers: dict[tuple[int, int], dict[int, None]] = {}
        """The groups of a number of texels in which a number is used directly or through a fused op, one step away."""

    def _bases(self) -> list[int]:
        """Returns for each number the one whose bytes hold the value: reshapes of what is stored need none of their own."""
        base = list(range(len(self.nodes)))
        for index, node in enumerate(self.nodes):
            if not node.op.view or index in self.leaves:
                continue
            source = self.input_ids[index][0]
            of_scalar = self.nodes[source].op.view and base[source] == source and source not in self.leaves
            if source not in self.scalars and not of_scalar:
                base[index] = base[source]
        return base

    def is_view(self, index: int) -> bool:
        """Returns whether a number is a reshape of something stored, and so needs no bytes of its own."""
        return self.base[index] != index

    # 1. What is stored

    def choose(self) -> None:
        """Decides what is stored."""
        self._store_what_must_be()
        # From users to inputs, so that a node knows how often it is asked for.
        for index in range(len(self.nodes) - 1, -1, -1):
            if index in self.leaves:
                continue
            if index not in self.stored and not self.is_view(index) and self._worth_storing(index):
                self._store(index)
            self._ask(index)
        for index in range(len(self.nodes)):
            if index not in self.leaves:
                self._measure(index, self.nodes[index])
                if len(self.textures[index]) > MAX_TEXTURE_INPUTS or self.length[index] > MAX_INLINE:
                    self._cut(index)

    def _store_what_must_be(self) -> None:
        for index, node in enumerate(self.nodes):
            if index in self.scalars:
                continue
            if index in self.leaves:
                self.textures[index] = frozenset([index])
                continue
            self._measure(index, node)
            alone = node.op.kind in (Kind.CONTRACTION, Kind.SCATTER)
            if alone or (node.op.kind is Kind.REDUCTION and self.cost[index].operations > SHORT_REDUCTION):
                self._store(index)
            if alone:
                for source in self.input_ids[index]:
                    self._store(self.base[source])
        for index in {*self.graph.roots, *self.limits.stored}:
            self._store(self.base[index])

    def _ask(self, index: int) -> None:
        """Notes how many elements of its inputs a number asks for, once all its users are stored or not."""
        node = self.nodes[index]
        elements = node.size if index in self.stored else self.asked[index]
        for source in dict.fromkeys(self.input_ids[index]):
            size = self.nodes[source].size
            if node.op.kind is Kind.REDUCTION or node.op.name in ENCLOSING:
                self.asked[source] += elements * size // max(1, node.size)
            else:
                self.asked[source] += elements

    def _worth_storing(self, index: int) -> bool:
        """Returns whether a value costs more where users compute it anew than stored and read."""
        size, asked, cost = self.nodes[index].size, self.asked[index], self.cost[index]
        stored = self.tuning.launch + self.tuning.work(size, *cost, writes=1) + self.tuning.work(asked, 0, 1)
        return self.tuning.work(asked, *cost) > stored

    def _is_slight(self, index: int) -> bool:
        """Returns whether a value costs less than a launch, so that it is worth another place than one of its own."""
        return self.tuning.work(self.nodes[index].size, *self.cost[index], writes=1) <= self.tuning.launch

    def _measure(self, index: int, node: Node) -> None:
        """Notes what one element costs, and the textures that it reads, as things are stored now."""
        operations, fetches = node.op.cost, 0
        length = 1
        textures: frozenset[int] = frozenset()
        for source in self.input_ids[index]:
            if source in self.stored or (source in self.leaves and source not in self.scalars):
                textures |= {source}
                fetches += 1
            else:
                textures |= self.textures[source]
                operations += self.cost[source].operations
                fetches += self.cost[source].fetches
                length += self.length[source]
        self.length[index] = min(length, MOST_COUNTED)
        if node.op.kind is Kind.REDUCTION:
            steps = max(1, self.nodes[self.input_ids[index][0]].size // max(1, node.size))
            operations, fetches = operations * steps, fetches * steps
        self.cost[index] = Cost(min(operations, MOST_COUNTED), min(fetches, MOST_COUNTED))
        self.textures[index] = textures

    def _store(self, index: int) -> None:
        if index not in self.leaves:
            self.stored.add(index)
            self.textures[index] = frozenset([index])

    def _cut(self, index: int) -> None:
        """Stores inputs of a node, the heaviest first, until it fits."""
        for source in sorted(
            set(self.input_ids[index]), key=lambda s: (-len(self.textures[s]), -self.length[s])
        ):
            base = self.base[source]
            if base in self.leaves or base in self.stored:
                continue
            self._store(base)
            self._measure(index, self.nodes[index])
            if len(self.textures[index]) <= MAX_TEXTURE_INPUTS and self.length[index] <= MAX_INLINE:
                return

    # 2. and 3. Kernels

    def group(self) -> None:
        """Makes groups of what is stored."""
        for index in self._order():
            node = self.nodes[index]
            reads = self._reads(index)
            main_op = index if node.op.kind is not Kind.POINTWISE else None
            place = self._place_for(index, reads, main_op)
            if place is None:
                place = len(self.groups)
                self.groups.append(FusionGroup([index], main_op, set(reads)))
            else:
                group = self.groups[place]
                group.members.append(index)
                group.reads |= {r for r in reads if r not in group.members}
            self.group_of[index] = place
            self._note_reader(index, place)
            if main_op is None or node.op.kind is Kind.REDUCTION:
                self.by_texels[node.texels] = place

    def _order(self) -> list[int]:
        """Returns what is stored, inputs before users; what is repeated and needs only leaves comes first, for epilogues."""
        roots = {self.base[root] for root in self.graph.roots}
        first: set[int] = set()
        for index in sorted(self.stored - roots):
            node = self.nodes[index]
            small = node.op.kind is Kind.POINTWISE and self._is_slight(index)
            repeated = self.asked[index] > node.size
            if (
                small
                and repeated
                and all(read in first or read in self.leaves for read in self._reads(index))
            ):
                first.add(index)
        return sorted(self.stored, key=lambda index: (index not in first, index))

    def _place_for(self, index: int, reads: dict[int, bool], main_op: int | None) -> int | None:
        """Returns the position of an earlier group that can compute `index` too."""
        if index in self.limits.alone:
            return None
        node = self.nodes[index]
        texels = node.texels
        ready = max((self.group_of[r] for r in reads if r in self.group_of), default=-1)
        if main_op is not None:
            other = self.by_texels.get(texels, -1)
            joins = node.op.kind is Kind.REDUCTION and self._is_slight(index) and other >= max(0, ready)
            return other if joins and self._fits(index, reads, other, ready) else None
        candidates = {ready} if ready >= 0 else set()
        for read in reads:
            candidates.update(
                place
                for place in self.readers.get((read, texels), ())
                if place >= ready and self._has_room(place)
            )
        if self.by_texels.get(texels, -1) >= max(0, ready) and self._is_slight(index):
            candidates.add(self.by_texels[texels])
        return next((place for place in sorted(candidates) if self._fits(index, reads, place, ready)), None)

    def _note_reader(self, index: int, place: int) -> None:
        texels = self.nodes[index].texels
        for source in self.input_ids[index]:
            self.readers.setdefault((source, texels), {})[place] = None
            if source not in self.stored:
                for further in self.input_ids[source]:
                    self.readers.setdefault((further, texels), {})[place] = None

    def _has_room(self, place: int) -> bool:
        return len(self.groups[place].members) < self.tuning.targets

    def _fits(self, index: int, reads: dict[int, bool], place: int, ready: int) -> bool:
        node, group = self.nodes[index], self.groups[place]
        first = self.nodes[group.members[0]]
        if node.texels != first.texels or not self._has_room(place):
            return False
        if first.op.kind is Kind.SCATTER or group.members[0] in self.limits.alone:
            return False
        if any(self.group_of.get(read) == place and not identity for read, identity in reads.items()):
            return False
        if ready > place:
            return False
        fetched = group.reads | {r for r in reads if r not in group.members}
        return len(fetched) <= MAX_TEXTURE_INPUTS

    # 4. Layers

    def parts(self, group: FusionGroup, needed: set[int], plain: set[int]) -> list[FusionGroup]:
        """Returns a group, or the contraction in it and its epilogue apart.

        Args:
            group: as it was made.
            needed: numbers that are read or wanted afterwards.
            plain: those that may not lie in layers.
        """
        main_op = group.main_op
        if main_op is None or group.members == [main_op] or not self._is_layered(main_op):
            return [group]
        kept = [member for member in group.members if member in needed]
        if len(kept) == 1 and kept[0] not in plain:
            return [group]
        epilogue = [member for member in group.members if member != main_op]
        reads = {read for member in epilogue for read in self._reads(member)}
        return [
            FusionGroup([main_op], main_op, set(self._reads(main_op))),
            FusionGroup(epilogue, None, reads.difference(epilogue)),
        ]

    def _is_layered(self, index: int) -> bool:
        node = self.nodes[index]
        kernel = node.op.kernel
        return (
            node.op.kind is Kind.CONTRACTION
            and kernel is not None
            and kernel(node, self.tuning.most_layers(node.size)).layers > 1
        )

    def _reads(self, index: int) -> dict[int, bool]:
        """Returns the stored numbers that a kernel fetches, and whether it reads each only element by element."""
        found: dict[int, bool] = {}
        size = self.nodes[index].size
        stack = [(index, True)]
        seen: set[tuple[int, bool]] = set()
        while stack:
            inner, aligned = stack.pop()
            op = self.nodes[inner].op
            for source in self.input_ids[inner]:
                if source in self.scalars:
                    continue
                same = aligned and op.identity and self.nodes[source].size == size
                if source in self.stored or source in self.leaves:
                    found[source] = found.get(source, True) and same
                elif (source, same) not in seen:
                    seen.add((source, same))
                    stack.append((source, same))
        return found


def schedule(graph: Graph, tuning: Tuning, plain: bool = False, limits: Limits | None = None) -> Schedule:
    """Returns the groups that compute the roots of a lowered graph.

    Args:
        graph: numbered.
        tuning: of the device.
        plain: whether the roots may not lie in layers.
        limits: what is cut in any case.
    """
    scheduler = _Scheduler(graph, tuning, limits or Limits())
    scheduler.choose()
    scheduler.group()
    outputs = {scheduler.base[root] for root in graph.roots}
    groups = scheduler.groups
    needed = outputs | {read for group in groups for read in group.reads}
    groups = [
        part for group in groups for part in scheduler.parts(group, needed, outputs if plain else set())
    ]
    needed |= {read for group in groups for read in group.reads}
    for group in groups:
        kept = [member for member in group.members if member in needed]
        group.roots = kept or group.members[-1:]
        is_deep = sum(scheduler.length[member] for member in group.members) > MAX_INLINE
        group.stages = group.members if is_deep else group.roots
    return Schedule(graph, groups, scheduler.base, scheduler.stored, outputs, scheduler.cost)
