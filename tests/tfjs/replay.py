"""Replays calls that recorder.mjs recorded in TensorFlow.js, on the same drawn numbers, and compares."""

import asyncio
import inspect
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import tfjs_pyo as tf

MODULUS = 2147483647


class Stream:
    """Park and Miller's generator, as in recorder.mjs."""

    def __init__(self, seed: int) -> None:
        self.state = (seed * 7919 + 17) % MODULUS
        for _ in range(3):
            self.next()

    def next(self) -> float:
        """Returns a number from [0, 1)."""
        self.state = (self.state * 16807) % MODULUS
        return self.state / MODULUS


def draw(stream: Stream, spec: dict[str, Any]) -> tf.Tensor:
    """Returns the tensor that recorder.mjs drew for an input."""
    shape, dtype = spec["shape"], spec.get("dtype", "float32")
    low, high = spec.get("low", -2), spec.get("high", 2)
    count = int(np.prod(shape))

    def one() -> float:
        u = stream.next()
        if dtype == "bool":
            return u < 0.5
        return low + int(u * (high - low)) if dtype == "int32" else low + u * (high - low)

    values = spec.get("values") or [one() for _ in range(count)]
    if dtype == "complex64":
        return tf.complex(
            tf.tensor(values, shape),
            tf.tensor([low + stream.next() * (high - low) for _ in range(count)], shape),
        )
    return tf.tensor([_number(v) for v in values], shape, dtype)


def _number(value: Any) -> Any:
    return float(value.replace("Infinity", "inf")) if value in ("NaN", "Infinity", "-Infinity") else value


def records(file: str, name: str) -> list[dict[str, Any]]:
    """Returns the records in a JSON file beside a test."""
    return json.loads(Path(file).with_name(name).read_text(encoding="utf-8"))


def title(record: dict[str, Any]) -> str:
    """Returns a short name for a record."""
    shapes = "x".join(str(i["shape"]).replace(" ", "") + i.get("dtype", "")[:1] for i in record["inputs"])
    return f"{record['fn']}-{shapes}-{json.dumps(record['args'], separators=(',', ':'))}"


def tensors_of(result: Any) -> list[tf.Tensor]:
    """Returns the tensors in a result, in order."""
    if isinstance(result, tf.Tensor):
        return [result]
    items = result.values() if isinstance(result, dict) else result
    return [tensor for item in items for tensor in tensors_of(item)]


def compare(found: tf.Tensor, expected: dict[str, Any], rtol: float, atol: float) -> None:
    """Asserts shape, dtype and values of a recorded tensor."""
    assert list(found.shape) == expected["shape"]
    assert found.dtype == expected["dtype"]
    if found.dtype == "string":
        assert found.data_sync() == expected["data"]
        return
    wanted = np.array([_number(v) for v in expected["data"]], np.float64)
    if found.dtype in ("int32", "bool"):
        np.testing.assert_array_equal(np.array(found.data_sync(), np.float64), wanted)
        return
    if wanted.size:
        atol *= max(1.0, float(np.nanmax(np.abs(np.where(np.isfinite(wanted), wanted, 0)))))
    np.testing.assert_allclose(np.array(found.data_sync(), np.float64), wanted, rtol=rtol, atol=atol)


def replay(record: dict[str, Any], gradients: bool = True, rtol: float = 2e-5, atol: float = 2e-6) -> None:
    """Asserts that a recorded call gives the same here, and that its gradients are the same where both have them."""
    stream = Stream(record["seed"])
    inputs = [draw(stream, spec) for spec in record["inputs"]]
    function: Any = tf
    for name in record["fn"].split("."):
        function = getattr(function, name)

    def run(*given: tf.Tensor) -> list[tf.Tensor]:
        result = function(*_arguments(record, given))
        return tensors_of(asyncio.run(_awaited(result)) if inspect.isawaitable(result) else result)

    outputs = run(*inputs)
    assert len(outputs) == len(record["outputs"])
    for found, expected in zip(outputs, record["outputs"], strict=True):
        compare(found, expected, rtol, atol)
    if not gradients or not record.get("gradients"):
        return
    weights = [
        draw(stream, {"shape": list(y.shape), "low": 0.5, "high": 1.5}) if y.dtype == "float32" else None
        for y in outputs
    ]

    def loss(*given: tf.Tensor) -> tf.Tensor:
        pairs = zip(run(*given, *inputs[len(given) :]), weights, strict=True)
        return tf.add_n([(y * w).sum() for y, w in pairs if w is not None])

    found = tf.grads(loss)(inputs[: len(record["gradients"])])
    for gradient, expected in zip(found, record["gradients"], strict=True):
        compare(gradient, expected, 5 * rtol, 10 * atol)


def _arguments(record: dict[str, Any], given: Sequence[tf.Tensor]) -> list[Any]:
    """Returns the arguments of a call; '$0' in them stands for the first tensor."""
    args = record["args"]
    if record["list"]:
        return [list(given), *args]

    def place(item: Any) -> Any:
        if isinstance(item, list):
            return [place(part) for part in item]
        if isinstance(item, dict):
            return {key: place(part) for key, part in item.items()}
        return given[int(item[1:])] if isinstance(item, str) and re.fullmatch(r"\$\d", item) else item

    return place(args) if re.search(r'"\$\d"', json.dumps(args)) else [*given, *args]


async def _awaited(result: Any) -> Any:
    return await result
