"""What users write, in every spelling: type checkers have nothing to say about it."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import tfjs_pyo as tf
from tfjs_pyo import keras
from tfjs_pyo import tensorflow as of_tf

# TensorFlow.js's spelling


def build(units: int, activation: str = "relu") -> tf.Sequential:
    model = tf.sequential()
    model.add(tf.layers.dense({"units": units, "activation": activation, "inputShape": [4]}))
    model.add(tf.layers.dropout({"rate": 0.5}))
    model.add(tf.layers.dense(units=2, activation="softmax", useBias=False))
    model.add(tf.layers.dense(2, kernelInitializer=tf.initializers.heNormal({"seed": 1})))
    return model


def functional() -> tf.Model:
    image = tf.input({"shape": [8, 8, 1], "name": "image"})
    number = tf.input({"shape": [3]})
    seen = tf.layers.conv2d({"filters": 4, "kernelSize": [3, 3], "padding": "same"}).apply(image)
    flat = tf.layers.flatten().apply(tf.layers.maxPooling2d({"poolSize": 2}).apply(seen))
    both = tf.layers.concatenate().apply([flat, number])
    doubled = tf.mul(both, 2) + tf.relu(both)
    output = tf.layers.dense({"units": 1}).apply(doubled)
    return tf.model({"inputs": [image, number], "outputs": output})


async def train() -> float:
    model = build(8)
    model.compile({"optimizer": tf.train.adam(0.01), "loss": "meanSquaredError", "metrics": ["accuracy"]})
    xs, ys = tf.randomNormal([16, 4]), tf.zeros([16, 2])
    history = await model.fit(
        xs,
        ys,
        {"epochs": 2, "batchSize": 4, "callbacks": {"onEpochEnd": lambda epoch, logs: print(epoch, logs)}},
    )
    print(history.history["loss"][-1], model.metricsNames, model.stopTraining)
    loss, accuracy = model.evaluate(xs, ys)
    values = await model.predict(xs).data()
    model.summary()
    await model.save("memory://model")
    again = await tf.loadLayersModel("memory://model")
    print(again.predict(xs), loss, accuracy, model.getWeights()[0].shape)
    return float(values[0])


def arithmetic() -> tf.Tensor:
    a = tf.tensor([1, 2, 3])
    b = tf.tensor2d([[1.0, 2.0], [3.0, 4.0]])
    c = tf.tensor(np.ones((2, 2)))
    words = tf.tensor1d(["a", "b"])
    print(words.shape, a.dtype, b.rank, a.arraySync(), a.array_sync(), b.T)
    total = a.add(1).sub([1, 1, 1]).mul(a).sum()
    masked = tf.where(a > 1, a, tf.zerosLike(a))
    parts = tf.split(b, 2, 1)
    values, indices = tf.topk(b, 1)
    print(masked, parts[0].shape, values, indices, total, -a, 2 * a, a @ a, a**2, a == a, bool(total))
    whole: float = float(total.dataSync()[0])
    count: int = a.size
    print(
        whole,
        count,
        tf.oneHot([0, 1], 2),
        tf.one_hot([0, 1], depth=2),
        tf.concat([b, c]),
        b.matMul(c, False, True),
    )
    grads = tf.grads(lambda x, y: tf.sum(x * y))
    print(grads([a, a])[0])
    found = tf.tidy(lambda: tf.matMul(b, c, transposeB=True))
    print(found)
    return tf.mat_mul(b, c, transpose_a=True)


def loops() -> None:
    weight = tf.variable(tf.zeros([2]), True, "weight")
    optimizer = tf.train.sgd(0.1)
    for _ in range(3):
        cost = optimizer.minimize(lambda: tf.square(weight - 1).mean(), True, [weight])
        print(float(cost.dataSync()[0]))
    weight.assign(tf.ones([2]))
    weight.dispose()


class Doubled(tf.layers.Layer):
    """A layer of a user's own."""

    def __init__(self, config: Mapping[str, Any] | None = None) -> None:
        super().__init__(config or {})
        self.factor: tf.Variable | None = None

    def build(self, input_shape: Sequence[int | None]) -> None:
        self.factor = self.addWeight("factor", [1], "float32", tf.initializers.ones())
        self.built = True

    def call(self, inputs: Any) -> tf.Tensor:
        given = inputs[0] if isinstance(inputs, list) else inputs
        return tf.mul(given, 2)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def getConfig(self) -> dict[str, Any]:
        return {**super().getConfig(), "own": True}


class Told(tf.Callback):
    async def onEpochEnd(self, epoch: int, logs: Any = None) -> None:
        print(epoch, logs)


async def data() -> None:
    dataset = tf.data.array([1, 2, 3]).map(lambda n: n * 2).batch(2).shuffle(4)
    await dataset.forEachAsync(print)
    print(Doubled().apply(tf.ones([2, 2])), tf.memory()["numTensors"], tf.version, tf.getBackend())


# Keras's


