"""Numbers from outside: what int32 does not hold is float32 where no dtype was asked for, an error where int32 was."""

import asyncio
import json
import math
import struct
from array import array

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import DTypeError
from tfjs_pyo.io.keras_files import artifacts_in

LEAST, MOST = -(2**31), 2**31 - 1
KINDS = [np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64]
WIDE = [2**31, -(2**31) - 1, 2**40, 1_700_000_000_000, -(2**62), 2**64]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_arrays_of_integers_keep_their_values(kind):
    generator = np.random.default_rng(7)
    info = np.iinfo(kind)
    ends = np.array([info.min, info.max, 0], kind)
    drawn = generator.integers(info.min, info.max, 50, kind, endpoint=True)
    small = np.array([0, 1, 100, min(info.max, MOST), max(info.min, LEAST)], kind)
    for values in (ends, drawn, small, drawn.reshape(5, 10)[:, ::3], values_of_other_order(drawn)):
        x = tf.tensor(values)
        fits = values.min() >= LEAST and values.max() <= MOST
        assert x.dtype == ("int32" if fits else "float32")
        np.testing.assert_array_equal(x.numpy(), values.astype(np.int32 if fits else np.float32))
        if not fits:
            with pytest.raises(DTypeError, match="for dtype int32, received"):
                tf.tensor(values, None, "int32")
    assert tf.tensor(np.zeros((0, 2), kind)).dtype == "int32"


def values_of_other_order(values):
    return values.astype(values.dtype.newbyteorder())


@pytest.mark.parametrize("number", WIDE)
def test_every_way_in(number):
    rounded = float(np.float32(number))
    kind = np.int64 if LEAST * 2**32 <= number < 2**63 else object
    ways = {
        "list": tf.tensor([number]),
        "nested": tf.tensor([[number], [1]]),
        "number": tf.scalar(number),
        "array": tf.tensor1d(np.array([number], kind)),
        "arrays in a list": tf.tensor([np.array([number], kind)]),
        "variable": tf.variable([number]),
        "fill": tf.fill([2], number),
        "operand": tf.add(tf.tensor([0], None, "int32"), number),
        "reflected": number + tf.tensor([0], None, "int32"),
        "buffer": tf.buffer([1], "float32", [number]).toTensor(),
        "range": tf.range(number, number + 1),
        "oneHot": tf.oneHot([0], 2, number, 0, "float32"),
        "pad": tf.pad([0.0], [[1, 0]], number),
    }
    if kind is np.int64:
        ways["array.array"] = tf.tensor(array("q", [number]))
        ways["operand of NumPy"] = tf.tensor([0], None, "int32") + np.int64(number)
    for way, x in ways.items():
        assert (x.dtype, x.data_sync()[0]) == ("float32", rounded), way


@pytest.mark.parametrize("number", [*WIDE, 3e9, -1e10, math.inf, -math.inf, math.nan, np.float64(1e300)])
@pytest.mark.parametrize(
    "make",
    [
        lambda n: tf.tensor([n], None, "int32"),
        lambda n: tf.tensor([[1, 2], [3, n]], None, "int32"),
        lambda n: tf.tensor(np.array([n]), None, "int32"),
        lambda n: tf.scalar(n, "int32"),
        lambda n: tf.tensor2d([[n]], None, "int32"),
        lambda n: tf.variable([n], True, None, "int32"),
        lambda n: tf.fill([2], n, "int32"),
        lambda n: tf.oneHot([0], 2, n),
        lambda n: tf.oneHot([0], 2, 1, n),
        lambda n: tf.pad(tf.tensor([1], None, "int32"), [[1, 1]], n),
        lambda n: tf.buffer([1], "int32", [n]),
        lambda n: tf.buffer([1], "int32").set(n, 0),
        lambda n: tf.rand([1], lambda: n, "int32"),
    ],
)
def test_int32_is_asked_for_in_vain(make, number):
    with pytest.raises(
        DTypeError, match=r"expected numbers between -2147483648 and 2147483647 for dtype int32, received"
    ):
        make(number)


@pytest.mark.parametrize(
    "number", [2147483647.5, -2147483648.5, 1.9, -1.9, 0, True, np.int16(-7), LEAST, MOST]
)
def test_int32_takes_what_fits_and_cuts_it_to_a_whole_number(number):
    whole = int(number)
    for x in (
        tf.tensor([number], None, "int32"),
        tf.tensor(np.array([number]), None, "int32"),
        tf.fill([1], number, "int32"),
        tf.buffer([1], "int32", [number]).toTensor(),
    ):
        assert (x.dtype, x.array_sync()) == ("int32", [whole])


