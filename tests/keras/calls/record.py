"""Writes calls.json: what Keras's layers give in the ways that they can be called.

`pip install keras==3.15.1` in an environment of its own, then `KERAS_BACKEND=numpy python -m tests.keras.calls.record`.
"""

import json
from pathlib import Path

import keras

from tests.keras.calls.cases import cases, numbers


def main():
    record = {"version": keras.__version__, "calls": {name: numbers(call()) for name, call in cases(keras)}}
    Path(__file__).with_name("calls.json").write_text(
        json.dumps(record, separators=(",", ":")), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
