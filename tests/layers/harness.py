"""What every layer must pass, from one description."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import tfjs_pyo as tf
from tfjs_pyo import naming
from tfjs_pyo.config import REQUIRED
from tfjs_pyo.layers.base import Layer

BATCH = 3


def inputs_of(shape: Sequence[int], seed: int = 0, tokens: int | None = None) -> np.ndarray:
    """Reproducible inputs for samples of this shape; with `tokens` whole numbers below it."""
    draw = np.random.default_rng(seed)
    size = (BATCH, *shape)
    drawn = draw.normal(size=size) if tokens is None else draw.integers(0, tokens, size)
    return drawn.astype(np.float32)


def run_layer_test(name: str, config: Mapping[str, Any], shape: Sequence[int]) -> Layer:
    """Checks a layer from construction to training.

    Args:
        name: class name, as in `tf.layers`.
        config: options, in snake_case.
        shape: of one sample.

    Returns:
        The layer, built for inputs of this shape.
    """
    tf.random.set_seed(1)
    layer = _constructs_alike_in_every_spelling(name, config)
    gc.collect()
    before = tf.memory()["numTensors"]
    _computes_the_shape_it_promises(name, config, shape)
    _trains(name, config, shape)
    gc.collect()
    assert tf.memory()["numTensors"] == before, "tensors are left behind"
    layer._ensure_built((BATCH, *shape))
    return layer


def _made(name: str, config: Mapping[str, Any]) -> Layer:
    return getattr(tf.layers, name)(**config)


def _constructs_alike_in_every_spelling(name: str, config: Mapping[str, Any]) -> Layer:
    camel = {naming.camel(key): value for key, value in config.items()}
    layer = getattr(tf.layers, naming.camel(name))({**camel, "name": "same"})
    kind = getattr(tf.keras.layers, name)
    needed = {n: getattr(layer, n) for n, f in kind.fields.items() if f.default is REQUIRED and f.argument}
    assert isinstance(kind(**{**needed, **config, "name": "same"}), type(layer))
    others = [_made(name, {**config, "name": "same"})]
    kept = layer.get_config()
    others += [type(layer).from_config(kept), tf.layers.LAYERS.get({"className": name, "config": kept})]
    for other in others:
        assert type(other) is type(layer)
        assert other.get_config() == kept
    assert layer.get_class_name() == name
    return layer


def _computes_the_shape_it_promises(name: str, config: Mapping[str, Any], shape: Sequence[int]) -> None:
    layer = _made(name, config)
    symbol = layer.apply(tf.input({"shape": list(shape)}))
    assert layer.built
    assert symbol.shape[0] is None
    result = layer(tf.tensor(inputs_of(shape, tokens=config.get("input_dim"))))
    assert result.shape == (BATCH, *symbol.shape[1:])
    assert np.isfinite(result.numpy()).all()
    assert layer.count_params() == sum(weight.size for weight in layer.weights)
    again = _made(name, config)
    again._ensure_built((None, *shape))
    again.set_weights(layer.get_weights())
    same = again(tf.tensor(inputs_of(shape, tokens=config.get("input_dim")))).numpy()
    np.testing.assert_allclose(same, result.numpy(), rtol=1e-5, atol=1e-6)


def _trains(name: str, config: Mapping[str, Any], shape: Sequence[int]) -> None:
    model = tf.sequential({"layers": [_made(name, {**config, "input_shape": shape})]})
    if not model.trainable_weights:
        model.add(tf.layers.dense({"units": 2}))  # so that there is something to train
    model.compile(optimizer=tf.train.sgd(0.1), loss="meanSquaredError")
    x = inputs_of(shape, tokens=config.get("input_dim"))
    y = np.ones(model.predict(x).shape, dtype=np.float32) * 3
    before = [weight.numpy() for weight in model.get_weights()]

    async def fit() -> Any:
        return await model.fit(x, y, epochs=2)

    losses = asyncio.run(fit()).history["loss"]
    assert np.isfinite(losses).all()
    after = [weight.numpy() for weight in model.get_weights()]
    assert all(np.isfinite(weight).all() for weight in after)
    assert all(bool((a != b).any()) for a, b in zip(before, after, strict=True)), "a weight did not change"
    _gradients_are_finite(model, x)


def _gradients_are_finite(model: Any, x: np.ndarray) -> None:
    gradient = tf.grad(lambda t: model.apply(t, {"training": True}).square().sum())(tf.tensor(x))
    assert gradient.shape == x.shape
    assert np.isfinite(gradient.numpy()).all()


def agrees(layer: Layer, x: np.ndarray, expected: np.ndarray, **arguments: Any) -> None:
    """Checks the values of a layer."""
    result = layer.apply(tf.tensor(np.asarray(x, dtype=np.float32)), arguments)
    assert result.shape == expected.shape
    np.testing.assert_allclose(result.numpy(), expected, rtol=2e-5, atol=1e-5)
