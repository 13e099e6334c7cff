"""Tokens and text as numbers, as Keras's documentation has it; what is looked up agrees with a dict."""

import asyncio
import math
import random

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError
from tfjs_pyo.tensorflow import data as tensorflow_data
from tfjs_pyo.tensorflow import strings as tensorflow_strings

WORDS = ["cat", "dog", "owl"]


def strings(**options):
    return tf.layers.stringLookup({"vocabulary": WORDS, **options})


def integers(**options):
    return tf.layers.IntegerLookup(**{"vocabulary": [12, 36, 1138], **options})


# Indices


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [[1, 0, 3], [2, 2, 0]]),
        ({"maskToken": ""}, [[2, 0, 4], [3, 3, 1]]),
        ({"maskToken": "", "numOovIndices": 2}, None),
    ],
)
def test_strings_become_their_places(options, expected):
    data = [["cat", "", "owl"], ["dog", "dog", "newt"]]
    found = strings(**options)(data)
    assert found.dtype == "int32"
    if expected is None:
        assert found.array_sync()[0] == [3, 0, 5]
        assert found.array_sync()[1][2] in (1, 2)
    else:
        assert found.array_sync() == expected
    for other in (np.array(data), tf.tensor(data)):
        assert strings(**options)(other).array_sync() == found.array_sync()


def test_strings_out_of_the_vocabulary_share_indices_by_their_fingerprint():
    layer = strings(numOovIndices=3)
    names = [f"name {i}" for i in range(30)]
    buckets = tf.string.stringToHashBucketFast(names, 3).array_sync()
    assert layer(names).array_sync() == buckets
    assert layer(WORDS).array_sync() == [3, 4, 5]


@pytest.mark.parametrize("oov", [1, 2, 5])
def test_integers_agree_with_a_dict(oov):
    draw = random.Random(oov)
    vocabulary = draw.sample(range(-50, 50), 20)
    data = [[draw.randint(-60, 60) for _ in range(8)] for _ in range(6)]
    known = {word: oov + i for i, word in enumerate(vocabulary)}
    expected = [[known.get(n, n % oov) for n in row] for row in data]
    layer = integers(vocabulary=vocabulary, num_oov_indices=oov)
    assert layer(tf.tensor(data, dtype="int32")).array_sync() == expected
    masked = integers(vocabulary=vocabulary, num_oov_indices=oov, mask_token=999)
    shifted = [[n + 1 for n in row] for row in expected]
    assert masked(data).array_sync() == shifted
    assert masked([[999]]).array_sync() == [[0]]


def test_numbers_become_tokens_again():
    for layer, back in (
        (strings(), strings(invert=True)),
        (integers(mask_token=0), integers(mask_token=0, invert=True)),
    ):
        words = layer.get_vocabulary(include_special_tokens=False)
        assert back(layer([words])).array_sync() == [words]
        assert back(tf.tensor([0, 99], dtype="int32")).array_sync() == [
            layer.get_vocabulary()[0],
            layer.oov_token,
        ]


def test_integers_are_looked_up_inside_models():
    x = tf.input({"shape": [2], "dtype": "int32"})
    table = tf.layers.embedding({"inputDim": 4, "outputDim": 2}).apply(integers().apply(x))
    y = tf.layers.dense({"units": 1}).apply(tf.layers.flatten().apply(table))
    model = tf.model({"inputs": x, "outputs": y})
    model.compile({"optimizer": tf.train.adam(0.1), "loss": "meanSquaredError"})
    data = tf.tensor2d([[12, 36], [1138, 7], [36, 36]], None, "int32")
    history = asyncio.run(model.fit(data, tf.tensor2d([[1], [2], [3]]), {"epochs": 40})).history["loss"]
    assert history[-1] < 0.05 * history[0]


# Rows


