"""Ways to train that are not one fit on data in memory, on WebGL2: the same numbers as on NumPy."""

import asyncio
import json

import pytest

SOURCE = """
import asyncio
import json

import tfjs_pyo as tf
from tfjs_pyo.models.training import progress

X = [[i / 20, (i * 7 % 20) / 20] for i in range(20)]
Y = [[a - 2 * b] for a, b in X]


def batches():
    for begin in range(0, 20, 8):
        yield tf.tensor2d(X[begin : begin + 8]), tf.tensor2d(Y[begin : begin + 8])


async def batches_in_time():
    for batch in batches():
        await asyncio.sleep(0)
        yield batch


class ByHand(tf.Sequential):
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = tf.mean(tf.square(y - self(x, training=True)))
        found = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(found, self.trainable_weights))
        return {"loss": loss, "largest": tf.max(tf.abs(found[0]))}


def model(kind=tf.Sequential, loss="meanSquaredError"):
    made = kind({"layers": [tf.layers.dense({"units": 1, "inputShape": [2], "kernelInitializer": "ones"})]})
    made.compile({"optimizer": tf.train.adam(0.05), "loss": loss})
    return made


async def histories():
    x, y = tf.tensor2d(X), tf.tensor2d(Y)
    ordered = {"epochs": 3, "batchSize": 8, "shuffle": False}
    own, plain = model(ByHand, None), model()
    found = {
        "dataset": (await plain.fit_dataset(batches, {"epochs": 3, "validationData": batches})).history,
        "in time": (await model().fit(batches_in_time, epochs=3)).history,
        "own step": (await own.fit(x, y, ordered)).history,
        "part": (await model().fit(x, y, {**ordered, "stepsPerEpoch": 2})).history,
    }
    state = await plain.optimizer.getWeights()
    return json.dumps([found, [entry["tensor"].array_sync() for entry in state]])


async def told():
    seen = []

    class Bar(progress.Progress):
        def __init__(self, *args):
            super().__init__(*args)
            self.live = True

        def show(self, step, logs):
            seen.append((step, logs["loss"]))

        def clear(self):
            pass

    original, progress.Progress = progress.Progress, Bar
    try:
        trained = model()
        options = {"epochs": 1, "batchSize": 1, "verbose": 1, "stepsPerEpoch": 4000, "shuffle": False}
        history = await trained.fit(tf.tensor2d(X), tf.tensor2d(Y), options)
    finally:
        progress.Progress = original
    return json.dumps([seen, history.history["loss"][0]])
"""


@pytest.fixture(scope="module")
def namespace():
    made = {}
    exec(SOURCE, made)  # the same source runs in the page
    return made


def test_the_same_numbers_as_on_numpy(anywhere, namespace):
    found, state = json.loads(anywhere.run(f"{SOURCE}\nawait histories()"))
    expected, known = json.loads(asyncio.run(namespace["histories"]()))
    assert found.keys() == expected.keys()
    for name, history in expected.items():
        assert found[name].keys() == history.keys()
        for key, values in history.items():
            assert found[name][key] == pytest.approx(values, rel=1e-4), (name, key)
    assert state[0] == known[0]
    for ours, theirs in zip(state[1:], known[1:], strict=True):
        for a, b in zip(ours, theirs, strict=True):
            assert a == pytest.approx(b, rel=1e-4)


def test_progress_is_told_while_the_device_trains(gpu):
    seen, loss = json.loads(gpu.run(f"{SOURCE}\nawait told()"))
    steps = [step for step, _ in seen]
    assert len(steps) >= 2
    assert steps == sorted(set(steps))
    assert 0 < steps[0] < steps[-1] <= 4000
    # Once the model fits, the mean over all steps so far only falls.
    assert 0 < loss < seen[-1][1] < seen[len(seen) // 2][1]
