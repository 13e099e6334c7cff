"""The wheel, as those have it who install it: not the sources of this checkout."""

import json
import os
import zipfile

import pytest

from tools.lockfile import lock_text
from tools.site import LOCAL_WHEELS, NPM, Folder, Site
from tools.wheel import current_wheel


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    """A folder in which the wheel is unpacked, as installers do it."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(current_wheel()) as wheel:
        wheel.extractall(folder)
    return folder


@pytest.fixture
def surroundings(installed, tmp_path, monkeypatch):
    """An empty working folder, and the environment in which Python finds the installed package first."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(installed))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / ".ipython"))
    return dict(os.environ)


@pytest.fixture(scope="session")
def with_pyodide():
    """Makes the site of a page of others: its folders, and Pyodide as npm has it at a place there. No network is needed."""

    def site(place, folders, texts=None):
        wheels = sorted(LOCAL_WHEELS.glob("*.whl"))
        lock = json.loads(lock_text(NPM / "pyodide", wheels))
        here = {name: each for name, each in lock["packages"].items() if "://" not in each["file_name"]}
        return Site(
            {
                **folders,
                place: Folder(NPM / "pyodide", ("pyodide.mjs", "pyodide.asm.mjs", "*.wasm", "*.zip")),
            },
            {f"{place}{wheel.name}": wheel for wheel in wheels},
            {**(texts or {}), f"{place}pyodide-lock.json": json.dumps({**lock, "packages": here})},
        )

    return site
