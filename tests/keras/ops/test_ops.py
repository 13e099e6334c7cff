"""Functions of keras.ops against Keras's own: values, dtypes and gradients of recorded calls; names and signatures."""

import gzip
import inspect
import json
from pathlib import Path

import numpy as np
import pytest

from tests.keras.ops.calls import calls, inputs_of
from tfjs_pyo import ops as tf_ops
from tfjs_pyo.core.tape import Tape
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtype_names import stored
from tfjs_pyo.keras import ops
from tfjs_pyo.ops.gradients import gradients

FOLDER = Path(__file__).parent
RECORDED = json.loads(gzip.decompress((FOLDER / "ops.json.gz").read_bytes()))
SIGNATURES = json.loads((FOLDER / "signatures.json").read_text())
CALLS = calls()
IDS = [f"{number}-{call.name}" for number, call in enumerate(CALLS)]


def function_of(name):
    found = ops
    for part in name.split("."):
        found = getattr(found, part)
    return found


def differences(found, expected, tolerance):
    """Returns what is wrong with a result, None if nothing is."""
    if isinstance(expected, list):
        parts = list(found) if isinstance(found, (list, tuple)) else [found]
        if len(parts) != len(expected):
            return f"expected {len(expected)} results, received {len(parts)}"
        wrong = [differences(part, each, tolerance) for part, each in zip(parts, expected, strict=True)]
        return next((each for each in wrong if each), None)
    if not isinstance(expected, dict):
        same = np.allclose(found, expected, *tolerance) if isinstance(expected, float) else found == expected
        return None if same else f"expected {expected}, received {found}"
    if not isinstance(found, Tensor):
        return f"expected a tensor, received {type(found).__name__}"
    if list(found.shape) != expected["shape"]:
        return f"expected shape {expected['shape']}, received {list(found.shape)}"
    if found.dtype != stored(expected["dtype"]):
        return f"expected {stored(expected['dtype'])}, received {found.dtype}"
    values = np.asarray(found.data_sync(), np.float64)
    right = np.asarray(expected["values"], np.float64)
    if not np.allclose(values, right, *tolerance, equal_nan=True):
        return f"expected {right[:8]}, received {values[:8]}"
    return None


PAPER = "Keras 3.15 does not compute the sparsemax of the paper; test_sparsemax does"


@pytest.mark.parametrize(("number", "call"), list(enumerate(CALLS)), ids=IDS)
def test_a_call_gives_what_keras_gives(number, call):
    recorded = RECORDED[number]
    assert recorded["name"] == call.name
    if not recorded["results"]:
        pytest.skip(f"Keras refuses this: {recorded['errors'][0]}")
    if call.name == "sparsemax":
        pytest.skip(PAPER)
    args, kwargs = inputs_of(call, number)
    found = function_of(call.name)(*args, **kwargs)
    wrong = [differences(found, each, call.tolerance) for each in recorded["results"]]
    assert None in wrong, wrong[0]


WITH_GRADIENTS = [n for n, each in enumerate(RECORDED) if each["gradients"] and each["name"] != "sparsemax"]


@pytest.mark.parametrize("number", WITH_GRADIENTS, ids=[IDS[n] for n in WITH_GRADIENTS])
def test_a_gradient_is_that_of_keras(number):
    call = CALLS[number]
    args, kwargs = inputs_of(call, number)
    leaves = []

    def prepared(value):
        if isinstance(value, np.ndarray) and value.dtype == np.float32:
            leaves.append(tf_ops.tensor(value) + 0.0)
            return leaves[-1]
        return type(value)(prepared(each) for each in value) if isinstance(value, (list, tuple)) else value

    with Tape():
        args = [prepared(each) for each in args]
        kwargs = {key: prepared(each) for key, each in kwargs.items()}
        result = function_of(call.name)(*args, **kwargs)
        total = None
        for each in result if isinstance(result, (list, tuple)) else [result]:
            if each.dtype == "float32":
                weights = np.cos(np.arange(each.size, dtype=np.float32)).reshape(each.shape)
                part = tf_ops.sum(each * tf_ops.tensor(weights))
                total = part if total is None else total + part
        found = gradients(total, leaves)
    for derivative, expected in zip(found, RECORDED[number]["gradients"], strict=True):
        if expected is None:
            continue
        values = (
            np.zeros(len(expected["values"]))
            if derivative is None
            else np.asarray(derivative.data_sync(), np.float64)
        )
        np.testing.assert_allclose(values, expected["values"], 1e-4, 5e-5)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_sparsemax_is_the_nearest_point_whose_elements_add_up_to_1(axis):
    x = np.random.RandomState(3).uniform(-2, 2, (4, 5)).astype(np.float32)
    found = ops.sparsemax(x, axis).numpy()
    np.testing.assert_allclose(found.sum(axis), 1, rtol=1e-6)
    # Of the nearest point, x minus it is one number where it is positive, and not above that number elsewhere.
    rest = np.where(found > 0, x - found, np.nan)
    np.testing.assert_allclose(np.nanmax(rest, axis), np.nanmin(rest, axis), atol=1e-6)
    assert (np.where(found > 0, -np.inf, x).max(axis) <= np.nanmax(rest, axis) + 1e-6).all()


EXCUSED: dict[str, str] = {}
"""Names of keras.ops that are not here, with the reason."""


@pytest.mark.parametrize("module", ["ops", "ops.numpy", "ops.nn", "ops.linalg", "ops.image"])
def test_every_name_of_keras_is_here_with_its_signature(module):
    here = function_of(module.partition(".")[2]) if "." in module else ops
    missing, different = [], []
    for name, signature in SIGNATURES[module].items():
        if f"{module}.{name}" in EXCUSED:
            continue
        if not hasattr(here, name):
            missing.append(name)
        elif signature is not None:
            own = [
                (p.name, p.kind, None if p.default is p.empty else repr(p.default))
                for p in inspect.signature(getattr(here, name)).parameters.values()
            ]
            theirs = [
                (p.name, p.kind, None if p.default is p.empty else repr(p.default))
                for p in inspect.signature(eval(f"lambda {signature[1:-1]}: 0")).parameters.values()
            ]
            if own != theirs:
                different.append(f"{name}: {own} is not {theirs}")
    assert not missing
    assert not different


def test_every_op_is_called():
    called = {call.name.rpartition(".")[2] for call in CALLS}
    takes_functions = {
        "associative_scan", "cond", "custom_gradient", "fori_loop", "jvp", "map", "scan", "switch", "vectorize",
        "vectorized_map", "while_loop",
    }  # fmt: skip
    others = {
        "argpartition",
        "eig",
        "eigh",
        "qr",  # several results are right: test_functions.py says what holds for them
    } | {
        "convert_to_numpy",
        "is_tensor",
        "empty",
        "empty_like",
        "view",
        "view_as_real",
        "image",
        "linalg",
        "nn",
        "numpy",
    }
    assert sorted(set(SIGNATURES["ops"]) - called - takes_functions - others) == []
