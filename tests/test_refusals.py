"""Every refusal is one of ours, in words: drawn values of every type in every place of all functions, classes and methods."""

import asyncio
import inspect
import operator
import random
from typing import Any

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.nasty import NASTY, PLAUSIBLE, SEED, fault, faults, parameters
from tests.test_numpy_options import kinds, needed
from tfjs_pyo.errors import DTypeError, TfError
from tfjs_pyo.ops.samples import TABLE

pytestmark = pytest.mark.filterwarnings("ignore")

SPACES = [
    "",
    "image",
    "linalg",
    "signal",
    "sparse",
    "spectral",
    "string",
    "math",
    "random",
    "fused",
    "losses",
    "util",
    "metrics",
    "browser",
    "data",
    "io",
    "train",
    "vis.metrics",
    "vis.render",
    "vis.show",
    *(
        f"keras.{name}"
        for name in (
            "activations",
            "backend",
            "config",
            "constraints",
            "dtype_policies",
            "initializers",
            "layers",
            "losses",
            "metrics",
            "optimizers",
            "random",
            "regularizers",
            "saving",
            "tree",
            "utils",
            "ops",
            "ops.image",
            "ops.linalg",
            "ops.nn",
            "ops.numpy",
            "preprocessing.sequence",
            "models",
        )
    ),
]
LEFT_OUT = {
    "dispose_variables", "set_backend", "engine", "enable_debug_mode", "enable_prod_mode", "register_op", "deregister_op",
    "set_seed", "util.fetch", "util.repeated_try", "register_callback_constructor", "disable_deprecation_warnings",
    "load_layers_model", "load_graph_model", "load_graph_model_sync",
    "data.microphone", "data.webcam", "io.register_load_router", "io.register_save_router",
    "keras.backend.clear_session", "keras.utils.clear_session", "keras.utils.get_file", "keras.utils.set_random_seed",
    "keras.backend.set_epsilon", "keras.config.set_epsilon", "keras.config.set_max_epochs",
    "keras.config.set_max_steps_per_epoch", "keras.config.set_dtype_policy", "keras.config.set_image_data_format",
    "keras.backend.set_image_data_format",
}  # fmt: skip
"""Functions that change what other tests use, wait, or read files and servers, which have tests of their own."""


def member_of(path: str) -> Any:
    owner: Any = tf
    for part in path.split("."):
        owner = getattr(owner, part)
    return owner


def functions() -> dict[str, Any]:
    found: dict[str, Any] = {}
    seen = set()
    for space in SPACES:
        owner = member_of(space) if space else tf
        for name in owner.__all__:
            member = getattr(owner, name)
            whole = f"{space}.{name}" if space else name
            plain = inspect.isroutine(member) and str(member.__module__).startswith("tfjs_pyo")
            if plain and whole not in LEFT_OUT and id(member) not in seen:
                seen.add(id(member))
                found[whole] = member
    return found


FUNCTIONS = functions()


