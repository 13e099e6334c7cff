"""Writes the lock file that tells Pyodide where its packages are.

Pyodide's own lock names some 350 packages by bare file names. Here the wheels that lie on this machine are named by
their place on our site and by their own hash, so that `loadPackage('micropip')` and `import numpy` work without a
network; everything else is named by its address on Pyodide's CDN.
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

CDN = "https://cdn.jsdelivr.net/pyodide/v{version}/full/"


def _imports(wheel: Path) -> list[str]:
    """The top-level modules and packages that a wheel holds."""
    names = set()
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.namelist():
            first, _, rest = entry.partition("/")
            if rest and first.isidentifier() and entry.endswith(".py"):
                names.add(first)
            elif not rest and first.endswith(".py"):
                names.add(first.removesuffix(".py"))
    return sorted(names)


def _entry(wheel: Path, known: dict[str, Any] | None) -> tuple[str, dict[str, Any]]:
    distribution, version, *_ = wheel.name.split("-")
    name = re.sub(r"[-_.]+", "-", distribution).lower()
    entry: dict[str, Any] = {
        "name": name,
        "version": version,
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": known["imports"] if known else _imports(wheel),
        "depends": known["depends"] if known else [],
        "unvendored_tests": False,
    }
    return name, entry


def cdn(pyodide: Path) -> str:
    """What the addresses of all packages on Pyodide's CDN begin with, for its npm package in this folder."""
    version = json.loads((pyodide / "package.json").read_text(encoding="utf-8"))["version"]
    return CDN.format(version=version)


def lock_text(pyodide: Path, wheels: Iterable[Path]) -> str:
    """The lock file for a site that serves `wheels` beside it.

    Args:
        pyodide: The folder of Pyodide's npm package.
        wheels: Wheels on this machine; a later one replaces an earlier one of the same name.
    """
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    packages: dict[str, Any] = lock["packages"]
    origin = cdn(pyodide)
    for package in packages.values():
        package["file_name"] = origin + package["file_name"]
    for wheel in wheels:
        distribution = re.sub(r"[-_.]+", "-", wheel.name.split("-")[0]).lower()
        name, entry = _entry(wheel, packages.get(distribution))
        packages[name] = entry
    return json.dumps(lock, separators=(",", ":"), sort_keys=True)
