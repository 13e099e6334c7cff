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
from tfjs_pyo.tensorflow import instead

RECORD = json.loads(Path(__file__).with_name("tensorflow.json").read_text(encoding="utf-8"))
NAMESPACES = (
    "",
    "debugging.",
    "image.",
    "io.",
    "io.gfile.",
    "linalg.",
    "math.",
    "nest.",
    "nn.",
    "random.",
    "signal.",
    "strings.",
)


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
    assert missing == [
        "device",
        "name_scope",
        "get_logger",
        "print",
        "image.sample_distorted_bounding_box",
    ]  # the last one is drawn


def test_what_is_not_there_says_what_to_use():
    with pytest.raises(AttributeError, match=r"tf has no 'reduce_men' here.*Did you mean 'reduce_mean'"):
        tf.reduce_men  # noqa: B018
    with pytest.raises(AttributeError, match=r"tf\.nn has no 'dilation2d' here.*keras\.ops"):
        tf.nn.dilation2d  # noqa: B018
    for name, told in instead.INSTEAD.items():
        owner, _, last = name.removeprefix("tf.").rpartition(".")
        with pytest.raises(AttributeError, match=re.escape(f"has no {last!r} here: {told}")):
            getattr(space(f"{owner}." if owner else ""), last)


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
    assert str(inspect.signature(tf.reduce_mean)) == (
        "(input_tensor: 'Tensor', axis: 'Axis' = None, keepdims: 'bool' = False, name: str | None = None) -> 'Tensor'"
    )


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


def test_jacobians():
    x = tf.Variable([[1.0, 2.0], [3.0, 0.5]])
    factor = np.array([[1.0, 2.0, 0.5], [-1.0, 0.25, 3.0]], np.float32)
    with tf.GradientTape() as tape:
        y = tf.matmul(x * x, factor)
    found = tape.jacobian(y, x).numpy()
    assert found.shape == (2, 3, 2, 2)
    for row in range(2):
        for column in range(3):
            wanted = np.zeros((2, 2))
            wanted[row] = 2 * x.numpy()[row] * factor[:, column]
            np.testing.assert_allclose(found[row, column], wanted, rtol=1e-6)
    with tf.GradientTape(persistent=True) as tape:
        y = tf.matmul(x * x, factor)
    by_sample = tape.batch_jacobian(y, x).numpy()
    np.testing.assert_allclose(by_sample, found[[0, 1], :, [0, 1]], rtol=1e-6)
    several = tape.jacobian(y, {"x": x, "none": tf.Variable(1.0)}, unconnected_gradients="zero")
    assert several["none"].tolist() == [[0.0] * 3] * 2


def test_loops_are_differentiated():
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        _, y = tf.while_loop(lambda i, _: i < 3, lambda i, value: (i + 1, value * x), (0, tf.constant(1.0)))
    assert (float(y), float(tape.gradient(y, x))) == (8.0, 12.0)

    @tf.function
    def power(base, times):
        _, made = tf.while_loop(
            lambda i, _: i < times, lambda i, value: (i + 1, value * base), (0, tf.ones([]))
        )
        return made

    with tf.GradientTape() as tape:
        y = power(x, 4)
    assert (float(y), float(tape.gradient(y, x))) == (16.0, 32.0)


def test_signatures_of_functions_are_kept():
    @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32), tf.TensorSpec([], tf.int32)])
    def f(x, n):
        return x * tf.cast(n, tf.float32)

    assert f([[1, 2]], 3).tolist() == [[3.0, 6.0]]
    assert f(n=2, x=np.ones((3, 2), np.float64)).shape == (3, 2)
    with pytest.raises(
        TypeError, match=r"tf\.function f: expected shape \(None, 2\) and float32.*received shape \(3,\)"
    ):
        f([1.0, 2.0, 3.0], 1)
    with pytest.raises(TypeError, match=r"received shape .* and bool"):
        f(tf.constant([[True, False]]), 1)
    with pytest.raises(TypeError, match=r"tf\.function f: missing a required argument"):
        f([[1.0, 2.0]])


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (
            lambda: tf.debugging.assert_equal([1, 2], [1, 3], message="Sizes."),
            r"assert_equal: .*hold\. Sizes\. Values: \[1, 2\]",
        ),
        (lambda: tf.debugging.assert_rank([1.0], 2), r"assert_rank: expected rank 2, received shape \(1,\)"),
        (
            lambda: tf.debugging.assert_shapes([(np.ones((2, 3)), ("N", "N"))]),
            r"assert_shapes: expected shape \('N', 'N'\)",
        ),
        (lambda: tf.debugging.assert_near(1.0, 1.1), "assert_near"),
        (lambda: tf.debugging.assert_all_finite([np.nan], "Bad."), r"assert_all_finite: .* Bad\."),
        (lambda: tf.assert_less(2, 1), "assert_less"),
    ],
)
def test_conditions_that_do_not_hold(call, told):
    with pytest.raises(ValueError, match=told):
        call()
    with pytest.raises(tf.errors.InvalidArgumentError):
        call()


