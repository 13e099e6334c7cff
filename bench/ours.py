"""Our side of the benchmarks: runs in the page's Python, as a cell of a namespace of its own.

It builds what bench/cases/cases.js declares; TensorFlow.js's side, bench/tfjs_worker.js, has the same functions. The page
runs ours_programs.py before it, in the same namespace.
"""

import gc
import time
from array import array
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from js import BroadcastChannel
from pyodide.code import run_js
from pyodide.ffi import to_js

import tfjs_pyo as tf
from tfjs_pyo.core import engine

if TYPE_CHECKING:
    from bench.ours_programs import PROGRAMS, Parts  # noqa: TC004 (the page ran that file in this namespace)

_state: dict[str, Any] = {}


def _evaluate(expression: Any, names: Mapping[str, Any]) -> Any:
    if isinstance(expression, list):
        name, *inputs = expression
        return getattr(tf, name)(*(_evaluate(value, names) for value in inputs))
    if isinstance(expression, str) and expression.startswith("$"):
        name, _, part = expression[1:].partition(".")
        return getattr(names[name], part) if part else names[name]
    if not isinstance(expression, dict):
        return expression
    if "list" in expression:
        return expression["list"]
    if "each" in expression:
        return [_evaluate(value, names) for value in expression["each"]]
    if "steps" in expression:
        known = dict(names)
        for name, step in expression["steps"]:
            known[name] = _evaluate(step, known)
        return known[expression["steps"][-1][0]]
    name, second = expression["chain"]
    operand = _evaluate(second, names)  # once: what is measured is the op, not this function
    value = names["x"]
    for _ in range(expression["times"]):
        value = getattr(tf, name)(value, operand)
    return value


class Expression(tf.layers.Layer):
    """A layer that evaluates an expression of its input and its declared weights."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        self.declared = config

    def build(self, input_shape: Any) -> None:  # noqa: ARG002 (the declaration has all shapes)
        self.own = {
            name: self.add_weight(name, shape, "float32", getattr(tf.initializers, initializer)({}))
            for name, (shape, initializer) in self.declared["weights"].items()
        }

    def compute_output_shape(self, input_shape: Any) -> Any:  # noqa: ARG002 (the declaration has all shapes)
        return (None, *self.declared["shape"])

    def call(self, inputs: Any) -> Any:
        return _evaluate(self.declared["expression"], {**self.own, "x": inputs})


def _build(told: Mapping[str, Any], network: list[Any]) -> tuple[Any, list[Any]]:
    layers: list[Any] = []
    named: dict[str, Any] = {}
    first = value = None
    for entry in network:
        kind, config = entry["layer"], entry.get("config", {})
        if kind == "input":
            first = value = tf.input(config)
        else:
            layers.append(Expression(config) if kind == "expression" else getattr(tf.layers, kind)(config))
            inputs = [named[name] for name in entry["from"]] if "from" in entry else [value]
            value = layers[-1].apply(inputs if len(inputs) > 1 else inputs[0])
        if "as" in entry:
            named[entry["as"]] = value
    model = tf.model({"inputs": first, "outputs": value})
    if "optimizer" in told:
        name, *numbers = told["optimizer"]
        model.compile({"optimizer": getattr(tf.train, name)(*numbers), "loss": told["loss"]})
    return model, layers


def _finish() -> None:
    """Wait until the GPU has done everything. A tensor would not do: small ones are read without the GPU."""
    _state["counter"].finish()


def _elements(data: Mapping[str, Any]) -> array[float]:
    values = array("f")
    values.frombytes(_state["data"].elements(to_js(data, dict_converter=_state["as_object"])).to_bytes())
    return values


async def open_side() -> dict[str, Any]:
    """What this side is."""
    _state["channel"] = BroadcastChannel.new("bench")
    _state["counter"] = await run_js("import('/bench/gl_counter.js')")
    _state["data"] = await run_js("import('/bench/data.js')")
    _state["as_object"] = run_js("Object.fromEntries")
    return {"version": tf.__version__, "backend": engine.backend().name}


def prepare(told: dict[str, Any]) -> None:
    """Build what a case declares."""
    tensors: dict[str, Any] = {}
    first: dict[str, Any] = {}
    for name, data in told["tensors"].items():
        values, shape = _elements(data), data["shape"]
        tensors[name] = tf.tensor(values, shape)
        rows = min(told.get("batch", 0), shape[0])
        if rows:
            first[name] = tf.tensor(values[: rows * (len(values) // shape[0])], [rows, *shape[1:]])
    model, layers = _build(told, told["network"]) if "network" in told else (None, [])
    second, others = _build(told, told["second"]) if "second" in told else (None, [])
    parts = Parts(model, second, tensors)
    _state.update(
        told=told, tensors=tensors, first=first, model=model, layers=[*layers, *others], parts=parts
    )


def _send(values: list[Any]) -> None:
    """Hand elements to the page: as JSON they would take longer than what is measured."""
    _state["channel"].postMessage(to_js([to_js(elements) for elements in values]))


def weights() -> None:
    """Send the weights of the layers, one after the other."""
    _send([weight.data_sync() for layer in _state["layers"] for weight in layer.get_weights()])


async def _fit(tensors: Mapping[str, Any], epochs: int) -> list[float]:
    options = {"epochs": epochs, "batchSize": _state["told"]["batch"], "shuffle": False, "verbose": 0}
    ended = await _state["model"].fit(tensors["x"], tensors["y"], options)
    return [float(loss) for loss in ended.history["loss"]]


def _result() -> Any:
    tensors = _state["tensors"]
    if _state["model"] is None:
        return _evaluate(_state["told"]["expression"], tensors)
    return _state["model"].predict(tensors["x"], {"batchSize": tensors["x"].shape[0]})


async def _step() -> array[float]:
    """The numbers of a program's step."""
    return array("f", await PROGRAMS[_state["told"]["program"]](_state["parts"]))


