"""What is done in every host: a fit, a tensor, a model and charts shown, a model saved and loaded."""

CELLS = {
    "begin": "import tfjs_pyo as tf\nawait tf.ready()\ntf.__file__",
    "fit": """\
model = tf.sequential()
model.add(tf.layers.dense({"units": 4, "inputShape": [3], "activation": "relu"}))
model.add(tf.layers.dense({"units": 1}))
model.compile({"optimizer": "sgd", "loss": "meanSquaredError", "metrics": ["mae"]})
x, y = tf.randomNormal([56, 3]), tf.randomNormal([56, 1])
run = await model.fit(x, y, {"epochs": 12, "batchSize": 8, "validationSplit": 0.25})""",
    "tensor": "x",
    "model": "model",
    "history": 'tf.vis.show.history("Run", run)',
    "callbacks": """\
again = await model.fit(x, y, {"epochs": 3, "batchSize": 8, "callbacks": tf.vis.show.fitCallbacks("Live", ["loss"])})""",
    "graph": 'tf.vis.show.modelGraph("Graph", model)',
    "table": 'tf.vis.show.modelSummary("Summary", model)',
    "files": """\
await model.save("file://kept")
loaded = await tf.loadLayersModel("kept/model.json")
print("the same:", loaded.predict(x).arraySync() == model.predict(x).arraySync())""",
    "backend": "tf.getBackend()",
}
"""Source by what it does; in each the last value is shown."""


def pictures(outputs):
    """The text forms of what is shown as a picture, of outputs in a notebook's form."""
    return [output.data["text/plain"] for output in outputs if "image/svg+xml" in output.get("data", {})]


def check_notebook(outputs, backend):
    """Compares what a notebook shows below its cells, by what they do, with what every notebook should."""
    assert pictures(outputs["fit"]) == ["sequential 'sequential_1': epoch 12/12, done"]
    assert "float32, shape (56, 3)" in outputs["tensor"][0].data["text/html"]
    assert "<table>" in outputs["model"][0].data["text/html"]
    assert pictures(outputs["history"]) == [
        f"<line chart 'Run: {name}': {name}, val_{name}>" for name in ("loss", "mae")
    ]
    assert pictures(outputs["callbacks"]) == [
        f"<line chart 'Live: {event}': loss>" for event in ("onBatchEnd", "onEpochEnd")
    ]
    assert pictures(outputs["graph"]) == ["<graph of 'sequential_1': 2 layers, 1 connections>"]
    assert [name for name in CELLS if len(outputs[name]) != {"history": 2, "callbacks": 2}.get(name, 1)] == []
    assert "text/html" in outputs["table"][0].data
    assert outputs["files"][0].text == "the same: True\n"
    assert outputs["backend"][0].data["text/plain"] == repr(backend)
