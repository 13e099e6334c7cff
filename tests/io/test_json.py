"""Models as JSON: ours, TensorFlow.js's, Keras's."""

import asyncio
import json

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.io.recorded import KERAS, TFJS, agree, weights_of
from tfjs_pyo.errors import ArgumentError, FormatError, OptionError


def read(config, **kwargs):
    return asyncio.run(tf.models.modelFromJSON(config, **kwargs))


def small():
    return tf.sequential({"layers": [tf.layers.dense({"units": 2, "inputShape": [3], "name": "only"})]})


@pytest.mark.parametrize("name", TFJS)
def test_models_of_tensorflow_js(name):
    record = TFJS[name]
    model = read(record["json"])
    model.set_weights(weights_of(record))
    agree(model, record)
    again = read(model.toJSON())
    assert again.toJSON() == model.toJSON()
    again.set_weights(weights_of(record))
    agree(again, record)


@pytest.mark.parametrize("name", KERAS)
def test_models_of_keras_3(name):
    record = KERAS[name]
    model = read(record["json"])
    named = {tuple(w["shape"]) for w in record["weights"]}
    assert {w.shape for w in model.weights} == named


def written(config, keys=("class_name", "inbound_nodes", "input_layers", "output_layers")):
    """What of a config says how layers are connected."""
    if isinstance(config, list):
        return [written(item) for item in config]
    if not isinstance(config, dict):
        return config
    kept = {k: v for k, v in config.items() if k in keys}
    layers = config.get("config", {}).get("layers", [])
    inner = {k: v for k, v in config.get("config", {}).items() if k in keys}
    by_name = {entry["config"]["name"]: written(entry) for entry in layers}
    return {**kept, **inner, "layers": by_name}


@pytest.mark.parametrize("name", ["dense", "graph", "states", "merges"])
def test_the_form_is_that_of_tensorflow_js(name):
    theirs = json.loads(TFJS[name]["json"])
    ours = read(theirs).toJSON(None, False)
    assert written(ours) == written(theirs)
    assert list(ours) == ["class_name", "config", "keras_version", "backend"]
    assert ours["keras_version"] == "tfjs-layers 4.22.0"


def test_what_layers_are_told_is_written_as_tensorflow_js_does():
    theirs = json.loads(TFJS["dense"]["json"])
    ours = read(theirs).toJSON(None, False)
    for a, b in zip(ours["config"]["layers"], theirs["config"]["layers"], strict=True):
        assert {k: v for k, v in a["config"].items() if k in b["config"]} == {
            k: v for k, v in b["config"].items() if k in a["config"]
        }
        assert set(b["config"]) <= set(a["config"])


def test_the_converter_can_hand_it_to_keras():
    """Keras refuses options that its layers do not take; the converter passes on what is written."""
    made = tf.sequential(
        {
            "layers": [
                tf.layers.inputLayer({"inputShape": [4, 3]}),
                tf.layers.bidirectional({"layer": tf.layers.lstm({"units": 2, "returnSequences": True})}),
                tf.keras.layers.ZeroPadding1D(1),
                tf.keras.layers.Cropping1D((1, 2)),
                tf.keras.layers.UpSampling1D(2),
                tf.keras.layers.Reshape((6, 4, 1)),
                tf.layers.upSampling2d({}),
            ]
        }
    )
    layers = {entry["class_name"]: entry["config"] for entry in made.toJSON(None, False)["config"]["layers"]}
    assert set(layers["InputLayer"]) == {"batch_input_shape", "dtype", "name", "sparse"}
    assert "batch_input_shape" not in layers["Bidirectional"]["layer"]["config"]
    assert layers["ZeroPadding1D"]["padding"] == [1, 1]
    assert layers["Cropping1D"]["cropping"] == [1, 2]
    assert layers["UpSampling1D"]["size"] == 2
    assert "half_pixel_centers" not in layers["UpSampling2D"]
    again = read(made.toJSON())
    again.set_weights(made.get_weights())
    x = tf.ones([2, 4, 3])
    np.testing.assert_array_equal(np.asarray(again.predict(x)), np.asarray(made.predict(x)))


def test_from_config_of_classes():
    model = small()
    again = tf.Sequential.from_config(model.get_config())
    assert again.get_config() == model.getConfig()
    x = tf.input({"shape": [2], "name": "x"})
    graph = tf.model({"inputs": x, "outputs": tf.layers.flatten({"name": "f"}).apply(x), "name": "g"})
    assert tf.Model.fromConfig(graph.getConfig()).getConfig() == graph.getConfig()


