"""Keras's own files in the page: .h5, .keras, .weights.h5 and safetensors, read by Python and computed on WebGL2.

pyfive reads HDF5. The page takes it from PyPI; this test hands it over as it is installed here, because tests use no network.
"""

import base64
import importlib.metadata
import importlib.util
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.io.recorded import KERAS, arrays
from tests.io.test_keras_files import safetensors

CHECKSUM = "class Fletcher32: ...\n"
"""numcodecs, which is compiled, gives pyfive a checksum that Keras's files do not use."""

READ = """
import base64, json
async def read(name, content, shape, values):
    model = await tf.loadLayersModel(tf.io.browserFiles([(name, base64.b64decode(content))]))
    x = tf.tensor(values, shape)
    found = model.predict(x)
    result = [float(v) for v in await found.data()]
    for each in (model, x, found):
        each.dispose()
    return result
"""


def package(name: str) -> Path:
    """Returns the folder of an installed package."""
    found = importlib.util.find_spec(name)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


@pytest.fixture(scope="module")
def pyfive() -> str:
    """pyfive and what it needs, as a zip in base64."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("pyfive", "fsspec"):
            folder = package(name)
            for file in folder.rglob("*.py"):
                if "implementations" not in file.parts and "tests" not in file.parts:
                    archive.write(file, f"{name}/{file.relative_to(folder)}")
        version = importlib.metadata.version("pyfive")
        archive.writestr(f"pyfive-{version}.dist-info/METADATA", f"Name: pyfive\nVersion: {version}\n")
        archive.writestr("numcodecs.py", CHECKSUM)
    return base64.b64encode(content.getvalue()).decode()


@pytest.fixture
def reader(pyo, pyfive):
    pyo.run(
        f"""
import base64, importlib, io, site, zipfile
zipfile.ZipFile(io.BytesIO(base64.b64decode({pyfive!r}))).extractall(site.getsitepackages()[0])
importlib.invalidate_caches()
"""
    )
    pyo.run(READ)
    return pyo


@pytest.mark.parametrize(("name", "form"), [("dense", ".keras"), ("dense", ".h5"), ("cells", ".h5")])
def test_a_model_of_keras_predicts_the_same(reader, name, form):
    record = KERAS[name]
    (x,) = arrays(record["inputs"])
    reader.run(f"content = {record['files'][form]!r}")
    found = reader.run(f"await read('model{form}', content, {list(x.shape)}, {x.flatten().tolist()})")
    (expected,) = arrays(record["outputs"])
    np.testing.assert_allclose(found, expected.flatten(), rtol=1e-3, atol=1e-5)


def test_a_broken_file_is_refused(reader):
    whole = base64.b64decode(KERAS["dense"]["files"][".h5"])
    half = base64.b64encode(whole[: len(whole) // 2]).decode()
    reader.run(f"content = {half!r}")
    error = reader.raw("await read('model.h5', content, [1, 1], [0])")["error"]
    assert error["type"] == "FormatError"
    assert "broken" in error["message"]


def test_weights_come_from_safetensors(pyo):
    kernel, bias = np.arange(6, dtype=np.float32).reshape(3, 2), np.array([0.5, -0.5], np.float32)
    content = base64.b64encode(safetensors({"d/kernel": ("F32", kernel), "d/bias": ("F32", bias)})).decode()
    pyo.run(
        "model = tf.sequential({'layers': [tf.layers.dense({'units': 2, 'inputShape': [3], 'name': 'd'})]})"
    )
    pyo.run(f"import base64\nmodel.loadWeights(base64.b64decode({content!r}))")
    assert pyo.run("model.predict(tf.ones([1, 3])).array_sync()") == [[6.5, 8.5]]
    assert json.loads(json.dumps(pyo.run("model.getWeights()[0].array_sync()"))) == kernel.tolist()
