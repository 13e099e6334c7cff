"""Custom layers that hold layers: in attributes, lists, tuples, dicts and each other, drawn at random; and building by hand."""

import asyncio
import random

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError, ShapeError, TraceError
from tfjs_pyo.models.saving.weight_names import named_weights

Layer = tf.layers.Layer
RNG = np.random.default_rng(5)


class Block(Layer):
    """A dense layer in an attribute; no compute_output_shape, no build."""

    def __init__(self, units=5, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.d = tf.layers.dense({"units": units})

    def call(self, inputs):
        return self.d(inputs)

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def _drawn(tree, rng):
    """Returns a container of layers as `tree` says: an int is a layer of so many units."""
    if isinstance(tree, int):
        kinds = [
            lambda: tf.layers.dense({"units": tree, "activation": "tanh"}),
            lambda: Block(tree),
            lambda: tf.sequential(
                {"layers": [tf.layers.dense({"units": 3}), tf.layers.dense({"units": tree})]}
            ),
        ]
        return kinds[tree % 3]()
    if isinstance(tree, dict):
        return {key: _drawn(item, rng) for key, item in tree.items()}
    return type(tree)(_drawn(item, rng) for item in tree)


def _flat(held):
    if isinstance(held, Layer):
        return [held]
    return [layer for item in (held.values() if isinstance(held, dict) else held) for layer in _flat(item)]


class Holder(Layer):
    """Layers in containers; their outputs side by side, then a layer in an attribute."""

    def __init__(self, tree=(), **kwargs):
        super().__init__(**kwargs)
        self.tree = tree
        self.inner = _drawn(tree, None)
        self.last = tf.layers.dense({"units": 2})

    def call(self, inputs, training=False):
        return self.last(tf.concat([layer(inputs) for layer in _flat(self.inner)], -1)) + (
            1.0 if training else 0.0
        )

    def get_config(self):
        return {**super().get_config(), "tree": self.tree}


def _tree(rng, depth=0):
    form = rng.choice(
        ["leaf", "list", "tuple", "dict"]
        if 0 < depth < 3
        else ["leaf"]
        if depth
        else ["list", "tuple", "dict"]
    )
    if form == "leaf":
        return rng.randint(1, 6)
    items = [_tree(rng, depth + 1) for _ in range(rng.randint(1, 3))]
    return (
        {f"k{i}": item for i, item in enumerate(items)}
        if form == "dict"
        else list(items)
        if form == "list"
        else tuple(items)
    )


def _count(tree):
    items = tree.values() if isinstance(tree, dict) else tree
    return 1 if isinstance(tree, int) else sum(map(_count, items))


def _model(layer, width=4):
    x = tf.input({"shape": [width]})
    return tf.model({"inputs": x, "outputs": layer.apply(x)})


def test_shapes_are_found_by_calling():
    assert Block()(tf.input({"shape": [2]})).shape == (None, 5)
    assert Block(84)(tf.input({"shape": [2]})).shape == (None, 84)
    assert Block(84)(tf.input({"shape": [None, 3]})).shape == (None, None, 84)
    assert Block().compute_output_shape((7, 2)) == (7, 5)
    assert Block(3).apply(tf.input({"batchShape": [6, 2]})).shape == (6, 3)


@pytest.mark.parametrize(
    ("function", "given", "expected"),
    [
        (lambda x: tf.concat([x, x], 1), [None, 3], (None, None, 3)),
        (lambda x: x.sum(1), [None, 3], (None, 3)),
        (lambda x: x.reshape([-1, 12]), [None, 3], (None, 12)),
        (lambda x: x.transpose([1, 0, 2]), [5, 3], (5, None, 3)),
        (lambda x: tf.oneHot(x.sum(-1).toInt(), 84), [None, 3], (None, None, 84)),
        (lambda x: x.cast("int32"), [3], (None, 3)),
        (lambda x: x.mean(), [3], ()),
    ],
)
def test_unknown_lengths_stay_unknown(function, given, expected):
    class Own(Layer):
        def call(self, inputs):
            return function(inputs)

    symbol = Own()(tf.input({"shape": given}))
    assert symbol.shape == expected
    shape = [2, *(3 if dim is None else dim for dim in given)]
    if function(tf.ones([4, *shape[1:]])).size:  # what is known agrees with what comes
        found = Own()(tf.ones([4, *[4 if dim is None else dim for dim in given]]))
        assert found.dtype == symbol.dtype
        assert all(e in (None, f) for e, f in zip(symbol.shape, found.shape, strict=True))


def test_several_outputs():
    class Two(Layer):
        def __init__(self):
            super().__init__()
            self.parts = {"a": Block(1), "b": [Block(2)]}

        def call(self, inputs):
            return [self.parts["a"](inputs), self.parts["b"][0](inputs)]

    a, b = Two()(tf.input({"shape": [4]}))
    assert (a.shape, b.shape) == ((None, 1), (None, 2))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("form", ["json", "keras", "values"])
def test_drawn_nestings_are_trained_saved_and_loaded(seed, form, tmp_path):
    rng = random.Random(seed)
    tree = _tree(rng)
    print("seed", seed, "tree", tree)
    model = _model(Holder(tree, name="holder"))
    leaves = _flat(model.layers[1].inner)
    assert len(leaves) == _count(tree)
    expected = sum(4 if len(leaf._sublayers()) == 2 else 2 for leaf in leaves) + 2
    assert len(model.weights) == len(model.trainable_weights) == expected
    before = [weight.numpy() for weight in model.get_weights()]
    model.compile(optimizer="adam", loss="meanSquaredError")
    x, y = RNG.normal(size=(8, 4)).astype(np.float32), RNG.normal(size=(8, 2)).astype(np.float32)
    asyncio.run(model.fit(x, y, epochs=2, batchSize=3, verbose=0))
    after = [weight.numpy() for weight in model.get_weights()]
    assert all((a != b).any() for a, b in zip(before, after, strict=True))
    tf.layers.dense({"units": 1})  # made-up names go on
    tf.serialization.registerClass(Holder)
    if form == "values":
        other = _model(Holder(tree, name="holder"))
        other.set_weights(model.get_weights())
    else:
        path = str(tmp_path / {"json": "model", "keras": "m.keras"}[form])
        asyncio.run(model.save(path))
        other = asyncio.run(tf.loadLayersModel(f"{path}/model.json" if form == "json" else path))
    np.testing.assert_array_equal(other.predict(x).numpy(), model.predict(x).numpy())


def test_names_of_weights_in_files_do_not_depend_on_made_up_names():
    """Two layers of one shape: the names of the second one's weights could be those of the first one's in another program."""

    class Twins(Layer):
        def __init__(self):
            super().__init__(name="twins")
            self.pair = [tf.layers.dense({"units": 3}), tf.layers.dense({"units": 3})]

        def call(self, inputs):
            return self.pair[1](self.pair[0](inputs))

    first = _model(Twins(), 3)
    tf.layers.dense({"units": 1})
    second = _model(Twins(), 3)
    assert [name for name, _ in named_weights(first)] == [name for name, _ in named_weights(second)]
    assert [name for name, _ in named_weights(first)][:2] == ["twins/pair/0/kernel", "twins/pair/0/bias"]


def test_a_weight_that_needs_an_unknown_length_is_refused():
    class Wide(Layer):
        def __init__(self):
            super().__init__()
            self.d = tf.layers.dense({"units": 2})

        def call(self, inputs):
            return self.d(tf.concat([inputs, inputs], -1))

    for shape in ([None], [3, None]):
        with pytest.raises(ShapeError) as caught:
            Wide()(tf.input({"shape": shape}))
        assert "called without data" in "".join(caught.value.__notes__)


def test_values_that_do_not_exist_yet():
    class Reads(Layer):
        def call(self, inputs):
            return inputs * inputs.sum().item()

    with pytest.raises(TraceError) as caught:
        Reads()(tf.input({"shape": [2]}))
    assert "computeOutputShape" in "".join(caught.value.__notes__)


def test_a_call_without_return_says_so():
    class Forgets(Layer):
        def call(self, inputs):
            inputs * 2

    for given in (tf.input({"shape": [2]}), tf.ones([1, 2])):
        with pytest.raises(ArgumentError, match=r"forgets_Forgets\d.*`return`"):
            Forgets()(given)


class Own(Layer):
    """A weight of its own, made in build."""

    def build(self, input_shape):
        super().build(input_shape)
        self.w = self.add_weight("w", [input_shape[-1]], initializer="ones")

    def call(self, inputs):
        return inputs * self.w


MADE = {
    "dense": lambda: tf.layers.dense({"units": 2}),
    "conv1d": lambda: tf.layers.conv1d({"filters": 2, "kernelSize": 2}),
    "lstm": lambda: tf.layers.lstm({"units": 2}),
    "bidirectional": lambda: tf.layers.bidirectional({"layer": tf.layers.gru({"units": 2})}),
    "timeDistributed": lambda: tf.layers.timeDistributed({"layer": tf.layers.dense({"units": 2})}),
    "batchNormalization": lambda: tf.layers.batchNormalization(),
    "sequential": lambda: tf.sequential({"layers": [tf.layers.dense({"units": 2})]}),
    "own": Own,
    "block": Block,
    "holder": lambda: Holder([1, (2, {"a": 3})]),
}


@pytest.mark.parametrize("kind", MADE)
def test_layers_built_by_hand_are_built_once(kind):
    layer, twin = MADE[kind](), MADE[kind]()
    assert not layer.built
    layer.build((None, 4, 3))
    assert layer.built
    kept = list(layer.weights)
    assert kept
    layer.apply(tf.input({"shape": [4, 3]}))
    layer.apply(tf.ones([2, 4, 3]))
    layer.build((None, 4, 3))
    twin.apply(tf.input({"shape": [4, 3]}))
    assert [id(w) for w in layer.weights] == [id(w) for w in kept]
    assert [w.shape for w in kept] == [w.shape for w in twin.weights]
