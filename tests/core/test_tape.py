"""Derivatives of what was computed in a `with` block."""

import pytest

import tfjs_pyo as tf
from tfjs_pyo.core.autodiff import GradientError
from tfjs_pyo.errors import ArgumentError


def test_a_tape_sees_what_was_computed_inside():
    w = tf.variable(tf.tensor([1.0, 2.0]))
    with tf.GradientTape(persistent=True) as tape:
        x = tf.tensor([3.0, 4.0])
        tape.watch(x)
        y = tf.sum(w * w * x)
        assert float(y) == 19  # a value that was read still has its history
    assert tape.gradient(y, w).array_sync() == [6, 16]
    assert [t.array_sync() for t in tape.gradient(y, [w, x])] == [[6, 16], [1, 4]]
    found = tape.gradient(y, {"w": w, "none": tf.tensor([1.0])})
    assert found["w"].array_sync() == [6, 16]
    assert found["none"] is None
    with tf.GradientTape() as tape:
        z = w * w
    assert tape.gradient(z, w, output_gradients=tf.tensor([1.0, 0.0])).array_sync() == [2, 0]
    with pytest.raises(ArgumentError, match="persistent=True"):
        tape.gradient(z, w)
    with tf.GradientTape() as tape:
        z = w * w
    assert z.array_sync() == [1, 4]  # read between the block and the call
    assert tape.gradient(z, w).array_sync() == [2, 4]
    outside = w * w
    outside.array_sync()
    with tf.GradientTape() as tape:
        pass
    with pytest.raises(GradientError, match="Compute it inside the `with` block"):
        tape.gradient(outside, w)


def test_a_tape_that_is_gone_keeps_nothing():
    w = tf.variable(tf.tensor([1.0, 2.0]))
    with tf.GradientTape() as tape:
        y = tf.sum(w * w)
        y.array_sync()
    assert y.node.inputs
    del tape
    assert not y.node.inputs


def test_what_was_read_before_a_reset_is_forgotten():
    before, after = tf.variable(tf.scalar(3)), tf.variable(tf.scalar(2))
    with tf.GradientTape(persistent=True) as tape:
        early = before * before
        tape.reset()
        late = before * 5 + after * after
    assert tape.watched_variables() == (before, after)
    assert [each.item() for each in tape.gradient(late, [before, after])] == [5, 4]
    assert tape.gradient(early, before, unconnected_gradients="zero").item() == 0
