"""Builds this package's wheel into build/wheel/ when its sources have changed; build/page/ has it with bytecode, for the page."""

import contextlib
import fcntl
import hashlib
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DESTINATION = ROOT / "build" / "wheel"
FOR_PAGE = ROOT / "build" / "page"
COMPILER = ROOT / "tools" / "compile_wheel.mjs"
FINGERPRINT = "sources.sha256"
SOURCES = ("py", "web/glsl", "web/webgl", "examples/data", "tools/stubs")


def _sources() -> Iterator[Path]:
    for name in ("pyproject.toml", "README.md", "LICENSE", "hatch_build.py"):
        yield ROOT / name
    for folder in SOURCES:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix != ".pyc" and path.is_file():
                yield path


def _fingerprint(paths: Iterable[Path]) -> str:
    """What files are called and hold; times say little of a build folder that was copied."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _is_of(folder: Path, fingerprint: str) -> bool:
    """Whether a folder's wheel was made of what has this fingerprint."""
    kept = folder / FINGERPRINT
    return kept.exists() and kept.read_text(encoding="utf-8") == fingerprint


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: tests in several processes, and a server beside them, build one wheel."""
    lock = ROOT / "build" / ".wheel.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def current_wheel() -> Path:
    """The wheel of the sources as they are now; built if there is none or if it is one of other sources."""
    with _alone():
        return _current()


def _current() -> Path:
    fingerprint = _fingerprint(_sources())
    wheels = list(DESTINATION.glob("*.whl"))
    if len(wheels) == 1 and _is_of(DESTINATION, fingerprint):
        return wheels[0]
    for old in wheels:
        old.unlink()
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(DESTINATION)]
    _run(command, "built")
    (wheel,) = DESTINATION.glob("*.whl")
    (DESTINATION / FINGERPRINT).write_text(fingerprint, encoding="utf-8")
    return wheel


def page_wheel() -> Path:
    """The same wheel with bytecode for the page's Python, which imports it in half of the time."""
    with _alone():
        plain = _current()
        compiled = FOR_PAGE / plain.name
        fingerprint = _fingerprint([plain, COMPILER])
        if not compiled.exists() or not _is_of(FOR_PAGE, fingerprint):
            FOR_PAGE.mkdir(parents=True, exist_ok=True)
            half = compiled.with_suffix(".part")
            _run(["node", str(COMPILER), str(plain), str(half)], "compiled")
            half.replace(compiled)
            (FOR_PAGE / FINGERPRINT).write_text(fingerprint, encoding="utf-8")
        return compiled


def _run(command: list[str], done: str) -> None:
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        message = f"the wheel could not be {done}:\n{result.stdout}{result.stderr}"
        raise RuntimeError(message)


if __name__ == "__main__":
    print(page_wheel())
