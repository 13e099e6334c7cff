"""Writes utils.json: what functions of keras.utils and keras.tree give, and the public names of Keras's modules.

`pip install keras==3.15.1 scipy jax pillow` in an environment of its own, then
`KERAS_BACKEND=numpy python -m tests.keras.record_utils`.
"""

import json
from pathlib import Path

import keras

from tests.keras.utils_calls import answers

MODULES = (
    "backend", "config", "datasets", "dtype_policies", "mixed_precision", "ops", "preprocessing", "random", "tree", "utils",
)  # fmt: skip


def main():
    names = {
        module: [name for name in dir(getattr(keras, module)) if not name.startswith("_")]
        for module in MODULES
    }
    text = json.dumps({"answers": answers(keras), "names": names}, indent=1)
    (Path(__file__).parent / "utils.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