def test_keras_2_forms():
    node = [["x", 0, 0, {}]]
    config = {
        "class_name": "Functional",
        "config": {
            "name": "two",
            "layers": [
                {"class_name": "InputLayer", "name": "x", "inbound_nodes": [],
                 "config": {"batch_input_shape": [None, 3], "dtype": "float64", "sparse": False, "ragged": False, "name": "x"}},
                {"class_name": "Dense", "name": "d", "inbound_nodes": [node],
                 "config": {"name": "d", "trainable": False, "units": 2,
                            "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}},
                            "dtype": {"class_name": "Policy", "config": {"name": "mixed_float16"}}}},
            ],
            "input_layers": [["x", 0, 0]],
            "output_layers": [["d", 0, 0]],
        },
    }  # fmt: skip
    wrapped = {"model_config": json.dumps(config), "keras_version": "2.9.0", "backend": "tensorflow"}
    model = read({"modelTopology": wrapped, "format": "layers-model"})
    assert model.predict(tf.ones([1, 3])).shape == (1, 2)
    assert model.layers[1].trainable is False
    assert model.layers[1].dtype == "float32"
    bare = {"class_name": "Sequential", "config": [config["config"]["layers"][1]]}
    bare["config"][0]["config"]["batch_input_shape"] = [None, 3]
    assert read(bare).predict(tf.ones([1, 3])).shape == (1, 2)


def test_a_stack_built_by_its_data_keeps_its_shape():
    model = tf.sequential({"layers": [tf.layers.dense({"units": 2})]})
    first = model.predict(tf.ones([4, 3]))
    again = read(model.toJSON())
    again.setWeights(model.getWeights())
    np.testing.assert_array_equal(np.asarray(again.predict(tf.ones([4, 3]))), np.asarray(first))


class Residual(tf.keras.Model):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.inner = tf.layers.dense({"units": units, "name": "inner"})

    def call(self, inputs):
        return inputs + self.inner(inputs)

    def get_config(self):
        return {**super().get_config(), "units": self.units}


class MadeItsOwnWay(Residual):
    @classmethod
    def from_config(cls, config):
        return cls(config["units"], name="own_way")


class Stacked(tf.Sequential):
    pass


@pytest.mark.parametrize("kind", [Residual, MadeItsOwnWay])
def test_a_class_of_models_of_ones_own(kind):
    model = kind(3)
    value = np.asarray(model.predict(tf.ones([2, 3])))
    again = read(model.toJSON(), customObjects={kind.__name__: kind})
    again.setWeights(model.getWeights())
    np.testing.assert_array_equal(np.asarray(again.predict(tf.ones([2, 3]))), value)
    assert again.name == ("own_way" if kind is MadeItsOwnWay else model.name)
    saved = []
    model.save(tf.io.withSaveHandler(saved.append))
    handler = tf.io.fromMemory(saved[0])
    loaded = asyncio.run(tf.loadLayersModel(handler, custom_objects={kind.__name__: kind}))
    np.testing.assert_array_equal(np.asarray(loaded.predict(tf.ones([2, 3]))), value)


def test_a_class_of_stacks_of_ones_own():
    model = Stacked([tf.layers.dense({"units": 1, "inputShape": [2]})])
    assert type(read(model.toJSON(), customObjects={"Stacked": Stacked})) is Stacked


def test_an_unknown_class_names_its_near_misses_and_shows_how_to_register_one():
    config = {"class_name": "Desne", "config": {"units": 2}}
    with pytest.raises(OptionError, match=r"(?s)Did you mean 'Dense'.*class Desne\(.*registerClass\(Desne\)"):
        tf.deserialize(config)
    with pytest.raises(OptionError, match="there is no initializer named 'glorotUnifrom'"):
        tf.deserialize({"class_name": "Dense", "config": {"units": 2, "kernel_initializer": "glorotUnifrom"}})


def test_classes_and_functions_of_ones_own():
    class Twice(tf.layers.Layer):
        def call(self, inputs):
            return inputs * 2

    def cube(x):
        return x * x * x

    made = tf.sequential({"layers": [Twice({"inputShape": [2]}), tf.layers.activation({"activation": cube})]})
    text = made.toJSON()
    with pytest.raises(OptionError, match="Twice"):
        read(text)
    model = read(text, custom_objects={"Twice": Twice, "cube": cube})
    assert model.predict(tf.ones([1, 2])).array_sync() == [[8, 8]]
    with pytest.raises(OptionError, match="cube"):
        read(text, custom_objects={"Twice": Twice})


