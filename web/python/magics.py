"""IPython's magics in cells of notebooks: packages are installed by micropip, what cannot be done is said in words."""

import ast
import re
import shlex
from typing import Any

_TOKENS = re.compile(
    r"""(?P<magic>(?m:^)[ \t]*(?:%%?[A-Za-z]|!)[^\n]*)
    |(?P<string>(?i:[rbfut]{0,2})(?P<quotes>\"\"\"|''')(?:\\.|(?!(?P=quotes)).)*(?:(?P=quotes)|\Z)
        |\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?)
    |(?P<comment>\#[^\n]*)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<joined>\\\n[ \t]*)|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_MAY_HAVE_MAGICS = re.compile(r"^[ \t]*[%!]", re.MULTILINE)
_MARK = re.compile(r"^(# ?%%(?:[ \t].*)?)$", re.MULTILINE)
_PIP = re.compile(r"(?:[%!]{1,2})\s*(?:python3?\s+-m\s+)?(?:pip3?|uv\s+pip|conda|mamba)\s+install\s+(.*)")
_TIMED = re.compile(r"%%?(?:time|prun|capture)\b[ \t]*")
_NOTHING = re.compile(r"%(?:matplotlib|pylab|config|autosave|precision)\b")
_OPTIONS_WITH_VALUES = {
    "-r",
    "--requirement",
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "-c",
    "-t",
    "-e",
}


def as_python(source: str) -> str:
    r"""A cell with Python in the place of its magics, line for line; what has none is returned as it is.

    >>> as_python("%matplotlib inline\nx = 7 \\\n  %time\n")
    'pass\nx = 7 \\\n  %time\n'
    >>> print(as_python("!pip install -q keras-hub"))
    import micropip; await __import__('magics').install('keras-hub')
    """
    if not _MAY_HAVE_MAGICS.search(source) or _is_python(source):
        return source
    pieces = _MARK.split(source)  # a program of several parts: each may begin with a magic for all of it
    return "".join(part if place % 2 else _translated_part(part) for place, part in enumerate(pieces))


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _translated_part(source: str) -> str:
    """A part of a program with Python in the place of its magics."""
    first = source.lstrip().partition("\n")[0]
    if first.startswith("%%") and not _TIMED.match(first):
        before = source[: len(source) - len(source.lstrip())]
        return (
            before + _left_out(first.strip(), "so the cell was not run") + "\n" * source.lstrip().count("\n")
        )
    depth, parts, joined = 0, [], False
    for token in _TOKENS.finditer(source):
        text = token.group()
        is_magic = token.lastgroup == "magic" and depth == 0 and not joined
        depth = max(0, depth + (token.lastgroup == "open") - (token.lastgroup == "close"))
        if token.lastgroup == "magic" and not is_magic:
            depth = max(0, depth + sum(map(text.count, "([{")) - sum(map(text.count, ")]}")))
        joined = token.lastgroup == "joined"
        parts.append(_translated(text) if is_magic else text)
    return "".join(parts)


def _translated(line: str) -> str:
    """Python for the line of a magic."""
    margin, magic = line[: len(line) - len(line.lstrip())], line.strip()
    if found := _PIP.fullmatch(magic):
        return margin + _installation(found.group(1))
    if _NOTHING.match(magic):
        return f"{margin}pass"
    if timed := _TIMED.match(magic):
        rest = magic[timed.end() :]
        return margin + (rest if not magic.startswith("%%") and rest else "pass")
    return margin + _left_out(magic, "so this line does nothing")


def _installation(arguments: str) -> str:
    try:
        words = shlex.split(arguments, comments=True)
    except ValueError:  # a quotation without an end
        return _left_out(f"pip install {arguments}", "as its arguments cannot be read")
    packages: list[str] = []
    skipped = False
    for word, former in zip(words, ["", *words], strict=False):
        if word.startswith("-"):
            continue
        if former in _OPTIONS_WITH_VALUES:
            skipped = True
        else:
            packages.append(word)
    if skipped or not packages:
        return _left_out(
            f"pip install {arguments}", "as micropip takes names of packages and addresses of wheels only"
        )
    return f"import micropip; await __import__('magics').install({', '.join(map(repr, packages))})"


def _left_out(magic: str, why: str) -> str:
    return f"__import__('magics').say({magic!r}, {why!r})"


def say(magic: str, why: str) -> None:
    """Say that a magic was left out."""
    shown = magic if len(magic) <= 80 else f"{magic[:77]}..."
    missing = {"!": "shell", "%": "such magic"}.get(shown[0], "such installation")
    print(f"{shown}: there is no {missing} in the page, {why}.")


async def install(*packages: str) -> None:
    """Install packages with micropip; those that the page has already are left as they are."""
    micropip: Any = __import__("micropip")
    wanted = [name for name in packages if not _is_ours(name)]
    for name in packages:
        if name not in wanted:
            print(f"{name}: the page has it already, as part of tfjs-pyo.")
    if wanted:
        print(f"micropip installs {', '.join(wanted)}.")
        await micropip.install(wanted)


def _is_ours(name: str) -> bool:
    """Whether tfjs-pyo stands in for a package."""
    plain = re.split(r"[^A-Za-z0-9._-]", name)[0].lower().replace("_", "-")
    return plain in {"tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tf-nightly", "keras", "tfjs-pyo"}
