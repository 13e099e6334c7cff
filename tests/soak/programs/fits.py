"""One `fit` of many steps: shuffled batches, validation, a callback, weights of samples."""

import gc

import tfjs_pyo as tf


async def main(steps: int) -> dict:
    """Train a small network in ten fits."""
    tf.random.set_seed(1)
    x = tf.random_normal([400, 6], seed=2)
    y = tf.sin(x.sum(1, keep_dims=True))
    model = tf.sequential()
    model.add(tf.layers.dense({"units": 16, "activation": "tanh", "inputShape": [6]}))
    model.add(tf.layers.dense({"units": 1}))
    model.compile({"optimizer": tf.train.adam(0.002), "loss": "meanSquaredError", "metrics": ["mae"]})
    losses, checked, sizes = [], [], []
    for _ in range(10):
        history = await model.fit(
            x, y, {"epochs": steps // 250, "batchSize": 16, "validationData": [x, y], "verbose": 0}
        )
        losses += history.history["loss"]
        checked += history.history["val_mae"]
        del history
        gc.collect()
        sizes.append([tf.memory()["numTensors"], tf.memory()["numBytes"]])
    return {"numbers": {"loss": losses, "val_mae": checked}, "sizes": sizes}
