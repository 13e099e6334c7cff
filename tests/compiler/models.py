"""Models whose training steps the compiler tests look at."""

import tfjs_pyo as tf
from tfjs_pyo.models.training.inputs import tensors_of


def mlp(optimizer="adam"):
    """The digits MLP."""
    model = tf.sequential()
    model.add(tf.layers.dense(units=32, activation="relu", input_shape=[64]))
    model.add(tf.layers.dense(units=10, activation="softmax"))
    model.compile(optimizer=optimizer, loss="categoricalCrossentropy", metrics=["accuracy"])
    return model


def convnet(optimizer="adam"):
    """The digits convnet."""
    model = tf.sequential()
    model.add(tf.layers.conv2d(filters=8, kernel_size=3, activation="relu", input_shape=[8, 8, 1]))
    model.add(tf.layers.max_pooling2d(pool_size=2))
    model.add(tf.layers.flatten())
    model.add(tf.layers.dropout(rate=0.25))
    model.add(tf.layers.dense(units=10, activation="softmax"))
    model.compile(optimizer=optimizer, loss="categoricalCrossentropy", metrics=["accuracy"])
    return model


def lstm(steps):
    """An LSTM over so many steps."""
    model = tf.sequential()
    model.add(tf.layers.lstm(units=32, input_shape=[steps, 16]))
    model.add(tf.layers.dense(units=1))
    model.compile(optimizer="rmsprop", loss="meanSquaredError")
    return model


def training_step(model, batch, x_shape, classes=10, training=True):
    """The compiled step of a model for data of these shapes."""
    x, y = tf.zeros([100, *x_shape]), tf.zeros([100, classes])
    inputs, targets, count = model._prepare("fit", x, y)
    order = tensors_of("test", "order", tf.range(0, count, 1, "int32"), ["order"])[0]
    return model._step(batch, inputs, targets, order, training)
