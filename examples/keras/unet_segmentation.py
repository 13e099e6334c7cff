"""Segmentation with Keras: a small U-Net marks the pixels of discs.

The images have noise and a disc somewhere. The network goes down to a coarse picture and up again; what it saw on the way down
is put beside what it makes on the way up.
"""

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(19)
rng = np.random.default_rng(19)
SIZE = 16


def picture():
    """Returns an image with a disc in it, and the mask of the disc."""
    middle, radius = rng.uniform(4, SIZE - 4, size=2), rng.uniform(2, 4)
    rows, columns = np.mgrid[:SIZE, :SIZE]
    mask = (rows - middle[0]) ** 2 + (columns - middle[1]) ** 2 < radius**2
    return 0.6 * mask + rng.normal(0.2, 0.15, size=mask.shape), mask


images, masks = (
    np.array(each, dtype="float32")[..., None] for each in zip(*[picture() for _ in range(160)], strict=True)
)


def block(x, filters):
    """Returns what two convolutions make of their input."""
    for _ in range(2):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.Activation("relu")(x)
    return x


inputs = keras.Input(shape=(SIZE, SIZE, 1))
fine = block(inputs, 8)
middle = block(layers.MaxPooling2D(2)(fine), 16)
coarse = block(layers.MaxPooling2D(2)(middle), 16)
up = layers.concatenate([layers.UpSampling2D(2)(coarse), middle])
up = layers.Conv2DTranspose(8, 3, strides=2, padding="same", activation="relu")(block(up, 16))
up = layers.concatenate([up, fine])
outputs = layers.Conv2D(2, 3, activation="softmax", padding="same")(block(up, 8))
model = keras.Model(inputs, outputs, name="unet")
model.summary()

model.compile(
    optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
history = model.fit(images[:128], masks[:128], epochs=5, batch_size=16)
losses = history.history["loss"]

found = model.predict(images[128:], verbose=0).argmax(axis=-1)
truth = masks[128:, ..., 0] > 0.5
overlap = np.logical_and(found == 1, truth).sum() / max(np.logical_or(found == 1, truth).sum(), 1)
print(f"Overlap with the true discs: {overlap:.2f}")
