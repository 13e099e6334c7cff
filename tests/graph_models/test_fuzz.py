"""Whatever the model.json of a graph model says, loading and running it ends, in values or in an error of ours.

500 mutations each time; TFJS_PYO_SLOW=1 tries 10,000. Loops are only loaded: a changed one may well be endless.
"""

import asyncio
import copy
import gc
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tfjs_pyo as tf
from tests.graph_models.helpers import RECORDS, artifacts_of, inputs_of
from tests.io.test_converter import GRAPHS
from tests.io.test_fuzz import EXAMPLES, ODD, converted, places
from tfjs_pyo.errors import TfError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning"),  # cases are large
]

ENDLESS = ("While", "StatelessWhile", "Enter, NextIteration, Exit")
NAMES = [
    "a network",
    "If",
    "TensorListReserve, set, get",
    "LookupTableImportV2",
    "TensorArrayV3, write, read",
    *ENDLESS,
]
SIGNED = {
    "signature": {
        "inputs": {
            "image": {"name": "image:0", "dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "-1"}] * 4}}
        },
        "outputs": {"probabilities": {"name": "probabilities:0", "dtype": "DT_FLOAT"}},
    },
    "userDefinedMetadata": {"structuredOutputKeys": ["p"]},
}
WHOLE = {record["name"]: record for record in RECORDS if record["name"] in NAMES}
WHOLE["a network"] = {
    **WHOLE["a network"],
    "artifacts": {**WHOLE["a network"]["artifacts"], **SIGNED},
}
CONVERTED = {f"converted, {name}": converted(record) for name, record in GRAPHS.items()}
ARTIFACTS = {
    **{name: artifacts_of(record) for name, record in WHOLE.items()},
    **{name: {**told, "weightData": data} for name, (told, data) in CONVERTED.items()},
}
PLACES = {name: [path for path in places(told) if path] for name, told in ARTIFACTS.items()}


@st.composite
def mutated(draw):
    """A recorded graph, changed in one to three places."""
    name = draw(st.sampled_from([*ARTIFACTS]))
    told = copy.deepcopy(ARTIFACTS[name])
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(PLACES[name]))
        target = told
        try:
            for key in path[:-1]:
                target = target[key]
            kind = draw(st.sampled_from(["odd", "remove", "copy"]))
            if kind == "remove":
                del target[path[-1]]
                continue
            other = ARTIFACTS[name]
            for key in draw(st.sampled_from(PLACES[name])):
                other = other[key]
            target[path[-1]] = copy.deepcopy(other) if kind == "copy" else draw(ODD)
        except (KeyError, IndexError, TypeError):
            continue
    return name, told


def tried(name, artifacts):
    """Loads a graph and, if it has no loop, runs it."""
    message = ""
    try:
        model = asyncio.run(tf.loadGraphModel(tf.io.fromMemory(artifacts)))
        if name not in (*ENDLESS, *CONVERTED):
            asyncio.run(model.executeAsync(inputs_of(WHOLE[name]), WHOLE[name]["outputs"]))
            asyncio.run(model.predictAsync(inputs_of(WHOLE[name])))
    except TfError as error:
        message = str(error)
    assert len(message) < 3000


@settings(
    max_examples=EXAMPLES,
    deadline=timedelta(seconds=5),
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(mutated())
def test_graphs(case):
    tried(*case)


def test_what_fails_leaves_nothing_behind():
    tried("a network", artifacts_of(WHOLE["a network"]))
    gc.collect()
    before = tf.memory()["numTensors"]
    told = copy.deepcopy(artifacts_of(WHOLE["a network"]))
    told["weightSpecs"][-1]["shape"] = [1000]
    tried("a network", told)
    gc.collect()
    assert tf.memory()["numTensors"] == before
