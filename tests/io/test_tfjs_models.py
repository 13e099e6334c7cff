"""Models that TensorFlow.js saved load here, and models that are saved here load there, and predict the same."""

import asyncio
import base64
import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.io.recorded import KERAS, TFJS, agree, arrays
from tools.site import ROOT


def load(*args, **kwargs):
    return asyncio.run(tf.loadLayersModel(*args, **kwargs))


def artifacts_of(name):
    record = TFJS[name]
    return {**record["artifacts"], "weightData": base64.b64decode(record["weightData"])}


@pytest.mark.parametrize("name", TFJS)
def test_models_of_tensorflow_js_predict_the_same(name):
    agree(load(tf.io.fromMemory(artifacts_of(name))), TFJS[name])


@pytest.mark.parametrize("name", ["dense", "noise"])
def test_the_optimizer_comes_with_its_state(name):
    model = load(tf.io.fromMemory(artifacts_of(name)))
    saved = []
    asyncio.run(model.save(tf.io.withSaveHandler(saved.append), {"includeOptimizer": True}))
    theirs = TFJS[name]["artifacts"]
    assert saved[0]["trainingConfig"]["loss"] == theirs["trainingConfig"]["loss"]
    assert saved[0]["trainingConfig"]["metrics"] == theirs["trainingConfig"]["metrics"]
    ours = saved[0]["trainingConfig"]["optimizer_config"]
    assert ours["class_name"] == theirs["trainingConfig"]["optimizer_config"]["class_name"]
    for key, value in theirs["trainingConfig"]["optimizer_config"]["config"].items():
        assert ours["config"][key] == value
    assert saved[0]["weightSpecs"] == theirs["weightSpecs"]
    a, b = (
        np.frombuffer(data, np.float32) for data in (saved[0]["weightData"], artifacts_of(name)["weightData"])
    )
    np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-30)  # momentum does not need to count its steps here


def keras_specs(record):
    specs = [{"name": w["name"], "shape": w["shape"], "dtype": "float32"} for w in record["weights"]]
    return specs, b"".join(base64.b64decode(w["data"]) for w in record["weights"])


@pytest.mark.parametrize("name", KERAS)
def test_models_of_keras_3_predict_the_same(name):
    record = KERAS[name]
    specs, data = keras_specs(record)
    topology = {"model_config": json.loads(record["json"]), "keras_version": "3.15.1", "backend": "torch"}
    model = load(tf.io.fromMemory({"modelTopology": topology, "weightSpecs": specs, "weightData": data}))
    agree(model, record, rtol=1e-3 if name == "mixed" else 1e-4)  # a layer of it computes in float16 there


def listed(tensors):
    tensors = tensors if isinstance(tensors, list) else [tensors]
    return [{"shape": list(t.shape), "values": t.numpy().ravel().tolist()} for t in tensors]


@pytest.mark.slow
def test_tensorflow_js_loads_what_is_saved_here(tmp_path):
    """One process of node loads all models."""
    jobs = {}
    for name, record in TFJS.items():
        model = load(tf.io.fromMemory(artifacts_of(name)))
        place = tmp_path / name
        asyncio.run(model.save(f"file://{place}", {"includeOptimizer": model.optimizer is not None}))
        inputs = arrays(record["inputs"])
        jobs[name] = {
            "folder": str(place),
            "inputs": record["inputs"],
            "outputs": listed(model.predict(inputs if len(inputs) > 1 else inputs[0])),
        }
    (tmp_path / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
    script = Path(__file__).with_name("load_with_tfjs.mjs")
    run = ["node", str(script), str(tmp_path / "jobs.json")]
    result = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stderr[-3000:]
    answers = json.loads(result.stdout.splitlines()[-1])
    assert set(answers) == set(TFJS)
    for name, answer in answers.items():
        assert "error" not in answer, f"{name}: {answer.get('error')}"
        assert answer["compiled"] == ("trainingConfig" in TFJS[name]["artifacts"])
        for a, b in zip(answer["outputs"], jobs[name]["outputs"], strict=True):
            assert a["shape"] == b["shape"]
            np.testing.assert_allclose(a["values"], b["values"], rtol=1e-4, atol=1e-5, err_msg=name)
