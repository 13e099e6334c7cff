"""Plans within what a device has, however wide or deep a graph is."""

import dataclasses
import sys

import pytest

import tfjs_pyo as tf
from tests.compiler.helpers import SOFTWARE, plan, plan_of_step, verified
from tests.compiler.models import lstm, mlp, training_step
from tests.compiler.verify import verify_graph, verify_plan
from tfjs_pyo.compiler.numbering import canonicalize
from tfjs_pyo.core.graph import Kind, Node, Op, const
from tfjs_pyo.core.trace import Trace
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import DeviceError
from tfjs_pyo.ops.arithmetic import add
from tfjs_pyo.ops.gradients import gradients

# Uniforms


def views(count):
    """The sum of views of as many tensors of rank 6."""
    total = 0.0
    with Trace() as trace:
        for _ in range(count):
            x = trace.input((2, 3, 2, 2, 3, 2)).transpose([5, 4, 3, 2, 1, 0])[:, 1:, :, :1].reverse(2)
            total = total + x.pad([[0, 0], [0, 1], [0, 0], [0, 1], [0, 0], [0, 0]])
    return total


def slices(count):
    """The sum of as many slices of one tensor."""
    with Trace() as trace:
        x = trace.input((count, 5, 7))
        total = x[0]
        for i in range(1, count):
            total = total + x[i, :, ::-1] * float(i)
    return total


def parts(count):
    """A stack of as many slices of one tensor."""
    with Trace() as trace:
        x = trace.input((count, 5, 7))
    return tf.stack([x[i] * float(i) for i in range(count)])


@pytest.mark.parametrize("uniforms", [60, 100, 224, 1024])
@pytest.mark.parametrize(
    ("make", "count"), [(views, 5), (views, 11), (slices, 45), (slices, 90), (parts, 45), (parts, 100)]
)
def test_no_kernel_has_more_uniforms_than_the_device(make, count, uniforms):
    made = plan(make(count), tuning=dataclasses.replace(SOFTWARE, uniforms=uniforms))
    assert max(launch.uniforms for launch in made.launches) <= uniforms


def test_uniforms_are_cut_in_training_steps_too():
    few = dataclasses.replace(SOFTWARE, uniforms=24)
    for step in (training_step(mlp(), 32, [64]), training_step(lstm(3), 32, [3, 16], 1)):
        whole, cut = plan_of_step(step), plan_of_step(step, few)
        assert max(launch.uniforms for launch in whole.launches) > 24
        assert len(cut.launches) > len(whole.launches)


def test_what_fits_is_not_cut():
    assert len(plan(views(5)).launches) == 1


def test_a_kernel_that_cannot_be_cut_says_so():
    x = tf.ones([2, 3, 2, 2, 3, 2]).transpose([5, 4, 3, 2, 1, 0])
    with pytest.raises(DeviceError, match="expected a kernel of at most 3 vectors of uniforms"):
        plan(x, tuning=dataclasses.replace(SOFTWARE, uniforms=3))


# Depth


def chained(length, step, shape=(4, 6, 10)):
    with Trace() as trace:
        x = trace.input(shape)
        for i in range(length):
            x = step(x, i)
    return x


SHAPES = [(24, 10), (4, 60), (4, 6, 10)]
STEPS = {
    "reshape": lambda x, i: x.reshape(SHAPES[i % 3]),
    "reshape and add": lambda x, i: (x.reshape(SHAPES[i % 3]) + 1).reshape([4, 6, 10]),
    "transpose": lambda x, _: x.transpose([2, 0, 1]),
    "clone": lambda x, _: x.clone(),
    "add": lambda x, _: x + 1,
    "add twice": lambda x, _: x + x,
    "cast": lambda x, i: x.cast(["int32", "float32"][i % 2]),
    "slice and pad": lambda x, _: x[:, 1:].pad([[0, 0], [1, 0], [0, 0]]),
    "reduce": lambda x, _: x - x.sum(-1, True),
    "multiply": lambda x, _: tf.matMul(x, tf.ones([10, 10])),
}


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("length", [400, 2000])
def test_chains_of_any_length(name, length):
    plan(chained(length, STEPS[name]))


def lines(call):
    """How many lines of Python a call runs: its work, whatever else the machine does."""
    count = 0

    def trace(_frame, event, _argument):
        nonlocal count
        count += event == "line"
        return trace

    former = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(former)
    return count


def updates(count):
    """As many variables of different sizes, all changed by one number."""
    variables = [Variable(tf.ones([8 + i])) for i in range(count)]
    with Trace() as trace:
        x = trace.input((8,))
        for variable in variables:
            variable.assign(variable + x.sum())
    return trace.compile()


def recurrence(count):
    """All values of a recurrence."""
    with Trace() as trace:
        x = trace.input((8,))
        values = [x]
        for _ in range(count):
            values.append(values[-1] * 0.5 + x)
    return values[1:]


LINEAR = {
    "a chain of reshapes": lambda n: [chained(n, STEPS["reshape"])],
    "a chain of products": lambda n: [chained(n, STEPS["multiply"])],
    "a recurrence": recurrence,
}


