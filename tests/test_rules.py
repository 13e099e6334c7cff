"""What annotations say of arguments: each kind takes its own values, of NumPy as well, and refuses all others in words."""

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo import naming
from tfjs_pyo.errors import ArgumentError, OptionError, TfError
from tfjs_pyo.rules import Checks, rule_of

KINDS: dict[str, tuple[list[tuple[Any, Any]], list[Any]]] = {
    "int": ([(3, 3), (np.int8(3), 3), (np.array(3), 3), (10**40, 10**40)], [True, 3.0, "3", None, [3], math.nan, 1j]),
    "float": (
        [(3, 3), (2.5, 2.5), (np.float32(0.5), 0.5), (Decimal("0.5"), 0.5), (-math.inf, -math.inf)],
        [True, "3", None, [3.0], 10**400, 1j, np.ones(2)],
    ),
    "bool": ([(True, True), (np.False_, False), (1, True), (0, False)], [2, 1.0, "yes", None, [], np.ones(2)]),
    "str": ([("x", "x"), (np.str_("x"), "x")], [b"x", 1, None, ["x"]]),
    "int | None": ([(None, None), (3, 3)], [3.5, "x"]),
    "Sequence[int]": (
        [([3, 4], (3, 4)), ((), ()), (range(2), (0, 1)), (np.array([3]), (3,)), ([np.int64(3)], (3,))],
        [3, [3.5], "34", [[3]], {3: 4}, {3, 4}, None],
    ),
    "Sequence[Sequence[int]]": ([([(1, 2)], ((1, 2),)), (np.zeros((1, 2), int), ((0, 0),))], [[1, 2], [[1.5]], 3]),
    "int | Sequence[int] | None": ([(3, 3), ([3], (3,)), (None, None)], ["x", 1.5, [None]]),
    "Literal['a', 'b']": ([("a", "a")], ["c", 1, None, np.ones(2)]),
    "Callable[..., Any]": ([(abs, abs)], [3, "abs", None]),
    "Mapping[str, Any]": ([({}, {})], [[], "x", 3]),
    "Sequence[Any]": ([([1], [1]), ((), ())], [3, "x", {}, iter([1]), {1}]),
}  # fmt: skip
NAMES = {"Any": Any, "Callable": Callable, "Literal": Literal, "Mapping": Mapping, "Sequence": Sequence}


@pytest.mark.parametrize("annotation", KINDS)
def test_kind(annotation):
    rule = rule_of(annotation, NAMES)
    assert rule is not None
    taken, refused = KINDS[annotation]
    for given, expected in taken:
        found = rule("f", "`x`", given)
        assert found == expected
        assert type(found) is type(expected) or callable(found)
    for value in refused:
        with pytest.raises((OptionError, ArgumentError), match=r"f: expected `x` to be .*, received "):
            rule("f", "`x`", value)


def test_other_types_are_not_for_annotations_to_check():
    assert [rule_of(each, NAMES) for each in ("Any", "int | Any", "Unknown", "tuple[int, str]")] == [None] * 4


def test_errors_are_short_and_say_what_to_do():
    with pytest.raises(OptionError) as caught:
        tf.zeros([[0] * 10_000])
    assert len(str(caught.value)) < 300
    with pytest.raises(OptionError, match="Divide with //"):
        tf.reshape(tf.ones([4]), [4 / 2, 2])


def test_functions_read_their_annotations():
    @naming.bridge
    def scaled(x, times: int = 1, *, by_what: float | None = None) -> Any:
        return x, times, by_what

    assert scaled("any", np.int8(2), byWhat=np.float32(0.5)) == ("any", 2, 0.5)
    assert scaled(None, {"times": None}) == (None, 1, None)
    for call in (lambda: scaled(1, "2"), lambda: scaled(1, {"byWhat": "x"}), lambda: scaled(1, by_what=[])):
        with pytest.raises(OptionError, match=r"scaled: expected '(times|byWhat)' to be a"):
            call()


def test_rules_are_found_once_and_from_the_first_parameter_that_has_one():
    def function(a, b: "Any", c: "int", *rest: int, d: "float" = 1.0, **others: int) -> None: ...

    checks = Checks("f", function)
    assert checks.first == 2
    assert set(checks.named) == {"c", "d"}
    assert checks(("x", "y", np.int8(3), "z"), {"d": np.float64(2), "e": "any"}) == (
        ("x", "y", 3, "z"),
        {"d": 2.0, "e": "any"},
    )


def test_fields_without_a_conversion_go_by_their_annotations():
    for make, match in (
        (lambda: tf.layers.dense(units=1, useBias="no"), "dense: expected 'useBias' to be True or False, received 'no'"),
        (lambda: tf.layers.dropout(rate=0.5, seed="x"), "dropout: expected 'seed' to be a whole number or None"),
        (lambda: tf.layers.concatenate(axis=1.5), "concatenate: expected 'axis' to be a whole number"),
        (lambda: tf.callbacks.earlyStopping(monitor=5), "earlyStopping: expected 'monitor' to be a string"),
        (lambda: tf.train.Adam(amsgrad="x"), "adam: expected 'amsgrad' to be True or False"),
    ):  # fmt: skip
        with pytest.raises(TfError, match=match):
            make()