def test_code_in_files_is_never_run():
    layer = {
        "class_name": "Lambda",
        "config": {
            "name": "halve",
            "function": {"class_name": "__lambda__", "config": {"code": "4wEAAAA", "defaults": None}},
        },
    }
    with pytest.raises(
        FormatError,
        match=r"not run; give the function in custom_objects=.* under the name 'halve', or, .*safe_mode=False",
    ):
        tf.deserialize(layer)
    made = tf.deserialize(layer, custom_objects={"halve": lambda x: x / 2})
    assert made(tf.ones([1])).array_sync() == [0.5]


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (
            {"class_name": "TFOpLambda"},
            "a function of TensorFlow, no layer; make the model with layers, such as Add",
        ),
        ({"class_name": "Add", "module": "keras.src.ops.numpy"}, "a function of keras.ops, no layer"),
    ],
)
def test_functions_that_stand_as_layers_are_named(kind, message):
    with pytest.raises(FormatError, match=message):
        tf.deserialize({**kind, "config": {"name": "tf.math.multiply", "function": "math.multiply"}})


def test_options_that_are_not_known_here_are_told_of():
    with pytest.warns(UserWarning, match=r"Dense \(layer 'd'\): the option 'sharding' = 'rows' is not known"):
        tf.deserialize({"class_name": "Dense", "config": {"name": "d", "units": 2, "sharding": "rows"}})


def node(name, number=0, index=0):
    return [[[name, number, index, {}]]]


def layer(name, inbound, kind="Dense", /, **config):
    options = {"units": 2} if kind == "Dense" else {}
    return {
        "class_name": kind,
        "name": name,
        "inbound_nodes": inbound,
        "config": {"name": name, **options, **config},
    }


def graph(*layers, output="d"):
    given = layer("x", [], "InputLayer", batch_input_shape=[None, 3])
    return {
        "class_name": "Model",
        "config": {
            "name": "m", "layers": [given, *layers], "input_layers": [["x", 0, 0]], "output_layers": [[output, 0, 0]],
        },
    }  # fmt: skip


def nested(depth):
    config = layer("d", node("x"))
    for _ in range(depth):
        config = {"class_name": "Sequential", "config": {"name": "s", "layers": [config]}}
    return config


@pytest.mark.parametrize(
    ("config", "error", "message"),
    [
        ('{"class_name": "Seq', FormatError, "expected JSON, received 19 characters that are none"),
        ("[" * 100000, FormatError, "nested too deep"),
        ([], FormatError, "expected the JSON of a model, received list"),
        ({}, FormatError, "expected 'class_name' to be a string, received None"),
        ({"class_name": "Sequential", "config": 3}, FormatError, "to be an object, received 3"),
        ({"class_name": "Sequential", "config": {"layers": 3}}, FormatError, "to be a list"),
        (graph(layer("d", node("e")), layer("e", node("d"))), FormatError, "wait for each other .*: d, e"),
        (graph(layer("d", node("nobody"))), FormatError, "wait for each other or for layers that do not exist: d"),
        (graph(layer("d", node("x", 0, 1))), FormatError, "no output 1 of call 0 of a layer 'x'"),
        (graph(layer("d", node("x")), output="e"), FormatError, "no output 0 of call 0 of a layer 'e'"),
        (graph(layer("d", node("x")), layer("d", node("x"))), FormatError, "two are named 'd'"),
        (graph(layer("d", [[["x", "0", 0]]])), FormatError, r"a list of \[layer, call, output, options\]"),
        (graph(layer("d", node("x"), units=-2)), OptionError, "positive integer, received -2"),
        (graph(layer("d", node("x"), units="2")), OptionError, "positive integer, received '2'"),
        (graph(layer("d", node("x"), dtype="float99")), FormatError, "expected 'dtype' to be one of float32.*'float99'"),
        (graph(layer("d", node("x"), name=[1])), FormatError, "expected 'name' to be a string"),
        (graph(layer("d", node("x"), batch_input_shape=[None, -3])), OptionError, "list of dimensions"),
        (nested(200), FormatError, "at most 64 levels"),
        ({"class_name": "D" * 2_000_000, "config": {}}, OptionError, "no class of this name"),
    ],
)  # fmt: skip
def test_what_is_broken_is_told(config, error, message):
    with pytest.raises(error, match=message) as caught:
        read(config)
    assert len(str(caught.value)) < 2000


def test_only_what_json_holds_is_written():
    x = tf.input({"shape": [3]})
    outputs = [tf.layers.dense({"units": 1, "name": "same"}).apply(x) for _ in range(2)]
    with pytest.raises(ArgumentError, match="2 are named 'same'"):
        tf.model({"inputs": x, "outputs": outputs}).toJSON()
