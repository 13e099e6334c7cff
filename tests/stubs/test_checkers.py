"""mypy and pyright know the package: they pass what is right, and flag what is wrong, line by line."""

import ast
import itertools
import json
import re
import subprocess
import sys

import pytest

from tools.site import ROOT
from tools.stubs.package import write_stubs

HERE = ROOT / "tests" / "stubs"
PROGRAMS = HERE / "programs"
RIGHT = [PROGRAMS / "right.py", *sorted(path for path in (ROOT / "examples").glob("*.py"))]
STUBS = ROOT / "build" / "stubs" / "tfjs_pyo-stubs"
WRONG = PROGRAMS / "mistakes.py"
pytestmark = pytest.mark.slow


def mypy():
    """Returns the lines that mypy says something about: (file, line, message)."""
    options = ["--config-file", HERE / "mypy.ini", "--cache-dir", ROOT / "build" / ".mypy_stubs"]
    command = [sys.executable, "-m", "mypy", *options, *RIGHT, WRONG]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode in (0, 1), result.stdout + result.stderr
    found = re.findall(r"^(.+?):(\d+): error: (.*)$", result.stdout, re.MULTILINE)
    return [(ROOT / file, int(line), message) for file, line, message in found]


def pyright():
    """Returns the lines that pyright says something about."""
    command = ["npx", "--no-install", "pyright", "--pythonpath", sys.executable, "--outputjson"]
    command += ["-p", str(HERE / "pyrightconfig.json")]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode in (0, 1), result.stdout + result.stderr
    found = json.loads(result.stdout)
    assert found["summary"]["filesAnalyzed"] == len(RIGHT) + 1
    return [
        (ROOT / each["file"], each["range"]["start"]["line"] + 1, each["message"])
        for each in found["generalDiagnostics"]
    ]


@pytest.fixture(scope="module", autouse=True)
def _stubs():
    write_stubs(STUBS)


@pytest.fixture(scope="module", params=[mypy, pyright], ids=["mypy", "pyright"])
def messages(request):
    return request.param()


def test_modules_with_children_are_folders():
    assert [path for path in STUBS.rglob("*.pyi") if path.with_suffix("").is_dir()] == []


def test_classes_define_each_method_once():
    again = []
    for path in STUBS.rglob("*.pyi"):
        for kind in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(kind, ast.ClassDef):
                names = [
                    name for name, _ in itertools.groupby(getattr(each, "name", "") for each in kind.body)
                ]
                again += [(kind.name, name) for name in set(names) if name and names.count(name) > 1]
    assert again == []


UNKNOWN = 361
"""Functions, in all spellings, whose results are of any type: decorators, structures of the user's, things by name."""


def test_hardly_more_results_are_of_any_type_than_must_be():
    functions = [
        node
        for path in STUBS.rglob("*.pyi")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.returns is not None
    ]
    unknown = [node.name for node in functions if ast.unparse(node.returns) == "Any"]
    assert len(unknown) <= UNKNOWN, sorted(unknown)


def test_right_programs_pass(messages):
    assert [each for each in messages if each[0] != WRONG] == []


def test_mistakes_are_flagged(messages):
    lines = WRONG.read_text(encoding="utf-8").splitlines()
    marked = {number for number, line in enumerate(lines, 1) if line.endswith("# wrong")}
    flagged = {number for file, number, _ in messages if file == WRONG}
    assert len(marked) >= 40
    assert {lines[n - 1] for n in marked - flagged} == set()
    assert {lines[n - 1] for n in flagged - marked} == set()
