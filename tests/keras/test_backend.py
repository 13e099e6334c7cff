"""keras.backend gives what TensorFlow's Keras gives (backend.json, by record_backend.py), with the same parameters."""

import inspect
import json
from pathlib import Path

import numpy as np
import pytest

from tests.keras.backend_cases import calls, values
from tfjs_pyo import keras, ops

RECORD = json.loads(Path(__file__).with_name("backend.json").read_text(encoding="utf-8"))
ABSENT = {"gradients", "ctc_label_dense_to_sparse"}
"""Functions that say what to use instead."""
K = keras.backend


@pytest.fixture(scope="module")
def names():
    return values(keras, ops.tensor)


def assert_like(found, recorded, call):
    if isinstance(recorded, dict):
        array = np.asarray(found)
        assert list(array.shape) == recorded["shape"], call
        assert array.dtype.kind == np.dtype(recorded["dtype"]).kind, call
        if "values" in recorded:
            np.testing.assert_allclose(array.ravel(), recorded["values"], rtol=2e-5, atol=2e-6, err_msg=call)
    elif isinstance(recorded, list) and recorded and isinstance(recorded[0], (dict, list)):
        assert len(found) == len(recorded), call
        for ours, theirs in zip(found, recorded, strict=True):
            assert_like(ours, theirs, call)
    else:
        assert (list(found) if isinstance(found, tuple) else found) == recorded, call


@pytest.mark.parametrize("call", calls())
def test_results_are_those_of_keras(names, call):
    assert_like(eval(call, names), RECORD["results"][call], call)


@pytest.mark.parametrize("name", [name for name in RECORD["parameters"] if name in K.FUNCTIONS])
def test_parameters_are_those_of_keras(name):
    assert list(inspect.signature(getattr(K, name)).parameters) == RECORD["parameters"][name]


@pytest.mark.parametrize("name", sorted(ABSENT))
def test_what_is_not_there_says_what_to_use(name):
    with pytest.raises(AttributeError, match="Instead: "):
        getattr(K, name)


def test_every_function_is_called():
    text = " ".join(calls())
    without = {"batch_set_value", "set_value", "name_scope"} | ABSENT
    functions = {name for name in keras.backend.FUNCTIONS if name in RECORD["parameters"]}
    assert {name for name in functions if f"K.{name}(" not in text} <= without


def test_values_are_set():
    first, second = K.variable([1, 2]), K.zeros((2, 2))
    K.batch_set_value([(first, [3, 4]), (second, np.ones((2, 2)))])
    K.set_value(first, [5, 6])
    assert [each.tolist() for each in K.batch_get_value([first, second])] == [[5, 6], [[1, 1], [1, 1]]]


def test_functions_take_symbols_and_have_gradients():
    """A layer, a loss and a metric of one's own, as programs of Keras 2 write them."""
    x = keras.Input((4,))
    y = keras.layers.Lambda(lambda x: K.l2_normalize(K.dropout(x, 0.0), axis=1))(x)
    y = keras.layers.Dense(1)(y)
    model = keras.Model(x, y)

    def loss(y_true, y_pred):
        return K.mean(K.square(y_pred - y_true), axis=-1) + 0.1 * K.mean(K.relu(y_pred, alpha=0.2))

    model.compile("sgd", loss, metrics=[lambda y_true, y_pred: K.mean(K.equal(K.round(y_pred), y_true))])
    history = model.fit(np.eye(4), np.float32([[0], [1], [0], [1]]), epochs=5, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]
    np.testing.assert_allclose(
        model.predict(np.eye(4) * 5, verbose=0), model.predict(np.eye(4), verbose=0), rtol=1e-5
    )
