"""Keras's own files: .h5, .keras, .weights.h5; weights in .safetensors."""

import asyncio
import base64
import io
import json
import struct
import zipfile

import h5py
import numpy as np
import pytest

import tfjs_pyo as tf
from tests.io.recorded import KERAS, TFJS, agree, weights_of
from tfjs_pyo.errors import ArgumentError, FormatError, StorageError
from tfjs_pyo.io.keras_files import artifacts_in

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
        (b"nothing known", r"is no \.keras file: it begins with b.nothing"),
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


def test_recorded_weights_are_those_of_the_files(tmp_path):
    model = load(file_of("dense", ".keras", tmp_path))
    by_layer = [w for layer in model.layers for w in layer.getWeights()]
    for a, b in zip(by_layer, weights_of(KERAS["dense"]), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("name", ["m.safetensors", "m.weights.h5"])
def test_what_is_only_read_is_not_written(tmp_path, name):
    with pytest.raises(ArgumentError, match=r"are read, but not written; save to a folder or a .json file"):
        asyncio.run(two_weights().save(tmp_path / name))
    assert not list(tmp_path.iterdir())


# Written for Keras 3


def loaded(record):
    """A model of a record with its weights."""
    if "files" not in record:
        data = {**record["artifacts"], "weightData": base64.b64decode(record["weightData"])}
        return load(tf.io.fromMemory(data))
    specs = [{"name": w["name"], "shape": w["shape"], "dtype": "float32"} for w in record["weights"]]
    data = [base64.b64decode(w["data"]) for w in record["weights"]]
    topology = {"model_config": json.loads(record["json"])}
    return load(tf.io.fromMemory({"modelTopology": topology, "weightSpecs": specs, "weightData": data}))


@pytest.mark.parametrize("name", [*KERAS, "merges", "volumes", "noise"])
def test_what_is_written_for_keras_is_read_again(tmp_path, name):
    record = KERAS[name] if name in KERAS else TFJS[name]
    model = loaded(record)
    info = asyncio.run(model.save(tmp_path / "deep" / "m.keras"))["modelArtifactsInfo"]
    assert info["weightDataBytes"] == 4 * model.count_params()
    agree(load(tmp_path / "deep" / "m.keras"), record, rtol=1e-3 if name == "mixed" else 1e-4)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["m.keras"]


def form(value):
    """What of a config tells Keras how to make a model: kinds and connections of layers."""
    if isinstance(value, list):
        return [form(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "__keras_tensor__":
        return value["config"]["keras_history"]
    kept = (
        "module",
        "class_name",
        "registered_name",
        "inbound_nodes",
        "args",
        "input_layers",
        "output_layers",
        "batch_shape",
    )
    found = {key: form(value[key]) for key in kept if key in value}
    inner = value.get("config", {})
    layers = {
        key: form(item)
        for key, item in inner.items()
        if key in ("layers", "layer", "cell", "cells", "backward_layer")
    }
    ends = {key: form(item) for key, item in inner.items() if key in kept}
    return {**found, **layers, **ends, **{key: inner.get(key) for key in ("name", "units") if key in inner}}


def ends(value):
    """The ends of a graph: Keras writes a single one without a list around it."""
    return value if value and isinstance(value[0], list) else [value]


@pytest.mark.parametrize("name", KERAS)
def test_the_form_is_that_of_keras(tmp_path, name):
    asyncio.run(loaded(KERAS[name]).save(tmp_path / "m.keras"))
    with zipfile.ZipFile(tmp_path / "m.keras") as archive:
        ours = form(json.loads(archive.read("config.json")))
        metadata = json.loads(archive.read("metadata.json"))
    theirs = form(json.loads(KERAS[name]["json"]))
    for config in (ours, theirs):
        for each in [config, *config["layers"]]:
            each.update({key: ends(each[key]) for key in ("input_layers", "output_layers") if key in each})
    assert ours == theirs
    assert set(metadata) == {"keras_version", "date_saved"}


@pytest.mark.parametrize("name", [name for name, record in KERAS.items() if ".keras" in record["files"]])
def test_weights_lie_where_keras_looks_for_them(tmp_path, name):
    asyncio.run(loaded(KERAS[name]).save(tmp_path / "m.keras"))
    found = []
    for path in (tmp_path / "m.keras", file_of(name, ".keras", tmp_path)):
        with (
            zipfile.ZipFile(path) as archive,
            h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file,
        ):
            kept = {}
            file.visititems(
                lambda place, item, kept=kept: kept.update(
                    {place: item[()]} if hasattr(item, "shape") else {}
                )
            )
            found.append({place: value for place, value in kept.items() if "optimizer" not in place})
    assert set(found[0]) == set(found[1])
    for place, value in found[0].items():
        np.testing.assert_array_equal(value, found[1][place])


def test_what_keras_means_otherwise_is_not_written_for_it(tmp_path):
    dense = tf.sequential(
        {"layers": [tf.layers.dense({"units": 1, "inputShape": [3], "activation": "hardSigmoid"})]}
    )
    with pytest.raises(
        ArgumentError, match=r"hard_sigmoid is another function in Keras 3.*activation='sigmoid'"
    ):
        asyncio.run(dense.save(tmp_path / "m.keras"))
    held = np.ones(2)
    own = tf.Sequential([tf.keras.layers.Lambda(lambda x: x * held, input_shape=(2,))])
    with pytest.raises(ArgumentError, match="a lambda uses a variable around it that JSON cannot hold"):
        asyncio.run(own.save(tmp_path / "m.keras"))
    up = tf.sequential(
        {"layers": [tf.layers.upSampling2d({"interpolation": "bilinear", "inputShape": [2, 2, 1]})]}
    )
    with pytest.warns(UserWarning, match="Keras 3 places the pixels of UpSampling2D otherwise"):
        asyncio.run(up.save(tmp_path / "m.keras"))


# Files that would never end


def written(**datasets):
    """An HDF5 file with these datasets."""
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        for name, options in datasets.items():
            file.create_dataset(name, **options)
    return content.getvalue()


def test_more_values_than_the_file_can_hold():
    whole = written(a={"data": np.ones((3, 5), np.float32)})
    lying = whole.replace(struct.pack("<QQ", 3, 5), struct.pack("<QQ", 3 * 10**6, 5 * 10**6))
    assert lying != whole
    with pytest.raises(FormatError, match=r"'a': the file of \d+ bytes cannot hold 60000000000000 bytes"):
        artifacts_in("m.h5", lying)


def test_compressed_values_are_read():
    zeros = {"data": np.zeros((1000, 100), np.float32), "compression": "gzip", "chunks": (1000, 100)}
    found = artifacts_in("m.h5", written(a=zeros))
    assert found["weightSpecs"] == [{"name": "a", "shape": [1000, 100], "dtype": "float32"}]


def test_parts_that_point_at_each_other():
    content = bytearray(base64.b64decode(KERAS["dense"]["files"][".h5"]))
    root = content.index(b"TREE")  # whose first child is told 32 bytes on
    content[root + 4 : root + 6] = b"\0\1"  # a node with nodes below it ...
    content[root + 32 : root + 40] = struct.pack("<Q", root)  # ... which is itself
    with pytest.raises(FormatError, match="the file is broken"):
        artifacts_in("m.h5", bytes(content))


def test_an_archive_that_grows_without_measure(tmp_path):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", b" " * 2**24)
        archive.writestr("model.weights.h5", b"")
    with pytest.raises(FormatError, match=r"an archive of \d+ bytes is not to hold 16777216 bytes"):
        artifacts_in("m.keras", content.getvalue())
