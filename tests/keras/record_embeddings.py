"""Writes embeddings.json: what Keras's ReversibleEmbedding and a Wrapper give, with gradients.

`pip install keras==3.15.1 torch` in an environment of its own, then
`KERAS_BACKEND=torch python -m tests.keras.record_embeddings`.
"""

import json
from pathlib import Path

import keras
import torch

from tests.keras.embedding_cases import IDS, REVERSIBLE, numbers, reversible, wrapped
from tests.waves import seen


def both_ways(options):
    """Vectors, scores of them, the penalties, and gradients of the sum of the scores' squares."""
    layer = reversible(keras, options)
    vectors = layer(torch.tensor(IDS))
    scores = layer(vectors, reverse=True)
    penalties = [float(each.detach()) for each in layer.losses]
    (scores**2).sum().backward()
    pooled = keras.layers.GlobalAveragePooling1D()(layer(torch.tensor(IDS)))
    return {
        "vectors": seen(vectors.detach().numpy()),
        "scores": seen(scores.detach().numpy()),
        "pooled": seen(pooled.detach().numpy()),
        "penalties": penalties,
        "gradients": [seen(weight.value.grad.numpy()) for weight in layer.weights],
    }


def constrained():
    """Which weights have the constraint of the embeddings."""
    layer = keras.layers.ReversibleEmbedding(6, 3, False, embeddings_constraint="non_neg")
    layer.build((None, 4))
    return [weight.constraint is not None for weight in layer.weights]


def around():
    layer = wrapped(keras)
    x = torch.tensor(numbers((2, 4), 1), requires_grad=True)
    y = layer(x)
    (y**2).sum().backward()
    gradients = [x.grad, *(weight.value.grad for weight in layer.trainable_weights)]
    return {
        "value": seen(y.detach().numpy()),
        "weights": [weight.path for weight in layer.weights],
        "gradients": [seen(each.numpy()) for each in gradients],
    }


if __name__ == "__main__":
    record = {
        "version": keras.__version__,
        "reversible": [both_ways(each) for each in REVERSIBLE],
        "wrapper": around(),
        "constrained": constrained(),
    }
    text = json.dumps(record, separators=(",", ":"))
    Path(__file__).with_name("embeddings.json").write_text(text, encoding="utf-8")
