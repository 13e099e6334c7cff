"""`import tensorflow as tf`: what its functions and datasets say is what TensorFlow said."""

import asyncio
import inspect
import json
import operator
import re
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo
import tfjs_pyo.tensorflow as tf
from tests.faces.tensorflow_calls import answers

RECORD = json.loads(Path(__file__).with_name("tensorflow.json").read_text(encoding="utf-8"))
NAMESPACES = ("", "image.", "io.", "io.gfile.", "linalg.", "math.", "nest.", "nn.", "random.", "strings.")


@pytest.fixture(scope="module")
def ours():
    """What this package says to each expression."""
    return answers(tf)


def numeric(value):
    """Whether a value can be compared as an array of numbers."""
    try:
        return np.asarray(value).dtype.kind in "fiub"
    except ValueError:
        return False


@pytest.mark.parametrize("expression", RECORD["answers"])
def test_functions_say_what_tensorflow_says(expression, ours):
    theirs = RECORD["answers"][expression]
    if numeric(theirs):
        np.testing.assert_allclose(ours[expression], theirs, rtol=1e-5, atol=2e-5)
    else:
        assert ours[expression] == theirs


def space(prefix):
    """The module that a prefix names."""
    return operator.attrgetter(prefix[:-1])(tf) if prefix else tf


def test_every_function_is_compared():
    asked = set(re.findall(r"tf\.([a-zA-Z_.0-9]+)\(", " ".join(RECORD["answers"])))
    same = {name.rpartition(".")[2] for name in asked}
    missing = [
        prefix + name
        for prefix in NAMESPACES
        for name in space(prefix).__all__
        if inspect.isfunction(getattr(space(prefix), name)) and name not in same
    ]
    assert missing == ["device", "name_scope", "print"]


def test_what_is_not_there_says_what_to_use():
    with pytest.raises(AttributeError, match=r"tf has no 'reduce_men' here.*Did you mean 'reduce_mean'"):
        tf.reduce_men  # noqa: B018
    with pytest.raises(AttributeError, match=r"tf\.nn has no 'ctc_loss' here.*keras\.ops"):
        tf.nn.ctc_loss  # noqa: B018


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (
            lambda: tf.reduce_sum([1.0], axes=0),
            r"tf\.reduce_sum: unknown argument 'axes'\. Did you mean 'axis'\?",
        ),
        (lambda: tf.nn.relu([1.0], features=[2.0]), r"tf\.nn\.relu: 'features' is given twice"),
        (
            lambda: tf.nn.softplus(1.0, "name", 3),
            r"tf\.nn\.softplus: expected at most 2 arguments, received 3",
        ),
        (lambda: tf.where([True], [1.0]), r"tf\.where: expected both x and y"),
        (lambda: tf.io.read_file(3), r"tf\.io\.read_file: expected the name of a file, received 3"),
        (
            lambda: tf.data.experimental.make_csv_dataset(str(Path(__file__)), 2, header=False),
            "expected column_names",
        ),
    ],
)
def test_wrong_calls_are_refused(call, told):
    with pytest.raises(TypeError, match=told):
        call()


def test_functions_have_tensorflows_parameters():
    assert str(inspect.signature(tf.reduce_mean)) == "(input_tensor, axis, keepdims, name)"


def test_dtypes_are_strings_that_can_be_asked():
    assert tf.float32 == "float32" == tf.float32.name
    assert tf.float32.is_floating
    assert tf.int32.is_integer
    assert not tf.int32.is_floating
    assert tf.cast([1, 2], tf.float64).dtype == "float32"


def test_operations_take_part_in_gradients():
    w = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.square(w) * tf.constant([3.0, 4.0]))
    assert tape.gradient(loss, w).tolist() == [6, 16]


def test_datasets_can_be_read_again_and_inside_of_a_running_loop():
    dataset = tf.data.Dataset.range(4).shuffle(4, seed=3).batch(2)

    def read():
        return sorted(number for batch in dataset for number in batch.tolist())

    async def inside():
        return read()

    assert asyncio.run(inside()) == read() == [0, 1, 2, 3]


def test_datasets_are_those_of_this_package():
    assert isinstance(tf.data.Dataset.range(3), tfjs_pyo.data.Dataset)


def test_rows_that_do_not_fit_are_refused():
    with pytest.raises(TypeError, match=r"as many rows each, received \[2, 3\] rows"):
        tf.data.Dataset.from_tensor_slices(([1, 2], [1, 2, 3]))
    with pytest.raises(TypeError, match="take\\(n\\)"):
        len(tf.data.Dataset.range(3).repeat())


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (
            lambda: tf.image.crop_to_bounding_box(np.ones((4, 4, 3)), 2, 0, 3, 1),
            r"expected a box within 4 x 4 pixels, received offsets \(2, 0\) and sizes \(3, 1\)",
        ),
        (
            lambda: tf.image.pad_to_bounding_box(np.ones((4, 4, 3)), 2, 0, 5, 4),
            r"expected a target that holds 4 x 4 pixels at \(2, 0\), received 5 x 4",
        ),
        (lambda: tf.image.random_crop(np.ones((4, 4, 3)), [5, 1, 1]), "expected a size within"),
        (lambda: tf.image.rot90(np.ones((4, 4))), "expected one image or a batch of them"),
        (lambda: tf.image.central_crop(np.ones((4, 4, 3)), 1.5), r"expected a fraction in \(0, 1\]"),
        (lambda: tf.strings.split(["a b", "c"]), "RaggedTensor. Take one text at a time"),
        (
            lambda: tf.distribute.get_strategy().reduce("MAX", [1.0], axis=0),
            "expected 'SUM' or 'MEAN', received 'MAX'",
        ),
    ],
)
def test_values_that_do_not_fit_are_refused(call, told):
    with pytest.raises(ValueError, match=told):
        call()


@pytest.mark.parametrize(
    ("text", "options", "told"),
    [
        ("a,b\n1,x\n", {"column_defaults": [[0], [0.5]]}, "expected a number in column 'b', received 'x'"),
        ("a,b\n1,2\n3\n", {}, "expected 2 values in a row, received 1"),
        (
            "a,b\n1,\n",
            {"column_defaults": ["int32", "int32"]},
            "column 'b' is missing, and it has no default",
        ),
        ("a,b\n1,2\n", {"label_name": "c"}, "label_name names 'c'; the columns are"),
        ("a,b\n1,2\n", {"column_defaults": [[0]]}, "expected column_defaults for 2 columns, received 1"),
    ],
)
def test_tables_that_cannot_be_read_say_where(text, options, told, tmp_path):
    (tmp_path / "table.csv").write_text(text, encoding="utf-8")
    with pytest.raises((ValueError, TypeError), match=told):
        list(tf.data.experimental.make_csv_dataset(str(tmp_path / "*.csv"), 2, num_epochs=1, **options))
    if "row" in told or "number" in told:
        found = list(
            tf.data.experimental.make_csv_dataset(
                str(tmp_path / "*.csv"), 2, num_epochs=1, ignore_errors=True, **options
            )
        )
        assert sum(len(each["a"]) for each in found) == text.count("\n") - 2
