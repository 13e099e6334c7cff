"""Plans in CPython: what WebGL would launch, without WebGL."""

from tfjs_pyo.compiler.numbering import number
from tfjs_pyo.compiler.plan import Plan, plan_of
from tfjs_pyo.core.graph import CONST
from tfjs_pyo.core.trace import Step


def plan(*tensors) -> Plan:
    """The plan that computes these tensors; a number that is known already needs none."""
    return plan_of(number([tensor.node for tensor in tensors if tensor.node.op is not CONST]))


def launches(*tensors) -> int:
    """How many launches these tensors take."""
    return len(plan(*tensors).launches)


def plan_of_step(step: Step) -> Plan:
    """The plan of a compiled step."""
    return plan_of(step._graph, plain=True)


def sources(plan: Plan) -> set[str]:
    """The programs of a plan."""
    return {launch.source for launch in plan.launches}
