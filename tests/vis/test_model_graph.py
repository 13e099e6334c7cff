"""The graph of a model as a picture: its boxes, its connections, how they lie, and the file."""

import itertools
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tfjs_pyo as tf
from tfjs_pyo.vis.graph_layout import GAP_X, layout

L = tf.layers


def branching():
    a, b = tf.input(shape=[3], name="a"), tf.input(shape=[3], name="b")
    shared = L.dense(units=2, name="shared")
    inner = tf.input(shape=[2], name="inner")
    nested = tf.model(inputs=inner, outputs=L.dense(units=2, name="deep").apply(inner), name="nested")
    joined = L.concatenate(name="joined").apply([nested.apply(shared.apply(a)), shared.apply(b)])
    frozen = L.dense(units=5, name="frozen", trainable=False)
    return tf.model(
        inputs=[a, b], outputs=[frozen.apply(joined), L.flatten(name="flat").apply(joined)], name="whole"
    )


def connections(graph):
    names = [box.lines[0] for box in graph.boxes]
    return sorted((names[a], names[b]) for a, b in graph.edges)


def test_a_stack_is_a_chain():
    model = tf.sequential(
        layers=[
            L.dense(units=4, inputShape=[3], name="x"),
            L.dropout(rate=0.5, name="y"),
            L.dense(units=1, name="z"),
        ]
    )
    graph = tf.vis.show.modelGraph("Graph", model)
    assert [tuple(box.lines) for box in graph.boxes] == [
        ("x", "Dense", "(None, 4)", "16 parameters"),
        ("y", "Dropout", "(None, 4)"),
        ("z", "Dense", "(None, 1)", "5 parameters"),
    ]
    assert connections(graph) == [("x", "y"), ("y", "z")]


def test_branches_shared_layers_and_nested_models():
    graph = tf.vis.show.modelGraph(None, branching())
    assert connections(graph) == [
        ("a", "shared"),
        ("b", "shared"),
        ("joined", "flat"),
        ("joined", "frozen"),
        ("nested", "joined"),
        ("shared", "joined"),
        ("shared", "nested"),
    ]
    assert [box.lines[0] for box in graph.boxes if not box.trained] == ["frozen"]


def test_nested_models_show_their_layers_if_asked():
    graph = tf.vis.show.modelGraph(None, branching(), expandNested=True)
    found = connections(graph)
    assert ("shared", "nested/inner") in found
    assert ("nested/inner", "nested/deep") in found
    assert ("nested/deep", "joined") in found
    stack = tf.sequential(
        layers=[L.dense(units=2, inputShape=[2], name="p"), L.dense(units=2, name="q")], name="stack"
    )
    x = tf.input(shape=[2], name="x")
    outer = tf.model(inputs=x, outputs=L.dense(units=1, name="end").apply(stack.apply(x)))
    assert connections(tf.vis.show.modelGraph(None, outer, expandNested=True)) == [
        ("stack/p", "stack/q"),
        ("stack/q", "end"),
        ("x", "stack/p"),
    ]


def test_a_layer_that_is_used_again_further_down_leads_back_up():
    x = tf.input(shape=[2], name="x")
    again = L.dense(units=2, name="again")
    model = tf.model(inputs=x, outputs=again.apply(L.reLU(name="relu").apply(again.apply(x))))
    graph = tf.vis.show.modelGraph(None, model)
    assert connections(graph) == [("again", "relu"), ("relu", "again"), ("x", "again")]
    assert "<path" in graph._repr_svg_()


