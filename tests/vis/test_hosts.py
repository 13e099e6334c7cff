"""Notebooks and pages of others: where drawings go, that one takes the place of the other, that none is shown twice."""

import asyncio
import sys
from types import SimpleNamespace

import pytest

import tfjs_pyo as tf
from tfjs_pyo import hosts, output
from tfjs_pyo.models.training import watching
from tfjs_pyo.vis import fit_card


class Publisher:
    """IPython as far as it is asked here: a kernel, and what was published."""

    def __init__(self):
        self.kernel = object()
        self.execution_count = 1
        self.cells = {}

    def get_ipython(self):
        return self

    def publish_display_data(self, data, _metadata, *, transient, update):
        assert not [kind for kind in data if kind.startswith("application/vnd.tfjs-pyo")]
        key = transient["display_id"]
        assert update == any(key in cell for cell in self.cells.values())
        if update:
            (cell,) = (cell for cell in self.cells.values() if key in cell)
        else:
            cell = self.cells.setdefault(self.execution_count, {})
        cell[key] = data

    def texts(self, cell):
        return [data["text/plain"] for data in self.cells.get(cell, {}).values()]


@pytest.fixture
def jupyter(monkeypatch):
    """A kernel of Jupyter."""
    machine = Publisher()
    monkeypatch.setitem(sys.modules, "IPython", machine)
    monkeypatch.setitem(sys.modules, "IPython.display", machine)
    monkeypatch.setattr(watching, "_makers", [fit_card.watcher])
    return machine


def model():
    made = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1], "name": "only"})]})
    made.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
    return made


def test_what_is_drawn_on_a_surface_again_takes_its_place_within_a_cell(jupyter):
    for values in ([1, 2], [1, 2, 3]):
        tf.vis.render.linechart("Loss", {"values": values, "series": [f"of {len(values)}"]})
    assert jupyter.texts(1) == ["<line chart 'Loss': of 3>"]
    jupyter.execution_count = 2
    tf.vis.render.linechart("Loss", {"values": [4], "series": ["anew"]})
    assert jupyter.texts(1) == ["<line chart 'Loss': of 3>"]
    assert jupyter.texts(2) == ["<line chart 'Loss': anew>"]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: tf.vis.render.linechart("Loss", [1, 2]),
        lambda: tf.vis.render.linechart(None, [1, 2]),
        lambda: tf.vis.show.history("Run", {"loss": [1.0, 2.0], "acc": [0.5, 0.75]}),
        lambda: tf.vis.show.modelGraph("Graph", model()),
        lambda: tf.vis.show.weights("Weights", model().layers[0]),
    ],
    ids=["chart", "of no surface", "history", "modelGraph", "weights"],
)
def test_a_last_value_is_shown_once_and_in_a_later_cell_again(jupyter, draw):
    drawn = draw()
    count = len(jupyter.texts(1))
    drawn._ipython_display_()
    assert len(jupyter.texts(1)) == count
    jupyter.execution_count = 2
    drawn._ipython_display_()
    assert jupyter.texts(2) == jupyter.texts(1)


def test_fit_callbacks_have_one_picture_for_each_event(jupyter):
    curves = tf.vis.show.fitCallbacks("Training", ["loss"])
    asyncio.run(model().fit([[1.0], [2.0]], [[2.0], [4.0]], {"epochs": 3, "callbacks": curves}))
    assert jupyter.texts(1) == [
        f"<line chart 'Training: {event}': loss>" for event in ("onBatchEnd", "onEpochEnd")
    ]


def test_a_fit_has_a_card_that_is_drawn_in_place(jupyter):
    made = model()
    run = asyncio.run(made.fit([[1.0], [2.0]], [[2.0], [4.0]], {"epochs": 5, "validationSplit": 0.5}))
    ((bundle),) = jupyter.cells[1].values()
    assert bundle["text/plain"] == f"{made.display_name}: epoch 5/5, done"
    assert {"loss", "val_loss"} <= set(run.history)
    assert all(f">{name}<" in bundle["image/svg+xml"] for name in ("loss", "val_loss"))
    asyncio.run(made.fit([[1.0]], [[2.0]], {"epochs": 2}))
    assert jupyter.texts(1) == [f"{made.display_name}: epoch 2/2, done"]


