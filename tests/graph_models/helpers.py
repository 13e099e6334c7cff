"""Graphs as recorded: record_ops.mjs and record_control.mjs wrote them, with what TensorFlow.js computed."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import tfjs_pyo as tf
from tests.tfjs.replay import Stream, draw, records

RECORDS: Sequence[dict[str, Any]] = (*records(__file__, "ops.json"), *records(__file__, "control.json"))


def artifacts_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the files of a recorded model."""
    return {**record["artifacts"], "weightData": base64.b64decode(record["weightData"])}


def inputs_of(record: Mapping[str, Any]) -> dict[str, tf.Tensor]:
    """Returns the tensors that a recorded graph was fed with."""
    stream = Stream(record["seed"])
    return {name: draw(stream, spec) for name, spec in record["inputs"].items()}


def constants_of(record: Mapping[str, Any]) -> list[np.ndarray]:
    """Returns the weights of a recorded graph, in order."""
    given = tf.io.decodeWeights(base64.b64decode(record["weightData"]), record["artifacts"]["weightSpecs"])
    return [np.array(tensor.array_sync()) for tensor in given.values()]


def computed(record: Mapping[str, Any]) -> list[tf.Tensor]:
    """Returns what the graph makes of its inputs here."""
    model = asyncio.run(tf.loadGraphModel(tf.io.fromMemory(artifacts_of(record))))
    result = asyncio.run(model.executeAsync(inputs_of(record), record["outputs"]))
    return result if isinstance(result, list) else [result]


def model_of(*nodes: Mapping[str, Any], **more: Any) -> tf.GraphModel:
    """Returns a model of nodes as model.json has them."""
    return tf.loadGraphModelSync({"modelTopology": {"node": list(nodes), **more}})
