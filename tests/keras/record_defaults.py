"""Writes defaults.json: what Keras 3 computes where its defaults are left alone, for test_defaults.py beside this file.

`pip install keras==3.15.1 torch` in an environment of its own, then
`KERAS_BACKEND=torch python -m tests.keras.record_defaults`.
"""

import json
from pathlib import Path

import keras
import numpy as np
import torch

from tests.keras.defaults import (
    ACTIVATIONS,
    CONSTRAINTS,
    INITIALIZERS,
    LAYERS,
    LOSSES,
    METRICS,
    POINTS,
    REGULARIZERS,
    VALUES,
    given,
    inputs_of,
    weighted,
)
from tests.keras.record_data import data
from tests.waves import filled, seen


def values(tensor):
    return np.asarray(tensor.detach() if hasattr(tensor, "detach") else tensor)


def applied(name, config, shapes, arguments):
    """What a layer gives, the shapes of its weights, and the gradients of a weighted sum of what it gives."""
    layer = getattr(keras.layers, name)(**given(keras, config))
    tensors = [torch.tensor(x, requires_grad=x.dtype == np.float32) for x in inputs_of(name, shapes)]
    first = tensors if len(tensors) > 1 else tensors[0]
    call = (lambda: layer(*first, **arguments)) if name in VALUES else (lambda: layer(first, **arguments))
    call()
    layer.set_weights(
        [
            np.abs(filled(w.shape, 50 + i, 0.4)) + (0.1 if "variance" in w.path else 0)
            for i, w in enumerate(layer.weights)
        ]
    )
    y = call()
    found = {"value": seen(values(y)), "weights": [list(w.shape) for w in layer.weights]}
    trained = [w.value for w in layer.trainable_weights]
    moved = [t for t in (*tensors, *trained) if t.requires_grad]
    if moved and y.requires_grad:
        loss = (y * torch.tensor(filled(y.shape, 90, 1.0))).sum()
        gradients = torch.autograd.grad(loss, moved, allow_unused=True)
        found["gradients"] = [None if g is None else seen(g.numpy()) for g in gradients]
    return found


def activated(name):
    x = torch.tensor([POINTS], dtype=torch.float32, requires_grad=True)
    y = getattr(keras.activations, name)(x)
    y.sum().backward()
    return [values(t).reshape(-1).tolist() for t in (y, x.grad)]


def lost(name, kind, weight):
    true, predicted = data(kind)
    p = torch.tensor(predicted, requires_grad=True)
    loss = getattr(keras.losses, name)()(torch.tensor(true), p, sample_weight=weighted(weight))
    loss.backward()
    return [float(loss.detach()), seen(p.grad.numpy())]


def measured(name, config, kind, weight):
    metric = getattr(keras.metrics, name)(**config)
    true, predicted = data(kind)
    weights = weighted(weight, [8] if name.endswith("Score") else [8, 1])
    try:
        for half in (slice(0, 4), slice(4, 8)):
            metric.update_state(true[half], predicted[half], None if weights is None else weights[half])
    except (RuntimeError, ValueError):
        return None  # Keras takes no such weights
    return np.asarray(values(metric.result())).reshape(-1).astype(float).tolist()


def penalized(name):
    return float(values(getattr(keras.regularizers, name)()(torch.tensor(filled([4, 3], 7, 1.5)))))


def limited(name):
    return seen(values(getattr(keras.constraints, name)()(torch.tensor(filled([4, 3], 7, 1.5)))))


def first(name, config, shape):
    """The values of an initializer that draws nothing, else mean and deviation of many of its numbers."""
    found = values(getattr(keras.initializers, name)(**config)(shape, dtype="float32"))
    return [float(found.mean()), float(found.std()), float(np.abs(found).max())]


def main():
    record = {
        "version": keras.__version__,
        "layers": [applied(*case) for case in LAYERS],
        "activations": [activated(name) for name in ACTIVATIONS],
        "losses": [lost(*case) for case in LOSSES],
        "metrics": [measured(*case) for case in METRICS],
        "regularizers": [penalized(name) for name in REGULARIZERS],
        "constraints": [limited(name) for name in CONSTRAINTS],
        "initializers": [first(*case) for case in INITIALIZERS],
    }
    Path(__file__).with_name("defaults.json").write_text(json.dumps(record), encoding="utf-8")


if __name__ == "__main__":
    main()
