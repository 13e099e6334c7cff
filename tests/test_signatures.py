"""Public signatures are whole: they name what can be given, nothing internal, and every form of a call means the same."""

import asyncio
import inspect
import types

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo import callbacks, layers, naming
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.ops.declare import PUBLIC

OPEN = {"apply", "call"}
"""Methods that hand on what the `call` of a subclass takes. The events of callbacks are given what each event has."""
CLASSES = [
    tf.Model,
    tf.Sequential,
    tf.layers.Layer,
    tf.Tensor,
    tf.Variable,
    tf.train.SGD,
    tf.data.Dataset,
    *(kind for kind in layers.LAYERS.items.values() if kind.__module__.startswith("tfjs_pyo.")),
    *(getattr(callbacks, name) for name in callbacks.__all__ if inspect.isclass(getattr(callbacks, name))),
]
for _open in (callbacks.CustomCallback, callbacks.LambdaCallback):
    CLASSES.remove(_open)  # takes functions by the names of events  # fmt: skip


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_public_signatures_name_what_can_be_given(kind):
    methods = {
        name: getattr(kind, name)
        for name in dir(kind)
        if name[0] != "_" and name[:2] != "on" and name not in OPEN
    }
    for name, function in {"": kind, **methods}.items():
        if not isinstance(function, (types.FunctionType, types.MethodType, type)):
            continue
        parameters = inspect.signature(function).parameters.values()
        for p in parameters:
            assert p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD), f"{kind.__name__}.{name}: {p}"
            assert not p.name.startswith("_"), f"{kind.__name__}.{name}: {p}"
            assert not p.name.endswith("_given"), f"{kind.__name__}.{name}: {p}"


def test_internal_names_are_no_attributes_either():
    for made in (tf.layers.dense(units=1), tf.sequential(), tf.layers.lstm(units=2)):
        names = {naming.fold(name) for name in dir(made)}
        assert not names & {"weightsgiven", "layersgiven", "firstweights", "firstlayers"}


def test_weights_and_layers_are_given_under_their_names():
    values = [np.array([[2.0]]), np.array([1.0])]
    for layer in (tf.layers.dense({"units": 1, "weights": values}), tf.layers.dense(1, weights=values)):
        assert layer(tf.tensor([[3.0]])).array_sync() == [[7.0]]
    for model in (tf.sequential({"layers": [layer]}), tf.sequential([layer]), tf.sequential(layers=[layer])):
        assert model.layers == [layer]
    layer.firstWeights = "own"
    assert layer.firstWeights == "own"


def test_a_sequential_model_has_no_graph_of_calls_and_says_so():
    model = tf.sequential([tf.layers.dense({"units": 1, "inputShape": [2]})])
    with pytest.raises(AttributeError, match="Sequential has no 'calls'") as caught:
        _ = model.calls
    assert "'calls'" not in str(caught.value).partition("Did you mean")[2]


# Every form of a call


def compiled():
    first = [np.full((2, 1), 0.5, np.float32), np.zeros(1, np.float32)]
    model = tf.sequential([tf.layers.dense({"units": 1, "inputShape": [2], "weights": first})])
    model.compile("sgd", "mse")
    return model


def run(value):
    async def whole():
        return await value if inspect.isawaitable(value) else value

    return asyncio.run(whole())


X = np.linspace(-1, 1, 12, dtype=np.float32).reshape(6, 2)
Y = X.sum(1, keepdims=True)


def plain(result, model):
    """Returns what a method gave in a form that can be compared."""
    if result is None:  # compile
        asked = [[one.loss.__name__, list(one.metrics), one.factor] for one in model._objectives]
        return [type(model.optimizer).__name__, asked]
    if isinstance(result, dict):  # save
        run(tf.io.removeModel("memory://forms"))
        return result["modelArtifactsInfo"]["weightDataBytes"]
    if hasattr(result, "history"):
        return result.history
    return [
        float(value) if not hasattr(value, "array_sync") else value.array_sync() for value in listed(result)
    ]


def listed(value):
    return value if isinstance(value, list) else [value]


def outcome(method, args, given=(), **named):
    """Calls a method of a new model; returns what it gives and the weights that it leaves."""
    model = compiled()
    result = plain(run(getattr(model, method)(*args, *given, **named)), model)
    return result, [weight.array_sync() for weight in model.get_weights()]


def pairs():
    return [(X[:3], Y[:3]), (X[3:], Y[3:])]


