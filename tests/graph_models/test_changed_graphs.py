"""Graphs changed as graphs: what means the same computes the same, and whatever edges and attributes say, it ends in words."""

from __future__ import annotations

import asyncio
import copy
import os
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.graph_models.helpers import RECORDS, artifacts_of, inputs_of
from tfjs_pyo.errors import TfError

LOOPS = {"While", "StatelessWhile", "Enter"}
CASES = 3000 if os.environ.get("TFJS_PYO_SLOW") else 150
Graph = dict[str, Any]


def _source(edge: str) -> str:
    return edge.removeprefix("^").partition(":")[0]


def _renamed(edge: str, names: dict[str, str]) -> str:
    source = _source(edge)
    return edge.replace(source, names.get(source, source), 1)


def shuffled(graph: Graph, drawn: random.Random) -> dict[str, str]:
    """Puts the nodes in another order, which means nothing."""
    drawn.shuffle(graph["modelTopology"]["node"])
    return {}


def renamed(graph: Graph, drawn: random.Random) -> dict[str, str]:
    """Gives nodes other names wherever they are named, some of which look like parts of others."""
    nodes = [*graph["modelTopology"]["node"], *graph.get("modelInitializer", {}).get("node", ())]
    order = drawn.sample(range(len(nodes)), len(nodes))
    names = {
        node["name"]: f"{drawn.choice(['x', 'x/x', 'scope/x_1', 'Const'])}_{number}"
        for number, node in zip(order, nodes, strict=True)
    }
    for node in nodes:
        node["name"] = names[node["name"]]
        node["input"] = [_renamed(edge, names) for edge in node.get("input", ())]
    for spec in graph["weightSpecs"]:
        spec["name"] = names[spec["name"]]
    return names


def lengthened(graph: Graph, drawn: random.Random) -> dict[str, str]:
    """Puts Identity on some of the edges."""
    made = []
    for node in graph["modelTopology"]["node"]:
        for place, edge in enumerate(node.get("input", ())):
            if not edge.startswith("^") and drawn.random() < 0.5:
                name = f"between_{len(made)}"
                made.append({"name": name, "op": "Identity", "input": [edge], "attr": {}})
                node["input"][place] = name
    graph["modelTopology"]["node"] += made
    return {}


def controlled(graph: Graph, drawn: random.Random) -> dict[str, str]:
    """Lets nodes wait for inputs of the graph, too."""
    nodes = graph["modelTopology"]["node"]
    first = next((node["name"] for node in nodes if node["op"] == "Placeholder"), None)
    for node in nodes:
        if first and node.get("input") and drawn.random() < 0.3:
            node["input"].append(f"^{first}")
    return {}


def values_of(graph: Graph, record: dict[str, Any], names: dict[str, str]) -> list[Any]:
    """Returns what a graph makes of the inputs of a record."""
    model = asyncio.run(tf.loadGraphModel(tf.io.fromMemory(graph)))
    inputs = {_renamed(name, names): tensor for name, tensor in inputs_of(record).items()}
    found = asyncio.run(model.executeAsync(inputs, [_renamed(name, names) for name in record["outputs"]]))
    return [each.array_sync() for each in (found if isinstance(found, list) else [found])]


@pytest.mark.parametrize(
    "change", [shuffled, renamed, lengthened, controlled], ids=lambda each: each.__name__
)
def test_graphs_that_mean_the_same_compute_the_same(
    change: Callable[[Graph, random.Random], dict[str, str]],
) -> None:
    for number, record in enumerate(RECORDS):
        expected = values_of(artifacts_of(record), record, {})
        graph = copy.deepcopy(artifacts_of(record))
        names = change(graph, random.Random(number))
        found = values_of(graph, record, names)
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_array_equal(
                np.array(one), np.array(other), err_msg=f"{record['name']}, record {number}"
            )


def _parts(graph: Graph) -> list[dict[str, Any]]:
    return [node for node in graph["modelTopology"]["node"] if node.get("input") or node.get("attr")]


def rewired(graph: Graph, drawn: random.Random) -> None:
    """Lets an edge begin elsewhere, at another output, or nowhere."""
    node = drawn.choice([node for node in _parts(graph) if node.get("input")])
    names = [each["name"] for each in graph["modelTopology"]["node"]]
    node["input"][drawn.randrange(len(node["input"]))] = drawn.choice(
        [*names, f"{drawn.choice(names)}:{drawn.choice([1, 2, 7])}", f"^{drawn.choice(names)}", "nowhere"]
    )


def reordered(graph: Graph, drawn: random.Random) -> None:
    """Puts the inputs of a node in another order, one more or one less."""
    node = drawn.choice([node for node in _parts(graph) if node.get("input")])
    drawn.shuffle(node["input"])
    kind = drawn.randrange(3)
    if kind == 0:
        node["input"].pop()
    elif kind == 1:
        node["input"].append(drawn.choice(node["input"]))


def with_other_attributes(graph: Graph, drawn: random.Random) -> None:
    """Gives a node attributes of other graphs: one of the same name, or all."""
    node = drawn.choice(_parts(graph))
    giver = drawn.choice(drawn.choice(RECORDS)["artifacts"]["modelTopology"]["node"])
    if drawn.random() < 0.3:
        node["attr"] = copy.deepcopy(giver.get("attr", {}))
        return
    for name, value in giver.get("attr", {}).items():
        if name in node.get("attr", {}) or drawn.random() < 0.2:
            node.setdefault("attr", {})[name] = copy.deepcopy(value)


def of_another_op(graph: Graph, drawn: random.Random) -> None:
    """Makes a node another op."""
    other = drawn.choice(drawn.choice(RECORDS)["artifacts"]["modelTopology"]["node"])["op"]
    if other not in LOOPS | {"NextIteration", "Exit", "Merge", "Switch", "LoopCond"}:
        drawn.choice(_parts(graph))["op"] = other


CHANGES = [rewired, reordered, with_other_attributes, of_another_op]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(CASES))
def test_whatever_edges_and_attributes_say_it_ends_in_values_or_in_words(seed: int) -> None:
    """A graph that runs gives the same values again, and as one that is read again from its own JSON."""
    drawn = random.Random(seed)
    plain = [r for r in RECORDS if not LOOPS & {n["op"] for n in r["artifacts"]["modelTopology"]["node"]}]
    record = drawn.choice(plain)
    graph = copy.deepcopy(artifacts_of(record))
    for _ in range(drawn.randint(1, 3)):
        if any(node.get("input") for node in _parts(graph)):
            drawn.choice(CHANGES)(graph, drawn)
    first, said = None, ""
    try:
        first = values_of(copy.deepcopy(graph), record, {})
    except TfError as error:
        said = str(error)
    assert len(said) < 3000
    if first is None:
        return
    order = {node["name"]: node["op"] for node in graph["modelTopology"]["node"]}
    if any(word in op for op in order.values() for word in ("Random", "Multinomial", "Normal")):
        return
    drawn.shuffle(graph["modelTopology"]["node"])
    for one, other in zip(values_of(graph, record, {}), first, strict=True):
        np.testing.assert_array_equal(np.array(one), np.array(other), err_msg=str((seed, record["name"])))
