"""Graphs whose calls and ends are structures: tensors among other arguments, dicts, lists in lists."""

import asyncio
import copy
import pickle

import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError


class Mixed(tf.layers.Layer):
    """Weighs two tensors, of which one comes by name and one within a dict."""

    def build(self, x_shape, y_shape):
        assert x_shape[1:] == (2,)
        assert y_shape[1:] == (3,)
        self.kernel = self.add_weight("kernel", [2, 3], initializer="ones")

    def call(self, x, y=None, more=None, scale=1.0):
        more = more["z"] if more else 0.0
        return tf.mat_mul(x, self.kernel) * scale + y + more


def symbols(*sizes):
    return [tf.input({"shape": [size]}) for size in sizes]


X, Y, Z = tf.ones([4, 2]), tf.fill([4, 3], 2.0), tf.fill([4, 3], 5.0)
EXPECTED = [[11.0] * 3] * 4


def mixed_model():
    """A model whose layer is given tensors in every way."""
    x, y, z = symbols(2, 3, 3)
    out = Mixed()(x, y, more={"z": z}, scale=2.0)
    assert out.shape == (None, 3)
    return tf.model({"inputs": [x, y, z], "outputs": out})


def test_tensors_may_be_among_all_arguments():
    assert mixed_model().apply([X, Y, Z]).array_sync() == EXPECTED
    assert Mixed()(X, Y, more={"z": Z}, scale=2.0).array_sync() == EXPECTED


@pytest.mark.parametrize("twin", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_copies_keep_the_structure(twin):
    assert twin(mixed_model()).apply([X, Y, Z]).array_sync() == EXPECTED


def ends(a, b, form):
    return {
        "dict": {"left": a, "right": b},
        "list": [a, b],
        "deep": {"x": [a], "y": {"z": b}},
        "tuple": (a, b),
    }[form]


@pytest.mark.parametrize("form", ["dict", "list", "deep", "tuple"])
def test_inputs_and_outputs_keep_their_structure(form):
    a, b = symbols(2, 3)
    dense = tf.layers.dense({"units": 1, "kernelInitializer": "ones"})
    model = tf.model({"inputs": ends(a, b, form), "outputs": ends(dense(a), b * 2.0, form)})
    given = model(ends(X, Y, form))
    assert type(given) is (list if form == "tuple" else dict if form != "list" else list)
    flat = [given] if not isinstance(given, dict) else [list(given.values())]
    assert str(flat).count("Tensor") == 2
    nested = tf.model({"inputs": (ins := ends(*symbols(2, 3), form)), "outputs": model(ins)})
    again = nested(ends(X, Y, form))
    assert str(type(again)) == str(type(given))
    shapes = nested.compute_output_shape(
        ends((None, 2), (None, 3), form) if form != "tuple" else [(None, 2), (None, 3)]
    )
    assert "(None, 1)" in str(shapes)
    assert "(None, 3)" in str(shapes)


def test_values_come_by_key_by_name_or_in_order():
    a, b = tf.input({"shape": [2], "name": "first"}), tf.input({"shape": [3], "name": "second"})
    model = tf.model({"inputs": {"l": a, "r": b}, "outputs": tf.layers.concatenate().apply([a, b])})
    expected = [[1.0, 1.0, 2.0, 2.0, 2.0]] * 4
    for given in (
        {"l": X, "r": Y},
        {"r": Y, "l": X},
        {"first": X, "second": Y},
        [X, Y],
        {"l": X, "r": Y, "extra": X},
    ):
        assert model(given).array_sync() == expected
    with pytest.raises(ArgumentError, match="expected a value for the input 'second', received values for l"):
        model({"l": X})
    with pytest.raises(ArgumentError, match="expected 2 inputs, received 1"):
        model([X])


def test_shared_layers_and_models_of_inner_layers():
    shared = tf.layers.dense({"units": 3, "name": "shared"})
    a, b = symbols(2, 2)
    model = tf.model(
        {"inputs": {"a": a, "b": b}, "outputs": {"sum": shared(a) + shared(b), "of_a": shared(a)}}
    )
    left = tf.model({"inputs": model.input["a"], "outputs": model.output["of_a"]})
    assert left(X).array_sync() == shared(X).array_sync()
    assert model({"a": X, "b": X})["sum"].array_sync() == (shared(X) * 2.0).array_sync()
    assert model.get_layer("shared") is shared
    assert model.output_names == ["of_a", "sum"]


def test_layers_of_users_give_dicts():
    class Halves(tf.layers.Layer):
        def call(self, inputs):
            return {"low": inputs[:, :1], "high": inputs[:, 1:]}

    (x,) = symbols(3)
    halves = Halves()(x)
    assert {name: symbol.shape for name, symbol in halves.items()} == {"low": (None, 1), "high": (None, 2)}
    model = tf.model({"inputs": x, "outputs": halves["high"] * 1.0})
    assert model(tf.tensor([[1.0, 2.0, 3.0]])).array_sync() == [[2.0, 3.0]]


def test_files_keep_symbols_among_arguments_and_ends(tmp_path):
    tf.serialization.register_class(Mixed)
    x, y = symbols(2, 3)
    plain = tf.model({"inputs": [x, y], "outputs": Mixed()(x, y=y, scale=2.0)})
    again = asyncio.run(tf.models.model_from_json(plain.to_json()))
    assert again([X, Y]).array_sync() == plain([X, Y]).array_sync()
    mixed = mixed_model()
    assert asyncio.run(tf.models.model_from_json(mixed.to_json())).count_params() == mixed.count_params()
    a, b = symbols(2, 3)
    ends_in_dicts = tf.model({"inputs": {"a": a, "b": b}, "outputs": {"out": Mixed()(a, y=b), "b": b * 1.0}})
    asyncio.run(ends_in_dicts.save(str(tmp_path / "m.keras")))
    loaded = asyncio.run(tf.load_layers_model(str(tmp_path / "m.keras")))
    found = loaded({"a": X, "b": Y})
    expected = ends_in_dicts({"a": X, "b": Y})
    assert {name: t.array_sync() for name, t in found.items()} == {
        n: t.array_sync() for n, t in expected.items()
    }
