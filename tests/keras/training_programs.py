"""Whole training programs in Keras's spelling: run by Keras 3 (record_training.py) and by this package, from the same weights.

Each takes the module `keras` (whichever) and NumPy's data, and returns numbers, lists and dicts of numbers.
"""

import warnings

import numpy as np

from tests.keras.target_programs import targets_of_other_ranks
from tests.waves import filled

CLASSES = 3


def xs(count=24, width=4, seed=3):
    return filled((count, width), seed, 2.0)


def ys(count=24, width=2, seed=5):
    return filled((count, width), seed, 1.0)


def labels(count=24):
    return (np.arange(count) * 7 % CLASSES).astype("int64")


def begin(model, seed=40, scale=0.5):
    """Gives a model its first weights."""
    model.set_weights([filled(w.shape, seed + i, scale) for i, w in enumerate(model.get_weights())])
    return model


def logged(history):
    return {"keys": list(history.history), "epoch": list(history.epoch), **history.history}


def dense(keras, units=2, width=4, activation=None):
    model = keras.Sequential([keras.Input((width,)), keras.layers.Dense(units, activation=activation)])
    return begin(model)


def classifier(keras):
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dense(5, activation="relu"), layers.Dense(CLASSES, activation="softmax")]
    )
    return begin(model)


def two_heads(keras):
    x = keras.Input((4,), name="x")
    hidden = keras.layers.Dense(3, activation="tanh", name="hidden")(x)
    a = keras.layers.Dense(2, name="a")(hidden)
    b = keras.layers.Dense(CLASSES, activation="softmax", name="b")(hidden)
    return begin(keras.Model(x, [a, b]))


def default_optimizer(keras):
    model = dense(keras)
    model.compile(loss="mse", metrics=["mae"])
    history = model.fit(xs(), ys(), epochs=5, batch_size=8, shuffle=False, verbose=0)
    return {"history": logged(history), "predicted": model.predict(xs(), verbose=0).tolist()}


def accuracy_with_validation(keras):
    model = classifier(keras)
    model.compile(keras.optimizers.Adam(0.05), "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(
        xs(), labels(), batch_size=5, epochs=4, validation_split=0.25, shuffle=False, verbose=0
    )
    return {
        "history": logged(history),
        "list": model.evaluate(xs(), labels(), verbose=0),
        "dict": model.evaluate(xs(), labels(), verbose=0, return_dict=True),
        "keys": list(model.evaluate(xs(), labels(), verbose=0, return_dict=True)),
    }


def several_metrics(keras):
    model = classifier(keras)
    hot = np.eye(CLASSES, dtype="float32")[labels()]
    metrics = [
        "acc",
        "mse",
        keras.metrics.AUC(name="area"),
        keras.metrics.Precision(),
        "categorical_crossentropy",
    ]
    model.compile(keras.optimizers.SGD(0.2), "categorical_crossentropy", metrics=metrics)
    history = model.fit(xs(), hot, batch_size=7, epochs=3, shuffle=False, verbose=0)
    return {"history": logged(history), "list": model.evaluate(xs(), hot, batch_size=9, verbose=0)}


def binary(keras):
    model = dense(keras, 1, activation="sigmoid")
    bits = (xs()[:, 0] > 0).astype("float32")
    model.compile("adam", keras.losses.BinaryCrossentropy(), metrics=["accuracy", "mae"])
    history = model.fit(xs(), bits, epochs=4, batch_size=8, shuffle=False, verbose=0)
    return logged(history)


def two_outputs(keras):
    model = two_heads(keras)
    model.compile(
        keras.optimizers.SGD(0.1),
        loss={"a": "mse", "b": "sparse_categorical_crossentropy"},
        loss_weights={"a": 0.3, "b": 2.0},
        metrics={"a": ["mae"], "b": ["accuracy"]},
    )
    targets = {"a": ys(), "b": labels()}
    history = model.fit(xs(), targets, epochs=3, batch_size=8, shuffle=False, verbose=0)
    return {
        "history": logged(history),
        "list": model.evaluate(xs(), [ys(), labels()], verbose=0),
        "dict": model.evaluate(xs(), [ys(), labels()], verbose=0, return_dict=True),
        "predicted": [each.tolist() for each in model.predict(xs(), verbose=0)],
    }