@pytest.mark.parametrize("kind", ["strings", "integers"])
@pytest.mark.parametrize("mode", ["oneHot", "multiHot", "count", "tfIdf"])
def test_rows_of_the_other_modes(kind, mode):
    make, words, mask = (strings, WORDS, "") if kind == "strings" else (integers, [12, 36, 1138], 0)
    outside = "newt" if kind == "strings" else 7
    data = [[words[0], words[2], words[2]], [mask, outside, words[1]]]
    hot = np.zeros((2, 3, 5))
    for row, columns in enumerate([[1, 3, 3], [4, 0, 2]]):
        for place, column in enumerate(columns):
            hot[row, place, column] = 1
    hot = hot[:, :, :4]  # what is masked falls out
    weights = [0.5, 1.5, 4]
    options = {"outputMode": mode, "maskToken": mask, **({"idfWeights": weights} if mode == "tfIdf" else {})}
    expected = {
        "oneHot": hot,
        "multiHot": hot.max(1),
        "count": hot.sum(1),
        "tfIdf": hot.sum(1) * [2, *weights],
    }[mode]
    np.testing.assert_allclose(make(**options)(data).numpy(), expected)
    wide = make(**options, maxTokens=6, padToMaxTokens=True)
    padding = [(0, 0)] * (expected.ndim - 1) + [(0, 2)]
    np.testing.assert_allclose(wide(data).numpy(), np.pad(expected, padding))
    assert tuple(wide.compute_output_shape((2, 3))) == wide(data).shape


# Vocabularies


def test_adapt_takes_the_most_frequent_and_of_equals_the_greater():
    layer = tf.layers.stringLookup({"maxTokens": 4})
    layer.adapt([["b", "a", "c"], ["b", "d", "c"]])
    assert layer.get_vocabulary() == ["[UNK]", "c", "b", "d"]
    assert layer.vocabulary_size() == 4
    layer.adapt(iter([["x", "y"], ["x"]]))
    assert layer.get_vocabulary(include_special_tokens=False) == ["x", "y"]
    layer.reset_state()
    with pytest.raises(ArgumentError, match="call `adapt"):
        layer(["x"])
    numbers = tf.layers.integerLookup()
    numbers.adapt(np.array([[5, 5, -1, 9]]))
    assert numbers.get_vocabulary() == [-1, 5, 9]


def test_adapt_weighs_tokens_by_the_documents_that_have_them():
    layer = tf.layers.stringLookup({"outputMode": "tfIdf"})
    layer.adapt([["a", "a"], ["a", "b"], ["c", "c"]])
    idf = {word: math.log(1 + 3 / (1 + number)) for word, number in {"a": 2, "b": 1, "c": 1}.items()}
    mean = sum(idf.values()) / 3
    expected = [mean] + [idf[word] for word in layer.get_vocabulary(include_special_tokens=False)]
    np.testing.assert_allclose(layer([["a", "b", "c", "z"]]).numpy(), [expected], rtol=1e-6)


def test_vocabularies_from_files_and_with_special_tokens(tmp_path):
    file = tmp_path / "words.txt"
    file.write_text("cat\ndog\nowl\n", encoding="utf-8")
    assert strings(vocabulary=str(file)).get_vocabulary() == ["[UNK]", *WORDS]
    assert strings(vocabulary=["[UNK]", *WORDS]).get_vocabulary() == ["[UNK]", *WORDS]
    (tmp_path / "numbers.txt").write_text("4\n7\n", encoding="utf-8")
    assert integers(vocabulary=tmp_path / "numbers.txt")([7]).array_sync() == [2]
    layer = tf.layers.stringLookup()
    layer.set_vocabulary(WORDS)
    with pytest.raises(ArgumentError, match="adapt expects a layer without a vocabulary"):
        layer.adapt(["x"])


@pytest.mark.parametrize(
    "make",
    [
        lambda: strings(maskToken="", numOovIndices=2, maxTokens=9),
        lambda: integers(output_mode="tf_idf", idf_weights=[1, 2, 3]),
        lambda: tf.layers.textVectorization(
            {"vocabulary": WORDS, "ngrams": [1, 3], "outputSequenceLength": 3}
        ),
    ],
)
def test_configs_make_the_same_layer(make):
    layer = make()
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    data = [[36, 5]] if "integer" in layer.name else [["owl"], ["ant"]]
    assert again(data).array_sync() == layer(data).array_sync()


