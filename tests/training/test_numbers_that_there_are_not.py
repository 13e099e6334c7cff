"""Numbers of classes and of tokens that there are not: told by whatever takes a batch, for every kind of model."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo import keras
from tfjs_pyo.core import debug
from tfjs_pyo.errors import OptionError, RangeError

ROWS, CLASSES = 10, 3
RNG = np.random.default_rng(7)
TOKENS, LABELS = RNG.integers(0, ROWS, (32, 5)), RNG.integers(0, CLASSES, (32, 1))


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.embedding = keras.layers.Embedding(ROWS, 4)
        self.last = keras.layers.Dense(CLASSES, activation="softmax")

    def call(self, inputs):
        return self.last(keras.ops.mean(self.embedding(inputs), 1))


class OwnTable(Subclassed):
    """Looks up rows by an op."""

    def __init__(self):
        super().__init__()
        self.table = self.add_weight(shape=(ROWS, 4), name="table")

    def call(self, inputs):
        found = keras.ops.take(self.table, keras.ops.cast(inputs, "int32"), axis=0)
        return self.last(keras.ops.reshape(found[:, 0], (-1, 4)))


def sequential():
    return keras.Sequential(
        [
            keras.layers.Embedding(ROWS, 4),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(CLASSES, activation="softmax"),
        ]
    )


def functional():
    x = keras.Input((5,))
    shared = keras.layers.Embedding(ROWS, 4)(x)
    y = keras.layers.Dense(CLASSES, activation="softmax")(keras.layers.Flatten()(shared))
    return keras.Model(x, y)


def of_tfjs():
    layers = tf.layers
    return tf.sequential(
        [
            layers.embedding({"inputDim": ROWS, "outputDim": 4, "inputLength": 5}),
            layers.flatten(),
            layers.dense({"units": CLASSES, "activation": "softmax"}),
        ]
    )


MODELS = {"subclassed": Subclassed, "sequential": sequential, "functional": functional, "own table": OwnTable}


def compiled(make):
    model = make()
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def pieces(x, y):
    return ((x[i : i + 8], y[i : i + 8]) for i in range(0, len(x), 8))


WAYS = {
    "fit": lambda model, x, y: model.fit(x, y, verbose=0),
    "fit of batches": lambda model, x, y: model.fit(pieces(x, y), verbose=0),
    "fit with a callback of batches": lambda model, x, y: model.fit(
        x,
        y,
        verbose=0,
        callbacks=[keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: None)],
    ),
    "validation": lambda model, x, y: model.fit(TOKENS, LABELS, validation_data=(x, y), verbose=0),
    "validation of batches": lambda model, x, y: model.fit(
        TOKENS, LABELS, validation_data=pieces(x, y), verbose=0
    ),
    "evaluate": lambda model, x, y: model.evaluate(x, y, verbose=0),
    "evaluate of batches": lambda model, x, y: model.evaluate(pieces(x, y), verbose=0),
    "train_on_batch": lambda model, x, y: model.train_on_batch(x, y),
    "test_on_batch": lambda model, x, y: model.test_on_batch(x, y),
}
OF_TOKENS = {
    **WAYS,
    "predict": lambda model, x, _y: model.predict(x, verbose=0),
    "predict of batches": lambda model, x, y: model.predict(((a,) for a, _ in pieces(x, y)), verbose=0),
    "predict_on_batch": lambda model, x, _y: model.predict_on_batch(x),
}
OF_TFJS = {
    "fit": lambda model, x, y: asyncio.run(model.fit(x, y, {"epochs": 1})),
    "fitDataset": lambda model, x, y: asyncio.run(model.fitDataset(lambda: pieces(x, y), {"epochs": 1})),
    "evaluate": lambda model, x, y: model.evaluate(x, y),
    "trainOnBatch": lambda model, x, y: asyncio.run(model.trainOnBatch(x, y)),
}


def with_one(data, number):
    """Returns data with one number among them that is `number`."""
    changed = data.copy()
    changed[-3, -1] = number
    if data is TOKENS:
        changed[-3, 0] = number  # where a model looks at the first token only
    return changed


@pytest.mark.parametrize("number", [-1, ROWS, 12345])
@pytest.mark.parametrize("way", OF_TOKENS)
@pytest.mark.parametrize("make", MODELS)
def test_a_token_that_there_is_not(make, way, number):
    if make == "own table" and number == -1:
        number = -ROWS - 1  # below 0, take counts from the end
    model = compiled(MODELS[make])
    OF_TOKENS[way](model, TOKENS, LABELS)
    with pytest.raises(
        OptionError, match=rf"from (0|-10) to 9 in x.*looked up in.*10 rows, received {float(number):g}\."
    ):
        OF_TOKENS[way](model, with_one(TOKENS, number), LABELS)


@pytest.mark.parametrize("number", [-1, CLASSES, 255])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("make", MODELS)
def test_a_class_that_there_is_not(make, way, number):
    model = compiled(MODELS[make])
    with pytest.raises(
        OptionError, match=rf"class numbers from 0 to 2.*received {number}\. Number the classes from 0"
    ):
        WAYS[way](model, TOKENS, with_one(LABELS, number))
    WAYS[way](model, TOKENS, LABELS)


@pytest.mark.parametrize("way", OF_TFJS)
def test_in_the_spelling_of_tensorflow_js(way):
    model = of_tfjs()
    model.compile({"optimizer": "adam", "loss": "sparseCategoricalCrossentropy"})
    OF_TFJS[way](model, TOKENS, LABELS)
    with pytest.raises(OptionError, match=r"from 0 to 9 in x.*received 10\."):
        OF_TFJS[way](model, with_one(TOKENS, ROWS), LABELS)
    with pytest.raises(OptionError, match=r"class numbers from 0 to 2.*received 3\."):
        OF_TFJS[way](model, TOKENS, with_one(LABELS, CLASSES))


@pytest.mark.parametrize("make", MODELS)
def test_a_fit_that_is_refused_leaves_the_weights(make):
    model = compiled(MODELS[make])
    model.fit(TOKENS, LABELS, verbose=0)
    before = model.get_weights()
    for x, y in ((with_one(TOKENS, ROWS), LABELS), (TOKENS, with_one(LABELS, CLASSES))):
        with pytest.raises(OptionError):
            model.fit(x, y, verbose=0)
    for now, then in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_the_axis_of_the_classes_is_that_of_the_loss():
    x = keras.Input((4,))
    model = keras.Model(x, keras.layers.Reshape((CLASSES, 5))(keras.layers.Dense(15)(x)))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, axis=1)
    model.compile("sgd", loss)
    inputs, targets = np.ones((8, 4)), RNG.integers(0, CLASSES, (8, 5))
    targets[0, 0] = CLASSES - 1
    model.fit(inputs, targets, verbose=0)
    targets[3, 2] = CLASSES
    with pytest.raises(OptionError, match="from 0 to 2 as targets"):
        model.fit(inputs, targets, verbose=0)


def test_the_loss_of_a_class_that_there_is_not_is_nan_and_its_gradient_zero():
    given, wrong = np.array([[0.2, 0.8], [0.5, 0.5]], np.float32), np.array([1, 2])
    for loss in (keras.losses.sparse_categorical_crossentropy, tf.metrics.sparse_categorical_crossentropy):
        assert np.isnan(np.asarray(loss(wrong, given))).tolist() == [False, True]
        (gradient,) = tf.grads(lambda p, loss=loss: loss(wrong, p).sum())([tf.tensor(given)])
        assert np.isfinite(gradient.numpy()).all()
        assert not gradient.numpy()[1].any()


def test_a_class_that_is_ignored_may_have_any_number():
    model = functional()
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(ignore_class=-1))
    assert np.isfinite(model.fit(TOKENS, with_one(LABELS, -1), verbose=0).history["loss"]).all()


INDEXING = {
    "gather": lambda places: tf.gather(tf.tensor([1, 2, 3]), places),
    "gather of batches": lambda places: tf.gather(tf.tensor([[1, 2, 3]]), places.reshape([1, -1]), 1, 1),
    "gather_nd": lambda places: tf.gather_nd(tf.tensor([1, 2, 3]), places.reshape([-1, 1])),
    "scatter_nd": lambda places: tf.scatter_nd(places.reshape([-1, 1]), tf.ones([2]), [3]),
    "embedding": lambda places: tf.layers.embedding({"inputDim": 3, "outputDim": 2}).apply(places),
    "a segment": lambda places: tf.unsorted_segment_sum(tf.ones([2]), places, 3),
}


@pytest.fixture
def debug_mode_ends():
    yield
    debug.enable(False)


@pytest.mark.usefixtures("debug_mode_ends")
@pytest.mark.parametrize("op", INDEXING)
def test_debug_mode_looks_at_indices_of_tensors(op):
    right, wrong = (tf.tensor([0, last], dtype="int32") + 0 for last in (2, 3))
    INDEXING[op](wrong)
    tf.enable_debug_mode()
    INDEXING[op](right)
    with pytest.raises(RangeError, match="between 0 and 2, received 3"):
        INDEXING[op](wrong)
