"""Whatever a model.json says, loading ends soon, in a model or in an error of ours, and leaves nothing behind.

500 mutations each time; TFJS_PYO_SLOW=1 tries 10,000.
"""

import asyncio
import base64
import contextlib
import copy
import gc
import json
import os
import warnings
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tfjs_pyo as tf
from tests.io.recorded import FOLDER, KERAS, TFJS
from tests.io.test_converter import LAYERS
from tests.io.test_keras_files import safetensors
from tfjs_pyo.errors import TfError
from tfjs_pyo.io.keras_files import artifacts_in

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning"),  # cases are large
]

NAMES = ["dense", "graph", "cells", "images", "bidirectional", "timeDistributed"]
EXAMPLES = 10_000 if os.environ.get("TFJS_PYO_SLOW") else 500
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([-1, 0, 1, 2, 3, 7, 10**6, 10**12, 2**63, -(2**31), 0.5, 1e308, float("inf"), float("nan")]),
    st.sampled_from(["", "Dense", "Sequential", "Model", "Lambda", "float32", "string", "linear", "x" * 100_000, "\0", "../a"]),
    st.sampled_from([[], {}, [[]], [None], [None, 3], [3, None], {"class_name": "Dense"}, {"class_name": "Zeros", "config": {}}]),
)  # fmt: skip


def places(value, path=()):
    """The paths to all parts of a JSON value."""
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, (*path, index))


def whole(name):
    record = TFJS[name]
    return {"json": record["artifacts"], "data": base64.b64decode(record["weightData"])}


def converted(record):
    """What the converter wrote, as artifacts."""
    told = json.loads(base64.b64decode(record["files"]["model.json"]))
    groups = told.pop("weightsManifest")
    data = b"".join(base64.b64decode(record["files"][path]) for group in groups for path in group["paths"])
    return {**told, "weightSpecs": [spec for group in groups for spec in group["weights"]]}, data


def converted_whole(name):
    told, data = converted(LAYERS[name])
    return {"json": told, "data": data}


def of_ops(name):
    """A graph with functions of keras.ops, or structures, as Keras 3 saves it."""
    record = json.loads((FOLDER / "objects.json").read_text(encoding="utf-8"))["models"][name]
    return {
        "json": {"modelTopology": {"keras_version": "3.15", **record["opened"]}, "weightSpecs": []},
        "data": b"",
    }


CONVERTED = ["keras2 images .h5", "keras2 graph .keras", "keras3 recurrent .keras", "keras3 images .h5"]
WHOLE = {
    **{name: whole(name) for name in NAMES},
    **{name: converted_whole(name) for name in CONVERTED},
    **{name: of_ops(name) for name in ("op_many", "op_math", "op_constant", "attention", "dict_model")},
}
PLACES = {name: [path for path in places(WHOLE[name]["json"]) if path] for name in WHOLE}


@st.composite
def mutated(draw):
    """Artifacts of a model, changed in one to three places: replaced, removed, copied from elsewhere, cut."""
    name = draw(st.sampled_from([*WHOLE]))
    told = copy.deepcopy(WHOLE[name]["json"])
    data = WHOLE[name]["data"]
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(PLACES[name]))
        target = told
        try:
            for key in path[:-1]:
                target = target[key]
            kind = draw(st.sampled_from(["odd", "odd", "remove", "copy"]))
            if kind == "remove":
                del target[path[-1]]
            elif kind == "copy":
                other = WHOLE[name]["json"]
                for key in draw(st.sampled_from(PLACES[name])):
                    other = other[key]
                target[path[-1]] = copy.deepcopy(other)
            else:
                target[path[-1]] = draw(ODD)
        except (KeyError, IndexError, TypeError):
            continue
    if draw(st.integers(0, 9)) == 0:
        data = data[: draw(st.integers(0, len(data)))]
    return {**told, "weightData": data}


def load(artifacts):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        try:
            return asyncio.run(tf.loadLayersModel(tf.io.fromMemory(artifacts)))
        except TfError as error:
            message = str(error)
    assert len(message) < 3000
    return None


@settings(
    max_examples=EXAMPLES,
    deadline=timedelta(seconds=5),
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(mutated())
def test_artifacts(artifacts):
    load(artifacts)


@settings(max_examples=EXAMPLES // 5, deadline=timedelta(seconds=5), derandomize=True, database=None)
@given(st.sampled_from(NAMES), st.data())
def test_text_that_is_cut_or_garbled(name, data):
    text = TFJS[name]["json"]
    begin = data.draw(st.integers(0, len(text)))
    middle = data.draw(st.sampled_from(["", "{", "]", '"', "[" * 5000, "\\u0000", "-1", "1e999", "NaN"]))
    end = data.draw(st.integers(begin, min(begin + 40, len(text))))
    load({"modelTopology": text[:begin] + middle + text[end:]})


FILES = {
    **{f"m{form}": base64.b64decode(content) for form, content in KERAS["dense"]["files"].items()},
    "m.safetensors": safetensors({"d.kernel": ("F32", np.ones((3, 2), np.float32))}),
}


@st.composite
def changed(draw):
    """A file of Keras with one to eight places overwritten, or with bytes of it moved: addresses point anywhere then."""
    name = draw(st.sampled_from(sorted(FILES)))
    content = bytearray(FILES[name])
    places = st.integers(0, len(content) - 9)
    for _ in range(draw(st.integers(1, 8))):
        begin = draw(places)
        kind = draw(st.sampled_from(["byte", "bytes", "largest", "moved"]))
        if kind == "moved":
            other = draw(places)
            content[begin : begin + 8] = content[other : other + 8]
        elif kind == "largest":
            content[begin : begin + 4] = b"\xff\xff\xff\x7f"
        else:
            size = 1 if kind == "byte" else 8
            content[begin : begin + size] = draw(st.binary(min_size=size, max_size=size))
    return name, bytes(content)


@settings(max_examples=EXAMPLES, deadline=timedelta(seconds=5), derandomize=True, database=None)
@given(changed())
def test_files_of_keras(file):
    name, content = file
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        with contextlib.suppress(TfError):
            artifacts_in(name, content)
        if name in ("m.h5", "m.keras"):
            with contextlib.suppress(TfError):
                asyncio.run(tf.loadLayersModel(tf.io.browserFiles([file])))


def test_what_fails_leaves_nothing_behind():
    gc.collect()
    before = tf.memory()["numTensors"]
    for name in NAMES:
        told = copy.deepcopy(WHOLE[name]["json"])
        told["weightSpecs"][-1]["shape"] = [1000]
        assert load({**told, "weightData": WHOLE[name]["data"]}) is None
        assert (
            load({**json.loads(json.dumps(WHOLE[name]["json"])), "weightData": WHOLE[name]["data"][:-1]})
            is None
        )
    gc.collect()
    assert tf.memory()["numTensors"] == before
