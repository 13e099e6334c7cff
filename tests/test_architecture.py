"""What developers read tells the truth: the files that they name exist, and their examples run."""

import re
import subprocess
import sys

import pytest

from tools.site import ROOT

MAP = ROOT / "ARCHITECTURE.md"
PAGES = [
    MAP,
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "RELEASING.md")),
    ROOT / "docs" / "measurements.md",
    *sorted((ROOT / "docs" / "internals").glob("*.md")),
]
FOLDERS = [".github", "py/tfjs_pyo", "web", "tests", "tools", "docs", "bench", "examples"]
FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)*(?:/|\.(?:py|js|mjs|json|frag|vert|md|html|toml|yml))")


# A name stands as it is seen from the folder that the text is about.
KNOWN = "".join(
    f"/{path.relative_to(ROOT).as_posix()}{'/' * path.is_dir()}\n"
    for path in [*ROOT.iterdir(), *(found for folder in FOLDERS for found in (ROOT / folder).rglob("*"))]
)


def named_files(text: str) -> list[str]:
    """What stands in backticks and looks like a file or a folder."""
    return [name for name in re.findall(r"`([^`\n]+)`", text) if FILE.fullmatch(name)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page):
    named = named_files(page.read_text(encoding="utf-8"))
    missing = {name for name in named if f"/{name}\n" not in KNOWN}
    assert missing == set()


CHECKS = """
import tfjs_pyo as tf

assert tf.grad(tf.grad(cube))(tf.tensor([2.0, -3.0])).tolist() == [12.0, -18.0]
assert tf.tensor([2.0]).cube().tolist() == [8.0]
assert Scaling(start=3).apply(tf.tensor([[1.0, 2.0]])).tolist() == [[3.0, 6.0]]
try:
    Scaling({"start": "x"})
except tf.errors.OptionError as error:
    assert "expected 'start' to be a number, received 'x'" in str(error)
else:
    raise AssertionError
"""


def test_the_examples_of_the_map_run():
    """In a process of their own: what they declare stays declared."""
    blocks = re.findall(r"```python\n(.*?)```", MAP.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    subprocess.run([sys.executable, "-c", "\n".join([*blocks, CHECKS])], check=True)
