"""Steps of optimizers in loops: recorded once, put into the graph again, and never other than the code that was recorded."""

import asyncio
import copy
import gc
import pickle
import weakref

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo import keras, optimizers
from tfjs_pyo.core import engine
from tfjs_pyo.core.recording import Recording
from tfjs_pyo.errors import TraceError
from tfjs_pyo.tensorflow import function

STEPS = 4

KINDS = [
    (optimizers.SGD, {"learning_rate": 0.1}),
    (optimizers.Momentum, {"learning_rate": 0.1, "momentum": 0.9}),
    (optimizers.Adam, {"learning_rate": 0.1}),
    (optimizers.Adamax, {"learning_rate": 0.1}),
    (optimizers.RMSProp, {"learning_rate": 0.1, "centered": True}),
    (keras.optimizers.AdamW, {"learning_rate": 0.1, "weight_decay": 0.01}),
    (keras.optimizers.Nadam, {"learning_rate": 0.1}),
    (keras.optimizers.SGD, {"learning_rate": 0.1, "momentum": 0.9, "use_ema": True, "ema_overwrite_frequency": 2}),
    (keras.optimizers.Adam, {"learning_rate": 0.1, "gradient_accumulation_steps": 2, "global_clipnorm": 1.0}),
    (keras.optimizers.Adam, {"learning_rate": keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)}),
]  # fmt: skip


def nothing(_optimizer, _step):
    """No change between steps."""


def other_rate(optimizer, step):
    if isinstance(optimizer.given_rate, float):
        optimizer.learning_rate = 0.1 / (1 + step)


def clips(optimizer, step):
    if optimizer.global_clip_norm is None:
        optimizer.clip_value = [None, 0.1, 0.2, None][step]


def without_decay(optimizer, step):
    if step == 2:
        optimizer.exclude_from_weight_decay(var_names=["b"])


def own_method(optimizer, step):
    if step == 2:
        update = optimizer.update
        optimizer.update = lambda gradient, variable: update(gradient * 2.0, variable)


CHANGES = [nothing, other_rate, clips, without_decay, own_method]


def trained(kind, options, change):
    """The values of two variables after each step of a loop."""
    w = tf.variable(tf.tensor([[1.0, -2.0], [3.0, 0.5]]), True, "w")
    b = tf.variable(tf.tensor([0.5, -0.5]), True, "b")
    optimizer = kind(**options)
    found = []
    for step in range(STEPS):
        change(optimizer, step)
        both = {"w": (w * w).array_sync(), "b": b.array_sync()} if step != 3 else {"b": b.array_sync()}
        variables = {"w": w, "b": b}
        optimizer.step([(tf.tensor(value), variables[name]) for name, value in both.items()])
        found += [*w.data_sync(), *b.data_sync()]
    return found


def plain(kind):
    """A class of a program's own, whose steps run as they are written."""
    return type("Plain", (kind,), {"__module__": "program"})


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("kind", "options"), KINDS)
def test_recorded_steps_are_those_of_the_code(kind, options, change):
    expected = trained(plain(kind), options, change)
    found = trained(kind, options, change)
    np.testing.assert_array_equal(found, expected)


def test_a_step_is_recorded_once(monkeypatch):
    made = []
    of = Recording.of.__func__
    monkeypatch.setattr(Recording, "of", classmethod(lambda cls, *args: made.append(args) or of(cls, *args)))
    w, optimizer = tf.variable(tf.scalar(3.0)), tf.train.adam(0.1)
    for _ in range(4):
        optimizer.minimize(lambda: w * w)
    optimizer.learning_rate = 0.5
    optimizer.minimize(lambda: w * w)
    assert len(made) == 1
    optimizer.clip_value = 0.5
    optimizer.minimize(lambda: w * w)
    assert len(made) == 2


def test_an_optimizer_of_a_program_runs_as_it_is_written():
    class Counting(keras.optimizers.Optimizer):
        calls = 0

        def update_step(self, gradient, variable, learning_rate):
            self.calls += 1
            self.assign_sub(variable, gradient * learning_rate * float(self.calls))

    w, optimizer = keras.Variable(10.0), Counting(1.0)
    for _ in range(3):
        optimizer.apply([tf.scalar(1.0)], [w])
    assert float(w) == 10 - 1 - 2 - 3


def test_steps_that_are_counted_later_on_the_device():
    def counted(kind):
        w, optimizer = tf.variable(tf.scalar(0.0), True), kind(0.1)
        for _ in range(3):
            optimizer.step([(tf.scalar(1.0), w)])
        optimizer._counter()
        optimizer.step([(tf.scalar(1.0), w)])
        return optimizer._counter().array_sync()

    assert counted(optimizers.SGD) == counted(plain(optimizers.SGD)) == 4


