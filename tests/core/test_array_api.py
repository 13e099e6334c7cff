"""The array API's functions for tensors: every name of the standard, and on drawn inputs what NumPy's functions give."""

import math
import random

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError, DTypeError, NameNotFoundError, OptionError, ShapeError, TfError
from tfjs_pyo.keras.array_functions import ABSENT

XP = tf.tensor([1.0]).__array_namespace__()
SEED = 20261130

UNARY = [
    "abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "bitwise_invert", "ceil", "conj", "cos", "cosh", "exp",
    "expm1", "floor", "imag", "isfinite", "isinf", "isnan", "log", "log10", "log1p", "log2", "logical_not",
    "negative", "positive", "real", "round", "sign", "signbit", "sin", "sinh", "sqrt", "square", "tan", "tanh",
    "trunc",
]  # fmt: skip
BINARY = [
    "add", "atan2", "bitwise_and", "bitwise_left_shift", "bitwise_or", "bitwise_right_shift", "bitwise_xor",
    "copysign", "divide", "equal", "floor_divide", "greater", "greater_equal", "hypot", "less", "less_equal",
    "logaddexp", "logical_and", "logical_or", "logical_xor", "maximum", "minimum", "multiply", "not_equal", "pow",
    "remainder", "subtract",
]  # fmt: skip
OF_SHAPES = {
    "all": [{}, {"axis": 1}, {"axis": (0, 1), "keepdims": True}], "any": [{}, {"axis": 0}],
    "max": [{}, {"axis": 1, "keepdims": True}], "min": [{}, {"axis": -1}], "mean": [{}, {"axis": (0, 1)}],
    "sum": [{}, {"axis": 1}, {"dtype": "float32", "keepdims": True}], "prod": [{}, {"axis": 0}, {"dtype": "int32"}],
    "std": [{}, {"axis": 1, "correction": 1}, {"correction": 0.5, "keepdims": True}],
    "var": [{}, {"axis": (0, 1), "correction": 1}, {"axis": 0}], "argmax": [{}, {"axis": 1, "keepdims": True}],
    "argmin": [{}, {"axis": 0}], "cumulative_sum": [{"axis": 1}, {"axis": 0, "include_initial": True}],
    "expand_dims": [{"axis": 1}, {"axis": -1}], "flip": [{}, {"axis": 1}, {"axis": (0, 1)}],
    "roll": [{"shift": 2}, {"shift": -1, "axis": 1}, {"shift": (1, 2), "axis": (0, 1)}], "squeeze": [{"axis": ()}],
    "permute_dims": [{"axes": (1, 0)}], "moveaxis": [{"source": 0, "destination": -1}], "nonzero": [{}],
    "repeat": [{"repeats": 2}, {"repeats": 3, "axis": 1}], "reshape": [{"shape": (-1,)}, {"shape": (4, 3), "copy": True}],
    "sort": [{}, {"axis": 0}], "argsort": [{}, {"axis": 0}], "tril": [{}, {"k": 1}], "triu": [{}, {"k": -1}],
    "unique_all": [{}], "unique_counts": [{}], "unique_inverse": [{}], "unique_values": [{}], "unstack": [{}, {"axis": 1}],
    "matrix_transpose": [{}], "zeros_like": [{}], "ones_like": [{"dtype": "int32"}], "full_like": [{"fill_value": 3}],
    "tile": [{"repetitions": (2, 1)}], "empty_like": [{}], "astype": [{"dtype": "int32"}, {"dtype": "bool"}],
    "clip": [{"min": 0, "max": 2}, {"min": 1}, {}], "isdtype": [], "asarray": [{}, {"dtype": "float32", "copy": True}],
}  # fmt: skip
OF_TWO = {
    "broadcast_arrays": lambda xp, a, b: xp.broadcast_arrays(a, b[:1]),
    "broadcast_to": lambda xp, a, b: xp.broadcast_to(a, (2, 3, 4)),
    "concat": lambda xp, a, b: (xp.concat([a, b], axis=1), xp.concat([a, b], axis=None)),
    "stack": lambda xp, a, b: xp.stack([a, b], axis=-1),
    "meshgrid": lambda xp, a, b: (xp.meshgrid(a[0], b[1]), xp.meshgrid(a[0], b[:, 0], indexing="ij")),
    "matmul": lambda xp, a, b: xp.matmul(a, b.T),
    "tensordot": lambda xp, a, b: (xp.tensordot(a, b, axes=2), xp.tensordot(a, b, axes=((0, 1), (0, 1)))),
    "vecdot": lambda xp, a, b: (xp.vecdot(a, b), xp.vecdot(a, b, axis=0)),
    "where": lambda xp, a, b: xp.where(a > b, a, b),
    "searchsorted": lambda xp, a, b: (xp.searchsorted(xp.sort(a[0]), b[0]), xp.searchsorted(xp.sort(a[0]), b[1], side="right")),
}  # fmt: skip
WITHOUT_INPUTS = {
    "arange": lambda xp: (xp.arange(5), xp.arange(1, 9, 3), xp.arange(0, 1, 0.25, dtype="float32")),
    "empty": lambda xp: xp.zeros(xp.empty((2, 3), dtype="int32").shape, dtype="float32"),
    "eye": lambda xp: (xp.eye(3, dtype="float32"), xp.eye(2, 4, k=1, dtype="int32")),
    "full": lambda xp: (xp.full((2, 2), 3, dtype="int32"), xp.full(2, True), xp.full((), 0.5, dtype="float32")),
    "linspace": lambda xp: (xp.linspace(0, 1, 5, dtype="float32"), xp.linspace(0, 1, 4, endpoint=False, dtype="float32")),
    "ones": lambda xp: (xp.ones(3, dtype="float32"), xp.ones((2, 2), dtype="bool")),
    "zeros": lambda xp: xp.zeros((2, 0), dtype="int32"),
    "take": lambda xp: xp.take(xp.asarray([[1, 2, 3], [4, 5, 6]]), xp.asarray([2, 0]), axis=1),
}  # fmt: skip
TABLES = {*UNARY, *BINARY, *OF_SHAPES, *OF_TWO, *WITHOUT_INPUTS}
OWN = {
    "bool", "int32", "float32", "complex64", "e", "inf", "nan", "newaxis", "pi", "can_cast", "finfo", "iinfo", "isdtype",
    "result_type", "from_dlpack", "__array_api_version__", "__array_namespace_info__", "linalg",
}  # fmt: skip
"""Names that other tests here are for."""
STANDARD = [
    "abs", "acos", "acosh", "add", "all", "any", "arange", "argmax", "argmin", "argsort", "asarray", "asin", "asinh",
    "astype", "atan", "atan2", "atanh", "bitwise_and", "bitwise_invert", "bitwise_left_shift", "bitwise_or",
    "bitwise_right_shift", "bitwise_xor", "bool", "broadcast_arrays", "broadcast_to", "can_cast", "ceil", "clip",
    "complex128", "complex64", "concat", "conj", "copysign", "cos", "cosh", "cumulative_sum", "divide", "e", "empty",
    "empty_like", "equal", "exp", "expand_dims", "expm1", "eye", "finfo", "flip", "float32", "float64", "floor",
    "floor_divide", "from_dlpack", "full", "full_like", "greater", "greater_equal", "hypot", "iinfo", "imag", "inf",
    "int16", "int32", "int64", "int8", "isdtype", "isfinite", "isinf", "isnan", "less", "less_equal", "linspace",
    "log", "log10", "log1p", "log2", "logaddexp", "logical_and", "logical_not", "logical_or", "logical_xor", "matmul",
    "matrix_transpose", "max", "maximum", "mean", "meshgrid", "min", "minimum", "moveaxis", "multiply", "nan",
    "negative", "newaxis", "nonzero", "not_equal", "ones", "ones_like", "permute_dims", "pi", "positive", "pow",
    "prod", "real", "remainder", "repeat", "reshape", "result_type", "roll", "round", "searchsorted", "sign",
    "signbit", "sin", "sinh", "sort", "sqrt", "square", "squeeze", "stack", "std", "subtract", "sum", "take", "tan",
    "tanh", "tensordot", "tile", "tril", "triu", "trunc", "uint16", "uint32", "uint64", "uint8", "unique_all",
    "unique_counts", "unique_inverse", "unique_values", "unstack", "var", "vecdot", "where", "zeros", "zeros_like",
    "__array_namespace_info__", "linalg", "fft",
]  # fmt: skip
"""Source: https://data-apis.org/array-api/2023.12/API_specification/"""


