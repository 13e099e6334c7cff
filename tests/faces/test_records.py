"""Files of records: what TensorFlow 2.21 wrote is read, what is written here comes back, and what is damaged is told."""

import base64
import random
import struct

import numpy as np
import pytest

from tests.isolation import SEED
from tfjs_pyo import tensorflow as tf
from tfjs_pyo.errors import (
    ArgumentError,
    DTypeError,
    FormatError,
    MissingFileError,
    OptionError,
    RangeError,
    ShapeError,
    StorageError,
)

# Three examples: image of bytes [i, 200, 3], x [i / 2, 2], n [i, -3], v the whole numbers below i, none without values.
WRITTEN = {
    "": "UAAAAAAAAACUD5uCCk4KEAoFaW1hZ2USBwoFCgMAyAMKEQoBeBIMEgoKCAAAAAAAAABACgcKAXYSAhoAChQKAW4SDxoNCgsA/f//////////AQoICgRub25l"
    "EgBautXVUwAAAAAAAAANfU6RClEKEAoFaW1hZ2USBwoFCgMByAMKEQoBeBIMEgoKCAAAAD8AAABACgoKAXYSBRoDCgEAChQKAW4SDxoNCgsB/f//////////"
    "AQoICgRub25lEgDbxWwDVAAAAAAAAABfUUWHClIKEAoFaW1hZ2USBwoFCgMCyAMKEQoBeBIMEgoKCAAAgD8AAABACgsKAXYSBhoECgIAAQoUCgFuEg8aDQoL"
    "Av3//////////wEKCAoEbm9uZRIAwSs/xA==",
    "GZIP": "H4sIAAAAAAAAAwtggIAp/LObuPy4BLhYM3MT01OF2LlYuZgZTjBzCXIxVgjxCHFxcUBVOnCxczGWCTFJMXCJcDHmCfFL8XJxM/z9DwWMXBxcLHn5ealC"
    "DFG7rl4NhurirfWbyBWIZj4juvn2YPO5QOazSjFzMSJbwYjNittHc5hDoFbEB7q2cwWhWcGEZkUDxApukBVsUixcTAyMSHYwYbPjoLb9EQBCs0iKJwEAAA==",
    "ZLIB": "eJwLYICAKfyzm7j8uAS4WDNzE9NThdi5WLmYGU4wcwlyMVYI8QhxcXFAVTpwsXMxlgkxSTFwiXAx5gnxS/FycTP8/Q8FjFwcXCx5+XmpQgxRu65eDYbq"
    "4q31m8gViGY+I7r59mDzuUDms0oxczEiW8GIzYrbR3OYQ6BWxAe6tnMFoVnBhGZFA8QKbpAVbFIsXEwMjEh2MGGz46C2/REAw+BBPw==",
}
FEATURES = {
    "image": tf.io.FixedLenFeature([], tf.string),
    "x": tf.io.FixedLenFeature([2], tf.float32),
    "n": tf.io.FixedLenFeature((2, 1), tf.int64),
    "v": tf.io.VarLenFeature(tf.int64),
    "absent": tf.io.FixedLenFeature([], tf.float32, default_value=7.0),
}


def as_lists(element):
    return {name: np.asarray(value.numpy()).tolist() for name, value in element.items()}


def parsed(text):
    element = tf.io.parse_single_example(text, FEATURES)
    return element | {"v": tf.sparse.to_dense(element["v"])}


def example(**values):
    kinds = {bytes: ("bytes_list", tf.train.BytesList), float: ("float_list", tf.train.FloatList)}
    made = {}
    for name, given in values.items():
        key, kind = kinds.get(type(given[0]), ("int64_list", tf.train.Int64List))
        made[name] = tf.train.Feature(**{key: kind(value=given)})
    return tf.train.Example(features=tf.train.Features(feature=made))


@pytest.mark.parametrize("compression", WRITTEN)
def test_what_tensorflow_wrote_is_read(tmp_path, compression):
    path = tmp_path / "some.tfrecord"
    path.write_bytes(base64.b64decode(WRITTEN[compression]))
    found = tf.data.TFRecordDataset(str(path), compression_type=compression).map(parsed)
    assert [as_lists(each) for each in found] == [
        {"image": bytes([i, 200, 3]), "x": [i / 2, 2], "n": [[i], [-3]], "v": list(range(i)), "absent": 7}
        for i in range(3)
    ]


@pytest.mark.parametrize("options", [None, "GZIP", tf.io.TFRecordOptions(compression_type="ZLIB")])
def test_drawn_examples_come_back(tmp_path, options):
    draw = random.Random(SEED)
    examples = [
        example(
            b=[draw.randbytes(draw.randrange(200)) for _ in range(draw.randrange(1, 4))],
            f=[
                struct.unpack("<f", struct.pack("<f", draw.gauss(0, 1e6)))[0]
                for _ in range(draw.randrange(1, 50))
            ],
            i=[
                draw.choice([-1, 1]) * draw.getrandbits(draw.randrange(1, 64))
                for _ in range(draw.randrange(1, 50))
            ],
        )
        for _ in range(30)
    ]
    paths = [tmp_path / f"{part}.tfrecord" for part in range(2)]
    for part, path in enumerate(paths):
        with tf.io.TFRecordWriter(str(path), options) as writer:
            for each in examples[part::2]:
                writer.write(each.SerializeToString())
    compression = getattr(options, "compression_type", options)
    found = tf.data.TFRecordDataset([str(path) for path in paths], compression)
    assert [tf.train.Example.FromString(each.numpy()) for each in found] == [*examples[::2], *examples[1::2]]


