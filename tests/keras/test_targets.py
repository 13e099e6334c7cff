"""Targets of another shape than the predictions: what Keras's losses and metrics bring together."""

import numpy as np
import pytest

from tfjs_pyo import keras
from tfjs_pyo.errors import ShapeError

RNG = np.random.default_rng(5)
X = RNG.normal(size=(6, 3)).astype("float32")
Y = RNG.uniform(0.1, 0.9, (6, 1)).astype("float32")

ELEMENTWISE = (
    "mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_logarithmic_error",
    "huber", "log_cosh", "poisson", "squared_hinge", "hinge", "kl_divergence",
)  # fmt: skip
METRICS = ("mse", "MAE", "mape", "msle", "mean_absolute_error", "RootMeanSquaredError", "Poisson")


def fitted(targets, loss="mean_squared_error", metrics=()):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, "sigmoid", kernel_initializer="ones")])
    model.compile("sgd", loss, metrics=list(metrics))
    return model.fit(X, targets, batch_size=6, verbose=0, epochs=2).history


@pytest.mark.parametrize("loss", ELEMENTWISE)
def test_one_column_goes_with_every_output(loss):
    found, wanted = fitted(Y, loss), fitted(np.repeat(Y, 4, 1), loss)
    np.testing.assert_allclose(found["loss"], wanted["loss"], rtol=1e-5)


@pytest.mark.parametrize("metric", METRICS)
def test_metrics_take_one_column_by_any_of_their_names(metric):
    found, wanted = (list(fitted(y, metrics=[metric]).values()) for y in (Y, np.repeat(Y, 4, 1)))
    np.testing.assert_allclose(found, wanted, rtol=1e-5)


@pytest.mark.parametrize("loss", ["categorical_crossentropy", "binary_crossentropy"])
def test_losses_of_classes_take_one_shape_only(loss):
    with pytest.raises(ShapeError, match="expected targets for output"):
        fitted(Y, loss)