def test_every_name_of_the_standard_is_there_or_has_a_reason_not_to_be():
    for name in STANDARD:
        assert (name in XP.__all__) != (name in ABSENT), name
        if name in ABSENT:
            with pytest.raises(NameNotFoundError, match=f"{name}.*: "):
                getattr(XP, name)
    assert set(XP.__all__) - {"__array_api_version__"} <= set(STANDARD)
    assert set(XP.__all__) <= TABLES | OWN
    with pytest.raises(NameNotFoundError, match="'permute_dims'"):
        _ = XP.permute_dim


def drawn(name, dtype, count=2):
    """Arrays with the numbers that matter, and others; the same ones each time."""
    stream = random.Random(f"{SEED}{name}{dtype}")
    pool = {
        "float32": [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.75, 2.5, 1e-3, math.inf, -math.inf, math.nan],
        "int32": [0, 1, -1, 2, 3, -7, 5, 12, 2],
        "bool": [True, False],
    }[dtype]
    arrays = []
    for _ in range(count):
        real = dtype == "float32"
        values = [
            stream.uniform(-3, 3) if real and stream.random() < 0.5 else stream.choice(pool)
            for _ in range(12)
        ]
        arrays.append(np.array(values, dtype).reshape(3, 4))
    return arrays


def answers(result):
    """All arrays in a result."""
    if isinstance(result, (list, tuple)):
        return [each for part in result for each in answers(part)]
    return [np.asarray(result)]


