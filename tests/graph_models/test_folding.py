"""Whole numbers that are followed are what the ops compute: the same graph with constants, and fed from outside."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import pytest

import tfjs_pyo as tf

Given = int | Sequence[int]
CASES: list[tuple[str, list[Given], dict[str, Any]]] = [
    *[(op, [[7, -3, 2], [2, 2, 5]], {}) for op in ("Add", "AddV2", "Sub", "Mul", "Maximum", "Minimum")],
    *[(op, [[7, -3, 2], 4], {}) for op in ("AddV2", "Mul", "Minimum")],
    ("Sub", [5, 9], {}),
    ("Mul", [2**20, 2**20], {}),
    *[(op, [[3, 5, 2], 0], {}) for op in ("Prod", "Sum", "Max", "Min")],
    ("Prod", [[3, 5, 2], [0]], {"keep_dims": {"b": True}}),
    ("StridedSlice", [[4, 8, 16], [1], [2], [1]], {"shrink_axis_mask": {"i": "1"}}),
    ("StridedSlice", [[4, 8, 16], [-1], [0], [1]], {"shrink_axis_mask": {"i": "1"}}),
    ("StridedSlice", [[4, 8, 16], [1], [0], [1]], {"end_mask": {"i": "1"}}),
    ("StridedSlice", [[4, 8, 16], [0], [-1], [1]], {"begin_mask": {"i": "1"}}),
    ("StridedSlice", [[4, 8, 16, 32], [0], [4], [2]], {}),
    ("StridedSlice", [[4, 8, 16, 32], [3], [0], [-2]], {}),
    ("Pack", [4, 5, 6], {"axis": {"i": "0"}}),
    ("ConcatV2", [[4, 5], [6], 0], {}),
    ("GatherV2", [[4, 5, 6], [2, 0], 0], {}),
    ("GatherV2", [[4, 5, 6], 1, 0], {}),
    ("ExpandDims", [4, 0], {}),
    ("Range", [2, 11, 3], {}),
    ("Cast", [[4, 5], ], {"DstT": {"type": "DT_INT32"}}),
    ("Identity", [[4, 5]], {}),
]  # fmt: skip


def _shape(value: Given) -> list[int]:
    return [] if isinstance(value, int) else [len(value)]


def _computed(op: str, given: list[Given], attrs: dict[str, Any], followed: int) -> tf.Tensor:
    """Returns what a graph gives whose first inputs are constants, and the rest fed."""
    names = "abcd"[: len(given)]
    kinds = ["Const" if place < followed else "Placeholder" for place in range(len(given))]
    nodes = [
        {"name": name, "op": kind, "attr": {"dtype": {"type": "DT_INT32"}}}
        for name, kind in zip(names, kinds, strict=True)
    ]
    nodes.append({"name": "y", "op": op, "input": list(names), "attr": attrs})
    constants = [(n, v) for n, v, kind in zip(names, given, kinds, strict=True) if kind == "Const"]
    specs = [{"name": name, "shape": _shape(value), "dtype": "int32"} for name, value in constants]
    flat = [each for _, value in constants for each in ([value] if isinstance(value, int) else value)]
    data = struct.pack(f"<{len(flat)}i", *flat)
    model = tf.loadGraphModelSync(
        {"modelTopology": {"node": nodes}, "weightSpecs": specs, "weightData": data}
    )
    feeds = {n: tf.tensor(v, _shape(v), "int32") for n, v in zip(names, given, strict=True)}
    return model.execute({n: feeds[n] for n, kind in zip(names, kinds, strict=True) if kind != "Const"}, "y")


@pytest.mark.parametrize(
    ("op", "given", "attrs"), CASES, ids=[f"{i}-{case[0]}" for i, case in enumerate(CASES)]
)
def test_what_is_followed_is_what_the_op_computes(op: str, given: list[Given], attrs: dict[str, Any]) -> None:
    followed, fed = _computed(op, given, attrs, len(given)), _computed(op, given, attrs, 0)
    assert followed.shape == fed.shape
    assert followed.dtype == fed.dtype == "int32"
    assert followed.array_sync() == fed.array_sync()
