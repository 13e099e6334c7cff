"""`import tensorflow as tf`: what its functions and datasets say is what TensorFlow said."""

import asyncio
import inspect
import json
import re
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo
import tfjs_pyo.tensorflow as tf
from tests.faces.tensorflow_calls import answers

RECORD = json.loads(Path(__file__).with_name("tensorflow.json").read_text(encoding="utf-8"))
NAMESPACES = ("", "image.", "linalg.", "math.", "nn.", "random.", "strings.")


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


def test_every_function_is_compared():
    asked = set(re.findall(r"tf\.([a-z_.0-9]+)\(", " ".join(RECORD["answers"])))
    same = {name.rpartition(".")[2] for name in asked}
    missing = [
        prefix + name
        for prefix in NAMESPACES
        for name in (getattr(tf, prefix[:-1]) if prefix else tf).__all__
        if inspect.isfunction(getattr(getattr(tf, prefix[:-1]) if prefix else tf, name)) and name not in same
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
