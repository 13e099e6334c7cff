"""Memory: reference counting frees what nobody holds; tidy, keep and dispose mean what they mean in TF.js."""

import asyncio
import gc

import pytest

import tfjs_pyo as tf
from tfjs_pyo.core import values
from tfjs_pyo.errors import ArgumentError, DisposedError


def alive():
    return tf.memory()["numTensors"]


def buffers():
    return tf.memory()["numDataBuffers"]


@pytest.fixture(autouse=True)
def no_leak():
    gc.collect()
    before = alive()
    yield
    gc.collect()
    assert alive() == before


def test_del_frees_the_tensor_and_its_bytes():
    before, kept = alive(), buffers()
    x = tf.tensor([1, 2, 3])
    assert (alive(), buffers()) == (before + 1, kept + 1)
    del x
    assert (alive(), buffers()) == (before, kept)


def test_bytes_are_counted_right_where_a_finalizer_or_a_thread_comes_between(monkeypatch):
    garbage = [tf.zeros([5])]
    before, size_of = tf.memory()["numBytes"], values.logical_bytes

    def interrupted(node):
        garbage.clear()
        return size_of(node)

    monkeypatch.setattr(values, "logical_bytes", interrupted)
    x = tf.tensor([1, 2, 3])
    assert not garbage
    assert tf.memory()["numBytes"] == before - 20 + 12
    del x
    assert tf.memory()["numBytes"] == before - 20


def test_a_result_frees_what_it_was_computed_from():
    kept = buffers()
    x = tf.tensor([1, 2, 3])
    y = x * 2
    del x
    assert y.array_sync() == [2, 4, 6]
    assert buffers() == kept + 1


def test_a_cycle_is_freed_by_the_garbage_collector():
    before = alive()
    holder = {"x": tf.tensor([1, 2])}
    holder["self"] = holder
    del holder
    gc.collect()
    assert alive() == before


def test_an_exception_that_holds_a_frame_holds_its_tensors_no_longer_than_itself():
    before = alive()

    def fail():
        inside = tf.tensor([1, 2, 3])
        raise KeyError(inside.shape)

    try:
        fail()
    except KeyError as error:
        caught = error
        assert alive() == before + 1
        caught.__traceback__ = None
        del caught
    assert alive() == before


def test_memory_counts_logical_bytes_once_per_value():
    before = tf.memory()["numBytes"]
    x = tf.zeros([10, 10])
    y = tf.tensor([True, False, True])
    same = x.clone()
    x.data_sync()
    assert tf.memory()["numBytes"] - before in (403, 412, 803)
    assert tf.memory()["unreliable"] is False
    x.dispose()
    same.dispose()
    y.dispose()
    assert tf.memory()["numBytes"] == before


def test_dispose_twice_is_allowed_and_use_afterwards_is_not():
    x = tf.tensor([1, 2])
    before = alive()
    x.dispose()
    x.dispose()
    assert alive() == before - 1
    assert x.is_disposed
    assert x.isDisposed
    with pytest.raises(DisposedError, match="disposed"):
        x + 1


def test_dispose_walks_containers():
    before = alive()
    a, b, c = tf.tensor([1]), tf.tensor([2]), tf.tensor([3])
    tf.dispose({"a": a, "more": [b, (c,)]})
    assert alive() == before
    assert a.is_disposed
    assert b.is_disposed
    assert c.is_disposed


def test_tidy_disposes_all_but_the_result():
    outside = []

    def body():
        x = tf.tensor([1, 2, 3])
        y = x * 2
        outside.extend([x, y])
        return y + 1

    z = tf.tidy(body)
    assert z.array_sync() == [3, 5, 7]
    assert [t.is_disposed for t in outside] == [True, True]


def test_tidy_takes_a_name_and_returns_containers():
    result = tf.tidy("mine", lambda: {"a": tf.tensor([1]), "b": [tf.tensor([2])], "n": 3})
    assert result["a"].array_sync() == [1]
    assert result["b"][0].array_sync() == [2]
    assert result["n"] == 3


def test_nested_tidy_hands_its_result_to_the_outer_one():
    seen = []

    def outer():
        inner = tf.tidy(lambda: tf.tensor([1.0]) + 1)
        seen.append(inner)
        return inner * 3

    assert tf.tidy(outer).array_sync() == [6]
    assert seen[0].is_disposed


def test_keep_and_variables_outlive_tidy():
    kept = []

    def body():
        kept.append(tf.keep(tf.tensor([5])))
        kept.append(tf.variable(tf.tensor([6])))

    assert tf.tidy(body) is None
    assert [k.array_sync() for k in kept] == [[5], [6]]


def test_tidy_that_raises_leaves_nothing_and_closes_its_scope():
    before = alive()

    def fail():
        x = tf.tensor([1])
        raise KeyError(str(x.shape))

    with pytest.raises(KeyError):
        tf.tidy(fail)
    gc.collect()
    assert alive() == before
    x = tf.tensor([1])
    assert not x.is_disposed


