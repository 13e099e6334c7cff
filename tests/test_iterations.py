"""`optimizer.iterations` is how many steps were made, whatever made them."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.test_optimizer_state import OPTIMIZERS, X, Y, model
from tfjs_pyo.core.trace import Trace, run_loop
from tfjs_pyo.core.variable import Variable


def loss(made):
    return lambda: (made.call(tf.tensor(X)) - tf.tensor(Y)).square().mean()


def minimize(made):
    made.optimizer.minimize(loss(made))


def apply_gradients(made):
    made.optimizer.apply_gradients(tf.variable_grads(loss(made))["grads"])


def apply_pairs(made):
    with tf.GradientTape() as tape:
        value = loss(made)()
    weights = made.trainable_weights
    made.optimizer.apply_gradients(zip(tape.gradient(value, weights), weights, strict=True))


def train_on_batch(made):
    asyncio.run(made.trainOnBatch(X, Y))


def fit(made):
    asyncio.run(made.fit(X, Y, epochs=2, batchSize=4, verbose=0))


def fit_unequal(made):
    asyncio.run(made.fit(X, Y, epochs=2, batchSize=3, verbose=0))


def fit_by_batch(made):
    asyncio.run(made.fit(X, Y, epochs=2, batchSize=4, verbose=0, callbacks={"onBatchEnd": lambda *_: None}))


def fit_dataset(made):
    rows = tf.data.zip({"xs": tf.data.array(X.tolist()), "ys": tf.data.array(Y.tolist())}).batch(4)
    asyncio.run(made.fitDataset(rows, {"epochs": 2, "verbose": 0}))


WAYS = {
    minimize: 1,
    apply_gradients: 1,
    apply_pairs: 1,
    train_on_batch: 1,
    fit: 4,
    fit_unequal: 6,
    fit_by_batch: 4,
    fit_dataset: 4,
}


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_every_way_of_training_is_counted(name, way):
    made = model(OPTIMIZERS[name]())
    assert made.optimizer.iterations == 0
    for times in (1, 2):
        way(made)
        assert made.optimizer.iterations == times * WAYS[way]
    steps = made.optimizer.iterations
    assert (int(steps), steps.item(), steps.numpy()) == (2 * WAYS[way],) * 3


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_counting_makes_no_variable(name):
    made = model(OPTIMIZERS[name]())
    fit(made)
    assert made.optimizer.iterations == 4
    before = tf.memory()["numTensors"]
    assert made.optimizer.iterations == 4
    assert tf.memory()["numTensors"] == before
    named = [variable.original_name.rpartition("/")[2] for variable in made.optimizer.weights]
    assert ("iterations" in named) == made.optimizer.counts_steps


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_saved_and_loaded_states_count_on(name):
    made = model(OPTIMIZERS[name]())
    fit(made)
    state = asyncio.run(made.optimizer.getWeights())
    assert state[0]["tensor"].item() == 4
    other = model(OPTIMIZERS[name]())
    asyncio.run(other.optimizer.setWeights(state))
    assert other.optimizer.iterations == 4
    fit(other)
    assert other.optimizer.iterations == 8
    asyncio.run(other.save("memory://counted", {"includeOptimizer": True}))
    loaded = asyncio.run(tf.loadLayersModel("memory://counted"))
    asyncio.run(tf.io.removeModel("memory://counted"))
    assert loaded.optimizer.iterations == 8


def test_a_disposed_optimizer_begins_anew():
    made = model(tf.train.adam(0.1))
    fit(made)
    made.optimizer.dispose()
    assert made.optimizer.iterations == 0


def test_failed_steps_do_not_count():
    made = model(tf.train.sgd(0.1))
    with pytest.raises(tf.errors.TfError):
        made.optimizer.minimize(lambda: tf.scalar(1.0))
    assert made.optimizer.iterations == 0


def test_stopped_runs_count_what_they_made():
    made = model(tf.train.sgd(0.1))

    async def stopped():
        training = asyncio.create_task(made.fit(X, Y, epochs=10_000_000, batchSize=4, verbose=0))
        while not made.optimizer.iterations and not training.done():
            await asyncio.sleep(0)
            if made.is_training:
                made.stop_training = True
        await training

    asyncio.run(stopped())
    assert made.optimizer.iterations >= 1


@pytest.mark.parametrize("cancelled_after", [1, 2, 7])
def test_a_loop_that_is_cut_off_counts_its_finished_steps(cancelled_after):
    """The weight says how many: each step takes 1 off it."""
    optimizer, w, log = tf.train.sgd(1.0), tf.variable(tf.scalar(0.0)), Variable(tf.zeros([1]))

    def step():
        optimizer.build([w])
        with Trace() as trace:
            optimizer.minimize(lambda: w * 1.0, False, [w])
            log.assign(log + 1.0)
        return trace.compile()

    first, second = step(), step()

    async def cut():
        training = asyncio.create_task(run_loop([(first, 2), (second, 1)], [], 10_000_000, {}, log))
        while -w.array_sync() < cancelled_after:
            await asyncio.sleep(0)
        training.cancel()
        with pytest.raises(asyncio.CancelledError):
            await training

    asyncio.run(cut())
    assert optimizer.iterations == -w.array_sync() >= cancelled_after


def test_two_steps_of_an_optimizer_in_one_replay():
    optimizer, w = tf.train.sgd(1.0), tf.variable(tf.scalar(0.0))
    optimizer.build([w])
    with Trace() as trace:
        for _ in range(2):
            optimizer.minimize(lambda: w * 1.0, False, [w])
    step = trace.compile()
    assert optimizer.iterations == 0
    for times in range(1, 4):
        step.run()
        assert optimizer.iterations == 2 * times


class Warm(tf.Model):
    """Its rate is the number of steps so far, read before or after the step."""

    def __init__(self, after):
        super().__init__()
        self.dense, self.after = tf.layers.dense(units=1, kernelInitializer="zeros"), after

    def call(self, x):
        return self.dense(x)

    def train_step(self, data):
        x, _ = data
        before = None if self.after else self.optimizer.iterations * 1.0
        with tf.GradientTape() as tape:
            value = self.call(x).sum()
        weights = self.trainable_weights
        self.optimizer.apply_gradients(zip(tape.gradient(value, weights), weights, strict=True))
        return {"loss": value, "steps": self.optimizer.iterations * 1.0 if self.after else before}


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("begun", [0, 3])
def test_a_recorded_step_reads_the_number_of_each_replay(after, begun):
    made = Warm(after)
    made.compile(optimizer=tf.train.sgd(0.01), loss="meanSquaredError")
    w = tf.variable(tf.scalar(0.0))
    for _ in range(begun):
        made.optimizer.minimize(lambda: w * 1.0)
    history = asyncio.run(made.fit(X, Y, epochs=3, batchSize=8, verbose=0)).history["steps"]
    assert history == [begun + after + epoch for epoch in range(3)]
    made.optimizer.minimize(lambda: w * 1.0)
    history = asyncio.run(made.fit(X, Y, epochs=2, batchSize=8, verbose=0)).history["steps"]
    assert history == [begun + 4 + after + epoch for epoch in range(2)]
    assert made.optimizer.iterations == begun + 6


def test_a_schedule_given_later_goes_on_from_the_steps_made():
    made = model(tf.train.sgd(0.1))
    fit(made)
    made.optimizer.learning_rate = tf.keras.optimizers.schedules.PiecewiseConstantDecay([4], [0.0, 1.0])
    before = made.getWeights()[0].numpy()
    train_on_batch(made)
    np.testing.assert_array_equal(made.getWeights()[0].numpy(), before)
    train_on_batch(made)
    assert not np.allclose(made.getWeights()[0].numpy(), before)


def test_averages_asked_for_later_begin_with_the_values_they_find():
    w = tf.variable(tf.scalar(8.0))
    optimizer = tf.keras.optimizers.SGD(1.0, ema_momentum=0.5)
    optimizer.minimize(lambda: w * 1.0)
    optimizer.use_ema = True
    optimizer.minimize(lambda: w * 1.0)
    optimizer.finalize_variable_values([w])
    assert w.array_sync() == 0.5 * 7 + 0.5 * 6