def test_a_disposed_optimizer_begins_anew():
    w, optimizer = tf.variable(tf.scalar(3.0)), tf.train.momentum(0.1, 0.9)
    first = [optimizer.minimize(lambda: w * w, True).item() for _ in range(3)]
    optimizer.dispose()
    w.assign(tf.scalar(3.0))
    assert [optimizer.minimize(lambda: w * w, True).item() for _ in range(3)] == first


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda optimizer: pickle.loads(pickle.dumps(optimizer))]
)
def test_a_copy_has_recordings_of_its_own(copied):
    w, optimizer = tf.variable(tf.scalar(3.0)), tf.train.momentum(0.1, 0.9)
    optimizer.minimize(lambda: w * w)
    twin = copied(optimizer)
    before = [slot.array_sync() for slot in optimizer.weights]
    assert twin._replays is not optimizer._replays
    twin.momentum = 0.0
    twin.minimize(lambda: w * w)
    if copied is not copy.copy:
        assert [slot.array_sync() for slot in optimizer.weights] == before


def test_recordings_keep_no_variable_alive():
    optimizer = tf.train.sgd(0.1)

    def trained():
        w = tf.variable(tf.scalar(3.0))
        optimizer.minimize(lambda: w * w)
        return weakref.ref(w)

    gone = trained()
    gc.collect()
    assert gone() is None


def test_a_loop_reads_python_state_in_each_step():
    w, optimizer = tf.variable(tf.scalar(0.0)), tf.train.sgd(1.0)
    wanted = {"value": 1.0}
    for value in (1.0, 2.0, -4.0):
        wanted["value"] = value
        optimizer.minimize(lambda: tf.squaredDifference(w, wanted["value"]) * 0.5)
        assert w.array_sync() == value


def runs_of(monkeypatch, body):
    """How often the backend ran while a body did."""
    runs = []
    run = engine.Executable.run
    monkeypatch.setattr(
        engine.Executable, "run", lambda self, *args: runs.append(len(self.kernels)) or run(self, *args)
    )
    body()
    monkeypatch.undo()
    return runs


def test_the_loss_is_computed_with_the_step(monkeypatch):
    w, optimizer = tf.variable(tf.tensor([1.0, 2.0])), tf.train.adam(0.1)
    optimizer.minimize(lambda: (w * w).sum())
    assert len(runs_of(monkeypatch, lambda: optimizer.minimize(lambda: (w * w).sum(), True).data_sync())) == 1


def by_variables(w):
    def step():
        found = tf.valueAndGrads(lambda x: tf.tanh(x).square().sum())([w])
        w.assign(w - found["grads"][0] * 0.1)
        found["value"].data_sync()

    return step


def by_tensors(w):
    kept = {"w": w.read()}

    def step():
        found = tf.valueAndGrads(lambda x: tf.tanh(x).square().sum())([kept["w"]])
        kept["w"] = kept["w"] - found["grads"][0] * 0.1
        found["value"].data_sync()

    return step


@pytest.mark.parametrize("loop", [by_variables, by_tensors])
def test_no_step_computes_those_before_it_again(monkeypatch, loop):
    step = loop(tf.variable(tf.tensor([1.0, 2.0])))
    for _ in range(4):
        step()
    kernels = [runs_of(monkeypatch, step) for _ in range(6)]
    assert kernels == kernels[:1] * 6, "each step is one graph, and all are alike"


def test_what_cannot_be_computed_does_no_harm_to_what_can():
    v = tf.variable(tf.scalar(1.0))
    leaked = []
    function(lambda x: leaked.append(x) or x)(tf.scalar(1.0))
    v.assign(leaked[0])
    assert tf.scalar(2.0).add(1.0).array_sync() == 3
    with pytest.raises(TraceError, match="traced"):
        v.array_sync()


def test_gradients_of_a_kept_tape_are_whole_after_values_were_read():
    w = tf.variable(tf.tensor([0.5, -0.25]))
    with tf.GradientTape(persistent=True) as tape:
        hidden = tf.exp(tf.tanh(w * 3.0))
        first, second = tf.sum(hidden * 2.0), tf.sum(tf.square(hidden))
        del hidden
    first.data_sync()
    second.data_sync()
    second.data_sync()
    x = w.numpy()
    h, slope = np.exp(np.tanh(3 * x)), 3 / np.cosh(3 * x) ** 2
    np.testing.assert_allclose(tape.gradient(first, w).numpy(), 2 * h * slope, rtol=1e-5)
    np.testing.assert_allclose(tape.gradient(second, w).numpy(), 2 * h * h * slope, rtol=1e-5)


def test_awaited_and_synchronous_losses_of_a_loop_agree():
    def losses(read):
        w, optimizer = tf.variable(tf.scalar(3.0)), tf.train.adam(0.1)
        return [read(optimizer.minimize(lambda: w * w, True)) for _ in range(3)]

    async def all_awaited():
        w, optimizer = tf.variable(tf.scalar(3.0)), tf.train.adam(0.1)
        return [(await optimizer.minimize(lambda: w * w, True).data())[0] for _ in range(3)]

    assert asyncio.run(all_awaited()) == losses(lambda loss: loss.item())
