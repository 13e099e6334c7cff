"""Writes preprocessing.json: what keras.preprocessing of TensorFlow's Keras gives for preprocessing_cases.py.

`pip install keras==3.15.1 tensorflow-cpu pillow pandas 'scipy<2'` in an environment of its own, then
`python -m tests.keras.record_preprocessing`.
"""

import json
from pathlib import Path

import pandas as pd
import tensorflow as tf

from tests.keras.preprocessing_cases import CALLS


def rounded(value):
    """A result with numbers of six digits."""
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(each) for each in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def main():
    record = {}
    for kind, calls in CALLS.items():
        options = {"frame": pd.DataFrame} if kind == "files" else {}
        record[kind] = {name: rounded(value) for name, value in calls(tf.keras, **options)}
    text = json.dumps({"version": tf.keras.__version__, **record}, separators=(",", ":"))
    Path(__file__).with_name("preprocessing.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
