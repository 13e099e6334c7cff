"""Models changed as models: configs of layers swapped, inbound nodes permuted, widths changed with all that depends on them.

What means the same predicts the same. Whatever else a topology says, loading ends in a model or in an error of ours; a model
predicts, or says why not, and saved and read again it predicts the same.
"""

import asyncio
import base64
import copy
import json
import os
import random
import warnings

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.io.recorded import TFJS, agree, weights_of
from tfjs_pyo.errors import TfError

CASES = 3000 if os.environ.get("TFJS_PYO_SLOW") else 150
COMMUTATIVE = {"Add", "Average", "Maximum", "Minimum", "Multiply"}
RANDOM = ("Dropout", "Noise", "Random")


def topology(name):
    """The topology of a recorded model, to be changed."""
    return copy.deepcopy(TFJS[name]["artifacts"]["modelTopology"])


def configs(model):
    """The configs of a model and of those in it: what has layers."""
    yield model["config"]
    for layer in layers_of(model["config"]):
        for inner in (layer, layer["config"].get("layer")):
            if inner and inner.get("class_name") in ("Model", "Functional", "Sequential"):
                yield from configs(inner)


def layers_of(config):
    """The layers of a model's config."""
    return config["layers"] if isinstance(config, dict) else config


def entries(model):
    """The entries of all layers of a model that are no inputs."""
    return [
        layer
        for config in configs(model)
        for layer in layers_of(config)
        if layer["class_name"] != "InputLayer"
    ]


def whole(name, changed):
    """The artifacts of a recorded model with a changed topology."""
    record = TFJS[name]
    data = base64.b64decode(record["weightData"])
    return {**record["artifacts"], "modelTopology": changed, "weightData": data}


FUNCTIONAL = [name for name in TFJS if TFJS[name]["artifacts"]["modelTopology"]["class_name"] != "Sequential"]


@pytest.mark.parametrize("name", FUNCTIONAL)
def test_the_order_of_layers_and_of_what_is_added_up_means_nothing(name):
    for seed in range(3):
        drawn, changed = random.Random(seed), topology(name)
        for config in configs(changed):
            if "input_layers" not in config:
                continue
            drawn.shuffle(config["layers"])
            for layer in config["layers"]:
                if layer["class_name"] in COMMUTATIVE:
                    for call in layer["inbound_nodes"]:
                        drawn.shuffle(call)
        agree(asyncio.run(tf.loadLayersModel(tf.io.fromMemory(whole(name, changed)))), TFJS[name])


