"""Addition: one recurrent network reads "12+7" character by character, another writes "19".

The classic of sequence to sequence learning. The first GRU keeps what it read in its state; repeatVector hands that to the
second one for every character of the answer; timeDistributed turns each of its outputs into one of the characters.
"""

import asyncio
import random

import tfjs_pyo as tf

CHARACTERS = "0123456789+ "


def encode(texts: list[str], length: int) -> tf.Tensor:
    """Returns texts as one-hot characters [count, length, characters]."""
    numbers = [[CHARACTERS.index(c) for c in text.ljust(length)] for text in texts]
    return tf.oneHot(tf.tensor2d(numbers, None, "int32"), len(CHARACTERS), dtype="float32")


def decode(probabilities: tf.Tensor) -> list[str]:
    """Returns the most probable texts."""
    return ["".join(CHARACTERS[i] for i in row).strip() for row in tf.argMax(probabilities, -1).arraySync()]


def questions(count: int, digits: int, seed: int) -> tuple[list[str], list[str]]:
    """Returns sums and their results."""
    draw = random.Random(seed)
    pairs = [(draw.randrange(10**digits), draw.randrange(10**digits)) for _ in range(count)]
    return [f"{a}+{b}" for a, b in pairs], [str(a + b) for a, b in pairs]


def build(digits: int, units: int = 48) -> tf.Sequential:
    """An encoder and a decoder."""
    model = tf.sequential()
    model.add(tf.layers.gru({"units": units, "inputShape": [2 * digits + 1, len(CHARACTERS)]}))
    model.add(tf.layers.repeatVector({"n": digits + 1}))
    model.add(tf.layers.gru({"units": units, "returnSequences": True}))
    softmax = tf.layers.dense({"units": len(CHARACTERS), "activation": "softmax"})
    model.add(tf.layers.timeDistributed({"layer": softmax}))
    return model


async def main(epochs: int = 40, count: int = 1500, digits: int = 1, seed: int = 5) -> float:
    """Trains, shows some answers, and returns the share of right characters."""
    tf.random.setSeed(seed)
    model = build(digits)
    model.compile(
        {"optimizer": tf.train.adam(0.01), "loss": "categoricalCrossentropy", "metrics": ["accuracy"]}
    )
    asked, answers = questions(count, digits, seed)
    x, y = encode(asked, 2 * digits + 1), encode(answers, digits + 1)

    def show(epoch: int, logs: dict[str, float]) -> None:
        print(f"epoch {epoch + 1:2} of {epochs}: loss {logs['loss']:.4f}")

    history = await model.fit(x, y, {"epochs": epochs, "batchSize": 100, "callbacks": {"onEpochEnd": show}})
    share = history.history["acc"][-1]
    for question, found in zip(asked[:5], decode(model.predict(x[:5])), strict=True):
        print(f"{question} = {found}")
    print(f"{100 * share:.1f} % of the characters are right")
    return share


if __name__ == "__main__":
    asyncio.run(main())
