"""Noise removal with Keras: a convolutional autoencoder cleans images.

It sees digits with noise and learns to give them without. What it makes of images that it has not seen is printed as text.
"""

from pathlib import Path

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(5)
rng = np.random.default_rng(5)

table = np.loadtxt(Path(__file__).parents[1] / "data" / "digits.csv.gz", delimiter=",", dtype="float32")
clean = table[:, :64].reshape(-1, 8, 8, 1) / 16
noisy = np.clip(clean + rng.normal(0, 0.3, clean.shape), 0, 1).astype("float32")

inputs = layers.Input(shape=(8, 8, 1))
x = layers.Conv2D(16, (3, 3), activation="relu", padding="same")(inputs)
x = layers.MaxPooling2D((2, 2), padding="same")(x)
x = layers.Conv2D(16, (3, 3), activation="relu", padding="same")(x)
x = layers.MaxPooling2D((2, 2), padding="same")(x)
x = layers.Conv2DTranspose(16, (3, 3), strides=2, activation="relu", padding="same")(x)
x = layers.Conv2DTranspose(16, (3, 3), strides=2, activation="relu", padding="same")(x)
x = layers.Conv2D(1, (3, 3), activation="sigmoid", padding="same")(x)
autoencoder = keras.Model(inputs, x, name="autoencoder")
autoencoder.compile(optimizer=keras.optimizers.Adam(0.005), loss="binary_crossentropy")
autoencoder.summary()

history = autoencoder.fit(
    x=noisy[:1500], y=clean[:1500], epochs=4, batch_size=100, validation_data=(noisy[1500:], clean[1500:])
)
losses = history.history["loss"]


def lines(image):
    """Returns an image as lines of text."""
    return ["".join(" .:*#"[int(4.99 * min(max(pixel, 0), 1))] for pixel in row) for row in image[..., 0]]


cleaned = autoencoder.predict(noisy[1500:1503])
for before, after in zip(noisy[1500:1503], cleaned, strict=True):
    print(
        "\n".join(f"{left}   {right}" for left, right in zip(lines(before), lines(after), strict=True)), "\n"
    )
