"""What layers take: layers of one input one tensor, nothing is dropped that is given, whichever the layer."""

import pytest

import tfjs_pyo as tf
from tests.layers.test_every_factory import LAYERS, built, inputs
from tfjs_pyo.errors import ArgumentError, ShapeError

ONE_EACH = list({record["factory"]: record for record in LAYERS}.values())
KERAS_ONLY = {
    "groupNormalization": lambda: (tf.layers.groupNormalization(groups=2), [2, 4]),
    "unitNormalization": lambda: (tf.layers.unitNormalization(), [2, 4]),
    "einsumDense": lambda: (tf.layers.einsumDense("ab,bc->ac", 3), [2, 4]),
    "softmax": lambda: (tf.layers.softmax(), [2, 4]),
    "randomContrast": lambda: (tf.layers.randomContrast(0.5), [2, 4, 4, 3]),
    "randomFlip": lambda: (tf.layers.randomFlip(), [2, 4, 4, 3]),
    "discretization": lambda: (tf.layers.discretization([0.0, 1.0]), [2, 4]),
}


def _cases():
    for record in ONE_EACH:
        yield pytest.param(lambda record=record: (built(record), inputs(record)), id=record["factory"])
    for name, make in KERAS_ONLY.items():
        yield pytest.param(lambda make=make: (make()[0], tf.ones(make()[1])), id=name)


CASES = list(_cases())


@pytest.mark.parametrize("case", CASES)
def test_layers_of_one_input_refuse_several(case):
    layer, x = case()
    if layer._several_inputs:
        return
    expected = layer.apply(x)
    with pytest.raises(ArgumentError, match="expected one tensor, received a list of 2"):
        layer.apply([x, x])
    symbol = tf.input({"batchShape": [None, *x.shape[1:]]})
    with pytest.raises(ArgumentError, match="expected one tensor, received a list of 2"):
        layer.apply([symbol, symbol])
    if not isinstance(layer, (tf.layers.dropout, tf.layers.gaussianNoise)):
        assert layer.apply([x]).shape == expected.shape
        assert layer.apply([symbol]).shape[1:] == layer.apply(symbol).shape[1:]


@pytest.mark.parametrize("case", CASES)
def test_no_tensor_is_dropped(case):
    layer, x = case()
    names = layer._argument_names()
    with pytest.raises((ArgumentError, ShapeError)):
        layer(x, *[x[0] if isinstance(x, list) else x] * (len(names) + 1))
    if not names or names[0] == "training":
        with pytest.raises(ArgumentError, match=r"layer\(\[x, y\]\)"):
            layer(x, x)


def test_arguments_come_by_place_by_name_and_as_a_dict():
    class Scaled(tf.layers.Layer):
        def call(self, inputs, scale=1.0, shift=0.0):
            return inputs * scale + shift

    layer, x = Scaled(), tf.tensor([1.0])
    found = [
        layer(x, 2.0, 3.0),
        layer(x, 2.0, shift=3.0),
        layer(x, {"scale": 2.0, "shift": 3.0}),
        layer(x, scale=2.0, shift=3.0),
    ]
    assert [each.array_sync() for each in found] == [[5.0]] * 4
    assert layer(x, x, x).array_sync() == [2.0]
    with pytest.raises(ArgumentError, match="'scale' is given twice"):
        layer(x, 2.0, scale=2.0)
    with pytest.raises(
        ArgumentError, match="expected the inputs, and then 'scale', 'shift'; received 4 arguments"
    ):
        layer(x, x, x, x)
    symbol = tf.input({"shape": [1]})
    model = tf.model({"inputs": symbol, "outputs": layer(symbol, symbol, shift=3.0)})
    assert model.predict(tf.tensor([[2.0]])).array_sync() == [[7.0]]


def test_the_first_argument_of_recurrent_layers_is_the_state():
    for make in (
        lambda: tf.layers.gru(units=2),
        lambda: tf.layers.bidirectional(layer=tf.layers.gru(units=2)),
    ):
        layer, x = make(), tf.ones([2, 3, 4])
        states = [tf.ones([2, 2])] * (2 if isinstance(layer, tf.layers.bidirectional) else 1)
        expected = layer.apply(x, {"initialState": states}).array_sync()
        assert layer(x, states).array_sync() == expected
        assert layer(x).array_sync() != expected


def test_models_of_one_input_take_no_second_tensor():
    model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [2]})]})
    with pytest.raises(ArgumentError, match="expected 'training' to be True or False, received a tensor"):
        model(tf.ones([1, 2]), tf.ones([1, 2]))
