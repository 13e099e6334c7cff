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

from tfjs_pyo.compiler.emitter import MAX_TAPS
from tfjs_pyo.compiler.numbering import Graph, number
from tfjs_pyo.compiler.tuning import current, most_layers
from tfjs_pyo.core.graph import Kind, Node

RECOMPUTE = 12
"""A value of several users is computed again in each of them up to this cost."""

BROADCAST_COST = 12
"""A value that is repeated along an axis is computed again for each element up to this cost, ..."""

CHEAP, BROADCAST_WORK = 2, 1 << 17
"""... or up to this one only, where all elements together cost more than a launch of its own."""

SHORT_REDUCTION = 64
"""A reduction over up to this cost may be computed inside its users; longer ones would keep one fragment busy too long."""

SMALL_WORK = 16384
"""... if all its users together read up to so many elements for it: less than what a launch costs."""

MAX_INLINE = 100
"""Ops fused into one kernel, so that programs stay small."""

TINY = 1024
"""Kernels of up to so many texels share a launch even if they have nothing in common but their size."""

FEW = 128
"""Reductions to up to so many texels do, too: their launches cost more than that one fragment does two after each other."""


@dataclass(slots=True)
class KernelPlan:
    """One launch: the numbers it computes, and those that are stored afterwards."""

    roots: list[int]
    anchor: int | None = None
    """The reduction or contraction in it, if there is one."""
    reads: set[int] = field(default_factory=set)
    """Stored numbers that it fetches."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Kernels in order; `alias` maps reshapes to the stored number whose bytes they share."""

    graph: Graph
    kernels: Sequence[KernelPlan]
    alias: dict[int, int]
    outputs: set[int]
    """Numbers whose values are wanted afterwards."""


def lowered(graph: Graph) -> Graph:
    """Returns the graph with ops replaced by what their `lower` rules make of them; leaves keep their order."""
    replaced: list[Node] = []
    changed = False
    leaves = set(graph.leaves)
    for index, node in enumerate(graph.nodes):
        new = node
        if index not in leaves and node.op.kind is not Kind.LEAF:
            inputs = tuple([replaced[source] for source in graph.sources[index]])
            if inputs != node.inputs:
                new = Node(node.op, inputs, node.shape, node.dtype, node.attrs)
            if node.op.lower is not None:
                better = node.op.lower(new)
                if better is not None:
                    new, changed = better, True
        replaced.append(new)
    if not changed:
        return graph
    return number([replaced[root] for root in graph.roots], [replaced[leaf] for leaf in graph.leaves])


