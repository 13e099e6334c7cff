"""Weights: read and set, frozen, regularized, constrained."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.linear import data, linear, run
from tfjs_pyo.errors import ArgumentError, ShapeError


def test_set_weights_and_get_weights():
    model, _ = linear()
    w, b = np.arange(6.0).reshape(3, 2), np.array([1.0, 2.0])
    model.setWeights([tf.tensor(w), tf.tensor(b)])
    np.testing.assert_array_equal(model.getWeights()[0].numpy(), w)
    np.testing.assert_allclose(model.predict(np.eye(3)).numpy(), w + b)
    with pytest.raises(ArgumentError, match="expected 2 weights, received 1"):
        model.set_weights([w])
    with pytest.raises(ShapeError, match=r"expected shape \(3, 2\) for weight"):
        model.set_weights([w.T, b])


def test_weights_read_before_training_stay():
    x, y = data(4)
    model, reference = linear()
    before = model.get_weights()[0]
    run(model.fit(x, y, epochs=3))
    np.testing.assert_array_equal(before.numpy(), reference.w.astype(np.float32))


def test_training_goes_on_where_set_weights_put_it():
    x, y = data(6)
    model, reference = linear()
    run(model.fit(x, y, epochs=1, shuffle=False))
    reference.w, reference.b = np.ones((3, 2)), np.zeros(2)
    model.set_weights([np.ones((3, 2)), np.zeros(2)])
    losses = run(model.fit(x, y, epochs=2, shuffle=False)).history["loss"]
    assert losses == pytest.approx([reference.epoch(x, y, 32) for _ in range(2)], rel=1e-5)


def test_a_frozen_layer_stays_as_it_is():
    x, y = data(6)
    model = tf.sequential()
    model.add(tf.layers.dense(units=4, input_shape=[3], trainable=False))
    model.add(tf.layers.dense(units=2))
    model.compile(optimizer="adam", loss="mse")
    frozen, moving = model.layers
    before = [t.numpy() for t in (*frozen.get_weights(), *moving.get_weights())]
    run(model.fit(x, y, epochs=2))
    after = [t.numpy() for t in (*frozen.get_weights(), *moving.get_weights())]
    assert [bool((a == b).all()) for a, b in zip(before, after, strict=True)] == [True, True, False, False]
    assert len(model.trainable_weights) == 2
    assert len(model.nonTrainableWeights) == 2


@pytest.mark.parametrize("face", [tf, tf.keras], ids=["tf", "tf.keras"])
def test_a_layer_in_a_model_and_in_one_within_it_is_updated_once(face):
    shared = face.layers.Dense(3)
    x, y = (face.Input((3,)) for _ in range(2))
    model = face.Model(y, shared(face.Model(x, shared(x))(y)))
    shared.set_weights([np.eye(3), np.zeros(3)])
    model.compile(optimizer=tf.train.sgd(0.1), loss="mse")
    run(model.fit(np.ones((1, 3)), np.zeros((1, 3)), epochs=1))
    # the output is x + 2 b at first, and the mean of three squares has the gradient 2 / 3 there
    np.testing.assert_allclose(np.asarray(shared.get_weights()[1]), -0.1 * 2 * 2 / 3 * np.ones(3), rtol=1e-5)
    assert len(model.trainable_weights) == 2


def test_regularizers_add_to_the_loss_and_to_the_gradient():
    x, y = data(6)
    rate = 0.1
    model, reference = linear(rate, kernelRegularizer=tf.regularizers.l1l2({"l1": 0.02, "l2": 0.03}))
    for _ in range(3):
        w = reference.w
        penalty = 0.02 * np.abs(w).sum() + 0.03 * (w**2).sum()
        loss = reference.step(x, y) + penalty
        reference.w = reference.w - rate * (0.02 * np.sign(w) + 0.06 * w)
        assert run(model.train_on_batch(x, y)) == pytest.approx(loss, rel=1e-5)
    np.testing.assert_allclose(model.get_weights()[0].numpy(), reference.w, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["l1", "l2", "l1l2"])
def test_regularizers_by_name(name):
    w = np.array([[1.0, -2.0], [3.0, 0.5]])
    value = tf.regularizers.get(name)(tf.tensor(w)).item()
    expected = 0.01 * np.abs(w).sum() * ("l1" in name) + 0.01 * (w**2).sum() * ("l2" in name)
    assert value == pytest.approx(expected, rel=1e-6)


NORMED = np.array([[3.0, 0.3], [-4.0, 0.4]])  # columns of norm 5 and 0.5
CONSTRAINTS = {
    "maxNorm": ({"maxValue": 2}, NORMED * [[2 / 5, 1]]),
    "unitNorm": ({}, NORMED / [[5, 0.5]]),
    "nonNeg": ({}, np.maximum(NORMED, 0)),
    "minMaxNorm": ({"minValue": 1, "maxValue": 2}, NORMED * [[2 / 5, 2]]),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_constraints_agree_with_numpy_and_apply_to_set_weights_and_training(name):
    options, expected = CONSTRAINTS[name]
    constraint = getattr(tf.constraints, name)(options)
    np.testing.assert_allclose(constraint(tf.tensor(NORMED)).numpy(), expected, rtol=1e-5)
    model, _ = linear(0.0, features=2, kernelConstraint=constraint)
    model.set_weights([NORMED, np.zeros(2)])
    np.testing.assert_allclose(model.get_weights()[0].numpy(), expected, rtol=1e-5)
    model, _ = linear(0.0, features=2, kernelConstraint=constraint)
    model.layers[0].kernel.assign(tf.tensor(NORMED))
    x, y = data(4, features=2)
    run(model.fit(x, y, epochs=1))
    np.testing.assert_allclose(model.get_weights()[0].numpy(), expected, rtol=1e-5)
