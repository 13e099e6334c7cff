"""Dates: attention finds the parts of "05 jan 2021" that "2021-01-05" needs, whatever order they come in.

An LSTM encodes the characters of a date; another one, which begins with the state of the first, reads the answer so far and,
for each next character, looks back at all encoded ones: the dot product of both says how much each matters (Luong et al.,
2015). In training the decoder is told the right answer so far; afterwards it reads its own.
"""

import asyncio
import random

import tfjs_pyo as tf

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
READ = " 0123456789/.-,abcdefghijklmnopqrstuvwxyz"
WRITTEN = "^0123456789-"
LONGEST, LENGTH = 12, 10


def dates(count: int, seed: int) -> tuple[list[str], list[str]]:
    """Returns dates as people write them, and in ISO's form."""
    draw = random.Random(seed)
    given, wanted = [], []
    for _ in range(count):
        year, month, day = draw.randrange(1990, 2030), draw.randrange(12), draw.randrange(1, 29)
        forms = [
            f"{day:02} {MONTHS[month]} {year}",
            f"{month + 1:02}/{day:02}/{year}",
            f"{day:02}.{month + 1:02}.{year}",
        ]
        given.append(draw.choice(forms))
        wanted.append(f"{year}-{month + 1:02}-{day:02}")
    return given, wanted


def numbers(texts: list[str], characters: str, length: int) -> tf.Tensor:
    """Returns texts as numbers of characters [count, length]."""
    return tf.tensor2d([[characters.index(c) for c in text.ljust(length)] for text in texts], None, "int32")


def build(units: int = 24) -> tf.Model:
    """Encoder, decoder, and attention between them."""
    given = tf.input({"shape": [LONGEST], "dtype": "int32"})
    so_far = tf.input({"shape": [LENGTH], "dtype": "int32"})
    read = tf.layers.embedding({"inputDim": len(READ), "outputDim": 12}).apply(given)
    encoder = tf.layers.lstm({"units": units, "returnSequences": True, "returnState": True})
    encoded, h, c = encoder.apply(read)
    written = tf.layers.embedding({"inputDim": len(WRITTEN), "outputDim": 12}).apply(so_far)
    decoder = tf.layers.lstm({"units": units, "returnSequences": True})
    decoded = decoder.apply(written, {"initialState": [h, c]})
    scores = tf.layers.dot({"axes": [2, 2]}).apply([decoded, encoded])
    attention = tf.layers.activation({"activation": "softmax", "name": "attention"}).apply(scores)
    context = tf.layers.dot({"axes": [2, 1]}).apply([attention, encoded])
    both = tf.layers.concatenate().apply([context, decoded])
    hidden = tf.layers.dense({"units": units, "activation": "tanh"}).apply(both)
    output = tf.layers.dense({"units": len(WRITTEN), "activation": "softmax"}).apply(hidden)
    return tf.model({"inputs": [given, so_far], "outputs": output})


async def translate(model: tf.Model, texts: list[str]) -> list[str]:
    """Returns dates in ISO's form, character by character."""
    given = numbers(texts, READ, LONGEST)
    answers = [""] * len(texts)
    for place in range(LENGTH):
        so_far = numbers([("^" + answer).ljust(LENGTH, "^")[:LENGTH] for answer in answers], WRITTEN, LENGTH)
        best = await tf.argMax(model.predict([given, so_far]), -1).array()
        answers = [answer + WRITTEN[row[place]] for answer, row in zip(answers, best, strict=True)]
    return answers


async def main(epochs: int = 25, count: int = 1200, seed: int = 11) -> float:
    """Trains, translates new dates, and returns the share of right characters."""
    tf.random.setSeed(seed)
    model = build()
    model.compile({"optimizer": tf.train.adam(0.01), "loss": "sparseCategoricalCrossentropy"})
    given, wanted = dates(count, seed)
    so_far = numbers([f"^{text[:-1]}" for text in wanted], WRITTEN, LENGTH)
    x = [numbers(given, READ, LONGEST), so_far]
    y = numbers(wanted, WRITTEN, LENGTH)

    def show(epoch: int, logs: dict[str, float]) -> None:
        print(f"epoch {epoch + 1:2} of {epochs}: loss {logs['loss']:.4f}")

    await model.fit(x, y, {"epochs": epochs, "batchSize": 60, "callbacks": {"onEpochEnd": show}})
    given, wanted = dates(40, seed + 1)
    found = await translate(model, given)
    for text, answer in list(zip(given, found, strict=True))[:3]:
        print(f"{text:12} -> {answer}")
    right = sum(a == b for x, y in zip(found, wanted, strict=True) for a, b in zip(x, y, strict=True))
    share = right / (len(wanted) * LENGTH)
    print(f"{100 * share:.1f} % of the characters of new dates are right")
    return share


if __name__ == "__main__":
    asyncio.run(main())
