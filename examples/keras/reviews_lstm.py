"""Sentiment with Keras: a bidirectional LSTM tells good reviews from bad ones.

The reviews are made up from a few words; some are turned around by "not", so that the order of words matters. Sentences of
different lengths are padded, and the network does not look at the padding.
"""

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(3)
rng = np.random.default_rng(3)

GOOD = ["great", "lovely", "clever", "moving", "funny"]
BAD = ["dull", "awful", "silly", "slow", "noisy"]
OTHER = ["the", "film", "was", "and", "a", "story", "with", "music"]
WORDS = ["", "not", *GOOD, *BAD, *OTHER]
LONGEST = 10


def review():
    """Returns the numbers of some words, and whether they praise."""
    praises = bool(rng.integers(2))
    turned = rng.random() < 0.3
    opinion = rng.choice(GOOD if praises != turned else BAD)
    before = [str(word) for word in rng.choice(OTHER, size=rng.integers(2, 5))]
    after = [str(word) for word in rng.choice(OTHER, size=rng.integers(0, 4))]
    words = [*before, *(["not"] if turned else []), str(opinion), *after]
    return [WORDS.index(word) for word in words], praises


sentences, praise = zip(*[review() for _ in range(600)], strict=True)
x = keras.utils.pad_sequences(sentences, maxlen=LONGEST, padding="post")
y = np.array(praise, dtype="float32")

inputs = keras.Input(shape=(None,), dtype="int32")
h = layers.Embedding(len(WORDS), 16, mask_zero=True)(inputs)
h = layers.Bidirectional(layers.LSTM(16, return_sequences=True))(h)
h = layers.Bidirectional(layers.LSTM(16))(h)
outputs = layers.Dense(1, activation="sigmoid")(h)
model = keras.Model(inputs, outputs)
model.summary()

model.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy", metrics=["accuracy"])
history = model.fit(x[:500], y[:500], batch_size=50, epochs=5, validation_data=(x[500:], y[500:]))
losses = history.history["loss"]

for text in ["the film was great", "a story not great", "dull music", "the music was not dull"]:
    numbers = keras.utils.pad_sequences(
        [[WORDS.index(word) for word in text.split()]], maxlen=LONGEST, padding="post"
    )
    print(f"{text:>24}: {model.predict(numbers, verbose=0)[0, 0]:.2f}")
