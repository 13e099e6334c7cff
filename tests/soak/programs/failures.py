"""Streams that break off and callbacks that raise, each at a place that is drawn; training goes on after each."""

import gc
import random

import tfjs_pyo as tf

HOOKS = ["on_train_begin", "on_epoch_begin", "on_batch_begin", "on_batch_end", "on_epoch_end", "on_train_end"]


class PlannedError(Exception):
    """The failure that a round plans."""


def stream(rows, labels, breaks_at):
    """Batches of eight, until the one that fails."""

    def batches():
        for number in range(8):
            if number == breaks_at:
                raise PlannedError(number)
            yield {
                "xs": rows.slice([8 * number, 0], [8, 3]),
                "ys": labels.slice([8 * number, 0], [8, 1]),
            }

    return tf.data.generator(batches)


def callback(hook, at):
    """A callback that raises when its hook is called for the `at`-th time."""
    left = [at]

    class Failing(tf.Callback):
        pass

    def fails(_self, *_arguments):
        left[0] -= 1
        if left[0] < 0:
            raise PlannedError(hook)

    setattr(Failing, hook, fails)
    return Failing()


async def main(steps: int) -> dict:
    """Train in rounds of eight steps, of which two in three fail somewhere."""
    draw = random.Random(5)
    tf.random.set_seed(5)
    x = tf.random_normal([64, 3], seed=6)
    y = x.square().sum(1, True)
    model = tf.sequential()
    model.add(tf.layers.dense({"units": 8, "activation": "relu", "inputShape": [3]}))
    model.add(tf.layers.dense({"units": 1}))
    model.compile({"optimizer": tf.train.sgd(0.005), "loss": "meanSquaredError"})
    outcomes, losses, sizes = [], [], []
    for number in range(steps // 8):
        kind = draw.choice(["stream", "callback", "none"])
        options = {"epochs": 1, "verbose": 0}
        if kind == "callback":
            options["callbacks"] = callback(draw.choice(HOOKS), draw.choice([0, 0, 3]))
        try:
            if kind == "stream":
                await model.fit_dataset(stream(x, y, draw.randrange(8)), options)
            else:
                await model.fit(x, y, {**options, "batchSize": 8, "shuffle": False})
            outcomes.append(0)
        except PlannedError:
            outcomes.append(1)
        options = None
        if number % (steps // 80) == steps // 80 - 1:
            losses.append(float(model.evaluate(x, y).data_sync()[0]))
            gc.collect()
            sizes.append([tf.memory()["numTensors"], tf.memory()["numBytes"]])
    return {"numbers": {"outcomes": outcomes, "loss": losses}, "sizes": sizes}
