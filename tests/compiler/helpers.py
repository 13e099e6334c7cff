"""Plans in CPython: what WebGL would launch, without WebGL."""

from dataclasses import replace

import numpy as np

from tests.compiler.verify import verify_graph, verify_plan
from tfjs_pyo.compiler.numbering import Graph, canonicalize
from tfjs_pyo.compiler.plan import Plan, plan_of
from tfjs_pyo.compiler.schedule import lowered
from tfjs_pyo.compiler.tuning import TABLE, Tuning
from tfjs_pyo.core.graph import CONST
from tfjs_pyo.core.trace import Step

SOFTWARE = replace(TABLE[0], most_on_processor=0)
"""A software GPU whose plans are for it, whatever they would cost on the processor."""


def verified(graph: Graph, tuning: Tuning, plain: bool) -> Plan:
    """The plan of a graph; both hold what must."""
    verify_graph(graph)
    verify_graph(lowered(graph, tuning))
    found = plan_of(graph, tuning, plain)
    verify_plan(found, tuning)
    return found


def plan(*tensors, tuning: Tuning = SOFTWARE, plain: bool = False) -> Plan:
    """The plan that computes these tensors; a number that is known already needs none."""
    pending = [tensor.node for tensor in tensors if tensor.node.op is not CONST]
    return verified(canonicalize(pending), tuning, plain)


def launches(*tensors) -> int:
    """How many launches these tensors take."""
    return len(plan(*tensors).launches)


def plan_of_step(step: Step, tuning: Tuning = SOFTWARE) -> Plan:
    """The plan of a compiled step."""
    return verified(step._graph, tuning, plain=True)


def sources(plan: Plan) -> set[str]:
    """The programs of a plan."""
    return {launch.source for launch in plan.launches}


def assert_nearly_all_close(found, expected, share=0.999):
    """Numbers agree but for a few, where rounding moves a bound."""
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    assert found.shape == expected.shape
    largest = np.abs(expected[np.isfinite(expected)]).max(initial=1)
    close = np.isclose(found, expected, rtol=1e-3, atol=1e-4 * largest, equal_nan=True)
    assert close.mean() >= share, f"{(~close).sum()} of {close.size} numbers differ"
