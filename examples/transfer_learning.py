"""Transfer: a network that knows the digits 0 to 4 learns 5 to 9 from a few examples each.

The convolutions that tell strokes and corners apart are kept and frozen (`trainable = False`); only a new head is trained,
which is faster and needs less data than to begin anew.
"""

import asyncio

import tfjs_pyo as tf
from examples import digits


def features() -> tf.Sequential:
    """The layers to keep."""
    return tf.sequential({"layers": [
        tf.layers.conv2d({"inputShape": [8, 8, 1], "filters": 12, "kernelSize": 3, "activation": "relu"}),
        tf.layers.maxPooling2d({"poolSize": 2}),
        tf.layers.flatten(),
        tf.layers.dense({"units": 32, "activation": "relu"}),
    ]})  # fmt: skip


def with_head(kept: tf.Sequential) -> tf.Sequential:
    """The kept layers and a new head for five classes."""
    model = tf.sequential({"layers": [kept, tf.layers.dense({"units": 5, "activation": "softmax"})]})
    model.compile(
        {"optimizer": tf.train.adam(0.01), "loss": "sparseCategoricalCrossentropy", "metrics": ["accuracy"]}
    )
    return model


async def only(images: tf.Tensor, labels: tf.Tensor, first: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns the images of five digits from `first` on, and their numbers from 0 on."""
    numbers = await tf.argMax(labels, 1).data()
    places = tf.tensor1d([i for i, n in enumerate(numbers) if first <= n < first + 5], "int32")
    return tf.gather(images, places), tf.gather(tf.argMax(labels, 1), places) - first


def show(epoch: int, logs: dict[str, float]) -> None:
    """Prints loss and accuracy of an epoch."""
    print(f"epoch {epoch + 1}: loss {logs['loss']:.4f}, accuracy {100 * logs['acc']:.1f} %")


async def main(epochs: int = 8, few: int = 60, seed: int = 7) -> tuple[float, float]:
    """Trains on 0 to 4, then the head alone on a few of 5 to 9; returns the accuracy on new images of both kinds."""
    tf.random.setSeed(seed)
    data = digits.load(seed)
    kept = features()
    model = with_head(kept)
    x, y = await only(data.images, data.labels, 0)
    print("0 to 4")
    await model.fit(x, y, {"epochs": epochs, "batchSize": 32, "callbacks": {"onEpochEnd": show}})
    known = model.evaluate(*await only(data.held_out_images, data.held_out_labels, 0))[1]

    print("5 to 9, with frozen features")
    kept.trainable = False
    before = [weight.arraySync() for weight in kept.getWeights()]
    again = with_head(kept)
    x, y = await only(data.images, data.labels, 5)
    await again.fit(
        x[:few], y[:few], {"epochs": 4 * epochs, "batchSize": 20, "callbacks": {"onEpochEnd": show}}
    )
    learned = again.evaluate(*await only(data.held_out_images, data.held_out_labels, 5))[1]
    if [weight.arraySync() for weight in kept.getWeights()] != before:
        raise ValueError("transfer_learning: expected the frozen layers to stay as they were")
    found = float((await known.data())[0]), float((await learned.data())[0])
    print(f"0 to 4: {100 * found[0]:.1f} %; 5 to 9 from {few} images: {100 * found[1]:.1f} %")
    return found


if __name__ == "__main__":
    asyncio.run(main())
