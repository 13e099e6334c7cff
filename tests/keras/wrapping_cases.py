"""Optimizers that hold others, and the gradients that they get: for the recorder and for the tests. Needs NumPy only."""

import numpy as np

STEPS = 12
LOST = (2, 7)
"""Steps with a gradient that is not finite."""


def _multi(keras, *others, **options):
    optimizers = keras.optimizers
    known = {"w0": optimizers.Adam(0.1, clipnorm=0.5), **dict(others)}
    return optimizers.MultiOptimizer(
        optimizers.OptimizerMap(optimizers.SGD(0.1, momentum=0.5), known), **options
    )


CASES = {
    "scaled Adam": lambda keras: keras.optimizers.LossScaleOptimizer(
        keras.optimizers.Adam(0.1), initial_scale=16.0, dynamic_growth_steps=3
    ),
    "scaled SGD that decays and averages": lambda keras: keras.optimizers.LossScaleOptimizer(
        keras.optimizers.SGD(
            0.1, momentum=0.5, weight_decay=0.01, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=3
        ),
        initial_scale=4.0,
        dynamic_growth_steps=2,
    ),
    "two": _multi,
    "two, scaled": lambda keras: _multi(keras, loss_scale_factor=8.0),
    "by a function": lambda keras: keras.optimizers.MultiOptimizer(
        lambda v: keras.optimizers.RMSprop(0.05) if len(v.shape) == 2 else keras.optimizers.Lion(0.02)
    ),
}


def gradients(name, weights, step):
    """Returns gradients for the present weights; where losses are scaled, one of some steps is infinite."""
    found = [np.float32(2 * w * (i + 1) - 1) for i, w in enumerate(weights)]
    if step in LOST and name.startswith("scaled"):
        found[0].reshape(-1)[1] = np.inf
    return found


SAVED = {
    "scaled": lambda keras: keras.optimizers.LossScaleOptimizer(
        keras.optimizers.Adam(0.05), initial_scale=8.0, dynamic_growth_steps=5
    ),
    "shared": lambda keras: keras.optimizers.MultiOptimizer(
        keras.optimizers.OptimizerMap(
            keras.optimizers.SGD(0.05, momentum=0.9), {".*second/.*": keras.optimizers.Nadam(0.02)}
        )
    ),
}
"""Optimizers of models that Keras saved while they were trained."""


def data():
    draw = np.random.RandomState(3)
    x = draw.standard_normal((12, 3)).astype("float32")
    return x, x.sum(1, keepdims=True)


def trained(keras, make):
    """A model after three epochs."""
    keras.utils.set_random_seed(2)
    layers = [keras.layers.Dense(4, "tanh", name="first"), keras.layers.Dense(1, name="second")]
    model = keras.Sequential([keras.Input((3,)), *layers], name="model")
    model.compile(make(keras), "mse")
    further(model)
    return model


def further(model):
    """The losses of three more epochs."""
    return model.fit(*data(), batch_size=4, epochs=3, shuffle=False, verbose=0).history["loss"]
