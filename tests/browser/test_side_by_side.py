"""Tasks that share a model, on WebGL2: each run has numbers of its own, and a save has those of one moment."""

import pytest

MADE = """
import asyncio, numpy as np
import tfjs_pyo as tf
X = np.linspace(-1, 1, 64, dtype=np.float32).reshape(16, 4)
Y = X.sum(1, keepdims=True)

def made():
    layer = tf.layers.dense({"units": 1, "inputShape": [4], "kernelInitializer": "ones", "biasInitializer": "ones"})
    model = tf.sequential([layer])
    model.compile(tf.train.sgd(0.0), "meanSquaredError", ["mae"])
    return model
"""


@pytest.mark.usefixtures("numpy_in_page")
def test_runs_beside_each_other_have_their_own_numbers(pyo):
    alone, beside = pyo.run(
        MADE
        + """
X[8:] *= 3
options = {"epochs": 3, "batchSize": 2, "shuffle": False, "validationData": [X[:8], Y[:8]], "validationBatchSize": 1}

async def others(model, done):
    while not done:
        model.evaluate(X[8:], Y[8:])
        await model.train_on_batch(X[8:], Y[8:])
        await model.evaluate_dataset(lambda: [(X[8:12], Y[8:12]), (X[12:], Y[12:])])
        await asyncio.sleep(0)

async def history(beside):
    model, done = made(), []
    task = asyncio.ensure_future(others(model, done)) if beside else None
    found = (await model.fit(X, Y, options)).history
    done.append(True)
    if task is not None:
        await task
    return found

[await history(False), await history(True)]
"""
    )
    assert set(alone) == {"loss", "mae", "val_loss", "val_mae"}
    for name in alone:
        assert beside[name] == pytest.approx(alone[name], rel=1e-5), name


@pytest.mark.usefixtures("numpy_in_page")
def test_a_save_during_a_fit_has_weights_and_steps_of_one_moment(gpu):
    """The rate is 1 and the gradient is 1: the weight says how many steps were made."""
    seen, made = gpu.run(
        MADE
        + """
ones = np.ones((64, 1), np.float32)
model = tf.sequential([tf.layers.dense({"units": 1, "useBias": False, "kernelInitializer": "zeros", "inputShape": [1]})])
model.compile(tf.train.sgd(1.0), lambda true, predicted: tf.mean(predicted))
seen = []

async def saved():
    kept = []
    handler = tf.io.with_save_handler(lambda artifacts: kept.append(artifacts) or {})
    await model.save(handler, {"includeOptimizer": True})
    data = bytes(kept[0]["weightData"])
    return [-float(np.frombuffer(data[:4], np.float32)[0]), int(np.frombuffer(data[4:8], np.int32)[0])]

fit = asyncio.ensure_future(model.fit(ones, ones, {"epochs": 20, "batchSize": 1}))
while not fit.done():
    seen.append(await saved())
    await asyncio.sleep(0.01)
await fit
[seen, int(model.optimizer.iterations)]
"""
    )
    assert made == 20 * 64
    assert len({weight for weight, _ in seen}) > 2
    assert all(weight == steps for weight, steps in seen)
