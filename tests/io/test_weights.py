"""Weights as bytes: every dtype, quantized or not, in pieces; and specs that lie."""

import asyncio
import math
import struct

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import DTypeError, FormatError, ShapeError


def encode(tensors, *group):
    return asyncio.run(tf.io.encodeWeights(tensors, *group))


def spec(name="w", shape=(2,), dtype="float32", **more):
    return {"name": name, "shape": list(shape), "dtype": dtype, **more}


def test_every_dtype_comes_back():
    tensors = {
        "f": tf.tensor([[1.5, -2.0]]),
        "i": tf.tensor([1, -7], None, "int32"),
        "b": tf.tensor([True, False, True]),
        "c": tf.complex([1.0, 2.0], [3.0, -4.0]),
        "s": tf.tensor(["a", "größer", ""]),
        "scalar": tf.scalar(3.0),
        "empty": tf.zeros([0, 2]),
    }
    made = encode(tensors)
    assert [s["dtype"] for s in made["specs"]] == [t.dtype for t in tensors.values()]
    assert [s["shape"] for s in made.specs] == [list(t.shape) for t in tensors.values()]
    found = tf.io.decodeWeights(made["data"], made["specs"])
    for name, tensor in tensors.items():
        assert found[name].dtype == tensor.dtype
        assert found[name].shape == tensor.shape
        assert found[name].array_sync() == tensor.array_sync()
    pieces = [made["data"][i : i + 5] for i in range(0, len(made["data"]), 5)]
    assert tf.io.decode_weights(pieces, made["specs"])["f"].array_sync() == [[1.5, -2]]
    streamed = asyncio.run(tf.io.decodeWeightsStream(iter(pieces), made["specs"]))
    assert streamed["s"].array_sync() == ["a", "größer", ""]


def test_bytes_are_those_of_tensorflow_js():
    made = encode(
        [{"name": "s", "tensor": tf.tensor(["ab"])}, {"name": "b", "tensor": tf.tensor([True])}], "optimizer"
    )
    assert made["data"] == b"\x02\0\0\0ab\x01"
    assert made["specs"][1] == spec("b", [1], "bool", group="optimizer")
    with pytest.raises(DTypeError, match="expected 'x' to be a tensor, received int"):
        encode({"x": 3})


@pytest.mark.parametrize(("kind", "code"), [("uint8", "B"), ("uint16", "H")])
def test_quantized_numbers(kind, code):
    values = [0, 1, 7, 255]
    data = struct.pack(f"<4{code}", *values)
    quantization = {"dtype": kind, "scale": 0.1, "min": -1.25}
    found = tf.io.decodeWeights(data, [spec(shape=[4], quantization=quantization)])["w"]
    expected = np.array([v * 0.1 - 1.25 for v in values], np.float32)
    np.testing.assert_array_equal(found.numpy(), expected)
    whole = tf.io.decodeWeights(data, [spec(shape=[2, 2], dtype="int32", quantization=quantization)])["w"]
    assert whole.array_sync() == [
        [math.floor(v * 0.1 - 1.25 + 0.5) for v in row] for row in ([0, 1], [7, 255])
    ]


def test_float16():
    data = np.array([1.5, -0.0, np.inf, 6e-8], np.float16).tobytes()
    found = tf.io.decodeWeights(data, [spec(shape=[4], quantization={"dtype": "float16"})])["w"]
    np.testing.assert_array_equal(found.numpy(), np.frombuffer(data, np.float16).astype(np.float32))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            spec(shape=[3]),
            r"weight 'w': expected 12 bytes for shape \[3\] of float32, but only 8 of 8 are left",
        ),
        (spec(shape=[-1]), r"expected 'shape' to be a list of integers from 0, received \[-1\]"),
        (spec(shape=[True]), "expected 'shape'"),
        (spec(shape=[2**39, 2**39]), "expected 'shape'"),
        ({**spec(), "shape": 2}, "expected 'shape'"),
        (spec(dtype="float99"), "expected 'dtype' to be one of float32.*received 'float99'"),
        (spec(name=None), "expected the name of a weight to be a string"),
        (None, "expected a spec with name, shape and dtype, received NoneType"),
        (spec(dtype="string", shape=[3]), "only 8 of 8 are left"),
        (spec(quantization={"dtype": "uint4"}), "quantized as uint8, uint16 or float16, received 'uint4'"),
        (spec(quantization={"dtype": "uint8", "scale": 1}), "a number 'min'"),
        (spec(quantization={"dtype": "uint8", "scale": "1", "min": 0}), "a number 'scale'"),
        (spec(quantization=3), "quantized as"),
        (
            spec(dtype="int32", quantization={"dtype": "float16"}),
            "a dtype that float16 can stand for, received int32",
        ),
    ],
)
def test_specs_that_lie(given, message):
    with pytest.raises(FormatError, match=message):
        tf.io.decodeWeights(bytes(8), [given])


