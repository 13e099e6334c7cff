"""Several inputs and outputs: what a house costs and how soon it sells, from its numbers and its quarter.

The quarter is a word, and becomes a vector that is learned; the numbers pass through a layer of their own. Both meet, and two
heads answer two questions, each with a loss and a weight of its own. The houses are made up, so the right answer is known.
"""

import asyncio
import math
import random

import tfjs_pyo as tf

QUARTERS = {"harbour": 1.6, "old town": 1.3, "station": 0.8, "meadows": 1.0}


def houses(count: int, seed: int) -> tuple[dict[str, tf.Tensor], dict[str, tf.Tensor]]:
    """Returns inputs and targets of made-up houses."""
    draw = random.Random(seed)
    numbers, quarters, prices, sold = [], [], [], []
    for _ in range(count):
        size, age, quarter = draw.uniform(0.3, 2), draw.random(), draw.randrange(len(QUARTERS))
        price = size * list(QUARTERS.values())[quarter] * (1 - 0.4 * age)
        numbers.append([size, age])
        quarters.append([quarter])
        prices.append([price + draw.gauss(0, 0.03)])
        sold.append([float(draw.random() < 1 / (1 + math.exp(6 * (price - 1))))])
    inputs = {"numbers": tf.tensor2d(numbers), "quarter": tf.tensor2d(quarters, None, "int32")}
    return inputs, {"price": tf.tensor2d(prices), "sold": tf.tensor2d(sold)}


def build() -> tf.Model:
    """Two inputs, two outputs."""
    numbers = tf.input({"shape": [2], "name": "numbers"})
    quarter = tf.input({"shape": [1], "name": "quarter", "dtype": "int32"})
    place = tf.layers.flatten().apply(
        tf.layers.embedding({"inputDim": len(QUARTERS), "outputDim": 2}).apply(quarter)
    )
    seen = tf.layers.dense({"units": 16, "activation": "relu"}).apply(numbers)
    both = tf.layers.dense({"units": 16, "activation": "relu"}).apply(
        tf.layers.concatenate().apply([seen, place])
    )
    price = tf.layers.dense({"units": 1, "name": "price"}).apply(both)
    sold = tf.layers.dense({"units": 1, "activation": "sigmoid", "name": "sold"}).apply(both)
    return tf.model({"inputs": [numbers, quarter], "outputs": [price, sold]})


async def main(epochs: int = 40, count: int = 600, seed: int = 4) -> list[float]:
    """Trains and returns total loss, loss of the price and loss of the sale on houses that were never seen."""
    tf.random.setSeed(seed)
    model = build()
    losses = {"price": "meanSquaredError", "sold": "binaryCrossentropy"}
    model.compile({"optimizer": tf.train.adam(0.01), "loss": losses})
    x, y = houses(count, seed)

    def show(epoch: int, logs: dict[str, float]) -> None:
        print(f"epoch {epoch + 1:2} of {epochs}: loss {logs['loss']:.4f}")

    await model.fit(x, y, {"epochs": epochs, "batchSize": 50, "callbacks": {"onEpochEnd": show}})
    found = [float((await value.data())[0]) for value in model.evaluate(*houses(200, seed + 1))]
    print(f"total loss {found[0]:.3f}: price {found[1]:.4f}, sold {found[2]:.3f}")
    return found


if __name__ == "__main__":
    asyncio.run(main())
