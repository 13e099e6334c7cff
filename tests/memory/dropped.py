"""Models that programs make, use and drop, of every kind: what each leaves behind where the garbage collector never runs.

Runs in CPython and, as a cell, in the page: it imports nothing of the tests.
"""

import asyncio
import copy
import gc

import tfjs_pyo as tf

layers = tf.layers


class Nest(layers.Layer):
    """A layer of a user's own, with layers in containers."""

    def __init__(self, **options):
        super().__init__(**options)
        self.parts = [layers.dense(units=2), {"last": layers.dense(units=3)}]

    def call(self, inputs):
        return self.parts[1]["last"](self.parts[0](inputs))


class Own(tf.Model):
    """A model of a user's own."""

    def __init__(self, **options):
        super().__init__(**options)
        self.first = layers.dense(units=2)
        self.last = layers.dense(units=1)

    def call(self, inputs):
        return self.last(self.first(inputs))


tf.serialization.register_class(Nest, package="tests_memory")
tf.serialization.register_class(Own, package="tests_memory")


def graph(connect, shape=(2,)):
    """Returns a functional model; `connect` gives its output for its input."""
    symbol = tf.input(shape=list(shape))
    return tf.model(inputs=symbol, outputs=connect(symbol))


def chain():
    return tf.sequential([layers.dense(units=3, inputShape=[2]), layers.dense(units=2)])


def crossed(x):
    """Two layers, each applied to what the other gives."""
    a, b = layers.dense(units=2), layers.dense(units=2)
    return [a.apply(b.apply(a.apply(x))), b.apply(a.apply(b.apply(x)))]


def shared(x):
    layer = layers.dense(units=2)
    return layer.apply(layer.apply(layer.apply(x)))


def own(shape=(1, 2)):
    model = Own()
    model(tf.ones(list(shape)))
    return model


KINDS = {
    "sequential": chain,
    "sequential whose shape is found later": lambda: tf.sequential([layers.dense(units=2)]),
    "sequential in sequential": lambda: tf.sequential([chain(), layers.dense(units=2)]),
    "functional": lambda: graph(lambda x: layers.dense(units=2).apply(layers.dense(units=3).apply(x))),
    "functional with models inside": lambda: graph(lambda x: chain().apply(graph(shared).apply(x))),
    "a shared layer": lambda: graph(shared),
    "layers that take turns": lambda: graph(crossed),
    "outputs that nobody uses": lambda: graph(
        lambda x: layers.lstm(units=2, returnState=True).apply(x)[1], (4, 2)
    ),
    "operators": lambda: graph(lambda x: layers.dense(units=2).apply(x) * 2 + x),
    "wrappers": lambda: tf.sequential(
        [
            layers.bidirectional(layer=layers.lstm(units=2, returnSequences=True), inputShape=[4, 2]),
            layers.timeDistributed(layer=layers.dense(units=2)),
            layers.rnn(cell=[layers.lstmCell(units=2), layers.gruCell(units=2)]),
            layers.batchNormalization(),
        ]
    ),
    "attention": lambda: graph(lambda x: layers.multiHeadAttention(numHeads=2, keyDim=2)(x, x), (4, 2)),
    "penalties": lambda: tf.sequential(
        [layers.dense(units=2, inputShape=[2], kernelRegularizer="l2", activityRegularizer="l1")]
    ),
    "a layer of one's own": lambda: graph(lambda x: Nest()(x)),
    "a model of one's own": own,
    "a model of one's own in a graph": lambda: graph(lambda x: Own()(x)),
    "keras.Sequential": lambda: tf.keras.Sequential([tf.keras.layers.Dense(2, input_shape=[2])]),
}


def data(model):
    """Returns inputs and targets."""
    inputs = model.inputs
    x = tf.ones([4, *(inputs[0].shape[1:] if inputs else [2])])
    y = model.predict(x)
    return x, ([tf.zerosLike(item) for item in y] if isinstance(y, list) else tf.zerosLike(y))


async def fitted(model):
    model.compile(optimizer="adam", loss="meanSquaredError", metrics=["mae"])
    x, y = data(model)
    await model.fit(x, y, epochs=2, batch_size=2, verbose=0, validation_split=0.5)
    model.evaluate(x, y)


async def minimized(model):
    x, _ = data(model)

    def loss():
        given = model.apply(x)
        return (
            tf.sum(tf.concat([tf.reshape(item, [-1]) for item in given]))
            if isinstance(given, list)
            else tf.sum(given)
        )

    tf.train.sgd(0.1).minimize(loss)


async def saved(model):
    data(model)
    saving = model.save("memory://dropped")
    if saving is not None:  # Keras's face saves at once
        await saving
    return await tf.loadLayersModel("memory://dropped")


async def refused(model):
    data(model)
    try:
        model.apply(tf.ones([2, 9, 9]))
    except tf.errors.TfError:
        return
    raise AssertionError("it was not refused")


async def copied(model):
    return copy.deepcopy(model)


async def looked_at(model):
    data(model)
    model.summary(printFn=lambda line: None)
    return [layer.get_output_at(0) for layer in model.layers if model.inputs]


async def frozen(model):
    data(model)
    model.layers[-1].trainable = False
    model.compile(optimizer="sgd", loss="meanSquaredError")


USES = [fitted, minimized, saved, refused, copied, looked_at, frozen]


async def left_behind():
    """Returns how many tensors each use of each kind of model leaves, from the third time on, where there are any."""
    found = {}
    gc.collect()
    gc.disable()
    try:
        for kind, make in KINDS.items():
            for use in USES:
                counts = []
                for _ in range(3):
                    model = make()
                    result = await use(model)
                    del model, result
                    await asyncio.sleep(0)
                    counts.append(tf.memory()["numTensors"])
                if counts[1] != counts[2]:
                    found[f"{kind}, {use.__name__}"] = counts[2] - counts[1]
    finally:
        gc.enable()
    return found
