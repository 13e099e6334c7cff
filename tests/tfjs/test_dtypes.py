"""Dtypes of elementwise functions of plain numbers, booleans and tensors against TensorFlow.js (record_dtypes.mjs)."""

import math

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.tfjs.replay import _number, records

OPERANDS = {
    "int": (lambda: 1, "number"),
    "zero": (lambda: 0, "number"),
    "float": (lambda: 0.5, "float32"),
    "bool": (lambda: True, "bool"),
    "ints": (lambda: [1, 2], "float32"),
    "bools": (lambda: [True, False], "bool"),
    "float32": (lambda: tf.tensor1d([0.5, 2]), "float32"),
    "int32": (lambda: tf.tensor1d([1, 2], "int32"), "int32"),
    "boolean": (lambda: tf.tensor1d([True, False], "bool"), "bool"),
}
RECORDS = records(__file__, "dtypes.json")
REAL = {
    "acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "elu", "erf", "exp", "expm1", "leakyRelu", "log",
    "log1p", "logSigmoid", "prelu", "reciprocal", "rsqrt", "selu", "sigmoid", "sin", "sinh", "softplus", "sqrt", "tan",
    "tanh", "atan2", "divNoNan",
}  # fmt: skip
"""Functions that always give float32; TensorFlow.js keeps int32 and bool in some of them, or raises."""
LOGICAL = {"logicalNot", "logicalAnd", "logicalOr", "logicalXor"}
"""Take numbers here, too: whether they are 0."""
PREDICATES = {
    "equal",
    "notEqual",
    "greater",
    "greaterEqual",
    "less",
    "lessEqual",
    "isNaN",
    "isInf",
    "isFinite",
}


def expected(record):
    """Returns the dtype that a record asks for, or what it is here where that is another one."""
    fn = record["fn"]
    given = {OPERANDS[name][1] for name in record["operands"]}
    if fn in REAL:
        return "float32"
    if fn in LOGICAL or fn in PREDICATES:
        return "bool"
    if fn in ("div", "step") and ("int32" not in given or "float32" in given):
        return "float32"
    if fn in ("onesLike", "zerosLike", "clone", "mean") or "float32" in given:
        return "float32" if "float32" in given else record["dtype"]
    # A number beside an int32 tensor takes its dtype: x + 1 is what x is.
    if given == {"int32", "number"}:
        return "int32"
    # Arithmetic of booleans counts: True + True is 2, which TensorFlow.js calls a bool.
    if "number" not in given:
        return "int32"
    return "float32"


@pytest.mark.parametrize("fn", sorted({record["fn"] for record in RECORDS}))
def test_like_tensorflow_js(fn):
    differing = 0
    for record in (record for record in RECORDS if record["fn"] == fn):
        y = getattr(tf, fn)(*[OPERANDS[name][0]() for name in record["operands"]])
        assert y.dtype == expected(record), record
        if y.dtype == record.get("dtype") and fn != "pow":
            wanted = np.array([_number(value) for value in record["data"]], np.float64)
            np.testing.assert_allclose(
                np.array(y.data_sync(), np.float64), wanted, 1e-5, 1e-7, err_msg=str(record)
            )
        numbers = {"int", "zero", "float", "bool"}.issuperset(record["operands"])
        differing += numbers and "bool" not in record["operands"] and y.dtype != record["dtype"]
    # Numbers alone are in every case what they are there; of floorDiv only the values are.
    assert not differing or fn == "floorDiv"


def test_numbers_alone_are_float32():
    assert tf.div(1, 2).item() == 0.5
    assert tf.div(1, 0).item() == math.inf
    assert (tf.add(1, 2).dtype, tf.add(1, 2).item()) == ("float32", 3.0)
    assert (tf.stack([1, 2]).dtype, tf.addN([1, 2]).dtype) == ("float32", "float32")
    assert (tf.square(3).dtype, tf.neg(3).dtype, tf.sum(3).dtype) == ("float32",) * 3
    assert tf.where(tf.tensor([True, False]), 1, 0).dtype == "float32"
    assert tf.where([True, False], tf.tensor([1, 2], None, "int32"), 0).dtype == "int32"


@pytest.mark.parametrize("number", [2**31, -(2**31) - 1, 2**40, 10**30])
def test_a_number_that_int32_does_not_hold_makes_the_result_float32(number):
    x = tf.tensor([1, -2], None, "int32")
    for y, exact in ((x + number, number + 1), (number - x, number - 1), (x * number, number)):
        assert y.dtype == "float32"
        assert y.array_sync()[0] == np.float32(exact)
    assert (x < number).array_sync() == [number > 0] * 2
    assert tf.maximum(x, number).dtype == "float32"
    assert (x + (2**31 - 1)).array_sync() == [-(2**31), 2**31 - 3]  # int32 arithmetic wraps
    assert (x.toFloat() + number).array_sync() == [np.float32(number)] * 2
