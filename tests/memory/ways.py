"""Ways in which programs use tensors, and what each leaves behind where the garbage collector never runs.

Runs in CPython and, as a cell, in the page: it imports nothing of the tests.
"""

import asyncio
import contextlib
import gc

import tfjs_pyo as tf
from tfjs_pyo.core import engine


def made(optimizer="adam"):
    """A compiled model."""
    model = tf.sequential()
    model.add(tf.layers.dense({"units": 4, "inputShape": [3], "activation": "relu"}))
    model.add(tf.layers.dense({"units": 2, "activation": "softmax"}))
    model.compile({"optimizer": optimizer, "loss": "sparseCategoricalCrossentropy", "metrics": ["acc"]})
    return model


class Ways:
    """A model and data, and a method for each way."""

    def __init__(self):
        self.model = made()
        self.x = tf.reshape(tf.sin(tf.range(0, 60, 1, "float32")), [20, 3])
        self.y = tf.tensor([[i % 2] for i in range(20)], [20, 1], "float32")
        self.weights = tf.ones([20])

    def pairs(self):
        for _ in range(3):
            yield self.x[:8], self.y[:8]

    def squares(self):
        return tf.mean(tf.square(self.model.apply(self.x)))

    async def fit(self, **options):
        await self.model.fit(self.x, self.y, {"epochs": 3, "batchSize": 8, "verbose": 0, **options})

    async def failing(self, event, **options):
        def fail(*_):
            raise KeyError(event)

        try:
            await self.fit(callbacks={event: fail}, **options)
        except KeyError:
            return
        raise AssertionError("it did not fail")

    async def cancelled(self):
        task = asyncio.ensure_future(self.fit(epochs=100_000))
        for _ in range(5):
            await asyncio.sleep(0)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            pass
        finally:
            del task  # its exception's traceback has this frame

    async def refused(self):
        for x, y in ((self.x, self.x), (self.x[:, :2], self.y), (self.x, self.y[:3])):
            try:
                await self.model.fit(x, y, {"epochs": 1})
            except tf.errors.TfError:
                continue
            raise AssertionError("it was not refused")

    async def live(self, dispose_optimizer=False):
        model = made(tf.train.adam() if dispose_optimizer else "adam")
        await model.fit(self.x, self.y, {"epochs": 1, "verbose": 0, "validationSplit": 0.2})
        tf.dispose(model.evaluate(self.x, self.y))
        model.dispose()
        if dispose_optimizer:
            model.optimizer.dispose()

    def tape(self):
        with tf.GradientTape() as tape:
            loss = self.squares()
        for gradient in tape.gradient(loss, self.model.trainableWeights):
            gradient.data_sync()

    def custom_gradient(self):
        def squared(x, save):
            save([x])
            return {"value": x * x, "gradFunc": lambda dy, saved: dy * saved[0] * 2}

        function = tf.customGrad(squared)
        tf.grad(lambda x: tf.sum(function(x)))(self.x).data_sync()

    def failing_tidy(self):
        def body():
            raise KeyError((self.x * 2).shape)

        with contextlib.suppress(KeyError):
            tf.tidy(body)

    def variable(self):
        v = tf.variable(tf.tensor1d([1.0, 2.0, 3.0]))
        v.mean().data_sync()
        v.dispose()

    def minimize(self):
        tf.train.sgd(0.1).minimize(self.squares, False, self.model.trainableWeights)


class Watching(tf.Callback):
    """Keeps the model, as callbacks do."""

    def on_epoch_end(self, epoch, logs=None):  # noqa: ARG002 (the signature)
        self.seen = self.model.get_weights()[0].data_sync()