KINDS = {"b": "b", "i": "i", "u": "i", "f": "f", "c": "c"}


def compare(name, call, inputs):
    """Computes with tensors and with arrays; what NumPy refuses may be refused."""
    try:
        with np.errstate(all="ignore"):
            expected = answers(call(np, *inputs))
    except TypeError:
        return
    try:
        found = answers(call(XP, *[tf.tensor(each) for each in inputs]))
    except DTypeError:
        assert inputs[0].dtype == "bool", name  # NumPy computes with them as with bytes
        return
    assert len(found) == len(expected)
    order = np.sort if name == "unique_values" else np.asarray  # NumPy's come in any order
    for ours, theirs in zip(found, expected, strict=True):
        assert ours.shape == theirs.shape, name
        if inputs and inputs[0].dtype != "bool":
            assert KINDS[ours.dtype.kind] == KINDS[theirs.dtype.kind], (name, ours.dtype, theirs.dtype)
        rtol = 2e-3 if theirs.dtype == np.float16 else 3e-5
        wanted = order(theirs).astype(np.float64)
        np.testing.assert_allclose(ours.astype(np.float64), wanted, rtol, rtol / 10, err_msg=name)


@pytest.mark.parametrize("dtype", ["float32", "int32", "bool"])
@pytest.mark.parametrize("name", UNARY)
def test_functions_of_elements(name, dtype):
    compare(name, lambda xp, x: getattr(xp, name)(x), drawn(name, dtype, 1))


@pytest.mark.parametrize("dtype", ["float32", "int32", "bool"])
@pytest.mark.parametrize("name", BINARY)
def test_functions_of_two(name, dtype):
    inputs = drawn(name, dtype)
    if dtype == "int32" and name in ("pow", "bitwise_left_shift", "bitwise_right_shift"):
        inputs[1] = np.abs(inputs[1])  # NumPy refuses others for powers
    if dtype == "int32" and name in ("floor_divide", "remainder"):
        inputs[1][inputs[1] == 0] = 3
    compare(name, lambda xp, a, b: getattr(xp, name)(a, b), inputs)


@pytest.mark.parametrize("dtype", ["float32", "int32", "bool"])
@pytest.mark.parametrize(
    "name", [name for name in OF_SHAPES if name not in ("isdtype", "asarray", "astype", "empty_like")]
)
def test_functions_with_options(name, dtype):  # fmt: skip
    for options in OF_SHAPES[name]:
        inputs = [np.nan_to_num(each, posinf=2, neginf=-2) if dtype == "float32" and "unique" not in name else each
                  for each in drawn(name, dtype, 1)]  # fmt: skip
        compare(name, lambda xp, x, options=options: getattr(xp, name)(x, **options), inputs)


@pytest.mark.parametrize("dtype", ["float32", "int32"])
@pytest.mark.parametrize("name", OF_TWO)
def test_functions_of_several(name, dtype):
    compare(name, OF_TWO[name], [np.nan_to_num(each, posinf=2, neginf=-2) for each in drawn(name, dtype)])


@pytest.mark.parametrize("name", WITHOUT_INPUTS)
def test_functions_that_make_tensors(name):
    compare(name, WITHOUT_INPUTS[name], [])


