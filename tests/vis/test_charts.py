"""tf.vis as data: metrics against NumPy, charts say the numbers that they are given, surfaces in every form."""

import ast
import asyncio
import functools
import importlib
import json
import sys

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.vis_calls import CALLS, MODEL
from tfjs_pyo import output
from tfjs_pyo.errors import ArgumentError, ShapeError
from tfjs_pyo.models.training import watching
from tfjs_pyo.vis.chart import MIME_TYPE

LABELS = np.random.default_rng(3).integers(0, 4, 60)
PREDICTIONS = np.where(np.arange(60) % 3 == 0, (LABELS + 1) % 4, LABELS)


def in_a_loop(test):
    """Runs a test that awaits."""

    @functools.wraps(test)
    def run(*args, **kwargs):
        asyncio.run(test(*args, **kwargs))

    return run


@pytest.fixture
def shown():
    """What was shown meanwhile."""
    charts: list = []
    output.use(charts.append)
    yield charts
    output.use(None)


def spec(chart):
    return json.loads(chart._repr_mimebundle_()[MIME_TYPE])


@in_a_loop
async def test_metrics_are_those_of_numpy():
    labels, said = tf.tensor1d(LABELS, "int32"), tf.tensor1d(PREDICTIONS, "int32")
    assert await tf.vis.metrics.accuracy(labels, said) == pytest.approx(np.mean(LABELS == PREDICTIONS))
    matrix = np.zeros((4, 4), int)
    np.add.at(matrix, (LABELS, PREDICTIONS), 1)
    assert await tf.vis.metrics.confusionMatrix(labels, said) == matrix.tolist()
    classes = await tf.vis.metrics.perClassAccuracy(labels, said, 4)
    assert [each["count"] for each in classes] == np.bincount(LABELS).tolist()
    assert [each["accuracy"] for each in classes] == pytest.approx(np.diag(matrix) / matrix.sum(1))


@in_a_loop
async def test_metrics_refuse_what_is_no_class_number():
    with pytest.raises(ShapeError, match="argMax"):
        await tf.vis.metrics.accuracy([[0.1, 0.9]], [1])
    with pytest.raises(ShapeError, match="2 and 1"):
        await tf.vis.metrics.accuracy([0, 1], [1])


@pytest.mark.parametrize(
    "place",
    ["Loss", {"name": "Loss"}, tf.vis.visor().surface({"name": "Loss"})],
    ids=["name", "dict", "surface"],
)
def test_a_line_chart_says_its_numbers_and_its_place(shown, place):
    data = {"values": [[{"x": 0, "y": 3}, {"x": 1, "y": 2}], [{"x": 0, "y": 5}, {"x": 1, "y": 4}]]}
    tf.vis.render.linechart(place, {**data, "series": ["a", "b"]}, {"xLabel": "step"})
    said = spec(shown[0])
    assert said["key"] == "Visor/Loss"
    assert [(s["name"], s["y"]) for s in said["series"]] == [("a", [3, 2]), ("b", [5, 4])]
    assert said["options"]["x_label"] == "step"


def test_what_is_no_surface_is_refused():
    with pytest.raises(ArgumentError, match="surface to draw on"):
        tf.vis.render.linechart({"tab": "x"}, {"values": [1, 2]})


def test_history_puts_validation_beside_training(shown):
    tf.vis.show.history(
        "Run", {"loss": [3, 2], "val_loss": [4, 3], "acc": [0.5, 0.75]}, ["loss", "val_loss", "acc"]
    )
    assert [[s["name"] for s in spec(chart)["series"]] for chart in shown] == [["loss", "val_loss"], ["acc"]]


def model_of_one_unit(**options):
    model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]})]})
    model.compile({"optimizer": tf.train.sgd(0.01), "loss": "meanSquaredError", **options})
    return model


@in_a_loop
async def test_fit_callbacks_draw_the_losses_of_the_history(shown):
    curves = tf.vis.show.fitCallbacks("Training", ["loss"], {"callbacks": ["onEpochEnd"]})
    run = await model_of_one_unit().fit([[1.0], [2.0]], [[2.0], [4.0]], {"epochs": 5, "callbacks": curves})
    assert spec(shown[-1])["series"][0]["y"] == pytest.approx(run.history["loss"])
    assert {spec(chart)["key"] for chart in shown} == {"Visor/Training: onEpochEnd"}


@pytest.fixture
def told(monkeypatch):
    """Each piece of news as it is told: later ones are written into the same object."""
    pieces: list = []
    output.use(lambda item: pieces.append(json.loads(item._repr_mimebundle_()[tf.vis.live.MIME_TYPE])))
    tf.vis.live.watch(lambda: True)
    monkeypatch.setattr(tf.vis.live, "NEWS_SECONDS", 0)
    yield pieces
    output.use(None)
    watching.use(None)


@in_a_loop
async def test_a_watched_run_tells_all_numbers_of_its_history(told):
    run = await model_of_one_unit().fit([[1.0], [2.0]], [[2.0], [4.0]], {"epochs": 9})
    rows = [row for piece in told for row in piece["rows"]]
    assert [row["epoch"] for row in rows] == list(range(9))
    assert [row["logs"]["loss"] for row in rows] == pytest.approx(run.history["loss"])
    assert told[-1]["state"] == "done"
    assert told[-1]["rate"] == pytest.approx(0.01)


