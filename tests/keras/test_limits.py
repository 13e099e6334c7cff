"""Limits of `keras.config` on epochs and steps, with which a program is tried quickly; and what names of metrics mean."""

import numpy as np
import pytest

from tfjs_pyo import keras

X, Y = np.arange(12, dtype="float32").reshape(12, 1), np.ones((12, 1), "float32")


@pytest.fixture
def model():
    made = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    made.compile("sgd", "mse")
    yield made
    keras.config.set_max_epochs(None)
    keras.config.set_max_steps_per_epoch(None)


class Counting(keras.callbacks.Callback):
    """Counts batches."""

    def __init__(self):
        super().__init__()
        self.steps = dict.fromkeys(("train", "test", "predict"), 0)

    def on_train_batch_end(self, *_):
        self.steps["train"] += 1

    def on_test_batch_end(self, *_):
        self.steps["test"] += 1

    def on_predict_batch_end(self, *_):
        self.steps["predict"] += 1


class Batches(keras.utils.PyDataset):
    """Four batches of three samples."""

    def __len__(self):
        return 4

    def __getitem__(self, place):
        return X[3 * place : 3 * place + 3], Y[3 * place : 3 * place + 3]


def test_a_limit_of_epochs_counts(model):
    keras.config.set_max_epochs(2)
    with pytest.warns(UserWarning, match="epochs is limited to 2"):
        assert model.fit(X, Y, epochs=5, verbose=0).epoch == [0, 1]
    assert model.fit(X, Y, epochs=2, verbose=0).epoch == [0, 1]
    keras.config.set_max_epochs(None)
    assert len(model.fit(X, Y, epochs=3, verbose=0).epoch) == 3


@pytest.mark.parametrize("stream", [False, True])
def test_a_limit_of_steps_counts_in_every_pass(model, stream):
    given = {"x": Batches()} if stream else {"x": X, "y": Y, "batch_size": 3}
    keras.config.set_max_steps_per_epoch(2)
    heard = Counting()
    with pytest.warns(UserWarning, match="steps_per_epoch is limited to 2"):
        model.fit(**given, epochs=3, verbose=0, callbacks=[heard])
    with pytest.warns(UserWarning, match="evaluate: steps is limited to 2"):
        model.evaluate(**given, verbose=0, callbacks=[heard])
    given.pop("y", None)
    with pytest.warns(UserWarning, match="predict: steps is limited to 2"):
        rows = model.predict(**given, verbose=0, callbacks=[heard])
    assert len(rows) == 6
    assert heard.steps == {"train": 6, "test": 2, "predict": 2}


def test_a_limit_of_steps_counts_in_validation(model):
    keras.config.set_max_steps_per_epoch(1)
    heard = Counting()
    with pytest.warns(UserWarning, match="limited to 1"):
        model.fit(X, Y, batch_size=3, validation_data=(X, Y), verbose=0, callbacks=[heard])
    assert heard.steps == {"train": 1, "test": 1, "predict": 0}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("mse", "MeanSquaredError"), ("MAE", "MeanAbsoluteError"), ("bce", "BinaryCrossentropy"), ("accuracy", "Accuracy"),
        ("categorical_accuracy", "CategoricalAccuracy"), ("mean_squared_error", "MeanSquaredError"), ("auc", "AUC"),
        ("cosine_similarity", "CosineSimilarity"), ("Precision", "Precision"), ("r2_score", "R2Score"),
    ],
)  # fmt: skip
def test_names_of_metrics_mean_objects(name, kind):
    """Source: keras.metrics.get looks names up among the classes, by their names in snake_case as well."""
    assert type(keras.metrics.get(name)) is getattr(keras.metrics, kind)


def test_names_of_losses_mean_functions():
    assert keras.losses.get("mse") is keras.losses.mean_squared_error
    assert isinstance(keras.losses.get("MeanSquaredError"), keras.losses.MeanSquaredError)
