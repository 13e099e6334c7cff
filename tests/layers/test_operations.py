"""Ops on symbolic tensors: all that are declared give what they give for tensors, and are saved and loaded as layers."""

import asyncio
import operator

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.ops import suite
from tfjs_pyo.errors import ArgumentError, NameNotFoundError

CALLS = [suite.calls(name)[0] for name in suite.names() if suite.calls(name)]
RNG = np.random.default_rng(4)


def _flat(outputs):
    if isinstance(outputs, dict):
        outputs = list(outputs.values())
    return [t for item in outputs for t in _flat(item)] if isinstance(outputs, (list, tuple)) else [outputs]


def _same(found, expected):
    for a, b in zip(_flat(found), _flat(expected), strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a.numpy(), b.numpy())


def _reloaded(model, form, path):
    if form == "config":
        return asyncio.run(tf.models.modelFromJSON(model.toJSON(None, False)))
    target = str(path / {"keras": "m.keras", "folder": "m"}[form])
    asyncio.run(model.save(target))
    return asyncio.run(tf.loadLayersModel(f"{target}/model.json" if form == "folder" else target))


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_every_op_on_symbols(call):
    tensors = call.tensors()
    symbols = [tf.input({"batchShape": t.shape, "dtype": t.dtype}) for t in tensors]
    outputs = call.function(*symbols)
    expected = call.function(*tensors)
    for symbol, tensor in zip(_flat(outputs), _flat(expected), strict=True):
        assert (symbol.shape, symbol.dtype) == (tensor.shape, tensor.dtype)
    model = tf.model({"inputs": symbols, "outputs": _flat(outputs)})
    _same(model.call(tensors), expected)
    again = asyncio.run(tf.models.modelFromJSON(model.toJSON(None, False)))
    _same(again.call(tensors), expected)


X = RNG.normal(size=(3, 4)).astype(np.float32) + 3
CONSTANT = RNG.normal(size=(4,)).astype(np.float32)
EXPRESSIONS = {
    **{
        f"{name}, {kind}": (lambda x, f=f, other=other: f(x, other))
        for name, f in {
            "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
            "%": operator.mod, "**": operator.pow, "<": operator.lt, ">=": operator.ge,
        }.items()
        for kind, other in {
            "number": 2, "float": 1.5, "array": CONSTANT, "list": [1.0, 2.0, 3.0, 4.0], "tensor": tf.tensor([2.0]),
        }.items()
    },
    **{
        f"reflected {name}": (lambda x, f=f: f(2.0, x))
        for name, f in {
            "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow,
        }.items()
    },
    "array * x": lambda x: CONSTANT * x,
    "tensor - x": lambda x: tf.tensor(CONSTANT) - x,
    "-x": lambda x: -x,
    "abs": lambda x: abs(-x),
    "x * x": lambda x: x * x,
    "~": lambda x: ~(x > 3),
    "x @ array": lambda x: x @ CONSTANT.reshape(4, 1),
    "x[:, 0]": lambda x: x[:, 0],
    "x[..., 1:3]": lambda x: x[..., 1:3],
    "x[:, None, ::2]": lambda x: x[:, None, ::2],
    "x[:, -1]": lambda x: x[:, -1],
    "method": lambda x: x.clipByValue(2, 3.5).sum(-1, True),
    "keywords": lambda x: tf.sum(x, axis=1, keep_dims=True),
    "dict": lambda x: tf.topk(x, 2).values,
    "list": lambda x: tf.split(x, 2, 1)[1],
    "sequence": lambda x: tf.concat([x, x * 2, tf.ones([3, 1])], 1),
    "infinity": lambda x: tf.clipByValue(x, 3, float("inf")),
    "moments": lambda x: tf.moments(x, 1).variance,
    "loss": lambda x: tf.losses.meanSquaredError(x, x * 2),
    "T": lambda x: x.T,
    "gather": lambda x: tf.gather(x, [0, 2], 1),
}  # fmt: skip


@pytest.mark.parametrize("form", ["config", "folder", "keras"])
@pytest.mark.parametrize("title", EXPRESSIONS)
def test_expressions_are_layers_that_are_saved(title, form, tmp_path):
    symbol = tf.input({"batchShape": [3, 4]})
    model = tf.model({"inputs": symbol, "outputs": EXPRESSIONS[title](symbol)})
    expected = EXPRESSIONS[title](tf.tensor(X))
    _same(model.call(tf.tensor(X)), expected)
    _same(_reloaded(model, form, tmp_path).call(tf.tensor(X)), expected)


def test_they_train_within_a_model_and_know_unknown_lengths():
    x = tf.input({"shape": [None, 4]})
    h = tf.layers.dense({"units": 3}).apply(x) * 2 + 1
    y = tf.layers.dense({"units": 1}).apply(h[:, 0] - h.mean(1))
    assert (h.shape, y.shape) == ((None, None, 3), (None, 1))
    model = tf.model({"inputs": x, "outputs": y})
    model.compile(optimizer=tf.train.adam(0.05), loss="meanSquaredError")
    data = RNG.normal(size=(10, 5, 4)).astype(np.float32)
    history = asyncio.run(model.fit(data, data[:, 0, :1], epochs=30, batchSize=4, verbose=0)).history
    assert history["loss"][-1] < 0.5 * history["loss"][0]


@pytest.mark.parametrize("form", ["folder", "keras"])
def test_variables_among_the_arguments_are_weights(form, tmp_path):
    x = tf.input({"shape": [2]})
    scale = tf.variable(tf.tensor([1.0, 2.0]))
    model = tf.model({"inputs": x, "outputs": x * scale})
    assert [id(w) for w in model.trainable_weights] == [id(scale)]
    scale.assign(tf.tensor([3.0, 4.0]))
    other = _reloaded(model, form, tmp_path)
    assert other.predict(tf.ones([1, 2])).array_sync() == [[3, 4]]


def test_a_variable_of_two_ops_is_not_saved_as_two():
    x = tf.input({"shape": [2]})
    scale = tf.variable(tf.tensor([1.0, 2.0]))
    model = tf.model({"inputs": x, "outputs": x * scale + scale})
    assert model.predict(tf.ones([1, 2])).array_sync() == [[2, 4]]
    with pytest.raises(ArgumentError, match="several ops"):
        model.toJSON()


def test_what_cannot_be_a_layer_says_so():
    x = tf.input({"shape": [2]})
    with pytest.raises(TypeError, match="iterable"):
        list(x)
    with pytest.raises(NameNotFoundError):
        _ = x.relux
    with pytest.raises(ArgumentError, match="complex64 cannot be saved"):
        tf.add(x, tf.complex([1.0, 1.0], [0.0, 0.0]))
