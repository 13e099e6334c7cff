"""Fails when a file is longer than 600 lines, or when the npm lockfile names a host to download from."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 600
SOURCES = {".py", ".js", ".mjs", ".css", ".html", ".frag", ".vert", ".glsl", ".md", ".toml", ".yaml"}


def own_files() -> list[Path]:
    """Every file of the project: what git tracks or would track."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def complaints() -> list[str]:
    """One line per file that breaks a rule."""
    found = []
    for path in own_files():
        if path.suffix in SOURCES:
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > LONGEST:
                found.append(
                    f"{path.relative_to(ROOT)}: {lines} lines, at most {LONGEST} are allowed; split it by subject"
                )
    lockfile = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    if re.search(r'"resolved":\s*"https?:', lockfile):
        found.append('package-lock.json: has "resolved" addresses; run npm with the project\'s .npmrc')
    return found


if __name__ == "__main__":
    problems = complaints()
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)