async def first() -> float:
    """Make the first step, or send the first result: everything that is compiled is compiled in it."""
    start = time.perf_counter()
    if _state["told"]["kind"] == "train":
        values: Any = array("f", await _fit(_state["first"], 1))
    elif "program" in _state["told"]:
        values = await _step()
    else:
        values = await _result().data()
    spent = (time.perf_counter() - start) * 1000
    _send([values])
    return spent


async def losses() -> None:
    """Send what is compared: the losses of some epochs (`first` sends the results of the others)."""
    checked = _state["told"]["checked"]
    if "program" not in _state["told"]:
        values = array("f", await _fit(_state["tensors"], checked))
    else:
        values = array("f")
        for _ in range(checked):
            values.extend(await _step())
    _send([values])


async def measure() -> float:
    """How many milliseconds one measurement took."""
    told = _state["told"]
    if told["kind"] == "train":
        start = time.perf_counter()
        await _fit(_state["tensors"], told["repeat"])
        return (time.perf_counter() - start) * 1000
    _finish()
    start = time.perf_counter()
    for _ in range(told["repeat"]):
        if "program" in told:
            await _step()
        else:
            engine.realize([_result().node])
    _finish()
    return (time.perf_counter() - start) * 1000


async def count() -> dict[str, int]:
    """Draws, different programs used, and the peak of texture bytes, in one measurement."""
    _state["counter"].startCounting()
    await measure()
    found: dict[str, int] = _state["counter"].stopCounting().to_py()
    return found


async def kernels() -> list[str]:
    """The names of the kernels of a step, or of a run."""
    kind = _state["told"]["kind"]
    found = await tf.profile(lambda: _fit(_state["first"], 1) if kind == "train" else _result())
    return [kernel["name"] for kernel in found["kernels"]]


async def growth(steps: int) -> dict[str, int]:
    """By how much textures and tensors grow over so many steps, after as many as the first plans need."""
    await _fit(_state["tensors"], 10)
    gc.collect()
    bytes_before, tensors_before = _state["counter"].counts.bytes, tf.memory()["numTensors"]
    per_epoch = -(-_state["tensors"]["x"].shape[0] // _state["told"]["batch"])
    await _fit(_state["tensors"], -(-steps // per_epoch))
    gc.collect()
    grown = _state["counter"].counts.bytes - bytes_before
    return {"steps": steps, "bytes": grown, "tensors": tf.memory()["numTensors"] - tensors_before}


def release() -> None:
    """Let go of the case."""
    _state.update(told=None, tensors=None, first=None, model=None, layers=None, parts=None)
    gc.collect()
