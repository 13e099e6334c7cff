"""The page's backend of matplotlib: what `pyplot.show()` puts among the results."""

import importlib
import sys

import pytest

from tfjs_pyo import output


@pytest.fixture
def shown(monkeypatch):
    """What is put among the results of a page."""
    found = []
    output.use(found.append)
    yield found
    output.use(None)


@pytest.fixture
def pyplot(monkeypatch):
    """matplotlib.pyplot as a program in the page imports it; nobody has it afterwards."""
    matplotlib = importlib.import_module("matplotlib")
    monkeypatch.setitem(matplotlib.rcParams, "backend", "agg")
    module = importlib.import_module("matplotlib.pyplot")
    module.switch_backend("module://tfjs_pyo.vis.figures")
    yield module
    module.close("all")
    module.switch_backend("agg")
    for name in ("matplotlib.pyplot", "tfjs_pyo.vis.figures"):
        del sys.modules[name]


def png_of(picture):
    """The bytes of a picture, which are those of a PNG file."""
    found = picture._repr_png_()
    assert found.startswith(b"\x89PNG\r\n")
    return found


def test_show_puts_each_figure_among_the_results_once(shown, pyplot):
    pyplot.plot([1, 2, 3])
    pyplot.figure()
    pyplot.imshow([[0, 1], [1, 0]])
    pyplot.show()
    first, second = map(png_of, shown)
    assert first != second
    pyplot.show()
    assert len(shown) == 2
    assert pyplot.get_fignums() == []


def test_a_figure_is_shown_as_it_was_then(shown, pyplot):
    figure, axes = pyplot.subplots()
    axes.plot([1, 2])
    figure.show()
    axes.plot([3, 1])
    figure.show()
    assert png_of(shown[0]) != png_of(shown[1])
    assert pyplot.get_fignums() == [1]


def test_where_nothing_shows_results_nothing_happens(pyplot):
    pyplot.plot([1, 2])
    pyplot.show()
    assert pyplot.get_fignums() == []
