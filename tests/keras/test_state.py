"""Names, paths, learning rates, steps, and what Keras computes without changing anything: `stateless_*`."""

import copy
import io
import pickle
from contextlib import redirect_stdout

import numpy as np
import pytest

from tfjs_pyo import keras
from tfjs_pyo.errors import ArgumentError

layers = keras.layers
X, Y = np.ones((8, 2), "float32"), np.zeros((8, 1), "float32")


def model(optimizer="sgd", **options):
    made = keras.Sequential([keras.Input((2,)), layers.Dense(1, kernel_initializer="ones")], name="m")
    made.compile(optimizer, "mse", **options)
    return made


def kernel(made):
    return made.get_weights()[0].ravel().tolist()


class Block(layers.Layer):
    def __init__(self, **options):
        super().__init__(**options)
        self.inner, self.rest = layers.Dense(3, name="inner"), [layers.Dense(2, name="last")]
        self.before = layers.Dense(2, name="before")
        self.before.build((None, 2))

    def build(self, _shape):
        self.w = self.add_weight(shape=(2,), name="w")

    def call(self, inputs):
        return self.before(self.rest[0](self.inner(inputs)))


class Outer(keras.Model):
    def __init__(self):
        super().__init__(name="outer")
        self.block, self.embedding = Block(name="block"), layers.Embedding(5, 3, name="embedding")
        self.rnn = layers.GRU(3, name="gru")
        self.both = layers.Bidirectional(layers.LSTM(2, name="lstm"), name="both")

    def call(self, inputs):
        words = self.embedding(inputs)
        return self.block(self.rnn(words)) + keras.ops.sum(self.both(words))


def test_paths_are_those_of_keras():
    made = Outer()
    made(np.ones((2, 4), "int32"))
    assert sorted(v.path for v in made.variables) == sorted(
        [
            "outer/embedding/embeddings",
            *(f"outer/gru/gru_cell/{name}" for name in ("kernel", "recurrent_kernel", "bias")),
            *(
                f"outer/both/{way}_lstm/lstm_cell/{name}"
                for way in ("forward", "backward")
                for name in ("kernel", "recurrent_kernel", "bias")
            ),
            "outer/block/w",
            *(
                f"{layer}/{name}"
                for layer in ("outer/block/inner", "outer/block/last", "before")
                for name in ("kernel", "bias")
            ),
        ]
    )
    assert {v.name for v in made.block.variables} == {"w", "kernel", "bias"}
    assert (made.path, made.block.path, made.block.inner.path) == (
        "outer",
        "outer/block",
        "outer/block/inner",
    )


def test_paths_of_stacks_begin_with_the_stack_and_those_of_graphs_do_not():
    stack = keras.Sequential([layers.Dense(2, name="a"), layers.BatchNormalization(name="n")], name="s")
    stack.build((None, 3))
    assert [v.path for v in stack.variables] == [
        "s/a/kernel", "s/a/bias", "s/n/gamma", "s/n/beta", "s/n/moving_mean", "s/n/moving_variance",
    ]  # fmt: skip
    x = keras.Input((3,))
    graph = keras.Model(x, layers.Dense(2, name="d")(x), name="g")
    assert [v.path for v in graph.variables] == ["d/kernel", "d/bias"]


def test_names_may_be_shared_and_hold_no_slash():
    first, second = keras.Variable(1.0, name="v"), keras.Variable(2.0, name="v")
    assert (first.name, second.name) == ("v", "v")
    with pytest.raises(ArgumentError, match="a name without '/'"):
        keras.Variable(1.0, name="a/b")
    with keras.name_scope("outer"), keras.name_scope("inner"):
        assert keras.Variable(1.0, name="v").path == "outer/inner/v"
    assert repr(first) == "<Variable path=v, shape=(), dtype=float32, value=1.0>"


KINDS = {
    "SGD": ({"momentum": 0.9}, ["a_momentum", "b_momentum"]),
    "Adam": (
        {"amsgrad": True},
        ["a_momentum", "a_velocity", "b_momentum", "b_velocity", "a_velocity_hat", "b_velocity_hat"],
    ),
    "Adamax": ({}, ["a_momentum", "a_norm", "b_momentum", "b_norm"]),
    "Adagrad": ({"use_ema": True}, ["a_average", "b_average", "a_accumulator", "b_accumulator"]),
    "Adadelta": (
        {},
        ["a_accumulated_grad", "a_accumulated_delta_var", "b_accumulated_grad", "b_accumulated_delta_var"],
    ),
    "RMSprop": (
        {"momentum": 0.9, "centered": True},
        [f"{v}_{kind}" for kind in ("velocity", "momentum", "average_gradient") for v in "ab"],
    ),
    "Ftrl": ({}, ["a_accumulator", "a_linear", "b_accumulator", "b_linear"]),
    "Lion": (
        {"gradient_accumulation_steps": 2},
        ["a_gradient_accumulator", "b_gradient_accumulator", "a_momentum", "b_momentum"],
    ),
    "Lamb": ({}, ["a_momentum", "a_velocity", "b_momentum", "b_velocity"]),
}
"""Options of optimizers, and the state that Keras 3.15 has with them."""


