"""Keras's own files: .h5, .keras, .weights.h5; weights in .safetensors."""

import asyncio
import base64
import io
import json
import struct
import zipfile

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.io.recorded import KERAS, agree, weights_of
from tfjs_pyo.errors import ArgumentError, FormatError, StorageError

RECORDED = [(name, form) for name, record in KERAS.items() for form in record["files"]]


def load(*args):
    return asyncio.run(tf.loadLayersModel(*args))


def file_of(name, form, folder):
    path = folder / f"{name}{form}"
    path.write_bytes(base64.b64decode(KERAS[name]["files"][form]))
    return path


def from_json(name):
    return asyncio.run(tf.models.modelFromJSON(KERAS[name]["json"]))


@pytest.mark.parametrize(("name", "form"), [each for each in RECORDED if each[1] != ".weights.h5"])
def test_models(tmp_path, name, form):
    path = file_of(name, form, tmp_path)
    model = load(path)
    agree(model, KERAS[name])
    assert model.optimizer is not None
    agree(load(tf.io.browserFiles([(path.name, path.read_bytes())])), KERAS[name])


@pytest.mark.parametrize(("name", "form"), RECORDED)
def test_weights(tmp_path, name, form):
    path = file_of(name, form, tmp_path)
    model = from_json(name)
    model.loadWeights(path)
    agree(model, KERAS[name])
    other = from_json(name)
    other.load_weights(path.read_bytes())
    agree(other, KERAS[name])


def test_weights_alone_make_no_model(tmp_path):
    with pytest.raises(
        FormatError, match=r"holds weights only. Make the model first, then call model.loadWeights\(path\)"
    ):
        load(file_of("dense", ".weights.h5", tmp_path))


def test_weights_of_another_model_change_nothing(tmp_path):
    model = from_json("cells")
    before = [w.numpy().copy() for w in model.getWeights()]
    with pytest.raises(FormatError, match="expected weights for every weight of the model"):
        model.loadWeights(file_of("dense", ".weights.h5", tmp_path))
    for a, b in zip(model.getWeights(), before, strict=True):
        np.testing.assert_array_equal(a.numpy(), b)


def safetensors(tensors):
    """The bytes of a file: (dtype, array) by name."""
    header, body = {"__metadata__": {"format": "pt"}}, b""
    for name, (dtype, values) in tensors.items():
        begin, body = len(body), body + values.tobytes()
        header[name] = {"dtype": dtype, "shape": list(values.shape), "data_offsets": [begin, len(body)]}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def two_weights():
    return tf.sequential({"layers": [tf.layers.dense({"units": 2, "inputShape": [3], "name": "d"})]})


KERNEL = np.arange(6, dtype=np.float32).reshape(3, 2) / 4


@pytest.mark.parametrize(
    ("dtype", "values"),
    [
        ("F32", KERNEL),
        ("F16", KERNEL.astype(np.float16)),
        ("BF16", (KERNEL.view(np.uint32) >> 16).astype(np.uint16)),
        ("F64", KERNEL.astype(np.float64)),
    ],
)
def test_safetensors(tmp_path, dtype, values):
    path = tmp_path / "w.safetensors"
    path.write_bytes(safetensors({"d.kernel": (dtype, values), "d.bias": ("F32", np.ones(2, np.float32))}))
    model = two_weights()
    model.loadWeights(str(path))
    np.testing.assert_array_equal(model.getWeights()[0].numpy(), KERNEL)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff" * 16, "expected a header of"),
        (b"\x02\0\0\0\0\0\0\0[]", "expected the header to be an object, received list"),
        (b'\x05\0\0\0\0\0\0\0{"a":', "the file is broken"),
        (b"", "the file is broken"),
        (safetensors({"a": ("F4", KERNEL)}), "expected a dtype of F32.*received F4"),
        (safetensors({"a": ("F64", KERNEL)}), "expected 48 bytes, but its place is 0 to 24"),
    ],
)  # fmt: skip
def test_broken_safetensors(tmp_path, content, message):
    (tmp_path / "w.safetensors").write_bytes(content)
    with pytest.raises(FormatError, match=message):
        two_weights().loadWeights(tmp_path / "w.safetensors")


def zipped(**files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "."), text)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04 and no more", "the file is broken"),
        (zipped(config__json="{}"), "expected an archive of Keras's with config.json and model.weights.h5"),
        (zipped(config__json="{", model__weights__h5="x"), "the file is broken"),
        (b"\x89HDF\r\n\x1a\n and no more", "the file is broken"),
        (b"nothing known", "expected the JSON of a model"),
    ],
)
def test_broken_files(tmp_path, content, message):
    (tmp_path / "m.keras").write_bytes(content)
    with pytest.raises(FormatError, match=message):
        load(tmp_path / "m.keras")


@pytest.mark.parametrize("size", [0.3, 0.6, 0.95])
def test_files_that_are_cut_off(tmp_path, size):
    for form in (".keras", ".h5"):
        path = file_of("dense", form, tmp_path)
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * size)])
        with pytest.raises(FormatError, match="the file is broken"):
            load(path)


def test_files_that_are_none(tmp_path):
    (tmp_path / "w.txt").write_text("text")
    with pytest.raises(
        ArgumentError, match=r"expected an HDF5, .keras or .safetensors file, received 'w.txt'"
    ):
        two_weights().loadWeights(tmp_path / "w.txt")
    with pytest.raises(StorageError, match="could not be read: No such file"):
        two_weights().loadWeights(tmp_path / "none.h5")
    with pytest.raises(ArgumentError, match="expected tensors by name, a path or bytes, received int"):
        two_weights().loadWeights(3)


def test_without_h5py(tmp_path, monkeypatch):
    path = file_of("dense", ".h5", tmp_path)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(StorageError, match="h5py, which reads such files, is not installed"):
        load(path)


def test_recorded_weights_are_those_of_the_files(tmp_path):
    model = load(file_of("dense", ".keras", tmp_path))
    by_layer = [w for layer in model.layers for w in layer.getWeights()]
    for a, b in zip(by_layer, weights_of(KERAS["dense"]), strict=True):
        np.testing.assert_array_equal(a.numpy(), b)


@pytest.mark.parametrize("name", ["m.keras", "m.h5", "m.weights.h5"])
def test_what_is_only_read_is_not_written(tmp_path, name):
    with pytest.raises(ArgumentError, match=r"are read, but not written; save to a folder or a .json file"):
        asyncio.run(two_weights().save(tmp_path / name))
    assert not list(tmp_path.iterdir())