def test_the_picture_is_a_document_and_names_are_escaped(tmp_path):
    model = tf.sequential(layers=[L.dense(units=1, inputShape=[1], name='<b> & "c"')], name="<script>")
    graph = tf.keras.utils.plot_model(model, str(tmp_path / "m.svg"), show_shapes=True, show_layer_names=True)
    root = ET.fromstring((tmp_path / "m.svg").read_text(encoding="utf-8"))
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title").text == "<script>"
    assert [text.text for text in root.iter(f"{space}text")] == [
        '<b> & "c"',
        "Dense",
        "(None, 1)",
        "2 parameters",
    ]
    assert root.get("role") == "img"
    assert set(graph._repr_mimebundle_()) == {"image/svg+xml", "text/plain"}
    with pytest.raises(tf.errors.ArgumentError, match=r"ends with '\.svg', received 'm\.png'"):
        graph.save("m.png")


def small():
    inputs = tf.keras.Input((4,), name="in")
    return tf.keras.Model(inputs, tf.keras.layers.Dense(3, "relu", name="hidden", trainable=False)(inputs))


def test_boxes_say_what_is_asked_for():
    graph = tf.keras.utils.plot_model(
        small(), None, show_shapes=True, show_dtype=True, show_layer_activations=True, show_trainable=True
    )
    assert graph.boxes[1].lines == ["Dense", "relu", "(None, 3), float32", "15 parameters, not trained"]
    assert tf.keras.utils.plot_model(small(), None).boxes[1].lines == ["Dense", "15 parameters, not trained"]


@pytest.mark.parametrize(
    ("direction", "axis", "sign"), [("TB", 1, 1), ("BT", 1, -1), ("LR", 0, 1), ("RL", 0, -1)]
)
def test_graphs_lead_where_they_are_told(direction, axis, sign, tmp_path):
    graph = tf.keras.utils.plot_model(small(), str(tmp_path / "m.png"), rankdir=direction, dpi=100)
    placed = graph.placed()
    first, second = placed.centers
    assert (second[axis] - first[axis]) * sign > 0
    (start, *_, end) = placed.routes[0, 1]
    for box, center, point in ((graph.boxes[0], first, start), (graph.boxes[1], second, end)):
        assert abs(abs(point[axis] - center[axis]) - box.size[axis] / 2) < 1e-6
    assert all(0 <= x <= placed.width and 0 <= y <= placed.height for x, y in (start, end))
    assert (tmp_path / "m.png").read_bytes()[:4] == b"\x89PNG"
    with pytest.raises(tf.errors.OptionError, match="'direction' to be one of 'TB'"):
        tf.keras.utils.plot_model(small(), None, rankdir="up")


def test_what_has_no_graph_is_refused():
    with pytest.raises(tf.errors.ArgumentError, match="expected a model, received str"):
        tf.vis.show.modelGraph("Graph", "model")
    with pytest.raises(tf.errors.ArgumentError, match="with layers"):
        tf.vis.show.modelGraph("Graph", tf.sequential())


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.data())
def test_boxes_never_overlap_and_edges_lead_down(data):
    count = data.draw(st.integers(1, 14))
    sizes = [(data.draw(st.integers(20, 200)), data.draw(st.integers(20, 60))) for _ in range(count)]
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(
        lambda pair: pair[0] < pair[1]
    )
    edges = data.draw(st.lists(pairs, max_size=20)) if count > 1 else []
    placed = layout(sizes, edges)
    boxes = [
        (x - w / 2, y - h / 2, x + w / 2, y + h / 2)
        for (x, y), (w, h) in zip(placed.centers, sizes, strict=True)
    ]
    for (l1, t1, r1, b1), (l2, t2, r2, b2) in itertools.combinations(boxes, 2):
        assert l1 >= r2 + GAP_X / 2 or l2 >= r1 + GAP_X / 2 or t1 >= b2 or t2 >= b1
    for left, top, right, bottom in boxes:
        assert -1e-6 <= left <= right <= placed.width + 1e-6
        assert -1e-6 <= top <= bottom <= placed.height + 1e-6
    for (source, target), route in placed.routes.items():
        assert boxes[source][3] == pytest.approx(route[0][1])
        assert boxes[target][1] == pytest.approx(route[-1][1])
        assert all(before[1] <= after[1] + 1e-6 for before, after in itertools.pairwise(route))