# Text


def text(**options):
    layer = tf.layers.textVectorization(options)
    layer.adapt(["The cat, the DOG!", "a dog"])
    return layer


def test_text_is_standardized_split_and_padded():
    layer = text()
    assert layer.get_vocabulary() == ["", "[UNK]", "the", "dog", "cat", "a"]
    assert layer(["the cat sat", "Dog?"]).array_sync() == [[2, 4, 1], [3, 0, 0]]
    assert layer([["the cat sat"], ["Dog?"]]).array_sync() == [[2, 4, 1], [3, 0, 0]]
    assert text(outputSequenceLength=2)(["the cat sat"]).array_sync() == [[2, 4]]
    assert text(outputSequenceLength=5)(["the cat sat"]).shape == (1, 5)
    assert text(maxTokens=3)(["the dog"]).array_sync() == [[2, 1]]


@pytest.mark.parametrize(
    ("options", "tokens"),
    [
        ({"standardize": None}, {"The", "cat,", "the", "DOG!", "a", "dog"}),
        ({"standardize": "lower"}, {"the", "cat,", "dog!", "a", "dog"}),
        ({"standardize": "stripPunctuation"}, {"The", "cat", "the", "DOG", "a", "dog"}),
        ({"standardize": str.upper}, {"THE", "CAT,", "DOG!", "A", "DOG"}),
        ({"split": None}, {"the cat the dog", "a dog"}),
        ({"split": "character"}, set("the catdog")),
        ({"split": lambda s: s.split("t")}, {"", "he ca", " ", "he dog", "a dog"} - {""}),
        ({"ngrams": [2]}, {"the cat", "cat the", "the dog", "a dog"}),
        ({"ngrams": 2}, {"the", "cat", "dog", "a", "the cat", "cat the", "the dog", "a dog"}),
    ],
)
def test_rules_for_tokens(options, tokens):
    assert set(text(**options).get_vocabulary(include_special_tokens=False)) == tokens


@pytest.mark.parametrize("mode", ["multiHot", "count"])
def test_text_as_one_row(mode):
    layer = text(outputMode=mode)
    assert layer.get_vocabulary() == ["[UNK]", "the", "dog", "cat", "a"]
    times = 2 if mode == "count" else 1
    assert layer(["dog dog newt", "a"]).array_sync() == [[1, 0, times, 0, 0], [0, 0, 0, 0, 1]]
    assert tuple(layer.compute_output_shape((2,))) == (2, 5)