def two_outputs_of_lists(keras):
    model = two_heads(keras)
    model.compile("sgd", ["mae", "sparse_categorical_crossentropy"], [1.0, 0.5], metrics=["mse", "accuracy"])
    history = model.fit(xs(), [ys(), labels()], epochs=2, batch_size=10, shuffle=False, verbose=0)
    return {"history": logged(history), "list": model.evaluate(xs(), [ys(), labels()], verbose=0)}


def output_without_loss(keras):
    model = two_heads(keras)
    model.compile(keras.optimizers.SGD(0.1), loss=["mse", None])
    history = model.fit(xs(), [ys()], epochs=3, batch_size=8, shuffle=False, verbose=0)
    return logged(history)


def weighted_samples(keras):
    model = dense(keras)
    model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mae"], weighted_metrics=["mae", "mse"])
    weight = np.abs(filled((24,), 8, 2.0))
    history = model.fit(
        xs(), ys(), batch_size=7, epochs=3, shuffle=False, verbose=0, sample_weight=weight,
        validation_data=(xs(seed=11), ys(seed=12), weight),
    )  # fmt: skip
    return {"history": logged(history), "list": model.evaluate(xs(), ys(), sample_weight=weight, verbose=0)}


def weighted_classes(keras):
    model = classifier(keras)
    model.compile(keras.optimizers.SGD(0.2), "sparse_categorical_crossentropy", weighted_metrics=["accuracy"])
    history = model.fit(
        xs(), labels(), batch_size=8, epochs=3, shuffle=False, verbose=0, class_weight={0: 3.0, 2: 0.5}
    )
    return logged(history)


def regularized(keras):
    layers, regularizers = keras.layers, keras.regularizers
    model = keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(
                3, kernel_regularizer=regularizers.L2(0.1), activity_regularizer=regularizers.L1(0.05)
            ),
            layers.Dense(2, kernel_regularizer="l1", bias_regularizer="l2"),
        ]
    )
    begin(model)
    model.compile(keras.optimizers.RMSprop(0.01), "mse", metrics=["mse"])
    history = model.fit(
        xs(),
        ys(),
        batch_size=7,
        epochs=3,
        shuffle=False,
        verbose=0,
        validation_data=(xs(seed=11), ys(seed=12)),
    )
    return logged(history)


def reductions(keras):
    found = {}
    weight = np.abs(filled((24,), 8, 2.0))
    for reduction in ("sum", "sum_over_batch_size", "mean", "mean_with_sample_weight"):
        model = dense(keras)
        model.compile(keras.optimizers.SGD(0.01), keras.losses.MeanSquaredError(reduction=reduction))
        for given in (None, weight):
            history = model.fit(
                xs(), ys(), batch_size=9, epochs=2, shuffle=False, verbose=0, sample_weight=given
            )
            found[f"{reduction} {given is not None}"] = history.history["loss"]
    return found


def own_losses(keras):
    ops = keras.ops

    def of_samples(y_true, y_pred):
        return ops.mean(ops.square(y_true - y_pred) * 3.0, axis=-1)

    def of_all(y_true, y_pred):
        return ops.mean(ops.abs(y_true - y_pred))

    class Cubed(keras.losses.Loss):
        def call(self, y_true, y_pred):
            return ops.mean(ops.abs(y_true - y_pred) ** 3, axis=-1)

    def twice(y_true, y_pred):
        return 2 * ops.mean(ops.abs(y_true - y_pred), axis=-1)

    found = {}
    for name, loss in {
        "of samples": of_samples,
        "of all": of_all,
        "class": Cubed(),
        "lambda": lambda t, p: ops.sum(ops.square(t - p), axis=-1),
    }.items():
        model = dense(keras)
        model.compile(keras.optimizers.SGD(0.05), loss, metrics=[twice])
        history = model.fit(xs(), ys(), batch_size=8, epochs=3, shuffle=False, verbose=0)
        found[name] = logged(history)
    return found


