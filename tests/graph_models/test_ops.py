"""Each op of the converter computes what TensorFlow.js computes; those that TensorFlow.js cannot, what TensorFlow says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.graph_models.helpers import RECORDS, computed, constants_of, inputs_of
from tests.tfjs.replay import compare
from tfjs_pyo.graph_models import DECLARED

LISTS = Path(__file__).parents[2] / "node_modules/@tensorflow/tfjs-converter/dist/operations/op_list"
IN_THE_EXECUTOR = {"Const", "Placeholder", "PlaceholderWithDefault"}
NOT_TENSORFLOW = {
    "SimpleMLCreateModelResource",
    "SimpleMLInferenceOpWithHandle",
    "SimpleMLLoadModelFromPathWithHandle",
}
"""Decision forests, which need a WebAssembly package of their own in TensorFlow.js too."""
RANDOM = {"RandomStandardNormal", "RandomUniform", "RandomUniformInt", "TruncatedNormal", "Multinomial"}


def _band(rows: int, columns: int, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    place = np.subtract.outer(np.arange(rows), np.arange(columns))
    return ((lower < 0) | (place <= lower)) & ((upper < 0) | (-place <= upper))


def _max_pool(a: np.ndarray) -> np.ndarray:
    """Windows of 3 x 2 with strides of 2, one row above and one column to the right of the image."""
    wide = np.pad(a, ((0, 0), (1, 0), (0, 1), (0, 0)), constant_values=-np.inf)
    rows, columns = range(0, wide.shape[1] - 2, 2), range(0, wide.shape[2] - 1, 2)
    return np.stack(
        [np.stack([wide[:, r : r + 3, c : c + 2].max((1, 2)) for c in columns], 1) for r in rows], 1
    )


ORACLES: dict[str, Callable[..., list[np.ndarray]]] = {
    "BitwiseAnd": lambda a, b: [np.bitwise_and(a, b)],
    "FloorDiv": lambda a, b: [np.floor(a / b)],
    "MatrixBandPart": lambda a, lower, upper: [np.where(_band(*a.shape, lower, upper), a, 0)],
    "ShapeN": lambda a, b: [np.array(a.shape, np.int32), np.array(b.shape, np.int32)],
    "MaxPool, explicit": lambda a: [_max_pool(a)],
    "EnsureShape": lambda a, _shape: [a],
    "RaggedGather": lambda _splits, values, _indices: [np.array([0, 2, 4]), values[[3, 4, 0, 1]]],
    "RaggedRange": lambda *_: [np.array([0, 3, 5]), np.array([0, 1, 2, 5, 7])],
    "RaggedTensorToTensor": lambda _shape, v, *_: [np.array([[v[0], 0.5, 0.5], v[1:4]])],
    "EmptyTensorList, push, pop": lambda _a, d, *_: [d],
    "TensorListSplit, TensorListConcat": lambda a, *_: [a],
    "TensorListSplit, TensorListConcatV2": lambda a, *_: [a],
}
"""What TensorFlow documents for ops that TensorFlow.js 4.22 lists and does not compute, or computes otherwise."""


REPLAYED = [record for record in RECORDS if record["name"] not in ORACLES]
OTHERS = [record for record in RECORDS if record["name"] in ORACLES]


@pytest.mark.parametrize(
    "record", REPLAYED, ids=[f"{i}-{record['name']}" for i, record in enumerate(REPLAYED)]
)
def test_an_op_computes_what_tensorflow_js_computes(record: dict[str, Any]) -> None:
    found = computed(record)
    assert len(found) == len(record["results"])
    for tensor, expected in zip(found, record["results"], strict=True):
        compare(tensor, expected, 2e-5, 2e-6)


@pytest.mark.parametrize("record", OTHERS, ids=[f"{i}-{record['name']}" for i, record in enumerate(OTHERS)])
def test_an_op_computes_what_tensorflow_documents_where_tensorflow_js_does_not(
    record: dict[str, Any],
) -> None:
    given = [np.array(tensor.array_sync()) for tensor in inputs_of(record).values()]
    for found, expected in zip(
        computed(record), ORACLES[record["name"]](*given, *constants_of(record)), strict=True
    ):
        assert found.dtype == ("int32" if expected.dtype.kind == "i" else "float32")
        np.testing.assert_allclose(np.array(found.array_sync()), expected, rtol=1e-6)


def test_every_op_of_the_converter_is_declared() -> None:
    named = set(re.findall(r"'tfOpName': '(\w+)'", "".join(file.read_text() for file in LISTS.glob("*.js"))))
    assert len(named) > 200
    assert named - set(DECLARED) == IN_THE_EXECUTOR | NOT_TENSORFLOW


def test_every_op_is_recorded() -> None:
    used = set(re.findall(r'"op": "(\w+)"', json.dumps([record["artifacts"] for record in RECORDS])))
    untested = set(DECLARED) - used - RANDOM
    assert untested <= {"NoOp", "TensorArrayCloseV3", "PartitionedCall", "StatefulPartitionedCall"}
