"""Every public member of TensorFlow.js's classes (names_classes.mjs, from its declarations) is here, or excused with a reason."""

import asyncio
import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tfjs_pyo as tf
from tfjs_pyo import naming
from tfjs_pyo.config import REQUIRED
from tfjs_pyo.errors import NameNotFoundError

CLASSES: dict[str, dict[str, list[str]]] = json.loads(
    Path(__file__).with_name("classes.json").read_text(encoding="utf-8")
)["classes"]

NEEDED: dict[str, Any] = {
    "units": 3, "filters": 2, "kernel_size": 2, "rate": 0.5, "output_size": 2,
    "input_dim": 4, "output_dim": 3, "n": 2, "dims": [1],
    "target_shape": [-1], "axes": 1, "stddev": 0.5, "num_tokens": 4, "scale": 2.0, "height": 2, "width": 2, "factor": 0.5,
    "activation": "relu", "num_heads": 2, "key_dim": 2, "height_factor": 0.2, "width_factor": 0.2,
    "equation": "ab,bc->ac", "output_shape": 3, "layers": [], "head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2,
    "num_bins": 3, "max_number": 3,
}  # fmt: skip
"""A value for each field of a layer that has no default."""

TOPOLOGY = {"node": [{"name": "x", "op": "Placeholder"}, {"name": "y", "op": "Relu", "input": ["x"]}]}


def layer(name: str) -> tf.layers.Layer:
    """Returns a layer of a class, applied to inputs where it can be."""
    kind = getattr(tf.layers, name)
    needed = {key: NEEDED.get(key) for key, each in kind.fields.items() if each.default is REQUIRED}
    if "cell" in needed or name == "RNN":
        needed["cell"] = tf.layers.simpleRNNCell(units=3)
    if "cells" in needed:
        needed["cells"] = [tf.layers.simpleRNNCell(units=3)]
    if "layer" in needed:
        needed["layer"] = tf.layers.dense(3) if name == "TimeDistributed" else tf.layers.simpleRNN(units=3)
    if name == "RandomPosterization":
        needed["factor"] = 4  # bits
    return kind(**needed)


def built(made: tf.layers.Layer, shape: tuple[int, ...] = (2, 4)) -> tf.layers.Layer:
    """Returns a layer with its weights."""
    made._ensure_built(shape)
    return made


def model() -> tf.Model:
    x = tf.input(shape=[3])
    made = tf.model(inputs=x, outputs=tf.layers.dense(2).apply(x))
    made.compile("sgd", "meanSquaredError")
    return made


def sequential() -> tf.Sequential:
    made = tf.sequential([tf.layers.dense(2, input_shape=[3])])
    made.compile("sgd", "meanSquaredError")
    return made


