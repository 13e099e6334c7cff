"""Every Python block of the guides runs in the page, on WebGL2, and prints what the guide shows."""

import pytest

from tests.guides import PAGES, blocks, check_output

ENTER = "import gc, os, tempfile; gc.collect(); home = os.getcwd(); os.chdir(tempfile.mkdtemp())"
LEAVE = "os.chdir(home)"
KEPT = {"saving": "a class that is registered is kept, and with it the variables of its program"}
"""Pages that leave tensors, and why."""


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.leaks(KEPT[name])) if name in KEPT else name for name in PAGES],
)
def test_blocks_run_in_the_page(pyo, numpy_in_page, name):
    pyo.run(ENTER)  # guides save files
    for block in blocks(name, "page"):
        answer = pyo.raw(block.source)
        trouble = answer["error"] and answer["error"]["traceback"]
        assert not trouble, f"{name}, line {block.line}:\n{trouble}{answer['stderr']}"
        check_output(name, block, answer["stdout"])
    pyo.run(LEAVE)
