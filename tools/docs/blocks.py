"""The Python blocks of a guide: what runs where, what each needs of those before it, and the link that opens it."""

import ast
import base64
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

FENCE = re.compile(
    r"^```python\n(?P<source>.*?)^```\n(?:\n?```text\n(?P<output>.*?)^```\n)?", re.MULTILINE | re.DOTALL
)
NOTE = re.compile(r"<!-- (?P<kind>CPython only|page only|not run): (?P<reason>[^\n]+?) -->\n+$")
BACKENDS = {"": ("CPython", "page"), "CPython only": ("CPython",), "page only": ("page",), "not run": ()}


@dataclass(frozen=True)
class Block:
    """A Python block of a page.

    Attributes:
        source: the program.
        output: what it prints, as the guide shows it in the `text` block that follows; None where it shows none.
        backends: where it runs: 'CPython', 'page'.
        line: of the page, where it begins.
        end: the place behind the block in the page's text.
    """

    source: str
    output: str | None
    backends: tuple[str, ...]
    line: int
    end: int


def blocks_of(text: str) -> list[Block]:
    """Returns the Python blocks of a page. A comment before one, `<!-- CPython only: why -->`, says where it does not run."""
    found = []
    for match in FENCE.finditer(text):
        note = NOTE.search(text[: match.start()])
        backends = BACKENDS[note["kind"] if note else ""]
        line = text.count("\n", 0, match.start()) + 2
        found.append(
            Block(match["source"], match["output"], backends, line, match.end("source") + len("```\n"))
        )
    return found


@dataclass(frozen=True)
class _Names:
    """The names that a block binds (other than by imports), those that it reads, and those whose methods it calls."""

    bound: frozenset[str]
    read: frozenset[str]
    used: frozenset[str]


def _names(source: str) -> _Names:
    tree = ast.parse(source)
    bound: set[str] = set()
    read: set[str] = set()
    used: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used.add(node.value.id)
    return _Names(frozenset(bound), frozenset(read), frozenset(used))


def _imports(source: str, wanted: frozenset[str]) -> Iterator[str]:
    """Yields the import statements of a block that bind one of the names."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {(each.asname or each.name).partition(".")[0] for each in node.names}
            if names & wanted:
                yield ast.unparse(node)


def program(blocks: Sequence[Block], number: int) -> str:
    """Returns a block as a program of its own: with the blocks before it that share its variables, and the imports of others."""
    names = [_names(block.source) for block in blocks[: number + 1]]
    variables = frozenset().union(*(each.bound for each in names))
    taken, wanted = {number}, names[number].read
    while True:
        shared = wanted & variables
        more = {at for at, each in enumerate(names) if at not in taken and shared & (each.bound | each.used)}
        if not more:
            break
        taken |= more
        wanted = frozenset().union(*(names[at].read for at in taken))
    imports = [
        line for at in range(number) if at not in taken for line in _imports(blocks[at].source, wanted)
    ]
    parts = ["\n".join(dict.fromkeys(imports)), *(blocks[at].source.strip("\n") for at in sorted(taken))]
    return "\n\n".join(filter(None, parts)) + "\n"


def share_link(source: str) -> str:
    """Returns a program as the fragment of the page's address that opens it in the editor (web/editor/share.js reads it)."""
    packer = zlib.compressobj(9, wbits=-15)
    packed = packer.compress(source.encode()) + packer.flush()
    return "#code=" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def with_run_links(text: str, page: str) -> str:
    """Returns a page in which a Run link follows each block that runs in the page.

    Args:
        text: the page, as Markdown.
        page: the relative address of the page that runs programs.
    """
    blocks = blocks_of(text)
    parts, place = [], 0
    for number, block in enumerate(blocks):
        parts.append(text[place : block.end])
        place = block.end
        if "page" in block.backends:
            parts.append(f"\n{run_link(program(blocks, number), page)}\n")
    return NOTE_LINE.sub("", "".join([*parts, text[place:]]))


NOTE_LINE = re.compile(r"^<!-- (?:CPython only|page only|not run): [^\n]+ -->\n", re.MULTILINE)


def run_link(source: str, page: str) -> str:
    """Returns a link, as Markdown, that opens a program in the page."""
    return f'[Run](<{page}{share_link(source)}>){{ .run title="Open this program in the page" }}\n'