CLASSES = {0: 1.0, 1: 2.0}
WAYS = {
    "fit": lambda w: w.fit(),
    "without shuffling": lambda w: w.fit(shuffle=False),
    "steps per epoch": lambda w: w.fit(stepsPerEpoch=2),
    "lists": lambda w: w.model.fit([[1.0, 2.0, 3.0]] * 4, [[0], [1], [0], [1]], {"verbose": 0}),
    "validation split": lambda w: w.fit(validationSplit=0.25),
    "validation data": lambda w: w.fit(validationData=(w.x, w.y)),
    "validation data with weights": lambda w: w.fit(validationData=(w.x, w.y, w.weights)),
    "validation dataset": lambda w: w.fit(validationData=tf.data.generator(w.pairs)),
    "class weights": lambda w: w.fit(classWeight=CLASSES),
    "sample weights": lambda w: w.fit(sampleWeight=w.weights),
    "all weights and a split": lambda w: w.fit(
        classWeight=CLASSES, sampleWeight=w.weights, validationSplit=0.25
    ),
    "a callback": lambda w: w.fit(callbacks=Watching()),
    "functions as callbacks": lambda w: w.fit(callbacks={"onEpochEnd": lambda epoch, logs: None}),
    "a callback of batches": lambda w: w.fit(callbacks={"onBatchEnd": lambda batch, logs: None}),
    "early stopping": lambda w: w.fit(
        validationSplit=0.25, callbacks=tf.callbacks.earlyStopping({"monitor": "val_loss", "patience": 0})
    ),
    "early stopping that restores": lambda w: w.fit(
        validationSplit=0.25,
        callbacks=tf.keras.callbacks.EarlyStopping(patience=1, restore_best_weights=True),
    ),
    "an exception at the beginning": lambda w: w.failing("onTrainBegin", validationSplit=0.25),
    "an exception in an epoch": lambda w: w.failing("onEpochEnd", validationSplit=0.25, classWeight=CLASSES),
    "an exception in a batch": lambda w: w.failing("onBatchEnd", sampleWeight=w.weights),
    "refused data": lambda w: w.refused(),
    "a cancelled fit": lambda w: w.cancelled(),
    "fitDataset": lambda w: w.model.fitDataset(w.pairs, {"epochs": 2, "verbose": 0}),
    "evaluateDataset": lambda w: w.model.evaluateDataset(w.pairs),
    "trainOnBatch": lambda w: w.model.trainOnBatch(w.x, w.y),
    "trainOnBatch with weights": lambda w: w.model.train_on_batch(w.x, w.y, sample_weight=w.weights),
    "testOnBatch": lambda w: w.model.test_on_batch(w.x, w.y),
    "evaluate": lambda w: w.model.evaluate(w.x, w.y),
    "predict": lambda w: w.model.predict(w.x),
    "predict by batches": lambda w: w.model.predict(w.x, {"batchSize": 8}),
    "predictOnBatch": lambda w: w.model.predictOnBatch(w.x),
    "a tape": lambda w: w.tape(),
    "a variable": lambda w: w.variable(),
    "minimize": lambda w: w.minimize(),
    "variableGrads": lambda w: tf.variableGrads(w.squares),
    "a custom gradient": lambda w: w.custom_gradient(),
    "a tidy that fails": lambda w: w.failing_tidy(),
    "a model that is disposed of": lambda w: w.live(),
    "a model and its optimizer that are disposed of": lambda w: w.live(dispose_optimizer=True),
}


async def growth(cold=False):
    """Returns what each way adds, from its third time on; nothing for those that add nothing. `cold`: each time compiles anew."""
    ways, found = Ways(), {}
    gc.collect()
    gc.disable()
    try:
        for name, way in WAYS.items():
            counts = []
            for _ in range(2):
                for _ in range(2):
                    if cold:
                        engine._engine.plans.clear()
                    result = way(ways)
                    if hasattr(result, "__await__"):
                        result = await result
                    del result
                await asyncio.sleep(0)
                memory = tf.memory()
                counts.append(
                    {
                        key: memory.get(key, 0)
                        for key in ("numTensors", "numBytes", "numDataBuffers", "numBytesInGPU")
                    }
                )
            grown = {key: counts[1][key] - value for key, value in counts[0].items()}
            if max(grown.values()) > 0:  # less: something of before has gone late
                found[name] = grown
    finally:
        gc.enable()
    return found