@pytest.mark.parametrize("name", KINDS)
def test_variables_of_optimizers_have_keras_order_and_names(name):
    options, wanted = KINDS[name]
    optimizer = getattr(keras.optimizers, name)(**options)
    variables = [keras.Variable(np.ones(size, "float32"), name=label) for label, size in (("a", 2), ("b", 3))]
    optimizer.apply([keras.ops.ones(2), keras.ops.ones(3)], variables)
    assert [v.name for v in optimizer.variables] == ["iteration", "learning_rate", *wanted]
    assert all(v.path == f"{optimizer.name}/{v.name}" for v in optimizer.variables)
    store = {}
    optimizer.save_own_variables(store)
    optimizer.apply([keras.ops.ones(2), keras.ops.ones(3)], variables)
    optimizer.load_own_variables(store)
    for number, variable in enumerate(optimizer.variables):
        np.testing.assert_array_equal(variable.numpy(), store[str(number)])


def test_the_rate_is_a_variable_whoever_sets_it():
    made = model(keras.optimizers.SGD(0.1))
    rate = made.optimizer.learning_rate
    assert isinstance(rate, keras.Variable)
    made.fit(X, Y, verbose=0)
    assert kernel(made) == pytest.approx([0.6, 0.6])
    rate.assign(0.05)
    made.fit(X, Y, verbose=0)
    assert kernel(made) == pytest.approx([0.52, 0.52])
    rate.assign(rate * 0.5)
    assert made.optimizer.get_config()["learning_rate"] == pytest.approx(0.025)
    made.optimizer.learning_rate = 0.25
    assert float(rate) == float(made.optimizer.learning_rate) == 0.25


