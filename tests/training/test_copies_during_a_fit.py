"""Copies and pickles that are made while a fit goes on in another thread: all that is in them is of one moment."""

import asyncio
import copy
import pickle
import sys
import threading

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo import keras
from tfjs_pyo.core import engine, trace

ONES = np.ones((8, 1), np.float32)
FAR = -1e6
"""What the weights go to: so far that each step changes each of them by the same."""


def pickled(value):
    return pickle.loads(pickle.dumps(value))


WAYS = {
    "deepcopy": copy.deepcopy,
    "pickle": pickled,
    "old pickle": lambda x: pickle.loads(pickle.dumps(x, 2)),
}


def functional(optimizer):
    x = tf.input({"shape": [1]})
    options = {"units": 1, "useBias": False, "kernelInitializer": "zeros"}
    ends = [tf.layers.dense({**options, "name": f"w{place}"}).apply(x) for place in range(12)]
    model = tf.model({"inputs": x, "outputs": tf.layers.concatenate().apply(ends)})
    model.compile(optimizer, "meanAbsoluteError")
    return model


def nested(optimizer):
    inner = functional("sgd")
    model = tf.sequential([tf.layers.activation("linear", inputShape=[1]), inner])
    model.compile(optimizer, "meanAbsoluteError")
    return model


class Own(keras.Model):
    """Holds its layers in a list."""

    def __init__(self):
        super().__init__()
        self.parts = [keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros") for _ in range(12)]

    def call(self, inputs):
        return keras.ops.concatenate([part(inputs) for part in self.parts], -1)


def own(optimizer):
    model = Own()
    model.build((None, 1))
    model.compile(optimizer, "mean_absolute_error")
    return model


def during_a_fit(model, take):
    """Returns what `take` gives, again and again while the model is fitted."""
    target, ended = np.full((8, 12), FAR, np.float32), threading.Event()

    def train():
        try:
            fitted = model.fit(ONES, target, epochs=60, batch_size=4, verbose=0)
            if asyncio.iscoroutine(fitted):
                asyncio.run(fitted)
        finally:
            ended.set()

    thread = threading.Thread(target=train)
    thread.start()
    taken = [take()]
    while not ended.is_set():
        taken.append(take())
    thread.join()
    return taken


def values_of(model):
    return {float(weight) for weight in model.weights}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("make", "optimizer"),
    [
        (functional, lambda: tf.train.adam(1.0)),
        (functional, lambda: tf.train.momentum(1.0, 0.5)),
        (nested, lambda: tf.train.sgd(1.0)),
        (own, lambda: keras.optimizers.Adam(1.0)),
        (own, lambda: keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(1.0))),
    ],
    ids=["adam", "momentum", "nested", "Keras's Adam", "a wrapped optimizer"],
)
def test_all_weights_of_a_copy_and_its_optimizer_have_made_as_many_steps(make, optimizer, way):
    model = make(optimizer())
    copies = during_a_fit(model, lambda: WAYS[way](model))
    for made in copies:
        assert len(values_of(made)) == 1
        for slots in made.optimizer._by_slot().values():
            assert len({float(slot) for slot in slots}) == 1
    assert {int(made.optimizer.iterations) for made in copies} <= set(range(121))
    steps = {int(made.optimizer.iterations): values_of(made) for made in copies}
    assert len({min(values) for values in steps.values()}) == len(steps)  # one value for each number of steps
    assert int(model.optimizer.iterations) == 120


def test_a_copy_at_the_end_of_a_loop_counts_all_of_its_steps(monkeypatch):
    model, copies = functional(tf.train.adam(1.0)), []

    def take():
        if engine.exclusive.acquire(blocking=False):
            with engine.exclusive:
                copies.append(pickled(model))
            engine.exclusive.release()

    class Running(list):
        def remove(self, value):
            super().remove(value)
            other = threading.Thread(target=take)
            other.start()
            other.join()

    monkeypatch.setattr(trace, "_running", Running())
    asyncio.run(model.fit(ONES, np.full((8, 12), FAR, np.float32), {"epochs": 2, "batchSize": 4}))
    copies.append(pickled(model))
    for made in copies:
        assert (int(made.optimizer.iterations), round(min(values_of(made)))) == (4, -4)


def test_a_shallow_copy_leaves_the_model_as_it_is():
    model = functional("sgd")
    asyncio.run(model.fit(ONES, np.zeros((8, 12), np.float32), {"epochs": 1}))
    before = values_of(model)
    copy.copy(model)
    assert values_of(model) == before


def test_weights_of_a_copy_are_not_held_by_the_fit_that_goes_on():
    model = functional("sgd")
    copies = during_a_fit(model, lambda: copy.deepcopy(model))
    for made in copies:
        made.dispose()
    assert not any(weight.is_disposed for weight in model.weights)


LOOKS = {
    **WAYS,
    "metrics": lambda model: model.metrics,
    "config": lambda model: model.get_config(),
    "variables": lambda model: model.variables,
    "step": lambda model: model.train_on_batch(ONES, np.zeros((8, 12), np.float32)),
    "save": lambda model: model.save("looked-at.keras"),
}


@pytest.mark.parametrize("look", LOOKS)
def test_other_threads_may_set_attributes_meanwhile(look, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model, ended = own(keras.optimizers.Adam(1.0)), threading.Event()
    model.mean = keras.metrics.Mean()
    model.train_on_batch(ONES, np.zeros((8, 12), np.float32))
    objects = [model, *model.layers, *model.weights, model.optimizer, *model.metrics]

    def set_attributes():
        while not ended.is_set():
            for each in objects:
                vars(each)["set_meanwhile"] = 1
            for each in objects:
                vars(each).pop("set_meanwhile")

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    other = threading.Thread(target=set_attributes)
    other.start()
    try:
        for _ in range(20):
            LOOKS[look](model)
    finally:
        ended.set()
        other.join()
        sys.setswitchinterval(interval)
