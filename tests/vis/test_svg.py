"""Charts as SVG: whole documents, whatever the numbers and names are, that say what the chart says."""

import ast
import asyncio
import math
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import tfjs_pyo as tf
from tests.vis_calls import CALLS, MODEL
from tfjs_pyo import output
from tfjs_pyo.vis import svg
from tfjs_pyo.vis.chart import Chart
from tfjs_pyo.vis.parts import Series, Surface

SPACE = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def shown():
    """What was shown meanwhile."""
    charts: list = []
    output.use(charts.append)
    yield charts
    output.use(None)


def document(chart):
    """The chart's SVG, parsed; none of its numbers is without end."""
    text = svg.svg_of(chart)
    places = re.findall(r'(?:d|x|y|width|height|viewBox|points)="([^"]*)"', text)
    assert not any(re.search(r"nan|inf", place) for place in places)
    return ET.fromstring(text)


def texts(root):
    return [element.text for element in root.iter(f"{SPACE}text")]


@pytest.mark.parametrize("name", CALLS)
def test_every_call_gives_a_picture_that_says_what_it_shows(shown, tmp_path, name):
    source, kind, said = CALLS[name]
    code = MODEL + f"place = {{'name': {name!r}}}\n{source}\n"
    made = eval(compile(code, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), {"tf": tf})
    if made is not None:
        asyncio.run(made)
    chart = shown[-1]
    bundle = chart._repr_mimebundle_()
    assert ("text/html" if kind == "table" else "image/svg+xml") in bundle
    words = " ".join([*texts(document(chart)), repr(chart)])
    assert name in words
    assert said in words or said == "Numbers"
    chart.save(tmp_path / "chart.svg")
    assert (tmp_path / "chart.svg").read_text(encoding="utf-8") == svg.svg_of(chart)


def line(values, **options):
    return Chart("line", None, [Series("loss", list(range(len(values))), values)], options=options)


def curve(chart):
    """The places of the points of a chart's one curve."""
    (path,) = (
        each
        for each in document(chart).iter(f"{SPACE}path")
        if each.get("fill") == "none" and each.get("stroke")
    )
    return [tuple(map(float, pair)) for pair in re.findall(r"([-\d.]+) ([-\d.]+)", path.get("d"))]


def test_a_curve_lies_where_its_numbers_are():
    points = curve(line([0.0, 10.0, 5.0], y_axis_domain=[0, 10], x_axis_domain=[0, 2]))
    (x0, bottom), (x1, top), (x2, middle) = points
    assert middle == pytest.approx((bottom + top) / 2, abs=0.1)
    assert x1 == pytest.approx((x0 + x2) / 2, abs=0.1)
    assert bottom > top


@pytest.mark.parametrize("gap", [None, math.nan, math.inf])
def test_a_curve_is_interrupted_where_there_is_no_number(gap):
    (path,) = (
        each
        for each in document(line([1.0, 2.0, gap, 3.0, 4.0])).iter(f"{SPACE}path")
        if each.get("fill") == "none" and each.get("stroke")
    )
    assert path.get("d").count("M") == 2


NUMBERS = st.one_of(st.none(), st.floats(), st.floats(-1, 1), st.integers(-3, 3).map(float))
NAMES = st.text(max_size=12)
SIZES = st.one_of(st.none(), st.floats(), st.integers(-5, 900), st.text(max_size=3))


@given(
    st.sampled_from(["line", "scatter", "bar"]),
    st.lists(
        st.tuples(
            NAMES,
            st.lists(
                st.tuples(st.one_of(NUMBERS.filter(lambda x: x is not None), NAMES), NUMBERS), max_size=8
            ),
        ),
        max_size=4,
    ),
    NAMES,
    st.fixed_dictionaries(
        {},
        optional={
            "width": SIZES,
            "height": SIZES,
            "font_size": SIZES,
            "x_label": NAMES,
            "series_colors": st.lists(NAMES, max_size=2),
        },
    ),
)
@example("bar", [("", [(2.225073858507e-311, 0.0)])], "", {})
@example("line", [("", [(0.0, 5e-324), (5e-324, 0.0)])], "", {})
def test_drawn_charts_are_whole_documents(kind, drawn, title, options):
    series = [Series(name, [x for x, _ in points], [y for _, y in points]) for name, points in drawn]
    chart = Chart(kind, Surface(title), series, options=options)
    document(chart)


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_ticks_lie_between_the_ends(low, high):
    low, high = min(low, high), max(low, high)
    found = svg.ticks(low, high)
    assert 1 <= len(found) <= 14
    room = 1e-6 * max(abs(low), abs(high))
    assert all(low - room <= tick <= high + room for tick in found)


def test_names_are_text_and_nothing_else():
    bad = "</svg><script>alert(1)</script>"
    chart = Chart(
        "bar",
        Surface(bad),
        [Series(bad, [bad], [1.0])],
        options={"x_label": bad, "series_colors": [f'"/>{bad}']},
    )
    assert not list(document(chart).iter("script")) + list(document(chart).iter(f"{SPACE}script"))
    shown = tf.vis.render.table(bad, {"headers": [bad], "values": [[bad]]})._repr_mimebundle_()["text/html"]
    assert "<script" not in shown


def test_a_curve_of_many_points_is_drawn_with_few():
    values = [math.sin(i / 1000) for i in range(50_000)]
    assert len(svg.svg_of(line(values))) < 40_000