def test_diagonals_of_batches_are_those_of_their_matrices():
    matrices = np.arange(12).reshape(3, 2, 2)
    diagonals = np.diagonal(matrices, 0, 1, 2)
    np.testing.assert_array_equal(tf.linalg.diag_part(matrices), diagonals)
    np.testing.assert_array_equal(tf.linalg.diag_part(matrices, k=1), matrices[:, :1, 1])
    np.testing.assert_array_equal(tf.linalg.trace(matrices), diagonals.sum(-1))
    made = tf.linalg.diag(diagonals)
    np.testing.assert_array_equal(made, matrices * np.eye(2))
    np.testing.assert_array_equal(tf.linalg.set_diag(np.zeros_like(matrices), diagonals), made)
    np.testing.assert_array_equal(
        tf.linalg.set_diag([[1, 2], [3, 4], [5, 6]], [7, 8]), [[7, 2], [3, 8], [5, 6]]
    )
    assert tf.linalg.set_diag([[1, 2], [3, 4]], [7, 8]).dtype == made.dtype == "int32"


def test_lists_of_tensors_of_several_shapes_stay_as_they_are():
    first, second = tf.identity_n([[1, 2], [3]])
    assert first.tolist() == [1, 2]
    assert second.tolist() == [3]


def test_angles_take_their_arguments_by_tensorflows_names():
    assert float(tf.math.atan2(y=1.0, x=0.0)) == pytest.approx(np.pi / 2)


def test_lists_are_made_shorter_by_a_norm_that_is_given():
    clipped, norm = tf.clip_by_global_norm([[3.0], None, [4.0]], clip_norm=1.0, use_norm=10.0)
    assert [clipped[0].tolist(), clipped[1], clipped[2].tolist()] == [
        [pytest.approx(0.3)],
        None,
        [pytest.approx(0.4)],
    ]
    assert float(norm) == 10.0


def test_transposed_convolutions_with_channels_first_and_holes():
    images, filters = np.arange(9.0).reshape(1, 3, 3, 1), np.arange(1.0, 5.0).reshape(2, 2, 1, 1)
    plain = tf.nn.conv2d_transpose(images, filters, [1, 4, 4, 1], 1, "VALID").numpy()
    first = tf.nn.conv2d_transpose(
        images.reshape(1, 1, 3, 3), filters, [1, 1, 4, 4], 1, "VALID", data_format="NCHW"
    )
    np.testing.assert_allclose(first.numpy()[0, 0], plain[0, :, :, 0])
    spread = np.zeros((3, 3, 1, 1))
    spread[::2, ::2] = filters
    found = tf.nn.conv2d_transpose(images, filters, [1, 5, 5, 1], 1, "VALID", dilations=2)
    wanted = tf.nn.conv2d_transpose(images, spread, [1, 5, 5, 1], 1, "VALID")
    np.testing.assert_allclose(found.numpy(), wanted.numpy())


@pytest.mark.parametrize(
    "call",
    [
        lambda: tf.math.confusion_matrix([0, 1], [0, 1], 2, [1.0, 2.0]),
        lambda: tf.signal.irfft(tf.signal.rfft([1.0, 2.0, 3.0]), [3]),
        lambda: tf.nn.max_pool(tf.ones([1, 1, 4, 4]), 2, 2, "VALID", "NCHW"),
    ],
)
def test_options_that_are_not_here_are_not_taken_for_names(call):
    with pytest.raises(TypeError, match="`name`"):
        call()
