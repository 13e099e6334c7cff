"""Classes of users in TensorFlow.js's spelling, and layers applied to numbers and arrays."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import TfError

X = np.ones((2, 3), np.float32)


class Scaled(tf.layers.Layer):
    """Own keys of the config, weights, a dict of arguments; never registered."""

    className = "ScaledInTest"  # noqa: N815

    def __init__(self, config):
        super().__init__(config)
        self.factor = config["factor"]

    def build(self, inputShape):  # noqa: N803
        self.w = self.addWeight("w", [inputShape[-1]], "float32", tf.initializers.ones())

    def call(self, inputs, kwargs):
        return inputs * self.w.read() * (10 if kwargs.get("training") else self.factor)

    def getConfig(self):  # noqa: N802
        return {**super().getConfig(), "factor": self.factor}


class Shifted(tf.layers.Layer):
    @staticmethod
    def className():  # noqa: N802
        return "ShiftedInTest"

    def call(self, inputs, kwargs):  # noqa: ARG002
        return inputs[0] + 1 if isinstance(inputs, list) else inputs + 1


class Squares(tf.regularizers.Regularizer):
    className = "SquaresInTest"  # noqa: N815

    def __init__(self, config=None):
        super().__init__()
        self.by = (config or {}).get("by", 2)

    def apply(self, x):
        return x.square().sum() * self.by

    def getConfig(self):  # noqa: N802
        return {"by": self.by}


class AtMost(tf.constraints.Constraint):
    className = "AtMostInTest"  # noqa: N815

    def __init__(self, config=None):
        super().__init__()
        self.most = (config or {}).get("most", 0.5)

    def apply(self, w):
        return w.minimum(self.most)

    def getConfig(self):  # noqa: N802
        return {"most": self.most}


@pytest.mark.parametrize("form", ["folder", "keras"])
def test_layers_are_saved_under_their_class_names_and_made_of_configs(form, tmp_path):
    dense = tf.layers.dense(
        {"units": 2, "kernelRegularizer": Squares({"by": 3}), "kernelConstraint": AtMost({"most": 0.25})}
    )
    x = tf.input({"shape": [3]})
    model = tf.model({"inputs": x, "outputs": dense.apply(Shifted().apply(Scaled({"factor": 4}).apply(x)))})
    target = str(tmp_path / {"folder": "m", "keras": "m.keras"}[form])
    asyncio.run(model.save(target))
    other = asyncio.run(tf.loadLayersModel(f"{target}/model.json" if form == "folder" else target))
    assert [type(layer).__name__ for layer in other.layers] == ["InputLayer", "Scaled", "Shifted", "Dense"]
    assert other.layers[1].factor == 4
    assert (other.layers[3].kernel_regularizer.by, other.layers[3].kernel_constraint.most) == (3, 0.25)
    np.testing.assert_array_equal(other.predict(X).numpy(), model.predict(X).numpy())


def test_arguments_come_as_a_dict():
    layer = Scaled({"factor": 4})
    assert layer.apply(tf.ones([1, 2])).array_sync() == [[4, 4]]
    assert layer.apply(tf.ones([1, 2]), {"training": True}).array_sync() == [[10, 10]]
    assert layer.apply(tf.input({"shape": [2]})).shape == (None, 2)
    model = tf.sequential({"layers": [Scaled({"factor": 4, "inputShape": [2]})]})
    model.compile(optimizer=tf.train.sgd(0.0), loss="meanSquaredError")
    zeros = np.zeros((1, 2), np.float32)
    assert float(model.evaluate(np.ones((1, 2), np.float32), zeros)) == 16
    history = asyncio.run(model.fit(np.ones((1, 2), np.float32), zeros, epochs=1, verbose=0)).history
    assert history["loss"] == [100]


def test_own_regularizers_and_constraints():
    dense = tf.layers.dense(
        {
            "units": 1,
            "inputShape": [3],
            "kernelInitializer": "ones",
            "kernelRegularizer": Squares(),
            "kernelConstraint": AtMost(),
        }
    )
    model = tf.sequential({"layers": [dense]})
    model.compile(optimizer=tf.train.sgd(0.0), loss="meanSquaredError")
    assert float(model.evaluate(X, np.full((2, 1), 3, np.float32))) == 6
    asyncio.run(model.fit(X, np.full((2, 1), 3, np.float32), epochs=1, verbose=0))
    assert dense.kernel.read().array_sync() == [[0.5]] * 3


@pytest.mark.parametrize("by_name", [True, False])
def test_own_optimizers(by_name):
    class InTfjs(tf.train.Optimizer):
        def applyGradients(self, gradients):  # noqa: N802
            for name, gradient in gradients.items():
                variable = tf.engine().registeredVariables[name]
                variable.assign(variable - gradient * 0.1)

    class InKeras(tf.train.Optimizer):
        def apply_gradients(self, gradients, variables=None):  # noqa: ARG002
            for gradient, variable in gradients:
                variable.assign(variable - gradient * 0.1)

    found = []
    for optimizer in (InTfjs() if by_name else InKeras(), tf.train.sgd(0.1)):
        model = tf.sequential(
            {"layers": [tf.layers.dense({"units": 1, "inputShape": [3], "kernelInitializer": "ones"})]}
        )
        model.compile(optimizer=optimizer, loss="meanSquaredError")
        asyncio.run(model.fit(X, np.zeros((2, 1), np.float32), epochs=3, verbose=0))
        found.append([w.numpy() for w in model.get_weights()])
    np.testing.assert_allclose(found[0][0], found[1][0], rtol=1e-6)


@pytest.mark.parametrize(
    "base",
    [tf.layers.Layer, tf.layers.Dense, tf.Model, tf.regularizers.L1L2, tf.train.Optimizer],
)
def test_a_forgotten_super_says_so(base):
    class Forgets(base):
        def __init__(self):
            self.own = 3

        def call(self, inputs):
            return inputs

    def use():
        made, w = Forgets(), tf.variable(tf.scalar(1.0))
        return made(tf.ones([1, 2])) if callable(made) else made.minimize(lambda: w * 2)

    with pytest.raises(TfError, match=r"super\(\).__init__\(\)"):
        use()


NUMBERS = {
    "array": np.ones((2, 3)),
    "int array": np.ones((2, 3), np.int64),
    "list": [[1, 1, 1], [1, 1, 1]],
    "tuple": ((1.0, 1, 1), (1, 1, 1)),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_layers_and_models_on_numbers(kind):
    value = NUMBERS[kind]
    dense = tf.layers.dense({"units": 2, "kernelInitializer": "ones"})
    assert dense(value).array_sync() == dense.apply(value).array_sync() == [[3, 3]] * 2
    x, y = tf.input({"shape": [3]}), tf.input({"shape": [3]})
    one = tf.model({"inputs": x, "outputs": dense.apply(x)})
    assert one(value).array_sync() == [[3, 3]] * 2
    two = tf.model({"inputs": [x, y], "outputs": tf.layers.add().apply([x, y])})
    assert two([value, value]).array_sync() == [[2] * 3] * 2
    assert tf.layers.concatenate()([value, value]).shape == (2, 6)
    assert tf.layers.lstm({"units": 2})([value]).shape == (1, 2) if kind in ("list", "tuple") else True


@pytest.mark.parametrize("way", ["class", "property", "set"])
def test_a_cell_tells_its_state_size_in_either_spelling(way):
    class Cell(tf.layers.RNNCell):
        if way == "class":
            stateSize = 2  # noqa: N815
        if way == "property":

            @property
            def stateSize(self):  # noqa: N802
                return 2

        def __init__(self, config):
            super().__init__(config)
            if way == "set":
                self.stateSize = 2

        def call(self, inputs, kwargs):  # noqa: ARG002
            total = inputs[0] + inputs[1]
            return [total, total]

    model = tf.sequential({"layers": [tf.layers.rnn({"cell": Cell({}), "inputShape": [3, 2]})]})
    assert model.predict(np.ones((1, 3, 2), np.float32)).array_sync() == [[3, 3]]


def test_a_class_says_in_either_spelling_what_it_supports():
    class Passing(tf.layers.Layer):
        supportsMasking = True  # noqa: N815

        def call(self, inputs, kwargs):  # noqa: ARG002
            return inputs

    assert Passing({}).supports_masking is True


@pytest.mark.parametrize("name", ["kwargs", "k", "_", "opts", "params"])
def test_the_dict_of_a_call_may_have_any_usual_name(name):
    space = {"tf": tf}
    exec(
        f"class Own(tf.layers.Layer):\n    def call(self, x, {name}):\n        return x * len({name})", space
    )
    model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]}), space["Own"]({})]})
    model.compile("sgd", "meanSquaredError")
    asyncio.run(model.fit(np.ones((2, 1)), np.ones((2, 1))))
    assert space["Own"]({}).apply(tf.ones([1]), {"training": True, "more": 1}).array_sync() == [2]


def test_an_lstm_begins_as_in_tensorflow_js():
    """There the bias of the forget gate begins at 1 where that is asked for only; in Keras always."""
    for make in (tf.layers.lstm, tf.layers.conv_lstm2d):
        sizes = (
            {"filters": 1, "kernelSize": 1, "inputShape": [2, 3, 3, 1]}
            if make is not tf.layers.lstm
            else {"inputShape": [2, 1]}
        )
        for options, first in (({}, 0), ({"unitForgetBias": True}, 1)):
            layer = make({"units": 1, **sizes, **options} if make is tf.layers.lstm else {**sizes, **options})
            tf.sequential([layer])
            assert layer.weights[2].array_sync() == [0, first, 0, 0]
    layer = tf.keras.layers.LSTM(1)
    layer(tf.ones([1, 2, 1]))
    assert layer.weights[2].array_sync() == [0, 1, 0, 0]
