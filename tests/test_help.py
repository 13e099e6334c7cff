"""Help, `dir` and completion show what users may rely on: real signatures, and no names that only the package uses."""

import inspect
import types

import pytest

import explaining
import tfjs_pyo as tf
from tfjs_pyo import keras, naming
from tfjs_pyo.errors import ArgumentError


def public_items():
    """Every public function, class and method of the package, by its dotted name, and every public module."""
    items, modules, seen = {}, {}, set()
    waiting = [("tf", tf)]
    while waiting:
        dotted, item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, types.ModuleType):
            if item.__name__.startswith("tfjs_pyo"):
                modules[dotted] = item
                waiting += [(f"{dotted}.{name}", getattr(item, name)) for name in item.__all__]
            continue
        if not callable(item):
            continue
        items[dotted] = item
        if isinstance(item, type) and item.__module__.startswith("tfjs_pyo"):
            members = [(name, inspect.getattr_static(item, name)) for name in dir(item) if name[0] != "_"]
            functions = (types.FunctionType, classmethod, staticmethod)
            waiting += [
                (f"{dotted}.{name}", getattr(item, name))
                for name, each in members
                if isinstance(each, functions)
            ]
    return items, modules


ITEMS, MODULES = public_items()


def test_modules_show_their_public_names_only():
    assert len(MODULES) > 50
    for dotted, module in MODULES.items():
        public = {naming.fold(name) for name in module.__all__}
        shown = [name for name in dir(module) if not name.startswith("__")]
        values = [getattr(module, name) for name in module.__all__]
        for name in shown:
            known = naming.fold(name) in public or any(getattr(module, name) is value for value in values)
            assert known, f"dir({dotted}): {name}"
        assert not [name for name in shown if name.startswith("_")], dotted


def test_signatures_in_help_are_those_of_the_functions():
    assert len(ITEMS) > 2000
    for dotted, item in ITEMS.items():
        try:
            real = inspect.signature(item)
        except ValueError:  # a class that Python knows nothing of
            continue
        shown = explaining.signature(item)
        names = [name for name in real.parameters if name[0] != "_"]
        assert [p.name for p in explaining.parameters(item)] == names, dotted
        assert not [name for name in names if name.endswith("_given")], dotted
        assert "Any" not in shown.split("=")[0], dotted


@pytest.mark.parametrize("spell", [naming.snake, naming.camel], ids=["snake", "camel"])
def test_completion_offers_the_arguments_of_every_function(spell):
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    for dotted, item in ITEMS.items():
        try:
            parameters = inspect.signature(item).parameters.values()
        except ValueError:
            continue
        names = [p.name for p in parameters if p.kind in kinds]
        for name in [name for name in names if name.strip("_") == naming.snake(name)]:
            assert f"{spell(name)}=" in explaining.keywords(item, spell(name)), f"{dotted}: {name}"


def test_a_docstring_adds_no_arguments():
    def draw(shape, **options):
        """Draws.

        Args:
            shape: of it.
            color: that nobody declared.
        """

    assert explaining.signature(draw) == "(shape, **options)"
    assert explaining.keywords(draw, "c") == []


def test_classes_of_users_show_their_own_arguments():
    class Own(tf.layers.Layer):
        def __init__(self, config, rate=1):
            super().__init__(config)
            self.own = rate

    class Further(Own):
        pass

    class Plain(tf.layers.Dense):
        pass

    assert explaining.signature(Own) == explaining.signature(Further) == "(config, rate=1)"
    assert explaining.signature(Plain) == explaining.signature(tf.layers.Dense)


def test_methods_with_arguments_in_several_orders_show_the_usual_one():
    assert explaining.signature(keras.layers.Layer.add_weight).startswith(
        "(self, shape=None, initializer=None, dtype=None"
    )
    assert explaining.signature(tf.CustomCallback).startswith("(config=None, on_train_begin=None")


# Objects


def objects():
    x = tf.input({"shape": [2]})
    dense = tf.layers.dense(units=1)
    return {
        "layer": dense, "sequential": tf.sequential([tf.layers.lstm({"units": 1, "inputShape": [2, 1]})]),
        "functional": tf.model({"inputs": x, "outputs": tf.layers.dense({"units": 1}).apply(x)}), "symbol": x,
        "variable": tf.variable(tf.scalar(1.0)), "tensor": tf.scalar(1.0), "sgd": tf.train.sgd(0.1), "adam": tf.train.adam(0.1),
        "regularizer": tf.regularizers.l2({}), "initializer": tf.initializers.zeros(), "constraint": tf.constraints.max_norm({}),
        "dataset": tf.data.array([1, 2]), "history": tf.callbacks.History(), "stopping": tf.callbacks.early_stopping({}),
        "callback": tf.CustomCallback({}), "spec": tf.InputSpec({}), "buffer": tf.buffer([2]), "metric": keras.metrics.Mean(),
        "loss": keras.losses.MeanSquaredError(), "engine": tf.engine(), "environment": tf.env(),
        "keras model": keras.Sequential([keras.layers.Dense(1)]), "keras layer": keras.layers.Dense(1),
        "keras optimizer": keras.optimizers.Adam(), "keras variable": keras.Variable(1.0),
    }  # fmt: skip


