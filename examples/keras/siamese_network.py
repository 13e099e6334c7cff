"""A Siamese network with Keras: one tower for two images, and a contrastive loss of the program's own.

The network learns whether two digits are the same. Both images go through the same layers; the loss draws pairs of one digit
together and pushes others apart.
"""

from pathlib import Path

import keras
import numpy as np
from keras import layers, ops

keras.utils.set_random_seed(29)
rng = np.random.default_rng(29)

table = np.loadtxt(Path(__file__).parents[1] / "data" / "digits.csv.gz", delimiter=",", dtype="float32")
images, labels = table[:, :64].reshape(-1, 8, 8) / 16, table[:, 64].astype("int32")


def make_pairs(count):
    """Returns pairs of images, and 1 for those that show different digits, else 0."""
    first = rng.integers(0, len(images), size=count)
    different = rng.integers(0, 2, size=count)
    second = [
        rng.choice(np.flatnonzero(labels != labels[i] if other else labels == labels[i]))
        for i, other in zip(first, different, strict=True)
    ]
    return images[first], images[second], different.astype("float32")


def euclidean_distance(vectors):
    """Returns the distance of two vectors, as a column."""
    x, y = vectors
    sum_square = ops.sum(ops.square(x - y), axis=1, keepdims=True)
    return ops.sqrt(ops.maximum(sum_square, keras.backend.epsilon()))


def contrastive_loss(margin=1.0):
    """Returns a loss that leaves different images alone where they are further apart than a margin."""

    def loss(y_true, y_pred):
        return ops.mean(
            (1 - y_true) * ops.square(y_pred) + y_true * ops.square(ops.maximum(margin - y_pred, 0))
        )

    return loss


inputs = layers.Input((8, 8, 1))
x = layers.BatchNormalization()(inputs)
x = layers.Conv2D(8, (3, 3), activation="tanh")(x)
x = layers.AveragePooling2D(pool_size=(2, 2))(x)
x = layers.Flatten()(x)
x = layers.BatchNormalization()(x)
x = layers.Dense(10, activation="tanh")(x)
tower = keras.Model(inputs, x, name="tower")

input_1, input_2 = layers.Input((8, 8, 1)), layers.Input((8, 8, 1))
merge_layer = layers.Lambda(euclidean_distance, output_shape=(1,))([tower(input_1), tower(input_2)])
normal_layer = layers.BatchNormalization()(merge_layer)
output_layer = layers.Dense(1, activation="sigmoid")(normal_layer)
siamese = keras.Model(inputs=[input_1, input_2], outputs=output_layer)
siamese.compile(loss=contrastive_loss(margin=1), optimizer="rmsprop", metrics=["accuracy"])
siamese.summary()

left, right, y = make_pairs(1200)
history = siamese.fit([left, right], y, batch_size=16, epochs=3, validation_split=0.1)
losses = history.history["loss"]

left, right, y = make_pairs(200)
loss, accuracy = siamese.evaluate([left, right], y, verbose=0)
print(f"Test loss {loss:.3f}, accuracy {accuracy:.3f}")
