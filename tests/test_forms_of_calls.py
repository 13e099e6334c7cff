"""What is made from options takes them in every form, and all forms mean the same: a dict, names, places, in any spelling."""

import inspect
import json
import random
import types
from pathlib import Path

import pytest

import tfjs_pyo as tf
from tfjs_pyo import naming
from tfjs_pyo.errors import ArgumentError

SEED = 15
RECORD = json.loads((Path(__file__).parent / "layers/layers_by_tfjs.json").read_text(encoding="utf-8"))


def layer_cases():
    found = {}
    for number, record in enumerate(RECORD["layers"]):
        config = {key: value for key, value in record["config"].items() if not isinstance(value, dict)}
        if config:
            found[f"layers.{record['factory']}-{number}"] = getattr(tf.layers, record["factory"]), config
    return found


CASES = {
    **layer_cases(),
    "train.sgd": (tf.train.sgd, {"learningRate": 0.5}),
    "train.momentum": (tf.train.momentum, {"learningRate": 0.5, "momentum": 0.25, "useNesterov": True}),
    "train.adam": (tf.train.adam, {"learningRate": 0.5, "beta1": 0.25, "beta2": 0.75, "epsilon": 1e-3}),
    "train.rmsprop": (tf.train.rmsprop, {"learningRate": 0.5, "decay": 0.75, "momentum": 0.25, "centered": True}),
    "train.adagrad": (tf.train.adagrad, {"learningRate": 0.5, "initialAccumulatorValue": 0.25}),
    "regularizers.l1": (tf.regularizers.l1, {"l1": 0.5}),
    "regularizers.l2": (tf.regularizers.l2, {"l2": 0.5}),
    "regularizers.l1l2": (tf.regularizers.l1l2, {"l1": 0.5, "l2": 0.25}),
    "constraints.maxNorm": (tf.constraints.max_norm, {"maxValue": 3, "axis": 1}),
    "constraints.minMaxNorm": (tf.constraints.min_max_norm, {"minValue": 0.5, "maxValue": 2.0, "rate": 0.5, "axis": 1}),
    "initializers.constant": (tf.initializers.constant, {"value": 2}),
    "initializers.identity": (tf.initializers.identity, {"gain": 2.0}),
    "initializers.randomUniform": (tf.initializers.random_uniform, {"minval": -1, "maxval": 2, "seed": 3}),
    "initializers.truncatedNormal": (tf.initializers.truncated_normal, {"mean": 1, "stddev": 2, "seed": 3}),
    "initializers.glorotNormal": (tf.initializers.glorot_normal, {"seed": 3}),
    "initializers.orthogonal": (tf.initializers.orthogonal, {"gain": 2.0, "seed": 3}),
    "initializers.varianceScaling": (
        tf.initializers.variance_scaling, {"scale": 2.0, "mode": "fanOut", "distribution": "uniform", "seed": 3},
    ),
    "callbacks.earlyStopping": (
        tf.callbacks.early_stopping, {"monitor": "loss", "minDelta": 0.5, "patience": 3, "mode": "max"},
    ),
    "InputSpec": (tf.InputSpec, {"dtype": "int32", "minNdim": 2, "maxNdim": 3}),
}  # fmt: skip


def said(make, *args, **named):
    """What an object is made of."""
    config = make(*args, **named).get_config()
    config.pop("name", None)
    return config


def twisted(name, stream):
    """A spelling of a name."""
    return stream.choice([naming.snake(name), naming.camel(name)])


def places_of(make, config):
    """The options that can come by place, as far as they follow each other from the first on."""
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.POSITIONAL_ONLY)
    known = {naming.fold(name): value for name, value in config.items()}
    values = []
    for p in inspect.signature(make).parameters.values():
        if p.kind not in kinds or naming.fold(p.name) not in known:
            break
        values.append((p.name, known[naming.fold(p.name)]))
    return values


