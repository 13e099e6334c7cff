"""Models with what Keras's files hold besides plain layers: structures of inputs, ops, classes and functions of users' own.

Each is made with `keras`, which is Keras 3 or the face of this package; for record_objects.py and test_objects_in_files.py.
"""

from pathlib import Path
from types import SimpleNamespace

import numpy as np

from tests.io.record_keras import filled


def of(keras):
    """Classes and functions of users' own, registered, by their names."""
    L, ops = keras.layers, keras.ops  # noqa: N806 (short, as in Keras's programs)
    register = keras.saving.register_keras_serializable("mine")

    @register
    class Several(L.Layer):
        def __init__(self, units=3, **kwargs):
            super().__init__(**kwargs)
            self.units = units
            self.dense = L.Dense(units)

        def build(self, input_shape):
            self.dense.build(input_shape["a"])
            self.built = True

        def call(self, inputs, scale=None, extra=None):
            first, second = inputs["b"]
            y = self.dense(inputs["a"]) + ops.sum(first, -1, keepdims=True) + second[:, :1]
            y = y if scale is None else y * scale
            y = y if extra is None else y + extra["k"][0]
            return {"y": y, "z": [y * 2, y + 1]}

        def compute_output_shape(self, input_shape, **_others):
            shape = (input_shape["a"][0], self.units)
            return {"y": shape, "z": [shape, shape]}

        def get_config(self):
            return {**super().get_config(), "units": self.units}

    @register
    class Further(L.Layer):
        def call(self, x, other=None, factor=1.0, options=None):
            x = x if other is None else x + other
            return x * factor * (options or {}).get("m", 1)

        def compute_output_shape(self, input_shape, **_others):
            return input_shape

    @register
    class Told(L.Layer):
        def build(self, input_shape):
            self.extra = getattr(self, "extra", 4)
            self.w = self.add_weight(shape=(input_shape[-1], self.extra), initializer="ones", name="w")

        def call(self, x):
            return ops.matmul(x, self.w)

        def get_build_config(self):
            return {"input_shape": (None, 3), "extra": self.extra}

        def build_from_config(self, config):
            self.extra = config["extra"]
            self.build(config["input_shape"])
            self.built = True

        def compute_output_shape(self, input_shape):
            return (input_shape[0], self.extra)

    @register
    class OwnVariables(L.Layer):
        def build(self, input_shape):
            self.w = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="w")

        def call(self, x):
            return x * self.w

        def save_own_variables(self, store):
            super().save_own_variables(store)
            store["twice"] = np.asarray(self.w) * 2

        def load_own_variables(self, store):
            self.w.assign(np.asarray(store["twice"]) / 2)

    @register
    class OwnFiles(L.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.words = ["a"]

        def call(self, x):
            return x + len(self.words)

        def save_assets(self, folder):
            Path(folder, "deep").mkdir()
            Path(folder, "deep", "words.txt").write_text("\n".join(self.words), encoding="utf-8")

        def load_assets(self, folder):
            self.words = Path(folder, "deep", "words.txt").read_text(encoding="utf-8").split("\n")

    @register
    class Blocks(keras.Model):
        def __init__(self, count=2, **kwargs):
            super().__init__(**kwargs)
            self.count = count
            self.blocks = [L.Dense(4) for _ in range(count)]
            self.last = L.Dense(1)

        def call(self, x):
            for block in self.blocks:
                x = ops.relu(block(x))
            return self.last(x)

        def get_config(self):
            return {**super().get_config(), "count": self.count}

    @register
    class OwnCompile(Blocks):
        def compile(self, optimizer, own_factor=1.0, **kwargs):
            super().compile(optimizer, **kwargs)
            self.own_factor = own_factor

        def get_compile_config(self):
            return {"own_factor": self.own_factor, "rate": float(np.asarray(self.optimizer.learning_rate))}

        def compile_from_config(self, config):
            self.compile(keras.optimizers.SGD(config["rate"]), own_factor=config["own_factor"], loss="mse")

    @register
    def squared(x):
        return x * x

    @register
    def own_loss(true, predicted):
        return ops.mean(ops.square(true - predicted), -1)

    @register
    def own_metric(true, predicted):
        return ops.mean(ops.abs(true - predicted), -1)

    @register
    class OwnLoss(keras.losses.Loss):
        def __init__(self, factor=2.0, **kwargs):
            super().__init__(**kwargs)
            self.factor = factor

        def call(self, true, predicted):
            return self.factor * ops.mean(ops.square(true - predicted), -1)

        def get_config(self):
            return {**super().get_config(), "factor": self.factor}

    return SimpleNamespace(
        **{name: item for name, item in locals().items() if name not in ("keras", "L", "register")}
    )


def models(keras, kinds):
    """Functions that make models, by their names.

    Args:
        keras: Keras.
        kinds: what `of` gave.
    """
    L, ops, Input, Model = keras.layers, keras.ops, keras.Input, keras.Model  # noqa: N806

    def stack(*layers, shape=(3,)):
        return keras.Sequential([Input(shape), *layers])

    def op_math():
        x = Input((4,))
        return Model(x, ops.exp(x) * 2 + x[:, :1] - ops.mean(x, axis=-1, keepdims=True))

    def op_many():
        x = Input((4, 3))
        turned = ops.transpose(x, (0, 2, 1))
        joined = ops.concatenate([x, ops.reshape(turned, (-1, 4, 3))], axis=1)
        chosen = ops.where(joined > 0, joined, 0.1 * joined)
        stacked = ops.stack([chosen, chosen], axis=1)
        a, b = ops.split(chosen, 2, axis=1)
        outputs = [
            ops.softmax(chosen), ops.sum(stacked, axis=(1, 2)), ops.einsum("bij,bkj->bik", a, b), ops.cast(x > 0, "float32"),
            -x, abs(x), x**2, 1 / (x + 3), 3 - x, ops.one_hot(ops.argmax(x, -1), 3), ops.clip(x, -1, 1), ops.maximum(x, 0.0),
            ops.expand_dims(x, 1), ops.matmul(a, turned[:, :, :2]), ops.pad(x, [[0, 0], [1, 1], [0, 0]]), x[:, -1],
            x[..., None, 0], ops.squeeze(x[:, :1], 1), ops.top_k(x, 2)[0], ops.moments(x, [1])[1], ops.take(x, [2, 0], axis=1),
            ops.logical_and(x > 0, x < 1), ops.norm(x, axis=-1), ops.layer_normalization(x, axis=-1),
            ops.average(x, axis=1), x @ turned, ops.repeat(x, 2, axis=1),
        ]  # fmt: skip
        return Model(x, outputs)

    def op_constant():
        x = Input((4,))
        return Model(x, x + np.arange(4, dtype="float32"))

    def dict_call():
        a, b, c = (Input((n,), name=name) for n, name in ((3, "a"), (2, "b"), (2, "c")))
        return Model({"a": a, "b": b, "c": c}, kinds.Several(3, name="two")({"a": a, "b": [b, c]}))

    def dict_arguments():
        a, b, c, s = (Input((n,), name=name) for n, name in ((3, "a"), (2, "b"), (2, "c"), (1, "s")))
        given = kinds.Several(3, name="two")({"a": a, "b": (b, c)}, scale=s, extra={"k": [s, s]})
        return Model([a, b, c, s], given["z"])

    def arguments():
        a, b = Input((3,)), Input((3,))
        return Model([a, b], kinds.Further()(a, other=b, factor=2.0, options={"m": 3}))

    def attention():
        x, y, mask = Input((4, 6)), Input((5, 6)), Input((4, 5), dtype="bool")
        return Model([x, y, mask], L.MultiHeadAttention(2, 3)(query=x, value=y, key=y, attention_mask=mask))

    def dict_model():
        given = {"p": Input((3,), name="p"), "q": Input((3,), name="q")}
        inner = Model(given, {"s": L.Add()([given["p"], given["q"]])})
        x = Input((3,), name="j")
        return Model(x, inner({"p": x, "q": L.Dense(3)(x)})["s"])

    def twice():
        x, dense = Input((3,)), L.Dense(3)
        return Model(x, dense(dense(x)))

    def own_files():
        layer = kinds.OwnFiles()
        layer.words = ["a", "b", "c"]
        return stack(layer)

    def lambdas():
        plus = eval("lambda x: x + 1")
        return stack(L.Lambda(kinds.squared), L.Lambda(plus, output_shape=(3,)))

    def adapted():
        layer = L.Normalization()
        layer.adapt(np.arange(12.0).reshape(4, 3))
        return stack(layer, L.Rescaling(2.0, 1.0))

    def own_compile():
        model = built(kinds.OwnCompile(1))
        model.compile(keras.optimizers.SGD(0.25), own_factor=7.0, loss="mse")
        return model

    return {
        **{f.__name__: f for f in (
            op_math, op_many, op_constant, dict_call, dict_arguments, arguments, attention, dict_model, twice, own_files, lambdas,
            adapted,
        )},
        "told": lambda: stack(kinds.Told()),
        "own_variables": lambda: stack(kinds.OwnVariables()),
        "functions": lambda: stack(L.Dense(2, activation=kinds.squared), L.Activation(kinds.squared)),
        "blocks": lambda: built(kinds.Blocks(3)),
        "own_compile": own_compile,
    }  # fmt: skip


def built(model):
    """A model that was called."""
    model(np.zeros((2, 3), "float32"))
    return model


NAMES = sorted((
    "op_math", "op_many", "op_constant", "dict_call", "dict_arguments", "arguments", "attention", "dict_model", "twice",
    "own_files", "lambdas", "adapted", "told", "own_variables", "functions", "blocks", "own_compile",
))  # fmt: skip


def inputs_of(model):
    """Inputs for a model, the same everywhere."""
    symbols = getattr(model, "inputs", None) or []

    def one(symbol, seed):
        shape = [2 if dim is None else dim for dim in symbol.shape]
        values = filled(shape, seed)
        return values > 0 if "bool" in str(symbol.dtype) else values

    found = [one(symbol, seed) for seed, symbol in enumerate(symbols)]
    if isinstance(getattr(model, "input", None), dict):
        return dict(zip(sorted(model.input), found, strict=True))
    return found if len(found) > 1 else found[0] if found else filled((2, 3), 1)


def with_weights(model):
    """A model whose weights are numbers that are the same everywhere."""
    weights = [np.asarray(weight) for weight in model.get_weights()]
    if any("normalization" in layer.name for layer in model.layers):
        return model
    model.set_weights([filled(weight.shape, 5 + number) for number, weight in enumerate(weights)])
    return model


def flat(outputs):
    """The arrays in a structure, those of dicts by their sorted keys."""
    if isinstance(outputs, dict):
        return [item for key in sorted(outputs) for item in flat(outputs[key])]
    if isinstance(outputs, (list, tuple)):
        return [item for each in outputs for item in flat(each)]
    return [np.asarray(outputs, np.float32)]


def compiled(keras, kinds):
    """What models are compiled with, by names: keywords, made anew each time."""
    o, m = keras.optimizers, keras.metrics
    schedule = o.schedules.ExponentialDecay(0.1, 2, 0.5)
    return {
        "objects": lambda: {
            "optimizer": o.Adam(0.01), "loss": kinds.OwnLoss(3.0),
            "metrics": ["mae", m.MeanSquaredError(name="m2"), kinds.own_metric],
        },
        "functions": lambda: {
            "optimizer": o.SGD(schedule, momentum=0.9, nesterov=True, clipnorm=1.0), "loss": kinds.own_loss,
            "metrics": [kinds.own_metric], "weighted_metrics": ["mse"],
        },
        "names": lambda: {"optimizer": "rmsprop", "loss": "mse", "metrics": ["mae"]},
    }  # fmt: skip
