"""Builds this package's wheel into build/wheel/ when its sources have changed."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DESTINATION = ROOT / "build" / "wheel"
SOURCES = ("py", "web/glsl", "web/webgl")


def _sources() -> Iterator[Path]:
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        yield ROOT / name
    for folder in SOURCES:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix != ".pyc" and path.name != "__pycache__":
                yield path


def current_wheel() -> Path:
    """The wheel of the sources as they are now; built if there is none or if it is older than they are."""
    newest = max(path.stat().st_mtime for path in _sources())
    wheels = list(DESTINATION.glob("*.whl"))
    if len(wheels) == 1 and wheels[0].stat().st_mtime >= newest:
        return wheels[0]
    for old in wheels:
        old.unlink()
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(DESTINATION)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if built.returncode != 0:
        message = f"the wheel could not be built:\n{built.stdout}{built.stderr}"
        raise RuntimeError(message)
    (wheel,) = DESTINATION.glob("*.whl")
    return wheel


if __name__ == "__main__":
    print(current_wheel())