def test_pieces_of_bytes():
    whole = tf.io.CompositeArrayBuffer([b"abc", b"", b"de"])
    assert whole.byteLength == 5
    assert [whole.slice(a, b) for a, b in [(0, 5), (1, 2), (2, 4), (3, 9), (4, 4)]] == [
        b"abcde",
        b"b",
        b"cd",
        b"de",
        b"",
    ]
    assert tf.io.CompositeArrayBuffer(whole).slice(1) == b"bcde"
    assert tf.io.concatenateArrayBuffers([b"a", bytearray(b"b")]) == b"ab"
    with pytest.raises(FormatError, match="expected bytes or a list of bytes, received str"):
        tf.io.CompositeArrayBuffer(["abc"])
    with pytest.raises(FormatError, match="expected bytes or a list of bytes, received bool"):
        tf.io.CompositeArrayBuffer(True)


def test_a_loader_of_weights_fetches_what_is_asked_for():
    fetched = []

    async def fetch(paths):
        fetched.extend(paths)
        return [np.arange(2, dtype=np.float32).tobytes() for _ in paths]

    load = tf.io.weightsLoaderFactory(fetch)
    manifest = [
        {"paths": ["a0", "a1"], "weights": [spec("a", [3]), spec("b", [1])]},
        {"paths": ["c0"], "weights": [spec("c", [2])]},
    ]
    found = asyncio.run(load(manifest, "at/", ["b"]))
    assert {name: tensor.array_sync() for name, tensor in found.items()} == {"b": [1]}
    assert fetched == ["at/a0", "at/a1"]
    assert set(asyncio.run(load(manifest))) == {"a", "b", "c"}
    with pytest.raises(FormatError, match="no weights named 'd'; the manifest has 'a', 'b', 'c'"):
        asyncio.run(load(manifest, "", ["d"]))
    assert tf.io.getWeightSpecs(manifest)[2]["name"] == "c"


def model():
    return tf.sequential({"layers": [tf.layers.dense({"units": 2, "inputShape": [3], "name": "d"})]})


def test_weights_are_found_by_name_then_by_parts_of_names_then_by_order():
    kernel, bias = tf.ones([3, 2]), tf.ones([2])
    for names in (
        ("d/kernel", "d/bias"),
        ("sequential/d/kernel:0", "sequential/d/bias:0"),
        ("d/cell/kernel", "d/cell/bias"),
    ):
        made = model()
        made.loadWeights({names[1]: bias, names[0]: kernel})
        assert made.predict(tf.ones([1, 3])).array_sync() == [[4, 4]]
    made = model()
    with pytest.warns(
        UserWarning, match="matched by order and shape: 'x/kernel' -> 'd/kernel', 'x/bias' -> 'd/bias'"
    ):
        made.loadWeights({"x/kernel": kernel, "x/bias": bias})
    assert made.predict(tf.ones([1, 3])).array_sync() == [[4, 4]]


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"d/kernel": [3, 2]}, FormatError, "received none for 'd/bias'"),
        (
            {"d/kernel": [3, 2], "d/bias": [2], "e": [1]},
            FormatError,
            "received 'e', which the model does not have",
        ),
        ({"d/kernel": [2, 3], "d/bias": [2]}, ShapeError, r"expected shape \[3, 2\], received \[2, 3\]"),
        ({"e/kernel": [2, 3], "e/bias": [2]}, FormatError, "received none for 'd/kernel', 'd/bias'"),
    ],
)
def test_weights_that_do_not_fit_change_nothing(given, error, message):
    made = model()
    before = [w.numpy().copy() for w in made.getWeights()]
    with pytest.raises(error, match=message):
        made.loadWeights({name: tf.ones(shape) for name, shape in given.items()})
    for a, b in zip(made.getWeights(), before, strict=True):
        np.testing.assert_array_equal(a.numpy(), b)


def test_what_fits_is_loaded_if_told_so():
    made = model()
    made.loadWeights({"d/bias": tf.fill([2], 5), "other": tf.ones([1])}, strict=False)
    assert made.getWeights()[1].array_sync() == [5, 5]
