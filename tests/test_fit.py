"""What `fit` compiles and when it does without Python: the padded last batch, logs, coroutines, order of samples."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.counting import runs_of
from tfjs_pyo import layers
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError

RANDOM = np.random.default_rng(5)
X = RANDOM.normal(size=(22, 3)).astype(np.float32)
Y = np.eye(4, dtype=np.float32)[RANDOM.integers(0, 4, 22)]


def small(loss="categoricalCrossentropy", metrics=("accuracy", "mse"), extra=(), **options):
    """A classifier with given weights, compiled."""
    first = tf.layers.dense({"units": 5, "activation": "relu", "inputShape": [3], **options})
    model = tf.sequential({"layers": [first, *extra, tf.layers.dense({"units": 4, "activation": "softmax"})]})
    model.compile({"optimizer": tf.train.adam(0.05), "loss": loss, "metrics": list(metrics)})
    draw = np.random.default_rng(1)
    model.set_weights([draw.normal(size=w.shape).astype(np.float32) for w in model.get_weights()])
    return model


def fitted(model, **options):
    """History and final weights of 3 epochs of batches of 8, 8 and 6."""
    options = {"epochs": 3, "batchSize": 8, "shuffle": False, **options}
    history = asyncio.run(model.fit(X, Y, options)).history
    return history, [w.numpy() for w in model.get_weights()]


def own_loss(true, predicted):
    return tf.keras.losses.categorical_crossentropy(true, predicted)


def assert_same(one, other):
    for key, values in one[0].items():
        np.testing.assert_allclose(values, other[0][key], rtol=2e-6, err_msg=key)
    for mine, theirs in zip(one[1], other[1], strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-6)


def test_the_last_smaller_batch_runs_in_the_step_of_the_others():
    model, other = small(), small(own_loss)
    runs, exact_runs = runs_of(model.layers[0]), runs_of(other.layers[0])
    padded, exact = fitted(model), fitted(other)
    assert (sum(runs), sum(exact_runs)) == (1, 2)
    assert_same(padded, exact)


@pytest.mark.parametrize(
    "options", [{}, {"epochs": 3, "callbacks": {"onBatchEnd": lambda _batch, _logs: None}}]
)
def test_shuffled_epochs_of_a_padded_step(options):
    def train(loss):
        tf.random.set_seed(3)
        return fitted(small(loss), shuffle=True, **options)

    assert_same(train("categoricalCrossentropy"), train(own_loss))


class MeanOfBatch(layers.Layer):
    """Mixes samples; says nothing of itself."""

    def call(self, inputs):
        return inputs - tf.mean(inputs, 0, True)


@pytest.mark.parametrize(
    "make",
    [
        lambda: small(extra=[MeanOfBatch()]),
        lambda: small(activation=lambda x: x - tf.mean(x, 0, True)),
        lambda: small(activityRegularizer="l2"),
        lambda: small(metrics=[lambda true, predicted: tf.max(predicted)]),
        lambda: small(lambda true, predicted: tf.sum(tf.square(true - predicted))),
    ],
    ids=["layer", "activation", "activity", "metric", "loss"],
)
def test_whatever_may_mix_samples_gets_a_step_of_its_own_for_the_last_batch(make):
    found, by_batches = make(), make()
    runs = runs_of(found.layers[0])
    batches = [(tf.tensor(X[at : at + 8]), tf.tensor(Y[at : at + 8])) for at in range(0, len(X), 8)]
    history = asyncio.run(by_batches.fit_dataset(batches, {"epochs": 3})).history
    assert_same((history, [w.numpy() for w in by_batches.get_weights()]), fitted(found))
    assert sum(runs) == 2


OF_BATCHES = ["CutMix", "MelSpectrogram", "MixUp", "Pipeline", "SpectralNormalization", "Wrapper"]
"""They mix the images of a batch, look at its loudest sound, or hold layers that may."""


def test_layers_of_ours_say_that_they_treat_each_sample_by_itself():
    ours = [c for c in layers.LAYERS.items.values() if c.__module__.startswith("tfjs_pyo.")]
    mixing = [c.__name__ for c in ours if not c.per_sample]
    assert sorted(mixing) == sorted(["BatchNormalization", "Lambda", "Operation", *OF_BATCHES])
    assert not MeanOfBatch.per_sample

    class Derived(layers.Dense):
        def call(self, inputs):
            return super().call(inputs) - tf.mean(inputs)

    assert not Derived.per_sample


def test_predict_and_evaluate_of_padded_batches():
    model = small()
    whole = model.predict(X, {"batchSize": 22}).numpy()
    np.testing.assert_allclose(model.predict(X, {"batchSize": 8}).numpy(), whole, rtol=1e-6)
    one = [v.array_sync() for v in model.evaluate(X, Y, {"batchSize": 22})]
    assert [v.array_sync() for v in model.evaluate(X, Y, {"batchSize": 8})] == pytest.approx(one, rel=1e-6)
    assert one[0] == pytest.approx(float(np.mean(-np.log((whole * Y).sum(1)))), rel=1e-5)


def test_validation_is_what_evaluate_says_and_leaves_the_training_log_alone():
    alone, _ = fitted(small())
    model = small()
    beside, _ = fitted(model, validationData=(X[:9], Y[:9]))
    assert beside["loss"] == alone["loss"]
    last = [beside[f"val_{name}"][-1] for name in ("loss", "acc", "mse")]
    assert last == pytest.approx([v.array_sync() for v in model.evaluate(X[:9], Y[:9])], rel=1e-6)


def test_an_evaluation_between_batches_does_not_disturb_the_history():
    plain = fitted(small(), callbacks={"onBatchEnd": lambda _batch, _logs: None})
    model = small()
    with_evaluation = fitted(
        model, callbacks={"onBatchEnd": lambda _batch, _logs: model.evaluate(X[:5], Y[:5])}
    )
    assert_same(plain, with_evaluation)


def test_fit_is_a_coroutine():
    async def background():
        return await asyncio.create_task(small().fit(X, Y, {"epochs": 2}))

    assert asyncio.run(background()).epoch == [0, 1]
    assert asyncio.run(small().fit(X, Y, {"epochs": 1})).epoch == [0]


def test_what_is_not_awaited_has_no_attributes_but_says_why():
    pending = small().fit(X, Y)
    assert not hasattr(pending, "then")  # what JavaScript asks of everything that it is given
    with pytest.raises(ArgumentError, match="expected `await`"):
        _ = pending.history
    with pytest.warns(RuntimeWarning, match="was not awaited, so nothing was trained"):
        del pending


def test_one_fit_at_a_time():
    model = small()

    async def twice():
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def pause(_epoch, _logs):
            begun.set()
            await go_on.wait()

        first = asyncio.create_task(model.fit(X, Y, {"epochs": 2, "callbacks": {"onEpochEnd": pause}}))
        await begun.wait()
        with pytest.raises(ArgumentError, match="a fit is still running"):
            await model.fit(X, Y)
        go_on.set()
        return await first

    assert asyncio.run(twice()).epoch == [0, 1]
    assert asyncio.run(model.fit(X, Y, {"epochs": 1})).epoch == [0]


class Around(tf.layers.Layer):
    """Holds a model in a list of a dict."""

    def __init__(self, inner):
        super().__init__()
        self.held = {"models": [inner]}

    def call(self, inputs):
        return self.held["models"][0](inputs)


OUTER = {
    "stack": lambda inner: tf.sequential([inner]),
    "stack of stacks": lambda inner: tf.sequential([tf.sequential([inner])]),
    "graph": lambda inner: tf.model(inputs=(x := tf.input(shape=[3])), outputs=inner(x)),
    "layer of a user": lambda inner: tf.sequential([tf.layers.inputLayer(inputShape=[3]), Around(inner)]),
}


@pytest.mark.parametrize("change", ["add", "pop"])
@pytest.mark.parametrize("name", OUTER)
def test_a_part_of_a_model_does_not_change_while_the_model_is_trained(name, change):
    inner = small()
    other, outer = small(), OUTER[name](inner)
    outer.compile("sgd", "meanSquaredError")
    more = {"add": lambda model: model.add(tf.layers.dense(units=1)), "pop": lambda model: model.pop()}[
        change
    ]
    refused = []

    def at_end(_epoch, _logs):
        with pytest.raises(ArgumentError, match=f"{change}.*of a model that is being trained.*{outer.name}"):
            more(inner)
        refused.append(True)
        more(other)

    asyncio.run(outer.fit(X, Y, {"epochs": 1, "callbacks": {"onEpochEnd": at_end}}))
    assert refused == [True]
    more(inner)
    assert not outer.is_training


def test_plain_lists_of_numbers_are_columns():
    model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]})]})
    model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
    model.set_weights([[[2.0]], [0.0]])
    assert model.evaluate([1, 2], [1, 2]).array_sync() == pytest.approx(2.5)
    assert model.predict([3, 4]).array_sync() == [[6.0], [8.0]]


def test_accuracy_means_what_suits_the_output():
    model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1], "useBias": False})]})
    model.compile({"optimizer": "sgd", "loss": "meanSquaredError", "metrics": ["accuracy", "ce"]})
    model.set_weights([[[1.0]]])
    _, accuracy, crossentropy = model.evaluate([0.2, 0.4, 0.6, 0.8], [0, 1, 1, 1])
    assert model.metrics_names == ["loss", "acc", "ce"]
    assert accuracy.array_sync() == pytest.approx(0.75)
    assert crossentropy.array_sync() == pytest.approx(-np.mean(np.log([0.8, 0.4, 0.6, 0.8])), rel=1e-5)


def test_activity_regularizers_count_in_the_loss():
    model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1], "useBias": False})]})
    model.layers[0].activity_regularizer = tf.regularizers.l2(0.5)
    model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
    model.set_weights([[[2.0]]])
    expected = 0.5 * (4.0 + 16.0) / 2  # by the number of samples, as in Keras; the error itself is 0
    assert model.evaluate([1, 2], [2, 4]).array_sync() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: small().fit(X, Y[:, :3]),
            ShapeError,
            r"output 'dense_Dense\d+' of shape \[batch, 4\].*\[batch, 3\]",
        ),
        (lambda: small().fit(X, Y[:5]), ShapeError, "same number of samples"),
        (lambda: small().fit(X, [0] * 22), ShapeError, "For class numbers use sparseCategoricalCrossentropy"),
        (
            lambda: small().fit(X, Y, {"epochs": 0}),
            OptionError,
            "'epochs' to be a positive integer, received 0",
        ),
        (
            lambda: small().fit(X, Y, {"epoch": 3}),
            ArgumentError,
            "unknown argument 'epoch'. Did you mean 'epochs'",
        ),
        (
            lambda: small().fit(X, Y, {"validationData": X}),
            ArgumentError,
            r"'validationData' to be a pair \(x, y\)",
        ),
        (lambda: small().fit(X, Y, {"validationSplit": 2}), OptionError, "'validationSplit' between 0 and 1"),
        (
            lambda: small().fit(X, Y, {"initialEpoch": -1}),
            OptionError,
            "'initialEpoch' to be an integer from 0",
        ),
        (lambda: small({"nothere": "mse"}), OptionError, "loss by names of outputs .* received nothere"),
        (
            lambda: small(metrics=["acuracy"]),
            OptionError,
            "no metric named 'acuracy'. Did you mean 'accuracy'",
        ),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        asyncio.run(call())
