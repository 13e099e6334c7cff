"""Complex numbers: arithmetic, movement and gradients as NumPy has them."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import DTypeError, ShapeError

RNG = np.random.default_rng(17)


def draw(*shape: int) -> np.ndarray:
    return (RNG.normal(size=shape) + 1j * RNG.normal(size=shape)).astype(np.complex64)


A, B = draw(3, 4), draw(3, 4)
INDEX = np.array([2, 0])

CASES = {
    "add": (lambda a, b: a + b, lambda a, b: a + b),
    "sub": (lambda a, b: a - b, lambda a, b: a - b),
    "mul": (lambda a, b: a * b, lambda a, b: a * b),
    "div": (lambda a, b: a / b, lambda a, b: a / b),
    "real operands": (lambda a, b: 2 * a - b.real() / a + 1, lambda a, b: 2 * a - b.real / a + 1),
    "imaginary operands": (lambda a, b: 1j * a - b / 2j, lambda a, b: 1j * a - b / 2j),
    "pow": (lambda a, b: a**b, lambda a, b: a**b),
    "neg": (lambda a, b: -a, lambda a, b: -a),
    "abs": (lambda a, b: abs(a), lambda a, b: np.abs(a)),
    "exp": (lambda a, b: a.exp(), lambda a, b: np.exp(a)),
    "log": (lambda a, b: a.log(), lambda a, b: np.log(a)),
    "sqrt": (lambda a, b: a.sqrt(), lambda a, b: np.sqrt(a)),
    "square": (lambda a, b: a.square(), lambda a, b: a * a),
    "reciprocal": (lambda a, b: a.reciprocal(), lambda a, b: 1 / a),
    "matMul": (lambda a, b: a.matMul(b, False, True), lambda a, b: a @ b.T),
    "sum": (lambda a, b: a.sum(0), lambda a, b: a.sum(0)),
    "mean": (lambda a, b: a.mean(1, True), lambda a, b: a.mean(1, keepdims=True)),
    "cumsum": (lambda a, b: a.cumsum(1), lambda a, b: np.cumsum(a, 1)),
    "real": (lambda a, b: a.real(), lambda a, b: a.real),
    "imag": (lambda a, b: a.imag(), lambda a, b: a.imag),
    "equal": (lambda a, b: a == tf.where(a.real() > 0, a, b), lambda a, b: a == np.where(a.real > 0, a, b)),
    "notEqual": (lambda a, b: a != a.real(), lambda a, b: a != a.real),
    "where": (lambda a, b: tf.where(b.real() > 0, a, 1.0), lambda a, b: np.where(b.real > 0, a, 1)),
    "concat": (lambda a, b: tf.concat([a, b, a.real()], 1), lambda a, b: np.concatenate([a, b, a.real], 1)),
    "stack": (lambda a, b: tf.stack([a, b]), lambda a, b: np.stack([a, b])),
    "unstack": (lambda a, b: tf.unstack(a)[1], lambda a, b: a[1]),
    "split": (lambda a, b: tf.split(a, 2, 1)[1], lambda a, b: a[:, 2:]),
    "gather": (lambda a, b: tf.gather(a, INDEX), lambda a, b: a[INDEX]),
    "index": (lambda a, b: a[1:, ::-1], lambda a, b: a[1:, ::-1]),
    "transpose": (lambda a, b: a.T, lambda a, b: a.T),
    "reshape": (lambda a, b: a.reshape([2, 6]), lambda a, b: a.reshape(2, 6)),
    "pad": (lambda a, b: a.pad([[1, 0], [0, 2]], 1), lambda a, b: np.pad(a, [[1, 0], [0, 2]], constant_values=1)),
    "tile": (lambda a, b: a.tile([1, 2]), lambda a, b: np.tile(a, [1, 2])),
    "zerosLike": (lambda a, b: tf.zerosLike(a), lambda a, b: np.zeros_like(a)),
    "onesLike": (lambda a, b: tf.onesLike(a), lambda a, b: np.ones_like(a)),
    "cast to real": (lambda a, b: a.cast("float32"), lambda a, b: a.real),
    "cast to complex": (lambda a, b: a.real().cast("complex64"), lambda a, b: a.real.astype(np.complex64)),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_agrees_with_numpy(name):
    ours, theirs = CASES[name]
    found, expected = ours(tf.tensor(A), tf.tensor(B)).numpy(), theirs(A, B)
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found, expected, rtol=2e-5, atol=2e-6)


DIFFERENTIABLE = [
    "add",
    "mul",
    "div",
    "reciprocal",
    "exp",
    "log",
    "sqrt",
    "matMul",
    "sum",
    "where",
    "concat",
    "gather",
    "abs",
]


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_gradient_agrees_with_differences(name):
    function = CASES[name][0]

    def loss(a):
        y = function(a, tf.tensor(B))
        return y.square().sum() if y.dtype == "float32" else (y.real() * 2 + y.imag().square()).sum()

    found = tf.grad(loss)(tf.tensor(A)).numpy()
    step = 1e-2
    for place in [(0, 0), (1, 2), (2, 3)]:
        for direction in (1, 1j):
            moved = [A.copy(), A.copy()]
            moved[0][place] += step * direction
            moved[1][place] -= step * direction
            rise = (float(loss(tf.tensor(moved[0]))) - float(loss(tf.tensor(moved[1])))) / (2 * step)
            along = found[place].real if direction == 1 else found[place].imag
            assert along == pytest.approx(rise, rel=2e-2, abs=2e-2)


def test_values_and_memory():
    before = tf.memory()
    z = tf.complex([1.0, 2.0], [3.0, -4.0])
    assert (z.dtype, z.shape) == ("complex64", (2,))
    assert z.array_sync() == [1 + 3j, 2 - 4j]
    assert list(z.data_sync()) == [1, 3, 2, -4]  # TensorFlow.js's order: the parts in turn
    assert tf.memory()["numBytes"] - before["numBytes"] == 16
    assert tf.memory()["numTensors"] - before["numTensors"] == 1
    assert complex(tf.tensor(1 + 2j)) == 1 + 2j
    assert repr(z) == "Tensor\n    [1 + 3j, 2 + -4j]"
    z.dispose()
    assert tf.memory()["numBytes"] == before["numBytes"]


def test_lists_of_complex_numbers_are_complex():
    assert tf.tensor([1, 2j]).dtype == "complex64"
    assert tf.tensor([1.0, 2.0], dtype="complex64").array_sync() == [1, 2]
    assert tf.zeros([2], "complex64").array_sync() == [0, 0]
    assert tf.fill([2], 1j).array_sync() == [1j, 1j]


def test_magnitude_does_not_overflow():
    z = tf.complex([1e30, 0.0, 1e-30, float("inf")], [1e30, 0.0, 0.0, 1.0])
    np.testing.assert_allclose(z.abs().numpy(), [2**0.5 * 1e30, 0, 1e-30, np.inf], rtol=1e-6)
    assert tf.grad(lambda z: z.abs().sum())(tf.tensor([0j])).array_sync() == [0]


def test_errors():
    z = tf.tensor([1j])
    with pytest.raises(DTypeError, match=r"sin: .*received complex64.*tf\.real"):
        tf.sin(z)
    with pytest.raises(ShapeError, match="one shape"):
        tf.complex([1.0], [1.0, 2.0])
    with pytest.raises(DTypeError, match="two variables"):
        tf.variable(z)
    with pytest.raises(DTypeError, match="expected values for dtype float32"):
        tf.tensor([1j], dtype="float32")


def test_reshapes_by_other_names():
    x = tf.complex(tf.tensor([[1.0, 2.0]]), tf.tensor([[3.0, 4.0]]))
    assert tf.imag(x.flatten()).array_sync() == tf.imag(x.as1D()).array_sync() == [3, 4]
    assert (
        tf.imag(x.as2D(2, 1)).array_sync() == tf.imag(x.reshapeAs(tf.ones([2, 1]))).array_sync() == [[3], [4]]
    )
    assert tf.imag(tf.complex(1.0, 2.0).as1D().asScalar()).array_sync() == 2
