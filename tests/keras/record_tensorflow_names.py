"""Writes tensorflow_names.json: the public names that `tensorflow.keras` has beyond those of `keras`.

`pip install keras==3.15.1 tensorflow-cpu` in an environment of its own, then `python -m tests.keras.record_tensorflow_names`.
"""

import json
from pathlib import Path

import keras
from keras._tf_keras import keras as tensorflow_keras

from tests.keras.record_names import walk

if __name__ == "__main__":
    plain, whole = {}, {}
    walk(keras, "keras", plain)
    walk(tensorflow_keras, "keras", whole)
    record = {path: sorted(set(names) - set(plain.get(path, ()))) for path, names in whole.items()}
    text = json.dumps({path: names for path, names in record.items() if names}, indent=0)
    Path(__file__).with_name("tensorflow_names.json").write_text(text, encoding="utf-8")
