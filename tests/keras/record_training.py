"""Writes training.json: what whole training programs give under Keras 3, for test_training.py beside this file.

`pip install keras==3.15.1 jax` in an environment of its own, then `KERAS_BACKEND=jax python -m tests.keras.record_training`.
"""

import json
from pathlib import Path

import keras

from tests.keras.training_programs import PROGRAMS


def main():
    record = {"version": keras.__version__, "programs": {}}
    for program in PROGRAMS:
        keras.backend.clear_session()
        record["programs"][program.__name__] = program(keras)
    text = json.dumps(record, default=float)
    Path(__file__).with_name("training.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
