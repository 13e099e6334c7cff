"""Writes objects.json: what Keras 3 saves of the models of objects_in_files.py, and that it opens what is saved here.

KERAS_BACKEND=torch PYTHONPATH=py python -m tests.io.record_objects, by a Python with Keras 3 and a backend of it.
"""

import base64
import json
import tempfile
import warnings
import zipfile
import zlib
from pathlib import Path

import keras
import numpy as np

import tfjs_pyo.keras
from tests.io.objects_in_files import NAMES, compiled, flat, inputs_of, models, of, with_weights


def content(path):
    return base64.b64encode(zlib.compress(path.read_bytes(), 9)).decode()


def config_of(path):
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("config.json"))


def model_record(name, theirs, ours, folder):
    """Files of a model that Keras wrote, what it predicts, and the config of the one written here, which Keras opened."""
    path = Path(folder, "m.keras")
    model = with_weights(theirs[name]())
    given = inputs_of(model)
    outputs = flat(model.predict(given, verbose=0))
    model.save(path)
    found = {"file": content(path), "outputs": [each.tolist() for each in outputs]}
    with_weights(ours[name]()).save(path)
    again = keras.saving.load_model(path, safe_mode=False)
    for a, b in zip(outputs, flat(again.predict(given, verbose=0)), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5, err_msg=name)
    return {**found, "opened": config_of(path)}


def training_record(name, theirs, ours, folder):
    """Files of a model after three steps, its weights after three more; of one trained here Keras goes on likewise."""
    x, y = np.linspace(-1, 1, 12, dtype="float32").reshape(4, 3), np.ones((4, 2), "float32")

    def trained(module, options):
        model = with_weights(module.Sequential([module.Input((3,)), module.layers.Dense(2)]))
        model.compile(**options[name]())
        model.fit(x, y, batch_size=2, epochs=2, shuffle=False, verbose=0)
        return model

    found = {}
    for form in (".keras", ".h5"):
        path = Path(folder, f"m{form}")
        model = trained(keras, theirs)
        model.save(path)
        found[form] = content(path)
        model.fit(x, y, batch_size=2, epochs=2, shuffle=False, verbose=0)
        found["weights"] = [w.tolist() for w in model.get_weights()]
        trained(tfjs_pyo.keras, ours).save(path)
        if form == ".h5":  # Keras 3.15 cannot go on with a model of a .h5 file, not even with one of its own
            keras.saving.load_model(path, compile=False)
            continue
        again = keras.saving.load_model(path)
        assert again.compiled, (name, form)
        again.fit(x, y, batch_size=2, epochs=2, shuffle=False, verbose=0)
        for a, b in zip(again.get_weights(), model.get_weights(), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5, err_msg=name)
    return found


def main():
    records = {"models": {}, "training": {}}
    theirs, ours = of(keras), of(tfjs_pyo.keras)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made, here = models(keras, theirs), models(tfjs_pyo.keras, ours)
        assert sorted(made) == NAMES
        for name in NAMES:
            records["models"][name] = model_record(name, made, here, folder)
        options = compiled(keras, theirs), compiled(tfjs_pyo.keras, ours)
        for name in options[0]:
            records["training"][name] = training_record(name, *options, folder)
    Path(__file__).with_name("objects.json").write_text(json.dumps(records), encoding="utf-8")


if __name__ == "__main__":
    main()
