"""Members of TensorFlow.js's classes do what they do there (what is there at all: tests/tfjs/test_classes.py)."""

import asyncio
import gc

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError, OptionError


def test_symbolic_tensors_tell_where_they_come_from():
    gc.collect()
    x = tf.input(shape=[3], name="members_x")
    layer = tf.layers.dense(units=2, name="members_d")
    y, z = layer.apply(x), layer.apply(tf.input(shape=[3], name="members_o"))
    name = "members_d/members_d"
    assert (x.name, x.originalName, x.nodeIndex, x.tensorIndex, x.inputs) == (
        "members_x",
        "members_x",
        0,
        0,
        [],
    )
    assert (y.name, y.originalName, y.nodeIndex, y.outputTensorIndex) == (name, name, 0, None)
    assert (z.name, z.originalName, z.nodeIndex) == (f"{name}_1", name, 1)
    assert y.sourceLayer is layer
    assert y.inputs == [x]
    assert y.callArgs == {}
    assert x.id < y.id < z.id
    states = tf.layers.lstm(units=2, returnState=True, name="members_l").apply(tf.input(shape=[3, 2]))
    assert [(s.tensorIndex, s.outputTensorIndex) for s in states] == [(0, 0), (1, 1), (2, 2)]
    assert [s.name for s in states] == [f"members_l/members_l{end}" for end in ("", "_1", "_2")]


def graph():
    x, w = tf.input(shape=[3], name="mx"), tf.input(shape=[2], name="mw")
    hidden = tf.layers.dense(units=2, name="mh").apply(x)
    return tf.model(inputs=[x, w], outputs=[tf.layers.add(name="ma").apply([hidden, w]), hidden])


def test_names_of_a_model_are_properties():
    model = graph()
    assert (model.inputNames, model.outputNames) == (["mx", "mw"], ["ma", "mh"])
    assert [layer.name for layer in (*model.inputLayers, *model.outputLayers)] == ["mx", "mw", "ma", "mh"]
    assert model.findLayer("mh") is model.getLayer("mh")
    stack = tf.sequential([tf.layers.dense(1, inputShape=[2], name="first"), tf.layers.dense(1, name="last")])
    assert (stack.inputNames, stack.outputNames) == (["first_input"], ["last"])


def test_a_model_executes_any_part():
    model = graph()
    x, w = tf.tensor([[1.0, 2, 3]]), tf.tensor([[10.0, 20]])
    hidden = model.getLayer("mh").apply(x).numpy()
    symbol = model.getLayer("mh").output
    for which in ("mh", symbol.name, symbol):
        np.testing.assert_array_equal(model.execute([x, w], which).numpy(), hidden)
    both = model.execute({"mx": x, "mw": w}, ["ma", "mh"])
    np.testing.assert_array_equal(both[0].numpy(), hidden + w.numpy())
    np.testing.assert_array_equal(both[1].numpy(), hidden)
    stack = tf.sequential([tf.layers.dense(3, inputShape=[2], name="first"), tf.layers.dense(1)])
    assert stack.execute(np.ones((4, 2)), "first").shape == (4, 3)
    for call, message in (
        (lambda: model.execute([x, w], "mj"), "received 'mj'"),
        (lambda: model.execute([x, w], []), "received none"),
        (lambda: model.execute([x], "mh"), "expected 2 inputs, received 1"),
        (lambda: model.execute({"mx": x}, "mh"), "the input 'mw'"),
    ):
        with pytest.raises(ArgumentError, match=message):
            call()


def test_a_model_remembers_what_it_was_compiled_with():
    model = tf.sequential([tf.layers.dense(1, inputShape=[2])])
    model.compile({"optimizer": "sgd", "loss": "meanSquaredError", "metrics": ["mae"]})
    assert (model.loss, model.metrics, model.history) == ("meanSquaredError", ["mae"], None)
    assert [function.__name__ for function in model.lossFunctions] == ["mean_squared_error"]
    history = asyncio.run(model.fit(tf.ones([2, 2]), tf.ones([2, 1]), {"epochs": 1}))
    assert model.history is history
    model.metrics = "my own"
    assert model.metrics == "my own"