def good_arguments(name: str, function: Any) -> Any:
    """Returns a function that gives arguments with which a call succeeds, if a few drawings find such."""
    required = [p.name for p in parameters(function) if p.default is p.empty]
    entry = TABLE.get(name)
    stream = random.Random(f"{SEED}{name}")
    if entry is not None:
        case = entry.cases[0]
        dtypes = case.dtypes or ("float32",) * len(case.shapes)
        tensors = [lambda s=s, d=d: tf.zeros(s, d) for s, d in zip(case.shapes, dtypes, strict=True)]
        values = [*tensors, *(lambda arg=arg: arg for arg in case.args)]
        names = [p.name for p in parameters(function)]
        given = dict(zip(names, values, strict=False))
        if name not in ("concat", "stack"):
            return lambda: {key: make() for key, make in given.items()}
    for _ in range(40):
        given = {key: stream.choice(PLAUSIBLE) for key in required}
        arguments = lambda given=given: {key: make() for key, make in given.items()}  # noqa: E731
        try:
            function(**arguments())
        except Exception:  # noqa: BLE001 (looking for those that do)
            continue
        return arguments
    return arguments


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function(name, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # some write files
    monkeypatch.setattr("tfjs_pyo.keras.config._Settings.safe_mode", True)  # one ends it
    function = FUNCTIONS[name]
    places = [p.name for p in parameters(function)]
    found = faults(name, function, good_arguments(name, function), places, 7)
    capsys.readouterr()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", sorted(tf.Tensor.methods))
def test_method_of_tensors(name, capsys):
    function = tf.Tensor.methods[name]
    first, *others = [p.name for p in parameters(function)]
    good = good_arguments(name, function)

    def arguments() -> dict[str, Any]:
        given = good()
        return given if isinstance(given.get(first), tf.Tensor) else {**given, first: tf.ones([2, 3])}

    def call(**given: Any) -> Any:
        return getattr(given.pop(first), name)(**given)

    found = faults(f"Tensor.{name}", call, arguments, others, 7)
    capsys.readouterr()
    assert not found, "\n".join(found)


OPERANDS = {
    "float": lambda: tf.ones([2, 3]), "int": lambda: tf.tensor([1, 2], None, "int32"), "string": lambda: tf.tensor(["a", "b"]),
    "bool": lambda: tf.tensor([True, False]), "complex": lambda: tf.complex([1.0, 2.0], [1.0, 2.0]),
    "variable": lambda: tf.variable(tf.ones([2])), "symbol": lambda: tf.input(shape=[3]),
}  # fmt: skip
OPERATORS = [
    *("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and_", "or_", "xor"),
    *("eq", "ne", "lt", "le", "gt", "ge", "getitem"),
]


@pytest.mark.parametrize("kind", OPERANDS)
@pytest.mark.parametrize("name", [*OPERATORS, "divmod"])
def test_operator(name, kind):
    apply = divmod if name == "divmod" else getattr(operator, name)
    make, found = OPERANDS[kind], []
    for other, value in NASTY.items():
        wrong = fault(lambda value=value: apply(make(), value()))
        flipped = None if name == "getitem" else fault(lambda value=value: apply(value(), make()))
        found += [f"{kind} {name} {other}: {each}" for each in (wrong, flipped) if each]
    assert not found, "\n".join(found)


KINDS = [kind for kind in kinds() if kind.__name__ != "CSVLogger"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_class(kind):
    given = [(name, field.argument) for name, field in kind.fields.items() if field.argument]
    found = []
    for name, argument in given:
        others = {key: value for key, value in needed(kind).items() if key not in (name, argument)}
        others = {
            key: value for key, value in others.items() if {key, argument} != {"input_shape", "sample_shape"}
        }
        found += faults(kind.__name__, kind, lambda others=others: dict(others), [argument], 4)
    assert not found, "\n".join(found)


X, Y = np.ones((4, 3), np.float32), np.ones((4, 2), np.float32)


def sequential() -> Any:
    return tf.sequential(layers=[tf.layers.dense(units=2, inputShape=[3], name="first")])


def functional() -> Any:
    x = tf.input(shape=[3])
    return tf.model(inputs=x, outputs=tf.layers.dense(units=2, name="first")(x))


def compiled(make: Any) -> Any:
    model = make()
    model.compile(optimizer="sgd", loss="meanSquaredError", metrics=["mae"])
    return model


def batches() -> Any:
    return tf.data.array([{"xs": [1.0, 2.0, 3.0], "ys": [1.0, 2.0]}] * 4).batch(2)


METHODS: dict[str, Any] = {
    "compile": lambda: {"optimizer": "sgd", "loss": "meanSquaredError"},
    "fit": lambda: {"x": X, "y": Y, "verbose": 0},
    "fit_dataset": lambda: {"dataset": batches(), "verbose": 0},
    "evaluate": lambda: {"x": X, "y": Y},
    "evaluate_dataset": lambda: {"dataset": batches()},
    "predict": lambda: {"x": X},
    "predict_on_batch": lambda: {"x": X},
    "train_on_batch": lambda: {"x": X, "y": Y},
    "get_layer": lambda: {"name": "first"},
    "set_weights": lambda: {"weights": [np.ones((3, 2)), np.ones(2)]},
    "get_weights": dict,
    "summary": dict,
    "apply": lambda: {"inputs": tf.ones([1, 3])},
    "compute_output_shape": lambda: {"input_shape": (None, 3)},
}
TOO_LONG = {("fit", "epochs"), ("fit_dataset", "epochs")}
"""Runs that would go on for ever because somebody asked for it."""


@pytest.mark.parametrize("make", [sequential, functional], ids=["sequential", "functional"])
@pytest.mark.parametrize("method", METHODS)
def test_method(make, method, capsys):
    places = [p.name for p in parameters(getattr(make(), method)) if (method, p.name) not in TOO_LONG]
    found = faults(
        method, lambda **given: getattr(compiled(make), method)(**given), METHODS[method], places, 12
    )
    capsys.readouterr()
    assert not found, "\n".join(found)


def test_named_places():
    """What was found first, by name: `getLayer(None, 500)`, weights of classes that are none, layers that are no list."""
    model = compiled(sequential)
    for call in (
        lambda: model.getLayer(None, 500),
        lambda: model.getLayer(-2),
        lambda: model.getLayer(None),
        lambda: asyncio.run(model.fit(X, np.array([0, 1, 0, 1]), {"classWeight": True, "verbose": 0})),
        lambda: tf.sequential({"layers": True}),
        lambda: tf.layers.dense(units=None),
        lambda: tf.layers.dense(units=1, name=5),
        lambda: tf.layers.thresholdedReLU(theta=float("nan")),
        lambda: tf.randomNormal([2], 0, 1, "flaot32"),
        lambda: tf.tile(tf.ones([2]), [2**31]).dataSync(),
        lambda: tf.tensor(["\ud800"]),
        lambda: tf.ones([3])[1.5],
        lambda: tf.ones([3])[np.float32(1)],
        lambda: tf.ones([3])["1"],
        lambda: tf.sparseToDense([0], [1.0], [-1]),
        lambda: tf.keras.random.randint([2], 0, float("nan")),
        lambda: tf.keras.ops.arange(0, 10, 0),
        lambda: tf.keras.ops.repeat([1, 2], [1, 2, 3]),
    ):
        with pytest.raises(TfError):
            call()
        assert fault(call) is None


def test_strings_beside_numbers():
    """Strings are moved as numbers of theirs: numbers among them would come out as some of the strings."""
    words, numbers = tf.tensor(["a", "b"]), tf.tensor([0, 1], None, "int32")
    for call in (
        lambda: tf.concat([words, numbers]),
        lambda: tf.concat([numbers, words]),
        lambda: tf.stack([words, numbers]),
        lambda: tf.where([True, False], words, numbers),
        lambda: tf.where([True, False], numbers, words),
        lambda: tf.sparseToDense([0], ["b"], [3], tf.scalar(1)),
        lambda: tf.less(words, numbers),
        lambda: tf.equal(numbers, words),
        lambda: tf.gather(words, tf.tensor(["a"])),
    ):
        with pytest.raises(DTypeError):
            call()
    assert tf.sparseToDense([1], ["b"], [3]).array_sync() == ["", "b", ""]
    assert tf.sparseToDense([1], ["b"], [3], "z").array_sync() == ["z", "b", "z"]
