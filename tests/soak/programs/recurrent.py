"""Stateful recurrent layers over long sequences, in batches whose state goes on."""

import gc

import tfjs_pyo as tf


async def main(steps: int, nudge: float = 0.0) -> dict:
    """Predict the next value of a wave; the state is reset every ten batches.

    Late steps amplify rounding: inputs that are larger by a share `nudge` show how much.
    """
    tf.random.set_seed(4)
    model = tf.sequential()
    model.add(
        tf.layers.lstm({"units": 8, "stateful": True, "returnSequences": True, "batchInputShape": [4, 5, 1]})
    )
    model.add(tf.layers.gru({"units": 6, "stateful": True}))
    model.add(tf.layers.dense({"units": 1}))
    model.compile({"optimizer": tf.train.rmsprop(0.001), "loss": "meanSquaredError"})
    times = tf.range(0, 4 * 5).reshape([4, 5, 1])
    losses, sizes = [], []
    for step in range(steps):
        x = tf.sin(times * 0.3 + step * 0.1) * (1 + nudge)
        y = tf.sin(times.slice([0, 4, 0], [4, 1, 1]).reshape([4, 1]) * 0.3 + (step + 3) * 0.1)
        loss = await model.train_on_batch(x, y)
        del x, y
        if step % 10 == 9:
            losses.append(float(loss))
            model.reset_states()
        if step % (steps // 10) == steps // 10 - 1:
            gc.collect()
            sizes.append([tf.memory()["numTensors"], tf.memory()["numBytes"]])
    return {"numbers": {"loss": losses}, "sizes": sizes}
