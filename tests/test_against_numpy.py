"""Python's operators and functions, and NumPy's, on tensors: drawn values give what NumPy's arrays give, or words."""

import math
import operator
import random
import warnings

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError, IndexingError, TfError

SEED = 20261130

EXPRESSIONS = """
np.add(a, A) | np.add(A, a) | A + a | a + A | np.float64(2) * a | np.float32(2) - a | np.int64(2) * i | np.int64(2) < i
i < np.int64(2)
np.float64(2) - s | np.add(a, A, out=np.zeros((2, 3), np.float32)) | np.add(A, A, out=a) | i + np.uint8(3)
np.int8(3) // i
np.add(A, a, where=b, out=np.zeros((2, 3), np.float32)) | np.add(a, A, dtype=np.float64)
np.multiply(a, a, casting="no")
np.add.reduce(a) | np.add.reduce(i, initial=4) | np.add.accumulate(a) | np.add.outer(i, i) | np.add.at(i, [0], 1)
np.add.reduceat(i, [0, 2])
np.divmod(i, 2) | np.modf(s) | np.frexp(s) | np.sin(a) | np.matmul(a, A.T) | np.isfinite(a) | np.logical_and(b, B)
np.maximum(i, 2)
np.sum(a, axis=1, dtype=np.float64) | np.sum(a, where=b) | np.mean(a, keepdims=True) | np.max(a, initial=9, axis=0)
np.clip(a, -1, s)
np.prod(i, dtype=np.int32) | np.cumsum(a, axis=1) | np.argmax(a, axis=1) | np.std(a, ddof=1) | np.where(a > 0, a, 0)
np.var(a, axis=0)
np.concatenate([a, A]) | np.concatenate([A, a], axis=1, dtype=np.float64) | np.stack([i, I]) | np.vstack([i, i])
np.array([z, z])
np.array([i, i]) | np.asarray(a, dtype=np.int64) | np.float32(s) | np.int64(z) | np.zeros(z) | np.reshape(a, (3, 2))
np.take(i, [0])
np.sort(i) | np.dot(i, I) | np.vdot(i, i) | np.einsum("ij,kj->ik", a, A) | np.linalg.norm(a) | np.split(i, 3)
np.unique(i) | np.ravel(a)
np.put(i, [0], 9) | np.copyto(i, 0) | np.fill_diagonal(a, 0) | np.place(i, B, [0]) | np.putmask(i, B, 0)
np.put_along_axis(i, I * 0, 9, 0)
np.sum(a, axis=0, out=a[0]) | np.clip(a, 0, 1, out=a) | np.take(i, [0], out=i) | np.cumsum(i, out=i)
np.nan_to_num(a, copy=False)
I.dot(i) | A.sum(axis=z - z) | I.searchsorted(z) | A.clip(s, None) | I[i * 0] | I[b] | A[:, b] | A @ a.T | a @ A.T
I == i | I != i | I & i
pow(i, 2) | pow(i, 2, 5) | 2**i | i**2.0 | i ** abs(i) | a**2 | s**z | divmod(i, 2) | divmod(7, i) | divmod(a, 0.5)
i // 2 | -7 // i | i % -2
i / 2 | i / 0 | i // 0 | i % 0 | a // 0.75 | a % -0.75 | a / 0 | abs(i) | abs(a) | +i | -i | -a | i + 1.5 | i + True
a + 1j | b | ~b
i & 6 | 6 & i | i | 6 | i ^ I | ~i | i << 2 | 1 << abs(i) | i >> 1 | i << 40 | i >> 40 | I << abs(i) | i & b | b & True
b | B | b ^ b | b & 1 | a & 1 | ~a
a << 1 | a & a | i & 1.5 | b << 2 | i << -1
round(a, 1) | math.floor(s) | math.ceil(s) | math.trunc(s) | math.sqrt(abs(s)) | math.floor(z) | math.isclose(s, s)
math.floor(a) | math.gcd(z, 6)
math.factorial(abs(z)) | math.fsum(i) | math.prod(i) | math.dist(i, i * 2) | math.hypot(s, s) | math.copysign(s, -1)
math.pow(2, z) | math.comb(9, abs(z))
operator.index(z) | operator.index(s) | operator.contains(i, z) | operator.indexOf(i, i[1]) | operator.countOf(i, z)
operator.length_hint(i)
operator.matmul(a, A.T) | operator.not_(z) | operator.truth(i) | operator.neg(i) | operator.invert(i)
operator.lshift(i, 1) | operator.delitem(i, 0)
operator.is_not(i, None) | operator.itemgetter(1)(a) | operator.mod(a, 2) | operator.pow(a, 2)
operator.setitem(i, 0, 5)
sum(i) | sum(i, 5) | sum(a) | sorted(i) | sorted(i, reverse=True) | max(i) | min(a[0]) | any(b) | all(b)
list(reversed(i)) | list(map(int, i)) | list(map(abs, i))
z in i | 99 in i | 0.5 in a | A[0] in a | z in a | bool(z) | bool(i) | bool(s) | int(s) | int(a) | float(z) | float(a)
complex(s)
list(range(90))[z] | list(range(abs(z))) | hex(z) | s < 1 < 3 | -99 < z < 99 | -9 < i < 9 | len(a) | len(s) | list(a)
tuple(i)
f"{s:.3f}" | f"{z:>10}" | f"{z:05d}" | f"{s:+e}" | f"{a:.2f}" | f"{z:x}" | "%d" % z | "%.2f" % s | "{:d}".format(s)
"{:,}".format(z)
i < I | i <= 2 | a > A | a >= 0 | a == A | a != 0.5 | i == [3, 1, 2] | i == "a" | i < "a" | b < b | b == B
a[0, 1] | i[z * 0] | i[s] | i[: abs(z)] | i[::-1] | i[5] | a[:, -1] | a[..., None] | a[1:, ::2] | i[B] | i[I * 0]
i[[0, -1]] | a[b * 0 > 0] | a[:, b]
dict(enumerate(i)) | [*zip(i, i)] | set(map(int, i)) | [x for row in a for x in row]
"""  # fmt: skip

