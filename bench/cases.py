"""What is measured. A case is declared once, in TF.js's spelling, and both sides run that one declaration.

A model is a list of layers with their config objects; an op is an expression: a list is a call of an op, a string that
begins with `$` is an input, everything else is what it is (`{"list": [...]}` is a list that is no call).
"""

from __future__ import annotations

import gzip
import random
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DIGITS = Path(__file__).resolve().parent.parent / "examples" / "data" / "digits.csv.gz"
DIGIT_ROWS = 1437
SEED = 20


@dataclass(frozen=True)
class Data:
    """A float32 tensor that both sides get."""

    shape: tuple[int, ...]
    values: Callable[[int], array[float]]
    """Gives so many elements; the same ones each time."""

    def bytes(self) -> bytes:
        """The elements, row by row, as little-endian float32."""
        size = 1
        for length in self.shape:
            size *= length
        return self.values(size).tobytes()


def listed(shape: Sequence[int], values: Sequence[float]) -> Data:
    """A tensor with these elements."""
    return Data(tuple(shape), lambda _: array("f", values))


def uniform(*shape: int, low: float = -1.0, high: float = 1.0) -> Data:
    """Evenly distributed numbers."""

    def values(size: int) -> array[float]:
        draw = random.Random(SEED)
        return array("f", (low + (high - low) * draw.random() for _ in range(size)))

    return Data(shape, values)


def one_hot(rows: int, classes: int) -> Data:
    """Random labels."""

    def values(size: int) -> array[float]:
        draw = random.Random(SEED + 1)
        elements = array("f", bytes(4 * size))
        for row in range(rows):
            elements[row * classes + int(draw.random() * classes)] = 1.0
        return elements

    return Data((rows, classes), values)


def _digits() -> list[list[int]]:
    with gzip.open(DIGITS, "rt", encoding="ascii") as lines:
        return [[int(number) for number in line.split(",")] for line in lines][:DIGIT_ROWS]


def digit_images(*shape: int) -> Data:
    """The first digits of the example's data, 0 to 1."""
    return Data(shape, lambda _: array("f", (pixel / 16 for row in _digits() for pixel in row[:64])))


def digit_labels() -> Data:
    """What they are."""
    return Data(
        (DIGIT_ROWS, 10),
        lambda _: array("f", (float(row[64] == digit) for row in _digits() for digit in range(10))),
    )


