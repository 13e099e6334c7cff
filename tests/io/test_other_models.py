"""A model of one kind given to what loads the other is named, with what loads it; suggestions have the spelling of the file."""

import asyncio
import json

import pytest

import tfjs_pyo as tf
from tests.graph_models.helpers import model_of
from tfjs_pyo import keras, naming
from tfjs_pyo.errors import ArgumentError, FormatError, OptionError, TfError

NODES = [
    {"name": "In_1", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}}},
    {"name": "Identity", "op": "Identity", "input": ["In_1"]},
]
GRAPH = {"modelTopology": {"node": NODES}, "format": "graph-model", "weightsManifest": []}


def layers():
    return tf.sequential([tf.layers.dense(units=1, input_shape=[2])])


@pytest.mark.parametrize("place", ["folder", "folder/model.json", "model.keras"])
def test_layers_given_to_the_loader_of_graphs(place, tmp_path):
    asyncio.run(layers().save(str(tmp_path / ("folder" if place.startswith("folder") else place))))
    with pytest.raises(FormatError, match=r"model of layers\. Load it with tf\.loadLayersModel"):
        asyncio.run(tf.loadGraphModel(str(tmp_path / place)))


@pytest.mark.parametrize(
    "wrap", [lambda told: told, lambda told: {"model_config": told, "keras_version": "2.9.0"}]
)
def test_forms_of_layers_given_to_the_loader_of_graphs(wrap):
    told = {"modelTopology": wrap(layers().to_json(None, False)), "weightSpecs": [], "weightData": b""}
    with pytest.raises(FormatError, match=r"tf\.loadLayersModel"):
        asyncio.run(tf.loadGraphModel(tf.io.fromMemory(told)))


LOADERS = {
    "address": lambda path: asyncio.run(tf.loadLayersModel(path)),
    "memory": lambda _: asyncio.run(
        tf.loadLayersModel(tf.io.fromMemory({**GRAPH, "weightSpecs": [], "weightData": b""}))
    ),
    "json": lambda _: asyncio.run(tf.models.modelFromJSON(GRAPH)),
    "text": lambda _: asyncio.run(tf.models.modelFromJSON(json.dumps(GRAPH["modelTopology"]))),
    "keras": keras.saving.load_model,
}


@pytest.mark.parametrize("loader", LOADERS)
def test_graphs_given_to_loaders_of_layers(loader, tmp_path):
    (tmp_path / "model.json").write_text(json.dumps(GRAPH))
    with pytest.raises(
        FormatError, match=r"graph model, converted from a SavedModel\. Load it with tf\.loadGraphModel"
    ):
        LOADERS[loader](str(tmp_path / "model.json"))


def test_suggestions_have_the_spelling_of_the_file():
    graph = model_of(*NODES)
    cases = [
        (lambda: graph.execute({"In_1": tf.scalar(1.0)}, "identity"), "Did you mean 'Identity'"),
        (lambda: graph.predict({"in1": tf.scalar(1.0)}), "Did you mean 'In_1'"),
        (
            lambda: model_of(NODES[0], {"name": "y", "op": "Matmul", "input": ["In_1", "In_1"]}).predict(
                tf.ones([1, 1])
            ),
            "'MatMul'",
        ),
        (lambda: tf.deserialize({"class_name": "Conv2DD", "config": {}}), "'Conv2D'"),
        (lambda: tf.deserialize({"class_name": "denses", "config": {}}), "'Dense'"),
    ]
    for call, message in cases:
        with pytest.raises((ArgumentError, FormatError, OptionError, TfError), match=message):
            call()


def test_names_without_an_end_are_compared_in_part():
    names = [f"Block_{number}/Conv2D" for number in range(300_000)]
    assert "'Block_1/Conv2D'" in naming.suggestions("block_1/conv2", names, str)
    assert len(naming.suggestions("x" * 1_000_000, ["x" * 999_999], str)) < 200
