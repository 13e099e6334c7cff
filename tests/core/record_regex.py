"""Records what RE2 finds: `pip install google-re2`, then `python tests/core/record_regex.py` writes regex.json."""

import json
import random
from pathlib import Path

import re2

SYNTAX = [
    (r"[[:alpha:]]+", "ab1 Z_"),
    (r"[[:^digit:][:punct:]]", "a1!"),
    (r"[^[:space:]]+", "a b\tc\x0bd"),
    (r"\pL+", "aÄß1"),
    (r"\p{Lu}", "aBÄ"),
    (r"\p{^Lu}", "aBÄ"),
    (r"\PL", "a1Ä"),
    (r"[\p{Nd}_]+", "a1_²٣"),
    (r"(?i)straße", "STRASSE Straße STRAßE"),
    (r"(?i)[a-c]+", "aBCd"),
    (r"(?i)[^a]", "aAb"),
    (r"a(?i:b)c", "aBc aBC"),
    (r"(?i)a(?-i)b", "Ab AB"),
    (r"(a(?i)b|c)d", "aBd Cd CD"),
    (r"(?s).", "a\nb"),
    (r".", "a\nb\r"),
    (r"(?m)^.*$", "a\nbc\n\nd"),
    (r"^.*$", "a\nb"),
    (r"\A\w|\w\z", "ab\ncd"),
    (r"a$", "a\na"),
    (r"(?U)a+", "aaa"),
    (r"(?U)a+?", "aaa"),
    (r"(?P<x>a)(?P<y>b)?", "ab a"),
    (r"\Qa.b*\E+", "a.b** a.b"),
    (r"\Q(", "(("),
    (r"\x41\x{e4}", "AäA"),
    (r"\101\07", "A\x07"),
    (r"[]a]+", "]a]"),
    (r"[^]a]+", "b]a"),
    (r"[a\-z]+", "a-zb"),
    (r"[a-]+", "a-b"),
    (r"[\]\\]+", "\\]"),
    (r"[-a]+", "-ab"),
    (r"a{2}", "aaaaa"),
    (r"a{2,}", "a aa aaa"),
    (r"a{,3}", "a{,3}"),
    (r"a{1,2}?", "aaa"),
    (r"a{", "a{"),
    (r"{a", "{a"),
    (r"a{1", "a{1}"),
    (r"x*", "axb"),
    (r"|a", "ba"),
    (r"a||b", "ab"),
    (r"()", "ab"),
    (r"(|a)+", "aaa"),
    (r"(a*)+", "ba"),
    (r"(a*)*", "ba"),
    (r"(a|ab)(c|bcd)(d*)", "abcd"),
    (r"\bfoo\b", "foo foobar foo"),
    (r"\B.", "ab c"),
    (r"\d+\.\d*", "3.14 .5 2."),
    (r"\s+", "a \t\n\x0b\u00a0b"),
    (r"\w+", "aä_1"),
    (r"[\w.]+@[\w.]+", "me@a.org, you@b.c"),
    (r"<[^>]+>", "<b>bold</b>"),
    (r"[!\"#$%&()\*\+,-\./:;<=>?@\[\\\]^_`{|}~\']", "it's [a] test, ok?"),
    (r"^(?:(?:a|b)|c)+?$", "abc"),
    (r"a**", ""),
    (r"*a", ""),
    (r"(?=a)", ""),
    (r"(?!a)", ""),
    (r"(?<=a)b", ""),
    (r"(?<!a)b", ""),
    (r"(a)\1", ""),
    (r"\y", ""),
    (r"[b-a]", ""),
    (r"[\w-z]", ""),
    (r"[[:nothing:]]", ""),
    (r"\p{Nothing}", ""),
    (r"a{1001}", ""),
    (r"a{2,1}", ""),
    (r"(", ""),
    (r")", ""),
    (r"[a", ""),
    ("\\", ""),
    (r"(?P<a>x)(?P<a>y)", ""),
    (r"(?z)", ""),
    (r"(?P<a", ""),
    (r"x{2}{3}", ""),
    (r"\x{110000}", ""),
]


def found(pattern, text):
    """What is found, one after the other; None where the pattern is none."""
    options = re2.Options()
    options.log_errors = False
    try:
        expression = re2.compile(pattern, options)
    except re2.error:
        return None
    made, place = [], 0
    while place <= len(text) and (match := expression.search(text, place)) is not None:
        spans = [match.span(group) for group in range(expression.groups + 1)]
        made.append([None if end < 0 else end for span in spans for end in span])
        place = match.end() + (match.end() == match.start())
    return made


def drawn(random_, depth):
    """A pattern of the syntax that most programs use."""
    kind = random_.randrange(11 if depth else 5)
    if kind < 3:
        return random_.choice("abc")
    if kind == 3:
        return random_.choice(
            [".", "[ab]", "[^a]", r"\w", r"\b", r"\B", "^", r"\A", r"\d", r"\s", "$", "(?m:^)", "(?m:$)"]
        )
    if kind == 4:
        return random_.choice(["", "a", "(?i:B)"])
    if kind in (5, 6):
        return drawn(random_, depth - 1) + drawn(random_, depth - 1)
    if kind == 7:
        return f"(?:{drawn(random_, depth - 1)}|{drawn(random_, depth - 1)})"
    if kind == 8:
        return f"({drawn(random_, depth - 1)})"
    quantifiers = ["*", "+", "?", "{2}", "{1,3}", "{0,2}", "{1,}", "*?", "+?", "??", "{1,2}?"]
    return f"(?:{drawn(random_, depth - 1)}){random_.choice(quantifiers)}"


def main():
    random_ = random.Random(15)
    cases = list(SYNTAX)
    while len(cases) < 700:
        text = "".join(random_.choice("aabbc \nAB") for _ in range(random_.randrange(12)))
        cases.append((drawn(random_, 4), text))
    lines = [json.dumps([pattern, text, found(pattern, text)]) for pattern, text in cases]
    Path(__file__).with_name("regex.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")


main()
