"""Records where Keras 3 keeps the weights of layers in lists, tuples, dicts and within each other.

`KERAS_BACKEND=torch python tests/io/record_places.py` writes places.json; `... check FOLDER` loads what test_places_of_keras.py
saved (run it with TFJS_PYO_KEEP=FOLDER) and compares the weights.
"""

import base64
import json
import sys
import tempfile
import zlib
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent


def main():
    import keras

    sys.path.insert(0, str(FOLDER.parents[1]))
    from tests.io.models_in_places import MODELS

    if sys.argv[1:2] == ["check"]:
        recorded = json.loads((FOLDER / "places.json").read_text())
        for name, make in MODELS.items():
            model = make(keras)
            model(np.ones((1, 2), "float32"))
            model.load_weights(Path(sys.argv[2], f"{name}.weights.h5"))
            for weight, values in zip(model.get_weights(), recorded[name]["weights"], strict=True):
                np.testing.assert_array_equal(weight, np.array(values, "float32"), err_msg=name)
            print(name, "the same")
        return
    rng, found = np.random.default_rng(1), {}
    for name, make in MODELS.items():
        model = make(keras)
        model(np.ones((1, 2), "float32"))
        model.set_weights([rng.normal(size=w.shape).round(2).astype("float32") for w in model.get_weights()])
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "m.weights.h5")
            model.save_weights(path)
            content = base64.b64encode(zlib.compress(path.read_bytes(), 9)).decode()
        found[name] = {"file": content, "weights": [w.tolist() for w in model.get_weights()]}
    (FOLDER / "places.json").write_text(json.dumps(found))


main()