@pytest.mark.parametrize("dtype", ["float32", "int32", "bool"])
def test_conversions(dtype):
    (x,) = drawn("conversions", dtype, 1)
    x = np.nan_to_num(x, posinf=2, neginf=-2)
    for other in ("float32", "int32", "bool"):
        np.testing.assert_array_equal(XP.astype(tf.tensor(x), other), x.astype(other))
        assert XP.asarray(x, dtype=other).dtype == other
    t = tf.tensor(x)
    assert XP.asarray(t) is XP.asarray(t, copy=False) is t
    assert XP.asarray(t, copy=True) is not t
    assert XP.empty_like(t).shape == t.shape
    with pytest.raises(OptionError, match="copy=False"):
        XP.asarray(x, copy=False)


@pytest.mark.parametrize("descending", [True, False])
def test_order_of_equal_elements(descending):
    x = tf.tensor([3, 1, 3, 2, 1, 1], None, "int32")
    expected = [0, 2, 3, 1, 4, 5] if descending else [1, 4, 5, 3, 0, 2]
    assert XP.argsort(x, descending=descending).tolist() == expected
    assert XP.sort(x, descending=descending).tolist() == [x.tolist()[place] for place in expected]


def test_dtypes():
    assert XP.isdtype(XP.float32, "real floating")
    assert XP.isdtype("int32", ("bool", "integral"))
    assert not XP.isdtype(XP.bool, "numeric")
    assert XP.result_type(tf.tensor([1], None, "int32"), XP.float32) == "float32"
    assert XP.result_type(tf.tensor([True]), 1) == "int32"
    assert XP.can_cast("int32", "float32")
    assert not XP.can_cast(tf.tensor([1.0]), "int32")
    for name in ("bits", "eps", "max", "min", "smallest_normal"):
        assert getattr(XP.finfo("float32"), name) == getattr(np.finfo("float32"), name)
    for name in ("bits", "max", "min"):
        assert getattr(XP.iinfo(XP.int32), name) == getattr(np.iinfo("int32"), name)
    info = XP.__array_namespace_info__()
    assert info.default_dtypes()["real floating"] == "float32"
    assert info.dtypes(kind="integral") == {"int32": "int32"}
    assert info.devices() == [info.default_device()] == [tf.tensor([1.0]).device]
    assert set(info.capabilities()) == {"boolean indexing", "data-dependent shapes"}


def test_dtypes_and_devices_that_there_are_not():
    for call in (
        lambda: XP.zeros(2, dtype="float64"),
        lambda: XP.astype([1.0], np.int64),
        lambda: XP.isdtype("float32", "real"),
        lambda: XP.finfo("int32"),
        lambda: XP.iinfo("float32"),
        lambda: XP.ones(2, device="cuda"),
        lambda: tf.ones([2]).to_device("cuda"),
        lambda: tf.ones([2]).__array_namespace__(api_version="1999.12"),
    ):
        with pytest.raises(OptionError, match="expected"):
            call()
    with pytest.raises(ShapeError, match="mT: expected a tensor of rank 2"):
        _ = tf.ones([2]).mT
    assert tf.ones([2]).__array_namespace__(api_version="2022.12") is XP
    t = tf.ones([2])
    assert t.to_device(t.device) is t
    np.testing.assert_array_equal(tf.tensor([[[1.0, 2.0]]]).mT, [[[1], [2]]])


LINALG = {
    "cholesky": lambda xp, a: xp.linalg.cholesky(a @ a.T), "cross": lambda xp, a: xp.linalg.cross(a[0], a[1]),
    "det": lambda xp, a: xp.linalg.det(a), "diagonal": lambda xp, a: xp.linalg.diagonal(a),
    "eigvalsh": lambda xp, a: xp.linalg.eigvalsh(a + a.T), "inv": lambda xp, a: xp.linalg.inv(a),
    "matmul": lambda xp, a: xp.linalg.matmul(a, a),
    "matrix_norm": lambda xp, a: (xp.linalg.matrix_norm(a), xp.linalg.matrix_norm(a, ord=1)),
    "matrix_power": lambda xp, a: [xp.linalg.matrix_power(a, n) for n in (0, 1, 5, -2)],
    "matrix_rank": lambda xp, a: xp.linalg.matrix_rank(a), "matrix_transpose": lambda xp, a: xp.linalg.matrix_transpose(a),
    "outer": lambda xp, a: xp.linalg.outer(a[0], a[1]), "pinv": lambda xp, a: xp.linalg.pinv(a),
    "slogdet": lambda xp, a: xp.linalg.slogdet(a), "solve": lambda xp, a: xp.linalg.solve(a, a[:, :2]),
    "svdvals": lambda xp, a: xp.linalg.svdvals(a), "tensordot": lambda xp, a: xp.linalg.tensordot(a, a, axes=1),
    "trace": lambda xp, a: xp.linalg.trace(a), "vecdot": lambda xp, a: xp.linalg.vecdot(a, a),
    "vector_norm": lambda xp, a: [
        xp.linalg.vector_norm(a, ord=n, axis=k) for n in (0, 1, 2, 3, math.inf, -math.inf) for k in (None, 1)
    ],
    "eigh": lambda xp, a: xp.linalg.eigh(a + a.T)[0], "qr": lambda xp, a: xp.matmul(*xp.linalg.qr(a)),
    "svd": lambda xp, a: xp.linalg.svd(a)[1],
}  # fmt: skip


