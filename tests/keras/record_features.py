"""Writes features.json and features.keras: what a FeatureSpace of Keras's makes of rows, and the file that it is saved as.

`pip install keras==3.15.1 tensorflow-cpu` in an environment of its own, then `python -m tests.keras.record_features`.
"""

import json
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from tests.keras.feature_cases import FURTHER, FURTHER_ROWS, further

if __name__ == "__main__":
    space = further(keras)
    space.adapt(tf.data.Dataset.from_tensor_slices(FURTHER))
    record = {"version": keras.__version__, "rows": np.asarray(space(FURTHER_ROWS)).tolist()}
    Path(__file__).with_name("features.json").write_text(json.dumps(record), encoding="utf-8")
    space.save(Path(__file__).with_name("features.keras"))
