"""Writes backend.json: what keras.backend of TensorFlow's Keras gives for backend_cases.py, and the parameters of its functions.

`pip install keras==3.15.1 tensorflow-cpu` in an environment of its own, then `python -m tests.keras.record_backend`.
"""

import inspect
import json
from pathlib import Path

import numpy as np
import tensorflow as tf

from tests.keras.backend_cases import RANDOM, calls, values


def shown(value):
    """A result as JSON: arrays with their shape and dtype."""
    if isinstance(value, (list, tuple)) and not all(isinstance(each, int) for each in value):
        return [shown(each) for each in value]
    if value is None or isinstance(value, (bool, int, str, tuple)):
        return value
    array = np.asarray(value)
    numbers = [float(f"{each:.6g}") for each in array.ravel().tolist()]
    return {"shape": list(array.shape), "dtype": str(array.dtype), "values": numbers}


def main():
    names = values(tf.keras, tf.constant)
    results = {}
    for call in calls():
        found = shown(eval(call, names))
        if call.startswith(RANDOM):
            found.pop("values")
        results[call] = found
    K = tf.keras.backend  # noqa: N806
    functions = {name: getattr(K, name) for name in dir(K) if inspect.isfunction(getattr(K, name))}
    parameters = {name: list(inspect.signature(function).parameters) for name, function in functions.items()}
    record = {"version": tf.keras.__version__, "parameters": parameters, "results": results}
    text = json.dumps(record, separators=(",", ":"))
    Path(__file__).with_name("backend.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
