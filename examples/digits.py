"""Handwritten digits: a multi-layer perceptron and a small convolutional network learn to read them.

The data are 1797 real images of 8 x 8 pixels (see data/README.md). Four fifths of them, chosen at random from a seed,
are learned; the models never see the rest, and their accuracy on it is what counts. In the page one can then draw
digits and watch the models read them. Everything random (the split, the initial weights, the order of the images,
dropout) comes from the seed, so that a run can be repeated.
"""

import asyncio
import gzip
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import tfjs_pyo as tf

DATA = Path(__file__).resolve().parent / "data" / "digits.csv.gz"
SEED = 7
BATCH_SIZE = 32


@dataclass(frozen=True)
class Digits:
    """Images of shape [n, 8, 8, 1], 0 (white) to 1 (black), and their labels of shape [n, 10], one-hot."""

    images: tf.Tensor
    labels: tf.Tensor
    held_out_images: tf.Tensor
    held_out_labels: tf.Tensor


def load(seed: int = SEED) -> Digits:
    """Reads the images and holds out a fifth of them."""
    with gzip.open(DATA, "rt", encoding="ascii") as lines:
        rows = [[int(number) for number in line.split(",")] for line in lines]
    draw = random.Random(seed)
    rows.sort(key=lambda _: draw.random())
    fifth = len(rows) // 5
    held_out, learned = rows[:fifth], rows[fifth:]
    return Digits(_images(learned), _labels(learned), _images(held_out), _labels(held_out))


def _images(rows: list[list[int]]) -> tf.Tensor:
    pixels = [pixel / 16 for row in rows for pixel in row[:64]]
    return tf.tensor4d(pixels, [len(rows), 8, 8, 1])


def _labels(rows: list[list[int]]) -> tf.Tensor:
    return tf.oneHot(tf.tensor1d([row[64] for row in rows], "int32"), 10)


def build_mlp() -> tf.Sequential:
    """A multi-layer perceptron: 64 inputs, two hidden layers."""
    return tf.sequential(
        {
            "layers": [
                tf.layers.flatten({"inputShape": [8, 8, 1]}),
                tf.layers.dense({"units": 64, "activation": "relu"}),
                tf.layers.dense({"units": 32, "activation": "relu"}),
                tf.layers.dense({"units": 10, "activation": "softmax"}),
            ]
        }
    )


def build_convnet() -> tf.Sequential:
    """A small convolutional network: two convolutions, each followed by pooling."""
    return tf.sequential(
        {
            "layers": [
                tf.layers.conv2d(
                    {
                        "filters": 16,
                        "kernelSize": 3,
                        "padding": "same",
                        "activation": "relu",
                        "inputShape": [8, 8, 1],
                    }
                ),
                tf.layers.maxPooling2d({"poolSize": 2}),
                tf.layers.conv2d({"filters": 32, "kernelSize": 3, "padding": "same", "activation": "relu"}),
                tf.layers.maxPooling2d({"poolSize": 2}),
                tf.layers.flatten(),
                tf.layers.dropout({"rate": 0.25}),
                tf.layers.dense({"units": 10, "activation": "softmax"}),
            ]
        }
    )


async def train(
    build: Callable[[], tf.Sequential], epochs: int, seed: int = SEED, learning_rate: float = 0.003
) -> tuple[dict[str, list[float]], float]:
    """Builds and trains a model, printing loss and accuracy after each epoch.

    Returns:
        The history of the training, and the accuracy on the images that were held out.
    """
    tf.random.setSeed(seed)
    digits = load(seed)
    model = build()
    model.compile(
        {
            "optimizer": tf.train.adam(learning_rate),
            "loss": "categoricalCrossentropy",
            "metrics": ["accuracy"],
        }
    )

    def show(epoch: int, logs: dict[str, float]) -> None:
        loss, accuracy = logs["loss"], logs["acc"]
        print(f"epoch {epoch + 1:2} of {epochs}: loss {loss:.4f}, accuracy {100 * accuracy:.1f} %")

    history = await model.fit(
        digits.images,
        digits.labels,
        {"epochs": epochs, "batchSize": BATCH_SIZE, "verbose": 0, "callbacks": {"onEpochEnd": show}},
    )
    _, accuracy = model.evaluate(digits.held_out_images, digits.held_out_labels)
    held_out = float((await accuracy.data())[0])
    print(f"accuracy on {digits.held_out_images.shape[0]} held-out images: {100 * held_out:.1f} %")
    name = f"Draw a digit for the {build.__name__.removeprefix('build_')}"
    tf.vis.sketch(
        model.predict, 8, name=name, margin=0.05
    )  # about what the images of the collection leave free
    return history.history, held_out


async def mlp(epochs: int = 20, seed: int = SEED) -> float:
    """Trains the multi-layer perceptron; returns its accuracy on the held-out images."""
    print("Digits, multi-layer perceptron")
    _, accuracy = await train(build_mlp, epochs, seed)
    return accuracy


async def convnet(epochs: int = 12, seed: int = SEED) -> float:
    """Trains the convolutional network; returns its accuracy on the held-out images."""
    print("Digits, convolutional network")
    _, accuracy = await train(build_convnet, epochs, seed)
    return accuracy


async def main(model: str | None = None) -> dict[str, float]:
    """Trains `'mlp'`, `'convnet'`, or both; returns the accuracies on the held-out images."""
    programs = {"mlp": mlp, "convnet": convnet}
    if model is not None and model not in programs:
        raise ValueError(f"digits: expected 'mlp', 'convnet' or nothing, received {model!r}")
    chosen = [model] if model is not None else list(programs)
    return {name: await programs[name]() for name in chosen}


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:2]))