def masked_sequences(keras):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((5,)),
            layers.Embedding(6, 3, mask_zero=True),
            layers.LSTM(4, return_sequences=True, recurrent_activation="sigmoid"),
            layers.Dense(2),
        ]
    )
    begin(model)
    words = np.array([[(3 * i + j) % 6 if j < 2 + i % 4 else 0 for j in range(5)] for i in range(12)])
    target = filled((12, 5, 2), 9, 1.0)
    model.compile(keras.optimizers.SGD(0.3), "mse")
    history = model.fit(words, target, batch_size=5, epochs=3, shuffle=False, verbose=0)
    return logged(history)


def normalized(keras):
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dense(6), layers.BatchNormalization(), layers.Dense(2)]
    )
    model.set_weights([np.abs(filled(w.shape, 40 + i, 0.5)) + 0.1 for i, w in enumerate(model.get_weights())])
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True), "mse")
    history = model.fit(
        xs(),
        ys(),
        batch_size=7,
        epochs=4,
        shuffle=False,
        verbose=0,
        validation_data=(xs(seed=11), ys(seed=12)),
    )
    return {"history": logged(history), "weights": [w.tolist() for w in model.get_weights()]}


def convolutional(keras):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(3, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(CLASSES, activation="softmax"),
        ]
    )
    begin(model, scale=0.3)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(
        filled((24, 8, 8), 3, 1.0), labels(), batch_size=8, epochs=4, shuffle=False, verbose=0
    )
    return logged(history)


def scheduled(keras):
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.7, staircase=True)
    model = dense(keras)
    model.compile(keras.optimizers.Adam(schedule, clipnorm=0.5), "mse")
    first = logged(model.fit(xs(), ys(), batch_size=8, epochs=3, shuffle=False, verbose=0))
    return {
        "first": first,
        "then": logged(
            model.fit(xs(), ys(), batch_size=8, epochs=5, initial_epoch=3, shuffle=False, verbose=0)
        ),
    }


def accumulated(keras):
    """Gradients of several batches make one step; where steps are left over they wait for the next epoch."""
    found = {}
    for name, config in {
        "SGD": {"learning_rate": 0.1, "momentum": 0.8},
        "Adam": {"learning_rate": 0.05, "weight_decay": 0.01},
        "RMSprop": {"learning_rate": 0.01},
    }.items():
        model = dense(keras)
        optimizer = getattr(keras.optimizers, name)(gradient_accumulation_steps=3, **config)
        model.compile(optimizer, "mse")
        history = model.fit(xs(), ys(), batch_size=6, epochs=4, shuffle=False, verbose=0)
        found[name] = {
            **logged(history),
            "weights": [w.tolist() for w in model.get_weights()],
            "iterations": int(optimizer.iterations),
        }
    return found


def generators(keras):
    def batches(count):
        for i in range(count):
            yield xs(8, seed=20 + i), ys(8, seed=30 + i)

    model = dense(keras)
    model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mae"])
    once = model.fit(batches(4), verbose=0)
    longer = model.fit(
        batches(6), steps_per_epoch=2, epochs=3, verbose=0, validation_data=(xs(), ys()), validation_freq=2
    )
    return {
        "once": logged(once), "longer": logged(longer),
        "evaluated": model.evaluate(batches(3), verbose=0),
        "predicted": model.predict(batches(2), verbose=0).tolist(),
        "some": model.evaluate(xs(), ys(), batch_size=5, steps=2, verbose=0),
    }  # fmt: skip


def single_batches(keras):
    model = dense(keras)
    model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mae"])
    first = [model.train_on_batch(xs(), ys()) for _ in range(3)]
    second = model.train_on_batch(xs(8, seed=9), ys(8, seed=10), return_dict=True)
    tested = model.test_on_batch(xs(), ys())
    return {
        "first": [list(map(float, each)) for each in first], "second": {k: float(v) for k, v in second.items()},
        "tested": list(map(float, tested)), "predicted": model.predict_on_batch(xs(3)).tolist(),
    }  # fmt: skip


