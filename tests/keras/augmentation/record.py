"""Writes augmentation.json: what Keras's layers of images give where nothing is left to chance.

`pip install keras==3.15.1 tensorflow-cpu` in an environment of its own, then
`KERAS_BACKEND=tensorflow python -m tests.keras.augmentation.record`; with torch a limit of contrast counts as a whole number.
"""

import json
from pathlib import Path

import keras
import numpy as np

from tests.keras.augmentation.cases import SETTLED, images


def main():
    found = []
    for name, config in SETTLED:
        result = np.asarray(getattr(keras.layers, name)(**config)(images(), training=True))
        found.append([list(result.shape), [float(f"{value:.6g}") for value in result.ravel()[::5]]])
    record = {"version": keras.__version__, "settled": found}
    target = Path(__file__).with_name("augmentation.json")
    target.write_text(json.dumps(record, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main()
