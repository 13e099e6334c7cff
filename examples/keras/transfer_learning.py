"""Transfer learning with Keras: what was learned on some digits serves for the others.

A network learns the digits from 0 to 4. Its layers are frozen, get a new end, and learn 5 to 9 from few images; then they are
thawed and tuned at a low learning rate.
"""

from pathlib import Path

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(37)

table = np.loadtxt(Path(__file__).parents[1] / "data" / "digits.csv.gz", delimiter=",", dtype="float32")
images, labels = table[:, :64].reshape(-1, 8, 8, 1) / 16, table[:, 64].astype("int32")
low, high = labels < 5, labels >= 5

base = keras.Sequential(
    [
        keras.Input(shape=(8, 8, 1)),
        layers.Conv2D(16, 3, padding="same", activation="relu"),
        layers.BatchNormalization(),
        layers.MaxPooling2D(2),
        layers.Conv2D(16, 3, padding="same", activation="relu"),
        layers.GlobalMaxPooling2D(),
    ],
    name="base",
)
first = keras.Sequential([base, layers.Dense(5, activation="softmax")])
first.compile(
    optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
learned = first.fit(images[low], labels[low], batch_size=50, epochs=3, verbose=2)

base.trainable = False
inputs = keras.Input(shape=(8, 8, 1))
x = base(inputs, training=False)
x = layers.Dropout(0.2)(x)
outputs = layers.Dense(5, activation="softmax")(x)
model = keras.Model(inputs, outputs)
model.summary(show_trainable=True)
print("Weights that are trained:", len(model.trainable_weights), "of", len(model.weights))

few_images, few_labels = images[high][:200], labels[high][:200] - 5
rest_images, rest_labels = images[high][200:], labels[high][200:] - 5
model.compile(
    optimizer=keras.optimizers.Adam(0.02),
    loss=keras.losses.SparseCategoricalCrossentropy(),
    metrics=[keras.metrics.SparseCategoricalAccuracy()],
)
frozen = model.fit(
    few_images, few_labels, batch_size=20, epochs=4, validation_data=(rest_images, rest_labels)
)

base.trainable = True
model.compile(
    optimizer=keras.optimizers.Adam(0.001),
    loss=keras.losses.SparseCategoricalCrossentropy(),
    metrics=[keras.metrics.SparseCategoricalAccuracy()],
)
tuned = model.fit(few_images, few_labels, batch_size=20, epochs=2, validation_data=(rest_images, rest_labels))
losses = learned.history["loss"] + frozen.history["loss"] + tuned.history["loss"]
print("Accuracy on digits not learned from:", round(tuned.history["val_sparse_categorical_accuracy"][-1], 3))
