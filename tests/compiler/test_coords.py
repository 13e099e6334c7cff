"""Coordinates of the same elements in another shape."""

from itertools import pairwise
from math import prod

from hypothesis import given
from hypothesis import strategies as st

from tfjs_pyo.compiler.coords import matching_axes

primes = st.lists(st.sampled_from([1, 2, 2, 3, 5]), max_size=6)


@st.composite
def pairs(draw):
    """Two shapes of the same size."""
    factors = draw(primes)

    def shape():
        cuts = sorted(draw(st.lists(st.integers(0, len(factors)), max_size=4)))
        edges = [0, *cuts, len(factors)]
        return tuple(prod(factors[a:b]) for a, b in pairwise(edges))

    return shape(), shape()


@given(pairs())
def test_matching_axes_cover_both_shapes_in_groups_of_equal_size(pair):
    first, second = pair
    seen_first, seen_second = [], []
    for ours, theirs in matching_axes(first, second):
        assert prod(first[i] for i in ours) == prod(second[i] for i in theirs)
        seen_first += ours
        seen_second += theirs
    assert seen_first == list(range(len(first)))
    assert seen_second == list(range(len(second)))


def test_axes_that_both_shapes_have_match_alone():
    groups = [(list(a), list(b)) for a, b in matching_axes((7, 6, 4, 8), (7, 2, 3, 4, 8))]
    assert groups == [([0], [0]), ([1], [1, 2]), ([2], [3]), ([3], [4])]


def test_nothing_matches_nothing():
    assert [(list(a), list(b)) for a, b in matching_axes((0, 3), (3, 0))] == [([0, 1], [0, 1])]