Layer = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Train:
    """Training with `model.fit`: the losses of both sides are compared, then fit is timed.

    Attributes:
        unit: what the time is given for: a step (one batch) or an epoch.
        epochs: how many epochs one measurement runs.
        checked: how many epochs are run for the comparison.
        aim: how many times faster than TF.js this is meant to be.
    """

    name: str
    title: str
    layers: Sequence[Layer]
    loss: str
    optimizer: tuple[str, Sequence[float]]
    inputs: Data
    targets: Data
    batch: int
    epochs: int
    unit: str = "step"
    checked: int = 3
    aim: float = 2.0
    kind: str = "train"

    @property
    def units(self) -> int:
        """How many units one measurement runs."""
        return self.epochs * (1 if self.unit == "epoch" else -(-self.inputs.shape[0] // self.batch))

    @property
    def tensors(self) -> Mapping[str, Data]:
        """What both sides get."""
        return {"inputs": self.inputs, "targets": self.targets}


@dataclass(frozen=True)
class Op:
    """An expression on resident tensors: the results of both sides are compared, then `repeat` runs are timed."""

    name: str
    title: str
    expression: Sequence[Any]
    tensors: Mapping[str, Data]
    repeat: int = 1
    aim: float = 1.0
    unit: str = "run"
    kind: str = "op"

    @property
    def units(self) -> int:
        """How many units one measurement runs."""
        return self.repeat


Case = Train | Op

_MLP: list[Layer] = [
    ("flatten", {"inputShape": [8, 8, 1]}),
    ("dense", {"units": 64, "activation": "relu"}),
    ("dense", {"units": 32, "activation": "relu"}),
    ("dense", {"units": 10, "activation": "softmax"}),
]
_CONVOLUTION = {"kernelSize": 3, "padding": "same", "activation": "relu"}
_CONVNET: list[Layer] = [
    ("conv2d", {"inputShape": [8, 8, 1], "filters": 16, **_CONVOLUTION}),
    ("maxPooling2d", {"poolSize": 2}),
    ("conv2d", {"filters": 32, **_CONVOLUTION}),
    ("maxPooling2d", {"poolSize": 2}),
    ("flatten", {}),
    ("dense", {"units": 10, "activation": "softmax"}),
]


_DIGITS: dict[str, Any] = {
    "loss": "categoricalCrossentropy",
    "optimizer": ("adam", [0.003, 0.9, 0.999, 1e-7]),  # TF.js would take 1e-4 for epsilon on WebGL
    "inputs": digit_images(DIGIT_ROWS, 8, 8, 1),
    "targets": digit_labels(),
    "batch": 32,
}

CASES: list[Case] = [
    Train(
        "linear",
        "linear regression, epoch",
        [("dense", {"units": 1, "inputShape": [1]})],
        loss="meanSquaredError",
        optimizer=("sgd", [0.01]),
        inputs=listed((4, 1), [1, 2, 3, 4]),
        targets=listed((4, 1), [1, 3, 5, 7]),
        batch=32,
        epochs=300,
        unit="epoch",
        checked=20,
    ),
    Train("mlp", "digits MLP, training step", _MLP, epochs=4, **_DIGITS),
    Train("convnet", "digits convnet, training step", _CONVNET, epochs=1, **_DIGITS),
    Op(
        "matmul1024",
        "matmul 1024 x 1024 x 1024",
        ["matMul", "$a", "$b"],
        {"a": uniform(1024, 1024), "b": uniform(1024, 1024, low=0.0)},
        aim=1.7,
    ),
    Train(
        "lstm",
        "LSTM(32) over 20 x 16, training step",
        [("lstm", {"units": 32, "inputShape": [20, 16]}), ("dense", {"units": 1})],
        loss="meanSquaredError",
        optimizer=("rmsprop", [0.01, 0.9, 0.0, 1e-7]),
        inputs=uniform(128, 20, 16),
        targets=uniform(128, 1),
        batch=32,
        epochs=3,
    ),
    Op(
        "conv3x3",
        "3 x 3 convolution, [8, 32, 32, 32] to 64 channels",
        ["conv2d", "$x", "$w", 1, "same"],
        {"x": uniform(8, 32, 32, 32), "w": uniform(3, 3, 32, 64)},
        aim=3.0,
    ),
    Op(
        "conv1x1",
        "1 x 1 convolution, [8, 32, 32, 64] to 128 channels",
        ["conv2d", "$x", "$w", 1, "same"],
        {"x": uniform(8, 32, 32, 64), "w": uniform(1, 1, 64, 128)},
    ),
    Op(
        "depthwise",
        "depthwise 3 x 3 convolution, [8, 56, 56, 32]",
        ["depthwiseConv2d", "$x", "$w", 1, "same"],
        {"x": uniform(8, 56, 56, 32), "w": uniform(3, 3, 32, 1)},
    ),
    Op("sum", "sum of a million", ["sum", "$x"], {"x": uniform(1024, 1024, low=0.0)}, aim=3.0),
    Op("softmax", "softmax of [1024, 1000]", ["softmax", "$x"], {"x": uniform(1024, 1000)}),
    Op("transpose", "transpose of [1024, 1024]", ["transpose", "$x"], {"x": uniform(1024, 1024)}),
    Op(
        "chain",
        "five elementwise functions of a million",
        ["tanh", ["add", ["mul", ["relu", ["sub", "$x", "$y"]], "$x"], "$y"]],
        {"x": uniform(1024, 1024), "y": uniform(1024, 1024)},
    ),
]


def declaration(case: Case) -> dict[str, Any]:
    """What the two sides are told of a case, as JSON."""
    told: dict[str, Any] = {
        "name": case.name,
        "kind": case.kind,
        "tensors": {name: list(data.shape) for name, data in case.tensors.items()},
    }
    if isinstance(case, Train):
        optimizer, arguments = case.optimizer
        told |= {"layers": [list(layer) for layer in case.layers], "loss": case.loss, "batch": case.batch}
        told |= {"optimizer": [optimizer, *arguments], "epochs": case.epochs, "checked": case.checked}
    else:
        told |= {"expression": list(case.expression), "repeat": case.repeat}
    return told
