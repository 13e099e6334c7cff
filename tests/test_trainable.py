"""`trainable`: what is frozen stays as it is, whoever trains; what a model trains is decided when it is compiled."""

import asyncio
import gc

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.counting import runs_of
from tests.linear import run
from tfjs_pyo.core.autodiff import GradientError
from tfjs_pyo.errors import ArgumentError, ShapeError, TraceError

X = np.random.default_rng(4).normal(size=(8, 3)).astype(np.float32)
Y = X.sum(1, keepdims=True)


def dense(units, **more):
    return tf.layers.dense({"units": units, **more})


def net(*units):
    first, *others = units
    return tf.sequential({"layers": [dense(first, inputShape=[3]), *map(dense, others)]})


def compiled(model, loss="meanSquaredError", **more):
    model.compile({"optimizer": tf.train.sgd(0.1), "loss": loss, **more})
    return model


def values(model):
    return [w.read().numpy() for w in model._all_weights()]


def moved(model, train):
    """Which of the weights training has changed, in the order in which they were made."""
    before = values(model)
    train()
    return [not np.array_equal(a, b) for a, b in zip(before, values(model), strict=True)]


def layer_kinds():
    """Layers that hold others, and how to apply them to [4, 3, 2]."""
    sequence = tf.ones([4, 3, 2])
    return {
        "timeDistributed": (tf.layers.timeDistributed({"layer": dense(2)}), sequence),
        "bidirectional": (tf.layers.bidirectional({"layer": tf.layers.lstm({"units": 2})}), sequence),
        "rnn": (tf.layers.rnn({"cell": tf.layers.lstmCell({"units": 2})}), sequence),
        "stacked cells": (
            tf.layers.rnn({"cell": [tf.layers.gruCell({"units": 2}), tf.layers.gruCell({"units": 3})]}),
            sequence,
        ),
        "sequential": (tf.sequential({"layers": [dense(2, inputShape=[3, 2]), dense(3)]}), sequence),
        "sequential in sequential": (
            tf.sequential({"layers": [tf.sequential({"layers": [dense(2, inputShape=[3, 2])]}), dense(3)]}),
            sequence,
        ),
        "batch normalization": (tf.layers.batchNormalization(), sequence),
    }


@pytest.mark.parametrize("built_before", [True, False])
@pytest.mark.parametrize("kind", list(layer_kinds()))
def test_setting_trainable_reaches_all_that_is_inside(kind, built_before):
    layer, x = layer_kinds()[kind]
    if built_before:
        layer.apply(x)
    layer.trainable = False
    layer.apply(x)
    assert layer.trainable_weights == []
    assert not any(w.trainable for w in layer._all_weights())
    with pytest.raises(GradientError, match="trainable"):
        tf.variable_grads(lambda: tf.sum(layer.apply(x)))
    layer.trainable = True
    fixed = [w.original_name for w in layer._all_weights() if not w.trainable]
    assert all("moving" in name for name in fixed)
    assert tf.variable_grads(lambda: tf.sum(layer.apply(x)))["grads"]


def test_a_layer_that_is_made_frozen_has_frozen_weights():
    layer = dense(2, trainable=False)
    layer.apply(tf.ones([1, 3]))
    assert [w.trainable for w in layer._all_weights()] == [False, False]
    model = tf.keras.Sequential([tf.keras.layers.Dense(2, input_shape=(3,))], trainable=False)
    assert [w.trainable for w in model._all_weights()] == [False, False]


def test_a_loaded_model_keeps_what_was_frozen():
    model = net(4, 2)
    model.layers[0].trainable = False
    outer = tf.sequential({"layers": [model, dense(1)]})
    found = tf.model_from_json(outer.to_json()) if hasattr(tf, "model_from_json") else None
    if found is None:
        found = type(outer).from_config(outer.get_config())
    assert [w.trainable for w in found._all_weights()] == [False, False, True, True, True, True]


@pytest.mark.parametrize("make", [lambda b: tf.Model(b.inputs, b.layers[-1].output), lambda b: b])
def test_a_frozen_base_stays_in_whatever_model_uses_it(make):
    base = net(4, 2)
    base.trainable = False
    reused = make(base)
    model = compiled(tf.sequential({"layers": [reused, dense(1)]}))
    assert moved(model, lambda: run(model.fit(X, Y))) == [False] * 4 + [True] * 2
    sgd = tf.train.sgd(0.1)
    loss = lambda: tf.losses.meanSquaredError(Y, model.predict(X))  # noqa: E731
    assert moved(model, lambda: sgd.minimize(loss)) == [False] * 4 + [True] * 2
    base.layers[1].trainable = True
    assert moved(model, lambda: sgd.minimize(loss)) == [False] * 2 + [True] * 4


