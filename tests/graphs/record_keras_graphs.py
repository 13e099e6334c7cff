"""Writes graphs_by_keras.json: Keras 3's files of the drawn graphs, and what it makes of those that are written here.

pip install keras jax h5py; KERAS_BACKEND=jax PYTHONPATH=py python -m tests.graphs.record_keras_graphs
"""

import base64
import io
import json
import os
import tempfile
import warnings
import zipfile
import zlib
from pathlib import Path

import h5py
import numpy as np

from tests.graphs.drawn import FOLDER, Drawn, inputs_of, outputs_of, records
from tests.io.record_keras import shaped

NUMBERS = range(0, 60, 2)
"""Which of the graphs are recorded; each second one of them under names that Keras makes up."""


def packed(content):
    return base64.b64encode(zlib.compress(content, 9)).decode()


def content_of(model, form):
    """The bytes of a file."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder, f"model{form}")
        (model.save_weights if form == ".weights.h5" else model.save)(path)
        return path.read_bytes()


def places(archive):
    """Place and first value of each weight in a `.keras` file."""
    found = {}
    with zipfile.ZipFile(archive) as opened, h5py.File(io.BytesIO(opened.read("model.weights.h5"))) as file:
        file.visititems(
            lambda name, item: (
                found.update({name: round(float(np.ravel(item)[0]), 6)}) if hasattr(item, "shape") else None
            )
        )
    return found


def read_by_keras(keras, drawn, inputs):
    """What Keras makes of a file that is written here."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.keras")
        drawn.model.save(path)
        model = keras.saving.load_model(path)
        written = places(path)
    outputs = outputs_of(model.predict(inputs, verbose=0))
    return {"places": written, "outputs": [shaped(each) for each in outputs]}


def main():
    os.environ.setdefault("KERAS_BACKEND", "jax")
    import keras

    import tfjs_pyo as tf

    found = {}
    for number in NUMBERS:
        graph = records()[number]["graph"]
        unnamed = number % 4 == 0
        drawn, inputs = Drawn(graph, keras, unnamed), inputs_of(graph)
        drawn.fill()
        ours = Drawn(graph, tf, unnamed)
        ours.fill()
        found[number] = {
            "unnamed": unnamed,
            "layers": {name: drawn.order(model) for name, model in drawn.models()},
            "weights": [
                {"shape": list(w.shape), "first": float(np.ravel(w)[0])} for w in drawn.model.get_weights()
            ],
            "outputs": [shaped(each) for each in outputs_of(drawn.model.predict(inputs, verbose=0))],
            "files": {
                form: packed(content_of(drawn.model, form)) for form in (".keras", ".weights.h5", ".h5")
            },
            "read": read_by_keras(keras, ours, inputs),
        }
    text = json.dumps({"keras": keras.__version__, "records": found}, indent=1)
    (FOLDER / "graphs_by_keras.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
