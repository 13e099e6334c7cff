"""Plans in CPython: what WebGL would launch, without WebGL."""

from tests.compiler.verify import verify_graph, verify_plan
from tfjs_pyo.compiler.numbering import Graph, canonicalize
from tfjs_pyo.compiler.plan import Plan, plan_of
from tfjs_pyo.compiler.schedule import lowered
from tfjs_pyo.compiler.tuning import TABLE, Tuning
from tfjs_pyo.core.graph import CONST
from tfjs_pyo.core.trace import Step

SOFTWARE = TABLE[0]


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
