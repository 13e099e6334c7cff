"""Layers of users in Keras's spelling: weights, arguments of `call`, losses, configs."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo import keras
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.keras import layers, ops

X = np.arange(8, dtype="float32").reshape(2, 4)


def test_layers_of_both_faces_are_one():
    for name in layers.__all__:
        kind = getattr(layers, name)
        if isinstance(kind, type) and issubclass(kind, tf.layers.Layer):
            assert issubclass(kind, layers.Layer), name
    assert isinstance(layers.Dense(1), tf.layers.Layer)
    model = tf.sequential({"layers": [layers.Dense(2, input_shape=(4,))]})
    assert model.predict(X).shape == (2, 2)


SHAPE, ONES = (2,), [1.0, 1.0]


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        ((SHAPE, "ones"), {}),
        ((SHAPE,), {"initializer": "ones", "name": "w"}),
        ((), {"shape": SHAPE, "initializer": keras.initializers.Ones(), "trainable": True}),
        (("w", SHAPE), {"initializer": "ones"}),
        (("w", SHAPE, "float32", "ones"), {}),
        ((), {"name": "w", "shape": list(SHAPE), "initializer": lambda shape, dtype=None: np.ones(shape)}),
        ((SHAPE, "ones", "float32", True, True, None, None, "mean", False, "w"), {}),
        ((2,), {"initializer": "ones"}),
    ],
)
def test_weights_are_made_in_every_order(args, kwargs):
    weight = layers.Layer().add_weight(*args, **kwargs)
    assert weight.numpy().tolist() == ONES
    assert isinstance(weight, keras.Variable)


def test_weights_need_no_arguments_and_know_their_defaults():
    keras.utils.clear_session()
    layer = layers.Layer(name="own")
    assert [layer.add_weight().path, layer.add_weight().path] == ["own/variable", "own/variable_1"]
    assert layer.add_weight((3,), dtype="int32", trainable=False).numpy().tolist() == [0, 0, 0]
    with pytest.raises(ArgumentError, match=r"add_weight: expected shape, .* received 'shapes'"):
        layer.add_weight(shapes=(3,))
    with pytest.raises(ArgumentError, match="received 'shape' twice"):
        layer.add_weight((3,), shape=(3,))


def test_variables_and_layers_are_found_in_attributes_lists_and_dicts():
    class Held(layers.Layer):
        def __init__(self):
            super().__init__()
            self.single = keras.Variable(1.0, name="single")
            self.some = [keras.Variable([1.0, 2.0], trainable=False), layers.Dense(3)]
            self.named = {"deep": {"deeper": layers.Dense(2)}}

        def call(self, x):
            return self.named["deep"]["deeper"](self.some[1](x) * self.single)

    layer = Held()
    assert layer(X).shape == (2, 2)
    assert len(layer.variables) == 6
    assert len(layer.trainable_variables) == 5
    assert [v.shape for v in layer.non_trainable_variables] == [(2,)]
    layer.some[1].trainable = False
    assert len(layer.trainable_variables) == 3


def test_call_takes_tensors_everywhere():
    class Pair(layers.Layer):
        def build(self, query_shape, value_shape=None):
            self.w = self.add_weight(shape=(query_shape[-1], value_shape[-1]), initializer="ones")

        def call(self, query, value, scale=1.0, training=None):
            return ops.matmul(query, self.w) + value * scale if training else value

    layer, other = Pair(), X[:, :3]
    expected = (X.sum(1, keepdims=True) + other * 2).tolist()
    for found in (
        layer(X, other, 2.0, training=True),
        layer(X, value=other, scale=2.0, training=True),
        layer(query=X, value=other, scale=2.0, training=True),
    ):
        assert found.numpy().tolist() == expected
    a, b = keras.Input((4,)), keras.Input((3,))
    model = keras.Model([a, b], layer(a, b, scale=2.0))
    assert model([X, other], training=True).numpy().tolist() == expected
    assert model.predict([X, other], verbose=0).tolist() == other.tolist()


def test_losses_are_those_of_the_last_call():
    class Adds(layers.Layer):
        def call(self, x):
            self.add_loss(ops.sum(x))
            return x

    class Outer(layers.Layer):
        def __init__(self):
            super().__init__(activity_regularizer=keras.regularizers.L2(0.5))
            self.inner = Adds()
            self.dense = layers.Dense(
                1, kernel_initializer="ones", kernel_regularizer=keras.regularizers.L1(1.0)
            )

        def call(self, x):
            return self.dense(self.inner(x))

    layer = Outer()
    for factor in (1.0, 2.0):
        out = layer(X * factor)
        half = 0.5 * float(ops.sum(out**2)) / 2
        assert sorted(float(loss) for loss in layer.losses) == sorted([half, 28.0 * factor, 4.0])
    assert [float(loss) for loss in layer.inner.losses] == [56.0]


@pytest.mark.parametrize("told", [True, False])
def test_training_reaches_layers_that_nobody_tells(told):
    class Block(layers.Layer):
        def __init__(self):
            super().__init__()
            self.drop = layers.Dropout(0.5)

        def call(self, x):
            return self.drop(x)

    class Outer(layers.Layer):
        def __init__(self):
            super().__init__()
            self.block = Block()

        def call(self, x, training=None):
            return self.block(x)

    keras.utils.set_random_seed(1)
    x = ops.ones((4, 50))
    assert (0.0 in Outer()(x, training=told).numpy()) is told
    assert (0.0 in keras.Sequential([Outer()])(x, training=told).numpy()) is told
    assert 0.0 not in Outer()(x).numpy()


@pytest.mark.parametrize("recorded", [True, False])
def test_what_a_graph_is_told_counts_more_than_what_was_recorded(recorded):
    inputs = keras.Input((4,))
    model = keras.Model(inputs, layers.BatchNormalization(momentum=0.0)(inputs, training=recorded))
    means = [
        float(ops.max(ops.abs(ops.mean(model(X, training=told), axis=0)))) for told in (True, False, None)
    ]
    assert means[0] < 1e-5
    model.layers[1].set_weights([np.ones(4), np.zeros(4), np.zeros(4), np.ones(4)])
    means = [float(ops.max(ops.abs(ops.mean(model(X, training=told), axis=0)))) for told in (False, None)]
    assert means[0] > 1
    assert (means[1] < 1e-5) is recorded


def test_frozen_normalization_goes_by_its_averages():
    layer = layers.BatchNormalization(momentum=0.5)
    model = keras.Sequential([keras.Input((4,)), keras.Sequential([layer])])
    free = model(X, training=True).numpy()
    layer.trainable = False
    before = layer.get_weights()
    frozen = model(X, training=True).numpy()
    np.testing.assert_allclose(frozen, model(X).numpy(), rtol=1e-6)
    assert abs(frozen - free).max() > 0.1
    np.testing.assert_array_equal(layer.get_weights(), before)
    model.trainable = True
    np.testing.assert_allclose(model(X, training=True).numpy(), free, rtol=1e-6)


def test_symbols_and_functions_have_keras_names():
    class Twice(keras.Operation):
        def call(self, x):
            return x * 2.0

    symbol = keras.KerasTensor((None, 4), dtype="float32", name="symbol")
    assert isinstance(symbol, keras.KerasTensor)
    assert isinstance(keras.Input((4,)) * 2.0, keras.KerasTensor)
    assert not isinstance(ops.ones((2,)), keras.KerasTensor)
    function = keras.Function(symbol, Twice()(symbol))
    np.testing.assert_array_equal(function(X).numpy(), X * 2)


def test_configs_have_what_layers_are_made_of():
    class Plain(layers.Layer):
        def __init__(self, units=3, rate=0.5, **kwargs):
            super().__init__(**kwargs)
            self.units, self.rate = units, rate

        def call(self, x):
            return x

    class Says(Plain):
        def get_config(self):
            return {**super().get_config(), "units": self.units}

    for kind in (Plain, Says):
        made = kind.from_config(kind(7, name="mine").get_config())
        assert (made.units, made.name) == (7, "mine")
    assert Plain(7).get_config()["rate"] == 0.5
    assert "rate" not in Says(7).get_config()


def test_variables_take_any_numbers():
    v = keras.Variable(np.ones((2, 2)), trainable=False, name="v")
    v.assign(v + 1)
    assert v.assign_add([[1, 1], [1, 1]]) is v
    v.assign_sub(ops.cast(ops.ones((2, 2)), "int32"))
    assert v.numpy().tolist() == [[2.0, 2.0], [2.0, 2.0]]
    assert (v.shape, v.dtype, v.trainable, v.path) == ((2, 2), "float32", False, "v")
    made = keras.Variable(keras.initializers.Ones(), shape=(3,), dtype="int32")
    assert made.assign_add(2.9).numpy().tolist() == [3, 3, 3]
    with pytest.raises(ArgumentError, match="expected a shape for an initializer"):
        keras.Variable("ones")


@pytest.mark.parametrize(
    "make", [lambda: layers.Dense(2), lambda: layers.LSTM(2), lambda: keras.Sequential([layers.Dense(2)])]
)
def test_weights_are_arrays_of_layers_and_of_models(make):
    layer = make()
    layer.build((None, 4, 3))
    weights = layer.get_weights()
    assert all(type(each) is np.ndarray for each in weights)
    layer.set_weights([each * 2 for each in weights])
    np.testing.assert_array_equal(layer.get_weights()[0], weights[0] * 2)


class Summing(layers.Layer):
    """A cell that sums two inputs and gives each sum."""

    state_size = output_size = ((2,), (3, 1))

    def build(self, input_shape):
        assert [tuple(shape[1:]) for shape in input_shape] == [(2,), (3, 1)]

    def call(self, inputs, states):
        sums = [state + each for each, state in zip(inputs, states, strict=True)]
        return tuple(sums), sums


@pytest.mark.parametrize("sequences", [False, True])
@pytest.mark.parametrize("masked", [False, True])
def test_a_cell_may_take_and_give_several_tensors(sequences, masked):
    values = [np.arange(16.0).reshape(2, 4, 2), np.arange(24.0).reshape(2, 4, 3, 1)]
    inputs = [keras.Input((None, 2)), keras.Input((None, 3, 1))]
    rnn = layers.RNN(Summing(), return_sequences=sequences)
    outputs = rnn(tuple(inputs))
    assert [tuple(each.shape) for each in outputs] == (
        [(None, None, 2), (None, None, 3, 1)] if sequences else [(None, 2), (None, 3, 1)]
    )
    mask = (
        np.array([[True, True, False, True], [True, False, False, False]])
        if masked
        else np.ones((2, 4), bool)
    )
    given = [ops.convert_to_tensor(each.astype("float32")) for each in values]
    found = (
        rnn(given, mask=ops.convert_to_tensor(mask))
        if masked
        else keras.Model(inputs, outputs).predict(values, verbose=0)
    )
    for each, value in zip(found, values, strict=True):
        sums = np.cumsum(value * mask.reshape(2, 4, *[1] * (value.ndim - 2)), 1)
        np.testing.assert_allclose(each, sums if sequences else sums[:, -1], rtol=1e-6)


def test_several_sequences_take_no_initial_states():
    x = ops.ones((1, 2, 2))
    with pytest.raises(ArgumentError, match="one sequence beside initialState"):
        layers.RNN(Summing())([x, x], initial_state=[ops.ones((1, 2)), ops.ones((1, 3, 1))])


def test_symbols_know_where_they_come_from():
    """As Keras tells: the operation, the number of its call, the place among the outputs."""
    x, dense = keras.Input((4,)), keras.layers.Dense(4)
    first, second = dense(x), dense(x)
    assert x._keras_history[1:] == (0, 0)
    assert [symbol._keras_history[1:] for symbol in (first, second)] == [(0, 0), (1, 0)]
    assert second._keras_history.operation is dense
    assert keras.ops.split(first, 2, axis=1)[1]._keras_history.tensor_index == 1
