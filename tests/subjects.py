"""An object of each class whose methods users call, for tests that give methods wrong arguments."""

import inspect
import random
from collections.abc import Callable
from typing import Any

import numpy as np

import tfjs_pyo as tf
from tests.nasty import PLAUSIBLE, SEED, parameters, succeeds
from tests.test_numpy_options import kinds, needed
from tfjs_pyo import keras, naming, tensorflow


def sequential(face: Any = tf) -> Any:
    """A compiled model of one layer."""
    if face is keras:
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="first")])
        model.compile(optimizer="sgd", loss="mse", metrics=["mae"])
        return model
    model = tf.sequential(layers=[tf.layers.dense(units=2, inputShape=[3], name="first")])
    model.compile(optimizer="sgd", loss="meanSquaredError", metrics=["mae"])
    return model


def functional() -> Any:
    x = keras.Input((3,))
    model = keras.Model(x, keras.layers.Dense(2, name="first")(x))
    model.compile(optimizer="sgd", loss="mse")
    return model


class Own(keras.Model):
    """A subclass of users."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = keras.layers.Dense(2)

    def call(self, inputs: Any) -> Any:
        return self.dense(inputs)


def own() -> Any:
    model = Own()
    model.compile(optimizer="sgd", loss="mse")
    model.build((None, 3))
    return model


def of_tfjs() -> Any:
    return tf.data.array([1.0, 2.0, 3.0, 4.0])


def of_tensorflow() -> Any:
    return tensorflow.data.Dataset.from_tensor_slices(np.arange(4.0))


SUBJECTS: dict[str, Callable[[], Any]] = {
    "Tensor": lambda: tf.ones([2, 3]),
    "Variable": lambda: tf.variable(tf.ones([2])),
    "keras.Variable": lambda: keras.Variable([1.0, 2.0]),
    "tensorflow.Variable": lambda: tensorflow.Variable([1.0, 2.0]),
    "TensorBuffer": lambda: tf.buffer([2, 3]),
    "SymbolicTensor": lambda: tf.input(shape=[3]),
    "tf.data.Dataset": of_tfjs,
    "tf.data.iterator": lambda: of_tfjs().batch(2).__aiter__(),
    "tf.data.csv": lambda: tf.data.csv("there.csv"),
    "tensorflow.data.Dataset": of_tensorflow,
    "tf.Sequential": sequential,
    "keras.Sequential": lambda: sequential(keras),
    "keras.Model": functional,
    "own keras.Model": own,
    "tokenizer": lambda: keras.layers.TextVectorization(max_tokens=5, vocabulary=["a", "b"]),
    "lookup": lambda: keras.layers.StringLookup(vocabulary=["a", "b"]),
    "normalization": lambda: keras.layers.Normalization(axis=-1),
    "layer": lambda: keras.layers.Dense(2),
    "cell": lambda: keras.layers.LSTMCell(2),
    "recurrent": lambda: keras.layers.LSTM(2, stateful=True),
    "seeds": lambda: keras.random.SeedGenerator(1),
}


def _of_classes() -> dict[str, Callable[[], Any]]:
    """One object of each class of optimizers, schedules, losses, metrics, callbacks and their kin."""
    modules = (
        tf.train, tf.callbacks, keras.optimizers, keras.optimizers.schedules, keras.losses, keras.metrics, keras.callbacks,
        keras.initializers, keras.regularizers, keras.constraints,
    )  # fmt: skip
    found: dict[str, Callable[[], Any]] = {}
    known = set(kinds())
    for module in modules:
        for name in module.__all__:
            kind = getattr(module, name)
            if not inspect.isclass(kind) or kind in found:
                continue
            base = next((each for each in kind.__mro__ if each in known), None)
            given = needed(base) if base else {}
            try:
                kind(**given)
            except Exception:  # noqa: BLE001 (bases of classes)
                continue
            found[f"{module.__name__.removeprefix('tfjs_pyo.')}.{name}"] = lambda kind=kind, given=given: (
                kind(**given)
            )
    return found


SUBJECTS |= _of_classes()


def methods(subject: Any) -> dict[str, Any]:
    """The public methods of an object, each in one spelling."""
    found: dict[str, Any] = {}
    for name in naming.visible(type(subject), dir(type(subject))):
        static = inspect.getattr_static(type(subject), name, None)
        if name != naming.snake(name) or isinstance(static, property) or static is None:
            continue
        member = getattr(subject, name, None)
        module = getattr(member, "__module__", None) or ""
        if inspect.isroutine(member) and str(module).startswith("tfjs_pyo") and name not in HOOKS:
            found.setdefault(naming.fold(name), (name, member))
    if callable(subject) and subject.__call__.__module__.startswith("tfjs_pyo"):
        found["call()"] = ("__call__", subject.__call__)
    return dict(found.values())


HOOKS = {
    "update", "update_step", "slot", "slots", "slots_of", "running_mean", "finish",  # of optimizers
    "rate", "progress",  # of schedules
    "totals", "share", "shares", "counts", "measure", "compare", "function", "like",  # of metrics and losses
    "holding",  # makes a variable of one of the engine's
    "note", "sync_data",  # of histories
}  # fmt: skip
"""Methods that classes define for the package to call, which knows what it gives them."""


X, Y = np.ones((4, 3), np.float32), np.ones((4, 2), np.float32)
GUESSES: dict[str, Callable[[], Any]] = {
    "x": lambda: X, "y": lambda: Y, "inputs": lambda: tf.ones([2, 3]), "y_true": lambda: tf.ones([2, 3]),
    "y_pred": lambda: tf.ones([2, 3]), "value": lambda: tf.ones([2]), "delta": lambda: tf.ones([2]), "count": lambda: 2,
    "batch_size": lambda: 2, "buffer_size": lambda: 2, "dataset": of_tfjs, "input_dataset": of_tensorflow,
    "map_func": lambda: lambda x: x, "transform": lambda: lambda x: x, "predicate": lambda: lambda x: x > 1.0,
    "f": lambda: lambda x: None, "epoch": lambda: 0, "batch": lambda: 0, "logs": lambda: {"loss": 1.0}, "step": lambda: 1,
    "model": lambda: sequential(keras), "params": lambda: {"epochs": 1}, "shape": lambda: (2, 3), "dtype": lambda: "float32",
    "input_shape": lambda: (None, 3), "name": lambda: "first", "weights": lambda: [np.ones((3, 2)), np.ones(2)],
    "filepath": lambda: "there.weights.h5", "path": lambda: "there", "data": lambda: np.ones((4, 3), np.float32),
    "optimizer": lambda: "sgd", "loss": lambda: "mse", "indices": lambda: [[0]], "updates": lambda: [1.0],
    "variables": lambda: [keras.Variable([1.0, 2.0])], "trainable_variables": lambda: [keras.Variable([1.0, 2.0])],
    "grads": lambda: [tf.ones([2])], "variable": lambda: keras.Variable([1.0, 2.0]), "gradient": lambda: tf.ones([2]),
    "learning_rate": lambda: 0.1, "config": dict, "vocabulary": lambda: ["a", "b"],
    "reference_variable": lambda: keras.Variable([1.0]), "data_format": lambda: "channels_last",
    "states": lambda: [tf.zeros([2, 2]), tf.zeros([2, 2])], "layer": lambda: keras.layers.Dense(2),
    "datasets": lambda: [of_tensorflow()], "key_func": lambda: lambda x: 0, "reduce_func": lambda: lambda key, rows: rows,
    "element_length_func": lambda: lambda x: 1, "bucket_boundaries": lambda: [2], "bucket_batch_sizes": lambda: [2, 2],
    "choice_dataset": lambda: tensorflow.data.Dataset.range(1), "new_val": lambda: tf.ones([2]),
    "gradients": lambda: [(tf.ones([2]), keras.Variable([1.0, 2.0]))], "store": dict, "metrics": list,
    "device": lambda: "numpy",
}  # fmt: skip
"""What arguments of a name usually are."""


MODEL_METHODS: dict[str, dict[str, Callable[[], Any]]] = {
    "fit": {"x": lambda: X, "y": lambda: Y, "verbose": lambda: 0},
    "evaluate": {"x": lambda: X, "y": lambda: Y},
    "fit_dataset": {"dataset": lambda: batches(), "verbose": lambda: 0, "epochs": lambda: 1},
    "evaluate_dataset": {"dataset": lambda: batches()},
    "train_on_batch": {"x": lambda: X, "y": lambda: Y},
    "test_on_batch": {"x": lambda: X, "y": lambda: Y},
    "compute_loss": {"y": lambda: tf.ones([4, 2]), "y_pred": lambda: tf.ones([4, 2])},
    "compute_metrics": {"x": lambda: X, "y": lambda: tf.ones([4, 2]), "y_pred": lambda: tf.ones([4, 2])},
    "train_step": {"data": lambda: (tf.ones([4, 3]), tf.ones([4, 2]))},
    "test_step": {"data": lambda: (tf.ones([4, 3]), tf.ones([4, 2]))},
    "get_layer": {"name": lambda: "first"},
    "rebatch": {"batch_size": lambda: 2},
}
"""Arguments of methods that need some which have a default, too."""


def batches() -> Any:
    return tf.data.array([{"xs": [1.0, 2.0, 3.0], "ys": [1.0, 2.0]}] * 4).batch(2)


def state(subject: Any) -> Any:
    """What an object holds: the values of its variables and its options."""
    if isinstance(subject, tf.Tensor):
        return subject.tolist()
    held = getattr(subject, "variables", None) if not isinstance(subject, tf.data.Dataset) else None
    values = [each.tolist() for each in held] if isinstance(held, list) else []
    try:
        config = repr(subject.get_config())
    except Exception:  # noqa: BLE001 (some have none)
        config = ""
    return values, config


def arguments_of(
    name: str, call: Callable[..., Any], make: Callable[[], Any]
) -> Callable[[], dict[str, Any]]:
    """Returns a function that gives arguments with which a method works, if any are found.

    Args:
        name: of the method.
        call: takes an object and arguments by name.
        make: makes the object.
    """
    required = [p.name for p in parameters(getattr(make(), name)) if p.default is p.empty]
    stream = random.Random(f"{SEED}{name}")
    guesses = {key: GUESSES[key] for key in required if key in GUESSES}
    if name in MODEL_METHODS:
        guesses, required = MODEL_METHODS[name], list(MODEL_METHODS[name])
    arguments = dict
    for trial in range(20):
        given = {
            key: guesses[key] if key in guesses and trial < 10 else stream.choice(PLAUSIBLE)
            for key in required
        }
        arguments = lambda given=given: {key: value() for key, value in given.items()}  # noqa: E731
        if succeeds(lambda arguments=arguments: call(make(), **arguments())):
            break
    return arguments
