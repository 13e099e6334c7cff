"""Variational autoencoder: digits become clouds of points in a plane, and every point of the plane becomes a digit.

The encoder gives the middle and the width of a cloud, a point is drawn from it, and the decoder draws the digit. The loss is
written by hand: how unlike the digit the drawing is, plus how unlike the standard normal distribution the clouds are (Kingma
and Welling, 2014). tf.train's minimize finds the gradients of whatever variables the function reads.
"""

import asyncio
from functools import partial

import tfjs_pyo as tf
from examples import digits

PLANE = 2


class Autoencoder:
    """The layers, and the loss that trains them."""

    def __init__(self) -> None:
        self.encoder = tf.sequential({"layers": [
            tf.layers.dense({"units": 48, "activation": "relu", "inputShape": [64]}),
            tf.layers.dense({"units": 2 * PLANE}),
        ]})  # fmt: skip
        self.decoder = tf.sequential({"layers": [
            tf.layers.dense({"units": 48, "activation": "relu", "inputShape": [PLANE]}),
            tf.layers.dense({"units": 64}),
        ]})  # fmt: skip

    def loss(self, images: tf.Tensor) -> tf.Tensor:
        """Returns the mean over images of reconstruction error and divergence."""
        middle, log_variance = tf.split(self.encoder.apply(images), 2, 1)
        point = middle + tf.exp(log_variance * 0.5) * tf.randomNormal(middle.shape)
        drawn = self.decoder.apply(point)
        unlike = tf.losses.sigmoidCrossEntropy(images, drawn, None, 0, tf.Reduction.SUM) / images.shape[0]
        divergence = -0.5 * (1 + log_variance - middle.square() - tf.exp(log_variance)).sum(1).mean()
        return unlike + divergence

    def draw(self, points: tf.Tensor) -> tf.Tensor:
        """Returns the digits at points of the plane."""
        return tf.sigmoid(self.decoder.predict(points))


async def main(steps: int = 300, batch: int = 128, seed: int = 7) -> list[float]:
    """Trains, shows digits along a line through the plane, and returns the losses at the beginning and at the end."""
    tf.random.setSeed(seed)
    data = digits.load(seed)
    images = tf.reshape(data.images, [-1, 64])
    model, optimizer = Autoencoder(), tf.train.adam(0.005)
    losses = []
    for step in range(steps):
        chosen = tf.gather(images, tf.randomUniformInt([batch], 0, images.shape[0]))
        loss = optimizer.minimize(partial(model.loss, chosen), True)
        if step % 50 == 0 or step == steps - 1:
            losses.append(float((await loss.data())[0]))
            print(f"step {step:4}: loss {losses[-1]:.2f}")
    line = tf.stack([tf.linspace(-1.5, 1.5, 6), tf.zeros([6])], 1)
    rows = tf.reshape(model.draw(line), [6, 8, 8]).transpose([1, 0, 2]).arraySync()
    for row in rows:
        print("  ".join("".join(" .:-=+*#%@"[min(9, int(10 * p))] for p in part) for part in row))
    return losses


if __name__ == "__main__":
    asyncio.run(main())