@pytest.mark.parametrize("name", LINEAR)
def test_plans_take_linear_time(name):
    short, long = LINEAR[name](40), LINEAR[name](400)
    assert lines(lambda: plan(*long)) < 15 * lines(lambda: plan(*short))


def test_plans_of_many_updates_take_linear_time():
    short, long = updates(40), updates(400)
    assert lines(lambda: plan_of_step(long)) < 15 * lines(lambda: plan_of_step(short))


def test_reshapes_of_reshapes_are_one():
    x = chained(400, STEPS["reshape"])
    assert plan(x).launches == []
    with Trace():
        assert len(plan(x + 1).launches) == 1


@pytest.mark.slow
def test_long_chains_have_gradients():
    with Trace() as trace:
        x = trace.input((4,))
        y = x
        for _ in range(5000):
            y = y + x * 0.5
        (g,) = gradients(y.sum(), [x])
    plan(y, g)
    step = trace.compile([g])
    assert step.run([tf.ones([4])])[0].array_sync() == [2501] * 4

    def chain(v):
        for _ in range(5000):
            v = v + 0.5
        return v

    assert tf.grad(lambda v: chain(v).square().sum())(tf.scalar(1.0)).array_sync() == 2 * 2501
    z = chain(tf.ones([2]))
    assert z.toString().startswith("Tensor")


# Constants of rules


SHIFTED = Op(
    "shifted",
    Kind.POINTWISE,
    numpy=lambda np, node, x: x + 3,
    lower=lambda node, tuning: add(node.inputs[0], const(3.0, "float32")),
)


def test_rules_may_make_constants():
    with Trace() as trace:
        x = trace.input((4,)).node
    shifted = Node(SHIFTED, (x,), (4,), "float32")
    # A constant of the graph that is equal by chance is another one: other runs of the plan bind another value to it.
    for value in (3.0, 5.0):
        made = verified(canonicalize([add(shifted, const(value, "float32"))]), SOFTWARE, False)
        assert made.scalars == 2
        assert made.constants == [3.0]
        assert len(made.launches[-1].floats) == 2


def test_a_device_that_cannot_scatter_adds_up_what_is_there():
    with Trace() as trace:
        rows, indices = trace.input((300, 16)), trace.input((300,), "int32")
    made = {}
    for scatters in (True, False):
        tuning = dataclasses.replace(SOFTWARE, scatters=scatters)
        made[scatters] = plan(tf.unsortedSegmentSum(rows, indices, 100), tuning=tuning)
    assert any(launch.points for launch in made[True].launches)
    assert not any(launch.points for launch in made[False].launches)


# Updates


def test_updates_have_bytes_of_their_own():
    """Whatever variables are assigned, loops can hand each its own output."""
    variables = [Variable(tf.ones([2, 3])) for _ in range(6)]
    a, b, c, d, e, f = variables
    with Trace() as trace:
        x = trace.input((2, 3))
        value = x * 2
        a.assign(value)
        b.assign(value)
        c.assign(value.reshape([6]).reshape([2, 3]))
        d.assign(x * 2)
        e.assign(x)
        f.assign(x.reshape([3, 2]).reshape([2, 3]))
    step = trace.compile()
    assert sorted(plan_of_step(step).root_outputs) == list(range(6))


# The checks themselves


def test_wrong_plans_are_noticed():
    good = plan_of_step(training_step(mlp(), 8, [64]))
    first, *rest = good.launches

    def changed(**changes):
        return dataclasses.replace(good, launches=[dataclasses.replace(first, **changes), *rest])

    wrong = [
        dataclasses.replace(good, launches=[*rest, first]),
        dataclasses.replace(good, launches=good.launches[:-1]),
        changed(inputs=[99]),
        changed(ints=[*first.ints, 1]),
        changed(texels=first.texels + 1),
        changed(frees=[0]),
        changed(frees=[first.outputs[0][0]]),
        dataclasses.replace(good, root_outputs=[len(good.outputs)] * len(good.root_outputs)),
    ]
    for each in wrong:
        with pytest.raises(AssertionError):
            verify_plan(each, SOFTWARE)
    with pytest.raises(AssertionError, match="uniforms"):
        verify_plan(good, dataclasses.replace(SOFTWARE, uniforms=8))


def test_wrong_graphs_are_noticed():
    good = canonicalize([(tf.ones([2, 3]).exp() + tf.ones([2, 3]).log()).node])
    verify_graph(good)
    last = len(good.nodes) - 1
    with pytest.raises(AssertionError, match="inputs come before users"):
        verify_graph(dataclasses.replace(good, input_ids=[*good.input_ids[:-1], (last, last)]))
    other = Node(good.nodes[-1].op, good.nodes[-1].inputs[:1] * 2, (2, 3), "float32")
    other.inputs = (other.inputs[0], const(1, "int32"))
    with pytest.raises(AssertionError):
        verify_graph(dataclasses.replace(good, nodes=[*good.nodes[:-1], other]))
