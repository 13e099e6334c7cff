"""Writes keras_training.json: files of models in the midst of their training by Keras 3, and where that training led.

For test_keras_training.py. Run by a Python that has Keras 3 and one of its backends:
KERAS_BACKEND=torch python tests/io/record_keras_training.py
"""

import base64
import json
import tempfile
from pathlib import Path

import numpy as np

OPTIMIZERS = {
    "sgd": {"learning_rate": 0.1, "momentum": 0.9},
    "nesterov": {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True},
    "adam": {"learning_rate": 0.03},
    "amsgrad": {"learning_rate": 0.03, "amsgrad": True},
    "adamw": {"learning_rate": 0.03, "weight_decay": 0.1},
    "rmsprop": {"learning_rate": 0.03, "momentum": 0.5, "centered": True},
    "plain": {"learning_rate": 0.03},
    "adagrad": {"learning_rate": 0.1},
    "adamax": {"learning_rate": 0.05},
    "nadam": {"learning_rate": 0.03},
    "ftrl": {"learning_rate": 0.1},
    "lion": {"learning_rate": 0.01},
    "adadelta": {"learning_rate": 1.0},
    "averages": {"learning_rate": 0.1, "momentum": 0.9, "use_ema": True, "ema_momentum": 0.8},
}
CLASSES = {"nesterov": "SGD", "amsgrad": "Adam", "plain": "RMSprop", "averages": "SGD"}
WITH_H5 = ("sgd", "adam", "rmsprop", "adadelta")


def filled(shape, seed):
    """Numbers that look random and are the same everywhere."""
    i = np.arange(1, np.prod(shape) + 1)
    return (0.8 * np.sin(12.9898 * i + 78.233 * seed)).reshape(shape).astype(np.float32)


def listed(weights):
    return [{"shape": list(w.shape), "values": w.ravel().tolist()} for w in weights]


def main():
    import keras

    x, y = filled((8, 3), 1), filled((8, 2), 2)
    records = {"x": listed([x])[0], "y": listed([y])[0], "runs": []}
    for name, options in OPTIMIZERS.items():
        for form in [".keras", ".h5"] if name in WITH_H5 else [".keras"]:
            keras.utils.clear_session()
            model = keras.Sequential(
                [keras.Input((3,)), keras.layers.Dense(3, activation="tanh"), keras.layers.Dense(2)]
            )
            model.set_weights([filled(w.shape, i + 3) for i, w in enumerate(model.weights)])
            kind = getattr(
                keras.optimizers,
                CLASSES.get(name, name.upper() if name == "sgd" else name.capitalize()),
                None,
            )
            kind = kind or {"adamw": keras.optimizers.AdamW, "rmsprop": keras.optimizers.RMSprop}[name]
            model.compile(kind(**options), "mse")
            model.fit(x, y, epochs=3, batch_size=8, shuffle=False, verbose=0)
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, f"model{form}")
                model.save(path)
                content = base64.b64encode(path.read_bytes()).decode()
            losses = model.fit(x, y, epochs=4, batch_size=8, shuffle=False, verbose=0).history["loss"]
            run = {"optimizer": name, "form": form, "file": content, "losses": losses}
            records["runs"].append({**run, "weights": listed(model.get_weights())})
    Path(__file__).with_name("keras_training.json").write_text(json.dumps(records), encoding="utf-8")


if __name__ == "__main__":
    main()
