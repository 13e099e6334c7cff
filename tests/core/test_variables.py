"""Variables have an identity: gradients, optimizers and names go by it, whatever values they hold."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.core.autodiff import GradientError
from tfjs_pyo.errors import ArgumentError


def variable(value, name="w", trainable=True):
    return tf.variable(tf.tensor(value), trainable, name)


def test_a_name_that_a_living_variable_has_gets_a_number():
    first, second, third = variable([1.0], "twin"), variable([2.0], "twin"), variable([3.0], "twin")
    assert [v.name for v in (first, second, third)] == ["twin", "twin_1", "twin_2"]
    assert {v.original_name for v in (first, second, third)} == {"twin"}
    assert third.originalName == "twin"
    first.dispose()
    assert variable([4.0], "twin").name == "twin"
    assert tf.engine().registered_variables["twin_1"] is second


def test_many_variables_of_one_name_take_linear_time():
    many = [variable([0.0], "one of many") for _ in range(3000)]
    assert len({v.name for v in many}) == 3000


def test_gradients_of_variables_with_one_name_do_not_mix():
    first, second = variable([1.0, 2.0]), variable([[5.0]])
    found = tf.variableGrads(lambda: (first * 3).sum() + (second * second).sum())["grads"]
    assert found[first.name].array_sync() == [3, 3]
    assert found[second.name].array_sync() == [[10]]
    halves = {name: gradient * 0.5 for name, gradient in found.items()}
    tf.train.sgd(1.0).applyGradients(halves)
    assert first.array_sync() == [-0.5, 0.5]
    assert second.array_sync() == [[0]]
    tf.train.sgd(1.0).apply_gradients([{"name": second.name, "tensor": tf.tensor([[2.0]])}])
    assert second.array_sync() == [[-2]]


@pytest.mark.parametrize("name", ["sgd", "momentum", "adam", "adamax", "adagrad", "adadelta", "rmsprop"])
def test_models_whose_layers_have_one_name_train_as_if_they_had_others(name):
    def trained(names):
        shapes = [(3, 1), (3, 2)]
        kernels = [
            variable(np.linspace(-1, 1, r * c).reshape(r, c), n)
            for n, (r, c) in zip(names, shapes, strict=True)
        ]
        options = (0.1, 0.9) if name == "momentum" else (0.1,)
        optimizer = getattr(tf.train, name)(*options)
        x = tf.tensor(np.sin(np.arange(12.0)).reshape(4, 3))
        for _ in range(4):
            optimizer.minimize(lambda: sum((tf.square(x @ k).mean() for k in kernels), tf.scalar(0.0)))
        state = asyncio.run(optimizer.get_weights())
        assert len({entry["name"] for entry in state}) == len(state)
        return [k.numpy() for k in kernels], [entry["tensor"].numpy() for entry in state]

    for same, apart in zip(trained(["d1/kernel"] * 2), trained(["d1/kernel", "d2/kernel"]), strict=True):
        for a, b in zip(same, apart, strict=True):
            np.testing.assert_array_equal(a, b)


def test_a_variable_that_was_assigned_another_one_is_not_that_one():
    online, target = variable([3.0], "online"), variable([0.0], "target")
    target.assign(online)  # as a target network takes over weights
    found = tf.variable_grads(lambda: (online * target).sum())["grads"]
    assert [found[v.name].array_sync() for v in (online, target)] == [[3], [3]]
    with tf.GradientTape() as tape:
        loss = (online * target * target).sum()
    assert tape.gradient(loss, online).array_sync() == [9]


def test_a_value_read_before_is_a_constant():
    w = variable([3.0])
    for anchor in (w.read(), w.clone(), tf.tensor([3.0])):
        assert tf.variable_grads(lambda a=anchor: (w * a).sum())["grads"]["w"].array_sync() == [3]
        with tf.GradientTape() as tape:
            loss = (w * anchor).sum()
        assert tape.gradient(loss, w).array_sync() == [3]
    inside = tf.variable_grads(lambda: (w * w.clone()).sum())["grads"]["w"]
    assert inside.array_sync() == [6]


@pytest.mark.parametrize("waits", [False, True], ids=["has its bytes", "is pending"])
def test_assigning_inside_cuts_the_history_and_all_reads_count(waits):
    """In TF.js a variable is one thing on the tape, whatever it was assigned."""
    w, other = variable([3.0]), variable([2.0], "other")
    if waits:
        w.assign(w * 1)
        other.assign(other + 0)

    def f():
        before = (w * 5).sum()
        w.assign(other * 2)
        return before + (w * w).sum() + (other * 7).sum()

    found = tf.variable_grads(f)
    assert found["value"].array_sync() == 15 + 16 + 14
    assert found["grads"]["w"].array_sync() == [5 + 8]
    assert found["grads"]["other"].array_sync() == [7]


def test_gradients_of_gradients_of_variables():
    w = variable([2.0])
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = (w * w * w).sum()
        first = inner.gradient(y, w)
    assert outer.gradient(first, w).array_sync() == [12]
    assert first.array_sync() == [12]
    second = tf.variable_grads(lambda: tf.grad(lambda x: (x * x * w).sum())(tf.tensor([5.0])).sum())
    assert second["grads"]["w"].array_sync() == [10]


UNREACHED = {
    "a constant": lambda w: tf.scalar(1.0),
    "a value of Python": lambda w: tf.scalar(float(w.data_sync()[0])),
    "behind stop_gradient": lambda w: tf.ops.stop_gradient(w).sum(),
    "a comparison": lambda w: tf.cast(w > 1, "float32").sum(),
}


@pytest.mark.parametrize("f", UNREACHED.values(), ids=UNREACHED)
def test_a_loss_that_no_variable_reaches_is_refused(f):
    w, other = variable([3.0]), variable([1.0], "other", trainable=False)
    for listed in (None, [w], [w, other]):
        with pytest.raises(GradientError, match="variable_grads: expected"):
            tf.train.adam(0.1).minimize(lambda: f(w) + other.sum(), True, listed)
    with tf.GradientTape() as tape:
        loss = f(w)
    with pytest.raises(GradientError, match="gradient: "):
        tape.gradient(loss, [w])
    assert w.array_sync() == [3]


def test_a_loss_that_was_computed_before_is_refused():
    w = variable([3.0])
    forgotten = (w * w).sum()
    for listed in (None, [w]):
        with pytest.raises(GradientError, match="variable_grads: expected"):
            tf.train.sgd(0.1).minimize(lambda: forgotten, True, listed)


def test_variables_that_the_loss_does_not_depend_on_stay_as_they_are():
    """Adam would move them on by its momentum; TF.js and Keras leave them out."""
    w, sometimes = variable([3.0]), variable([1.0], "sometimes")
    optimizer = tf.train.adam(0.1)
    optimizer.minimize(lambda: (w * sometimes).sum(), True, [w, sometimes])
    kept = sometimes.array_sync()
    optimizer.minimize(lambda: (w * w + 0 * tf.ops.stop_gradient(sometimes)).sum(), True, [w, sometimes])
    assert sometimes.array_sync() == kept
    with tf.GradientTape() as tape:
        loss = (w * w).sum()
    pairs = zip(tape.gradient(loss, [w, sometimes]), [w, sometimes], strict=True)
    optimizer.apply_gradients(pairs)
    assert sometimes.array_sync() == kept
    with pytest.raises(GradientError, match="adam: expected a gradient for at least one variable"):
        optimizer.apply_gradients([(None, w)])


def test_a_tape_says_what_unconnected_gradients_are():
    w, other = variable([3.0]), variable([1.0, 2.0], "other")
    with tf.GradientTape(persistent=True) as tape:
        loss = (w * w).sum()
    assert tape.gradient(loss, [w, other])[1] is None
    assert tape.gradient(loss, other, unconnected_gradients="zero").array_sync() == [0, 0]
    assert tape.gradient(loss, other, unconnected_gradients="none") is None


def test_frozen_variables_are_left_out_or_refused():
    w, frozen = variable([3.0]), variable([1.0], "frozen", trainable=False)
    optimizer = tf.train.sgd(1.0)
    optimizer.minimize(lambda: (w * frozen).sum())
    optimizer.minimize(lambda: (w * frozen).sum(), False, [w, frozen])
    assert (w.array_sync(), frozen.array_sync()) == ([1], [1])
    with pytest.raises(GradientError, match="none of the 1 is trainable: 'frozen'"):
        optimizer.minimize(lambda: (w * frozen).sum(), False, [frozen])
    w.trainable = False
    with pytest.raises(GradientError, match="none of the 2 is trainable"):
        optimizer.minimize(lambda: (w * frozen).sum())


def test_a_name_that_no_variable_has_is_refused():
    with pytest.raises(ArgumentError, match="no such name"):
        tf.train.sgd(0.1).apply_gradients({"no such name": tf.scalar(1.0)})


def test_variables_in_second_place_are_those_to_train():
    """Keras's order, `minimize(loss, var_list)`."""
    w, other = variable([3.0]), variable([1.0], "other")
    assert tf.keras.optimizers.SGD(1.0).minimize(lambda: (w * other).sum(), [w]) is None
    assert (w.array_sync(), other.array_sync()) == ([2], [1])
