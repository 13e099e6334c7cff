"""keras.applications: layers, weights and outputs as Keras 3.15 has them; applications.json was recorded by record.py."""

import importlib
import inspect
import json
import lzma
import os
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.keras.applications import cases
from tfjs_pyo import keras
from tfjs_pyo.errors import OptionError, ShapeError, StorageError

RECORD = json.loads(Path(__file__).with_name("applications.json").read_text(encoding="utf-8"))


def parameters(function):
    return [
        [p.name, *([] if p.default is p.empty else [p.default])]
        for p in inspect.signature(function).parameters.values()
    ]


def label(case):
    name, options = case
    return "-".join([name, *(f"{key}={value}" for key, value in options.items() if key != "weights")])


@pytest.mark.parametrize("name", RECORD["models"])
def test_model_has_keras_parameters(name):
    assert parameters(getattr(keras.applications, name)) == RECORD["models"][name]
    assert "Source: https://keras.io/api/applications/" in getattr(keras.applications, name).__doc__


@pytest.mark.parametrize("name", RECORD["modules"])
def test_module_has_keras_functions(name):
    module = importlib.import_module(f"tfjs_pyo.keras.applications.{name}")
    assert getattr(keras.applications, name) is module
    assert {f: parameters(getattr(module, f)) for f in module.__all__} == RECORD["modules"][name]


@pytest.mark.parametrize(
    ("case", "recorded"),
    [
        (case, recorded)
        for case, recorded in zip(cases.STRUCTURES, RECORD["structures"], strict=True)
        if os.environ.get("TFJS_PYO_SLOW") or recorded["layers"] < 320
    ],
    ids=lambda each: label(each) if isinstance(each, tuple) else "",
)
def test_layers_and_weights_are_those_of_keras(case, recorded):
    found = cases.structure(keras, *case)
    assert {key: found[key] for key in recorded} == recorded


@pytest.mark.parametrize(
    ("case", "recorded"),
    list(zip(cases.OUTPUTS, RECORD["outputs"], strict=True)),
    ids=lambda each: label(each) if isinstance(each, tuple) else "",
)
def test_outputs_are_those_of_keras(case, recorded):
    found = cases.outputs(keras, *case)
    spread = recorded["deviation"] + abs(recorded["mean"])
    assert spread > 0
    np.testing.assert_allclose(found["values"], recorded["values"], rtol=1e-4, atol=1e-4 * spread)
    np.testing.assert_allclose(found["mean"], recorded["mean"], atol=1e-5 * spread)
    np.testing.assert_allclose(found["deviation"], recorded["deviation"], rtol=1e-4)


# Weights

FILES = Path(__file__).parent / "files"


@pytest.fixture
def files(tmp_path):
    """A folder of the files that Keras wrote."""
    folder = tmp_path / "files"
    folder.mkdir()
    for path in FILES.iterdir():
        if path.name.startswith("MobileNet."):
            (folder / path.stem).write_bytes(lzma.decompress(path.read_bytes()))
    return folder


@pytest.mark.parametrize("file", RECORD["files"])
def test_weights_of_keras_files(file, tmp_path):
    name, path = file.partition(".")[0], tmp_path / file
    path.write_bytes(lzma.decompress((FILES / f"{file}.xz").read_bytes()))
    model = getattr(keras.applications, name)(**{**cases.file_options(name), "weights": path})
    images = cases.image((32, 32, 3)).astype("float32") / 255
    expected = RECORD["files"][file]
    np.testing.assert_allclose(model.predict(images, verbose=0).ravel()[:12], expected, rtol=1e-4, atol=1e-6)


def test_a_model_of_a_keras_file(files):
    model = keras.models.load_model(files / "MobileNet.keras")
    images = cases.image((32, 32, 3)).astype("float32") / 255
    expected = RECORD["files"]["MobileNet.keras"]
    np.testing.assert_allclose(model.predict(images, verbose=0).ravel()[:12], expected, rtol=1e-4, atol=1e-6)


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_args):
        pass


