"""What the programs of loops.py are made of: both faces, ways to compute outputs and to make a step, models and data.

The page runs this file as it is, so it needs nothing but the package.
"""

import math

import tfjs_pyo as tf

STEPS = 6


def wave(shape, seed, scale=1.0):
    """Numbers that look random and are the same in every language."""
    values = [scale * math.sin(12.9898 * (i + 1) + 78.233 * seed) for i in range(math.prod(shape))]
    return tf.tensor(values, shape)


def filled(model, seed):
    """Gives a model the same weights everywhere."""
    model.set_weights([wave(w.shape, seed + i, 0.7) for i, w in enumerate(model.get_weights())])
    return model


class TfjsFace:
    """TensorFlow.js's names and config dicts."""

    def dense(self, units, activation="linear", **more):
        if "input_shape" in more:
            more["inputShape"] = more.pop("input_shape")
        return tf.layers.dense({"units": units, "activation": activation, **more})

    def sequential(self, layers, kind=tf.Sequential):
        return kind({"layers": layers})

    def input(self):
        return tf.input({"shape": [3]})

    def model(self, inputs, outputs):
        return tf.model({"inputs": inputs, "outputs": outputs})

    def concatenated(self, values):
        return tf.layers.concatenate().apply(values)

    def compile(self, model, optimizer, loss="meanSquaredError", metrics=()):
        model.compile({"optimizer": optimizer, "loss": loss, "metrics": list(metrics)})
        return model

    async def fit(self, model, x, y, epochs=STEPS, batch=8):
        found = await settled(model.fit(x, y, {"epochs": epochs, "batchSize": batch, "shuffle": False}))
        return found.history["loss"]

    async def fit_dataset(self, model, data):
        return (await settled(model.fitDataset(data, {"epochs": STEPS}))).history["loss"]

    async def batch(self, model, x, y):
        return await settled(model.trainOnBatch(x, y))

    def minimize(self, optimizer, f, variables=None):
        return optimizer.minimize(f, True, variables)

    def compute_gradients(self, optimizer, f):
        return optimizer.computeGradients(f)

    def apply_gradients(self, optimizer, gradients):
        optimizer.applyGradients(gradients)

    variable_grads = staticmethod(tf.variableGrads)
    value_and_grad = staticmethod(tf.valueAndGrad)
    value_and_grads = staticmethod(tf.valueAndGrads)
    custom_grad = staticmethod(tf.customGrad)
    rule = "gradFunc"

    def through(self):
        return {
            "predict": lambda m, x: m.predict(x),
            "predict_in_batches": lambda m, x: m.predict(x, batchSize=3),
            "predict_on_batch": lambda m, x: m.predictOnBatch(x),
            "apply": lambda m, x: m.apply(x),
            "apply_training": lambda m, x: m.apply(x, {"training": True}),
            "layer_by_layer": layer_by_layer,
        }

    def evaluated(self, model, x, y, batch=32):
        return model.evaluate(x, y, {"batchSize": batch})

    def get_weights(self, model):
        return model.getWeights()

    def set_weights(self, model, weights):
        model.setWeights(weights)


class KerasFace:
    """Keras's names and keywords."""

    def dense(self, units, activation="linear", **more):
        return tf.keras.layers.Dense(units, activation=activation, **more)

    def sequential(self, layers, kind=tf.keras.Sequential):
        return kind(layers)

    def input(self):
        return tf.keras.Input(shape=(3,))

    def model(self, inputs, outputs):
        return tf.keras.Model(inputs, outputs)

    def concatenated(self, values):
        return tf.keras.layers.Concatenate()(values)

    def compile(self, model, optimizer, loss="mean_squared_error", metrics=()):
        model.compile(optimizer=optimizer, loss=loss, metrics=list(metrics))
        return model

    async def fit(self, model, x, y, epochs=STEPS, batch=8):
        found = await settled(model.fit(x, y, epochs=epochs, batch_size=batch, shuffle=False, verbose=0))
        return found.history["loss"]

    async def fit_dataset(self, model, data):
        return (await settled(model.fit(data, epochs=STEPS, verbose=0))).history["loss"]

    async def batch(self, model, x, y):
        return await settled(model.train_on_batch(x, y))

    def minimize(self, optimizer, f, variables=None):
        return optimizer.minimize(f, return_cost=True, var_list=variables)

    def compute_gradients(self, optimizer, f):
        return optimizer.compute_gradients(f)

    def apply_gradients(self, optimizer, gradients):
        optimizer.apply_gradients(gradients)

    variable_grads = staticmethod(tf.variable_grads)
    value_and_grad = staticmethod(tf.value_and_grad)
    value_and_grads = staticmethod(tf.value_and_grads)
    custom_grad = staticmethod(tf.custom_grad)
    rule = "grad_func"

    def through(self):
        return {
            "predict": lambda m, x: m.predict(x, verbose=0),
            "predict_in_batches": lambda m, x: m.predict(x, batch_size=3, verbose=0),
            "predict_on_batch": lambda m, x: m.predict_on_batch(x),
            "apply": lambda m, x: m(x),
            "apply_training": lambda m, x: m(x, training=True),
            "layer_by_layer": layer_by_layer,
        }

    def evaluated(self, model, x, y, batch=32):
        return model.evaluate(x, y, batch_size=batch, verbose=0)

    def get_weights(self, model):
        return model.get_weights()

    def set_weights(self, model, weights):
        model.set_weights(weights)