INTERNAL = {
    # declared options
    *("fields", "settable", "further", "order", "dialect", "other_names", "saved_class_name", "display_name"),
    # optimizers
    *("state_of", "counts_steps", "prepare", "prepare_slots", "traits", "numbers_after"),
    # variables and tensors
    *("held_by", "hold", "hold_all", "living", "made_of", "stored", "settle", "shared", "check_disposable", "node"),
    # others
    *("handlers", "improves", "watched", "worst", "copied_weights", "skipping", "compared", "totals", "apply_op", "exist"),
}  # fmt: skip


@pytest.mark.parametrize("title", objects())
def test_objects_show_what_users_may_rely_on(title):
    made = objects()[title]
    names = dir(made)
    assert not [name for name in names if name[0] == "_" and not name.startswith("__")]
    assert not {naming.fold(name) for name in names} & {naming.fold(name) for name in INTERNAL}
    for name in names:
        if not name.startswith("__"):
            inspect.getattr_static(made, name, None)


def test_each_api_shows_its_own_options():
    ours, theirs = set(dir(tf.layers.dense(units=1))), set(dir(keras.layers.Dense(1)))
    assert "inputDim" in ours
    assert not ours & {"loraRank", "quantizationConfig", "autocast"}
    assert {"lora_rank", "autocast"} <= theirs
    assert "axes" in dir(tf.InputSpec({}))
    assert "optional" not in dir(tf.InputSpec({}))


def test_attributes_of_users_are_shown():
    class Own(tf.layers.Layer):
        def __init__(self):
            super().__init__({})
            self.factor = 2

        def scaled(self):
            return self.factor

    assert {"factor", "scaled"} <= set(dir(Own()))


# Names of attributes


@pytest.mark.parametrize("name", ["step", "state", "count", "traits", "prepare", "countsSteps", "moments"])
def test_an_attribute_that_hides_a_method_of_optimizers_is_refused(name):
    class Own(tf.train.Adam):
        def __init__(self):
            super().__init__()
            setattr(self, name, 0.1)

    with pytest.raises(ArgumentError, match=f"optimizers have a method '{name}'"):
        Own()


@pytest.mark.parametrize("name", ["rate", "lr", "beta", "history", "total", "momentumOfMine", "c"])
def test_other_attributes_of_optimizers_are_free(name):
    class Own(tf.train.Optimizer):
        def __init__(self):
            super().__init__()
            setattr(self, name, 0.1)

        def applyGradients(self, gradients):  # noqa: N802
            for key, gradient in gradients.items():
                variable = tf.engine().registeredVariables[key]
                variable.assign(variable - gradient * getattr(self, name))

    w = tf.variable(tf.scalar(1.0))
    Own().minimize(lambda: w * 2.0, False, [w])
    assert w.array_sync() == pytest.approx(0.8)


@pytest.mark.parametrize(
    "make",
    [
        lambda: tf.ones([2, 2]),
        lambda: tf.variable(tf.ones([2, 2])),
        lambda: tf.sequential(),
        lambda: tf.layers.dense(units=1),
        lambda: tf.train.adam(),
        lambda: tf.data.array([1]),
        lambda: tf.buffer([2]),
        lambda: tf.callbacks.earlyStopping(),
        lambda: tf.input(shape=[2]),
    ],
)
def test_methods_are_called_as_they_were_asked_for(make):
    item = make()
    spelled = 0
    for name in dir(item):
        if isinstance(inspect.getattr_static(item, name, None), (classmethod, staticmethod, property)):
            continue
        method = getattr(item, name)
        if not inspect.ismethod(method) or not method.__func__.__module__.startswith("tfjs_pyo"):
            continue
        spelled += name != naming.snake(name)
        assert method.__name__ == name or naming.fold(method.__name__) != naming.fold(name), name
    assert spelled


def test_parameters_are_spelled_as_the_method_is():
    assert list(inspect.signature(tf.ones([2]).matMul).parameters) == ["b", "transposeA", "transposeB"]
    assert list(inspect.signature(tf.ones([2]).mat_mul).parameters) == ["b", "transpose_a", "transpose_b"]