class _Scheduler:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.nodes = graph.nodes
        self.sources = graph.sources
        self.scalars = set(graph.scalars)
        self.leaves = set(graph.leaves) | self.scalars
        self.users: list[list[int]] = [[] for _ in self.nodes]
        for index, sources in enumerate(self.sources):
            for source in dict.fromkeys(sources):
                self.users[source].append(index)
        self.alias: dict[int, int] = {}
        self.stored: set[int] = set()
        self.cost = [0] * len(self.nodes)
        self.length = [0] * len(self.nodes)
        self.taps: list[frozenset[int]] = [frozenset()] * len(self.nodes)

    def base(self, index: int) -> int:
        """Follows reshapes to the number whose bytes hold the value."""
        while self.is_view(index):
            index = self.sources[index][0]
        return index

    def is_view(self, index: int) -> bool:
        """Returns whether a number is a reshape of something stored, and so needs no bytes of its own."""
        if self.nodes[index].op.name != "reshape" or index in self.leaves:
            return False
        source = self.sources[index][0]
        return source not in self.scalars and (
            self.nodes[source].op.name != "reshape" or self.is_view(source)
        )

    def is_leaf(self, index: int) -> bool:
        return index in self.leaves

    # 1. What is stored

    def choose(self) -> None:
        """Decides what is stored."""
        self._store_what_must_be()
        # From users to inputs, so that a node knows where its users end up.
        for index in range(len(self.nodes) - 1, -1, -1):
            if index not in self.stored and index not in self.leaves and self._worth_storing(index):
                self._store(self.base(index))
        for index in range(len(self.nodes)):
            if index not in self.leaves:
                self._measure(index, self.nodes[index])
                if len(self.taps[index]) > MAX_TAPS or self.length[index] > MAX_INLINE:
                    self._cut(index)

    def _store_what_must_be(self) -> None:
        for index, node in enumerate(self.nodes):
            if index in self.scalars:
                continue
            if index in self.leaves:
                self.taps[index] = frozenset([index])
                continue
            self._measure(index, node)
            alone = node.op.kind in (Kind.CONTRACTION, Kind.SCATTER)
            if alone or (node.op.kind is Kind.REDUCTION and not self._is_small(index)):
                self._store(index)
            if alone:
                for source in self.sources[index]:
                    self._store(self.base(source))
        for root in self.graph.roots:
            self._store(self.base(root))

    def _is_small(self, index: int) -> bool:
        """Returns whether a reduction costs less inside its users than a launch of its own."""
        cost = self.cost[index]
        asked = sum(max(self.nodes[user].size, self.nodes[index].size) for user in self.users[index])
        return cost <= SHORT_REDUCTION and cost * asked <= SMALL_WORK

    def _measure(self, index: int, node: Node) -> None:
        """Notes what one element costs, and the textures that it reads, as things are stored now."""
        cost = node.op.cost
        length = 1
        taps: frozenset[int] = frozenset()
        for source in self.sources[index]:
            if source in self.stored:
                taps |= {source}
            else:
                taps |= self.taps[source]
                cost += self.cost[source]
                length += self.length[source]
        self.length[index] = min(length, 1 << 20)
        if node.op.kind is Kind.REDUCTION:
            cost *= max(1, self.nodes[self.sources[index][0]].size // max(1, node.size))
        self.cost[index] = min(cost, 1 << 20)
        self.taps[index] = taps

    def _store(self, index: int) -> None:
        if index not in self.leaves:
            self.stored.add(index)
            self.taps[index] = frozenset([index])

    def _cut(self, index: int) -> None:
        """Stores inputs of a node, the heaviest first, until it fits."""
        for source in sorted(set(self.sources[index]), key=lambda s: (-len(self.taps[s]), -self.length[s])):
            base = self.base(source)
            if base in self.leaves or base in self.stored:
                continue
            self._store(base)
            self._measure(index, self.nodes[index])
            if len(self.taps[index]) <= MAX_TAPS and self.length[index] <= MAX_INLINE:
                return

    def _worth_storing(self, index: int) -> bool:
        node = self.nodes[index]
        users = self.users[index]
        if self.is_view(index) or not users:
            return False
        cost = self.cost[index]
        if node.op.kind is Kind.REDUCTION:
            return not self._is_small(index)
        reached = [self._reach(user, node.size) for user in users]
        if cost <= SHORT_REDUCTION and cost * sum(reached) <= SMALL_WORK:
            return False
        if len(users) > 1 and cost > RECOMPUTE:
            return True
        repeated = max(reached) > node.size
        return repeated and (cost > BROADCAST_COST or (cost > CHEAP and cost * max(reached) > BROADCAST_WORK))

    def _reach(self, user: int, size: int) -> int:
        """Returns how many elements a user asks for: more than `size` where it repeats its input."""
        node = self.nodes[user]
        if node.op.kind is Kind.POINTWISE:
            return node.size
        return size

    # 2. and 3. Kernels

    def kernels(self) -> list[KernelPlan]:
        plans: list[KernelPlan] = []
        home: dict[int, int] = {}
        by_texels: dict[int, int] = {}
        for index in self._order():
            node = self.nodes[index]
            reads = self._reads(index)
            anchor = index if node.op.kind is not Kind.POINTWISE else None
            place = self._home_for(index, reads, anchor, plans, home, by_texels)
            if place is None:
                place = len(plans)
                plans.append(KernelPlan([index], anchor, set(reads)))
            else:
                plan = plans[place]
                plan.roots.append(index)
                plan.reads |= {r for r in reads if r not in plan.roots}
            home[index] = place
            if anchor is None or node.op.kind is Kind.REDUCTION:
                by_texels[-(-node.size // 4)] = place
        return plans

    def _order(self) -> list[int]:
        """Returns what is stored, inputs before users; what is repeated and needs only leaves comes first, for epilogues."""
        roots = {self.base(root) for root in self.graph.roots}
        first: set[int] = set()
        for index in sorted(self.stored - roots):
            node = self.nodes[index]
            small = node.op.kind is Kind.POINTWISE and node.size <= 4 * TINY
            repeated = any(self._reach(user, 0) > node.size for user in self.users[index])
            if (
                small
                and repeated
                and all(read in first or read in self.leaves for read in self._reads(index))
            ):
                first.add(index)
        return sorted(self.stored, key=lambda index: (index not in first, index))

    def _home_for(
        self,
        index: int,
        reads: dict[int, bool],
        anchor: int | None,
        plans: list[KernelPlan],
        home: dict[int, int],
        by_texels: dict[int, int],
    ) -> int | None:
        """Returns the position of an earlier kernel that can compute `index` too."""
        node = self.nodes[index]
        texels = -(-node.size // 4)
        ready = max((home[r] for r in reads if r in home), default=-1)
        if anchor is not None:
            other = by_texels.get(texels, -1)
            joins = node.op.kind is Kind.REDUCTION and texels <= FEW and other >= max(0, ready)
            return other if joins and self._fits(index, reads, plans[other], other, ready, home) else None
        candidates = {home[r] for r in reads if r in home and home[r] == ready}
        for read in reads:
            candidates |= {home[user] for user in self._readers(read) if user in home and home[user] >= ready}
        if texels <= TINY and texels in by_texels and by_texels[texels] >= ready:
            candidates.add(by_texels[texels])
        for place in sorted(candidates):
            if self._fits(index, reads, plans[place], place, ready, home):
                return place
        return None

    def _readers(self, read: int) -> list[int]:
        """Returns stored numbers that use `read` directly or through fused ops one step away."""
        found = []
        for user in self.users[read]:
            if user in self.stored:
                found.append(user)
            else:
                found += [u for u in self.users[user] if u in self.stored]
        return found

    def _fits(
        self,
        index: int,
        reads: dict[int, bool],
        plan: KernelPlan,
        place: int,
        ready: int,
        home: dict[int, int],
    ) -> bool:
        node = self.nodes[index]
        first = self.nodes[plan.roots[0]]
        if -(-node.size // 4) != -(-first.size // 4) or len(plan.roots) >= current().targets:
            return False
        if first.op.kind is Kind.SCATTER:
            return False
        if any(home.get(read) == place and not identity for read, identity in reads.items()):
            return False
        if ready > place:
            return False
        fetched = plan.reads | {r for r in reads if r not in plan.roots}
        return len(fetched) <= MAX_TAPS

    # 4. Layers

    def parts(self, plan: KernelPlan, needed: set[int], plain: set[int]) -> list[KernelPlan]:
        """Returns a kernel, or the contraction in it and its epilogue apart.

        Args:
            plan: the kernel.
            needed: numbers that are read or wanted afterwards.
            plain: those that may not lie in layers.
        """
        anchor = plan.anchor
        if anchor is None or plan.roots == [anchor] or not self._is_layered(anchor):
            return [plan]
        kept = [root for root in plan.roots if root in needed]
        if len(kept) == 1 and kept[0] not in plain:
            return [plan]
        epilogue = [root for root in plan.roots if root != anchor]
        reads = {read for root in epilogue for read in self._reads(root)}
        return [
            KernelPlan([anchor], anchor, set(self._reads(anchor))),
            KernelPlan(epilogue, None, reads.difference(epilogue)),
        ]

    def _is_layered(self, index: int) -> bool:
        node = self.nodes[index]
        kernel = node.op.kernel
        return (
            node.op.kind is Kind.CONTRACTION
            and kernel is not None
            and kernel(node, most_layers(node.size)).layers > 1
        )

    def _reads(self, index: int) -> dict[int, bool]:
        """Returns the stored numbers that a kernel fetches, and whether it reads each only element by element."""
        found: dict[int, bool] = {}
        size = self.nodes[index].size
        stack = [(index, True)]
        seen: set[tuple[int, bool]] = set()
        while stack:
            current, aligned = stack.pop()
            op = self.nodes[current].op
            for source in self.sources[current]:
                if source in self.scalars:
                    continue
                same = aligned and op.identity and self.nodes[source].size == size
                if source in self.stored or source in self.leaves:
                    found[source] = found.get(source, True) and same
                elif (source, same) not in seen:
                    seen.add((source, same))
                    stack.append((source, same))
        return found


def schedule(graph: Graph, plain: bool = False) -> Schedule:
    """Returns the kernels that compute the roots of a lowered graph.

    Args:
        graph: numbered.
        plain: whether the roots may not lie in layers.
    """
    scheduler = _Scheduler(graph)
    scheduler.choose()
    plans = scheduler.kernels()
    outputs = {scheduler.base(root) for root in graph.roots}
    alias = {i: scheduler.base(i) for i in range(len(graph.nodes)) if scheduler.is_view(i)}
    needed = outputs | {read for plan in plans for read in plan.reads}
    plans = [part for plan in plans for part in scheduler.parts(plan, needed, outputs if plain else set())]
    needed |= {read for plan in plans for read in plan.reads}
    for plan in plans:
        kept = [root for root in plan.roots if root in needed]
        plan.roots = kept or plan.roots[-1:]
    return Schedule(graph, plans, alias, outputs)
