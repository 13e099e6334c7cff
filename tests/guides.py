"""What the tests of the documentation share: its written pages, and whether a block printed what the page shows."""

import doctest

from tools.docs.blocks import Block, blocks_of
from tools.docs.build import guide_paths
from tools.site import ROOT

PAGES = {path.stem: path for path in (ROOT / "README.md", *guide_paths())}
_CHECKER = doctest.OutputChecker()


def blocks(name: str, backend: str) -> list[Block]:
    """Returns the blocks of a page that run on a backend."""
    return [
        block for block in blocks_of(PAGES[name].read_text(encoding="utf-8")) if backend in block.backends
    ]


def check_output(name: str, block: Block, printed: str) -> None:
    """Fails where a block printed something else than the page shows; '...' in the page stands for anything."""
    if block.output is not None:
        flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        fits = _CHECKER.check_output(block.output, printed, flags)
        assert fits, f"{name}, line {block.line}: the page shows\n{block.output}\nand this came:\n{printed}"
