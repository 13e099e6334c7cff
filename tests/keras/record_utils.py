"""Writes utils.json: what functions of keras.utils and keras.tree give.

`pip install keras==3.15.1 scipy jax pillow` in an environment of its own, then
`KERAS_BACKEND=numpy python -m tests.keras.record_utils`.
"""

import json
from pathlib import Path

import keras

from tests.keras.utils_calls import answers


def main():
    text = json.dumps({"answers": answers(keras)}, indent=1)
    (Path(__file__).parent / "utils.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