# What compile decides

TRAININGS = {
    "fit": lambda m: m.fit(X, Y),
    "fit in batches": lambda m: m.fit(X, Y, {"batchSize": 3}),
    "fit with a batch callback": lambda m: m.fit(X, Y, {"callbacks": {"onBatchEnd": lambda *_: None}}),
    "fitDataset": lambda m: m.fitDataset([(X, Y)]),
    "trainOnBatch": lambda m: m.trainOnBatch(X, Y),
}


@pytest.mark.parametrize("train", TRAININGS.values(), ids=TRAININGS)
def test_training_when_all_is_frozen_is_refused(train):
    model = compiled(net(2, 1))
    run(train(model))
    model.trainable = False
    before = values(model)
    with pytest.raises(
        ArgumentError, match=r"all 4 are frozen. Set `trainable = True` .* model.compile\(...\) again"
    ):
        run(train(model))
    compiled(model)
    with pytest.raises(ArgumentError, match="all 4 are frozen"):
        run(train(model))
    model.trainable = True
    with pytest.raises(
        ArgumentError, match=r"all 4 were frozen when it was compiled. Call model.compile\(...\) again"
    ):
        run(train(model))
    for a, b in zip(before, values(model), strict=True):
        np.testing.assert_array_equal(a, b)
    compiled(model)
    assert moved(model, lambda: run(train(model))) == [True] * 4


def test_a_model_without_weights_is_refused():
    model = compiled(tf.sequential({"layers": [tf.layers.flatten({"inputShape": [3]})]}))
    with pytest.raises(ArgumentError, match="expected weights to train, but its layers have none"):
        run(model.fit(X, X))


@pytest.mark.parametrize("train", TRAININGS.values(), ids=TRAININGS)
def test_what_is_frozen_after_compile_stays_and_what_thaws_waits_for_compile(train):
    model = compiled(net(2, 1))
    model.layers[0].trainable = False
    assert moved(model, lambda: run(train(model))) == [False, False, True, True]
    model.layers[0].trainable = True
    assert moved(model, lambda: run(train(model))) == [True] * 4
    model.layers[0].trainable = False
    compiled(model)
    model.layers[0].trainable = True
    with pytest.warns(UserWarning, match=r"2 of its weights became trainable after model.compile\(...\)"):
        assert moved(model, lambda: run(train(model))) == [False, False, True, True]
    assert moved(model, lambda: run(train(model))) == [False, False, True, True]  # told once
    compiled(model)
    assert moved(model, lambda: run(train(model))) == [True] * 4


def test_layers_added_after_compile_are_trained():
    model = compiled(net(2))
    model.add(dense(1))
    assert moved(model, lambda: run(model.fit(X, Y))) == [True] * 4


def test_a_subclass_is_compiled_before_it_is_built():
    class Own(tf.Model):
        def __init__(self):
            super().__init__()
            self.frozen, self.last = dense(2), dense(1)
            self.frozen.trainable = False

        def call(self, inputs):
            return self.last(self.frozen(inputs))

    model = compiled(Own())
    run(model.fit(X, Y))
    assert moved(model, lambda: run(model.fit(X, Y))) == [False, False, True, True]


def gan(order):
    """Generator, discriminator and both, with the steps of the classical program in the order of somebody's."""
    g, d = net(4, 3), net(4, 1)
    if order == "compiled first":
        compiled(d)
        d.trainable = False
    z = tf.input({"shape": [3]})
    if order == "both first":
        d.trainable = False
    both = compiled(tf.model({"inputs": z, "outputs": d.apply(g.apply(z))}))
    if order == "both first":
        d.trainable = True
        compiled(d)
    return g, d, both


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("order", ["compiled first", "both first"])
@pytest.mark.parametrize("train", TRAININGS.values(), ids=TRAININGS)
def test_the_classical_gan_trains_both(train, order):
    _, d, both = gan(order)
    for _ in range(2):
        assert moved(both, lambda: run(train(d))) == [False] * 4 + [True] * 4
        assert moved(both, lambda: run(train(both))) == [True] * 4 + [False] * 4


def test_without_the_other_model_freezing_is_freezing():
    _, d, both = gan("compiled first")
    both.dispose()
    del both
    gc.collect()
    with pytest.raises(ArgumentError, match="are frozen"):
        run(d.fit(X, Y))


# Losses that reach nothing, and targets that fit nothing

