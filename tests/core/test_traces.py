"""Traces: recorded once, replayed with feeds, counters and variables; whole epochs in one call."""

import asyncio

import pytest

import tfjs_pyo as tf
from tfjs_pyo import ops
from tfjs_pyo.backends.numpy import NumpyBackend
from tfjs_pyo.core import engine
from tfjs_pyo.core.trace import Trace, run_loop
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import ArgumentError, ShapeError, TraceError


def scalar_variable(value=0.0):
    return Variable(ops.scalar(value))


def counting_step(total, weight=1.0):
    """A step that adds x * weight + step to a variable."""
    with Trace() as trace:
        x = trace.input((2,), "float32")
        number = trace.counter("step")
        total.assign(total + x.sum() * weight + ops.cast(number, "float32"))
    return trace.compile([x * 2, total.read()])


def test_a_replay_binds_feeds_counters_and_variables():
    total = scalar_variable(1.0)
    step = counting_step(total)
    assert total.array_sync() == 1, "recording changes nothing"
    doubled, seen = step.run([tf.tensor([1.0, 2.0])], {"step": 10})
    assert doubled.array_sync() == [2, 4]
    assert total.array_sync() == 14
    assert seen.array_sync() == 1, "read outside the trace: a value captured at that moment"
    step.run([tf.tensor([0.0, 0.0])], {"step": 1})
    assert total.array_sync() == 15


def test_a_variable_read_in_a_trace_is_what_was_last_assigned_in_it():
    w = scalar_variable(3.0)
    with Trace() as trace:
        before = w * 1
        w.assign(w + 1)
        after = w * 1
        w.assign(w * 10)
    step = trace.compile([before, after])
    assert [t.array_sync() for t in step.run()] == [3, 4]
    assert w.array_sync() == 40
    assert [t.array_sync() for t in step.run()] == [40, 41]
    assert step.variables == [w]
    assert step.updated == [w]


def test_variables_that_swap_values_are_updated_at_once():
    a, b = scalar_variable(1.0), scalar_variable(2.0)
    with Trace() as trace:
        old = a.read()
        a.assign(b.read())
        b.assign(old)
    step = trace.compile()
    step.run()
    assert (a.array_sync(), b.array_sync()) == (2, 1)
    step.run()
    assert (a.array_sync(), b.array_sync()) == (1, 2)


def test_values_from_before_the_trace_are_captured():
    weights = tf.tensor([1.0, 10.0])
    with Trace() as trace:
        x = trace.input((2,), "float32")
        y = x * weights
    step = trace.compile([y])
    assert step.run([tf.tensor([2.0, 3.0])])[0].array_sync() == [2, 30]


def test_a_trace_can_be_differentiated():
    w = Variable(tf.tensor([2.0, 3.0]))
    with Trace() as trace:
        x = trace.input((2,), "float32")
        loss = ops.sum(ops.square(w * x))
        (g,) = ops.gradients(loss, [w])
        w.assign(w - 0.1 * g)
    step = trace.compile([loss])
    assert step.run([tf.tensor([1.0, 2.0])])[0].array_sync() == pytest.approx(40)
    assert w.array_sync() == pytest.approx([2 - 0.1 * 4, 3 - 0.1 * 24])


@pytest.mark.parametrize(
    "ask", [lambda t: t.data_sync(), lambda t: t.numpy(), float, bool, lambda t: t.array_sync()]
)
def test_values_cannot_be_had_inside(ask):
    with Trace() as trace:
        x = trace.input((), "float32")
        with pytest.raises(TraceError, match="while a step is traced"):
            ask(x * 2)


def test_traced_tensors_have_a_representation():
    with Trace() as trace:
        x = trace.input((2, 3), "float32")
        assert repr(x + 1) == "<Tensor of shape (2, 3), float32, traced>"


def test_feeds_are_checked():
    step = counting_step(scalar_variable())
    with pytest.raises(ArgumentError, match="step: expected 1 feeds, received 0"):
        step.run([], {"step": 0})
    with pytest.raises(
        ShapeError, match=r"feed 0 to be float32 of shape \(2,\), received float32 of shape \(3,\)"
    ):
        step.run([tf.tensor([1, 2, 3])], {"step": 0})
    with pytest.raises(ShapeError, match="received int32"):
        step.run([tf.tensor([1, 2], None, "int32")], {"step": 0})


def test_a_placeholder_of_another_trace_is_refused():
    with Trace() as first:
        x = first.input((), "float32")
    with Trace() as second:
        y = x + 1
    with pytest.raises(TraceError, match="placeholder of another trace"):
        second.compile([y])


def loop(segments, feeds, epochs, counters, log):
    return asyncio.run(run_loop(segments, feeds, epochs, counters, log))


def test_run_loop_replays_epochs_and_returns_the_log_after_each():
    total, log = scalar_variable(), Variable(ops.zeros([1]))

    def step_of(weight):
        with Trace() as trace:
            x = trace.input((2,), "float32")
            trace.counter("step")
            total.assign(total + x.sum() * weight)
            log.assign(ops.reshape(total.read(), [1]))
        return trace.compile()

    rows = loop(
        [(step_of(1.0), 3), (step_of(100.0), 1)], [tf.tensor([1.0, 1.0])], 2, {"step": (0, 0, 1)}, log
    )
    assert rows == [[206.0], [412.0]]
    assert total.array_sync() == 412
    assert log.array_sync() == [412]


