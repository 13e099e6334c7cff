"""Finds the inputs of a graph that are places in a table, as an embedding looks them up."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from tfjs_pyo.compiler.numbering import Graph

_SAME_VALUES = frozenset({"cast", "copy", "reshape", "transpose"})
"""Ops whose result has the values of their input, all of them."""


class Table(NamedTuple):
    """What places are looked up in.

    Attributes:
        number: of the node.
        rows: how many there are.
        from_end: whether places below 0 count from the end.
    """

    number: int
    rows: int
    from_end: bool


def tables_of(graph: Graph, feeds: Collection[int]) -> dict[int, Table]:
    """Returns the numbers of feeds that are places in a table, each with the smallest such table.

    Args:
        graph: what is computed.
        feeds: numbers of the leaves whose values change; tables are other leaves.
    """
    found: dict[int, Table] = {}
    for number, node in enumerate(graph.nodes):
        if node.op.name != "gather" or node.attrs:
            continue
        (table, _), (places, from_end) = (_source(graph, each, feeds) for each in graph.input_ids[number])
        if places not in feeds or table not in graph.leaves or table in feeds:
            continue
        rows = graph.nodes[table].shape[0]
        if places not in found or rows < found[places].rows:
            found[places] = Table(table, rows, from_end)
    return found


def _source(graph: Graph, number: int, feeds: Collection[int]) -> tuple[int, bool]:
    """Returns the node that a node has its values of, of a batch of samples all of them; and whether they count from the end."""
    from_end = False
    while True:
        name, inputs = graph.nodes[number].op.name, graph.input_ids[number]
        if name in _SAME_VALUES or (name == "gather" and _is_batch(graph, number, feeds)):
            number = inputs[0]
        elif _counts_from_end(graph, number):
            number, from_end = inputs[2], True
        else:
            return number, from_end


def _counts_from_end(graph: Graph, number: int) -> bool:
    """Returns whether a node is `where(x < 0, x + rows, x)`."""
    if graph.nodes[number].op.name != "where":
        return False
    test, moved, places = graph.input_ids[number]
    names = graph.nodes[test].op.name, graph.nodes[moved].op.name
    return names == ("less", "add") and places == graph.input_ids[test][0] == graph.input_ids[moved][0]


def _is_batch(graph: Graph, number: int, feeds: Collection[int]) -> bool:
    """Returns whether a node gathers samples in the order that another feed gives."""
    samples, chosen = graph.input_ids[number]
    is_chosen = graph.nodes[chosen].op.name == "gather" and graph.input_ids[chosen][0] in feeds
    return samples in feeds and is_chosen and not graph.nodes[number].attrs


__all__ = ["Table", "tables_of"]
