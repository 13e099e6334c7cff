"""Lowered graphs compute what the recorded ones do: odd sizes are padded, and nothing behind them counts."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.compiler.drawn_graphs import Draw
from tests.compiler.helpers import SOFTWARE, assert_nearly_all_close, plan
from tfjs_pyo.compiler.interpret import interpretation
from tfjs_pyo.compiler.numbering import canonicalize
from tfjs_pyo.compiler.schedule import lowered
from tfjs_pyo.core.tensor import Tensor


def evaluate(graph):
    """The values of a graph's roots, by NumPy."""
    calls = interpretation(graph)
    values = [None] * calls.slots
    for leaf in graph.leaves:
        node = graph.nodes[leaf]
        values[leaf] = Tensor(node).numpy().reshape(node.shape)
    for scalar, (dtype, value) in zip(graph.scalars, graph.scalar_values, strict=True):
        values[scalar] = np.array(value, dtype)
    with np.errstate(all="ignore"):
        for call in calls.calls:
            values[call.output] = call.function(np, *[values[source] for source in call.inputs])
    return [values[root] for root in graph.roots]


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("kind", ["products", "convolutions"])
def test_lowered_graphs_compute_the_same(kind, seed):
    roots = [root.node for root in getattr(Draw(seed, steep=True), kind)()]
    graph = canonicalize(roots)
    for expected, found in zip(evaluate(graph), evaluate(lowered(graph, SOFTWARE)), strict=True):
        assert_nearly_all_close(found, expected, 0.995)


def test_nothing_is_cut_between_two_products():
    draw = Draw(0)
    h = tf.relu(draw.leaf(64, 99).matMul(draw.leaf(99, 201)) + draw.leaf(201))
    found = plan(h.matMul(draw.leaf(201, 101)))
    assert [launch.name for launch in found.launches].count("mat_mul+rectify") == 1
    assert sum(launch.name in ("pad", "slice") for launch in found.launches) == 4, (
        "three operands, and the result"
    )


def test_what_padding_makes_of_infinite_numbers_counts_for_nothing():
    draw = Draw(0)
    x = draw.leaf(64, 100).concat(tf.fill([64, 1], float("inf")), 1)
    h = tf.sigmoid(x.matMul(draw.leaf(101, 201).abs()))
    graph = canonicalize([h.matMul(draw.leaf(201, 101)).node])
    (expected,), (found,) = evaluate(graph), evaluate(lowered(graph, SOFTWARE))
    assert np.isfinite(expected).all()
    assert_nearly_all_close(found, expected, 1)
