"""Writes keras.json: configs as Keras 3 saves them, weights and what the models predict. For test_keras_models.py.

Run by a Python that has Keras 3 and one of its backends: KERAS_BACKEND=torch python tests/io/record_keras.py
"""

import base64
import json
import math
import tempfile
from pathlib import Path

import numpy as np


def filled(shape, seed):
    """Numbers that look random and are the same everywhere."""
    i = np.arange(1, math.prod(shape) + 1)
    return (0.8 * np.sin(12.9898 * i + 78.233 * seed)).reshape(shape).astype(np.float32)


FILES = {"dense": [".keras", ".h5", ".weights.h5"], "graph": [".keras"], "cells": [".h5"]}
"""Which models are recorded as files too."""


def file_of(model, form):
    """The bytes of a file with a model, in base64."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"model{form}")
        (model.save_weights if form == ".weights.h5" else model.save)(path)
        return base64.b64encode(path.read_bytes()).decode()


def shaped(value):
    return {"shape": list(value.shape), "values": np.asarray(value, np.float32).ravel().tolist()}


def main():
    import keras
    from keras import layers as L  # noqa: N812 (short, as there are many)

    def graph():
        a, b, steps = (
            keras.Input((3,), name="a"),
            keras.Input((3,), name="b"),
            keras.Input((4, 3), name="steps"),
        )
        shared = L.Dense(2, name="shared", activation="tanh")
        within = keras.Input((2,), name="within")
        nested = keras.Model(within, L.Dense(2, name="deep")(within), name="nested")
        left, right = (nested(shared(x)) for x in (a, b))
        joined = L.Concatenate(name="joined")([left, right])
        recurrent, state = L.GRU(2, name="recurrent", return_state=True)(steps, initial_state=left)
        small = keras.Sequential([keras.Input((4,)), L.Dense(3, name="last")], name="small")
        attended = L.MultiHeadAttention(2, 3, name="attention")(steps, steps)
        return keras.Model([a, b, steps], [small(joined), recurrent, state, attended], name="whole")

    models = {
        "dense": lambda: keras.Sequential(
            [
                keras.Input((3,)),
                L.Dense(4, activation="relu", kernel_regularizer="l2", bias_constraint="non_neg"),
                L.Dropout(0.5),
                L.BatchNormalization(),
                L.Dense(2, activation="softmax", use_bias=False, kernel_initializer="he_normal"),
            ]
        ),
        "graph": graph,
        "bidirectional": lambda: keras.Sequential(
            [
                keras.Input((4, 3)),
                L.Bidirectional(L.LSTM(2, return_sequences=True)),
                L.Bidirectional(L.GRU(2, reset_after=False), merge_mode="sum"),
            ]
        ),
        "cells": lambda: keras.Sequential(
            [keras.Input((4, 3)), L.RNN([L.LSTMCell(2), L.GRUCell(3)], return_sequences=True), L.SimpleRNN(2)]
        ),
        "images": lambda: keras.Sequential(
            [
                keras.Input((6, 6, 2)),
                L.Conv2D(3, 3, padding="same", activation="elu"),
                L.LeakyReLU(0.25),
                L.SeparableConv2D(2, 2),
                L.DepthwiseConv2D(2, depth_multiplier=2),
                L.ZeroPadding2D(((1, 0), (0, 2))),
                L.MaxPooling2D(2),
                L.LayerNormalization(),
                L.Flatten(),
                L.Dense(2, activation="gelu"),
            ]
        ),
        "mixed": lambda: keras.Sequential(
            [keras.Input((4,)), L.Dense(3, dtype="float16"), L.ReLU(max_value=1.0), L.Rescaling(2.0), L.PReLU()]
        ),
        "time_distributed": lambda: keras.Sequential(
            [
                keras.Input((4, 3)),
                L.GRU(2, recurrent_activation="hard_sigmoid", return_sequences=True),
                L.TimeDistributed(L.Dense(2, activation="hard_sigmoid")),
                L.GlobalAveragePooling1D(),
            ]
        ),
    }  # fmt: skip
    records = {}
    for name, make in models.items():
        keras.utils.clear_session()
        model = make()
        model.set_weights([np.abs(filled(w.shape, i + 1)) for i, w in enumerate(model.weights)])
        inputs = [filled((2, *t.shape[1:]), 90 + i) for i, t in enumerate(model.inputs)]
        outputs = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
        model.compile("adam", "mse", metrics=["accuracy"] if len(model.outputs) == 1 else None)
        records[name] = {
            "json": model.to_json(),
            "weights": [
                {
                    "name": w.path,
                    "shape": list(w.shape),
                    "data": base64.b64encode(w.numpy().astype("<f4").tobytes()).decode(),
                }
                for w in model.weights
            ],
            "inputs": [shaped(x) for x in inputs],
            "files": {form: file_of(model, form) for form in FILES.get(name, ())},
            "outputs": [shaped(y) for y in (outputs if isinstance(outputs, list) else [outputs])],
        }
    Path(__file__).with_name("keras.json").write_text(json.dumps(records), encoding="utf-8")


if __name__ == "__main__":
    main()
