"""Plans on the processor give what NumPy gives: shaders as WebAssembly (web/webgl/processor), here in Node."""

import random
from array import array

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.ops import edges, out_of_range, suite
from tests.ops.edge_checks import NAMES, complaints
from tests.ops.test_integers import BY_FORMULA
from tests.processor.backend import ProcessorBackend
from tfjs_pyo.core import engine

SMALLEST = 1.2e-38
"""Below this float32 is denormal; compilers of kernels may take it for 0."""
CODES = {"float32": "f", "int32": "i", "bool": "b"}


@pytest.fixture(scope="session")
def node():
    backend = ProcessorBackend()
    engine.register_backend("processor", lambda: backend)
    yield backend
    engine.use_backend("numpy")
    backend.close()


@pytest.fixture
def processor(node):
    """Plans run on the processor for the duration of a test."""
    engine.use_backend("processor")
    yield node
    engine.use_backend("numpy")


def on_numpy(function, *args):
    engine.use_backend("numpy")
    try:
        return function(*args)
    finally:
        engine.use_backend("processor")


def assert_close(found, expected, call, what):
    if expected.dtype.kind != "f":
        np.testing.assert_array_equal(found, expected, err_msg=f"{call.name}: {what}")
        return
    found, expected = (np.where(np.abs(v) < SMALLEST, 0, v) for v in (found, expected))
    np.testing.assert_allclose(found, expected, call.rtol, call.atol, err_msg=f"{call.name}: {what}")


@pytest.mark.parametrize("name", suite.names())
def test_values_and_gradients_are_those_of_numpy(processor, name):
    compare(suite.calls(name))


@pytest.mark.parametrize("seed", range(3))
def test_sizes_that_are_no_multiples_of_four(processor, seed):
    compare(suite.odd_calls(seed))


def compare(calls):
    for call in calls:
        expected, found = on_numpy(suite.outcome, call), suite.outcome(call)
        assert (found["shape"], found["dtype"]) == (expected["shape"], expected["dtype"]), call.name
        left, right = (
            np.array(array(CODES[r["dtype"]], bytes.fromhex(r["value"]))) for r in (found, expected)
        )
        assert_close(left, right, call, "value")
        pairs = zip(found.get("gradients", []), expected.get("gradients", []), strict=True)
        for i, pair in enumerate(pairs):
            left, right = (np.array(array("f", bytes.fromhex(words))) for words in pair)
            assert_close(left, right, call, f"gradient {i}")


@pytest.mark.parametrize("name", NAMES)
def test_functions_are_right_over_the_whole_range(processor, name):
    found = complaints(name, edges.outcome(name))
    assert not found, f"{len(found)} numbers are wrong:\n" + "\n".join(found[:: max(1, len(found) // 12)])


@pytest.mark.parametrize("name", sorted(set(suite.names()) - set(BY_FORMULA)))
def test_integers_of_the_whole_range_are_those_of_numpy_to_the_bit(processor, name):
    expected, found = on_numpy(suite.wide_outcomes, name), suite.wide_outcomes(name)
    assert list(found) == list(expected)
    assert [call for call, report in expected.items() if found[call]["value"] != report["value"]] == []


def test_indices_out_of_range_read_zeros_and_write_nothing(processor):
    assert out_of_range.differing() == {}


def test_the_loss_of_a_class_that_there_is_not_is_nan(processor):
    loss = tf.metrics.sparse_categorical_crossentropy(
        tf.tensor([-1, 1, 2], None, "int32"), tf.fill([3, 2], 0.5)
    )
    assert np.isnan(loss.data_sync()).tolist() == [True, False, True]


def products(seed):
    """Contractions of drawn sizes: values and gradients."""
    stream = random.Random(seed)

    def size(most):
        return stream.choice([1, 2, 3, 4, 5, 7, 8, 12, 13, 16, 31, 32, stream.randint(1, most)])

    def waves(*shape):
        return tf.range(0, int(np.prod(shape))).mul(0.7 + 0.01 * len(shape)).sin().reshape(list(shape))

    m, k, n, batch = size(70), size(70), size(70), size(6)
    a = waves(*((k, m) if (ta := stream.random() < 0.5) else (m, k)))
    b = waves(*((n, k) if (tb := stream.random() < 0.5) else (k, n)))
    height, width, channels, filters = size(12) + 4, size(12) + 4, size(9), size(17)
    kernel, stride = stream.choice([1, 2, 3, 5]), stream.choice([1, 2])
    padding, rate = stream.choice(["same", "valid"]), stream.choice([1, 2]) if stride == 1 else 1
    images = waves(batch, height + 6, width + 6, channels)
    window, one = waves(kernel, kernel, channels, filters), waves(kernel, kernel, channels, 1)

    def pieces(a, b, images, window, one):
        return [
            tf.matMul(a, b, ta, tb).add(1).relu(),
            tf.conv2d(images, window, stride, padding, "NHWC", rate).tanh(),
            tf.depthwiseConv2d(images, one, stride, padding, "NHWC", rate),
            tf.maxPool(images, 2, 2, "same"),
            tf.avgPool(images, 3, 1, padding),
        ]

    def loss(*given):
        return tf.addN([piece.square().sum() for piece in pieces(*given)])

    given = [a, b, images, window, one]
    found = [*pieces(*given), *tf.grads(loss)(given)]
    return [np.array(each.data_sync()) for each in found]


@pytest.mark.parametrize("seed", range(12))
def test_contractions_of_drawn_sizes_are_those_of_numpy(processor, seed):
    for found, expected in zip(products(seed), on_numpy(products, seed), strict=True):
        np.testing.assert_allclose(
            found, expected, 2e-4, 2e-4 * max(1, np.abs(expected).max()), err_msg=f"seed {seed}"
        )


@pytest.mark.parametrize("seed", range(12))
def test_results_whose_rows_lie_across_those_of_what_is_read(processor, seed):
    """Texels are computed in blocks of rows there: the last block may be smaller."""
    draw = random.Random(seed)
    rank = draw.choice([2, 3, 4])
    shape = [
        draw.choice([1, 4, 8, 12, 20, 33, 48]) if rank < 4 else draw.choice([3, 4, 8, 16])
        for _ in range(rank)
    ]
    order = draw.sample(range(rank), rank)
    values = np.random.default_rng(seed).normal(size=shape).astype("f")
    other = np.random.default_rng(seed + 1).normal(size=[shape[axis] for axis in order]).astype("f")
    moved = tf.transpose(tf.tensor(values) * 2, order)
    found = [moved.numpy(), (moved + tf.tensor(other)).numpy()]
    expected = 2 * values.transpose(order)
    np.testing.assert_array_equal(found[0], expected)
    np.testing.assert_array_equal(found[1], expected + other)