MADE: dict[str, Callable[[], Any]] = {
    "AdadeltaOptimizer": tf.train.adadelta,
    "AdagradOptimizer": lambda: tf.train.adagrad(0.1),
    "AdamOptimizer": tf.train.adam,
    "AdamaxOptimizer": tf.train.adamax,
    "MomentumOptimizer": lambda: tf.train.momentum(0.1, 0.9),
    "Optimizer": lambda: tf.train.sgd(0.1),
    "RMSPropOptimizer": lambda: tf.train.rmsprop(0.1),
    "SGDOptimizer": lambda: tf.train.sgd(0.1),
    "Tensor": lambda: tf.ones([2]),
    "TensorBuffer": lambda: tf.buffer([2]),
    "Variable": lambda: tf.variable(tf.ones([2])),
    "Environment": tf.env,
    "CompositeArrayBuffer": lambda: tf.io.CompositeArrayBuffer([b"abc"]),
    "Serializable": tf.train.adam,
    "CustomCallback": lambda: tf.CustomCallback({"onEpochEnd": lambda *_: None}),
    "History": tf.History,
    "Callback": tf.Callback,
    "EarlyStopping": tf.callbacks.earlyStopping,
    "InputSpec": lambda: tf.InputSpec(ndim=2),
    "SymbolicTensor": lambda: tf.input(shape=[3]),
    "LayersModel": model,
    "Sequential": sequential,
    "LayerVariable": lambda: tf.layers.dense(2).apply(tf.input(shape=[3])).sourceLayer.weights[0],
    "Constraint": tf.constraints.maxNorm,
    "Zeros": tf.initializers.zeros,
    "Initializer": tf.initializers.ones,
    "Layer": lambda: tf.layers.dense(2),
    "InputLayer": lambda: tf.layers.inputLayer(inputShape=[3]),
    "SimpleRNNCell": lambda: built(tf.layers.simpleRNNCell(units=3)),
    "GRUCell": lambda: built(tf.layers.gruCell(units=3)),
    "LSTMCell": lambda: built(tf.layers.lstmCell(units=3)),
    "ConvLSTM2DCell": lambda: built(tf.layers.convLstm2dCell(filters=2, kernelSize=2), (2, 4, 4, 1)),
    "RNNCell": lambda: tf.layers.simpleRNNCell(units=3),
    "Regularizer": tf.regularizers.l2,
    "Dataset": lambda: tf.data.array([1, 2]),
    "CSVDataset": lambda: tf.data.csv("nowhere.csv"),
    "TextLineDataset": lambda: tf.data.TextLineDataset(tf.data.FileDataSource(b"a")),
    "MicrophoneIterator": lambda: tf.data.MicrophoneIterator,
    "WebcamIterator": lambda: tf.data.WebcamIterator,
    "FileDataSource": lambda: tf.data.FileDataSource(b"a"),
    "URLDataSource": lambda: tf.data.URLDataSource("http://localhost/a"),
    "GraphModel": lambda: asyncio.run(tf.loadGraphModel(tf.io.fromMemory({"modelTopology": TOPOLOGY}))),
}

PLATFORM = "a hook for JavaScript platforms"
ENGINE = "belongs to TensorFlow.js's engine, whose form is another here"
KERNELS = "registers kernels and backends, whose form is another here: ops are declared, backends interpreted or compiled for"
GRAPH = "of TensorFlow.js's own form of graphs; here are inputLayers, outputLayers, getInputAt, getOutputAt, symbolic tensors"
DEFAULTS = "a default, which the layer's signature shows here"
INTERNAL = "helps TensorFlow.js's own files and tests"
DROPOUT = "the dropout of cells is drawn anew in each step here, and kept nowhere"

WITHOUT: dict[str, str] = {
    **dict.fromkeys(
        ["dataId", "dataToGPU", "scopeId", "kept", "kerasMask", "rankType", "throwIfDisposed", "strides"],
        ENGINE,
    ),
    **dict.fromkeys(
        ["inboundNodes", "outboundNodes", "containerNodes", "nodesByDepth", "layersByDepth"], GRAPH
    ),
    **dict.fromkeys(["inputLayersNodeIndices", "inputLayersTensorIndices", "feedInputShapes"], GRAPH),
    **dict.fromkeys(["outputLayersNodeIndices", "outputLayersTensorIndices", "internalContainerRefs"], GRAPH),
    **dict.fromkeys(["getQueryParams", "global", "platform", "registerFlag", "setPlatform"], PLATFORM),
    **dict.fromkeys(["dropoutFunc", "dropoutMask", "recurrentDropoutMask"], DROPOUT),
    **dict.fromkeys(
        ["fitLoop", "loadTrainingConfig", "metricsTensors", "maybeWait", "nextFrameFunc", "nowFunc"], INTERNAL
    ),
    **dict.fromkeys(
        ["fromConfigUsesCustomObjects", "saveIterations", "setFastWeightInitDuringBuild"], INTERNAL
    ),
    **dict.fromkeys(["base", "makeDataElement", "cropAndResizeFrame"], INTERNAL),
    **dict.fromkeys(["inputConv", "recurrentConv", "centerCrop", "upsize", "softmax"], INTERNAL),
}
"""Members that no class has here, each with the reason; names that begin with DEFAULT_ are defaults of fields."""

UNITS = {"ConvLSTM2DCell": {"units"}}
"""Members that one class does without: TensorFlow.js declares them by inheritance, and they mean nothing there."""

NO_CLASSES = {
    "KernelBackend": KERNELS,
    "DataStorage": KERNELS,
    "Engine": ENGINE,
    "CallbackList": "calls the callbacks of a fit, which is the affair of fit",
    "OptimizerConstructors": "only makes tf.train",
    "SerializationMap": "only holds what tf.serialization registers",
}


