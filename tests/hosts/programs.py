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
