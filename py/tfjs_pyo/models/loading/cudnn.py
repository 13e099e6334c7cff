"""Weights of Keras 2's CuDNNLSTM and CuDNNGRU as those of LSTM and GRU, which compute the same.

cuDNN keeps the matrices of each gate transposed, and has a bias for the product with the input and one for that with the state.
Source: https://github.com/keras-team/tf-keras/blob/master/tf_keras/src/saving/legacy/hdf5_format.py (`_convert_rnn_weights`)
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.io.weights import Spec, pieces_of, tensor_of

OPTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "CuDNNLSTM": ("LSTM", {"activation": "tanh", "recurrent_activation": "sigmoid"}),
    "CuDNNGRU": ("GRU", {"activation": "tanh", "recurrent_activation": "sigmoid", "reset_after": True}),
}
"""For each class of cuDNN the class that computes the same, and with which options."""

_GATES = (4, 3)
_PARTS = re.compile(r"(.*?)(recurrent_kernel|kernel|bias)((?:_\d+)?(?::\d+)?)")
Values = dict[str, "array[float]"]


def _gates(shapes: Mapping[str, Any]) -> int:
    """Returns how many gates a layer of cuDNN has whose weights have these shapes; 0 if it is no such layer."""
    kernel, recurrent, bias = (
        list(shapes.get(part) or ()) for part in ("kernel", "recurrent_kernel", "bias")
    )
    if len(kernel) != 2 or len(recurrent) != 2:
        return 0
    units, columns = recurrent
    fits = kernel[1] == columns and bias == [2 * columns] and units > 0
    return next((gates for gates in _GATES if fits and columns == gates * units), 0)


def _layers_of_cudnn(weights: Sequence[tuple[Any, Any]]) -> list[tuple[int, dict[str, int]]]:
    """Returns for each layer of cuDNN how many gates it has, and the places of its three weights.

    Args:
        weights: name and shape of each.
    """
    groups: dict[tuple[str, str], dict[str, int]] = {}
    for place, (name, shape) in enumerate(weights):
        found = _PARTS.fullmatch(name) if isinstance(name, str) else None
        if found is not None and isinstance(shape, (list, tuple)) and all(type(dim) is int for dim in shape):
            groups.setdefault((found[1], found[3]), {})[found[2]] = place
    told = [
        (_gates({part: weights[place][1] for part, place in places.items()}), places)
        for places in groups.values()
    ]
    return [(gates, places) for gates, places in told if gates]


def _blocks(
    values: Sequence[float], rows: int, gates: int, made: Callable[[list[float]], list[list[float]]]
) -> array[float]:
    """Returns a matrix whose blocks of columns, one for each gate, are made anew of their elements row by row."""
    columns = len(values) // rows if rows else 0
    units = columns // gates
    lines = [values[row * columns : (row + 1) * columns] for row in range(rows)]
    blocks = [
        made([value for line in lines for value in line[gate * units : (gate + 1) * units]])
        for gate in range(gates)
    ]
    return array("f", (value for row in range(rows) for block in blocks for value in block[row]))


def _converted(values: Values, gates: int) -> tuple[Values, list[int]]:
    """Returns the weights of a layer of cuDNN as those of ours, and the shape of the bias."""
    bias, half = values["bias"], len(values["bias"]) // 2
    units = half // gates
    inputs = len(values["kernel"]) // half

    def kernel(
        block: list[float],
    ) -> list[list[float]]:  # a matrix of [units, inputs] in the room of [inputs, units]
        return [block[row::inputs] for row in range(inputs)]

    def recurrent(block: list[float]) -> list[list[float]]:
        return [block[row::units] for row in range(units)]

    lstm = gates == _GATES[0]
    made = {
        "kernel": _blocks(values["kernel"], inputs, gates, kernel),
        "recurrent_kernel": _blocks(values["recurrent_kernel"], units, gates, recurrent),
        "bias": array("f", map(sum, zip(bias[:half], bias[half:], strict=True))) if lstm else bias,
    }
    return made, [half] if lstm else [2, half]


def without_cudnn(specs: Any, data: Any) -> tuple[Any, Any]:
    """Returns specs and bytes of weights, with those of layers of cuDNN as those of the layers that compute the same.

    Args:
        specs: of a file; what is broken is left to those who check it.
        data: its bytes, perhaps in pieces.
    """
    if not isinstance(specs, (list, tuple)) or not all(isinstance(spec, Mapping) for spec in specs):
        return specs, data
    found = _layers_of_cudnn([(spec.get("name"), spec.get("shape")) for spec in specs])
    if not found:
        return specs, data
    checked: list[Spec] = []
    pieces: list[bytes] = []
    for spec, content in pieces_of(data, specs, whole=True):
        checked.append(spec)
        pieces.append(content)
    for gates, places in found:
        stored = {
            part: array("f", tensor_of(checked[place], pieces[place]).data_sync())
            for part, place in places.items()
        }
        made, bias = _converted(stored, gates)
        for part, place in places.items():
            spec = {key: value for key, value in checked[place].items() if key != "quantization"}
            shape = bias if part == "bias" else spec["shape"]
            checked[place] = {**spec, "dtype": "float32", "shape": shape}
            pieces[place] = made[part].tobytes()
    return checked, pieces


def tensors_without_cudnn(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Returns weights by name, with those of layers of cuDNN as those of the layers that compute the same."""
    result, names = dict(weights), list(weights)
    for gates, places in _layers_of_cudnn([(name, tensor.shape) for name, tensor in weights.items()]):
        stored = {part: array("f", weights[names[place]].data_sync()) for part, place in places.items()}
        made, bias = _converted(stored, gates)
        for part, place in places.items():
            shape = bias if part == "bias" else weights[names[place]].shape
            result[names[place]] = ops.tensor(made[part], shape, "float32")
    return result


__all__ = ["OPTIONS", "tensors_without_cudnn", "without_cudnn"]