class Cooling(keras.Model):
    """Lowers the rate within its step."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(1, kernel_initializer="ones")

    def call(self, inputs):
        return self.dense(inputs)

    def train_step(self, data):
        logs = super().train_step(data)
        self.optimizer.learning_rate.assign(self.optimizer.learning_rate * 0.5)
        return logs


@pytest.mark.parametrize("eagerly", [False, True])
def test_a_rate_that_a_step_assigns_is_known_everywhere(eagerly):
    made = Cooling()
    made.compile(keras.optimizers.SGD(0.1), "mse", run_eagerly=eagerly)
    made.fit(X, Y, batch_size=4, epochs=2, verbose=0)
    assert float(made.optimizer.learning_rate) == pytest.approx(0.1 / 16)
    assert made.optimizer.get_config()["learning_rate"] == pytest.approx(0.1 / 16)
    assert float(copy.deepcopy(made.optimizer).learning_rate) == pytest.approx(0.1 / 16)
    made.optimizer.learning_rate = 0.5
    assert made.optimizer.get_config()["learning_rate"] == 0.5


def test_steps_are_counted_and_can_be_set():
    made = model(keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)))
    steps = made.optimizer.iterations
    assert (int(steps), steps.dtype, steps.name) == (0, "int32", "iteration")
    made.fit(X, Y, epochs=3, verbose=0)
    assert int(steps) == 3
    assert float(made.optimizer.learning_rate) == pytest.approx(0.1 * 0.5**1.5)
    steps.assign(10)
    assert float(made.optimizer.learning_rate) == pytest.approx(0.1 * 0.5**5)
    made.fit(X, Y, verbose=0)
    assert steps.numpy() == 11


@pytest.mark.parametrize("name", ["SGD", "Adam", "Nadam", "RMSprop"])
def test_optimizers_can_be_copied_and_pickled(name):
    made = getattr(keras.optimizers, name)(0.25)
    v = keras.Variable([1.0, 2.0])
    made.apply([keras.ops.ones(2)], [v])
    assert float(made.learning_rate) == 0.25
    for again in (copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
        again.learning_rate.assign(0.5)
        assert (float(again.learning_rate), int(again.iterations), float(made.learning_rate)) == (
            0.5,
            1,
            0.25,
        )


@pytest.mark.parametrize("name", ["SGD", "Adam", "Nadam", "RMSprop", "Adamax"])
def test_stateless_apply_is_a_step_that_changes_nothing(name):
    start, gradient = np.array([1.0, -2.0], "float32"), keras.ops.array([0.5, 0.25])
    variables, expected = [keras.Variable(start)], [keras.Variable(start)]
    optimizer, other = (getattr(keras.optimizers, name)(0.1) for _ in range(2))
    optimizer.build(variables)
    trained, own = [v.value for v in variables], [v.value for v in optimizer.variables]
    for _ in range(3):
        trained, own = optimizer.stateless_apply(own, [gradient], trained)
        other.apply([gradient], expected)
        np.testing.assert_allclose(trained[0].numpy(), expected[0].numpy(), rtol=1e-5)
    assert variables[0].numpy().tolist() == start.tolist()
    assert (int(optimizer.iterations), int(own[0])) == (0, 3)


def test_stateless_call_takes_values_of_weights():
    layer = layers.BatchNormalization()
    layer.build((None, 2))
    before = [w.numpy().tolist() for w in layer.weights]
    values = [keras.ops.full(v.shape, 2.0) for v in layer.trainable_variables]
    outputs, after = layer.stateless_call(
        values, [v.value for v in layer.non_trainable_variables], X, training=True
    )
    assert outputs.numpy().tolist() == np.full((8, 2), 2.0).tolist()
    np.testing.assert_allclose(after[0].numpy(), [0.01, 0.01], rtol=1e-5)
    assert [w.numpy().tolist() for w in layer.weights] == before
    with pytest.raises(ArgumentError, match="values of its 2 trainable variables, received 1"):
        layer.stateless_call(values[:1], after, X)


def test_stateless_metrics_keep_what_they_have():
    metric = keras.metrics.MeanSquaredError()
    metric.update_state([[0.0]], [[3.0]])
    values = metric.stateless_reset_state()
    for _ in range(2):
        values = metric.stateless_update_state(values, [[0.0]], [[1.0]])
    assert (float(metric.stateless_result(values)), float(metric.result())) == (1.0, 9.0)


def test_losses_are_computed_for_values_of_variables():
    made = model(metrics=["mae"])
    values = [keras.ops.zeros(v.shape) for v in made.trainable_variables]
    loss, (trained, others, _) = made.stateless_compute_loss(values, [], [], x=X, y=Y + 2, y_pred=made(X))
    assert (float(loss), trained, others) == (0.0, values, [])


def test_models_tell_how_they_were_compiled_and_are_compiled_so():
    made = model("adam", metrics=["mae"], loss_weights=[0.5])
    config = made.get_compile_config()
    assert (config["loss"], config["metrics"], config["optimizer"]["class_name"]) == ("mse", ["mae"], "Adam")
    other = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    assert other.get_compile_config() is None
    other.compile_from_config(config)
    assert other.get_compile_config()["loss_weights"] == [0.5]


def test_state_trees_go_by_paths():
    x = keras.Input((2,))
    made = keras.Model(x, layers.Dense(1, kernel_initializer="ones", name="d")(x))
    made.compile("adam", "mse")
    tree = made.get_state_tree("numpy_array")
    assert tree["trainable_variables"]["d"]["kernel"].tolist() == [[1.0], [1.0]]
    made.fit(X, Y, verbose=0)
    made.set_state_tree({"trainable_variables": tree["trainable_variables"]})
    assert kernel(made) == [1.0, 1.0]


class Twice(keras.Model):
    def __init__(self):
        super().__init__()
        self.first, self.second = layers.Dense(2, name="d"), layers.Dense(2, name="d")

    def call(self, inputs):
        return self.second(self.first(inputs))


def test_paths_of_a_state_tree_must_differ():
    made = Twice()
    made(X)
    with pytest.raises(ArgumentError, match="two variables have '"):
        made.get_state_tree()


@pytest.mark.parametrize("kind", [layers.Dense, layers.LSTM])
def test_layers_are_built_by_their_config(kind):
    layer, other = kind(2), kind(2)
    layer.build((None, 4, 3))
    other.build_from_config(layer.get_build_config())
    assert [w.shape for w in other.weights] == [w.shape for w in layer.weights]
    store = {}
    layer.save_own_variables(store)
    if kind is layers.Dense:
        other.load_own_variables(store)
        np.testing.assert_array_equal(other.kernel.numpy(), layer.kernel.numpy())


class Stop(keras.callbacks.Callback):
    def __init__(self, hook):
        super().__init__()
        self.tests, self.end = 0, None
        setattr(self, hook, self.stop)

    def stop(self, *_args):
        self.model.stop_training = True

    def on_test_batch_end(self, _batch, _logs=None):
        self.tests += 1

    def on_train_end(self, logs=None):
        self.end = logs


class Halves(keras.utils.PyDataset):
    def __len__(self):
        return 2

    def __getitem__(self, number):
        return X[4 * number : 4 * number + 4], Y[4 * number : 4 * number + 4]


@pytest.mark.parametrize(
    ("hook", "streamed"),
    [
        ("on_epoch_begin", False),  # a stream is not read then
        *(
            (hook, s)
            for hook in ("on_train_batch_end", "on_epoch_end", "on_test_begin")
            for s in (False, True)
        ),
    ],
)
def test_an_epoch_that_was_stopped_is_validated(hook, streamed):
    made, stop = model(metrics=["mae"]), Stop(hook)
    data = Halves()
    given = {"x": data, "validation_data": data} if streamed else {"x": X, "y": Y, "validation_data": (X, Y)}
    found = made.fit(
        **given, batch_size=None if streamed else 4, epochs=3, verbose=0, callbacks=[stop]
    ).history
    assert {name: len(values) for name, values in found.items()} == dict.fromkeys(
        ("loss", "mae", "val_loss", "val_mae"), 1
    )
    assert stop.tests == 2
    assert stop.end == {name: values[0] for name, values in found.items()}


def test_no_epochs_give_an_empty_history():
    found = model().fit(X, Y, epochs=0)
    assert (found.history, found.epoch) == ({}, [])


def test_models_without_weights_that_are_trained_are_fitted_with_a_warning():
    made = keras.Sequential([keras.Input((2,)), layers.Rescaling(2.0)])
    made.compile("sgd", "mse")
    with pytest.warns(UserWarning, match="its layers have none"):
        assert made.fit(X, X, epochs=2, verbose=0).history["loss"] == [1.0, 1.0]
    frozen = model()
    frozen.trainable = False
    frozen.compile("sgd", "mse")
    with pytest.warns(UserWarning, match="all 2 are frozen"):
        assert frozen.fit(X, Y, verbose=0).history["loss"] == [4.0]


def test_numbers_of_bars_stand_in_the_order_of_their_names(monkeypatch):
    made = model(metrics=["mae", keras.metrics.AUC(name="auc")])
    for live in (False, True):
        monkeypatch.setattr("tfjs_pyo.keras.progress.shows_at_once", lambda live=live: live)
        with redirect_stdout(io.StringIO()) as printed:
            made.fit(X, Y, batch_size=2, epochs=2)
        bars = [
            line for part in printed.getvalue().splitlines() for line in part.split("\r") if "loss:" in line
        ]
        names = [[part.split(":")[0] for part in bar.split(" - ")[1:]] for bar in bars]
        assert all(each == sorted(each) for each in names)
        assert names[-1] == ["auc", "loss", "mae"]


class Made(keras.Model):
    """Defines what older programs do: the function that takes batches."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(1, kernel_initializer="ones")

    def call(self, inputs):
        return self.dense(inputs)

    def make_train_function(self, force=False):  # noqa: ARG002 (Keras's signature)
        def train(iterator):
            return {**self.train_step(next(iterator)), "own": 3.0}

        self.train_function = train


