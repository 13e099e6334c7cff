"""Runs TensorFlow.js's own unit tests against this package, and says which of their failures are meant."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tfjs_pyo
from tests.tfjs.suite.serving import Server

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
BUNDLE = ROOT / "build" / "suite" / "suite.cjs"
TESTS = ROOT / "node_modules" / "@tensorflow" / "tfjs-core" / "dist"
EXCEPTIONS = HERE / "exceptions.json"
_LISTED = json.loads(EXCEPTIONS.read_text(encoding="utf-8"))
INTERNAL: dict[str, str] = _LISTED["files"]
"""Test files that are not run, with the reasons: they test modules that no program of a user's sees, or another platform's."""
PENDING: dict[str, str] = _LISTED["pending"]
"""Test files with tests that do not run here, with the reasons: they need a page."""
MEANT: dict[tuple[str, str], str] = {
    (file, name): reason
    for reason, files in _LISTED["tests"].items()
    for file, names in files.items()
    for name in names
}
"""Tests that are not meant to pass, by file and name, with the reasons."""


@dataclass(frozen=True)
class Result:
    """How a test of theirs went: 'passed', 'failed' or 'pending' (left out for where it runs)."""

    file: str
    name: str
    status: str
    messages: tuple[str, ...]

    @property
    def reason(self) -> str | None:
        """Why it is not meant to pass; None if it is."""
        return MEANT.get((self.file, self.name))

    @property
    def outcome(self) -> str:
        """Its status, where 'meant' is a failure that is listed and 'stale' a listed test that passes."""
        if self.status == "failed":
            return "failed" if self.reason is None else "meant"
        return "stale" if self.status == "passed" and self.reason is not None else self.status


class Suite(Server):
    """Serves the tests and takes their reports."""

    def __init__(self, *pipes: Any) -> None:
        super().__init__(tfjs_pyo, *pipes)
        self.results: list[Result] = []
        self._names: Counter[tuple[str, str]] = Counter()

    def do_report(self, message: dict[str, Any]) -> None:
        """Notes a test; where two have one name, the second is told by its number."""
        file, name = message["file"], message["name"]
        self._names[file, name] += 1
        if (number := self._names[file, name]) > 1:
            name = f"{name} ({number})"
        self.results.append(Result(file, name, message["status"], tuple(message["messages"])))


def files_to_run() -> list[str]:
    """The names of the test files of the npm package, without '_test.js'; those that test internals left out."""
    names = (path.relative_to(TESTS).as_posix().removesuffix("_test.js") for path in TESTS.rglob("*_test.js"))
    return sorted(set(names) - set(INTERNAL))


def run(files: Sequence[str]) -> list[Result]:
    """Returns the results of all tests in some files."""
    built = subprocess.run(["node", HERE / "build.js", BUNDLE, *files], cwd=ROOT, check=False)
    if built.returncode:
        raise RuntimeError("the tests could not be bundled")
    to_python, from_node = os.pipe()
    to_node, from_python = os.pipe()
    command = ["node", str(BUNDLE), str(to_node), str(from_node)]
    with subprocess.Popen(command, cwd=ROOT, pass_fds=(to_node, from_node)) as node:
        os.close(from_node)
        os.close(to_node)
        with os.fdopen(to_python, "rb") as incoming, os.fdopen(from_python, "wb") as outgoing:
            suite = Suite(incoming, outgoing)
            suite.serve()
    if node.returncode:
        raise RuntimeError(f"node ended with {node.returncode}")
    return suite.results


def take_off(stale: set[tuple[str, str]]) -> None:
    """Takes tests, by file and name, off the list of exceptions."""
    kept: dict[str, dict[str, list[str]]] = {}
    for (file, name), reason in MEANT.items():
        if (file, name) not in stale:
            kept.setdefault(reason, {}).setdefault(file, []).append(name)
    EXCEPTIONS.write_text(json.dumps({**_LISTED, "tests": kept}, indent=2) + "\n", encoding="utf-8")
