"""Digits with Keras: a convolutional network learns to read handwriting.

The program is plain Keras 3: it runs here, and under Keras itself, without a change. 1797 real images of 8 x 8 pixels; a
fifth of them is held out for the test.
"""

from pathlib import Path

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(7)

table = np.loadtxt(Path(__file__).parents[1] / "data" / "digits.csv.gz", delimiter=",", dtype="float32")
images, labels = table[:, :64].reshape(-1, 8, 8, 1) / 16, table[:, 64].astype("int32")
order = np.random.default_rng(7).permutation(len(images))
test, train = order[:359], order[359:]

model = keras.Sequential(
    [
        keras.Input(shape=(8, 8, 1)),
        layers.Conv2D(16, kernel_size=(3, 3), padding="same", activation="relu"),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Conv2D(32, kernel_size=(3, 3), padding="same", activation="relu"),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Flatten(),
        layers.Dropout(0.3),
        layers.Dense(10, activation="softmax"),
    ]
)
model.summary()
model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(0.005), metrics=["accuracy"])
history = model.fit(
    images[train],
    keras.utils.to_categorical(labels[train], 10),
    batch_size=64,
    epochs=4,
    validation_split=0.1,
)
losses = history.history["loss"]

score = model.evaluate(images[test], keras.utils.to_categorical(labels[test], 10), verbose=0)
print(f"Test loss: {score[0]:.3f}")
print(f"Test accuracy: {score[1]:.3f}")
guesses = model.predict(images[test][:8], verbose=0).argmax(axis=-1)
print("The first eight are read as", guesses, "and are", labels[test][:8])
