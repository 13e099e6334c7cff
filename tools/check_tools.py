"""Says in one line what is missing on this machine, and how to get it. Called by the Makefile.

Runs with the system's Python before any set-up, so it uses nothing but the standard library.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

DEBIAN_CHROMIUM = Path("/usr/bin/chromium")
OLDEST_NODE = (20, 19)


def _python() -> str | None:
    if sys.version_info < (3, 11):  # noqa: UP036  (an older Python runs this file and gets the message)
        return f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}. Name another: make PYTHON=python3.12"
    if importlib.util.find_spec("ensurepip") is None:
        return "Python's venv module is incomplete. Debian and Ubuntu: apt-get install python3-venv"
    return None


def _node() -> str | None:
    advice = "Node.js 20.19 or newer with npm is needed: see nodejs.org, or apt-get install nodejs npm on a new system."
    if shutil.which("node") is None or shutil.which("npm") is None:
        return advice
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    numbers = re.findall(r"\d+", version)
    if tuple(int(part) for part in numbers[:2]) < OLDEST_NODE:
        return f"{advice} This is {version.strip()}."
    return None


def find_chromium() -> str | None:
    """The browser to test with: $CHROMIUM, else Playwright's own, else Debian's; None if there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    if importlib.util.find_spec("playwright") is not None:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            own = playwright.chromium.executable_path
        if Path(own).is_file():
            return own
    return str(DEBIAN_CHROMIUM) if DEBIAN_CHROMIUM.is_file() else None


def _chromium() -> str | None:
    if find_chromium() is not None:
        return None
    if os.environ.get("CHROMIUM"):
        return f"CHROMIUM names {os.environ['CHROMIUM']}, which is no file."
    return (
        "A Chromium is needed for the browser tests. Debian: apt-get install chromium. "
        "Elsewhere: .venv/bin/playwright install --with-deps chromium, or set CHROMIUM to a browser's path."
    )


def _glslang() -> str | None:
    if shutil.which("glslangValidator") is None:
        return "glslangValidator is needed to check the kernels. Debian and Ubuntu: apt-get install glslang-tools"
    return None


CHECKS: dict[str, Callable[[], str | None]] = {
    "python": _python,
    "node": _node,
    "chromium": _chromium,
    "glslang": _glslang,
}


def main(names: list[str]) -> int:
    """Check the named tools; print what is missing; 1 if anything is."""
    missing = [message for name in names if (message := CHECKS[name]()) is not None]
    for message in missing:
        print(message, file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