# Errors


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: strings(vocabulary=["a", "b", "a"]), OptionError, "every token of the vocabulary once.*'a'"),
        (lambda: strings(vocabulary=[]), OptionError, "received an empty one"),
        (lambda: strings(vocabulary="nowhere.txt"), OptionError, "there is no file 'nowhere.txt'"),
        (
            lambda: strings(vocabulary=["a", ""], maskToken=""),
            OptionError,
            "special tokens only at the beginning",
        ),
        (lambda: strings(maxTokens=3), OptionError, "at most 3 tokens"),
        (lambda: tf.layers.stringLookup({"maxTokens": 1}), OptionError, "'maxTokens' of 2 or more"),
        (
            lambda: strings(outputMode="multihots"),
            OptionError,
            "'multiHot', 'count', 'tfIdf', received 'multihots'",
        ),
        (lambda: strings(padToMaxTokens=True), OptionError, "expected 'maxTokens' with 'padToMaxTokens'"),
        (lambda: strings(invert=True, outputMode="count"), OptionError, "with 'invert'"),
        (lambda: strings(idfWeights=[1, 2, 3]), OptionError, "'idfWeights' with outputMode 'tfIdf'"),
        (lambda: strings(outputMode="tfIdf", idfWeights=[1]), OptionError, "expected 3 'idfWeights'"),
        (lambda: strings(numOovIndices=0)(["cat", "newt"]), ArgumentError, "received 'newt'"),
        (lambda: integers(num_oov_indices=0)([12, 5]), ArgumentError, "received 5"),
        (lambda: tf.layers.stringLookup()(["a"]), ArgumentError, r"call `adapt\(data\)`"),
        (lambda: strings()([1, 2]), ArgumentError, "expected strings, received float32"),
        (lambda: integers()(["a"]), ArgumentError, "expected integers, received strings"),
        (
            lambda: strings()(tf.input({"shape": [2]})),
            ArgumentError,
            "expected an input of strings, as",
        ),
        (lambda: text()([["a", "b"]]), ShapeError, r"one text in each row.*received shape \(1, 2\)"),
        (lambda: text(outputMode="count", outputSequenceLength=3), OptionError, "no 'outputSequenceLength'"),
        (lambda: text(ngrams=0), OptionError, "'ngrams' to be a positive integer"),
        (lambda: text(split="words"), OptionError, "one of 'whitespace', 'character', received 'words'"),
        (lambda: text(split=str.split).get_config(), ArgumentError, "has no config; name a rule"),
    ],
)
def test_errors_say_what_was_expected(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_letters_and_spaces_are_those_of_ascii_as_in_keras():
    """tf.strings.lower and tf.strings.split, which Keras's layer calls, go by bytes."""
    layer = tf.layers.textVectorization()
    layer.adapt(["ÉTÉ Ünder\u00a0one\u3000word\tTab\x1funit"])
    assert set(layer.get_vocabulary(include_special_tokens=False)) == {
        "ÉtÉ",
        "Ünder\u00a0one\u3000word",
        "tab\x1funit",
    }


@pytest.mark.parametrize(
    "standardize",
    [
        lambda each: each.lower().replace("<br />", " "),
        lambda each: tensorflow_strings.regex_replace(tensorflow_strings.lower(each), "<br />", " "),
    ],
    ids=["of Python", "of TensorFlow"],
)
@pytest.mark.parametrize(
    "split",
    [lambda each: each.split(), tensorflow_strings.split, "whitespace"],
    ids=["of Python", "of TensorFlow", "named"],
)
def test_functions_of_texts_may_be_pythons_or_tensorflows(standardize, split):
    layer = text(standardize=standardize, split=split)
    layer.adapt(["A cat<br />A dog", "a"])
    assert layer.get_vocabulary() == ["", "[UNK]", "a", "dog", "cat"]
    assert layer(["The DOG<br />a"]).tolist() == [[1, 3, 2]]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            {"standardize": lambda each: 3},
            "expected the function 'standardize' to give a text for each text, received 3",
        ),
        (
            {"split": lambda each: [None]},
            "expected the function 'split' to give tokens for each text, received None",
        ),
    ],
)
def test_functions_that_give_no_texts_are_refused(options, told):
    with pytest.raises(OptionError, match=told):
        text(**options).adapt(["a b"])


def _in_batches(values):
    return tensorflow_data.Dataset.from_tensor_slices(values).batch(3)


ADAPTED = {
    "Normalization": lambda layer: layer(np.arange(4, dtype="float32")[:, None]).tolist(),
    "Discretization": lambda layer: layer.bin_boundaries,
    "IntegerLookup": lambda layer: layer.get_vocabulary(),
}


@pytest.mark.parametrize("kind", ADAPTED)
def test_layers_adapt_to_datasets_as_to_arrays(kind):
    def adapted(data):
        layer = getattr(tf.keras.layers, kind)(**({"num_bins": 3} if kind == "Discretization" else {}))
        layer.adapt(data)
        return ADAPTED[kind](layer)

    values = np.array([[1], [4], [4], [7], [2], [9], [7], [4]])
    expected = adapted(values)
    np.testing.assert_allclose(np.asarray(adapted(_in_batches(values))), np.asarray(expected), rtol=1e-5)
    np.testing.assert_allclose(
        np.asarray(adapted(iter([values[:3], values[3:]]))), np.asarray(expected), rtol=1e-5
    )


def test_nothing_to_adapt_to_is_refused():
    with pytest.raises(ArgumentError, match="adapt expects data, received none"):
        tf.keras.layers.Normalization().adapt(iter([]))