@pytest.mark.parametrize("name", TFJS)
def test_layers_may_have_any_names(name):
    record = TFJS[name]
    changed, names = topology(name), {}
    for config in configs(changed):
        for layer in layers_of(config):
            own = layer["config"]
            names.setdefault(own["name"] if isinstance(own, dict) else layer["name"], f"l/{len(names)}_1")
    text = json.dumps(changed)
    for former, new in sorted(names.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(f'"name": "{former}"', f'"name": "{new}"').replace(
            f'["{former}", ', f'["{new}", '
        )
    artifacts = whole(name, json.loads(text))
    artifacts.pop("trainingConfig", None)
    del artifacts["weightData"], artifacts["weightSpecs"]
    model = asyncio.run(tf.loadLayersModel(tf.io.fromMemory(artifacts)))
    model.set_weights([tf.tensor(each) for each in weights_of(record)])
    agree(model, record)


@pytest.mark.parametrize("width", [1, 5, 8])
def test_widths_that_change_everywhere_change_the_weights_and_nothing_else(width):
    changed = topology("dense")
    hidden = next(layer for layer in entries(changed) if layer["class_name"] == "Dense")
    former = hidden["config"]["units"]
    hidden["config"]["units"] = width
    specs = copy.deepcopy(TFJS["dense"]["artifacts"]["weightSpecs"])
    drawn, values = np.random.default_rng(width), []
    for spec in specs:
        spec["shape"] = [width if dim == former else dim for dim in spec["shape"]]
        values.append(drawn.normal(size=spec["shape"]).astype(np.float32))
    data = b"".join(value.tobytes() for value in values)
    told = {"modelTopology": changed, "weightSpecs": specs, "weightData": data}
    model = asyncio.run(tf.loadLayersModel(tf.io.fromMemory(told)))
    given = {spec["name"]: value for spec, value in zip(specs, values, strict=True)}
    for layer in model.layers:
        for weight in layer.weights:
            np.testing.assert_array_equal(weight.read().numpy(), given[weight.original_name])
    specs[0]["shape"] = specs[0]["shape"][::-1]
    with pytest.raises(TfError, match="shape"):
        asyncio.run(tf.loadLayersModel(tf.io.fromMemory(told)))


def with_another_config(model, drawn):
    """Gives a layer class and config of one of another model, or the config alone."""
    own = drawn.choice(entries(model))
    other = copy.deepcopy(drawn.choice(entries(topology(drawn.choice([*TFJS])))))
    if not isinstance(own["config"], dict) or not isinstance(other["config"], dict):
        return
    if drawn.random() < 0.7:
        own["class_name"] = other["class_name"]
    own["config"] = {
        **other["config"],
        **{key: own["config"][key] for key in ("name", "batch_input_shape") if key in own["config"]},
    }


def with_other_edges(model, drawn):
    """Permutes what layers are called with, or lets a call take from another layer: circles are possible."""
    config = drawn.choice([c for c in configs(model) if isinstance(c, dict)])
    called = [layer for layer in layers_of(config) if layer.get("inbound_nodes")]
    if not called:
        return
    layer = drawn.choice(called)
    call = drawn.choice(layer["inbound_nodes"])
    kind = drawn.randrange(4)
    if kind == 0:
        drawn.shuffle(call)
    elif kind == 1:
        drawn.shuffle(layer["inbound_nodes"])
    elif kind == 2:
        drawn.choice(call)[0] = drawn.choice(layers_of(config))["config"]["name"]
    else:
        other = drawn.choice(called)
        layer["inbound_nodes"], other["inbound_nodes"] = other["inbound_nodes"], layer["inbound_nodes"]


def with_another_width(model, drawn):
    """Changes a number wherever it stands in the model, as if each of them were the same width."""
    former, new = drawn.choice([2, 3, 4, 5, 6]), drawn.choice([1, 2, 3, 4, 7])

    def change(value):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(item, (dict, list)):
                if key not in ("inbound_nodes", "input_layers", "output_layers"):
                    change(item)
            elif type(item) is int and item == former:
                value[key] = new

    change(model["config"])


CHANGES = [with_another_config, with_another_config, with_other_edges, with_other_edges, with_another_width]


def predicted(model):
    """What a model makes of the same numbers each time, or the error of ours that it raises."""
    drawn = np.random.default_rng(0)
    inputs = [
        tf.tensor(drawn.uniform(0, 1, [2 if dim is None else dim for dim in each.shape]).astype(np.float32))
        for each in model.inputs
    ]
    found = model.predict(inputs if len(inputs) > 1 else inputs[0])
    return [each.numpy() for each in (found if isinstance(found, list) else [found])]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(CASES))
def test_whatever_a_topology_says_it_ends_in_a_model_or_in_words(seed):
    drawn = random.Random(seed)
    changed = topology(drawn.choice([*TFJS]))
    for _ in range(drawn.randint(1, 3)):
        drawn.choice(CHANGES)(changed, drawn)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        first, said = None, ""
        try:
            model = asyncio.run(tf.loadLayersModel(tf.io.fromMemory({"modelTopology": changed})))
            first = predicted(model)
        except TfError as error:
            said = str(error)
        assert len(said) < 3000
        if first is None or any(type(layer).__name__.startswith(RANDOM) for layer in model.layers):
            return
        asyncio.run(model.save("memory://changed"))
        again = asyncio.run(tf.loadLayersModel("memory://changed"))
        asyncio.run(tf.io.removeModel("memory://changed"))
        if getattr(model, "stateful", False):
            model.reset_states()
            first = predicted(model)
        for one, other in zip(predicted(again), first, strict=True):
            np.testing.assert_array_equal(one, other)
