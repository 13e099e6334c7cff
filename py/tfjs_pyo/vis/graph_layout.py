"""Places the boxes of a graph in rows, sources above what they feed, with few crossings and edges that lead around boxes.

Source: Sugiyama, Tagawa and Toda: Methods for visual understanding of hierarchical system structures (1981).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

GAP_X, GAP_Y = 24.0, 36.0
_SWEEPS = 8
Edge = tuple[int, int]
Point = tuple[float, float]


@dataclass(frozen=True)
class Layout:
    """Where everything lies.

    Attributes:
        width, height: of the whole.
        centers: of the boxes.
        routes: for each edge the points that it passes, from box to box.
    """

    width: float
    height: float
    centers: Sequence[Point]
    routes: Mapping[Edge, Sequence[Point]]


def layout(sizes: Sequence[Point], edges: Sequence[Edge]) -> Layout:
    """Returns a layout.

    Args:
        sizes: width and height of each box.
        edges: pairs of boxes. Those from a later box to an earlier one, which a layer that is used twice has, lead back up.
    """
    down = [edge for edge in edges if edge[0] < edge[1]]
    widths = [width for width, _ in sizes]
    level = _levels(len(sizes), down)
    chains: dict[Edge, list[int]] = {}
    for edge in dict.fromkeys(down):  # an edge over several rows takes a place in each of them
        source, target = edge
        passed = range(level[source] + 1, level[target])
        chains[edge] = [source, *range(len(widths), len(widths) + len(passed)), target]
        level.extend(passed)
        widths.extend(2.0 for _ in passed)
    links = [pair for chain in chains.values() for pair in pairwise(chain)]
    above, below = _neighbours(len(level), links)
    rows = _ordered(level, above, below)
    xs = _aligned(rows, widths, above, below)
    heights = [max([sizes[n][1] for n in row if n < len(sizes)], default=0.0) for row in rows]
    tops = [sum(heights[:i]) + GAP_Y * i for i in range(len(rows))]
    left = min((xs[n] - widths[n] / 2 for n in range(len(xs))), default=0.0)
    points = [(xs[n] - left, tops[level[n]] + heights[level[n]] / 2) for n in range(len(xs))]
    routes: dict[Edge, list[Point]] = {}
    for edge, (source, *between, target) in chains.items():
        sides = [(points[n][0], tops[level[n]] + side) for n in between for side in (0.0, heights[level[n]])]
        below_source = points[source][0], points[source][1] + sizes[source][1] / 2
        above_target = points[target][0], points[target][1] - sizes[target][1] / 2
        routes[edge] = [below_source, *sides, above_target]
    width = max((points[n][0] + widths[n] / 2 for n in range(len(xs))), default=0.0)
    for edge in set(edges) - set(down):
        routes[edge] = _way_back(points, sizes, edge)
        width = max(width, *(x for x, _ in routes[edge]))
    return Layout(width, (tops[-1] + heights[-1]) if rows else 0.0, points[: len(sizes)], routes)


def _levels(count: int, edges: Sequence[Edge]) -> list[int]:
    """Returns for each box the longest way to it from above."""
    level = [0] * count
    for source, target in sorted(edges, key=lambda edge: edge[1]):
        level[target] = max(level[target], level[source] + 1)
    return level


def _neighbours(count: int, links: Sequence[Edge]) -> tuple[list[list[int]], list[list[int]]]:
    above: list[list[int]] = [[] for _ in range(count)]
    below: list[list[int]] = [[] for _ in range(count)]
    for source, target in links:
        above[target].append(source)
        below[source].append(target)
    return above, below


def _ordered(
    level: Sequence[int], above: Sequence[Sequence[int]], below: Sequence[Sequence[int]]
) -> list[list[int]]:
    """Returns the rows, each ordered by where its neighbours in the row before stand on average: down and up, again and again."""
    rows: list[list[int]] = [[] for _ in range(max(level, default=-1) + 1)]
    for number, at in enumerate(level):
        rows[at].append(number)
    for sweep in range(_SWEEPS):
        neighbours = below if sweep % 2 else above
        for row in rows[::-1] if sweep % 2 else rows:
            place = {number: i for each in rows for i, number in enumerate(each)}
            mean = {
                n: sum(place[m] for m in neighbours[n]) / len(neighbours[n]) for n in row if neighbours[n]
            }
            row.sort(key=lambda n, place=place, mean=mean: mean.get(n, place[n]))  # type: ignore[misc]
    return rows


def _aligned(
    rows: Sequence[Sequence[int]],
    widths: Sequence[float],
    above: Sequence[Sequence[int]],
    below: Sequence[Sequence[int]],
) -> list[float]:
    """Returns the middle of each box: near those of its neighbours, and no box on another."""
    xs = [0.0] * len(widths)
    for row in rows:
        _spread(row, [0.0] * len(row), widths, xs)
    for sweep in range(_SWEEPS):
        neighbours = below if sweep % 2 else above
        for row in rows[::-1] if sweep % 2 else rows:
            wanted = [
                sum(xs[m] for m in neighbours[n]) / len(neighbours[n]) if neighbours[n] else xs[n]
                for n in row
            ]
            _spread(row, wanted, widths, xs)
    return xs


def _spread(row: Sequence[int], wanted: Sequence[float], widths: Sequence[float], xs: list[float]) -> None:
    """Puts boxes as near as can be to where they want to be, in their order: those that collide share what they want."""
    blocks: list[tuple[float, float, list[int]]] = []  # middle, width, boxes
    for number, x in zip(row, wanted, strict=True):
        middle, width, members = x, widths[number], [number]
        while blocks and blocks[-1][0] + blocks[-1][1] / 2 + GAP_X > middle - width / 2:
            before, extent, others = blocks.pop()
            total = extent + GAP_X + width
            own = before + (total - extent) / 2, middle - (total - width) / 2
            middle = (own[0] * len(others) + own[1] * len(members)) / (len(others) + len(members))
            width, members = total, [*others, *members]
        blocks.append((middle, width, members))
    for middle, width, members in blocks:
        x = middle - width / 2
        for number in members:
            xs[number] = x + widths[number] / 2
            x += widths[number] + GAP_X


def _way_back(points: Sequence[Point], sizes: Sequence[Point], edge: Edge) -> list[Point]:
    """Returns a way from below a box to above an earlier one, on the right of both."""
    source, target = edge
    x = max(points[n][0] + sizes[n][0] / 2 for n in edge) + GAP_X
    start, end = (
        (points[source][0], points[source][1] + sizes[source][1] / 2),
        (points[target][0], points[target][1] - sizes[target][1] / 2),
    )
    return [start, (x, start[1]), (x, end[1]), end]


DIRECTIONS = ("TB", "BT", "LR", "RL")
"""Where graphs lead: from the top to the bottom, or the other way round; from the left to the right, or the other way round."""


def is_across(direction: str) -> bool:
    """Returns whether a graph leads to a side."""
    return direction in ("LR", "RL")


def directed(sizes: Sequence[Point], edges: Sequence[Edge], direction: str) -> Layout:
    """Returns where everything lies in a graph that leads to one of `DIRECTIONS`; see `layout`."""
    across = is_across(direction)
    found = layout([(high, wide) for wide, high in sizes] if across else sizes, edges)

    def turned(point: Point) -> Point:
        x, y = point[0], found.height - point[1] if direction in ("BT", "RL") else point[1]
        return (y, x) if across else (x, y)

    width, height = (found.height, found.width) if across else (found.width, found.height)
    routes = {edge: [turned(point) for point in route] for edge, route in found.routes.items()}
    return Layout(width, height, [turned(point) for point in found.centers], routes)


def bends(points: Sequence[Point], direction: str) -> Iterator[tuple[Point, Point, Point, Point]]:
    """Yields the curves of an edge through its points: start, two points that bend it, and end; it arrives as it leaves."""
    for (x, y), (next_x, next_y) in pairwise(points):
        if is_across(direction):
            middle = (x + next_x) / 2
            yield (x, y), (middle, y), (middle, next_y), (next_x, next_y)
        else:
            middle = (y + next_y) / 2
            yield (x, y), (x, middle), (next_x, middle), (next_x, next_y)
