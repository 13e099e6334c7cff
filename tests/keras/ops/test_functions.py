"""What holds for functions of keras.ops that take functions, or have several right results; and ops on symbols."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.keras.ops.calls import A, calls, inputs_of
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.trace import Trace
from tfjs_pyo.errors import ShapeError, TraceError
from tfjs_pyo.keras import ops

RANDOM = np.random.RandomState(11)
X = RANDOM.uniform(-2, 2, (2, 4, 4)).astype(np.float32)
SYMMETRIC = X + X.transpose(0, 2, 1)


def near(found, expected, atol=1e-5):
    np.testing.assert_allclose(np.asarray(found), expected, atol=atol, rtol=1e-5)


@pytest.mark.parametrize("mode", ["reduced", "complete"])
def test_qr_gives_orthonormal_and_triangular_factors(mode):
    x = RANDOM.uniform(-1, 1, (5, 3)).astype(np.float32)
    q, r = (part.numpy() for part in ops.qr(x, mode))
    assert q.shape == ((5, 3) if mode == "reduced" else (5, 5))
    near(q @ r, x)
    near(q.T @ q, np.eye(q.shape[1]))
    near(np.tril(r, -1), 0)


def test_eigenvectors_solve_their_equation():
    values, vectors = (part.numpy() for part in ops.eigh(SYMMETRIC))
    assert (np.diff(values) >= 0).all()
    near(SYMMETRIC @ vectors, vectors * values[:, None, :], 1e-4)
    values, vectors = (part.numpy() for part in ops.eig(X))
    near(X @ vectors, vectors * values[:, None, :], 1e-4)


def test_singular_vectors_make_the_matrix():
    for full in (True, False):
        u, s, v = (part.numpy() for part in ops.svd(X[:, :, :3], full))
        near(u[..., :3] * s[:, None, :] @ v[:, :3], X[:, :, :3], 1e-4)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: ops.sum(ops.eigh(x + ops.swapaxes(x, 1, 2))[1] ** 4),
        lambda x: ops.sum(ops.svd(x, False)[0] ** 4),
        lambda x: ops.sum(ops.svd(x[:, :, :3], False)[2] ** 4),
        lambda x: ops.sum(ops.pinv(x[:, :, :3]) ** 2),
        lambda x: ops.sum(
            ops.cholesky(ops.matmul(x, ops.swapaxes(x, 1, 2)) + 3 * np.eye(4, dtype=np.float32))
        ),
        lambda x: ops.sum(ops.solve(x, x + 1.0) ** 2),
        lambda x: ops.sum(ops.solve_triangular(x, ops.ones((2, 4, 1)), lower=True)),
    ],
)
def test_gradients_of_factors_are_their_differences(f):
    x = X + 3 * np.eye(4, dtype=np.float32)
    gradient = tf.grad(f)(tf.tensor(x)).numpy()
    direction = RANDOM.uniform(-1, 1, x.shape).astype(np.float32)
    step = 1e-2
    difference = (f(tf.tensor(x + step * direction)).item() - f(tf.tensor(x - step * direction)).item()) / (
        2 * step
    )
    assert (gradient * direction).sum() == pytest.approx(difference, rel=2e-2, abs=2e-3)


@pytest.mark.parametrize("kth", [0, 3, 6])
def test_argpartition_puts_an_element_where_it_belongs(kth):
    x = RANDOM.permutation(7).astype(np.float32)
    order = ops.argpartition(x, kth).numpy()
    assert sorted(order) == list(range(7))
    assert x[order[kth]] == kth
    assert (x[order[:kth]] < kth).all()


# Conditions and loops


def test_a_condition_takes_one_branch():
    assert ops.cond(ops.convert_to_tensor(2) > 1, lambda: 1, lambda: 1 / 0) == 1
    assert ops.switch(5, [lambda x: 1 / 0, lambda x: x + 1], 3) == 4


def traced(f, *values):
    """Returns what a function gives in a compiled step."""
    with Trace() as trace:
        given = [trace.input(v.shape, v.dtype) for v in values]
        result = f(*given)
    return trace.compile([result]).run(list(values))[0].numpy()


@pytest.mark.parametrize("value", [-1.5, 2.0])
def test_a_condition_on_data_of_a_compiled_step_chooses_there(value):
    x = tf.tensor([value, 1.0])
    near(
        traced(lambda x: ops.cond(x[0] > 0, lambda: x * 2, lambda: x - 1), x),
        [2 * value, 2] if value > 0 else [value - 1, 0],
    )
    near(
        traced(lambda x: ops.switch(ops.cast(x[0], "int32"), [lambda y: y, lambda y: -y], x), x),
        [value, 1] if value < 1 else [-value, -1],
    )


def test_a_loop_that_depends_on_data_needs_a_most_in_a_compiled_step():
    x = tf.tensor(5.0)

    def halved(x, most=None):
        return ops.while_loop(lambda v: v > 1.0, lambda v: v / 2, (x,), most)[0]

    near(halved(x), 0.625)
    near(traced(lambda x: halved(x, 10), x), 0.625)
    near(halved(x, 1), 2.5)
    with pytest.raises(TraceError, match="maximum_iterations"):
        traced(halved, x)


def test_loops_give_what_their_bodies_make():
    assert ops.while_loop(lambda i, s: i < 4, lambda i, s: [i + 1, s + i], (0, 0))[1].item() == 6
    assert ops.fori_loop(2, 5, lambda i, s: s + i, 0) == 9
    carry, ys = ops.scan(lambda c, x: (c + x, c * x), ops.convert_to_tensor(0.0), np.float32([1, 2, 3]))
    assert carry.item() == 6
    near(ys, [0, 2, 9])
    carry, ys = ops.scan(lambda c, x: (c + x, c), 0.0, np.float32([1, 2, 3]), reverse=True)
    near(ys, [5, 3, 0])
    near(ops.scan(lambda c, _: (c * 2.0, c), 1.0, length=4)[1], [1, 2, 4, 8])
    near(ops.map(lambda x: x["a"] * 2 + x["b"], {"a": np.float32([1, 2]), "b": np.float32([3, 4])}), [5, 8])
    near(ops.vectorized_map(lambda row: ops.sum(row), X[0]), X[0].sum(1))


@pytest.mark.parametrize(
    "call",
    [
        lambda: ops.map(ops.sum, [1, 2]),
        lambda: ops.scan(lambda c, x: (c, x), 0, [1, 2]),
        lambda: ops.associative_scan(ops.add, [1, 2]),
    ],
)
def test_what_goes_through_an_axis_refuses_a_list_of_numbers(call):
    with pytest.raises(ShapeError):
        call()


@pytest.mark.parametrize("length", [1, 2, 3, 6, 7, 8])
@pytest.mark.parametrize("reverse", [False, True])
def test_an_associative_scan_is_a_running_sum(length, reverse):
    x = RANDOM.uniform(-1, 1, (2, length)).astype(np.float32)
    found = ops.associative_scan(lambda a, b: a + b, x, reverse=reverse, axis=1)
    near(found, np.cumsum(x[:, ::-1], 1)[:, ::-1] if reverse else np.cumsum(x, 1))


def test_a_gradient_of_ones_own_and_a_derivative_in_a_direction():
    @ops.custom_gradient
    def f(x):
        return x * x, lambda upstream: upstream * 100.0

    assert tf.grad(f)(tf.scalar(3.0)).item() == 100
    assert tf.grad(lambda x: ops.sum(ops.stop_gradient(x) * x))(tf.scalar(3.0)).item() == 3
    y, along = ops.jvp(
        lambda x, w: ops.sin(x) * w,
        (np.float32([1, 2]), np.float32([3, 4])),
        (np.float32([1, 0]), np.float32([0, 1])),
    )
    near(y, np.sin([1, 2]) * [3, 4])
    near(along, [3 * np.cos(1), np.sin(2)])


def test_vectorize_calls_for_each_element_or_part():
    near(ops.vectorize(lambda a, b: a * b + 1.0)(X[0], X[0, 0]), X[0] * X[0, 0] + 1)
    near(ops.vectorize(lambda m, v: ops.matmul(m, v), signature="(m,n),(n)->(m)")(X, X[0, 0]), X @ X[0, 0])


def test_arguments_of_every_kind_are_tensors():
    variable = tf.variable(tf.tensor([1.0, 2.0]))
    for value in ([1.0, 2.0], (1.0, 2.0), np.array([1.0, 2.0]), tf.tensor([1.0, 2.0]), variable):
        near(ops.add(value, 1), [2, 3])
    near(ops.stack([variable, [3.0, 4.0]]), [[1, 2], [3, 4]])
    # Tensors in lists keep their history.
    assert tf.grad(lambda x: ops.sum(ops.convert_to_tensor([x, x * 2])))(tf.scalar(1.0)).item() == 3
    assert ops.convert_to_tensor([1, 2]).dtype == "int32"
    assert ops.is_tensor(tf.scalar(1.0))
    assert not ops.is_tensor(1.0)


def _symbolic_calls():
    """One call of each op that takes one float tensor with a batch, and gives tensors."""
    found = {}
    left_out = {
        "shape", "ndim", "size", "dtype", "unique", "nonzero", "where", "histogram", "convert_to_tensor", "array", "svd", "pinv",
        "matrix_rank", "norm", "view_as_complex",
    }  # fmt: skip
    for number, call in enumerate(calls()):
        drawn = [each for each in [*call.args, *call.kwargs.values()] if isinstance(each, A)]
        lists = any(isinstance(each, list) for each in call.args)
        first = call.args and isinstance(call.args[0], A) and call.args[0]
        if first and len(drawn) == 1 and not lists and first.dtype == "float32" and len(first.shape) > 1:
            name = call.name.rpartition(".")[2]
            if name not in left_out and call.name not in found:
                found[call.name] = (number, call)
    return list(found.values())


SYMBOLIC = _symbolic_calls()


@pytest.mark.parametrize(("number", "call"), SYMBOLIC, ids=[call.name for _, call in SYMBOLIC])
def test_an_op_on_symbols_becomes_a_layer(number, call):
    args, kwargs = inputs_of(call, number)
    function = ops
    for part in call.name.split("."):
        function = getattr(function, part)
    direct = function(*args, **kwargs)
    symbol = tf.input({"batchShape": args[0].shape})
    result = function(symbol, *args[1:], **kwargs)
    outputs = list(result) if isinstance(result, (list, tuple)) else [result]
    model = tf.model({"inputs": symbol, "outputs": outputs})
    found = model.apply(tf.tensor(args[0]))
    found = found if isinstance(found, list) else [found]
    expected = list(direct) if isinstance(direct, (list, tuple)) else [direct]
    for one, other in zip(found, expected, strict=True):
        assert isinstance(one, Tensor)
        np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-5, atol=1e-5)


def test_ops_on_symbols_are_saved_and_loaded():
    symbol = tf.input({"shape": [4]})
    outputs = ops.concatenate([ops.gelu(symbol), ops.expand_dims(ops.sum(symbol, axis=-1), -1)], axis=-1)
    model = tf.model({"inputs": symbol, "outputs": outputs})
    loaded = asyncio.run(tf.models.model_from_json(model.to_json()))
    x = tf.tensor(X[0])
    near(loaded.predict(x), model.predict(x).numpy())


@pytest.mark.parametrize(
    ("subscripts", "shapes"),
    [
        ("...ij->...ji", [(2, 2, 3)]),
        ("...ij,...jk->...ik", [(4, 2, 3), (3, 5)]),
        ("...ij,jk", [(4, 2, 3), (3, 5)]),
        ("i...->...", [(3, 2, 4)]),
        ("ij,jk", [(2, 3), (3, 4)]),
        ("ba", [(2, 3)]),
    ],
)
def test_einsum_takes_any_axes_and_finds_the_result(subscripts, shapes):
    arrays = [np.arange(np.prod(shape), dtype=np.float32).reshape(shape) / 7 for shape in shapes]
    np.testing.assert_allclose(ops.einsum(subscripts, *arrays), np.einsum(subscripts, *arrays), rtol=1e-5)


def test_extremes_of_nothing_are_what_is_initial():
    assert float(ops.max(np.zeros(0, np.float32), initial=3.0)) == 3.0
    assert ops.min(np.zeros((0, 2), np.int32), axis=0, initial=5).tolist() == [5, 5]
    assert ops.max(np.zeros((2, 0), np.float32), axis=-1, keepdims=True, initial=1.0).tolist() == [
        [1.0],
        [1.0],
    ]


@pytest.mark.parametrize("name", ["relu", "relu6", "hard_tanh"])
def test_activations_that_keep_whole_numbers_keep_their_dtype(name):
    assert getattr(ops, name)(np.array([-1, 2], np.int32)).dtype == "int32"
