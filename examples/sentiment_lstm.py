"""Sentiment: an LSTM classifies sentences of made-up words as positive or negative.

Words are numbers. Some are positive, some negative, most neither, and one, "not", turns the next word into its opposite.
A bag of words cannot see that; a network that reads in order can. Sentences are padded with 0 to one length, and the mask
of the embedding lets the LSTM skip the padding.
"""

import asyncio
import random

import tfjs_pyo as tf

PADDING, NOT = 0, 1
POSITIVE, NEGATIVE, NEUTRAL = range(2, 8), range(8, 14), range(14, 40)
WORDS = 40


def sentence(draw: random.Random, longest: int) -> tuple[list[int], int]:
    """Returns the words of a sentence, padded, and its label: positive (1) or negative (0)."""
    while True:
        words, score = [], 0
        for _ in range(draw.randint(longest // 2, longest) // 2):
            word = draw.choice([*POSITIVE, *NEGATIVE, *NEUTRAL])
            turned = draw.random() < 0.4
            words += [NOT, word] if turned else [word]
            score += (-1 if turned else 1) * ((word in POSITIVE) - (word in NEGATIVE))
        if score:
            return words + [PADDING] * (longest - len(words)), int(score > 0)


def load(count: int, longest: int, seed: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns sentences [count, longest] and labels [count, 1]."""
    draw = random.Random(seed)
    pairs = [sentence(draw, longest) for _ in range(count)]
    return tf.tensor2d([words for words, _ in pairs], None, "int32"), tf.tensor2d(
        [[label] for _, label in pairs]
    )


def build(longest: int) -> tf.Sequential:
    """An embedding that masks the padding, an LSTM, and one probability."""
    return tf.sequential(
        {
            "layers": [
                tf.layers.embedding(
                    {"inputDim": WORDS, "outputDim": 8, "maskZero": True, "inputLength": longest}
                ),
                tf.layers.lstm({"units": 16}),
                tf.layers.dense({"units": 1, "activation": "sigmoid"}),
            ]
        }
    )


async def main(epochs: int = 12, count: int = 800, longest: int = 16, seed: int = 3) -> float:
    """Trains, and returns the accuracy on sentences that were never seen."""
    tf.random.setSeed(seed)
    model = build(longest)
    model.compile({"optimizer": tf.train.adam(0.02), "loss": "binaryCrossentropy", "metrics": ["accuracy"]})
    x, y = load(count, longest, seed)

    def show(epoch: int, logs: dict[str, float]) -> None:
        print(f"epoch {epoch + 1:2} of {epochs}: loss {logs['loss']:.4f}")

    history = await model.fit(x, y, {"epochs": epochs, "batchSize": 50, "callbacks": {"onEpochEnd": show}})
    _, accuracy = model.evaluate(*load(200, longest, seed + 1))
    seen, unseen = history.history["acc"][-1], float((await accuracy.data())[0])
    print(f"accuracy {100 * seen:.1f} % on known sentences, {100 * unseen:.1f} % on new ones")
    return unseen


if __name__ == "__main__":
    asyncio.run(main())
