"""Two models that train at once, in two tasks: neither changes the other's numbers."""

import asyncio
import gc

import tfjs_pyo as tf


def made(units):
    """A network of one hidden layer."""
    model = tf.sequential()
    model.add(tf.layers.dense({"units": units, "activation": "elu", "inputShape": [5]}))
    model.add(tf.layers.dense({"units": 1}))
    model.compile({"optimizer": tf.train.adamax(0.005), "loss": "meanAbsoluteError"})
    return model


async def main(steps: int) -> dict:
    """Fit both, side by side, and predict with one in between."""
    tf.random.set_seed(7)
    x = tf.random_normal([160, 5], seed=8)
    y = x.prod(1, True)
    models, losses, sizes = [made(4), made(9)], [[], []], []

    async def train(index):
        history = await models[index].fit(
            x, y, {"epochs": steps // 100, "batchSize": 16, "shuffle": False, "verbose": 0}
        )
        losses[index] += history.history["loss"]

    async def watch():
        for _ in range(20):
            await models[0].predict(x).data()

    for _ in range(10):
        await asyncio.gather(train(0), train(1), watch())
        gc.collect()
        sizes.append([tf.memory()["numTensors"], tf.memory()["numBytes"]])
    return {"numbers": {"first": losses[0], "second": losses[1]}, "sizes": sizes}