def what_callbacks_see(keras):
    seen = []

    class Notes(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            seen.append(["train begin", sorted(logs or {}), self.params["epochs"], self.params["steps"]])

        def on_train_end(self, logs=None):
            super().on_train_end(logs)
            seen.append(["train end"])

        def on_epoch_begin(self, epoch, logs=None):  # noqa: ARG002
            seen.append(["epoch begin", epoch])

        def on_epoch_end(self, epoch, logs=None):
            super().on_epoch_end(epoch, logs)
            seen.append(["epoch end", epoch, list(logs)])
            logs["own"] = 7.0

        def on_train_batch_begin(self, batch, logs=None):
            super().on_train_batch_begin(batch, logs)
            seen.append(["batch begin", batch])

        def on_train_batch_end(self, batch, logs=None):
            seen.append(["batch end", batch, list(logs), float(logs["loss"]), float(logs["mae"])])

        def on_test_begin(self, logs=None):  # noqa: ARG002
            seen.append(["test begin"])

        def on_test_end(self, logs=None):
            seen.append(["test end", list(logs), float(logs["loss"])])

        def on_test_batch_begin(self, batch, logs=None):  # noqa: ARG002
            seen.append(["test batch begin", batch])

        def on_test_batch_end(self, batch, logs=None):
            seen.append(["test batch end", batch, list(logs), float(logs["loss"])])

        def on_predict_begin(self, logs=None):  # noqa: ARG002
            seen.append(["predict begin"])

        def on_predict_end(self, logs=None):  # noqa: ARG002
            seen.append(["predict end"])

        def on_predict_batch_begin(self, batch, logs=None):  # noqa: ARG002
            seen.append(["predict batch begin", batch])

        def on_predict_batch_end(self, batch, logs=None):
            seen.append(["predict batch end", batch, list(np.shape(logs["outputs"]))])

    model = dense(keras)
    model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mae"])
    history = model.fit(
        xs(), ys(), batch_size=10, epochs=2, shuffle=False, verbose=0, callbacks=[Notes()],
        validation_data=(xs(seed=11), ys(seed=12)),
    )  # fmt: skip
    model.evaluate(xs(), ys(), batch_size=16, verbose=0, callbacks=[Notes()])
    model.predict(xs(), batch_size=16, verbose=0, callbacks=[Notes()])
    return {"seen": seen, "history": logged(history)}


def stopped(keras):
    class Stops(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):  # noqa: ARG002
            if batch == 1:
                self.model.stop_training = True

    model = dense(keras)
    model.compile(keras.optimizers.SGD(0.1), "mse")
    history = model.fit(xs(), ys(), batch_size=6, epochs=3, shuffle=False, verbose=0, callbacks=[Stops()])
    early = keras.callbacks.EarlyStopping("loss", min_delta=10.0, patience=2)
    then = model.fit(xs(), ys(), batch_size=6, epochs=9, shuffle=False, verbose=0, callbacks=[early])
    return {"stopped": logged(history), "early": logged(then)}


def validated_now_and_then(keras):
    model = dense(keras)
    model.compile("sgd", "mse")
    history = model.fit(
        xs(), ys(), epochs=5, shuffle=False, verbose=0, validation_data=(xs(seed=11), ys(seed=12)),
        validation_freq=[1, 4], validation_batch_size=7, validation_steps=2,
    )  # fmt: skip
    return logged(history)


def forms_of_data(keras):
    found = {}
    x, y = xs(), ys()
    for name, given in {
        "lists": ([x], [y]), "tuples": ((x,), (y,)), "float64": (x.astype("float64"), y.astype("float64")),
        "by name": ({"x": x}, y),
    }.items():  # fmt: skip
        inputs = keras.Input((4,), name="x")
        model = begin(keras.Model(inputs, keras.layers.Dense(2, name="y")(inputs)))
        model.compile(keras.optimizers.SGD(0.1), "mse")
        found[name] = model.fit(*given, batch_size=8, shuffle=False, verbose=0).history["loss"]
    a, b = keras.Input((2,), name="a"), keras.Input((2,), name="b")
    for name, given in {"list": [x[:, :2], x[:, 2:]], "dict": {"b": x[:, 2:], "a": x[:, :2]}}.items():
        model = begin(keras.Model([a, b], keras.layers.Dense(2)(keras.layers.Concatenate()([a, b]))))
        model.compile(keras.optimizers.SGD(0.1), "mse")
        found[name] = model.fit(given, y, batch_size=8, shuffle=False, verbose=0).history["loss"]
        found[f"{name} predicted"] = model.predict(given, verbose=0)[:2].tolist()
    return found


def dicts_for_one_output(keras):
    inputs = keras.Input((4,), name="x")
    found = {}
    for name, options in {
        "loss": {"loss": {"out": "mse"}, "metrics": {"out": ["mae"]}},
        "nested metrics": {"loss": ["mae"], "metrics": [["mse", "mae"]]},
        "class names": {"loss": "MeanSquaredError", "metrics": ["MeanAbsoluteError", "RootMeanSquaredError"]},
        "weight": {"loss": "mse", "loss_weights": [0.5]},
    }.items():
        model = begin(keras.Model(inputs, keras.layers.Dense(2, name="out")(inputs)))
        model.compile(keras.optimizers.SGD(0.1), **options)
        history = model.fit(xs(), ys(), batch_size=8, epochs=2, shuffle=False, verbose=0)
        found[name] = {**logged(history), "list": model.evaluate(xs(), ys(), verbose=0)}
    return found


def crossentropies(keras):
    found = {}
    hot = np.eye(CLASSES, dtype="float32")[labels()]
    for name, y in {"classes": labels(), "column": labels()[:, None], "one-hot": hot}.items():
        for loss in ("crossentropy", "ce"):
            model = classifier(keras)
            model.compile(keras.optimizers.SGD(0.1), loss, metrics=["accuracy"])
            history = model.fit(xs(), y, batch_size=8, epochs=2, shuffle=False, verbose=0)
            found[f"{name} {loss}"] = logged(history)
    return found


def weighted_outputs(keras):
    model = two_heads(keras)
    model.compile(
        keras.optimizers.SGD(0.1),
        loss=["mse", "sparse_categorical_crossentropy"],
        loss_weights=[1.0, 0.2],
        metrics=[None, ["accuracy"]],
        weighted_metrics=[["mae"], None],
    )
    first, second = np.abs(filled((24,), 8, 2.0)), np.abs(filled((24,), 9, 2.0))
    history = model.fit(
        xs(), [ys(), labels()], batch_size=7, epochs=3, shuffle=False, verbose=0, sample_weight=[first, second],
        validation_data=(xs(seed=11), [ys(seed=12), labels()], [first, second]),
    )  # fmt: skip
    return {
        "history": logged(history),
        "list": model.evaluate(xs(), [ys(), labels()], sample_weight=[first, second], verbose=0),
    }


def outputs_by_key(keras):
    x = keras.Input((4,))
    outputs = {"b": keras.layers.Dense(2, name="one")(x), "a": keras.layers.Dense(1, name="two")(x)}
    model = begin(keras.Model(x, outputs))
    model.compile(keras.optimizers.SGD(0.1), loss={"a": "mae", "b": "mse"}, metrics={"a": ["mse"]})
    y = {"a": ys(width=1), "b": ys()}
    history = model.fit(
        xs(), y, batch_size=8, epochs=2, shuffle=False, verbose=0, validation_data=(xs(seed=11), y)
    )
    predicted = model.predict(xs(3), verbose=0)
    return {
        "history": logged(history), "predicted": {key: predicted[key].tolist() for key in sorted(predicted)},
        "dict": model.evaluate(xs(), y, verbose=0, return_dict=True),
    }  # fmt: skip


def steps_with_weights(keras):
    """A weight for each step of each sample."""
    model = keras.Sequential([keras.Input((5, 3)), keras.layers.Dense(2)])
    begin(model)
    model.compile(keras.optimizers.SGD(0.1), "mse", weighted_metrics=["mae"])
    x, y = filled((12, 5, 3), 2, 1.0), filled((12, 5, 2), 3, 1.0)
    history = model.fit(
        x, y, batch_size=5, epochs=2, shuffle=False, verbose=0, sample_weight=np.abs(filled((12, 5), 4, 1.0))
    )
    return logged(history)


def classes_of_one_hot_rows(keras):
    model = classifier(keras)
    model.compile(keras.optimizers.SGD(0.2), "categorical_crossentropy")
    hot = np.eye(CLASSES, dtype="float32")[labels()]
    history = model.fit(
        xs(), hot, batch_size=8, epochs=2, shuffle=False, verbose=0, class_weight={0: 3.0, 1: 1.0, 2: 0.5}
    )
    return logged(history)


def steps_of_an_epoch(keras):
    found = {}
    for name, options in {
        "whole batches": {"batch_size": 6, "steps_per_epoch": 3},
        "more than there are": {"batch_size": 12, "steps_per_epoch": 3},
        "a smaller last one": {"batch_size": 10, "steps_per_epoch": 2},
        "smaller ones in between": {"batch_size": 10, "steps_per_epoch": 4},
    }.items():
        model = dense(keras)
        model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mae"])
        with warnings.catch_warnings():  # of epochs that end early
            warnings.simplefilter("ignore")
            history = model.fit(xs(), ys(), epochs=3, shuffle=False, verbose=0, **options)
        found[name] = {**logged(history), "weights": [w.tolist() for w in model.get_weights()]}
    return found


def built_by_its_data(keras):
    model = keras.Sequential([keras.layers.Dense(3, activation="relu"), keras.layers.Dense(1)])
    model.build((None, 4))
    begin(model)
    model.compile("nadam", "huber", metrics=["cosine_similarity", "msle"])
    history = model.fit(np.abs(xs()), np.abs(ys(width=1)), epochs=3, batch_size=9, shuffle=False, verbose=0)
    return logged(history)


def batches_with_weights(keras):
    def batches():
        for i in range(6):
            yield xs(8, seed=20 + i), ys(8, seed=30 + i), np.abs(filled((8,), 40 + i, 1.0))

    model = dense(keras)
    model.compile(keras.optimizers.SGD(0.1), "mse", weighted_metrics=["mae"])
    history = model.fit(batches(), steps_per_epoch=3, epochs=2, verbose=0)
    return {"history": logged(history), "list": model.evaluate(batches(), verbose=0)}


def metrics_that_count(keras):
    metrics = keras.metrics
    model = dense(keras, 1, activation="sigmoid")
    bits = (xs()[:, :1] > 0).astype("float32")
    chosen = [
        "AUC",
        metrics.Recall(name="hits"),
        metrics.TruePositives(),
        metrics.BinaryIoU(),
    ]
    model.compile(keras.optimizers.SGD(0.5), "binary_crossentropy", metrics=chosen)
    history = model.fit(
        xs(), bits, batch_size=7, epochs=2, shuffle=False, verbose=0, validation_data=(xs(seed=11), bits)
    )
    return logged(history)


PROGRAMS = [
    default_optimizer, accuracy_with_validation, several_metrics, binary, two_outputs, two_outputs_of_lists,
    output_without_loss, weighted_samples, weighted_classes, regularized, reductions, own_losses, masked_sequences,
    normalized, convolutional, scheduled, accumulated, generators, single_batches, what_callbacks_see, stopped,
    validated_now_and_then, forms_of_data, dicts_for_one_output, crossentropies, weighted_outputs, outputs_by_key,
    steps_with_weights, classes_of_one_hot_rows, steps_of_an_epoch, built_by_its_data, batches_with_weights, metrics_that_count,
    targets_of_other_ranks,
]  # fmt: skip
