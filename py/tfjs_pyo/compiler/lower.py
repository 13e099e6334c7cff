"""From a numbered graph to something a backend loads: a list of NumPy calls, or a plan of GLSL launches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tfjs_pyo.backends.protocol import Backend, Interpretation, KernelInfo
from tfjs_pyo.compiler.interpret import interpretation
from tfjs_pyo.compiler.numbering import Graph
from tfjs_pyo.compiler.plan import Plan, plan_of
from tfjs_pyo.compiler.tuning import tuning_of, use

Loaded = tuple[Any, Sequence[int], Sequence[tuple[int, int]], Sequence[int], Sequence[KernelInfo]]


def load(graph: Graph, backend: Backend, plain: bool) -> Loaded:
    """Lowers `graph` in the form that `backend` takes, and loads it; `plain` forbids layered outputs.

    Returns:
        The executable; for each root the output that holds it (or -1 - i for leaf i); its layout; the positions in
        `graph.leaves` of the inputs; what its kernels do.
    """
    lowered: Interpretation | Plan
    if backend.lowering == "interpret":
        lowered = interpretation(graph)
    else:
        use(tuning_of(backend.renderer, backend.targets))
        lowered = plan_of(graph, plain)
    loaded = backend.load(lowered)
    return loaded, lowered.root_outputs, lowered.root_layouts, lowered.input_leaves, lowered.kernels
