"""What a plan costs on the GPU and on the processor, estimated: the model by which small graphs run on the processor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tfjs_pyo.compiler.kernels import Kernel
from tfjs_pyo.compiler.schedule import FusionGroup, Schedule
from tfjs_pyo.compiler.tuning import Processor, Tuning
from tfjs_pyo.core.graph import Kind


class Costs(NamedTuple):
    """Microseconds of a run.

    Attributes:
        gpu: where the GPU runs it and its results are read back.
        processor: where the processor runs it; -1 where it is too large for that.
        step: where a loop repeats it on the processor, whose inputs and results stay there; -1 where it is too large for that.
        readback: of one value that lies on the GPU.
        compile: of its programs for the GPU, once.
    """

    gpu: int
    processor: int
    step: int
    readback: int
    compile: int

    @property
    def is_for_processor(self) -> bool:
        """Whether the processor is the better place, once all inputs lie there."""
        return 0 <= self.processor < self.gpu

    @property
    def is_step_for_processor(self) -> bool:
        """Whether the processor is the better place to repeat it: a loop reads nothing back from either."""
        return 0 <= self.step < self.gpu - self.readback


class Work(NamedTuple):
    """What a launch computes.

    Attributes:
        products: multiply-adds of a contraction.
        layers: render targets that a fragment of the contraction writes.
        operations: multiply-adds of what is computed beside it, ...
        fetches: ... elements that this reads, ...
        writes: ... and elements that are written.
    """

    products: int
    layers: int
    operations: int = 0
    fetches: int = 0
    writes: int = 0


def work_of(schedule: Schedule, group: FusionGroup, kernel: Kernel | None, points: int) -> Work:
    """Returns what a group of a schedule computes.

    Args:
        schedule, group: what is to be computed.
        kernel: that of its contraction, if it has one.
        points: that it adds up, if it does that.
    """
    nodes = schedule.graph.nodes
    computed = [
        root for root in group.roots if root != group.main_op or nodes[root].op.kind is Kind.REDUCTION
    ]
    operations = sum(nodes[root].size * schedule.costs[root].operations for root in computed)
    fetches = sum(nodes[root].size * schedule.costs[root].fetches for root in computed)
    writes = sum(nodes[root].size for root in group.roots)
    if kernel is None or group.main_op is None:
        return Work(0, 1, operations + 4 * points, fetches + 4 * points, writes)
    return Work(nodes[group.main_op].size * kernel.length, kernel.layers, operations, fetches, writes)


def costs_of(works: Iterable[Work], texels: Iterable[int], scalars: int, tuning: Tuning) -> Costs:
    """Returns the costs of a plan.

    Args:
        works: of its launches.
        texels: of each value that it reads, makes or keeps.
        scalars: that a run binds.
        tuning: of the device.
    """
    launches: Sequence[Work] = list(works)
    gpu = tuning.readback + sum(
        tuning.launch
        + work.products / (tuning.products * work.layers)
        + tuning.work(1, work.operations, work.fetches, work.writes)
        for work in launches
    )
    processor = sum(
        Processor.LAUNCH
        + work.products / Processor.PRODUCTS
        + (work.operations + work.fetches) / Processor.OTHERS
        for work in launches
    )
    fits = scalars <= Processor.MOST_SCALARS and processor <= Processor.MOST
    most = sum(texels)
    return Costs(
        gpu=_whole(gpu),
        processor=_whole(processor) if fits and most <= tuning.most_on_processor else -1,
        step=_whole(processor) if fits and most <= Processor.MOST_STEP_TEXELS else -1,
        readback=tuning.readback,
        compile=tuning.compile * len(launches),
    )


def _whole(microseconds: float) -> int:
    return min(round(microseconds), 1 << 30)
