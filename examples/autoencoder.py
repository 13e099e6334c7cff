"""Autoencoder: a network squeezes images of digits through eight numbers and draws them again from these.

Nobody tells it what a digit is: the image itself is the target. What remains in the middle, the code, is a description of the
image that the network has found by itself. Noise is added to what it sees, so that it learns to draw clean digits.
"""

import asyncio

import tfjs_pyo as tf
from examples import digits

SHADES = " .:-=+*#%@"


def build(code: int) -> tuple[tf.Model, tf.Model]:
    """Returns the autoencoder, and its first half, which gives the code."""
    image = tf.input({"shape": [8, 8, 1]})
    flat = tf.layers.flatten().apply(tf.layers.gaussianNoise({"stddev": 0.2}).apply(image))
    hidden = tf.layers.dense({"units": 40, "activation": "relu"}).apply(flat)
    middle = tf.layers.dense({"units": code, "activation": "tanh", "name": "code"}).apply(hidden)
    drawn = tf.layers.dense({"units": 40, "activation": "relu"}).apply(middle)
    pixels = tf.layers.dense({"units": 64, "activation": "sigmoid"}).apply(drawn)
    output = tf.layers.reshape({"targetShape": [8, 8, 1]}).apply(pixels)
    return tf.model({"inputs": image, "outputs": output}), tf.model({"inputs": image, "outputs": middle})


def shown(image: tf.Tensor) -> list[str]:
    """Returns an image as rows of characters."""
    rows = tf.reshape(image, [8, 8]).arraySync()
    return ["".join(SHADES[min(9, int(10 * pixel))] for pixel in row) for row in rows]


async def main(epochs: int = 30, code: int = 8, seed: int = 7) -> float:
    """Trains, shows two digits and what is drawn of them, and returns the error on images that were never seen."""
    tf.random.setSeed(seed)
    data = digits.load(seed)
    model, encoder = build(code)
    model.compile({"optimizer": tf.train.adam(0.005), "loss": "meanSquaredError"})

    def show(epoch: int, logs: dict[str, float]) -> None:
        print(f"epoch {epoch + 1:2} of {epochs}: loss {logs['loss']:.4f}")

    await model.fit(
        data.images,
        data.images,
        {"epochs": epochs, "batchSize": 32, "callbacks": {"onEpochEnd": show}},
    )
    drawn = model.predict(data.held_out_images)
    for i in range(2):
        pairs = zip(shown(data.held_out_images[i]), shown(drawn[i]), strict=True)
        print("\n".join(f"{left}   {right}" for left, right in pairs), "\n")
    error = float((await tf.losses.meanSquaredError(data.held_out_images, drawn).data())[0])
    print(f"codes of {encoder.predict(data.images[:1]).shape[1]} numbers, mean squared error {error:.4f}")
    return error


if __name__ == "__main__":
    asyncio.run(main())
