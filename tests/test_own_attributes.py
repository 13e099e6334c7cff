"""Attributes that users set on objects of their own: under any public name, read back as they were, with no other effect."""

import random

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.linear import run
from tfjs_pyo import naming
from tfjs_pyo.config import Configurable, Field

SEED = 16
WORDS = [
    "loss",
    "weights",
    "calls",
    "made",
    "rate",
    "label",
    "input",
    "step",
    "count",
    "built",
    "list",
    "own",
    "spec",
    "state",
]


class OwnLayer(tf.layers.Layer):
    def build(self, input_shape):
        self.kernel = self.add_weight("kernel", (input_shape[-1], 2), initializer="ones", regularizer="l2")

    def call(self, inputs):
        return tf.mat_mul(inputs, self.kernel)


class OwnModel(tf.Model):
    def __init__(self):
        super().__init__()
        self.inner = OwnLayer()

    def call(self, inputs):
        return self.inner(inputs)


class OwnStack(tf.Sequential):
    def __init__(self):
        super().__init__()
        self.add(OwnLayer())


class OwnGraph(tf.Model):
    def __init__(self):
        x = tf.input({"shape": [3]})
        super().__init__(inputs=x, outputs=OwnLayer()(x))


class OwnCallback(tf.callbacks.Callback):
    pass


class OwnMetric(tf.keras.metrics.Mean):
    pass


class OwnOptimizer(tf.train.Adam):
    pass


class OwnRegularizer(tf.regularizers.L1L2):
    pass


KINDS = [OwnLayer, OwnModel, OwnStack, OwnGraph, OwnCallback, OwnMetric, OwnOptimizer, OwnRegularizer]


def private_names(made):
    """Private names of an object and its classes, without the underscore, in camelCase."""
    return sorted(
        {naming.camel(n.strip("_")) for n in [*vars(made), *dir(type(made))] if n[0] == "_" and n.strip("_")}
    )


def drawn_names(made):
    stream = random.Random(f"{SEED} {type(made).__name__}")
    names = ["_".join(stream.sample(WORDS, stream.randint(2, 3))) for _ in range(60)]
    return [spelled for name in names for spelled in (name, naming.camel(name))]


def is_free(made, name):
    """Whether a name is neither a method nor a field, in this spelling, nor the spelling of what can be set."""
    return not hasattr(type(made), name) and naming.fold(name) not in getattr(type(made), "settable", {})


def worked(made):
    """What an object gives: predictions, losses, configs."""
    if isinstance(made, tf.Model):
        x, y = np.arange(12.0).reshape(4, 3) / 10, np.ones((4, 2))
        made.compile(optimizer=tf.train.sgd(0.01), loss="mse", metrics=["mae"])
        before = [each.item() for each in made.evaluate(x, y)]
        losses = run(made.fit(x, y, epochs=2, shuffle=False)).history["loss"]
        return [*before, *losses, *made.predict(x).numpy().ravel().tolist(), made.count_params()]
    if isinstance(made, tf.layers.Layer):
        return made.apply(tf.ones([2, 3])).array_sync(), len(made._all_penalties()), len(made.get_weights())
    if isinstance(made, tf.callbacks.Callback):
        return sorted(made.handlers())
    if isinstance(made, tf.train.Optimizer):
        w = tf.variable(tf.ones([2]))
        made.minimize(lambda: tf.sum(tf.square(w)), False, [w])
        return w.array_sync(), {k: v for k, v in made.get_config().items() if k != "name"}
    return {k: v for k, v in made.get_config().items() if k != "name"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_user_sets_is_read_back_and_changes_nothing_else(kind):
    expected, made = worked(kind()), kind()
    names = [name for name in [*private_names(made), *drawn_names(made)] if is_free(made, name)]
    print(f"seed {SEED}: {len(names)} names")
    for number, name in enumerate(names):
        setattr(made, name, number)
    assert {name: getattr(made, name) for name in names} == {name: n for n, name in enumerate(names)}
    assert worked(made) == expected


@pytest.mark.parametrize(
    "name", ["lossWeights", "callsMade", "addedLosses", "losses", "outputList", "label", "calls"]
)
def test_names_like_private_ones_do_not_reach_them(name):
    made = OwnModel()
    expected = worked(OwnModel())
    setattr(made, name, [5.0])
    assert getattr(made, name) == [5.0]
    assert worked(made) == expected


def test_declared_fields_and_settable_properties_have_spellings():
    class Own(tf.layers.Dense):
        @property
        def half_rate(self):
            return self.kept / 2

        @half_rate.setter
        def half_rate(self, value):
            self.kept = 2 * value

    layer = Own(units=2)
    layer.halfRate = 4
    layer.useBias = False
    layer.inputSpec = tf.InputSpec(ndim=2)
    layer.supportsMasking = True
    assert (layer.kept, layer.half_rate, layer.halfRate) == (8, 4, 4)
    assert (layer.use_bias, layer.input_spec.ndim, layer.supports_masking) == (False, 2, True)
    model = OwnModel()
    model.stopTraining = True
    assert model.stop_training is model.stopTraining is True


def test_a_method_and_an_attribute_of_two_spellings_are_two_things():
    class Own(tf.layers.Layer):
        def first_layer(self):
            return "method"

    layer = Own()
    layer.firstLayer = 5
    assert layer.firstLayer == 5
    assert layer.first_layer() == "method"


def configurables(kind=Configurable):
    return [kind, *(each for below in kind.__subclasses__() for each in configurables(below))]


def test_every_field_has_a_spelling():
    for kind in configurables():
        for name, declared in kind.fields.items():
            assert isinstance(declared, Field)
            if not name.startswith("_"):
                assert kind.settable[naming.fold(name)] == name