def test_a_loop_assigns_several_variables_alike():
    a, b, c, log = scalar_variable(), scalar_variable(), scalar_variable(5.0), Variable(ops.zeros([1]))
    with Trace() as trace:
        x = trace.input((), "float32")
        value = a + x
        a.assign(value)
        b.assign(value)
        c.assign(x)
        log.assign(ops.reshape(value, [1]))
    assert loop([(trace.compile(), 3)], [tf.scalar(2.0)], 1, {}, log) == [[6.0]]
    assert [v.array_sync() for v in (a, b, c)] == [6, 6, 2]


def test_run_loop_counters_grow_by_epoch_and_step():
    log = Variable(ops.zeros([4]))
    with Trace() as trace:
        number = ops.cast(trace.counter("number"), "float32")
        here = ops.cast(ops.equal(ops.range(0, 4), ops.cast(trace.counter("step"), "float32")), "float32")
        log.assign(log + here * number)
    rows = loop([(trace.compile(), 4)], [], 2, {"number": (5, 100, 10), "step": (0, 0, 1)}, log)
    assert rows[0] == [5, 15, 25, 35]
    assert rows[1] == [5 + 105, 15 + 115, 25 + 125, 35 + 135]


class CopyingTwice(NumpyBackend):
    """Has no memory left for the second copy."""

    copies = 0

    def copy(self, handle):
        self.copies += 1
        if self.copies == 2:
            raise MemoryError
        return super().copy(handle)


def test_a_loop_that_fails_before_it_begins_leaves_variables_free():
    former = engine.replace_backend(CopyingTwice())
    try:
        w, log = scalar_variable(1.0), Variable(ops.zeros([1]))
        with Trace() as trace:
            w.assign(w + 1)
            log.assign(ops.reshape(w.read(), [1]))
        step = trace.compile()
        with pytest.raises(MemoryError):
            loop([(step, 1)], [], 1, {}, log)
        assert (w.shared, log.shared) == (0, 0)
        assert loop([(step, 1)], [], 1, {}, log) == [[2.0]]
    finally:
        engine.replace_backend(former)


def test_run_loop_needs_a_log_that_the_steps_update():
    w, log = scalar_variable(1.0), Variable(ops.zeros([1]))
    with Trace() as trace:
        w.assign(w + 1)
    with pytest.raises(ArgumentError, match="expected a step that updates `log`"):
        loop([(trace.compile(), 1)], [], 1, {}, log)
    assert w.shared == 0


def test_a_tensor_that_left_a_trace_says_so():
    with Trace() as trace:
        x = trace.input((2,), "float32") * 2
    with pytest.raises(TraceError, match="was made while a step was traced and never had a value"):
        x.data_sync()


def test_run_loop_needs_every_counter():
    log = Variable(ops.zeros([1]))
    with Trace() as trace:
        log.assign(log + ops.cast(trace.counter("step"), "float32"))
    with pytest.raises(ArgumentError, match="expected counters for 'step', received"):
        loop([(trace.compile(), 1)], [], 1, {}, log)


def test_a_loop_leaves_earlier_readings_of_variables_alone():
    w, log = scalar_variable(1.0), Variable(ops.zeros([1]))
    before, lazy = w.read(), w * 2
    with Trace() as trace:
        w.assign(w + 1)
        log.assign(ops.reshape(w.read(), [1]))
    loop([(trace.compile(), 3)], [], 1, {}, log)
    assert before.array_sync() == 1
    assert lazy.array_sync() == 2
    assert w.array_sync() == 4


def test_reading_and_assigning_during_a_loop_sees_and_changes_the_live_value():
    w, log = scalar_variable(0.0), Variable(ops.zeros([1]))
    with Trace() as trace:
        w.assign(w + 1)
        log.assign(ops.reshape(w.read(), [1]))
    step = trace.compile()
    seen = []

    async def watch():
        while len(seen) < 3:
            seen.append(w.array_sync())
            await asyncio.sleep(0)
        w.assign(ops.scalar(1000.0))

    async def both():
        rows, _ = await asyncio.gather(run_loop([(step, 50)], [], 1, {}, log), watch())
        return rows

    rows = asyncio.run(both())
    assert seen == sorted(seen)
    assert 1000 < rows[0][0] < 1050
    assert w.array_sync() == rows[0][0]


class Interrupting(NumpyBackend):
    """Raises KeyboardInterrupt before the fourth replay, as the prompt's stop button does."""

    replays = 0

    def _replay(self, *args):
        self.replays += 1
        if self.replays == 4:
            raise KeyboardInterrupt
        super()._replay(*args)


@pytest.fixture
def interrupting():
    engine.use_backend("numpy")
    former = engine.replace_backend(Interrupting())
    yield
    engine.replace_backend(former)


def test_an_interrupted_loop_keeps_the_last_finished_step_and_can_go_on(interrupting):
    w, log = scalar_variable(0.0), Variable(ops.zeros([1]))
    with Trace() as trace:
        w.assign(w + 1)
        log.assign(ops.reshape(w.read(), [1]))
    step = trace.compile()
    with pytest.raises(KeyboardInterrupt):
        loop([(step, 10)], [], 1, {}, log)
    assert w.array_sync() == 3
    assert w.shared == 0
    w.assign(w * 2)
    assert loop([(step, 2)], [], 1, {}, log) == [[8.0]]


def test_two_loops_over_the_same_variable_share_it():
    w = scalar_variable(0.0)
    logs = [Variable(ops.zeros([1])), Variable(ops.zeros([1]))]

    def step_of(log):
        with Trace() as trace:
            w.assign(w + 1)
            log.assign(ops.reshape(w.read(), [1]))
        return trace.compile()

    steps = [step_of(log) for log in logs]

    async def both():
        return await asyncio.gather(
            *[run_loop([(s, 20)], [], 1, {}, log) for s, log in zip(steps, logs, strict=True)]
        )

    asyncio.run(both())
    assert w.array_sync() == 40
    assert w.shared == 0