@pytest.mark.parametrize(("verbose", "cards"), [(0, 0), (1, 1), (2, 0), ("auto", 1)])
def test_keras_says_whether_there_is_a_card(jupyter, capsys, verbose, cards):
    made = tf.keras.Sequential([tf.keras.layers.Dense(1)])
    made.compile("sgd", "mse")
    made.fit([[1.0]], [[2.0]], epochs=2, verbose=verbose)
    assert len(jupyter.texts(1)) == cards


def test_a_fit_goes_on_where_its_card_was_not_drawn(jupyter, monkeypatch):
    """Which runs draw cards changes no number of theirs."""
    losses = []
    for there in (True, False):
        monkeypatch.setattr(hosts, "host", hosts.host if there else lambda: None)
        made = model()
        made.set_weights([tf.tensor2d([[0.5]]), tf.tensor1d([0.0])])
        run = asyncio.run(made.fit([[1.0], [2.0]], [[2.0], [4.0]], {"epochs": 4, "shuffle": False}))
        losses.append(run.history["loss"])
    assert losses[0] == losses[1]


class Element:
    """An element of a document, as far as it is asked here."""

    def __init__(self):
        self.innerHTML, self.title, self.children, self.ownerDocument = "", "", [], self

    def createElement(self, kind):  # noqa: N802
        assert kind == "div"
        return Element()

    def append(self, child):
        self.children.append(child)


def test_an_element_shows_what_is_drawn_on_it():
    place = Element()
    tf.vis.render.linechart(place, {"values": [1, 2], "series": ["first"]})
    tf.vis.render.linechart(place, {"values": [1, 2], "series": ["second"]})
    assert ">second<" in place.innerHTML
    assert ">first<" not in place.innerHTML


def test_an_element_has_a_child_for_each_of_several_charts():
    place = Element()
    for _ in range(2):
        tf.vis.show.history(place, {"loss": [1.0, 2.0], "acc": [0.5, 0.75]})
    assert [child.title for child in place.children] == ["loss", "acc"]
    assert all(f">{child.title}<" in child.innerHTML for child in place.children)


def test_pyscript_shows_drawings_in_place(monkeypatch):
    page = {"out": ""}

    def display(html, target, append=True):
        page[target] = page.get(target, "") + html if append else html

    machine = SimpleNamespace(
        display=display,
        HTML=lambda html: html,
        context=SimpleNamespace(current_target=lambda: "out"),
        document=SimpleNamespace(getElementById=page.get),
    )
    page["out"] = "there"
    host = hosts.PyScript(machine)
    monkeypatch.setattr(hosts, "host", lambda: host)
    for values in ([1], [1, 2]):
        tf.vis.render.linechart("Loss", {"values": values, "series": [f"of {len(values)}"]})
    tf.vis.render.table("Cells", {"headers": ["a"], "values": [[7]]})
    first, second = (page[name] for name in page if name.startswith("tfjs-pyo-"))
    assert page["out"].count("<div") == 2
    assert ">of 2<" in first
    assert ">of 1<" not in first
    assert "<td>7</td>" in second


def test_a_function_of_ones_own_is_handed_what_is_shown():
    shown = []
    tf.vis.useDisplay(shown.append)
    chart = tf.vis.render.linechart("Loss", [1, 2])
    tf.vis.useDisplay(None)
    assert shown == [chart]


def test_a_host_without_any_display_says_so_once(monkeypatch, capsys):
    monkeypatch.setattr(output, "_said", [])
    for _ in range(3):
        tf.vis.render.linechart("Loss", [1, 2])
    assert capsys.readouterr().err.count("no place for charts") == 1
