"""Losses as objects: by hand, in compile, from configs."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.keras.record_data import data
from tfjs_pyo.errors import NameNotFoundError, OptionError
from tfjs_pyo.losses.functions import CLASSES as LOSS_CLASSES

losses = tf.keras.losses


def test_reductions_and_weights():
    true, predicted = [[0.0, 0], [0, 0]], [[1.0, 1], [3, 1]]
    each = np.array([1.0, 5])
    weight = [1.0, 0.5]
    expected = {
        "sum_over_batch_size": (each.mean(), (each * weight).mean()),
        "mean": (each.mean(), (each * weight).mean()),
        "sum": (each.sum(), (each * weight).sum()),
        "none": (each, each * weight),
        "mean_with_sample_weight": (each.mean(), (each * weight).sum() / 1.5),
    }
    for reduction, (plain, weighted) in expected.items():
        loss = losses.MeanSquaredError(reduction=reduction)
        np.testing.assert_allclose(loss(true, predicted).numpy(), plain)
        np.testing.assert_allclose(loss(true, predicted, sample_weight=weight).numpy(), weighted)


@pytest.mark.parametrize(
    ("name", "last", "kind"),
    [
        ("MeanSquaredError", "linear", "signed"),
        ("CategoricalCrossentropy", "softmax", "hot"),
        ("KLDivergence", "softmax", "hot"),
    ],
)
def test_compile_takes_objects_as_it_takes_functions(name, last, kind):
    y, x = data(kind)

    def history(loss, **options):
        layers = [
            tf.layers.dense({"units": 3, "inputShape": [3], "activation": last, "kernelInitializer": "ones"})
        ]
        model = tf.sequential({"layers": layers})
        model.compile(optimizer="sgd", loss=loss, metrics=["accuracy"])
        return asyncio.run(model.fit(x, y, epochs=2, batch_size=3, shuffle=False, **options)).history

    weights = np.linspace(0, 1, 8)
    for options in ({}, {"sample_weight": weights}):
        kind = getattr(losses, name)
        found, expected = history(kind(), **options), history(kind.function, **options)
        assert found.keys() == expected.keys()
        for key in expected:
            assert found[key] == pytest.approx(expected[key], rel=1e-6)


def test_accuracy_follows_the_loss():
    y, x = data("classes")
    model = tf.sequential({"layers": [tf.layers.dense({"units": 3, "inputShape": [3]})]})
    model.compile(
        optimizer="sgd", loss=losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"]
    )
    found = float(model.evaluate(x, y)[1])
    assert found == np.mean(model.predict(x).numpy().argmax(1) == y[:, 0])


def test_padding_may_be_left_out():
    loss = losses.SparseCategoricalCrossentropy(ignore_class=-1, reduction="none")
    shares = [[0.5, 0.5], [0.25, 0.75]]
    np.testing.assert_allclose(loss([-1, 1], shares).numpy(), [0, -np.log(0.75)], rtol=1e-5)


@pytest.mark.parametrize("name", LOSS_CLASSES.items)
def test_configs_make_the_same_loss(name):
    loss = LOSS_CLASSES.items[name]()
    again = LOSS_CLASSES.get({"class_name": name, "config": loss.get_config()})
    assert type(again) is type(loss)
    assert again.get_config() == loss.get_config()


def test_classes_begin_with_capitals_and_functions_do_not():
    assert isinstance(losses.BinaryCrossentropy(), losses.Loss)
    assert {"Huber", "mean_squared_error"} <= set(dir(losses))
    assert "meanSquaredError" not in dir(losses)
    with pytest.raises(NameNotFoundError, match="'Hubber'"):
        losses.Hubber  # noqa: B018
    with pytest.raises(OptionError, match="'labelSmoothing' to be a number from 0 to 1"):
        losses.BinaryCrossentropy(label_smoothing=2)