DETACHED = {
    "a constant": lambda y, p: tf.scalar(1.0),
    "the targets only": lambda y, p: tf.square(y).mean(),
    "behind stop_gradient": lambda y, p: tf.square(tf.ops.stop_gradient(p) - y).mean(),
    "a comparison": lambda y, p: tf.cast(p > y, "float32").mean(),
}


@pytest.mark.parametrize("train", TRAININGS.values(), ids=TRAININGS)
@pytest.mark.parametrize("loss", DETACHED.values(), ids=DETACHED)
def test_a_loss_that_does_not_depend_on_the_weights_is_refused(loss, train):
    model = compiled(net(2, 1), loss)
    with pytest.raises(GradientError, match="expected a loss that depends on a weight that is trained"):
        run(train(model))


def test_weights_that_the_loss_does_not_depend_on_stay():
    """Also where an optimizer would move them by momentum or decay."""
    x = tf.input({"shape": [3]})
    outputs = [dense(1).apply(x), dense(1).apply(x)]
    model = tf.model({"inputs": x, "outputs": outputs})
    model.compile(
        optimizer=tf.keras.optimizers.AdamW(0.1, weight_decay=0.5),
        loss=["meanSquaredError", lambda y, p: tf.square(y).mean()],
    )
    changed = moved(model, lambda: run(model.fit(X, [Y, Y])))
    assert sorted(changed) == [False, False, True, True]


CATEGORICAL = [
    "categoricalCrossentropy",
    "categorical_crossentropy",
    tf.metrics.categoricalCrossentropy,
    tf.keras.losses.CategoricalCrossentropy(),
    tf.keras.losses.CategoricalFocalCrossentropy(),
]


@pytest.mark.parametrize("units", [1, 3])
@pytest.mark.parametrize("loss", CATEGORICAL)
def test_categorical_losses_refuse_targets_of_one_column(loss, units):
    """Class numbers, or a single class, whose softmax is always 1: TF.js refuses both."""
    model = compiled(net(units), loss)
    for act in (
        lambda: run(model.fit(X, Y)),
        lambda: run(model.trainOnBatch(X, Y)),
        lambda: model.evaluate(X, Y),
    ):
        with pytest.raises(
            ShapeError, match=r"of shape \[batch, .*received shape \[batch, 1\].*sparseCategoricalCross"
        ):
            act()


# Compiled steps where somebody needs to know how values are computed


def test_evaluate_is_the_same_where_a_gradient_is_taken():
    model = compiled(net(4, 1), metrics=["mae", tf.keras.metrics.RootMeanSquaredError()])
    plain = [v.item() for v in model.evaluate(X, Y, {"batchSize": 3})]
    with tf.GradientTape():
        taped = [v.item() for v in model.evaluate(X, Y, {"batchSize": 3})]
    np.testing.assert_allclose(taped, plain, rtol=1e-5)


@pytest.mark.parametrize("batch", [3, 8, 32])
def test_evaluate_of_several_outputs_with_weights_is_the_same_where_a_gradient_is_taken(batch):
    x = tf.input({"shape": [3]})
    hidden = tf.layers.layerNormalization().apply(dense(4, kernelRegularizer="l1l2").apply(x))
    outputs = [dense(1).apply(hidden), dense(2, activation="softmax").apply(hidden)]
    model = tf.model({"inputs": x, "outputs": outputs})
    model.compile(
        {
            "optimizer": "sgd",
            "loss": ["meanSquaredError", "categoricalCrossentropy"],
            "lossWeights": [2, 0.5],
            "metrics": {outputs[1].layer.name: ["accuracy", tf.keras.metrics.AUC()]},
        }
    )
    hot = np.eye(2, dtype=np.float32)[np.arange(8) % 2]
    weights = np.linspace(0.5, 2, 8, dtype=np.float32)
    measured = lambda: model.evaluate(X, [Y, hot], {"batchSize": batch, "sampleWeight": [weights, weights]})  # noqa: E731
    plain = [v.item() for v in measured()]
    with tf.GradientTape() as tape:
        taped = measured()
    found = tape.gradient(taped[0], model.trainable_weights)
    assert all(derivative is not None for derivative in found)
    np.testing.assert_allclose([v.item() for v in taped], plain, rtol=1e-5)


def test_training_by_compiled_steps_gives_numbers_without_history():
    model = compiled(net(1))

    async def program():
        with tf.GradientTape() as tape:
            loss = await model.train_on_batch(X, Y)
        return tape.gradient(loss, model.trainable_weights)

    with pytest.raises(ArgumentError, match="expected a tensor to differentiate, received float"):
        asyncio.run(program())