METHODS = {
    "compile": ((), {"optimizer": "adam", "loss": "mae", "metrics": ["mse"], "loss_weights": [2.0]}),
    "fit": ((X, Y), {"batch_size": 2, "epochs": 2, "shuffle": False, "sample_weight": [1.0] * 6}),
    "fit_dataset": ((pairs,), {"epochs": 2, "verbose": 0, "initial_epoch": 0}),
    "evaluate": ((X, Y), {"batch_size": 2, "sample_weight": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]}),
    "evaluate_dataset": ((pairs,), {"batches": 1, "verbose": 0}),
    "predict": ((X,), {"batch_size": 4, "verbose": 0}),
    "train_on_batch": ((X, Y), {"sample_weight": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]}),
    "test_on_batch": ((X, Y), {"sample_weight": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]}),
    "save": (("memory://forms",), {"include_optimizer": True, "trainable_only": True}),
}  # fmt: skip


@pytest.mark.parametrize("spell", [naming.snake, naming.camel], ids=["snake", "camel"])
@pytest.mark.parametrize("method", METHODS)
def test_a_dict_keywords_and_both_mean_the_same(method, spell):
    args, options = METHODS[method]
    spelled = {spell(name): value for name, value in options.items()}
    items = list(spelled.items())
    expected = outcome(method, args, **options)
    for cut in range(len(items) + 1):
        given, named = dict(items[:cut]), dict(items[cut:])
        assert outcome(spell(method), args, [given], **named) == expected, (given, named)
        assert outcome(spell(method), args, [named], **given) == expected, (named, given)


@pytest.mark.parametrize("method", METHODS)
def test_unknown_and_repeated_options_are_refused_in_every_form(method):
    args, options = METHODS[method]
    model = compiled()
    name = next((name for name in options if "_" in name), "verbose")
    for given, named in (({"optionX": 1, name: 1}, {}), ({}, {"optionX": 1}), ({name: None}, {"optionX": 1})):
        with pytest.raises(ArgumentError, match="unknown argument 'optionX'"):
            run(getattr(model, method)(*args, given, **named))
    if naming.camel(name) != name:
        with pytest.raises(ArgumentError, match="is given twice"):
            run(getattr(model, method)(*args, {naming.camel(name): 1}, **{name: 1}))


def test_dicts_that_are_data_stay_data():
    a, b = tf.input({"shape": [1], "name": "x"}), tf.input({"shape": [1], "name": "epochs"})
    model = tf.model({"inputs": [a, b], "outputs": tf.layers.add({"name": "y"})([a, b])})
    data = {"x": np.ones((2, 1)), "epochs": np.ones((2, 1))}
    assert model.predict(data).array_sync() == [[2], [2]]
    assert model.predict(data, {"batchSize": 1}).array_sync() == [[2], [2]]
    model.compile("sgd", {"y": "mse"})
    assert model.evaluate(data, {"y": np.ones((2, 1))}).array_sync() == 1
    assert model.evaluate(data, {"y": np.ones((2, 1))}, {"batchSize": 1}).array_sync() == 1
    model.compile("sgd", {"y": "mse"}, {"y": ["mae"]})
    assert model.metrics_names == ["loss", "mae"]


def test_none_stands_for_the_default():
    model = compiled()
    history = run(model.fit(X, Y, {"epochs": None, "batchSize": None, "shuffle": None, "verbose": None}))
    assert len(history.epoch) == 1


LOADERS = [(tf.load_layers_model, "path_or_handler"), (tf.load_graph_model, "model_url")]


@pytest.mark.parametrize(("load", "first"), LOADERS, ids=lambda value: getattr(value, "__name__", ""))
def test_loaders_take_options_in_every_form(load, first):
    seen = []
    topology = {"node": [{"name": "x", "op": "Placeholder"}, {"name": "y", "op": "Neg", "input": ["x"]}]}
    model = compiled()
    artifacts = run(model._artifacts()) if first == "path_or_handler" else {"modelTopology": topology}
    handler = tf.io.fromMemory(artifacts)
    parameters = inspect.signature(load).parameters
    assert next(iter(parameters)) == first
    assert not [p for p in parameters.values() if p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    forms = [({"onProgress": seen.append},), ({"on_progress": seen.append, "requestInit": {}},), ({},), ()]
    for form in forms:
        assert run(load(handler, *form)) is not None
        assert run(load(handler, *form, streamWeights=True)) is not None
    for form, named in ((({"optionX": 1},), {}), ((), {"optionX": 1})):
        with pytest.raises(ArgumentError, match="unknown argument 'optionX'"):
            run(load(handler, *form, **named))


def test_signatures_of_ops_speak_of_tensors_not_of_nodes():
    told = {name: str(inspect.signature(op)) for name, op in PUBLIC.items()}
    assert [name for name, text in told.items() if "Node" in text] == []
    assert str(inspect.signature(tf.matMul)).startswith(
        "(a: 'Tensor', b: 'Tensor', transposeA: 'bool' = False"
    )
