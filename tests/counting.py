"""Counts what a piece of work does, where its time would depend on what else the machine does."""

import sys
from collections.abc import Callable
from types import FrameType, FunctionType
from typing import Any

from tfjs_pyo.layers import Layer


def calls_made(work: Callable[[], Any], of: FunctionType | None = None) -> int:
    """How many functions were called meanwhile, Python's and C's; or how often one of Python's."""
    count = 0

    def note(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        is_meant = of is None or (event == "call" and frame.f_code is of.__code__)
        count += is_meant and event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def runs_of(layer: Layer) -> list[bool]:
    """Returns a list that notes each run of a layer's Python: whether it trains.

    A compiled step runs it once, when it is recorded; steps as they are written run it each time.
    """
    runs: list[bool] = []
    layer.set_call_hook(lambda _inputs, others: runs.append(bool(others.get("training"))))
    return runs