@pytest.mark.parametrize("title", CASES)
def test_forms(title):
    make, config = CASES[title]
    stream = random.Random(f"{SEED} {title}")
    expected = said(make, config)
    items = list(config.items())
    assert said(make, **{naming.snake(k): v for k, v in items}) == expected
    assert said(make, **{naming.camel(k): v for k, v in items}) == expected
    assert said(make, {**config}) == expected
    for _ in range(6):
        stream.shuffle(items)
        cut = stream.randint(0, len(items))
        spelled = [(twisted(name, stream), value) for name, value in items]
        assert said(make, dict(spelled[:cut]), **dict(spelled[cut:])) == expected
    placed = places_of(make, config)
    for count in range(1, len(placed) + 1):
        values = [value for _, value in placed[:count]]
        taken = {naming.fold(name) for name, _ in placed[:count]}
        left = {name: value for name, value in config.items() if naming.fold(name) not in taken}
        assert said(make, *values, **left) == expected, values
        assert said(make, *values, left) == expected, values


@pytest.mark.parametrize("title", CASES)
def test_refusals(title):
    make, config = CASES[title]
    name, value = next(iter(config.items()))
    forms = [
        (({**config, "optionX": 1},), {}), ((config,), {"optionX": 1}), ((), {**config, "option_x": 1}),
        (({"optionX": 1},), config),
    ]  # fmt: skip
    for args, named in forms:
        with pytest.raises(ArgumentError, match=r"unknown argument 'option_?[xX]'"):
            make(*args, **named)
    with pytest.raises(ArgumentError, match="is given twice"):
        make(config, **{name: value})
    snake, camel = naming.snake(name), naming.camel(name)
    if snake != camel:
        for args, named in (((config,), {snake: value}), (({**config, snake: value, camel: value},), {})):
            with pytest.raises(ArgumentError, match="is given twice"):
                make(*args, **named)
    placed = places_of(make, config)
    if placed:
        with pytest.raises(ArgumentError, match="is given twice"):
            make(placed[0][1], **{placed[0][0]: placed[0][1]})
    with pytest.raises(ArgumentError, match="positional arguments"):
        make(*range(60))


def functions(module, dotted):
    for name in module.__all__:
        item = getattr(module, name)
        if isinstance(item, types.ModuleType):
            if name != "keras" and item.__name__.startswith("tfjs_pyo"):
                yield from functions(item, f"{dotted}.{name}")
        elif inspect.isroutine(item):
            yield f"{dotted}.{name}", item


def test_every_function_takes_its_arguments_in_other_spellings():
    found = dict(functions(tf, "tf"))
    assert len(found) > 400
    for dotted, function in found.items():
        parameters = inspect.signature(function).parameters.values()
        spelled = [p for p in parameters if "_" in p.name.strip("_") or p.default is not p.empty]
        assert not spelled or vars(function).get("is_bridged"), dotted


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: tf.activations.relu(tf.tensor([7.0, -1.0]), maxValue=6), [6, 0]),
        (
            lambda: tf.activations.relu(tf.tensor([7.0, -1.0]), {"maxValue": 6, "negativeSlope": 0.5}),
            [6, -0.5],
        ),
        (lambda: tf.activations.leaky_relu(tf.tensor([-1.0]), {"negativeSlope": 0.5}), [-0.5]),
        (lambda: tf.metrics.mean_squared_error(yTrue=[[1.0]], yPred=[[3.0]]), [4]),
        (lambda: tf.metrics.binary_accuracy(yPred=[[1.0]], yTrue=[[1.0]]), [1]),
        (lambda: tf.tidy(nameOrFn=lambda: tf.tensor([1.0])), [1]),
    ],
)
def test_functions_in_other_spellings(call, expected):
    assert call().array_sync() == expected


def test_functions_refuse_what_they_do_not_know():
    for call in (
        lambda: tf.activations.relu(tf.ones([1]), maxVal=6),
        lambda: tf.activations.softmax(tf.ones([1, 1]), {"axes": 1}),
        lambda: tf.metrics.mse(tf.ones([1, 1]), yPrediction=1),
    ):
        with pytest.raises(ArgumentError, match="unknown argument"):
            call()
