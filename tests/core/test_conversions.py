"""Tensors in other shapes, dtypes and hands: as1D to as5D, buffers, bytes, text."""

import array
import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import OptionError, ShapeError

X = [[1, 2.5], [3, 4]]


def test_shapes_by_rank():
    x = tf.tensor(X)
    assert x.as1D().shape == x.flatten().shape == (4,)
    assert x.as2D(4, 1).shape == (4, 1)
    assert x.as3D(1, 4, 1).shape == (1, 4, 1)
    assert x.as4D(1, 2, 1, 2).shape == (1, 2, 1, 2)
    assert x.as5D(1, 1, 2, 1, 2).shape == (1, 1, 2, 1, 2)
    assert x.reshapeAs(tf.zeros([4, 1])).shape == (4, 1)
    assert tf.tensor([[7.0]]).asScalar().array_sync() == 7
    with pytest.raises(ShapeError, match="as3d: expected 3 dimensions, received 2"):
        x.as3D(2, 2)
    with pytest.raises(ShapeError, match="one element"):
        x.asScalar()


def test_what_can_be_an_array_can_be_a_tensor():
    """A frame of pandas, say, which is no sequence of rows."""

    class Frame:
        def __array__(self, dtype=None, copy=None):
            return np.array(X, dtype)

    assert tf.tensor(Frame()).array_sync() == X
    assert tf.add(Frame(), 1).array_sync() == [[2, 3.5], [4, 5]]


def test_dtypes():
    x = tf.tensor(X)
    assert x.asType("int32").array_sync() == [[1, 2], [3, 4]]
    v = x.variable(False, "kept", "int32")
    assert (v.name, v.trainable, v.dtype) == ("kept", False, "int32")


def test_buffers_are_copies_that_can_be_changed():
    x = tf.tensor(X)
    b = x.buffer_sync()
    b.set(9, 1, 0)
    assert b.get(1, 0) == 9
    assert b.toTensor().array_sync() == [[1, 2.5], [9, 4]]
    assert x.array_sync() == X
    assert asyncio.run(x.buffer()).values == array.array("f", [1, 2.5, 3, 4])


@pytest.mark.parametrize("dtype", ["float32", "int32", "bool", "complex64", "string"])
def test_a_buffer_of_every_dtype(dtype):
    values = {"string": ["a", "b"], "complex64": [1j, 2], "bool": [True, False]}.get(dtype, [1, 2])
    b = tf.buffer([2], dtype, values)
    assert b.toTensor().array_sync() == values
    assert b.toTensor().bufferSync().toTensor().array_sync() == values
    assert tf.buffer([2], dtype).get(1) == ("" if dtype == "string" else 0)


def test_places():
    b = tf.buffer([2, 3, 4])
    for place in range(24):
        assert b.locToIndex(b.indexToLoc(place)) == place
    assert (b.rank, b.size, b.strides) == (3, 24, [12, 4])
    with pytest.raises(OptionError, match="between 0 and 2 along axis 1, received 3"):
        b.get(0, 3, 0)
    with pytest.raises(OptionError, match="expected 3 indices"):
        b.set(1, 0)
    with pytest.raises(ShapeError, match="expected 4 values"):
        tf.buffer([4], "float32", [1])


def test_bytes():
    assert asyncio.run(tf.tensor(X).bytes()) == np.array(X, np.float32).tobytes()
    assert asyncio.run(tf.tensor(["a", "é"]).bytes()) == [b"a", "é".encode()]


def test_text(capsys):
    x = tf.tensor(X)
    tf.print(x)
    x.print(True)
    printed = capsys.readouterr().out
    assert printed == f"{x.toString()}\n{x.toString(True)}\n"
    assert "dtype: float32" in x.toString(True)


def test_html():
    assert tf.tensor([["<b>"]])._repr_html_().endswith("><tr><td>&#x27;&lt;b&gt;&#x27;</td></tr></table>")
    assert "the first matrix" in tf.zeros([2, 2, 2])._repr_html_()
    assert "&hellip;" in tf.zeros([30])._repr_html_()
    assert "empty" in tf.zeros([0, 3])._repr_html_()
    assert tf.scalar(1)._repr_html_() is None


def test_joining_as_methods():
    x = tf.tensor(X)
    assert x.concat(x, 1).shape == x.concat([x], 1).shape == (2, 4)
    assert x.stack([x, x]).shape == (3, 2, 2)
    assert x.where([[True, False], [False, True]], 0).array_sync() == [[1, 0], [0, 4]]


def test_python_numbers():
    x = tf.scalar(7.4)
    assert round(x) == 7
    assert round(x, 1) == pytest.approx(7.4)
    quotient, rest = divmod(x, 2)
    assert (float(quotient), float(rest)) == pytest.approx((3, 1.4), rel=1e-5)
    assert float(divmod(15, x)[0]) == 2