def of_keras() -> None:
    inputs = keras.Input((28, 28, 1))
    x = keras.layers.Conv2D(8, 3, activation="relu", padding="same")(inputs)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.add([x, x])
    x = keras.ops.relu(x) * 2
    x = keras.layers.GlobalAveragePooling2D()(x)
    outputs = keras.layers.Dense(10, activation="softmax", kernel_regularizer=keras.regularizers.L2(0.01))(x)
    model = keras.Model(inputs, outputs, name="small")
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-3),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy", keras.metrics.TopKCategoricalAccuracy(k=2)],
    )
    images, labels = np.zeros((4, 28, 28, 1)), np.zeros(4)
    history = model.fit(
        images,
        labels,
        batch_size=2,
        epochs=1,
        verbose=0,
        callbacks=[keras.callbacks.EarlyStopping(patience=2)],
    )
    print(history.history["loss"], model.evaluate(images, labels, verbose=0), model.predict(images).shape)
    model.summary()
    print(keras.ops.sum(keras.ops.ones((2, 2)), axis=0, keepdims=True).shape)
    model.save("model.keras")
    print(keras.models.load_model("model.keras"))


class Ring(keras.layers.Layer):
    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape: Any) -> None:
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), initializer="zeros", name="kernel")

    def call(self, inputs: Any, training: bool = False) -> Any:
        return keras.ops.matmul(inputs, self.kernel)


class Own(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.dense = keras.layers.Dense(1)

    def call(self, inputs: Any) -> Any:
        return self.dense(inputs)


async def main() -> None:
    print(await train(), arithmetic(), functional())
    loops()
    await data()
    of_keras()


asyncio.run(main())


async def models_of_files() -> None:
    """What loads, copies and ships models gives models; functions that merge give what they are given."""
    loaded: keras.Model = keras.models.load_model("model.keras")
    copy: keras.Model = keras.models.clone_model(loaded)
    again: keras.Model = keras.models.model_from_json(copy.to_json())
    shipped: keras.Model = keras.applications.MobileNetV2(weights=None)
    of_tfjs: tf.Model = await tf.loadLayersModel("model.json")
    of_json: tf.Model = await tf.models.modelFromJSON(of_tfjs.toJSON())
    again.summary()
    shipped.summary()
    of_json.summary()
    inputs = keras.Input((2,))
    outputs = keras.layers.add([inputs, keras.layers.Dense(2)(inputs)])
    keras.Model(inputs, outputs).summary()
    total: tf.Tensor = keras.layers.add([keras.ops.ones((1, 2)), keras.ops.ones((1, 2))])
    print(total.shape)


def of_tensorflow() -> None:
    """TensorFlow's functions have the defaults of what they call."""
    keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]).summary()
    a = of_tf.constant([[1.0, 2.0]])
    b = of_tf.constant([[1.0], [2.0]], dtype=of_tf.float32)
    product: tf.Tensor = of_tf.matmul(a, b, transpose_b=False)
    parts = [a, a]
    print(product, of_tf.reduce_mean(a), of_tf.reduce_sum(a, axis=0, keepdims=True), of_tf.concat(parts, 0))
    print(of_tf.math.log(a), of_tf.nn.softmax(a), of_tf.stack([a, a]), of_tf.reshape(a, of_tf.shape(b)))
    print(
        of_tf.random.normal((2, 3)),
        of_tf.one_hot([1], 3),
        of_tf.cast(a, of_tf.int32),
        of_tf.where(a > 1, a, 0),
    )
    dataset = of_tf.data.Dataset.from_tensor_slices([1, 2]).batch(2)
    print(dataset, of_tf.io.read_file("file"), of_tf.config.list_physical_devices("GPU"))
    print(of_tf.lookup.StaticHashTable, of_tf.distribute.MirroredStrategy, of_tf.experimental.numpy)
    try:
        print(of_tf.shape(a)[0] * 2)
    except (of_tf.errors.NotFoundError, of_tf.errors.OpError) as error:
        print(error)


class Handing(keras.layers.Layer):
    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)


class Pairs(keras.utils.PyDataset):
    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> Any:
        return np.ones((1, 1)), np.ones((1, 1))


def of_results() -> None:
    """What is known of results only when a program runs can be used; what layers and callbacks find is declared."""
    model = keras.Sequential([keras.Input((1,)), Handing(), keras.layers.Dense(1)])
    loss, accuracy = model.evaluate(np.ones((1, 1)), np.ones((1, 1)))
    named: dict[str, float] = model.evaluate(np.ones((1, 1)), np.ones((1, 1)), return_dict=True)
    total: float = model.evaluate(np.ones((1, 1)), np.ones((1, 1)))
    stop = keras.callbacks.EarlyStopping()
    model.fit(Pairs(), callbacks=[stop])
    print(loss, accuracy, named["loss"], total, stop.best_epoch, stop.stopped_epoch)
    print(model.input, model.output, model.output_shape, model.operations, model.layers[0].output)


async def of_types() -> None:
    """Results have types that can be relied on."""
    data: tf.data.Dataset = tf.data.array([1, 2]).map(lambda x: x).batch(2).prefetch(1)
    product: tf.Tensor = tf.fused.matMul({"a": [[1.0]], "b": [[1.0]], "activation": "relu"})
    values = tf.tensor([1, 2]).numpy()
    count: int = values.size
    padded = keras.utils.pad_sequences([[1], [2, 3]])
    length: int = padded.shape[0]
    made: keras.KerasTensor = keras.layers.Dense(1)(keras.Input((2,)))
    print(data, product, count, length, made)
