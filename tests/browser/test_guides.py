"""Every Python block of the guides runs in the page, on WebGL2, and prints what the guide shows."""

import pytest

from tests.guides import PAGES, blocks, check_output

ENTER = "import gc, os, tempfile; gc.collect(); home = os.getcwd(); os.chdir(tempfile.mkdtemp())"


@pytest.fixture
def folder(pyo):
    """The page's Python works in an empty folder, as the guides save files."""
    pyo.run(ENTER)
    yield
    pyo.run("os.chdir(home)")


@pytest.mark.parametrize("name", PAGES)
def test_blocks_run_in_the_page(pyo, folder, numpy_in_page, name):
    for block in blocks(name, "page"):
        answer = pyo.raw(block.source)
        trouble = answer["error"] and answer["error"]["traceback"]
        assert not trouble, f"{name}, line {block.line}:\n{trouble}{answer['stderr']}"
        check_output(name, block, answer["stdout"])