def has(instance: Any, name: str) -> bool:
    """Returns whether an object has a member, in TensorFlow.js's spelling."""
    try:
        getattr(instance, name)
    except NameNotFoundError as error:
        return "There is no" in str(error) or "there is no" in str(error)
    except AttributeError:
        return False
    return True


CHECKED = sorted(set(CLASSES) - set(NO_CLASSES))


@functools.cache
def missing_of(name: str) -> set[str]:
    """Returns the members of a class that are not here."""
    instance = MADE[name]() if name in MADE else layer(name)
    return {member for member in CLASSES[name]["members"] if not has(instance, member)}


@pytest.mark.parametrize("name", CHECKED)
def test_every_member_is_here_or_excused(name):
    missing = missing_of(name)
    excused = {member for member in missing if member in WITHOUT or member.startswith("DEFAULT_")}
    assert missing - excused == UNITS.get(name, set())


def test_excuses_name_what_exists_and_is_missing():
    members = {member for each in CLASSES.values() for member in each["members"]}
    assert set(WITHOUT) <= members
    assert set(NO_CLASSES) <= set(CLASSES)
    missing = {member for name in CHECKED for member in missing_of(name)}
    assert set(WITHOUT) <= missing


def test_print_the_coverage(capsys):
    total = sum(len(each["members"]) for name, each in CLASSES.items() if name not in NO_CLASSES)
    named = [member for name, each in CLASSES.items() if name not in NO_CLASSES for member in each["members"]]
    excused = [member for member in named if member in WITHOUT or member.startswith("DEFAULT_")]
    with capsys.disabled():
        print(f"\nTensorFlow.js 4.22's classes: {total - len(excused)} of {total} public members are here.")


KIN = {"ConvLSTM1D": ["ConvLSTM2D"], "ConvLSTM3D": ["ConvLSTM2D"]}
"""Classes that TensorFlow.js lacks, with those whose members they have."""
OURS = {
    "add_weight": "TypeScript calls it protected",
    "from_config": "a static method",
    "per_sample": "a class of a user's own says that its samples do not mix",
    "negative_slope": "Keras's name of alpha",
    "data_format": "of all layers over images, as in Keras",
    **dict.fromkeys(("compute_loss", "train_step", "test_step", "test_on_batch"), "Keras's"),
    **dict.fromkeys(
        ("adapt", "get_vocabulary", "set_vocabulary", "vocabulary_size", "reset_state"), "Keras's"
    ),
    **dict.fromkeys(
        ("beta", "gamma", "forward_layer", "backward_layer"), "TypeScript calls it private; Keras has it"
    ),
    "is_training": "TypeScript calls it protected",
    "convolution_op": "subclasses in Keras's face define it",
    "trained_weights": "which weights compile chose",
    "user_defined_metadata": "TypeScript calls it private",
}
"""Names of layers and models that TensorFlow.js's declarations lack, and why they are here."""


def shown() -> dict[str, tuple[Any, list[str]]]:
    """Layers of all classes and models, each with the classes of TensorFlow.js whose members it has."""
    made = {
        "model": (model, ["LayersModel", "Container"]),
        "sequential": (sequential, ["LayersModel", "Sequential", "Container"]),
    }
    needs_more = {"InputLayer", "Lambda", "Discretization"}
    names = [n for n, k in tf.layers.LAYERS.items.items() if k.__module__.startswith("tfjs_pyo.layers.")]
    made |= {
        name: (functools.partial(layer, name), [name, *KIN.get(name, [])])
        for name in names
        if name not in needs_more
    }
    return made


@pytest.mark.parametrize("name", shown())
def test_dir_shows_what_users_may_rely_on_and_nothing_else(name):
    make, classes = shown()[name]
    made = make()
    declared = [CLASSES[each] for each in ("Layer", *classes) if each in CLASSES]
    known = {member for each in declared for members in each.values() for member in members}
    known |= {*OURS, *type(made).fields}
    folded = {naming.fold(each) for each in known}
    assert {each for each in dir(made) if naming.fold(each) not in folded} == set()
