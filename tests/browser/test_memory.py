"""Memory on the GPU stays flat over long work: tensors, bytes, textures, plans and programs.

200 steps and 10 models each time; TFJS_PYO_SLOW=1 does 10,000 and 500.
"""

import os

SLOW = bool(os.environ.get("TFJS_PYO_SLOW"))
STEPS = 10_000 if SLOW else 200
MODELS = 500 if SLOW else 10

PREPARE = """
import gc
import tfjs_pyo as tf
def made():
    model = tf.sequential()
    model.add(tf.layers.dense({"units": 4, "inputShape": [3], "activation": "relu"}))
    model.add(tf.layers.dense({"units": 1}))
    model.compile({"optimizer": "adam", "loss": "meanSquaredError"})
    return model
x, y = tf.tensor2d([[i, 1, 2] for i in range(8)], dtype="float32"), tf.tensor2d([[i] for i in range(8)], dtype="float32")
def sizes():
    gc.collect()
    told, stats = tf.memory(), tf.device_stats()
    return [told["numTensors"], told["numBytes"], stats["textureBytes"], stats["plans"], stats["programs"]]
"""


def test_fit(pyo):
    first, second = pyo.run(
        PREPARE
        + f"""
model = made()
async def train(epochs):
    await model.fit(x, y, {{"epochs": epochs, "batchSize": 4, "verbose": 0}})
    return sizes()
[await train({STEPS // 2}), await train({STEPS // 2})]
"""
    )
    assert second == first


def test_predict(pyo):
    first, second = pyo.run(
        PREPARE
        + f"""
model = made()
def predict(times):
    for _ in range(times):
        model.predict(x).data_sync()
    return sizes()
[predict(2), predict({STEPS})]
"""
    )
    assert second == first


def test_a_loop_of_ones_own(pyo):
    first, second = pyo.run(
        PREPARE
        + f"""
weight, target = tf.variable(tf.tensor1d([0.0, 0.0])), tf.tensor1d([1.0, 2.0])
optimizer = tf.train.adam(0.01)
def minimize(times):
    for _ in range(times):
        optimizer.minimize(lambda: tf.sum(tf.square(weight - target)))
    weight.data_sync()
    return sizes()
[minimize(4), minimize({STEPS})]
"""
    )
    assert second == first


def test_models_come_and_go(pyo):
    for dispose in ("model.dispose()", "pass"):
        first, second = pyo.run(
            PREPARE
            + f"""
async def live(times):
    for _ in range(times):
        model = made()
        await model.fit(x, y, {{"epochs": 1, "verbose": 0}})
        {dispose}
    del model
    return sizes()
[await live(2), await live({MODELS})]
"""
        )
        assert second == first