def test_weights_are_written_within_their_constraint():
    layer = tf.layers.dense(units=2, kernelConstraint="nonNeg", inputShape=[2])
    model = tf.sequential([layer, tf.layers.batchNormalization()])
    kernel = layer.weights[0]
    assert kernel.val is kernel
    assert kernel.write(tf.tensor([[-1.0, 2], [3, -4]])) is kernel
    assert kernel.read().array_sync() == [[0, 2], [3, 0]]
    assert kernel.originalName == kernel.name == f"{layer.name}/kernel"
    assert len(model.getWeights()) == 6
    assert len(model.getWeights(True)) == len(model.getWeights(trainableOnly=True)) == 4


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (tf.initializers.zeros(), "Zeros"),
        (tf.regularizers.l1(), "L1L2"),
        (tf.constraints.maxNorm(), "MaxNorm"),
        (tf.train.sgd(0.1), "SGD"),
        (tf.train.rmsprop(0.1), "RMSProp"),
        (tf.train.momentum(0.1, 0.9), "Momentum"),
        (tf.train.adam(), "Adam"),
        (tf.layers.reLU(), "ReLU"),
    ],
)
def test_class_names(made, name):
    assert made.getClassName() == name


def test_regularizers_and_constraints_apply():
    x = tf.tensor([[3.0, -4.0]])
    assert tf.regularizers.l1l2(l1=1, l2=2).apply(x).array_sync() == 7 + 2 * 25
    assert tf.constraints.nonNeg().apply(x).array_sync() == [[3, 0]]

    class Mine(tf.regularizers.Regularizer):
        def apply(self, x):
            return 2 * tf.sum(x)

    class Keras(tf.constraints.Constraint):
        def __call__(self, w):
            return w * 2

    assert Mine()(x).array_sync() == Mine().apply(x).array_sync() == -2
    assert Keras().apply(x).array_sync() == Keras()(x).array_sync() == [[6, -8]]
    model = tf.sequential(
        [tf.layers.dense(1, inputShape=[2], kernelRegularizer=Mine(), kernelConstraint=Keras())]
    )
    model.compile("sgd", "meanSquaredError")
    kernel = model.getWeights()[0].numpy()
    asyncio.run(model.fit(np.zeros((1, 2)), np.zeros((1, 1)), epochs=1))
    np.testing.assert_allclose(model.getWeights()[0].numpy(), 2 * (kernel - 0.01 * 2), rtol=1e-5)
    for kind, word in ((tf.regularizers.Regularizer, "apply"), (tf.constraints.Constraint, "apply")):
        with pytest.raises(ArgumentError, match=f"must define {word}"):
            kind().apply(x)


def test_rates_are_set_between_steps():
    for optimizer in (tf.train.sgd(0.5), tf.train.momentum(0.5, 0.0), tf.train.adam(0.5)):
        w = tf.variable(tf.scalar(1.0))
        optimizer.minimize(lambda w=w: w * 3)
        before = w.array_sync()
        optimizer.setLearningRate(0.0)
        optimizer.minimize(lambda w=w: w * 3)
        assert w.array_sync() == before < 1
    optimizer = tf.train.momentum(1.0, 0.0)
    w = tf.variable(tf.scalar(0.0))
    found = []
    for momentum in (0.0, 0.5):
        optimizer.setMomentum(momentum)
        optimizer.minimize(lambda: w * 1)
        found.append(w.array_sync())
    assert found == [-1, -2.5]


def test_layers_have_losses_hooks_and_states():
    layer = tf.layers.dense(
        units=1, kernelRegularizer=tf.regularizers.l1(1.0), useBias=False, kernelInitializer="ones"
    )
    seen = []
    layer.setCallHook(lambda inputs, kwargs: seen.append((inputs.shape, kwargs)))
    layer.apply(tf.ones([2, 3]))
    layer.clearCallHook()
    layer.apply(tf.ones([2, 3]))
    assert seen == [((2, 3), {})]
    assert [loss.array_sync() for loss in (*layer.losses, *layer.calculateLosses())] == [3, 3]
    assert (layer.stateful, layer.activityRegularizer, layer.initialWeights) == (False, None, None)
    assert len({layer.id, tf.layers.flatten().id}) == 2
    with pytest.raises(ArgumentError, match="keeps no states"):
        layer.resetStates()


