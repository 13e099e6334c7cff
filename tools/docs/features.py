"""The feature table: what the coverage tests record of TensorFlow.js's and Keras's names, and what of it is here."""

import importlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import tfjs_pyo as tf
from tfjs_pyo.errors import NameNotFoundError
from tfjs_pyo.keras.absent import ABSENT
from tools.docs.docstrings import escape
from tools.site import ROOT

INTRODUCTION = """# Features

Which public names of TensorFlow.js 4.22 and of Keras 3.15 are here. `make docs` makes these tables of the lists that the coverage
tests compare the package with, so they hold for the version that this site documents. A name that is not here says so when a
program asks for it, with the reason and what to use instead.
"""


def _read(place: str) -> Any:
    return json.loads((ROOT / "tests" / place).read_text(encoding="utf-8"))


def _has(owner: Any, name: str) -> bool:
    try:
        getattr(owner, name)
    except (NameNotFoundError, AttributeError):
        return False
    return True


def _row(name: str, there: int, total: int) -> str:
    return f"| `{name}` | {total} | {there} | {'all' if there == total else f'{there / total:.0%}'} |"


def _table(rows: Sequence[tuple[str, int, int]]) -> str:
    whole = ("all", sum(there for _, there, _ in rows), sum(total for *_, total in rows))
    head = ["| Module | Public names | Here | |", "| --- | ---: | ---: | ---: |"]
    return "\n".join([*head, *(_row(*row) for row in rows), _row(*whole).replace("`all`", "**together**")])


def _missing(reasons: Mapping[str, Sequence[str]]) -> str:
    return "\n".join(
        f"- {', '.join(f'`{name}`' for name in sorted(names))}: {escape(reason)}."
        for reason, names in reasons.items()
    )


def tensorflow_js() -> str:
    """Returns the section about TensorFlow.js."""
    names, absent = _read("tfjs/names.json"), _read("tfjs/absent.json")
    internal = {each for listed in absent["namespaces"].values() for each in listed.split()}
    instances = {"tf": tf, "Tensor": tf.ones([1]), "TensorBuffer": tf.buffer([1])}
    rows = []
    for owner, listed in sorted(names.items()):
        if owner == "gradients" or owner in internal or not listed:
            continue
        found = instances.get(owner) or getattr(tf, owner)
        title = owner if owner in instances else f"tf.{owner}"
        rows.append((title, sum(_has(found, name) for name in listed), len(listed)))
    reasons: dict[str, list[str]] = defaultdict(list)
    for owner, by_reason in absent["names"].items():
        for reason, listed in by_reason.items():
            reasons[reason] += [
                f"tf.{name}" if owner == "tf" else f"{owner}.{name}" for name in listed.split()
            ]
    spaces = ", ".join(f"`tf.{name}`" for name in sorted(internal))
    note = f"Not counted are namespaces that hold TensorFlow.js's own internals: {spaces}."
    return "\n\n".join(["## TensorFlow.js", _table(rows), "Not here:", _missing(reasons), note])


def _keras_module(path: str) -> Any:
    try:
        found = importlib.import_module("tfjs_pyo.keras")
        for part in path.split(".")[1:]:
            found = getattr(found, part)
    except (NameNotFoundError, AttributeError):
        return None
    return found


def _why(path: str, name: str) -> str:
    """Returns why a name of Keras is not here: the reason of its own, or of a module above it."""
    whole = f"{path}.{name}".split(".")
    places = ((".".join(whole[:end]), whole[end]) for end in range(1, len(whole)))
    found = (ABSENT[owner][part] for owner, part in places if part in ABSENT.get(owner, {}))
    return next(found, "not written yet")


def _keras_names() -> Iterator[tuple[str, Any, list[str]]]:
    for path, listed in _read("keras/names.json").items():
        yield path, _keras_module(path), listed


def keras() -> str:
    """Returns the section about Keras."""
    rows, reasons = [], defaultdict(list)
    for path, module, listed in _keras_names():
        if path.count(".") > 1 and module is not None:
            continue  # models and data sets one by one, and names that the module above has, too
        there = [name for name in listed if module is not None and _has(module, name)]
        rows.append((path, len(there), len(listed)))
        for name in sorted(set(listed) - set(there)):
            reasons[_why(path, name)].append(f"{path}.{name}")
    return "\n\n".join(["## Keras", _table(rows), "Not here:", _missing(reasons)])


def features_page() -> str:
    """Returns the page."""
    return "\n\n".join([INTRODUCTION, tensorflow_js(), keras()]) + "\n"
