"""Each call of tfjs-vis that draws: its source, the kind of what it draws, and what is to be read in the page's card."""

MODEL = """
model = tf.sequential([tf.layers.dense(units=2, inputShape=[3], name='first'), tf.layers.dense(units=1, name='last')])
model.compile(optimizer='sgd', loss='meanSquaredError', metrics=['mae'])
x, y = tf.ones([6, 3]), tf.ones([6, 1])
"""

CALLS = {
    "render.linechart": ("tf.vis.render.linechart(place, {'values': [1, 4, 9]})", "line", "Numbers"),
    "render.scatterplot": (
        "tf.vis.render.scatterplot(place, {'values': [{'x': 1, 'y': 2}, {'x': 3, 'y': 5}]})",
        "scatter",
        "Numbers",
    ),
    "render.barchart": (
        "tf.vis.render.barchart(place, [{'index': 'a', 'value': 3}, {'index': 'b', 'value': 5}])",
        "bar",
        "Numbers",
    ),
    "render.histogram": ("tf.vis.render.histogram(place, [1.0, 1.5, 2.0, 4.0])", "bar", "2.125"),
    "render.heatmap": ("tf.vis.render.heatmap(place, {'values': [[1, 2], [3, 4]]})", "heatmap", "Numbers"),
    "render.confusionMatrix": (
        "tf.vis.render.confusionMatrix(place, {'values': [[8, 1], [2, 9]], 'tickLabels': ['cat', 'dog']})",
        "heatmap",
        "dog",
    ),
    "render.table": (
        "tf.vis.render.table(place, {'headers': ['what', 'much'], 'values': [['tea', 7]]})",
        "table",
        "tea",
    ),
    "show.history": (
        "tf.vis.show.history(place, {'loss': [3.0, 2.0], 'val_loss': [4.0, 3.0]}, ['loss', 'val_loss'])",
        "line",
        "val_loss",
    ),
    "show.fitCallbacks": (
        "await model.fit(x, y, epochs=2, callbacks=tf.vis.show.fitCallbacks(place, ['loss'], {'callbacks': ['onEpochEnd']}))",
        "line",
        "onEpochEnd",
    ),
    "show.modelSummary": ("tf.vis.show.modelSummary(place, model)", "table", "(None, 2)"),
    "show.layer": ("tf.vis.show.layer(place, model.layers[0])", "table", "first/kernel"),
    "show.valuesDistribution": (
        "tf.vis.show.valuesDistribution(place, tf.tensor1d([0, 1, 1, 4]))",
        "bar",
        "1.5",
    ),
    "show.perClassAccuracy": (
        "tf.vis.show.perClassAccuracy(place, [{'accuracy': 0.75, 'count': 4}], ['cat'])",
        "table",
        "0.7500",
    ),
}
"""By name: source with the surface `place` in it, kind of the chart, a text of the card."""