def test_a_compiled_step_does_not_run_while_another_is_recorded():
    inner = compiled(net(1))

    class Own(tf.Sequential):
        def train_step(self, data):
            x, y = data
            inner.trainOnBatch(x, y).send(None)
            return {"loss": tf.scalar(0.0)}

    model = Own({"layers": [dense(1, inputShape=[3])]})
    compiled(model)
    with pytest.raises(TraceError, match="cannot run while another one is recorded"):
        run(model.fit(X, Y))


def test_predict_outside_of_gradients_uses_its_compiled_step():
    model = net(2, 1)
    runs = runs_of(model.layers[0])
    model.predict(X)
    with tf.GradientTape():
        model.predict(X)
    assert len(runs) == 2
    model.predict(X)
    assert len(runs) == 2


@pytest.mark.parametrize("is_built", [True, False])
def test_another_model_may_be_in_the_loss(is_built):
    """Such as a distance of features; its weights may be made while the step is recorded."""
    features = tf.sequential({"layers": [dense(4, inputShape=[1]) if is_built else dense(4)]})
    features.trainable = False
    model = compiled(net(2, 1), lambda y, p: tf.square(features.predict(y) - features.predict(p)).mean(-1))
    assert moved(model, lambda: run(model.fit(X, Y, {"batchSize": 4}))) == [True] * 4
    kernel, _ = (w.numpy() for w in features.get_weights())
    expected = np.mean((Y @ kernel - model.predict(X).numpy() @ kernel) ** 2)
    assert model.evaluate(X, Y).item() == pytest.approx(expected, rel=1e-4)


def saved_and_loaded(model):
    saved = []
    run(model.save(tf.io.withSaveHandler(saved.append), {"includeOptimizer": True}))
    return run(tf.loadLayersModel(tf.io.fromMemory(saved[0])))


@pytest.mark.parametrize("used", ["for its last layer first", "for another model first"])
def test_a_saved_optimizer_state_belongs_to_the_weights(used):
    """Whatever else the optimizer has trained, and in whichever order."""
    model, optimizer = net(3, 3, 1), tf.train.adam(0.1)
    if used == "for another model first":
        other = net(3, 3)
        other.compile({"optimizer": optimizer, "loss": "meanSquaredError"})
        run(other.fit(X, X))
    else:
        model.layers[0].trainable = False
        model.compile({"optimizer": optimizer, "loss": "meanSquaredError"})
        run(model.fit(X, Y))
        model.trainable = True
    model.compile({"optimizer": optimizer, "loss": "meanSquaredError"})
    run(model.fit(X, Y))
    loaded = saved_and_loaded(model)
    for mine, theirs in zip(model.trainable_weights, loaded.trainable_weights, strict=True):
        for kind in ("m", "v"):
            np.testing.assert_array_equal(
                optimizer.slot(mine, kind).numpy(), loaded.optimizer.slot(theirs, kind).numpy()
            )
    ordered = {"batchSize": 8, "shuffle": False}
    assert run(loaded.fit(X, Y, ordered)).history == run(model.fit(X, Y, ordered)).history
    for mine, theirs in zip(model.weights, loaded.weights, strict=True):
        np.testing.assert_allclose(mine.numpy(), theirs.numpy(), rtol=1e-5, atol=1e-6)


def test_several_targets_are_differentiated_as_their_sum():
    def of(target, weights=None):
        a, b = tf.variable(tf.tensor([1.0, 2.0])), tf.variable(tf.tensor([[3.0]]))
        with tf.GradientTape() as tape:
            made = target(a, b)
        return [found.tolist() for found in tape.gradient(made, [a, b], weights)]

    assert of(lambda a, b: [a * a, b * 2.0]) == [[2.0, 4.0], [[2.0]]]
    assert of(lambda a, b: (a * b, {"x": a + b})) == [[4.0, 4.0], [[5.0]]]
    assert of(lambda a, b: [a * a, b * 1.0], [tf.tensor([1.0, 0.0]), tf.tensor([[5.0]])]) == [
        [2.0, 0.0],
        [[5.0]],
    ]
    with pytest.raises(ArgumentError, match="expected outputGradients for 2 targets, received 1"):
        of(lambda a, b: [a * 1.0, b * 1.0], [tf.scalar(1.0)])
    with pytest.raises(ArgumentError, match="received an empty list"):
        of(lambda _a, _b: [])


def test_gradients_are_differentiated_again():
    w = tf.variable(tf.tensor([1.0, 2.0]))
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            loss = tf.sum(w * w * w)
        first = inner.gradient(loss, [w])
    assert outer.gradient(first, [w])[0].tolist() == [6.0, 12.0]
