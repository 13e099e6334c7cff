"""From a numbered graph to what a backend loads: a list of NumPy calls, or a plan of GLSL launches."""

from __future__ import annotations

from tfjs_pyo.backends.protocol import Backend, Lowered
from tfjs_pyo.compiler.interpret import interpretation
from tfjs_pyo.compiler.numbering import Graph
from tfjs_pyo.compiler.plan import plan_of
from tfjs_pyo.compiler.tuning import tuning_of


def lowered_for(graph: Graph, backend: Backend, plain: bool) -> Lowered:
    """Returns a graph in the form that a backend takes; `plain` forbids outputs that lie in layers."""
    if backend.lowering == "interpret":
        return interpretation(graph)
    tuning = tuning_of(backend.renderer, backend.targets, backend.uniforms, backend.scatters)
    return plan_of(graph, tuning, plain)