REFUSED = {
    "np.add(A, A, out=a)", "np.add.at(i, [0], 1)", "np.put(i, [0], 9)", "np.copyto(i, 0)", "np.fill_diagonal(a, 0)",
    "np.place(i, B, [0])", "np.putmask(i, B, 0)", "np.put_along_axis(i, I * 0, 9, 0)", "np.sum(a, axis=0, out=a[0])",
    "np.clip(a, 0, 1, out=a)", "np.take(i, [0], out=i)", "np.cumsum(i, out=i)", "np.nan_to_num(a, copy=False)",
    "operator.setitem(i, 0, 5)",  # tensors never change
    'i == "a"',  # NumPy says False
}  # fmt: skip
OURS = {
    "round(a, 1)", "math.trunc(s)",  # as Python's numbers have them
    "2**i",  # powers of integers are cut to whole numbers
    "i[s]",  # whole numbers may be float32
}  # fmt: skip


def expressions():
    """The texts above, which blanks around a bar part; a bar between brackets or operands is one of Python's."""
    found = [each.strip() for line in EXPRESSIONS.splitlines() for each in line.split(" | ")]
    whole = [each for each in found if each and each not in ("i", "6", "b", "B")]
    return [*whole, "i | 6", "b | B", "6 | i"]


def drawn(text):
    stream = random.Random(f"{SEED}{text}")
    numbers = [0.0, 1.0, -1.0, 0.5, -2.5, 2.0, 3.25, -0.75]
    return {
        "a": np.array([stream.choice(numbers) for _ in range(6)], np.float32).reshape(2, 3),
        "i": np.array([stream.choice([1, 2, 3, -1, -2, 5, -7]) for _ in range(3)], np.int32),
        "b": np.array([stream.choice([True, False]) for _ in range(3)]),
        "s": np.float32(stream.choice(numbers)),
        "z": np.int32(stream.choice([1, 2, 3, 4])),
    }


def evaluated(text, arrays, make):
    """The value of an expression, or the error."""
    names = {name: make(value) for name, value in arrays.items()}
    fixed = {name.upper(): value.copy() for name, value in arrays.items()}
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return eval(text, {"np": np, "math": math, "operator": operator}, {**fixed, **names})
    except Exception as error:  # noqa: BLE001 (which one, is the question)
        return error


def leaves(value):
    if isinstance(value, dict):
        return leaves([*value, *value.values()])
    if isinstance(value, (list, tuple, set)):
        return [leaf for each in value for leaf in leaves(each)]
    return [value if isinstance(value, (str, int, float, complex)) else np.asarray(value)]


@pytest.mark.parametrize("text", expressions())
def test_expression(text):
    for number in range(3):
        arrays = drawn(f"{text}{number}")
        expected = evaluated(text, arrays, lambda value: value.copy())
        found = evaluated(text, arrays, tf.tensor)
        if isinstance(expected, Exception):
            if text not in OURS and not isinstance(found, Exception):
                pytest.fail(f"NumPy: {expected!r}; here: {found}")
            assert not isinstance(found, (AttributeError, RecursionError, AssertionError))
            continue
        if isinstance(found, Exception):
            assert text in REFUSED, found
            assert isinstance(found, (TfError, TypeError, ValueError))
            assert len(str(found)) > 20
            continue
        ours, theirs = leaves(found), leaves(expected)
        assert len(ours) == len(theirs)
        for mine, other in zip(ours, theirs, strict=True):
            assert np.shape(mine) == np.shape(other)
            if isinstance(other, str):
                assert mine == other
            else:
                kinds = np.asarray(mine).dtype.kind, np.asarray(other).dtype.kind
                assert kinds[0] == kinds[1], kinds
                np.testing.assert_allclose(mine, other, 3e-6, 1e-6)


def test_every_refusal_listed_is_one():
    assert set(expressions()) >= REFUSED | OURS
    for text in REFUSED:
        assert isinstance(evaluated(text, drawn(f"{text}0"), tf.tensor), Exception), text


def test_tensors_are_not_written_to():
    x = tf.ones([3])
    for call in (lambda: np.copyto(x, 2), lambda: np.put(x, 0, 2), lambda: np.sum(x, out=tf.scalar(1.0))):
        with pytest.raises(ArgumentError, match="expected an array to write to, received a tensor"):
            call()
    assert x.tolist() == [1, 1, 1]
    for view in (np.reshape(x, (1, 3)), np.split(x, 3)[0], np.asarray(x)):
        view[...] = 5
    assert x.tolist() == [1, 1, 1]


def test_indices_of_floats():
    x = tf.tensor([10, 20, 30])
    assert x[tf.tensor([0, -1])].tolist() == [10, 30]
    assert x[tf.scalar(1)].item() == 20
    for wrong in (tf.scalar(0.5), tf.tensor([0.0, math.nan]), tf.tensor([3.0])):
        with pytest.raises(IndexingError, match="expected"):
            _ = x[wrong]


@pytest.mark.parametrize("base", [-3, -2, -1, 0, 1, 2])
@pytest.mark.parametrize("exponent", [-3, -2, -1, 0, 1, 4])
def test_powers_of_integers_are_cut_to_whole_numbers(base, exponent):
    expected = 0 if base == 0 and exponent < 0 else math.trunc(base**exponent)
    assert (tf.scalar(base, "int32") ** tf.scalar(exponent, "int32")).item() == expected
