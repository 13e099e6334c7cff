"""A DCGAN with Keras: a generator and a discriminator compete in one train_step.

The generator makes digits of random numbers, the discriminator tells them from real ones. Both are Keras models with
optimizers of their own; the train_step is written as for TensorFlow, with a GradientTape.
"""

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

keras.utils.set_random_seed(13)
LATENT = 16

discriminator = keras.Sequential(
    [
        keras.Input(shape=(8, 8, 1)),
        layers.Conv2D(16, kernel_size=3, strides=2, padding="same"),
        layers.LeakyReLU(negative_slope=0.2),
        layers.Conv2D(32, kernel_size=3, strides=2, padding="same"),
        layers.LeakyReLU(negative_slope=0.2),
        layers.Flatten(),
        layers.Dropout(0.2),
        layers.Dense(1, activation="sigmoid"),
    ],
    name="discriminator",
)
generator = keras.Sequential(
    [
        keras.Input(shape=(LATENT,)),
        layers.Dense(2 * 2 * 32),
        layers.Reshape((2, 2, 32)),
        layers.Conv2DTranspose(32, kernel_size=4, strides=2, padding="same"),
        layers.LeakyReLU(negative_slope=0.2),
        layers.Conv2DTranspose(16, kernel_size=4, strides=2, padding="same"),
        layers.LeakyReLU(negative_slope=0.2),
        layers.Conv2D(1, kernel_size=3, padding="same", activation="sigmoid"),
    ],
    name="generator",
)
discriminator.summary()
generator.summary()


class GAN(keras.Model):
    """Two networks, each of which learns from the other."""

    def __init__(self, discriminator, generator, latent_dim):
        super().__init__()
        self.discriminator = discriminator
        self.generator = generator
        self.latent_dim = latent_dim
        self.seed_generator = keras.random.SeedGenerator(1337)

    def compile(self, d_optimizer, g_optimizer, loss_fn):
        """Takes an optimizer for each of the two."""
        super().compile()
        self.d_optimizer = d_optimizer
        self.g_optimizer = g_optimizer
        self.loss_fn = loss_fn
        self.d_loss_metric = keras.metrics.Mean(name="d_loss")
        self.g_loss_metric = keras.metrics.Mean(name="g_loss")

    @property
    def metrics(self):
        """What is averaged over an epoch."""
        return [self.d_loss_metric, self.g_loss_metric]

    def train_step(self, real_images):
        """Updates the discriminator, then the generator."""
        batch_size = ops.shape(real_images)[0]
        noise = keras.random.normal(shape=(batch_size, self.latent_dim), seed=self.seed_generator)
        combined = ops.concatenate([self.generator(noise), real_images], axis=0)
        labels = ops.concatenate([ops.ones((batch_size, 1)), ops.zeros((batch_size, 1))], axis=0)
        with tf.GradientTape() as tape:
            predictions = self.discriminator(combined)
            d_loss = self.loss_fn(labels, predictions)
        grads = tape.gradient(d_loss, self.discriminator.trainable_weights)
        self.d_optimizer.apply_gradients(zip(grads, self.discriminator.trainable_weights, strict=True))

        noise = keras.random.normal(shape=(batch_size, self.latent_dim), seed=self.seed_generator)
        misleading = ops.zeros((batch_size, 1))
        with tf.GradientTape() as tape:
            predictions = self.discriminator(self.generator(noise))
            g_loss = self.loss_fn(misleading, predictions)
        grads = tape.gradient(g_loss, self.generator.trainable_weights)
        self.g_optimizer.apply_gradients(zip(grads, self.generator.trainable_weights, strict=True))

        self.d_loss_metric.update_state(d_loss)
        self.g_loss_metric.update_state(g_loss)
        return {"d_loss": self.d_loss_metric.result(), "g_loss": self.g_loss_metric.result()}


class Watcher(keras.callbacks.Callback):
    """Prints a digit after each epoch."""

    def __init__(self, latent_dim=LATENT):
        super().__init__()
        self.noise = np.random.default_rng(1).normal(size=(1, latent_dim)).astype("float32")

    def on_epoch_end(self, epoch, logs=None):
        """Draws with characters what the generator makes of the same numbers."""
        image = ops.convert_to_numpy(self.model.generator(self.noise))[0, ..., 0]
        print(
            f"after epoch {epoch + 1}:",
            *("".join(" .:*#"[int(4.99 * p)] for p in row) for row in image),
            sep="\n  ",
        )


table = np.loadtxt(Path(__file__).parents[1] / "data" / "digits.csv.gz", delimiter=",", dtype="float32")
digits = table[:, :64].reshape(-1, 8, 8, 1)[:1280] / 16

gan = GAN(discriminator=discriminator, generator=generator, latent_dim=LATENT)
gan.compile(
    d_optimizer=keras.optimizers.Adam(learning_rate=0.001),
    g_optimizer=keras.optimizers.Adam(learning_rate=0.001),
    loss_fn=keras.losses.BinaryCrossentropy(),
)
history = gan.fit(digits, epochs=3, batch_size=64, callbacks=[Watcher()])
losses = history.history["d_loss"] + history.history["g_loss"]
print("Losses of both:", [round(float(loss), 3) for loss in losses])
