"""Writes hashing.json: the bins of Keras's Hashing and HashedCrossing, which TensorFlow computes.

`pip install keras==3.15.1 tensorflow-cpu` in an environment of its own, then `python -m tests.keras.record_hashing`.
"""

import json
from pathlib import Path

import keras
import numpy as np

from tests.keras.hashing_cases import CROSSING, HASHING, data


def main():
    hashed = [keras.layers.Hashing(**options)(data(kind)) for kind, options in HASHING]
    crossed = [keras.layers.HashedCrossing(**options)(tuple(map(data, kinds))) for kinds, options in CROSSING]
    record = {
        "version": keras.__version__,
        "hashing": [np.asarray(each).astype(int).tolist() for each in hashed],
        "crossing": [np.asarray(each).astype(int).tolist() for each in crossed],
    }
    text = json.dumps(record, separators=(",", ":"))
    Path(__file__).with_name("hashing.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
