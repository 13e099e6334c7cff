"""`layer.output` and its kin: models that begin or end within another, as in transfer learning."""

import gc
import weakref

import numpy as np
import pytest

import tfjs_pyo as tf

L = tf.layers


def stack():
    return tf.sequential(
        layers=[
            L.dense(units=4, activation="relu", inputShape=[3], name="first"),
            L.dense(units=2, name="second"),
            L.dense(units=1, name="third"),
        ]
    )


@pytest.mark.parametrize("spelling", ["getLayer", "get_layer"])
def test_a_model_ends_within_another(spelling):
    model, x = stack(), tf.randomNormal([5, 3])
    part = tf.model({"inputs": model.inputs, "outputs": getattr(model, spelling)("second").output})
    first, second, _ = model.layers
    np.testing.assert_array_equal(part.predict(x).numpy(), second.apply(first.apply(x)).numpy())
    assert part.getLayer("first") is first


def test_a_new_head_on_frozen_layers_is_trained_alone():
    base = stack()
    base.layers[0].trainable = False
    head = L.dense(units=3, name="head").apply(base.layers[0].output)
    model = tf.model(inputs=base.inputs, outputs=head)
    assert [weight.name for weight in model.trainableWeights] == ["head/kernel", "head/bias"]
    assert model.predict(tf.ones([2, 3])).shape == (2, 3)


def test_shapes_and_symbols():
    model = stack()
    first, second, third = model.layers
    assert first.outputShape == second.input.shape == (None, 4)
    assert third.output_shape == model.output.shape == (None, 1)
    assert [t.shape for t in model.inputs] == [(None, 3)]
    assert model.outputs == [third.output]
    assert second.getInputAt(0) is first.output is first.get_output_at(0)


def test_a_stack_that_data_built_and_one_that_changes():
    model = tf.sequential(layers=[L.dense(units=4), L.dense(units=2)])
    with pytest.raises(tf.errors.NameNotFoundError, match=r"there is no 'output' yet.*'inputShape'"):
        _ = model.layers[0].output
    model.predict(tf.ones([2, 3]))
    assert model.layers[0].output.shape == (None, 4)
    model.pop()
    assert model.output.shape == (None, 4)
    model.add(L.dense(units=7))
    assert model.output.shape == (None, 7)
    assert not hasattr(L.dense(units=1), "output")


def test_a_layer_used_twice_has_no_single_output():
    a, b = tf.input(shape=[3]), tf.input(shape=[3])
    shared = L.dense(units=2, name="shared")
    left, right = shared.apply(a), shared.apply(b)
    with pytest.raises(tf.errors.NameNotFoundError, match=r"used 2 times\. layer\.getOutputAt\(0\)"):
        _ = shared.output
    assert shared.getOutputAt(0) is left
    assert shared.getOutputAt(1) is right
    assert shared.outputShape == (None, 2)
    with pytest.raises(tf.errors.NameNotFoundError, match="from 0 to 1, received 2"):
        shared.getOutputAt(2)


def test_a_nested_model_has_its_own_symbols():
    inner = stack()
    x = tf.input(shape=[3])
    outer = tf.model(inputs=x, outputs=inner.apply(x))
    assert inner.output is inner.layers[-1].output
    assert outer.output.shape == (None, 1)
    assert outer.output is not inner.output


def test_models_go_when_nothing_holds_them():
    model = stack()
    seen = weakref.ref(model.layers[0])
    part = tf.model(inputs=model.inputs, outputs=model.layers[0].output)
    del model
    gc.collect()
    assert seen() is not None
    del part
    gc.collect()
    assert seen() is None