def test_functions_that_subclasses_make_of_steps_are_used():
    made = Made()
    made.compile("sgd", "mse")
    assert made.fit(X, Y, epochs=2, verbose=0).history["own"] == [3.0, 3.0]
    plain = model()
    plain.evaluate(X, Y, verbose=0)
    logs = plain.make_test_function()(iter([(X, Y)]))
    assert float(logs["loss"]) == pytest.approx(4.0)


def test_masks_are_read_and_set_by_keras_name():
    words = np.array([[1, 2, 0], [3, 0, 0]])
    embedding = layers.Embedding(5, 4, mask_zero=True)
    assert embedding(words)._keras_mask.numpy().tolist() == (words != 0).tolist()
    vectors = keras.ops.ones((2, 3, 4))
    assert getattr(vectors, "_keras_mask", None) is None
    vectors._keras_mask = keras.ops.convert_to_tensor(words != 0)
    lstm = layers.LSTM(2)
    np.testing.assert_allclose(lstm(vectors).numpy(), lstm(vectors, mask=words != 0).numpy(), rtol=1e-6)


def test_weights_that_are_set_stay_as_they_are_until_an_update():
    layer = keras.layers.Dense(1, use_bias=False, kernel_constraint="non_neg")
    model = keras.Sequential([keras.Input((2,)), layer])
    for owner in (layer, model):
        owner.set_weights([np.array([[-1.0], [2.0]], "float32")])
        np.testing.assert_array_equal(owner.get_weights()[0], [[-1], [2]])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    model.fit(np.zeros((1, 2)), np.zeros((1, 1)), verbose=0)
    np.testing.assert_array_equal(layer.get_weights()[0], [[0], [2]])
