"""Writes opening.json: the configs of .keras files that were saved here and that Keras 3 opened, and what it predicted.

pip install keras tensorflow-cpu h5py; PYTHONPATH=py python -m tests.io.record_opening
"""

import json
import os
import tempfile
import warnings
import zipfile
from pathlib import Path

import numpy as np

from tests.io.models_for_keras import NAMES, made
from tests.io.record_keras import shaped


def opened(path, inputs):
    """What Keras makes of a file and inputs, and how it writes that model itself."""
    import keras

    model = keras.saving.load_model(path)
    outputs = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    return {"outputs": [shaped(np.asarray(y)) for y in outputs], "theirs": json.loads(model.to_json())}


def main():
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    records = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in NAMES:
            path = Path(folder, f"{name}.keras")
            model, inputs = made(name)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                model.save(path)
            with zipfile.ZipFile(path) as archive:
                config = json.loads(archive.read("config.json"))
            records[name] = {"config": config, **opened(path, inputs)}
    Path(__file__).with_name("opening.json").write_text(json.dumps(records), encoding="utf-8")


if __name__ == "__main__":
    main()
