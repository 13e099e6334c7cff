"""TensorFlow.js's own unit tests of core pass here, but for those that exceptions.json lists, each with its reason."""

import json
import subprocess
import sys

import pytest

from tests.tfjs.suite.running import INTERNAL, MEANT, PENDING, ROOT, files_to_run

pytestmark = pytest.mark.slow
LEAST_PASSED = 3500
"""What must pass at least: so that tests that do not run are noticed."""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """All tests, run once, in a process of their own: they change settings."""
    path = tmp_path_factory.mktemp("suite") / "results.json"
    ran = subprocess.run(
        [sys.executable, "-m", "tests.tfjs.suite", "--json", str(path)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert path.exists(), ran.stderr[-3000:]
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", files_to_run())
def test_of_tensorflow_js(outcomes, file):
    failed = [
        (o["name"], "".join(o["messages"])[:500])
        for o in outcomes
        if o["file"] == file and o["outcome"] == "failed"
    ]
    assert not failed


def test_enough_run_and_no_exception_is_stale(outcomes):
    assert sum(o["outcome"] == "passed" for o in outcomes) >= LEAST_PASSED
    stale = [(o["file"], o["name"]) for o in outcomes if o["outcome"] == "stale"]
    assert not stale, "make suite ARGS=--prune takes them off the list"
    assert MEANT.keys() <= {(o["file"], o["name"]) for o in outcomes}
    assert {o["file"] for o in outcomes if o["outcome"] == "pending"} == PENDING.keys()
    assert all([*INTERNAL.values(), *MEANT.values()])
