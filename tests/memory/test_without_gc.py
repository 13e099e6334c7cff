"""Tensors go as soon as nobody has them: nothing waits for the garbage collector, on NumPy and on WebGL2."""

import asyncio
import gc
import weakref
from pathlib import Path

import pytest

import tfjs_pyo as tf
from tests.memory import dropped, ways


@pytest.mark.parametrize("cold", [False, True])
def test_nothing_waits_for_the_garbage_collector(cold):
    assert asyncio.run(ways.growth(cold)) == {}


@pytest.mark.parametrize("cold", [False, True])
def test_nothing_waits_for_it_in_the_page(pyo, cold):
    source = Path(ways.__file__).read_text(encoding="utf-8")
    assert pyo.run(f"{source}\nawait growth({cold})") == {}


@pytest.mark.slow
def test_models_that_are_dropped_leave_nothing():
    assert asyncio.run(dropped.left_behind()) == {}


def test_models_that_are_dropped_leave_nothing_in_the_page(pyo, numpy_in_page):
    source = Path(dropped.__file__).read_text(encoding="utf-8")
    assert pyo.run(f"{source}\nawait left_behind()") == {}


def test_a_layer_knows_what_it_gave_whatever_became_of_the_symbolic_tensor():
    layer = tf.layers.dense(units=2)
    layer.apply(tf.input(shape=[3]))
    assert layer.output.shape == (None, 2)
    assert layer.input.shape == (None, 3)
    assert layer.output.id == layer.output.id
    model = tf.model(inputs=layer.input, outputs=layer.output)
    assert model.predict(tf.ones([1, 3])).shape == (1, 2)


def test_an_input_layer_has_one_place():
    layer = tf.layers.input_layer(input_shape=[3], name="only_input")
    assert layer.input is layer.output
    assert layer.output.name == "only_input"
    assert layer.output_shape == layer.outputShape == (None, 3)
    assert layer.get_output_at(0).id == layer.get_input_at(0).id == layer.output.id
    with pytest.raises(tf.errors.NameNotFoundError):
        layer.get_output_at(1)


PROGRAM = """
import asyncio
import gc
import weakref
import tfjs_pyo as tf
from tfjs_pyo import keras

class L(keras.layers.Layer):
    def build(self, shape): self.w = self.add_weight(shape=(shape[-1], 1))
    def call(self, inputs, training=False): return keras.ops.matmul(inputs, self.w)

class M(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner = L()
    def call(self, inputs): return self.inner(inputs)

class Loss(keras.losses.Loss):
    def call(self, y_true, y_pred): return keras.ops.square(y_true - y_pred)

class Metric(keras.metrics.Mean):
    def update_state(self, y_true, y_pred, sample_weight=None): super().update_state(y_pred)

class Callback(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None): self.seen = epoch

class Start(keras.initializers.Initializer):
    def __call__(self, shape, dtype=None): return keras.ops.ones(shape)

class Own(tf.layers.Layer):
    def build(self, inputShape): self.w = self.addWeight('w', [], 'float32', tf.initializers.ones())
    def call(self, inputs): return inputs * self.w.read()

model = M()
model.compile(optimizer='sgd', loss=Loss(), metrics=[Metric()])
model.fit(tf.ones([4, 2]), tf.ones([4, 1]), epochs=1, verbose=0, callbacks=[Callback()])
held = [Own().apply(tf.ones([1, 2])), keras.layers.Dense(2, kernel_initializer=Start())(tf.ones([1, 2]))]
"""


def test_classes_of_a_program_go_with_its_namespace():
    """No cache holds them; through the namespace of their methods they would hold all that the program has made."""
    namespace = {"__name__": "program"}
    exec(PROGRAM, namespace)
    classes = [
        weakref.ref(namespace[name]) for name in ("L", "M", "Loss", "Metric", "Callback", "Start", "Own")
    ]
    del namespace
    gc.collect()
    assert [reference() for reference in classes if reference() is not None] == []
