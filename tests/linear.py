"""A linear model in NumPy to compare training with, and the same as a model of ours."""

import asyncio

import numpy as np

import tfjs_pyo as tf


def run(pending):
    """Awaits what fit and trainOnBatch return."""

    async def wait():
        return await pending

    return asyncio.run(wait())


class Linear:
    """y = x w + b, mean squared error, plain gradient descent; in float64."""

    def __init__(self, w, b, rate):
        self.w, self.b, self.rate = w.astype(np.float64), b.astype(np.float64), rate

    def loss(self, x, y):
        return float(np.mean((x @ self.w + self.b - y) ** 2))

    def step(self, x, y):
        error = x @ self.w + self.b - y
        loss = float(np.mean(error**2))
        self.w = self.w - self.rate * 2 * x.T @ error / error.size
        self.b = self.b - self.rate * 2 * error.sum(0) / error.size
        return loss

    def epoch(self, x, y, batch):
        total = 0.0
        for at in range(0, len(x), batch):
            part = slice(at, at + batch)
            total += self.step(x[part], y[part]) * len(x[part])
        return total / len(x)


def data(count=10, features=3, outputs=2, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(count, features)).astype(np.float32)
    y = (x @ rng.normal(size=(features, outputs)) + 0.3).astype(np.float32)
    return x, y


def linear(rate=0.1, features=3, outputs=2, metrics=None, **options):
    model = tf.sequential(
        {"layers": [tf.layers.dense({"units": outputs, "inputShape": [features], **options})]}
    )
    model.compile({"optimizer": tf.train.sgd(rate), "loss": "meanSquaredError", "metrics": metrics})
    w, b = (t.numpy() for t in model.get_weights())
    return model, Linear(w, b, rate)