def test_ranges_of_int32_end_within_it():
    assert tf.range(MOST - 2, MOST, 1, "int32").array_sync() == [MOST - 2, MOST - 1]
    assert tf.range(LEAST + 2, LEAST, -1, "int32").array_sync() == [LEAST + 2, LEAST + 1]
    for start, stop in ((MOST - 1, MOST + 3), (2**33, 2**33 + 2), (LEAST, LEAST - 2)):
        with pytest.raises(DTypeError, match="range: expected numbers between"):
            tf.range(start, stop, None, "int32")


def test_floats_beyond_float32_are_infinite():
    for values in (np.array([1e300, -1e300]), [1e300, -1e300], [np.float64(1e300), -1e300]):
        assert tf.tensor(values).array_sync() == [math.inf, -math.inf]
    assert (tf.ones([1]) * 1e300).array_sync() == [math.inf]


@pytest.mark.parametrize(
    "make", [lambda n: tf.tensor([n]), lambda n: tf.add(n, 1), lambda n: tf.ones([1]) * n]
)
def test_integers_that_no_float_reaches_are_refused(make):
    with pytest.raises(DTypeError, match="within the range of float32, received a number of 2001 bits"):
        make(2**2000)


CASTS = {
    3e9: MOST, -3e9: LEAST, math.inf: MOST, -math.inf: LEAST, math.nan: 0, 2.0**31: MOST, -(2.0**31): LEAST,
    2147483520.0: 2147483520, -2147483904.0: LEAST, 1.9: 1, -1.9: -1, 0.4: 0,
}  # fmt: skip


def test_casts_saturate():
    floats = list(CASTS)
    expected = list(CASTS.values())
    assert tf.cast(tf.tensor(floats), "int32").array_sync() == expected
    assert [tf.cast(number, "int32").item() for number in floats] == expected
    assert [tf.cast(tf.scalar(number), "int32").item() for number in floats] == expected


def test_bounds_of_int32_saturate():
    x = tf.tensor([-5, 7], None, "int32")
    for low, high, expected in ((-math.inf, 6, [-5, 6]), (0, 2**40, [0, 7]), (-(2**40), math.inf, [-5, 7])):
        y = tf.clipByValue(x, low, high)
        assert (y.dtype, y.array_sync()) == ("int32", expected)


def test_models_compute_with_the_values_given():
    model = tf.sequential(
        layers=[tf.layers.dense(1, input_shape=[1], use_bias=False, kernel_initializer="ones")]
    )
    stamp = 1_700_000_000_000
    inputs = np.array([[stamp]])
    assert model.predict(inputs).item() == np.float32(stamp)
    assert model.predict_on_batch(tf.tensor(inputs)).item() == np.float32(stamp)
    model.compile("sgd", "meanAbsoluteError")
    assert model.evaluate(inputs, np.array([[2**40]])).item() == pytest.approx(stamp - 2**40, rel=1e-6)
    history = asyncio.run(model.fit(inputs, np.array([[2**40]]), epochs=1)).history
    assert history["loss"][0] == pytest.approx(stamp - 2**40, rel=1e-6)


def test_datasets_keep_the_values_given():
    async def batches():
        return await tf.data.array([{"at": 2**40}, {"at": np.int64(3)}]).batch(2).to_array()

    (batch,) = asyncio.run(batches())
    assert batch["at"].array_sync() == [2.0**40, 3.0]


def test_weights_of_files_keep_their_values():
    numbers = {
        "I64": ("q", [2**40, -1]),
        "U32": ("I", [2**32 - 1, 5]),
        "U64": ("Q", [2**63]),
        "I16": ("h", [-7]),
    }
    header, body = {}, b""
    for kind, (code, values) in numbers.items():
        data = array(code, values).tobytes()
        header[kind] = {
            "dtype": kind, "shape": [len(values)], "data_offsets": [len(body), len(body) + len(data)],
        }  # fmt: skip
        body += data
    text = json.dumps(header).encode()
    found = artifacts_in("a.safetensors", struct.pack("<Q", len(text)) + text + body)
    for (code, values), spec, data in zip(
        numbers.values(), found["weightSpecs"], found["weightData"], strict=True
    ):
        assert spec["dtype"] == ("int32" if code == "h" else "float32")
        assert array("i" if code == "h" else "f", data).tolist() == [float(np.float32(v)) for v in values]
