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
            lambda text: keras.Sequential([layers.Input((1,)), layers.Dense(1)])(text),
            "expected numbers, received strings",
        ),
        (
            lambda text: layers.StringLookup(vocabulary=WORDS, invert=True)(text),
            "expected an input of numbers",
        ),
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


class Own(layers.Layer):
    """A layer that looks strings up, and has weights."""

    def __init__(self):
        super().__init__()
        self.lookup = layers.StringLookup(vocabulary=WORDS)
        self.table = layers.Embedding(4, 3)

    def call(self, inputs):
        return self.table(self.lookup(inputs) // 1)


class OwnModel(keras.Model):
    """A model of one's own that does so."""

    def __init__(self):
        super().__init__()
        self.own, self.end = Own(), layers.Dense(1, activation="sigmoid")

    def call(self, inputs):
        return self.end(self.own(inputs))


def stack(*first):
    """A stack of layers that begins with others."""
    return keras.Sequential([*first, layers.Dense(1, activation="sigmoid")])


def graph(middle):
    """A graph from strings, with a layer or a model that takes them."""
    text = keras.Input((), dtype="string")
    return keras.Model(text, layers.Dense(1, activation="sigmoid")(middle(text)))


def texts():
    """A layer that reads texts of one word each."""
    made = layers.TextVectorization(output_sequence_length=1, vocabulary=WORDS)
    return keras.Sequential([made, layers.Embedding(5, 3), layers.Flatten()])


TAKING = {
    "a stack": lambda: stack(LOOKUP, layers.Embedding(4, 3)),
    "a stack with an input": lambda: stack(keras.Input((), dtype="string"), LOOKUP, layers.Embedding(4, 3)),
    "a stack of texts": lambda: stack(texts()),
    "a stack within a stack": lambda: stack(keras.Sequential([LOOKUP, layers.Embedding(4, 3)])),
    "a layer of one's own in a stack": lambda: stack(Own()),
    "a stack in a graph": lambda: graph(keras.Sequential([LOOKUP, layers.Embedding(4, 3)])),
    "a graph in a graph": lambda: graph(graph(Own())),
    "a layer of one's own in a graph": lambda: graph(Own()),
    "a model of one's own": OwnModel,
    "a model of one's own in a graph": lambda: graph(OwnModel()),
    "a function": lambda: graph(layers.Lambda(lambda text: tf.one_hot(LOOKUP(text), 4))),
}


@pytest.mark.parametrize("kind", TAKING)
def test_whatever_looks_strings_up_trains_predicts_and_is_measured(kind):
    model = TAKING[kind]()
    model.compile(keras.optimizers.Adam(0.05), "binary_crossentropy", metrics=["accuracy"])
    targets = TARGETS[:, None]
    history = model.fit(COLORS, targets, batch_size=8, epochs=12, verbose=0).history
    assert history["loss"][-1] < 0.7 * history["loss"][0]
    of_each = {word: float(model(tf.tensor([word], None, "string"))[0, 0]) for word in set(COLORS)}
    assert of_each["red"] > max(of_each[word] for word in set(COLORS) - {"red"})
    expected = [[of_each[word]] for word in COLORS]
    np.testing.assert_allclose(model.predict(COLORS, verbose=0), expected, rtol=1e-5)
    chances = np.where(TARGETS == 1, np.ravel(expected), 1 - np.ravel(expected))
    found = model.evaluate(COLORS, targets, verbose=0, return_dict=True)
    assert found["loss"] == pytest.approx(-np.log(chances).mean(), rel=1e-4)
    batches = tensorflow.data.Dataset.from_tensor_slices((COLORS, targets)).batch(5)
    assert model.evaluate(batches, verbose=0, return_dict=True) == pytest.approx(found, rel=1e-4)


def test_numbers_are_hashed_in_a_model():
    size, number = keras.Input((1,), dtype="int32"), keras.Input((1,), dtype="int32")
    hashing, crossing = layers.Hashing(7), layers.HashedCrossing(5)
    model = keras.Model([size, number], [hashing(size), crossing([size, number])])
    sizes, numbers = np.arange(9, dtype="int32")[:, None], np.arange(9, dtype="int32")[::-1, None].copy()
    found = model.predict([sizes, numbers], batch_size=4, verbose=0)
    np.testing.assert_array_equal(found[0], hashing(sizes))
    np.testing.assert_array_equal(found[1], crossing([sizes, numbers]))


def test_numbers_become_strings_in_a_model():
    scores = keras.Input((3,))
    named = layers.StringLookup(vocabulary=WORDS, invert=True, oov_token="?")
    model = keras.Model(scores, named(keras.ops.argmax(scores, axis=-1) + 1))
    assert model.outputs[0].dtype == "string"
    given = np.eye(3, dtype="float32")[[2, 0, 1, 1, 2]]
    found = model.predict(given, batch_size=2, verbose=0).tolist()
    assert [each.decode() if isinstance(each, bytes) else each for each in found] == [
        "blue",
        "red",
        "green",
        "green",
        "blue",
    ]


def test_strings_train_as_their_numbers_do():
    batches = {"batch_size": 8, "epochs": 3, "shuffle": False, "verbose": 0}
    found = []
    for first, x in (([LOOKUP], COLORS), ([], LOOKUP(COLORS).numpy())):
        model = begun_when_built(stack(*first, layers.Embedding(4, 3)), x)
        history = model.fit(x, TARGETS[:, None], validation_split=0.3, **batches).history
        found.append((history, model.get_weights()))
    assert_same(found[0][0], found[1][0])
    for mine, theirs in zip(found[0][1], found[1][1], strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5)


def begun_when_built(model, x):
    """A model that was called on data, with the weights of `begun`."""
    model(tf.tensor(x.tolist(), None, "string" if x.dtype.kind == "U" else "int32"))
    return begun(model)


def test_models_of_ones_own_are_built_for_the_dtype_that_they_are_given():
    seen = []

    class Looking(keras.Model):
        def call(self, inputs):
            seen.append(inputs.dtype)
            return keras.ops.one_hot(inputs, 3)

    given = np.array([0, 2, 1], "int32")
    for use in (lambda model: model(given), lambda model: model.predict(given, verbose=0)):
        seen.clear()
        use(Looking())
        assert set(seen) == {"int32"}
