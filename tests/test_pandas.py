"""DataFrames and Series of pandas as data of models, in both faces: what their arrays give, or words."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo import keras
from tfjs_pyo.errors import TfError

pd = pytest.importorskip("pandas")
pytestmark = pytest.mark.filterwarnings("ignore:.*the loss is nan")

VALUES = np.random.default_rng(20261130).normal(size=(6, 3))
FRAMES = {
    "float64": lambda f: f,
    "float32": lambda f: f.astype("float32"),
    "mixed": lambda f: f.assign(b=[0, 1, 2, 3, 4, 5]),
    "integers": lambda f: (f * 10).astype("int64"),
    "bools": lambda f: f > 0,
    "mixed with bools": lambda f: f.assign(b=f.b > 0),
    "missing integers": lambda f: f.assign(b=pd.array([0, 1, 2, 3, 4, 5], dtype="Int64")),
    "an index of words": lambda f: f.set_index(pd.Index(list("uvwxyz"))),
    "rows of a larger one": lambda f: pd.concat([f, f]).iloc[::2],
    "columns in another order": lambda f: f[["c", "a", "b"]],
    "categories": lambda f: f.assign(b=pd.Categorical([1, 2, 1, 2, 1, 2])),
    "None": lambda f: f.assign(b=[None, 1.0, 2.0, 3.0, 4.0, 5.0]),
}


def frame(name):
    return FRAMES[name](pd.DataFrame(VALUES, columns=["a", "b", "c"]))


def layers_model():
    model = tf.sequential([tf.layers.dense(units=1, inputShape=[3], kernelInitializer="ones")])
    model.compile(optimizer=tf.train.sgd(0.01), loss="meanSquaredError", metrics=["mae"])
    return model


def keras_model():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, kernel_initializer="ones")])
    model.compile(optimizer=keras.optimizers.SGD(0.01), loss="mse", metrics=["mae"])
    return model


@pytest.mark.parametrize("name", FRAMES)
def test_models_of_tensorflow_js(name):
    x, y = frame(name), pd.Series(np.arange(6.0), index=frame(name).index)
    array, target = x.astype("float64").to_numpy(), y.to_numpy()
    np.testing.assert_array_equal(layers_model().predict(x), layers_model().predict(array))
    for found, wanted in zip(
        layers_model().evaluate(x, y), layers_model().evaluate(array, target), strict=True
    ):
        np.testing.assert_array_equal(found, wanted)
    options = {"epochs": 2, "batchSize": 2, "shuffle": False, "verbose": 0}
    found, wanted = (asyncio.run(layers_model().fit(*data, options)) for data in ((x, y), (array, target)))
    np.testing.assert_array_equal(found.history["loss"], wanted.history["loss"])


@pytest.mark.parametrize("name", FRAMES)
def test_models_of_keras(name):
    x, y = frame(name), pd.Series(np.arange(6.0), index=frame(name).index)
    array, target = x.astype("float64").to_numpy(), y.to_numpy()
    np.testing.assert_array_equal(
        keras_model().predict(x, verbose=0), keras_model().predict(array, verbose=0)
    )
    np.testing.assert_array_equal(
        keras_model().evaluate(x, y, verbose=0), keras_model().evaluate(array, target, verbose=0)
    )
    np.testing.assert_array_equal(
        keras_model().train_on_batch(x, y), keras_model().train_on_batch(array, target)
    )
    histories = [
        keras_model()
        .fit(*data, validation_data=data, sample_weight=abs(data[1]), shuffle=False, epochs=2, verbose=0)
        .history
        for data in ((x, y), (x, y.to_frame()), (array, target))
    ]
    for key, values in histories[2].items():
        for history in histories[:2]:
            np.testing.assert_array_equal(history[key], values)


def test_columns_as_inputs_by_name():
    a, b = keras.Input((1,), name="a"), keras.Input((1,), name="b")
    model = keras.Model(
        {"a": a, "b": b}, keras.layers.Dense(1, kernel_initializer="ones")(keras.layers.Concatenate()([a, b]))
    )
    x = pd.DataFrame(VALUES, columns=["a", "b", "c"])
    found = model.predict(dict(x[["a", "b"]]), verbose=0)
    np.testing.assert_allclose(found[:, 0], VALUES[:, 0] + VALUES[:, 1], rtol=1e-6)
    model.compile(optimizer="sgd", loss="mse")
    with pytest.raises(TfError, match=r"expected 2 tensors for x \(a, b\), received 1"):
        model.fit(x[["a", "b"]], x.c, verbose=0)


@pytest.mark.parametrize(
    "column", [list("abcdef"), pd.date_range("2026-01-01", periods=6), [[1], 2, 3, 4, 5, 6]], ids=str
)
def test_columns_that_are_no_numbers(column):  # fmt: skip
    x, y = pd.DataFrame(VALUES, columns=["a", "b", "c"]).assign(b=column), pd.Series(np.arange(6.0))
    for call in (
        lambda: layers_model().predict(x),
        lambda: layers_model().evaluate(x, y),
        lambda: asyncio.run(layers_model().fit(x, y)),
        lambda: keras_model().fit(x, y, verbose=0),
    ):
        with pytest.raises(TfError, match="expected"):
            call()


def test_series_beside_tensors():
    series, t = pd.Series([1.0, 2.0, 3.0]), tf.tensor([10, 20, 30])
    np.testing.assert_array_equal(t + series, [11, 22, 33])
    np.testing.assert_array_equal(series + t, [11, 22, 33])
    assert pd.Series(t).tolist() == [10, 20, 30]
    assert pd.DataFrame(tf.ones([2, 3])).shape == (2, 3)
    assert tf.oneHot(pd.Series([0, 1]), 2).tolist() == [[1, 0], [0, 1]]
