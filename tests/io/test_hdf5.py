"""HDF5 is read and written as HDF5's own library does it: h5py is the oracle, both ways."""

import contextlib
import io
import struct
import zlib

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tfjs_pyo.errors import ArgumentError, FormatError
from tfjs_pyo.io.hdf5_reading import Dataset, HDF5File
from tfjs_pyo.io.hdf5_writing import Dataset as Written
from tfjs_pyo.io.hdf5_writing import Group, hdf5_bytes

DRAW = np.random.default_rng(0)


def texts(value):
    """An attribute as texts."""
    if isinstance(value, np.ndarray):
        return [texts(each) for each in value.tolist()]
    return value.decode() if isinstance(value, bytes) else value


def same(ours, theirs, path=""):
    """Compares all groups, datasets and attributes; returns how many datasets there were."""
    for name, value in theirs.attrs.items():
        if isinstance(texts(value), (str, list)):
            assert ours.attrs[name] == texts(value), (path, name)
    if isinstance(theirs, h5py.Dataset):
        assert isinstance(ours, Dataset)
        assert ours.shape == theirs.shape
        assert ours.values(path) == np.asarray(theirs[()]).tobytes(), path
        return 1
    assert list(ours) == sorted(theirs)
    return sum(same(ours[name], theirs[name], f"{path}/{name}") for name in theirs)


def made(fill, **options):
    content = io.BytesIO()
    with h5py.File(content, "w", **options) as file:
        fill(file)
    return content.getvalue()


def both(content):
    return same(HDF5File(content), h5py.File(io.BytesIO(content)))


OPTIONS = [{}, {"libver": ("earliest", "v108")}, {"track_order": True}]


@pytest.mark.parametrize("options", OPTIONS)
def test_datasets(options):
    kinds = {
        **{f"{order}{kind}": np.arange(6).astype(f"{order}{kind}").reshape(2, 3) for order in "<>" for kind in
           ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8")},
        "bool": np.array([True, False]), "scalar": np.float32(3), "empty": np.zeros((0, 4), "f4"),
    }  # fmt: skip

    def fill(file):
        for name, data in kinds.items():
            file.create_dataset(name, data=data)
        file.create_dataset("unwritten", shape=(3,), dtype="f4")

    assert both(made(fill, **options)) == len(kinds) + 1


@pytest.mark.parametrize("options", OPTIONS)
def test_chunks(options):
    data = DRAW.random((37, 23, 5)).astype("f4")

    def fill(file):
        for shuffle in (False, True):
            for compression in (None, "gzip"):
                for fletcher32 in (False, True):
                    file.create_dataset(
                        f"{shuffle}{compression}{fletcher32}", data=data, chunks=(10, 7, 3), shuffle=shuffle,
                        compression=compression, fletcher32=fletcher32,
                    )  # fmt: skip
        file.create_dataset("many", data=data[:, :, 0], chunks=(1, 3))

    content = made(fill, **options)
    assert both(content) == 9
    plain = made(lambda file: file.create_dataset("a", data=data, chunks=data.shape, fletcher32=True))
    spoilt = plain.replace(data[0, 0, 1:3].tobytes(), data[0, 0, :2].tobytes())
    with pytest.raises(FormatError, match="a checksum differs"):
        HDF5File(spoilt)["a"].values("a")


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("count", [0, 1, 8, 9, 60, 1200])
def test_groups_and_attributes_of_any_size(options, count):
    def fill(file):
        for order in (False, True):
            group = file.create_group(f"g{order}", track_order=order)
            for number in range(count):
                group.create_dataset(f"d{number}", data=np.float32(number))
            for number in range(min(count, 200)):
                group.attrs[f"a{number}"] = f"value {number} é" * (number % 7 + 1)
        file.attrs["long"] = "x" * 100_000
        file.attrs["list"] = np.array([b"a", b"bcd"])
        file.attrs["unicode"] = ["é", "b"]
        file.attrs["number"] = 3

    assert both(made(fill, **options)) == 2 * count


def test_what_is_written_is_read_by_both():
    root = Group(attributes={"text": "höllo" * 30_000, "list": ["a", "bcd"], "none": [], "é": "ö"})
    root.attributes["long"] = names = [f"name{number:05}" for number in range(20_000)]
    for number in range(300):
        data = DRAW.random((2, 3)).astype("f4")
        root.group(f"a/b{number}/vars").items["0"] = Written(data.tobytes(), (2, 3), "float32")
    for kind in ("float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool"):
        data = np.array([0, 1, 1]).astype(kind)
        root.items[kind] = Written(data.tobytes(), (3,), kind)
    root.items["scalar"] = Written(np.int64(7).tobytes(), (), "int64")
    root.items["empty"] = Written(b"", (0, 3), "float32")
    content = hdf5_bytes(root)
    assert both(content) == 312
    file = h5py.File(io.BytesIO(content))
    assert [name.decode() for part in range(3) for name in file.attrs[f"long{part}"]] == names
    assert file["bool"].dtype == bool


def test_what_cannot_be_written():
    with pytest.raises(ArgumentError, match="expected 24 bytes for shape"):
        Written(b"123", (2, 3), "float32")
    group = Group(items={"a": Written(b"", (0,), "float32")})
    with pytest.raises(ArgumentError, match="expected a group at 'a/b'"):
        group.group("a/b")


def whole():
    def fill(file):
        file.attrs["list"] = np.array([b"a", b"bcd"])
        file.attrs["text"] = "x" * 300
        group = file.create_group("g", track_order=True)
        for number in range(20):
            group.create_dataset(f"d{number}", data=np.arange(3, dtype="f4"))
            group.attrs[f"a{number}"] = "text"
        file.create_dataset(
            "chunks", data=np.ones((9, 9), "f4"), chunks=(4, 4), compression="gzip", shuffle=True
        )

    return made(fill)


WHOLE = whole()


def everything(node):
    assert isinstance(node.attrs, dict)
    if isinstance(node, Dataset):
        node.values("a")
    else:
        for name in node:
            everything(node[name])


@settings(
    max_examples=300, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(st.data())
def test_broken_files_end_soon(data):
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 6))):
        begin = data.draw(st.integers(0, len(content) - 9))
        kind = data.draw(st.sampled_from(["byte", "largest", "moved"]))
        if kind == "moved":
            other = data.draw(st.integers(0, len(content) - 9))
            content[begin : begin + 8] = content[other : other + 8]
        elif kind == "largest":
            content[begin : begin + 4] = b"\xff\xff\xff\x7f"
        else:
            content[begin] = data.draw(st.integers(0, 255))
    with contextlib.suppress(
        FormatError, ArithmeticError, LookupError, ValueError, TypeError, struct.error, zlib.error
    ):
        everything(HDF5File(bytes(content)))  # what reads for users makes FormatErrors of all