@in_a_loop
async def test_a_watched_run_tells_loss_and_metrics_of_its_batches(told):
    model = model_of_one_unit(metrics=["mae"])
    seen: list = []
    x = tf.range(0, 20).reshape([20, 1])
    note = {"onBatchEnd": lambda _, logs: seen.append({name: logs[name] for name in ("loss", "mae")})}
    await model.fit(x, x, {"epochs": 3, "batchSize": 8, "callbacks": note})
    batches = [batch for piece in told for batch in piece["batches"]]
    assert [batch["at"] for batch in batches] == pytest.approx([i / 3 for i in range(1, 10)])
    for batch, logs in zip(batches, seen, strict=True):
        assert batch["logs"] == pytest.approx(logs, rel=1e-4)


@in_a_loop
async def test_epochs_of_unknown_length_are_told_when_it_is_known(told):
    def batches():
        for i in range(20):
            yield tf.ones([4, 1]) * i, tf.ones([4, 1])

    model = model_of_one_unit(optimizer=tf.train.sgd(1e-4))
    run = await model.fit_dataset(batches, {"epochs": 2})
    found = [batch for piece in told for batch in piece["batches"]]
    assert [batch["at"] for batch in found] == pytest.approx([0.8, 1, 1.8, 2])
    means = np.array([batch["logs"]["loss"] for batch in found]).reshape(2, 2) @ np.array([16, 4]) / 20
    assert means == pytest.approx(run.history["loss"], rel=1e-4)
    assert any(piece["step"] == 16 and piece["perSecond"] > 0 for piece in told)


@in_a_loop
async def test_a_watched_run_tells_the_rate_of_a_schedule(told):
    schedule = tf.keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=1, decay_rate=0.5)
    await model_of_one_unit(optimizer=tf.train.sgd(schedule)).fit(
        [[1.0], [2.0]], [[2.0], [4.0]], {"epochs": 3}
    )
    assert told[0]["rate"] == pytest.approx(0.1)
    assert told[-1]["rate"] == pytest.approx(0.1 * 0.5**3)


@in_a_loop
async def test_watching_changes_no_number():
    losses = []
    for look in (False, True):
        watching.use((lambda run: tf.vis.live.Live(run)) if look else None)
        model = model_of_one_unit()
        model.set_weights([tf.tensor2d([[0.5]]), tf.tensor1d([0.0])])
        run = await model.fit([[1.0], [2.0]], [[2.0], [4.0]], {"epochs": 20, "shuffle": False})
        losses.append(run.history["loss"])
    watching.use(None)
    assert losses[0] == losses[1]


@pytest.mark.parametrize("listens", [False, True], ids=["alone", "with a callback of batches"])
@in_a_loop
async def test_stop_keeps_the_history_and_pause_holds_the_run(told, listens):
    model = model_of_one_unit()
    x = tf.ones([64, 1])
    options = {"epochs": 1_000_000, "batchSize": 8}
    if listens:
        options["callbacks"] = {"onBatchEnd": lambda *_: None}
    fit = asyncio.ensure_future(model.fit(x, x, options))

    async def until(holds):
        """How many turns of the event loop it takes."""
        turns = 0
        while not holds():
            assert not fit.done()
            await asyncio.sleep(0)
            turns += 1
        return turns

    await until(lambda: any(piece["rows"] for piece in told))
    number = told[0]["run"]
    tf.vis.live.steer(number, "pause")
    await until(lambda: told[-1]["state"] == "paused")
    count = len(told)
    tf.vis.live.steer(number, "resume")
    turns = await until(lambda: len(told) > count + 3)
    tf.vis.live.steer(number, "pause")
    await until(lambda: told[-1]["state"] == "paused")
    counts = []
    for _ in range(2):  # the batch that is under way is told yet
        for _ in range(10 * turns):
            await asyncio.sleep(0)
        counts.append(len(told))
    assert counts[0] == counts[1]
    tf.vis.live.steer(number, "resume")
    await until(lambda: len(told) > count + 3)
    tf.vis.live.steer(number, "stop")
    run = await asyncio.wait_for(fit, 10)
    assert told[-1]["state"] == "stopped"
    assert len(run.history["loss"]) == sum(len(piece["rows"]) for piece in told)
    assert all(np.isfinite(run.history["loss"]))


@pytest.fixture
def pyplot():
    """matplotlib.pyplot as a program has it that draws; nobody has it afterwards."""
    importlib.import_module("matplotlib").use("Agg")
    module = importlib.import_module("matplotlib.pyplot")
    yield module
    module.close("all")
    del sys.modules["matplotlib.pyplot"]


@pytest.mark.parametrize("name", CALLS)
def test_every_call_draws_a_figure_of_pyplot(pyplot, name):
    source, kind, _ = CALLS[name]
    code = MODEL + f"place = {{'name': {name!r}}}\nfor _ in range(2):\n    {source}\n"
    made = eval(compile(code, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), {"tf": tf})
    if made is not None:
        asyncio.run(made)
    assert len(pyplot.get_fignums()) == 1, "what is drawn again takes the place of what is there"
    (axes, *_) = pyplot.gcf().axes
    assert name in axes.get_title()
    there = {
        "line": axes.lines,
        "scatter": axes.lines,
        "bar": axes.patches,
        "heatmap": axes.images,
        "table": axes.tables,
    }
    assert there[kind]


def test_matplotlib_draws_the_same_numbers():
    chart = tf.vis.render.linechart("Loss", {"values": [3, 2, 1.5]})
    (line,) = chart.figure().axes[0].lines
    assert list(line.get_ydata()) == [3, 2, 1.5]