def test_a_message_is_asked_for_what_it_holds():
    made = example(b=[b"text"], i=[1, 2])
    feature = made.features.feature
    assert feature["b"].WhichOneof("kind") == "bytes_list"
    assert (feature["b"].bytes_list.value, feature["i"].int64_list.value) == ([b"text"], [1, 2])
    assert feature["b"].float_list.value == []
    again = tf.train.Example()
    assert again.ParseFromString(made.SerializeToString()) > 0
    assert again == made != example(b=[b"text"], i=[1, 3])
    assert "Int64List(value=[1, 2])" in repr(made)


def test_batches_of_examples_are_stacked():
    texts = tf.constant([example(x=[float(i), 1.0], n=[i]).SerializeToString() for i in range(3)])
    wanted = {"x": tf.io.FixedLenFeature([2], tf.float32), "n": tf.io.VarLenFeature(tf.int64)}
    assert as_lists(tf.io.parse_example(texts, wanted)) == {
        "x": [[0, 1], [1, 1], [2, 1]],
        "n": [[0], [1], [2]],
    }
    uneven = tf.constant([example(n=[1] * count).SerializeToString() for count in (1, 2)])
    with pytest.raises(ShapeError, match=r"as many values of 'n'.*padded_batch"):
        tf.io.parse_example(uneven, {"n": wanted["n"]})


@pytest.mark.parametrize(
    ("wanted", "error", "words"),
    [
        (
            {"q": tf.io.FixedLenFeature([], tf.float32)},
            ArgumentError,
            "expected the feature 'q'.*default_value",
        ),
        (
            {"x": tf.io.FixedLenFeature([], tf.int64)},
            DTypeError,
            "expected int32 values of 'x', received FloatList",
        ),
        (
            {"x": tf.io.FixedLenFeature([3], tf.float32)},
            ShapeError,
            r"expected 3 values of 'x', for shape \(3,\), received 2",
        ),
        ({"wide": tf.io.FixedLenFeature([], tf.int64)}, RangeError, "'wide'.*32 bits, received 4294967296"),
        ({"x": tf.float32}, ArgumentError, "expected a FixedLenFeature or a VarLenFeature for 'x'"),
        ({}, ArgumentError, "expected a dict of features"),
    ],
)
def test_what_an_example_lacks_is_told(wanted, error, words):
    text = tf.constant(example(x=[1.0, 2.0], wide=[2**32]).SerializeToString())
    with pytest.raises(error, match=words):
        tf.io.parse_single_example(text, wanted)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: tf.train.BytesList(value=["text"]), DTypeError, r"expected bytes \(a text has encode\(\)\)"),
        (lambda: tf.train.FloatList(value=[1e39]), DTypeError, "numbers that a float32 holds"),
        (lambda: tf.train.Int64List(value=[1.5]), DTypeError, "whole numbers"),
        (lambda: tf.train.Int64List(value=[2**63]), DTypeError, "whole numbers of 64 bits"),
        (lambda: tf.train.Int64List(value=3), ArgumentError, "expected a list of values"),
        (lambda: tf.train.Feature(int64_list=[1]), ArgumentError, r"int64_list=tf.train.Int64List\(...\), received"),
        (lambda: tf.train.Feature(ints=tf.train.Int64List(value=[1])), ArgumentError, "received ints="),
        (lambda: tf.train.Example.FromString(b"\xff\xff"), FormatError, "expected a serialized tf.train.Example"),
        (lambda: tf.io.parse_single_example(3, FEATURES), ArgumentError, "expected a string of bytes"),
        (lambda: tf.data.TFRecordDataset("a", "BZIP2"), OptionError, "expected compression 'GZIP' or 'ZLIB'"),
        (lambda: list(tf.data.TFRecordDataset("nowhere/some.tfrecord")), MissingFileError, "nowhere"),
        (lambda: tf.io.TFRecordWriter("nowhere/some.tfrecord"), StorageError, "nowhere"),
    ],
)  # fmt: skip
def test_errors(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_every_damage_of_a_file_is_told(tmp_path):
    whole, path = base64.b64decode(WRITTEN[""]), tmp_path / "some.tfrecord"
    draw = random.Random(SEED)
    damaged = [whole[:end] for end in draw.sample(range(1, len(whole)), 40)]
    damaged += [
        whole[:place] + bytes([whole[place] ^ 1 << draw.randrange(8)]) + whole[place + 1 :]
        for place in draw.sample(range(len(whole)), 80)
    ]
    ends = {0}
    while max(ends) < len(whole):
        ends.add(max(ends) + 16 + struct.unpack("<Q", whole[max(ends) : max(ends) + 8])[0])
    for data in damaged:
        path.write_bytes(data)
        if len(data) in ends and data == whole[: len(data)]:
            assert (
                len(list(tf.data.TFRecordDataset(str(path)))) < 3
            )  # a whole number of records: a shorter file
            continue
        with pytest.raises(FormatError, match=r"record [0-2]"):
            list(tf.data.TFRecordDataset(str(path)))


@pytest.mark.parametrize("compression", ["GZIP", "ZLIB"])
def test_files_that_are_not_compressed_are_told(tmp_path, compression):
    path = tmp_path / "some.tfrecord"
    path.write_bytes(base64.b64decode(WRITTEN[""]))
    with pytest.raises((FormatError, StorageError), match=r"some\.tfrecord"):
        list(tf.data.TFRecordDataset(str(path), compression))


def test_a_writer_that_is_closed_refuses(tmp_path):
    writer = tf.io.TFRecordWriter(str(tmp_path / "some.tfrecord"))
    with pytest.raises(ArgumentError, match=r"expected bytes, such as example.SerializeToString\(\)"):
        writer.write(example(x=[1.0]))
    writer.close()
    writer.close()
    with pytest.raises(StorageError, match="is closed"):
        writer.write(b"late")
