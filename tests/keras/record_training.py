"""Writes training.json: what whole training programs give under Keras 3, for test_training.py beside this file.

`pip install keras==3.15.1 jax` in an environment of its own, then
`KERAS_BACKEND=jax python -m tests.keras.record_training [names of programs]`.
"""

import inspect
import json
import sys
from pathlib import Path

import keras

from tests.keras.training_programs import PROGRAMS

METHODS = ["compile", "fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch"]


def parameters(name):
    """Names and defaults of the parameters of a method of models."""
    found = list(inspect.signature(getattr(keras.Model, name)).parameters.values())[1:]
    named = [p for p in found if p.kind is not p.VAR_KEYWORD]
    return [[p.name, None if p.default is p.empty else p.default] for p in named]


def main(names):
    """Records the programs of these names, or all of them."""
    path = Path(__file__).with_name("training.json")
    record = json.loads(path.read_text(encoding="utf-8")) if names else {"programs": {}}
    record |= {"version": keras.__version__, "signatures": {name: parameters(name) for name in METHODS}}
    for program in PROGRAMS:
        if not names or program.__name__ in names:
            keras.backend.clear_session()
            record["programs"][program.__name__] = program(keras)
    path.write_text(json.dumps(record, default=float), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