FACES = {"tfjs": TfjsFace(), "keras": KerasFace()}


async def settled(found):
    return await found if hasattr(found, "__await__") else found


def layer_by_layer(model, x):
    for layer in model.layers:
        x = layer(x)
    return x


def number(loss):
    return float(loss) if isinstance(loss, (int, float)) else float(loss.data_sync()[0])


def mse(predicted, y=None):
    return tf.losses.meanSquaredError(data()["y"] if y is None else y, predicted)


def data():
    return {
        "x": wave([8, 3], 1),
        "y": wave([8, 1], 2, 1.5),
        "z": wave([8, 3], 3),
        "real": wave([8, 3], 6),
        "hidden": wave([8, 4], 5),
    }


def net(face, seed=10, units=1, last="linear", kind=None):
    layers = [face.dense(4, "tanh", input_shape=[3]), face.dense(units, last)]
    return filled(face.sequential(layers, kind) if kind else face.sequential(layers), seed)


def adam():
    return tf.train.adam(0.05)


def variables(*models):
    return [w for m in models for w in m.trainable_weights]


def weights_of(model):
    """Weights layer by layer: the order of getWeights is not the subject here."""
    if isinstance(model, list):
        return model
    if hasattr(model, "layers"):
        return [w for layer in model.layers for w in weights_of(layer)]
    return model.get_weights()


def found(face, step, make):
    """One way of making a step: value and gradients, and their application."""

    def whole(optimizer, f, listed):
        result = make(optimizer, f, listed)
        face.apply_gradients(optimizer, step(result["grads"], listed))
        return result["value"]

    return whole


def ways(face):
    as_is = lambda grads, listed: grads  # noqa: E731
    clipped = lambda grads, listed: {n: tf.clipByValue(g, -0.1, 0.1) for n, g in grads.items()}  # noqa: E731

    def named(grads, listed):
        return [{"name": v.unique_name, "tensor": grads.get(v.unique_name)} for v in listed]

    every = lambda o, f, listed: face.variable_grads(f)  # noqa: E731
    of_list = lambda o, f, listed: face.variable_grads(f, listed)  # noqa: E731
    return {
        "minimize": lambda o, f, listed: face.minimize(o, f),
        "minimize_list": lambda o, f, listed: face.minimize(o, f, listed),
        "variable_grads": found(face, as_is, every),
        "variable_grads_list": found(face, as_is, of_list),
        "compute_gradients": found(face, as_is, lambda o, f, listed: face.compute_gradients(o, f)),
        "clipped_by_name": found(face, clipped, every),
        "list_of_names": found(face, named, of_list),
        "tape": taped,
        "persistent_tape": persistently_taped,
    }


def taped(optimizer, f, listed):
    with tf.GradientTape() as tape:
        loss = f()
    optimizer.apply_gradients(zip(tape.gradient(loss, listed), listed, strict=True))
    return loss


def persistently_taped(optimizer, f, listed):
    """Asks one tape for each derivative by itself."""
    with tf.GradientTape(persistent=True) as tape:
        loss = f()
    optimizer.apply_gradients([(tape.gradient(loss, {"own": each})["own"], each) for each in listed])
    return loss


TFJS_WAYS = [
    "minimize", "minimize_list", "variable_grads", "variable_grads_list", "compute_gradients", "clipped_by_name",
    "list_of_names",
]  # fmt: skip
TAPES = ["tape", "persistent_tape"]


async def steps(make):
    return [number(await settled(make(i))) for i in range(STEPS)]


PROGRAMS = {}
"""By the names of the recorder."""
SAME_AS = {}
"""For programs that TensorFlow.js cannot write: which of its programs has the same numbers."""


def program(name, same_as=None):
    def register(run):
        PROGRAMS[name] = run
        SAME_AS[name] = same_as or name
        return run

    return register