@pytest.fixture
def server(files):
    """The address of a server of the recorded files."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(files))) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()


def test_weights_of_an_address_are_fetched_once(server, files, tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    options = {**cases.file_options("MobileNet"), "weights": f"{server}/MobileNet.weights.h5"}
    first = keras.applications.MobileNet(**options)
    assert [path.name for path in (tmp_path / "home").rglob("*.h5")] == ["MobileNet.weights.h5"]
    (files / "MobileNet.weights.h5").unlink()
    again = keras.applications.MobileNet(**options)
    for one, other in zip(first.get_weights(), again.get_weights(), strict=True):
        assert (one == other).all()


def test_weights_of_imagenet_that_cannot_be_fetched_say_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    asked = []

    def refused(name, origin, **options):
        asked.append((origin, options["cache_subdir"], options["file_hash"]))
        raise StorageError("no connection")

    monkeypatch.setattr("tfjs_pyo.keras.applications.building.get_file", refused)
    with pytest.raises(StorageError) as caught:
        keras.applications.MobileNetV2(input_shape=(96, 96, 3), alpha=0.35)
    place = "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/"
    assert asked == [(f"{place}mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_96.h5", "models", None)]
    assert "weights='...'" in caught.value.__notes__[-1]
    assert asked[0][0] in caught.value.__notes__[-1]


@pytest.mark.parametrize("module", RECORD["imagenet"])
def test_files_of_imagenet_have_the_hashes_of_keras(module, monkeypatch):
    asked = []

    def refused(_name, origin, **options):
        asked.append((origin, options["file_hash"]))
        raise StorageError("no connection")

    monkeypatch.setattr("tfjs_pyo.keras.applications.building.get_file", refused)
    models = {
        "resnet": ["ResNet50", "ResNet101", "ResNet152", "ResNet50V2", "ResNet101V2", "ResNet152V2"],
        "mobilenet_v3": ["MobileNetV3Small", "MobileNetV3Large"],
    }
    names = models.get(module) or [n for n in RECORD["modules"][module] if n in RECORD["models"]]
    shape = {"input_shape": (224, 224, 3)} if module == "mobilenet_v3" else {}
    widths = [{}, {"alpha": 0.75}, {"minimalistic": True}] if module == "mobilenet_v3" else [{}]
    for name in names:
        for top in (True, False):
            for width in widths:
                with pytest.raises(StorageError):
                    getattr(keras.applications, name)(include_top=top, **shape, **width)
    addresses = [address for address, _ in asked]
    assert len(set(addresses)) == len(addresses)
    assert all(address.startswith("https://storage.googleapis.com/") for address in addresses)
    known = set(RECORD["imagenet"][module])  # of ResNeXt, too, which Keras has no public names for
    found = {hashed for _, hashed in asked}
    assert found <= known
    assert len(known - found) == (4 if module == "resnet" else 0)


@pytest.mark.slow
def test_a_model_is_saved_and_loaded_with_layers_of_its_own(tmp_path):
    for name in ("ConvNeXtTiny", "MobileNetV3Small"):
        inputs = keras.Input((32, 32, 3))
        model = getattr(keras.applications, name)(
            weights=None, include_top=False, pooling="avg", input_tensor=inputs
        )
        path = tmp_path / f"{name}.keras"
        model.save(path)
        again = keras.models.load_model(path)
        images = cases.image((32, 32, 3)).astype("float32")
        np.testing.assert_allclose(
            again.predict(images, verbose=0), model.predict(images, verbose=0), rtol=1e-5, atol=1e-6
        )


def test_stochastic_depth_leaves_samples_out_and_makes_up_for_it():
    scaling = importlib.import_module("tfjs_pyo.keras.applications.scaling")
    layer = scaling.StochasticDepth(0.25)
    x = np.ones((4000, 2, 3), "float32")
    assert (layer(x).numpy() == 1).all()
    found = layer(x, training=True).numpy()
    assert (found == found[:, :1, :1]).all()
    assert {round(float(value), 4) for value in found[:, 0, 0]} == {0.0, 1.3333}
    assert abs(found.mean() - 1) < 0.05


# Transfer


def test_a_base_is_frozen_and_trained_with_a_new_top():
    base = keras.applications.MobileNetV2(
        weights=None, include_top=False, input_shape=(32, 32, 3), alpha=0.35, pooling="avg"
    )
    base.trainable = False
    inputs = keras.Input((32, 32, 3))
    x = keras.applications.mobilenet_v2.preprocess_input(inputs)
    model = keras.Model(inputs, keras.layers.Dense(2)(base(x, training=False)))
    before = [weight.copy() for weight in base.get_weights()]
    model.compile("adam", "mse")
    x, y = np.random.default_rng(0).uniform(0, 255, (8, 32, 32, 3)), np.ones((8, 2))
    first, *_, last = model.fit(x, y, epochs=5, verbose=0).history["loss"]
    assert last < first
    assert len(model.trainable_weights) == 2
    assert all((one == other).all() for one, other in zip(before, base.get_weights(), strict=True))


# Arguments


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"weights": "nowhere.h5"}, OptionError, "path or address"),
        ({"weights": None, "pooling": "mean"}, OptionError, "'avg' or 'max'"),
        ({"classes": 10}, OptionError, "classes=1000"),
        ({"classifier_activation": "relu"}, OptionError, "'softmax' or None"),
        ({"weights": None, "input_tensor": 3}, OptionError, "symbolic tensor"),
        ({"weights": None, "input_shape": (20, 20, 3)}, ShapeError, "at least 32 x 32"),
        ({"weights": None, "input_shape": (20, 20)}, ShapeError, "3 numbers"),
        ({"weights": None, "input_shape": (None, None, 3)}, ShapeError, "without None"),
        ({"input_shape": (64, 64, 3)}, ShapeError, "(224, 224, 3)"),
        ({"include_top": False, "input_shape": (64, 64, 1)}, ShapeError, "3 channels"),
    ],
)
def test_refusals_say_what_is_expected(options, error, words):
    with pytest.raises(error) as caught:
        keras.applications.ResNet50(**options)
    assert words in str(caught.value)
    assert str(caught.value).startswith("ResNet50: ")


# Images and classes


@pytest.mark.parametrize("mode", ["caffe", "tf", "torch"])
@pytest.mark.parametrize("data_format", [None, "channels_first"])
@pytest.mark.parametrize("batch", [True, False])
@pytest.mark.parametrize("dtype", ["float32", "uint8"])
def test_images_are_preprocessed_as_in_keras(mode, data_format, batch, dtype):
    preprocess = keras.applications.imagenet_utils.preprocess_input
    x = cases.preprocessed_image(data_format, batch, dtype)
    before = x.copy()
    found = preprocess(x, data_format, mode)
    assert isinstance(found, np.ndarray)
    assert found.dtype == np.float32
    assert (x == before).all()
    expected = RECORD["preprocessed"][cases.title(mode, data_format, batch)]
    np.testing.assert_allclose(found.ravel(), expected, rtol=1e-5, atol=1e-5)
    of_tensor = preprocess(tf.tensor(x), data_format, mode)
    assert isinstance(of_tensor, tf.Tensor)
    np.testing.assert_allclose(of_tensor.numpy().ravel(), expected, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("name", [name for name in RECORD["modules"] if name != "imagenet_utils"])
def test_each_module_preprocesses_as_its_models_were_trained(name):
    x = cases.preprocessed_image(None, True, "float32")
    found = getattr(keras.applications, name).preprocess_input(x)
    np.testing.assert_allclose(found.ravel(), RECORD["by_module"][name], rtol=1e-5, atol=1e-5)


def test_predictions_are_named(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    module = importlib.import_module("tfjs_pyo.keras.applications.imagenet_utils")
    names = {str(number): [f"n{number:08}", f"thing_{number}"] for number in range(1000)}
    (tmp_path / "classes.json").write_text(json.dumps(names), encoding="utf-8")
    monkeypatch.setattr(module, "get_file", lambda *_args, **_options: tmp_path / "classes.json")
    module._class_index.cache_clear()
    scores = np.zeros((2, 1000), "float32")
    scores[0, [7, 3, 999]] = 0.5, 0.3, 0.2
    scores[1, 12] = 1
    for given in (scores, tf.tensor(scores)):
        found = keras.applications.resnet50.decode_predictions(given, top=3)
        assert [[name for _, name, _ in row] for row in found] == [
            ["thing_7", "thing_3", "thing_999"],
            ["thing_12", "thing_0", "thing_1"],
        ]
        assert found[0][0][0] == "n00000007"
        assert float(found[0][0][2]) == 0.5
    module._class_index.cache_clear()
    with pytest.raises(ShapeError, match=r"\[samples, 1000\]"):
        keras.applications.vgg16.decode_predictions(np.zeros((2, 10)))


def test_families_are_loaded_when_they_are_used():
    program = (
        "import sys; from tfjs_pyo import keras; before = set(sys.modules); keras.applications.MobileNet; "
        "print([name for name in before if 'applications.' in name and not name.endswith('scaling')], "
        "[name for name in sys.modules if name.endswith(('applications.vgg16', 'applications.resnet'))])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[] []"
