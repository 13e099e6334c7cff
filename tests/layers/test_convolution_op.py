"""`convolution_op`: what subclasses of convolutional layers put in place of the convolution, or call with another kernel."""

import numpy as np
import pytest

import tfjs_pyo as tf

layers = tf.keras.layers
KINDS = {1: layers.Conv1D, 2: layers.Conv2D, 3: layers.Conv3D}


@pytest.mark.parametrize("rank", KINDS)
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_what_a_subclass_defines_is_what_is_computed(rank, data_format):
    class Doubled(KINDS[rank]):
        def convolution_op(self, inputs, kernel):
            return super().convolution_op(inputs, kernel * 2.0)

    class Called(KINDS[rank]):
        def call(self, inputs):
            return self.convolution_op(inputs, self.kernel * 2.0)

    x = np.random.default_rng(rank).normal(size=(2, *[4] * (rank + 1))).astype("float32")
    options = {"padding": "same", "groups": 2, "data_format": data_format}
    plain = KINDS[rank](6, 3, **options)
    expected = 2 * plain(x).numpy()
    for kind in (Doubled, Called):
        layer = kind(6, 3, **options)
        layer.build(x.shape)
        layer.set_weights(plain.get_weights())
        np.testing.assert_allclose(layer(x).numpy(), expected, rtol=1e-5, atol=1e-6)


def test_it_is_trained():
    class Standardized(layers.Conv2D):
        def convolution_op(self, inputs, kernel):
            mean = tf.keras.ops.mean(kernel, axis=(0, 1, 2), keepdims=True)
            return super().convolution_op(inputs, kernel - mean)

    model = tf.keras.Sequential(
        [tf.keras.Input((5, 5, 2)), Standardized(3, 3), layers.GlobalAveragePooling2D()]
    )
    model.compile("sgd", "mse")
    before = model.get_weights()[0]
    model.fit(np.random.default_rng(0).normal(size=(8, 5, 5, 2)), np.ones((8, 3)), verbose=0)
    change = model.get_weights()[0] - before
    assert abs(change).max() > 0
    np.testing.assert_allclose(change.mean((0, 1, 2)), 0, atol=1e-7)
