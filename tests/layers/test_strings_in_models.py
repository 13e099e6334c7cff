"""Inputs of strings: a model that looks them up trains and predicts as one that is given their numbers."""

import copy

import numpy as np
import pytest

import tfjs_pyo as tf
import tfjs_pyo.tensorflow as tensorflow
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.naming import reset_keras_names

keras = tf.keras
layers = keras.layers
WORDS = ["red", "green", "blue"]
GENERATOR = np.random.default_rng(3)
COLORS = np.array([*WORDS, "grey"])[GENERATOR.integers(0, 4, 22)]
SIZES = GENERATOR.uniform(0, 1, 22).astype("float32")
TARGETS = (COLORS == "red").astype("float32")
LOOKUP = layers.StringLookup(vocabulary=WORDS)
ROWS = layers.StringLookup(vocabulary=WORDS, output_mode="multi_hot")


def body(numbers, rows, size):
    """What both models do with numbers."""
    embedded = layers.Flatten()(layers.Embedding(4, 3, name="table")(numbers))
    hidden = layers.concatenate([embedded, rows, size])
    return layers.Dense(1, activation="sigmoid", name="end")(hidden)


def with_strings():
    """The model that is given strings."""
    color = keras.Input((1,), dtype="string", name="color")
    size = keras.Input((1,), name="size")
    return begun(keras.Model({"color": color, "size": size}, body(LOOKUP(color), ROWS(color), size)))


def with_numbers():
    """The model that is given numbers."""
    given = [keras.Input((1,), dtype="int32"), keras.Input((4,)), keras.Input((1,))]
    return begun(keras.Model(given, body(*given)))


def begun(model):
    """A model with weights that depend on their shapes only, compiled."""
    shapes = [weight.shape for weight in model.get_weights()]
    model.set_weights([np.linspace(-1, 1, int(np.prod(shape))).reshape(shape) for shape in shapes])
    model.compile(keras.optimizers.Adam(0.1), "binary_crossentropy", metrics=["accuracy"])
    return model


def numbers_of(rows=slice(None)):
    """The numbers that belong to the strings."""
    colors = COLORS[rows, None]
    return [LOOKUP(colors).numpy(), ROWS(colors).numpy(), SIZES[rows, None]]


def assert_same(found, expected):
    """Compares histories."""
    assert list(found) == list(expected)
    for name, numbers in expected.items():
        assert found[name] == pytest.approx(numbers, rel=1e-5), name


FORMS = {
    "a dict": lambda: ({"color": COLORS, "size": SIZES}, TARGETS),
    "columns": lambda: ({"color": COLORS[:, None], "size": SIZES[:, None]}, TARGETS[:, None]),
    "a list of tensors": lambda: ([tf.tensor(COLORS.tolist(), [22, 1], "string"), SIZES], TARGETS),
}


@pytest.mark.parametrize("form", FORMS)
def test_it_trains_as_on_numbers(form):
    x, y = FORMS[form]()
    model, other = with_strings(), with_numbers()
    options = {"batch_size": 8, "epochs": 3, "shuffle": False, "verbose": 0}
    found = model.fit(x, y, validation_data=(x, y), **options).history
    expected = other.fit(numbers_of(), TARGETS, validation_data=(numbers_of(), TARGETS), **options).history
    assert_same(found, expected)
    for mine, theirs in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-6)
    np.testing.assert_allclose(model.predict(x, verbose=0), other.predict(numbers_of(), verbose=0), rtol=1e-6)
    assert model.evaluate(x, y, verbose=0) == pytest.approx(other.evaluate(numbers_of(), TARGETS, verbose=0))
    assert model.train_on_batch(x, y) == pytest.approx(other.train_on_batch(numbers_of(), TARGETS))


def test_it_trains_on_datasets():
    dataset = tensorflow.data.Dataset.from_tensor_slices(({"color": COLORS, "size": SIZES}, TARGETS)).batch(8)
    model, other = with_strings(), with_numbers()
    found = model.fit(dataset, epochs=2, validation_data=dataset, verbose=0).history
    expected = other.fit(
        numbers_of(),
        TARGETS,
        epochs=2,
        batch_size=8,
        shuffle=False,
        verbose=0,
        validation_data=(numbers_of(), TARGETS),
    ).history
    assert_same(found, expected)
    np.testing.assert_allclose(
        model.predict(dataset, verbose=0), other.predict(numbers_of(), verbose=0), rtol=1e-5
    )


def test_a_step_of_its_own_is_given_numbers():
    class Own(keras.Model):
        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                loss = self.compute_loss(y=y, y_pred=self(x, training=True))
            self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
            return {"loss": loss}

    color, size = keras.Input((1,), dtype="string"), keras.Input((1,))
    model = begun(Own([color, size], body(LOOKUP(color), ROWS(color), size)))
    found = model.fit([COLORS, SIZES], TARGETS, batch_size=22, epochs=2, verbose=0).history["loss"]
    expected = with_numbers().fit(numbers_of(), TARGETS, batch_size=22, epochs=2, verbose=0).history["loss"]
    assert found == pytest.approx(expected, rel=1e-5)


def test_called_with_strings_it_looks_them_up():
    model, other = with_strings(), with_numbers()
    given = {"color": tf.tensor(COLORS[:5].tolist(), [5, 1], "string"), "size": tf.tensor(SIZES[:5, None])}
    np.testing.assert_allclose(model(given).numpy(), other(numbers_of(slice(5))).numpy(), rtol=1e-6)


def test_copies_and_files_keep_the_vocabulary(tmp_path):
    reset_keras_names()
    model = with_strings()
    x = FORMS["a dict"]()[0]
    expected = model.predict(x, verbose=0)
    model.save(tmp_path / "model.keras")
    for other in (copy.deepcopy(model), keras.models.load_model(tmp_path / "model.keras")):
        np.testing.assert_allclose(other.predict(x, verbose=0), expected, rtol=1e-6)


def test_texts_are_split_in_a_model():
    split = layers.TextVectorization(output_sequence_length=3)
    split.adapt(["a b", "b c d"])
    texts = keras.Input((1,), dtype="string")
    model = keras.Model(texts, layers.Embedding(8, 2)(split(texts)))
    assert model.output_shape == (None, 3, 2)
    given = np.array(["a", "b c", "x"])
    table = model.get_weights()[0]
    np.testing.assert_allclose(model.predict(given, verbose=0), table[split(given).numpy()], rtol=1e-6)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda text: layers.Dense(1)(text), "expected numbers, received strings"),
        (
            lambda text: keras.Sequential([layers.Dense(1)])(text),
            "let the inputs of an inner model be numbers",
        ),
        (lambda text: layers.StringLookup(vocabulary=WORDS, invert=True)(text), "numbers as outputs"),
    ],
)
def test_what_looks_nothing_up_takes_no_strings(make, told):
    text = keras.Input((1,), dtype="string")
    with pytest.raises((ArgumentError, TypeError), match=told):
        keras.Model(text, make(text))


def test_a_stack_that_begins_with_a_lookup_takes_strings():
    lookup = keras.layers.StringLookup(vocabulary=["red", "green"])
    stack = keras.Sequential([keras.Sequential([lookup]), keras.layers.Embedding(3, 4)])
    found = stack(tf.tensor(["green", "blue", "red"], None, "string"))
    assert stack.inputs[0].dtype == "string"
    assert found.shape == (3, 4)
