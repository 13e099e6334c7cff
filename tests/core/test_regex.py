"""Regular expressions find what RE2 finds (`record_regex.py` recorded it), and take time that grows with the text only."""

import json
import random
import re
import sys
from pathlib import Path

import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import OptionError
from tfjs_pyo.regex import Pattern, PatternError, matching

RECORDED = json.loads(Path(__file__).with_name("regex.json").read_text())


def found(pattern, text):
    """What is found; None where the pattern is none."""
    try:
        return [list(spans) for spans in Pattern(pattern).matches(text)]
    except PatternError:
        return None


def test_what_re2_finds():
    others = [case for case in RECORDED if found(*case[:2]) != case[2]]
    assert others == []


def test_what_python_finds():
    """Long texts, patterns of everyday."""
    random_ = random.Random(7)
    text = "".join(random_.choice("ab,. \n19X_") for _ in range(3000))
    for pattern in (
        r"\w+",
        r"[^\s,]+,?",
        r"(a|b)+(\d*)",
        r"(?i)x(.)",
        r"\b\d{1,3}\b",
        r"a.*?b",
        r"(?:a|b)(?P<n>\d)?",
        r"(?s)9.{3}",
    ):
        expected = [match.regs for match in re.compile(pattern, re.ASCII).finditer(text)]
        spans = [
            tuple(-1 if place is None else place for place in spans)
            for spans in Pattern(pattern).matches(text)
        ]
        assert [tuple(zip(each[::2], each[1::2], strict=True)) for each in spans] == expected, pattern


class Counted(dict):
    """A cache that counts how often it is asked."""

    asked = 0

    def get(self, key, default=None):
        self.asked += 1
        return super().get(key, default)


EVIL = [
    (r"(a+)+$", "a", "b"),
    (r"(a|a)*$", "a", "b"),
    (r"(a|aa)+$", "a", "b"),
    (r"(.*)*x", "a", ""),
    (r"a(.*b)?", "a", ""),
    (r"(a*)*b", "a", ""),
    (r"(.*a){20}", "a", "b"),
    (r"([ab]*)*c", "ab", ""),
    (r"^(([a-z])+.)+[A-Z]([a-z])+$", "a", ""),
    (r"(?:(?:a*)*)*b", "a", ""),
    (r"(x+x+)+y", "x", ""),
    (r"\s*,\s*$", " ", "x"),
]


@pytest.mark.parametrize(("pattern", "unit", "end"), EVIL)
def test_no_pattern_takes_more_than_linear_time(pattern, unit, end):
    """Two steps for each character and match: one from the end, one from the beginning."""
    expression = Pattern(pattern)
    expression._viable, expression._ways = Counted(), Counted()
    text = unit * (50_000 // len(unit)) + end
    count = sum(1 for _ in expression.matches(text))
    assert expression._viable.asked + expression._ways.asked <= 2 * (len(text) + count + 1)


@pytest.mark.parametrize(
    "pattern",
    [
        "((a{1000}){1000}){1000}",
        "(?:(?:(?:){1000}){1000}){1000}",
        "(" * 101 + ")" * 101,
        "(" * 100_000,
        "(a?){1000}(a?){1000}(a?){1000}",
        "[" * 100_000,
        "a|" * 50_000,
        "(?i)" * 100_000 + "(",
        "x{99999999999999999999}",
    ],
    ids=lambda pattern: pattern[:40],
)
def test_patterns_that_are_too_large(pattern):
    with pytest.raises(
        OptionError, match=r"expected a regular expression of RE2, received '[^\n]{1,90}: .* "
    ):
        tf.string.staticRegexReplace(["a"], pattern, "b")


def test_caches_have_an_end(monkeypatch):
    monkeypatch.setattr(matching, "_CACHED", 3)
    text = "abcabcaab" * 20
    spans = [(found[0], found[1]) for found in Pattern(r"(a|ab)(c|bca)?").matches(text)]
    assert spans == [match.span() for match in re.finditer(r"(a|ab)(c|bca)?", text)]


@pytest.mark.parametrize(
    ("rewrite", "expected"),
    [
        ("[$&]", "a[b]c"),
        ("[$1]", "a[b]c"),
        ("$$", "a$c"),
        ("$10", "ab0c"),
        ("$01", "abc"),
        ("$2", "a$2c"),
        ("$0", "a$0c"),
        ("$", "a$c"),
        ("\\1", "a\\1c"),
    ],
)
def test_what_comes_in_its_place(rewrite, expected):
    assert tf.string.staticRegexReplace(["abc"], "(b)", rewrite).array_sync() == [expected]


@pytest.mark.slow
def test_results_have_an_end():
    with pytest.raises(OptionError, match="at most 268435456 characters"):
        tf.string.staticRegexReplace(["a" * 100_000], "a+?", "x" * 1_000_000)
    with pytest.raises(OptionError, match="at most 16777216 pieces"):
        tf.string.staticRegexReplace(["a" * 100_000], "a+?", "$&" * 1_000_000)
    splits = tf.tensor1d([0, 2], "int32")
    large = (
        ([2**31 - 1], "", "", -1, False),
        ([2**31 - 1], "", "", 2**29, True),
        ([5000], "x" * 100_000, "", -1, False),
    )
    for options in large:
        with pytest.raises(OptionError, match="string_n_grams: expected"):
            tf.string.stringNGrams(["a", "b"], splits, "", options[0], *options[1:])
    for widths in ([0], [-3], [2, -(2**31)]):
        with pytest.raises(OptionError, match="string_n_grams: expected widths from 1"):
            tf.string.stringNGrams(["a", "b"], splits, "", widths, "", "", 0, False)


def test_the_depth_of_a_pattern_is_not_that_of_python():
    limit = sys.getrecursionlimit()
    assert len(list(Pattern("(?:" * 99 + "a" + ")*" * 99).matches("aaa"))) == 2
    assert sys.getrecursionlimit() == limit
