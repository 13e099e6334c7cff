"""Our side of the benchmarks: runs in the page's Python, as a cell of a namespace of its own.

It builds what bench/cases.py declares; TensorFlow.js's side, bench/tfjs_worker.js, has the same functions.
"""

import time
from array import array
from collections.abc import Iterable, Mapping
from typing import Any

from js import BroadcastChannel, fetch
from pyodide.code import run_js
from pyodide.ffi import to_js

import tfjs_pyo as tf
from tfjs_pyo.core import engine

_state: dict[str, Any] = {}


def _evaluate(expression: Any, tensors: Mapping[str, Any]) -> Any:
    if isinstance(expression, list):
        name, *inputs = expression
        return getattr(tf, name)(*(_evaluate(value, tensors) for value in inputs))
    if isinstance(expression, str) and expression.startswith("$"):
        return tensors[expression[1:]]
    return expression.get("list", expression) if isinstance(expression, dict) else expression


def _finish() -> None:
    """Wait until the GPU has done everything: what is read came first, but is read last."""
    _state["last"].data_sync()


async def _fetched(address: str) -> array[float]:
    elements = array("f")
    response = await fetch(address)
    elements.frombytes((await response.arrayBuffer()).to_bytes())
    return elements


async def open_side() -> dict[str, Any]:
    """What this side is."""
    _state["channel"] = BroadcastChannel.new("bench")
    _state["counter"] = await run_js("import('/bench/gl_counter.js')")
    _state["last"] = tf.tensor([1.0])
    return {"version": tf.__version__, "backend": engine.backend().name}


async def prepare(told: dict[str, Any], addresses: Mapping[str, str]) -> None:
    """Build what a case declares."""
    tensors = {
        name: tf.tensor(await _fetched(addresses[name]), shape) for name, shape in told["tensors"].items()
    }
    model = None
    if told["kind"] == "train":
        model = tf.sequential(
            {"layers": [getattr(tf.layers, name)(config) for name, config in told["layers"]]}
        )
        name, *numbers = told["optimizer"]
        model.compile({"optimizer": getattr(tf.train, name)(*numbers), "loss": told["loss"]})
    _state.update(told=told, tensors=tensors, model=model)


def _send(tensors: Iterable[Any]) -> None:
    """Hand elements to the other side."""
    _state["channel"].postMessage(to_js([to_js(tensor.data_sync()) for tensor in tensors]))


def send_weights() -> None:
    """Hand the model's weights, in its order, to the other side."""
    _send(_state["model"].get_weights())


async def _fit(epochs: int) -> Any:
    tensors, told = _state["tensors"], _state["told"]
    options = {"epochs": epochs, "batchSize": told["batch"], "shuffle": False, "verbose": 0}
    return await _state["model"].fit(tensors["inputs"], tensors["targets"], options)


async def check() -> list[float]:
    """Give the losses of the first epochs, or hand the result of the expression to the other side."""
    told = _state["told"]
    if told["kind"] == "train":
        return [float(loss) for loss in (await _fit(told["checked"])).history["loss"]]
    _send([_evaluate(told["expression"], _state["tensors"])])
    return []


async def measure() -> float:
    """How many milliseconds one measurement took."""
    told, tensors = _state["told"], _state["tensors"]
    if told["kind"] == "train":
        start = time.perf_counter()
        await _fit(told["epochs"])
        return (time.perf_counter() - start) * 1000
    _finish()
    start = time.perf_counter()
    for _ in range(told["repeat"]):
        result = _evaluate(told["expression"], tensors)
        engine.realize([result.node])
        del result
    _finish()
    return (time.perf_counter() - start) * 1000


async def count() -> dict[str, int]:
    """Draws, and different programs used, in one measurement."""
    counter = _state["counter"].countGl()
    try:
        await measure()
    finally:
        counter.stop()
    return {"launches": counter.draws, "programs": counter.programs.size}


def release() -> None:
    """Let go of the case."""
    _state.update(told=None, tensors=None, model=None)