@pytest.mark.parametrize("name", LINALG)
def test_linear_algebra(name):
    a = np.random.default_rng(SEED).normal(size=(3, 3)).astype(np.float32)
    for ours, theirs in zip(
        answers(LINALG[name](XP, tf.tensor(a))), answers(LINALG[name](np, a)), strict=True
    ):
        np.testing.assert_allclose(ours, theirs, 2e-4, 2e-4)


def test_all_of_linear_algebra_is_tested():
    assert set(XP.linalg.__all__) == set(LINALG)
    assert XP.linalg.vector_norm(tf.tensor([3e30, 4e30])).item() == pytest.approx(5e30)


@pytest.mark.parametrize("dtype", ["float32", "float64", "int32", "int64", "uint8", "bool", "complex64"])
def test_from_dlpack(dtype):
    class Handed:
        """Nothing but what DLPack asks for."""

        def __init__(self, array):
            self.__dlpack__, self.__dlpack_device__ = array.__dlpack__, array.__dlpack_device__

    x = np.arange(6).reshape(2, 3).astype(dtype)
    for given in (x, Handed(x), x.T, x[:, ::2]):
        wanted = tf.tensor(given if isinstance(given, np.ndarray) else x)
        for made in (tf.from_dlpack(given), XP.from_dlpack(given), XP.asarray(given)):
            assert made.dtype == wanted.dtype
            np.testing.assert_array_equal(made, wanted)
    t = tf.tensor(x)
    np.testing.assert_array_equal(tf.from_dlpack(t), t)
    x[...] = 0
    assert t.numpy().any()


def test_from_dlpack_of_torch():
    torch = pytest.importorskip("torch")
    np.testing.assert_array_equal(tf.from_dlpack(torch.arange(6).reshape(2, 3)), np.arange(6).reshape(2, 3))


class Elsewhere:
    """An array on a device that NumPy cannot read."""

    def __dlpack__(self, **options):
        raise BufferError("stays where it is")

    def __dlpack_device__(self):
        return (2, 0)


def test_what_dlpack_cannot_give():
    with pytest.raises(DTypeError, match="stays where it is"):
        tf.from_dlpack(Elsewhere())
    for wrong in (3, [1.0], None, "x"):
        with pytest.raises(ArgumentError, match="from_dlpack: expected an array with __dlpack__"):
            tf.from_dlpack(wrong)
    with pytest.raises(OptionError, match="copy"):
        XP.from_dlpack(np.ones(2), copy=False)


def test_arguments_are_refused_in_words():
    for call in (
        lambda: XP.sum([[1.0]], axis="x"), lambda: XP.argsort([1.0], axis=3), lambda: XP.cumulative_sum([[1.0]]),
        lambda: XP.asarray(None), lambda: XP.result_type(), lambda: XP.full(2, [1, 2]),
        lambda: XP.linalg.matrix_power([[1.0, 2.0]], 2),
        lambda: XP.unique_all(["a"]), lambda: XP.concat(3), lambda: XP.reshape([1.0], (3,)),
        lambda: XP.var([1.0], correction="x"),
    ):  # fmt: skip
        with pytest.raises(TfError, match="expected"):
            call()


def test_complex_numbers():
    z = np.array([[1 + 2j, 3 - 1j], [0.5j, -2]], np.complex64)
    for call in (
        lambda xp, z: xp.vecdot(z, z * 1j), lambda xp, z: xp.conj(z), lambda xp, z: xp.real(z), lambda xp, z: xp.imag(z),
        lambda xp, z: xp.abs(z), lambda xp, z: xp.matmul(z, z), lambda xp, z: xp.sum(z), lambda xp, z: xp.exp(z),
        lambda xp, z: xp.linalg.vector_norm(z), lambda xp, z: xp.matrix_transpose(z), lambda xp, z: xp.positive(z),
    ):  # fmt: skip
        np.testing.assert_allclose(call(XP, tf.tensor(z)), call(np, z), rtol=1e-5)
    assert XP.finfo(tf.tensor(z)).dtype == "float32"
