"""What record_io.mjs and record_keras.py wrote: models, and what they predict."""

import base64
import json
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent
TFJS = json.loads((FOLDER / "tfjs.json").read_text(encoding="utf-8"))
KERAS = json.loads((FOLDER / "keras.json").read_text(encoding="utf-8"))


def arrays(values):
    """Recorded tensors as arrays."""
    return [np.array(each["values"], np.float32).reshape(each["shape"]) for each in values]


def weights_of(record):
    """The weights of a recorded model, in their order, without those of the optimizer."""
    if "weights" in record:
        return [
            np.frombuffer(base64.b64decode(w["data"]), np.float32).reshape(w["shape"])
            for w in record["weights"]
        ]
    data, found, offset = base64.b64decode(record["weightData"]), [], 0
    for spec in record["artifacts"]["weightSpecs"]:
        size = int(np.prod(spec["shape"]))
        if spec.get("group") != "optimizer":
            found.append(np.frombuffer(data, np.float32, size, offset).reshape(spec["shape"]))
        offset += 4 * size
    return found


def agree(model, record, rtol=1e-4):
    """Checks that a model predicts what was recorded."""
    inputs = arrays(record["inputs"])
    found = model.predict(inputs if len(inputs) > 1 else inputs[0])
    found = found if isinstance(found, list) else [found]
    expected = arrays(record["outputs"])
    assert len(found) == len(expected)
    for a, b in zip(found, expected, strict=True):
        assert a.shape == b.shape
        np.testing.assert_allclose(a.numpy(), b, rtol=rtol, atol=1e-5)
