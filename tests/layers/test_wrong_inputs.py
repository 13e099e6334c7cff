"""What is no input of a layer is refused in words, by every layer, whether it is applied or its `call` is called by hand."""

import contextlib
import json
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError, TfError

RECORD = json.loads((Path(__file__).parent / "layers_by_tfjs.json").read_text(encoding="utf-8"))
FACTORIES = {record["factory"]: record for record in RECORD["layers"]}
NOTHING = {"none": None, "object": object(), "empty list": [], "empty dict": {}, "list of none": [None]}
OTHERS = {
    "scalar": 5, "string": "x", "strings": ["x", "y"], "vector": [1.0, 2.0], "empty array": np.zeros((0,)),
    "function": len, "class": np.float32, "nested": [[[[[[1.0]]]]]], "dict": {"x": 1.0}, "dict of none": {"x": None},
}  # fmt: skip


def made(factory):
    return getattr(tf.layers, factory)(FACTORIES[factory]["config"])


@pytest.mark.parametrize("way", ["call", "apply"])
@pytest.mark.parametrize("factory", FACTORIES)
def test_no_tensor_at_all(factory, way):
    for title, value in NOTHING.items():
        with pytest.raises(ArgumentError) as caught:
            getattr(made(factory), way)(value)
        assert factory.lower() in str(caught.value).lower(), title


@pytest.mark.parametrize("way", ["call", "apply"])
@pytest.mark.parametrize("factory", FACTORIES)
def test_whatever_else_comes_works_or_is_refused(factory, way):
    for value in OTHERS.values():
        with contextlib.suppress(TfError):
            getattr(made(factory), way)(value)


def test_a_layer_of_a_users_own_may_take_nothing():
    class Own(tf.keras.layers.Layer):
        def call(self, inputs=None):
            return tf.ones([2]) if inputs is None else inputs

    assert Own().call(None).shape == (2,)


def test_errors_of_a_call_with_tensors_stay_as_they_are():
    class Own(tf.layers.Dense):
        def call(self, inputs):
            return {}[inputs.shape]

    with pytest.raises(KeyError):
        Own(units=1).call(tf.ones([1, 2]))
