"""Examples of methods of Keras's layers and models whose files are full."""

from __future__ import annotations

from tfjs_pyo.doc_examples import Examples

_KERAS = "from tfjs_pyo import keras"
_MODEL = (
    'model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")])',
    'model.compile("sgd", loss="mse", metrics=["mae"])',
)
_BATCH = "x, y = keras.ops.array([[1.0, 2.0]]), keras.ops.array([[1.0]])"
LAYERS = Examples(
    _KERAS,
    {
        "add_variable": (
            "layer = keras.layers.Layer()",
            'layer.add_variable(shape=(2,), initializer="zeros", trainable=False).numpy().tolist()',
            "[0.0, 0.0]",
        ),
        "add_metric": (
            """class Watched(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.level = keras.metrics.Mean(name="level")
    def call(self, inputs):
        self.level.update_state(inputs)
        return inputs""",
            "layer = Watched()",
            "_ = layer(keras.ops.array([1.0, 3.0]))",
            "layer.level.result().item()",
            "2.0",
        ),
        "reset_state": (
            "layer = keras.layers.LSTM(2, stateful=True)",
            "_ = layer(keras.ops.ones((1, 3, 2)))",
            "layer.reset_state()",
            "layer.states[0].tolist()",
            "[[0.0, 0.0]]",
        ),
        "compute_output_spec": (
            "keras.layers.Dense(3).compute_output_spec(keras.Input((2,))).shape",
            "(None, 3)",
        ),
        "symbolic_call": ("keras.layers.Flatten().symbolic_call(keras.Input((2, 3))).shape", "(None, 6)"),
    },
)
STEPS = Examples(
    _KERAS,
    {
        "train_step": (
            "from tfjs_pyo import tensorflow as tf",
            """class Fitted(keras.Sequential):
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = keras.ops.mean(keras.ops.abs(y - self(x, training=True)))
        self.optimizer.apply(tape.gradient(loss, self.trainable_weights), self.trainable_weights)
        return {"mae": loss}""",
            'model = Fitted([keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="ones")])',
            'model.compile("sgd")',
            "model.fit([[1.0]], [[3.0]], verbose=0).history",
            "{'mae': [2.0]}",
        ),
        "test_step": (
            *_MODEL,
            _BATCH,
            "numbers = model.test_step((x, y))",
            '[numbers["loss"].item(), numbers["mae"].item()]',
            "[4.0, 2.0]",
        ),
        "predict_step": (
            """class Rounded(keras.Sequential):
    def predict_step(self, data):
        return keras.ops.round(super().predict_step(data))""",
            "model = Rounded([keras.Input((1,)), keras.layers.Identity()])",
            "model.predict([[1.2], [1.8]], verbose=0).tolist()",
            "[[1.0], [2.0]]",
        ),
        "compute_loss": (
            """class Twice(keras.Sequential):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return 2 * super().compute_loss(x, y, y_pred, sample_weight, training)""",
            "model = Twice([keras.Input((1,)), keras.layers.Identity()])",
            'model.compile("sgd", loss="mse")',
            "model.evaluate([[1.0]], [[3.0]], verbose=0)",
            "8.0",
        ),
        "compiled_loss": (*_MODEL, _BATCH, "model.compiled_loss(y, model(x)).item()", "4.0"),
        "compute_metrics": (
            *_MODEL,
            _BATCH,
            'model.compute_metrics(x, y, model(x))["mae"].item()',
            "2.0",
        ),
        "get_metrics_result": (
            *_MODEL,
            _BATCH,
            "_ = model.test_step((x, y))",
            'model.get_metrics_result()["mae"].item()',
            "2.0",
        ),
        "stateless_compute_loss": (
            *_MODEL,
            _BATCH,
            "metrics = [variable.numpy() for variable in model.metrics_variables]",
            "loss, variables = model.stateless_compute_loss([[[2], [2]], [0]], [], metrics, x, y, keras.ops.array([[6.0]]))",
            "loss.item()",
            "25.0",
        ),
        "reset_metrics": (
            *_MODEL,
            _BATCH,
            "_ = model.test_step((x, y))",
            "model.reset_metrics()",
            'model.get_metrics_result()["mae"].item()',
            "0.0",
        ),
        "make_train_function": (
            *_MODEL,
            _BATCH,
            "step = model.make_train_function()",
            'step(iter([(x, y)]))["loss"].item()',
            "4.0",
        ),
        "make_test_function": (
            *_MODEL,
            _BATCH,
            "step = model.make_test_function()",
            'step(iter([(x, y)]))["mae"].item()',
            "2.0",
        ),
        "make_predict_function": (
            *_MODEL,
            _BATCH,
            "step = model.make_predict_function()",
            "step(iter([(x,)])).tolist()",
            "[[3.0]]",
        ),
    },
)
TRAINING = Examples(
    _KERAS,
    {
        "get_compile_config": (
            *_MODEL,
            "config = model.get_compile_config()",
            'config["optimizer"]["class_name"], config["loss"], config["metrics"]',
            "('SGD', 'mse', ['mae'])",
        ),
        "compile_from_config": (
            *_MODEL,
            "other = keras.models.clone_model(model)",
            "other.compile_from_config(model.get_compile_config())",
            "other.evaluate([[1.0, 2.0]], [[1.0]], verbose=0)",
            "[4.0, 2.0]",
        ),
        "predict": (*_MODEL, "model.predict([[1, 2]], verbose=0).tolist()", "[[3.0]]"),
    },
)
ERRORS = {
    "add_metric": "NotImplementedError: always.",
    "compute_loss": "ArgumentError: targets or outputs are missing.\nShapeError: the outputs have no batch axis.",
    "predict": "ArgumentError: there are no batches.\nShapeError: x does not fit the model.",
}
"""Lines of sections "Raises", by names of methods."""

__all__ = ["ERRORS", "LAYERS", "STEPS", "TRAINING"]