def test_tidy_refuses_coroutine_functions():
    async def body():
        return tf.tensor([1])

    started = []

    def start():
        started.append(body())
        return started[0]

    with pytest.raises(ArgumentError, match="tidy: expected a function that returns at once"):
        tf.tidy(start)
    started[0].close()


def test_intermediate_values_of_a_long_program_are_freed():
    kept = buffers()
    x = tf.ones([100])
    for _ in range(50):
        x = x * 1.01 + 0.5
        x.data_sync()
    assert buffers() <= kept + 2
    assert x.shape == (100,)


def test_gradients_leave_nothing_behind():
    before = alive()
    for _ in range(5):
        g = tf.grad(lambda x: (x * x).sum())(tf.tensor([1.0, 2.0]))
        assert g.array_sync() == [2, 4]
        del g
    assert alive() == before


def stacked(*layers):
    return tf.sequential({"layers": [tf.layers.dense({"units": 2, "inputShape": [3]}), *layers]})


def test_what_layers_and_models_had_is_gone_after_dispose():
    x = tf.ones([1, 3])
    layer = tf.layers.dense({"units": 2})
    layer.apply(x)
    assert layer.dispose() == {"refCountAfterDispose": 0, "numDisposedVariables": 2}
    model = stacked(tf.layers.dense({"units": 1}))
    model.compile({"optimizer": "adam", "loss": "meanSquaredError"})
    asyncio.run(model.fit(x, tf.ones([1, 1]), {"epochs": 1, "verbose": 0}))
    optimizer = model.optimizer
    assert model.dispose()["numDisposedVariables"] == 4
    uses = [
        lambda: layer.apply(x),
        lambda: layer.getWeights(),
        lambda: model.predict(x),
        lambda: model.getWeights(),
        lambda: asyncio.run(model.fit(x, tf.ones([1, 1]), {"verbose": 0})),
        lambda: asyncio.run(model.save("memory://disposed")),
    ]
    for use in uses:
        with pytest.raises(DisposedError, match="it was disposed and holds no value any more"):
            use()
    assert model.dispose()["numDisposedVariables"] == 0
    assert optimizer.weights == [], "it was made from a name, so that nobody else has it"


def test_an_optimizer_of_ones_own_outlives_the_model():
    weight = tf.variable(tf.scalar(2.0))
    optimizer = tf.train.momentum(0.1, 0.9)
    optimizer.minimize(lambda: weight * weight)
    model = stacked()
    model.compile({"optimizer": optimizer, "loss": "meanSquaredError"})
    model.dispose()
    assert len(optimizer.weights) > 0
    optimizer.minimize(lambda: weight * weight)


def test_weights_of_another_model_outlive_a_model_that_shares_them():
    x, base = tf.ones([1, 3]), stacked()
    value = base.predict(x).array_sync()
    top = tf.sequential({"layers": [base, tf.layers.dense({"units": 1})]})
    beside = tf.model({"inputs": base.inputs, "outputs": base.outputs})
    assert top.dispose()["numDisposedVariables"] == 2
    assert beside.dispose()["numDisposedVariables"] == 0
    assert base.predict(x).array_sync() == value
    assert base.dispose()["numDisposedVariables"] == 2


OPTIMIZERS = {
    "sgd": lambda: tf.train.sgd(0.1),
    "momentum": lambda: tf.train.momentum(0.1, 0.9),
    "adagrad": lambda: tf.train.adagrad(0.1),
    "adadelta": lambda: tf.train.adadelta(0.1),
    "adam": lambda: tf.train.adam(0.1),
    "adamax": lambda: tf.train.adamax(0.1),
    "rmsprop": lambda: tf.train.rmsprop(0.1),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("in_scope", [False, True])
def test_a_step_of_an_optimizer_leaves_its_state_and_what_it_returns(name, in_scope):
    """As TF.js's tests of optimizers count; a scope of memory holds nothing that is gone."""
    before = alive()
    optimizer, x = OPTIMIZERS[name](), tf.variable(tf.tensor1d([1.0, 2.0]))
    if in_scope:
        tf.engine().start_scope()
    try:
        cost = optimizer.minimize(lambda: x.square().sum(), True)
        assert alive() == before + 2 + len(optimizer.weights)
        assert optimizer.minimize(lambda: x.square().sum()) is None
        assert alive() == before + 2 + len(optimizer.weights)
        assert cost.item() == 5.0
    finally:
        if in_scope:
            tf.engine().end_scope()


@pytest.mark.parametrize("in_scope", [False, True])
def test_gradients_make_as_many_tensors_as_they_return(in_scope):
    before = alive()
    a, b, dy = tf.scalar(5.0), tf.scalar(2.0), tf.scalar(4.0)
    if in_scope:
        tf.engine().start_scope()
    try:
        found = tf.grads(lambda a, b: tf.div(a, b))([a, b], dy)
        assert alive() == before + 3 + len(found)
        second = tf.grad(tf.grad(lambda x: x.mul(x).mul(x)))(a)
        assert alive() == before + 4 + len(found)
        assert second.item() == 30.0
    finally:
        if in_scope:
            tf.engine().end_scope()
