"""Loops written by hand: `minimize` and `variableGrads` in turn, values of Python changing between steps."""

import gc

import tfjs_pyo as tf


async def main(steps: int) -> dict:
    """Fit a plane by two optimizers on the same variables."""
    x = tf.random_normal([64, 4], seed=3)
    y = x.mat_mul(tf.tensor2d([[1.0], [-2.0], [0.5], [3.0]]))
    kernel, bias = tf.variable(tf.zeros([4, 1])), tf.variable(tf.scalar(2.0))
    first, second = tf.train.momentum(0.002, 0.8), tf.train.adam(0.002)
    losses, sizes = [], []
    for step in range(steps):
        rows = x.slice([step % 32, 0], [32, 4])
        wanted = y.slice([step % 32, 0], [32, 1])

        def loss(rows=rows, wanted=wanted, decay=1e-4 * (step % 3)):
            error = rows.mat_mul(kernel) + bias - wanted
            return error.square().mean() + decay * kernel.square().sum()

        if step % 2:
            value = first.minimize(loss, True)
        else:
            found = tf.variable_grads(loss)
            value = found["value"]
            second.apply_gradients(found["grads"])
            del found
        if step % 100 == 99:
            losses.append((await value.data())[0])
        del rows, wanted, loss, value
        if step % (steps // 10) == steps // 10 - 1:
            gc.collect()
            sizes.append([tf.memory()["numTensors"], tf.memory()["numBytes"]])
    return {
        "numbers": {"loss": [float(x) for x in losses], "kernel": kernel.flatten().array_sync()},
        "sizes": sizes,
    }
