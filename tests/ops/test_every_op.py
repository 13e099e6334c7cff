"""What every op must pass on the NumPy backend: its shape rule holds, and its gradients agree with finite differences."""

import numpy as np
import pytest

from tests.ops import suite
from tfjs_pyo import ops
from tfjs_pyo.core.graph import REALIZED, Kind, Node, NotDifferentiable
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.ops.declare import OPS

CALLS = [call for name in suite.names() for call in suite.calls(name)]
SMOOTH = [
    call for call in CALLS if call.differentiable and all(0 not in shape for _, shape, _ in call.inputs)
]


@pytest.mark.parametrize("name", sorted(OPS))
def test_declares_a_gradient_or_that_it_has_none(name):
    op = OPS[name]
    assert (
        op.kind is Kind.LEAF
        or op.lower
        or isinstance(op.gradient, NotDifferentiable)
        or callable(op.gradient)
        or (
            # Made by lowering only, after differentiation.
            name == "conv2d_filter_gradient_parts"
        )
    )


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_shape_and_dtype_rules_agree_with_numpy(call):
    result = call.function(*call.tensors())
    assert result.numpy().shape == result.shape
    assert str(result.numpy().dtype) == result.dtype


def _tensor64(backend, values, shape):
    node = Node(REALIZED, (), shape, "float32")
    from tfjs_pyo.core.engine import Buffer

    node.buffer = Buffer(backend, backend.upload_array(np.asarray(values, dtype=np.float64).reshape(-1)))
    return Tensor(node)


def _value(backend, tensor):
    from tfjs_pyo.core import engine

    engine.realize([tensor.node])
    return backend.read_array(tensor.node.buffer.handle).reshape(tensor.shape)


def check_gradients(backend, function, arrays, order, step=1e-4):
    """Compares a derivative along a random direction with a central difference; `order` 2 also that of the gradient."""
    generator = np.random.default_rng(suite.SEED)
    directions = [generator.normal(size=a.shape) for a in arrays]

    def at(shift):
        return function(
            *[_tensor64(backend, a + shift * d, a.shape) for a, d in zip(arrays, directions, strict=True)]
        )

    tensors = [_tensor64(backend, a, a.shape) for a in arrays]
    found = ops.grads(function)(tensors)
    analytic = sum(float((_value(backend, g) * d).sum()) for g, d in zip(found, directions, strict=True))
    wide, narrow = (
        float(_value(backend, at(h)) - _value(backend, at(-h))) / (2 * h) for h in (step, step / 2)
    )
    numeric = (4 * narrow - wide) / 3  # Richardson: the error is of fourth order
    assert analytic == pytest.approx(numeric, rel=2e-5, abs=2e-6), f"order {3 - order}"
    if order == 2:
        weights = [generator.normal(size=a.shape) for a in arrays]

        def derivative(*inputs):
            parts = [
                ops.sum(ops.mul(g, _tensor64(backend, w, w.shape)))
                for g, w in zip(ops.grads(function)(inputs), weights, strict=True)
            ]
            # The derivative of a linear function depends on no input, which is an error where one is asked for.
            none = [ops.sum(ops.mul(x, _tensor64(backend, np.zeros(x.shape), x.shape))) for x in inputs]
            return ops.add_n([*parts, *none])

        check_gradients(backend, derivative, arrays, 1, step)


@pytest.mark.parametrize("call", SMOOTH, ids=lambda call: call.name)
def test_gradients_of_both_orders_agree_with_finite_differences(call, float64):
    floats = [np.asarray(v, dtype=np.float64).reshape(s) for v, s, dtype in call.inputs if dtype == "float32"]

    def loss(*chosen):
        given = iter(chosen)
        mixed = [next(given) if d == "float32" else ops.tensor(v, s, d) for v, s, d in call.inputs]
        y = call.function(*mixed)
        return ops.sum(ops.mul(y, _tensor64(float64, suite.weights(y.shape), y.shape)))

    check_gradients(float64, loss, floats, 2)