def test_recurrent_layers_hand_out_their_states():
    layer = tf.layers.simpleRNN(units=2, stateful=True, batchInputShape=[2, 3, 4])
    output = layer.apply(tf.ones([2, 3, 4]))
    np.testing.assert_array_equal(layer.getStates()[0].numpy(), output.numpy())
    layer.setStates([tf.ones([2, 2])])
    assert layer.getStates()[0].array_sync() == [[1, 1], [1, 1]]
    assert [state.array_sync() for state in layer.getInitialState(tf.ones([2, 3, 4]))] == [[[0, 0], [0, 0]]]
    assert [spec.shape for spec in layer.stateSpec] == [(None, 2)]


def test_events_of_callbacks_can_be_called_and_awaited():
    seen = []

    class Sync(tf.Callback):
        def on_epoch_end(self, epoch, logs=None):
            super().on_epoch_end(epoch, logs)
            seen.append(("sync", epoch))

    class Async(tf.Callback):
        async def onEpochEnd(self, epoch, logs):  # noqa: N802
            await super().onEpochEnd(epoch, logs)
            seen.append(("async", epoch))

    class Quiet(tf.Callback):
        def setModel(self, model):  # noqa: N802
            super().setModel(model)
            seen.append(("model", self.validationData))

    assert Quiet().handlers() == {}
    model = tf.sequential([tf.layers.dense(1, inputShape=[2])])
    model.compile("sgd", "meanSquaredError")
    history = asyncio.run(
        model.fit(np.ones((2, 2)), np.ones((2, 1)), epochs=2, callbacks=[Sync(), Async(), Quiet()])
    )
    assert seen == [("model", None), ("sync", 0), ("async", 0), ("sync", 1), ("async", 1)]
    asyncio.run(history.syncData())


def test_switches_of_the_environment():
    env = tf.env()
    tf.disableDeprecationWarnings()
    tf.enableDebugMode()
    assert env.getBool("DEBUG")
    tf.enableProdMode()
    assert (env.get("DEBUG"), env.get("PROD")) == (False, True)
    env.setFlags({"DEBUG": True})
    env.reset()
    assert (env.getFlags()["DEBUG"], env.get("PROD"), env.platformName) == (False, False, "python")
    assert asyncio.run(env.getAsync("IS_NODE")) is False
    assert env.getString("WEBGL_VERSION") == "0"
    with pytest.raises(OptionError, match="set_flags"):
        env.setFlags({"DEBUG": True, "IS_NODE": True})
    assert not env.get("DEBUG")


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (tf.sequential, ["meanAbsoluteError", "mae", "binaryAccuracy", "mine", "acc"]),
        (tf.keras.Sequential, ["mean_absolute_error", "mae", "binary_accuracy", "mine", "accuracy"]),
    ],
    ids=["TensorFlow.js", "Keras"],
)
def test_metrics_given_as_functions_keep_their_spelling(make, names):
    def mine(y_true, y_pred):
        return tf.metrics.meanSquaredError(y_true, y_pred)

    model = make([tf.layers.dense(1, inputShape=[2], activation="sigmoid")])
    functions = [tf.metrics.meanAbsoluteError, "mae", tf.metrics.binaryAccuracy, mine, "accuracy"]
    model.compile("sgd", "binaryCrossentropy", metrics=functions)

    async def fitted():
        return await model.fit(tf.ones([2, 2]), tf.ones([2, 1]), epochs=1, verbose=0)

    history = asyncio.run(fitted()).history
    assert model.metricsNames == ["loss", *names]
    assert list(history) == (["loss", *names] if make is tf.sequential else sorted(["loss", *names]))
