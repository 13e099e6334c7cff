"""Layers of your own: losses they add, what they expect of inputs, names under which they are found."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError, ShapeError


class Pulled(tf.layers.Layer):
    """A weight that a loss of its own pulls to 1."""

    def build(self, input_shape):  # noqa: ARG002 (any will do)
        self.w = self.add_weight("w", [], initializer="zeros")
        self.add_loss(lambda: (self.w - 1.0).square())

    def call(self, inputs):
        return inputs + self.w * 0.0


class Activity(tf.layers.Layer):
    """Adds the mean of what passes."""

    def call(self, inputs):
        self.add_loss(inputs.mean())
        return inputs


def test_losses_that_layers_add():
    model = tf.sequential({"layers": [Pulled(inputShape=[2]), Activity()]})
    model.compile(optimizer=tf.train.sgd(0.5), loss="meanSquaredError")
    x = np.full((4, 2), 3, np.float32)
    assert float(model.evaluate(x, x)) == pytest.approx(1 + 3)
    asyncio.run(model.fit(x, x, epochs=3, verbose=0))
    assert float(model.layers[0].w) == pytest.approx(1, abs=1e-3)
    with pytest.raises(ArgumentError, match="a scalar tensor or a function, received str"):
        Activity().add_loss("loss")


@pytest.mark.parametrize(
    ("spec", "error", "message"),
    [
        ({"ndim": 3}, ShapeError, "an input of rank 3, received shape"),
        ({"minNDim": 3}, ShapeError, "an input of rank from 3 to any"),
        ({"maxNDim": 1}, ShapeError, "an input of rank from 0 to 1"),
        ({"axes": {-1: 4}}, ShapeError, "expected axis -1 of the input to have length 4"),
        ({"shape": [None, 4]}, ShapeError, "expected axis 1 of the input to have length 4"),
        ({"dtype": "int32"}, ArgumentError, "an input of dtype int32, received float32"),
    ],
)
def test_input_specs(spec, error, message):
    layer = tf.layers.flatten()
    layer.inputSpec = tf.InputSpec(spec)
    with pytest.raises(error, match=message):
        layer(tf.ones([2, 3]))
    with pytest.raises(error, match=message):
        layer.apply(tf.input({"shape": [3]}))
    layer.inputSpec = [tf.InputSpec({"ndim": 2})]
    assert layer(tf.ones([2, 3])).shape == (2, 3)


def test_classes_are_found_by_their_registered_names():
    class Twice(tf.layers.Layer):
        className = "TwiceAsMuch"  # noqa: N815 (as TensorFlow.js spells it)

        def call(self, inputs):
            return inputs * 2

    tf.serialization.registerClass(Twice)
    assert tf.serialization.getRegisteredName(Twice) == "TwiceAsMuch"
    made = tf.layers.LAYERS.get({"className": "TwiceAsMuch", "config": {"name": "t"}})
    assert made(tf.ones([1])).array_sync() == [2]

    @tf.keras.saving.register_keras_serializable(package="mine")
    class Doubled(tf.regularizers.Regularizer):
        def __call__(self, weight):
            return weight.sum() * 2

    dense = tf.layers.dense({"units": 1, "kernelRegularizer": {"className": "mine>Doubled", "config": {}}})
    assert type(dense.kernel_regularizer) is Doubled
    with pytest.raises(ArgumentError, match="expected a subclass of Layer, Initializer"):
        tf.serialization.registerClass(int)


def test_attributes_are_set_in_every_spelling():
    layer = tf.layers.dense({"units": 2})
    layer.useBias = False
    assert layer.use_bias is False
    model = tf.sequential({"layers": [layer]})
    model.stopTraining = True
    assert model.stop_training is True
    layer.ownThing = 3
    assert layer.ownThing == 3


class Scaled(tf.layers.Layer):
    """As one writes it after TensorFlow.js's pages: camelCase, a config that it takes apart, shapes as lists."""

    def __init__(self, config):
        super().__init__(config)
        self.units = config["units"]

    def build(self, inputShape):  # noqa: N803
        self.kernel = self.addWeight(
            "kernel", [inputShape[-1], self.units], "float32", tf.initializers.ones()
        )

    def call(self, inputs):
        return tf.matMul(inputs, self.kernel.read())

    def computeOutputShape(self, inputShape):  # noqa: N802, N803
        return [inputShape[0], self.units]

    def getConfig(self):  # noqa: N802
        return {**super().getConfig(), "units": self.units}


def test_methods_are_overridden_in_every_spelling():
    x = tf.input({"shape": [4]})
    layer = Scaled({"units": 5, "name": "scaled"})
    y = layer.apply(x)
    assert y.shape == (None, 5)
    assert layer.get_config()["units"] == layer.getConfig()["units"] == 5
    assert layer.name == "scaled"
    model = tf.sequential({"layers": [tf.layers.inputLayer({"inputShape": [4]}), layer]})
    assert model.predict(tf.ones([2, 4])).array_sync() == [[4.0] * 5] * 2
    lines = []
    model.summary(printFn=lines.append)
    assert any("[null,5]" in line for line in lines)
