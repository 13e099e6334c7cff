"""keras.ops on WebGL2: one call of each function, with the results that Keras gave."""

import json

import numpy as np
import pytest

from tests.keras.ops.calls import calls, inputs_of
from tests.keras.ops.test_ops import RECORDED
from tfjs_pyo.dtype_names import stored

LEFT_OUT = {"sparsemax", "svd", "pinv", "lstsq", "matrix_rank", "unique", "get_item"}
"""Those that Keras computes otherwise, and those that need NumPy in the page, or cannot be sent there."""


def one_of_each():
    """Returns the numbers of the calls: the first of each function that Keras answers with one tensor."""
    found = {}
    for number, call in enumerate(calls()):
        results = RECORDED[number]["results"]
        if results and isinstance(results[0], dict) and call.name not in LEFT_OUT:
            found.setdefault(call.name, number)
    return [number for name, number in found.items() if not name.endswith("norm")]


NUMBERS = one_of_each()
RUN = """
import json
from tfjs_pyo.keras import ops
from tfjs_pyo import ops as core

def sent(value):
    if isinstance(value, dict) and "tensor" in value:
        return core.tensor(value["tensor"], value["shape"], value["dtype"])
    if isinstance(value, dict) and "tuple" in value:
        return tuple(sent(each) for each in value["tuple"])
    return [sent(each) for each in value] if isinstance(value, list) else value

def answered(name, args, kwargs):
    function = ops
    for part in name.split("."):
        function = getattr(function, part)
    found = function(*(sent(each) for each in args), **{key: sent(each) for key, each in kwargs.items()})
    return [list(found.shape), found.dtype, [float(each) for each in found.data_sync()]]

def every(asked):
    found = []
    for name, args, kwargs in asked:
        try:
            found.append(answered(name, args, kwargs))
        except Exception as error:
            found.append(f"{type(error).__name__}: {error}")
    return found
"""


def as_json(value):
    if isinstance(value, np.ndarray):
        return {
            "tensor": value.reshape(-1).tolist(),
            "shape": list(value.shape),
            "dtype": stored(str(value.dtype)),
        }
    if isinstance(value, tuple):
        return {"tuple": [as_json(each) for each in value]}
    return [as_json(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("part", range(8))
def test_functions_give_on_webgl2_what_keras_gives(pyo, part):
    asked = []
    for number in NUMBERS[part::8]:
        call = calls()[number]
        args, kwargs = inputs_of(call, number)
        asked.append([call.name, as_json(list(args)), {key: as_json(each) for key, each in kwargs.items()}])
    pyo.run(RUN)
    answers = pyo.run(f"every(json.loads({json.dumps(asked)!r}))")
    wrong = []
    for number, answer in zip(NUMBERS[part::8], answers, strict=True):
        call = calls()[number]
        if isinstance(answer, str):
            wrong.append(f"{call.name}: {answer}")
            continue
        shape, dtype, values = answer
        rtol, atol = (max(5e-5, each) for each in call.tolerance)
        if not any(
            shape == expected["shape"]
            and dtype == stored(expected["dtype"])
            and np.allclose(np.float64(values), expected["values"], rtol, atol, equal_nan=True)
            for expected in RECORDED[number]["results"]
        ):
            wrong.append(
                f"{call.name}: {shape} {dtype} {values[:6]}, expected {RECORDED[number]['results'][0]}"[:300]
            )
    assert wrong == []
