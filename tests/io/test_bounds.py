"""What headers of HDF5 and safetensors may ask for: nothing that the file cannot hold is made; always an error of ours."""

import io
import json
import random
import struct
import tracemalloc

import h5py
import numpy as np
import pytest

from tfjs_pyo.errors import FormatError, TfError
from tfjs_pyo.io.keras_files import artifacts_in

SEED = 20261129


def safetensors(header, body=b"\0" * 16):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def tensor(dtype="F32", shape=(4,), offsets=(0, 16)):
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


HEADERS = {
    "negative": tensor(shape=[-2, -2]), "one negative": tensor(shape=[-4]), "huge": tensor(shape=[2**63]),
    "many": tensor(shape=[2**40] * 60),
    "very many": tensor(shape=[2**62] * 100_000), "fractions": tensor(shape=[4.0]),
    "truth": tensor(shape=[True, 4]), "text": tensor(shape="4"),
    "nested": tensor(shape=[[4]]), "none": tensor(shape=None), "no shape": {"dtype": "F32", "data_offsets": [0, 16]},
    "beyond": tensor(offsets=[0, 2**63]), "behind": tensor(offsets=[16, 32]), "reversed": tensor(offsets=[16, 0]),
    "below": tensor(offsets=[-16, 0]), "short": tensor(offsets=[0, 8]),
    "one offset": tensor(offsets=[0]), "no offsets": {"dtype": "F32"},
    "offsets of text": tensor(offsets=["0", "16"]), "offsets of truth": tensor(offsets=[False, 16]),
    "dtype": tensor(dtype="F99"),
    "no dtype": tensor(dtype=None),
    "dtype of many": tensor(dtype=["F32"] * 1000), "a number": 5, "a list": [1, 2], "nothing": None,
    "of 2**63 bytes": tensor("F64", [2**60], [0, 2**63]),
}  # fmt: skip


@pytest.mark.parametrize("name", HEADERS)
def test_headers_of_safetensors(name):
    with pytest.raises(FormatError, match=r"m\.safetensors|weight 'w'"):
        artifacts_in("m.safetensors", safetensors({"w": HEADERS[name]}))


@pytest.mark.parametrize(
    "content",
    [b"", b"1234567", struct.pack("<Q", 2**63) + b"{}", struct.pack("<Q", 2**64 - 1) + b"{}", safetensors(b"[" * 100_000),
     safetensors(b"5"), safetensors(b"\xff\xfe"), safetensors(b'{"w": ' * 50_000), safetensors(b"9" * 10_000), safetensors([1])],
    ids=range(10),
)  # fmt: skip
def test_headers_of_safetensors_that_are_none(content):
    with pytest.raises(FormatError):
        artifacts_in("m.safetensors", content)


def test_tensors_that_share_their_bytes():
    """Ten thousand of a megabyte each, in a file of two."""
    body = b"\0" * 2**20
    header = {f"w{number}": tensor(shape=[2**18], offsets=[0, 2**20]) for number in range(10_000)}
    tracemalloc.start()
    with pytest.raises(FormatError, match="expected a place of its own, but others have it, too"):
        artifacts_in("m.safetensors", safetensors(header, body))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**25


# HDF5


def hdf5(fill):
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        fill(file)
    return content.getvalue()


def unwritten(file):
    file.create_dataset("pad", data=np.random.default_rng(0).random(50_000).astype("f4"))
    file.create_dataset("vars/0", shape=(50_000_000,), chunks=(1000,), dtype="f4")


def packed(file):
    file.create_dataset(
        "vars/0", data=np.zeros(5_000_000, "f4"), compression="gzip", compression_opts=9, chunks=(1_000_000,)
    )


def shared(file):
    file.create_dataset("a/vars/0", data=np.zeros(50_000, "f4"))
    for number in range(100):
        file[f"l{number}/vars/0"] = file["a/vars/0"]


def cyclic(file):
    group = file.create_group("a")
    group["b"], group["c"] = group, file["/"]


def doubling(file):
    before = file.create_group("g0")
    for number in range(1, 40):
        group = file.create_group(f"g{number}")
        group["x"], group["y"] = before, before
        before = group


def names_twice(file):
    file.attrs["layer_names"] = np.array([b"d"] * 5000)
    group = file.create_group("d")
    group.create_dataset("k", data=np.zeros(1000, "f4"))
    group.attrs["weight_names"] = np.array([b"k"] * 1000)


def many_axes(file):
    file.create_dataset("vars/0", shape=(2,) * 31, chunks=(1,) * 31, dtype="f4")


def elsewhere(file):
    file["vars"] = h5py.ExternalLink("/etc/hostname", "/")


def strings(file):
    file.create_dataset("vars/0", data=np.array(["a", "b"], object), dtype=h5py.string_dtype())


def records(file):
    file.create_dataset("vars/0", data=np.zeros(3, [("a", "f4"), ("b", "i4")]))


def deep(file):
    file.attrs["model_config"] = "[" * 100_000


@pytest.mark.parametrize(
    "fill",
    [unwritten, packed, shared, cyclic, doubling, names_twice, many_axes, elsewhere, strings, records, deep],
)
def test_files_of_hdf5_that_ask_for_more_than_they_hold(fill):
    content = hdf5(fill)
    tracemalloc.start()
    with pytest.raises(FormatError):
        artifacts_in("m.h5", content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**25 + 4 * len(content)


def test_numbers_in_hdf5_that_are_not_true():
    """Each place of a file may hold any number: of bytes, of items, of other places."""
    content = hdf5(
        lambda file: [
            file.create_dataset(f"layer_{i}/vars/0", data=np.ones((2, 3), "f4"), chunks=i or None)
            for i in (0, True)
        ]
    )
    numbers = [2**63 - 1, 2**64 - 1, 2**40, 2**32 - 1, 2**31, 0, 1, 96, len(content) - 8, len(content)]
    draw = random.Random(SEED)
    for _ in range(400):
        broken = bytearray(content)
        for _ in range(draw.choice([1, 1, 2])):
            place, size = draw.randrange(len(content) - 8), draw.choice([1, 2, 4, 8, 8])
            broken[place : place + size] = struct.pack("<Q", draw.choice(numbers))[:size]
        try:
            found = artifacts_in("m.h5", bytes(broken))
        except TfError:
            continue
        assert sum(map(len, found["weightData"])) <= 100 * len(content), SEED
