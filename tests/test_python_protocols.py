"""Tensors in Python's and NumPy's own functions: formats, rounding, arrays, what NumPy calls by the names of methods."""

import math

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.core import values
from tfjs_pyo.errors import OptionError, ShapeError

A = np.array([[-2.0, 0.5, 1.25], [3.0, -0.75, 1.25]], np.float32)

NUMPY = {
    **{name: [{}, {"axis": 1}, {"axis": 0, "keepdims": True}] for name in (
        "mean", "sum", "max", "min", "prod", "any", "all", "std", "var", "amax", "amin", "median", "nanmax", "ptp",
        "argmax", "argmin", "count_nonzero",
    )},
    **{name: [{}, {"axis": 1}] for name in ("cumsum", "cumprod", "nancumsum")},
    "reshape": [{"shape": (3, 2)}], "transpose": [{}, {"axes": (1, 0)}], "squeeze": [{}],
    "clip": [{"a_min": 0, "a_max": 1}], "round": [{}, {"decimals": 1}], "around": [{"decimals": 1}],
    "ravel": [{}], "repeat": [{"repeats": 2}], "take": [{"indices": [0, 1]}], "sort": [{}, {"axis": 0}],
    "argsort": [{}], "swapaxes": [{"axis1": 0, "axis2": 1}], "diagonal": [{}], "trace": [{}], "nonzero": [{}],
    "real": [{}], "imag": [{}], "copy": [{}], "expand_dims": [{"axis": 0}], "flip": [{}], "exp": [{}], "sqrt": [{}],
    "shape": [{}], "ndim": [{}], "size": [{}], "zeros_like": [{}], "ones_like": [{}], "linalg.norm": [{}],
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("name", NUMPY)
def test_functions_of_numpy_give_what_they_give_for_arrays(name):
    function = np
    for part in name.split("."):
        function = getattr(function, part)
    for options in NUMPY[name]:
        expected, found = function(A, **options), function(tf.tensor(A), **options)
        assert type(found) is type(expected)
        np.testing.assert_array_equal(found, expected)


def test_functions_of_numpy_keep_their_own_options():
    t, out = tf.tensor(A), np.zeros(3, np.float32)
    assert np.sum(t, dtype=np.float64).dtype == np.float64
    assert np.sum(t, axis=0, out=out) is out
    np.testing.assert_array_equal(out, A.sum(0))
    assert np.max(t, initial=7) == 7
    assert np.sum(t, where=A > 0) == A[A > 0].sum()
    np.testing.assert_array_equal(np.concatenate([t, A, t]), np.concatenate([A, A, A]))
    np.testing.assert_array_equal(np.where(A > 0, t, 0), np.where(A > 0, A, 0))


def test_shapes_are_known_to_numpy_where_values_are_not():
    seen = []

    @tf.custom_grad
    def own(x, save):
        seen.append((np.shape(x), np.ndim(x), np.zeros_like(x).shape))
        return {"value": x, "gradFunc": lambda dy, saved: dy}

    assert own(tf.ones([2, 3])).shape == (2, 3)
    assert seen == [((2, 3), 2, (2, 3))]


@pytest.mark.parametrize(
    ("value", "dtype", "form"),
    [(2.5, None, ".3f"), (2.5, None, "+8.1e"), (3, "int32", "05d"), (True, "bool", "d"), ("ab", None, ">4")],
)
def test_a_tensor_of_one_element_is_formatted_as_its_value(value, dtype, form):
    t = tf.tensor(value, dtype=dtype)
    assert format(t, form) == format(t.reshape([1, 1]), form) == format(value, form)
    assert f"{t}" == str(t)


def test_a_format_of_several_elements_says_what_to_do():
    with pytest.raises(ShapeError, match=r"one element for '\.2f', received shape \(2, 3\)"):
        format(tf.tensor(A), ".2f")


def test_tolist():
    assert tf.tensor(A).tolist() == A.tolist()
    assert tf.scalar(2, "int32").tolist() == 2
    assert tf.tensor([True]).tolist() == [True]


@pytest.mark.parametrize("digits", [None, 0, 1, 2, 5, 30, 44, -1, -3, -45])
def test_round_rounds_each_element(digits):
    values = np.array([0.0, 0.5, 1.5, 2.676, -1.25, 123.456, 8e6, 1e30, -1e-30, 15.0, 25.0], np.float32)
    expected = [round(float(v), digits or 0) for v in values]
    np.testing.assert_allclose(round(tf.tensor(values), digits).numpy(), expected, rtol=2e-7, atol=1e-44)
    whole = np.array([0, 5, 15, 25, -5, -15, 149, 150, -151, 2**31 - 60000], np.int32)
    expected = [round(int(v), digits or 0) for v in whole]
    found = round(tf.tensor(whole, dtype="int32"), digits)
    assert (found.dtype, found.tolist()) == ("int32", expected)


def test_round_of_a_scalar_is_a_number():
    assert round(tf.scalar(2.5)) == 2
    assert isinstance(round(tf.scalar(2.5)), int)
    assert math.isclose(round(tf.scalar(2.567), 2), 2.57, rel_tol=1e-6)


def test_arrays_are_copied_once_and_never_without_leave(monkeypatch):
    t = tf.tensor(A)
    array = np.asarray(t, dtype=np.float32)
    assert array.flags.writeable
    array[0, 0] = 99
    assert t.tolist()[0][0] == -2
    made = t.numpy()
    with monkeypatch.context() as patch:
        patch.setattr(values, "as_array", lambda *_: made)
        assert np.shares_memory(t.__array__(np.float32), made)
    with pytest.raises(OptionError, match="copy=False"):
        np.array(t, copy=False)
    with pytest.raises(ValueError, match="copy"):
        np.array(t, copy=False)


@pytest.mark.parametrize("dtype", ["float32", "int32", "complex64"])
def test_dlpack(dtype):
    t = tf.cast(tf.tensor(A), dtype)
    np.testing.assert_array_equal(np.from_dlpack(t), t.numpy())
    with pytest.raises(BufferError):
        np.from_dlpack(t, copy=False)


@pytest.mark.parametrize("value", [1.0, 3, True, [1.0, 2.0], [[1, 2]], A, np.float32(2)], ids=str)
def test_variables_are_made_of_what_tensors_are_made_of(value):
    made, expected = tf.Variable(value), tf.tensor(value)
    assert (made.dtype, made.shape, made.tolist()) == (expected.dtype, expected.shape, expected.tolist())
    made.assign(expected)
    assert tf.Variable(value, False, "w", "float32").dtype == "float32"


class Image:
    """Says that it is an array as images of PIL do: by a property of its class."""

    def __init__(self, pixels):
        self.pixels = pixels

    @property
    def __array_interface__(self):
        return {**self.pixels.__array_interface__, "data": self.pixels.tobytes()}


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.bool_, np.int32])
def test_images_of_pil(dtype):
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3).astype(dtype)
    np.testing.assert_array_equal(tf.tensor(Image(pixels)).numpy(), pixels)
    assert tf.tensor(Image(pixels), dtype="float32").dtype == "float32"
    np.testing.assert_array_equal(tf.tensor([Image(pixels), Image(pixels)]).numpy(), [pixels, pixels])
