"""Sentiment: an LSTM reads sentences of made-up words and says whether they praise or blame.

Words are numbers. Some praise, some blame, most do neither, and one, "not", turns the next word into its opposite: that is
what a bag of words cannot see and a network that reads in order can. Sentences have different lengths; 0 fills them up, and
the mask of the embedding lets the LSTM skip it.
"""

import asyncio
import random

import tfjs_pyo as tf

FILLING, NOT = 0, 1
PRAISE, BLAME, NEUTRAL = range(2, 8), range(8, 14), range(14, 40)
WORDS = 40


def sentence(draw: random.Random, longest: int) -> tuple[list[int], int]:
    """Returns the words of a sentence, filled up, and whether it praises (1) or blames (0)."""
    while True:
        words, score = [], 0
        for _ in range(draw.randint(longest // 2, longest) // 2):
            word = draw.choice([*PRAISE, *BLAME, *NEUTRAL])
            turned = draw.random() < 0.4
            words += [NOT, word] if turned else [word]
            score += (-1 if turned else 1) * ((word in PRAISE) - (word in BLAME))
        if score:
            return words + [FILLING] * (longest - len(words)), int(score > 0)


def load(count: int, longest: int, seed: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns sentences [count, longest] and labels [count, 1]."""
    draw = random.Random(seed)
    pairs = [sentence(draw, longest) for _ in range(count)]
    return tf.tensor2d([words for words, _ in pairs], None, "int32"), tf.tensor2d(
        [[label] for _, label in pairs]
    )


def build(longest: int) -> tf.Sequential:
    """An embedding that masks what is filled up, an LSTM, and one probability."""
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
    tf.random.set_seed(seed)
    model = build(longest)
    model.compile({"optimizer": tf.train.adam(0.02), "loss": "binaryCrossentropy", "metrics": ["accuracy"]})
    x, y = load(count, longest, seed)
    history = await model.fit(x, y, {"epochs": epochs, "batchSize": 50})
    _, accuracy = model.evaluate(*load(200, longest, seed + 1))
    seen, unseen = history.history["acc"][-1], float((await accuracy.data())[0])
    print(f"accuracy {100 * seen:.1f} % on known sentences, {100 * unseen:.1f} % on new ones")
    return unseen


if __name__ == "__main__":
    asyncio.run(main())
