"""What an index and installers read of the package, and what is in what they get."""

import os
import tomllib

from packaging.requirements import Requirement

from tools import check_wheel
from tools import wheel as wheels
from tools.site import ROOT
from tools.wheel import current_wheel

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_numpy_is_needed_outside_of_the_browser_only():
    (numpy,) = map(Requirement, PROJECT["dependencies"])
    assert numpy.name == "numpy"
    assert not numpy.marker.evaluate({"sys_platform": "emscripten"})
    assert numpy.marker.evaluate({"sys_platform": "linux"})


def test_classifiers_name_each_version_of_python_and_the_browser():
    classifiers = PROJECT["classifiers"]
    assert classifiers == sorted(classifiers)
    assert "Environment :: WebAssembly :: Emscripten" in classifiers
    for version in range(11, 15):
        assert f"Programming Language :: Python :: 3.{version}" in classifiers


def test_the_wheel_is_whole():
    wheel = str(current_wheel())
    assert check_wheel.problems([wheel, wheel]) == []
    assert not [name for name in check_wheel.names_in(wheel) if name.startswith(("tests/", "tools/"))]


def test_a_wheel_of_other_sources_is_built_anew_whatever_its_time(tmp_path, monkeypatch):
    built = []

    def build(command, _done):
        built.append(command)
        (tmp_path / "wheel").mkdir(exist_ok=True)
        (tmp_path / "wheel" / "a.whl").touch()

    source = tmp_path / "source.py"
    monkeypatch.setattr(wheels, "ROOT", tmp_path)
    monkeypatch.setattr(wheels, "DESTINATION", tmp_path / "wheel")
    monkeypatch.setattr(wheels, "_sources", lambda: [source])
    monkeypatch.setattr(wheels, "_run", build)
    for text, times in (("a = 1", 1), ("a = 1", 1), ("a = 2", 2), ("a = 1", 3)):
        source.write_text(text)
        os.utime(source, (0, 0))  # older than any wheel
        wheels.current_wheel()
        assert len(built) == times
