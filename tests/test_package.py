"""What an index and installers read of the package, and what is in what they get."""

import tomllib

from packaging.requirements import Requirement

from tools import check_wheel
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
