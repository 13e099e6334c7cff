"""Writes programs.json: what Keras 3 makes of the programs beside this file, which take TensorFlow's tape.

`pip install keras==3.15.1 tensorflow-cpu` in an environment of its own, then
`KERAS_BACKEND=tensorflow python -m tests.keras.subclassing.record_programs`.
"""

import json
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from tests.keras.subclassing.programs import PROGRAMS


def main() -> None:
    """Runs all programs."""
    found = {name: program(keras, tf, np) for name, program in PROGRAMS.items()}
    path = Path(__file__).with_name("programs.json")
    path.write_text(
        json.dumps({"keras": keras.__version__, "programs": found}, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
