"""Writes summaries.json: what Keras 3 prints of the models beside this file, in a terminal of 100 columns.

`pip install keras==3.15.1 tensorflow-cpu` in an environment of its own, then
`COLUMNS=100 KERAS_BACKEND=tensorflow python -m tests.keras.subclassing.record_summaries`.
"""

import json
from pathlib import Path

import keras

from tests.keras.subclassing.summaries import texts


def main() -> None:
    """Prints all models."""
    path = Path(__file__).with_name("summaries.json")
    path.write_text(json.dumps(texts(keras), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
