"""Optimizers against independent implementations in NumPy, with the formulas of TF.js 4.22."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError, OptionError

EPS = 1e-7
SHAPE = (3, 2)


def sgd(rate):
    def step(w, g, s):
        return w - rate * g

    return step


def momentum(rate, m, nesterov=False):
    def step(w, g, s):
        s["v"] = m * s.get("v", 0) + g
        return w - rate * (g + m * s["v"] if nesterov else s["v"])

    return step


def adagrad(rate, initial=0.1):
    def step(w, g, s):
        s["a"] = s.get("a", initial) + g**2
        return w - rate * g / np.sqrt(s["a"] + EPS)

    return step


def adadelta(rate, rho=0.95):
    """The roots are of the means before this step, as TF.js computes them."""

    def step(w, g, s):
        a, u = s.get("a", 0), s.get("u", 0)
        d = np.sqrt(u + EPS) / np.sqrt(a + EPS) * g
        s["a"], s["u"] = rho * a + (1 - rho) * g**2, rho * u + (1 - rho) * d**2
        return w - rate * d

    return step


def adam(rate, b1=0.9, b2=0.999):
    def step(w, g, s):
        s["t"] = s.get("t", 0) + 1
        s["m"] = b1 * s.get("m", 0) + (1 - b1) * g
        s["v"] = b2 * s.get("v", 0) + (1 - b2) * g**2
        return w - rate * (s["m"] / (1 - b1 ** s["t"])) / (np.sqrt(s["v"] / (1 - b2 ** s["t"])) + EPS)

    return step


def adamax(rate, b1=0.9, b2=0.999, decay=0.0):
    def step(w, g, s):
        t = s.get("t", 0)
        s["t"] = t + 1
        s["m"] = b1 * s.get("m", 0) + (1 - b1) * g
        s["u"] = np.maximum(b2 * s.get("u", 0), np.abs(g))
        return w - rate / (1 + decay * t) / (1 - b1 ** (t + 1)) * s["m"] / (s["u"] + EPS)

    return step


def rmsprop(rate, decay=0.9, m=0.0, centered=False):
    """Centered, TF.js subtracts epsilon under the root, which is NaN for small gradients; here it is added."""

    def step(w, g, s):
        s["a"] = decay * s.get("a", 0) + (1 - decay) * g**2
        s["g"] = decay * s.get("g", 0) + (1 - decay) * g
        spread = s["a"] - s["g"] ** 2 if centered else s["a"]
        s["v"] = m * s.get("v", 0) + rate * g / np.sqrt(spread + EPS)
        return w - s["v"]

    return step


CASES = {
    "sgd": (lambda: tf.train.sgd(0.1), sgd(0.1)),
    "momentum": (lambda: tf.train.momentum(0.1, 0.8), momentum(0.1, 0.8)),
    "momentum, nesterov": (lambda: tf.train.momentum(0.1, 0.8, True), momentum(0.1, 0.8, True)),
    "adagrad": (lambda: tf.train.adagrad(0.1), adagrad(0.1)),
    "adagrad, initial": (lambda: tf.train.adagrad(0.1, 0.5), adagrad(0.1, 0.5)),
    "adadelta": (lambda: tf.train.adadelta(0.5), adadelta(0.5)),
    "adadelta, rho": (lambda: tf.train.adadelta(0.5, 0.8), adadelta(0.5, 0.8)),
    "adam": (lambda: tf.train.adam(0.1), adam(0.1)),
    "adam, betas": (lambda: tf.train.adam(0.1, 0.8, 0.9), adam(0.1, 0.8, 0.9)),
    "adamax": (lambda: tf.train.adamax(0.1), adamax(0.1)),
    "adamax, decay": (lambda: tf.train.adamax(0.1, 0.8, 0.9, EPS, 0.3), adamax(0.1, 0.8, 0.9, 0.3)),
    "rmsprop": (lambda: tf.train.rmsprop(0.1), rmsprop(0.1)),
    "rmsprop, momentum": (lambda: tf.train.rmsprop(0.1, 0.8, 0.7), rmsprop(0.1, 0.8, 0.7)),
    "rmsprop, centered": (lambda: tf.train.rmsprop(0.1, 0.8, 0.7, EPS, True), rmsprop(0.1, 0.8, 0.7, True)),
}


@pytest.mark.parametrize("name", CASES)
def test_five_steps_agree_with_numpy(name):
    make, step = CASES[name]
    rng = np.random.default_rng(5)
    optimizer = make()
    start = [rng.normal(size=SHAPE), rng.normal(size=2)]
    variables = [tf.variable(tf.tensor(w)) for w in start]
    expected, states = start, [{}, {}]
    for _ in range(5):
        gradients = [rng.normal(size=w.shape) for w in start]
        optimizer.apply_gradients(list(zip(map(tf.tensor, gradients), variables, strict=True)))
        expected = [step(w, g, s) for w, g, s in zip(expected, gradients, states, strict=True)]
        for variable, w in zip(variables, expected, strict=True):
            np.testing.assert_allclose(variable.numpy(), w, rtol=1e-4, atol=1e-5)


def test_defaults_are_those_of_compile_in_tfjs():
    rates = {"sgd": 0.01, "adam": 0.001, "rmsprop": 0.001, "adagrad": 0.01, "adamax": 0.002}
    for name, rate in rates.items():
        assert tf.train.OPTIMIZERS.get(name).learning_rate == rate


def test_none_is_the_default_where_there_must_be_a_number():
    """TF.js takes null for an epsilon; a training config that is broken may say it of any number."""
    assert tf.train.adam(0.1, None, epsilon=None).get_config() == tf.train.adam(0.1).get_config()
    assert tf.train.sgd(None).learning_rate == 0.01


def test_options_in_every_spelling():
    first = tf.train.adam({"learningRate": 0.5, "beta1": 0.8})
    second = tf.train.Adam(learning_rate=0.5, beta1=0.8)
    assert first.get_config() == second.get_config() == tf.train.adam(0.5, 0.8).get_config()
    assert type(first).from_config(first.get_config()).get_config() == first.get_config()


def test_minimize_lowers_a_function_and_returns_its_cost():
    x = tf.variable(tf.scalar(3.0))
    optimizer = tf.train.sgd(0.1)
    costs = [optimizer.minimize(lambda: (x - 1).square(), True).item() for _ in range(3)]
    np.testing.assert_allclose(costs, [4, 4 * 0.64, 4 * 0.64**2], rtol=1e-5)
    assert optimizer.minimize(lambda: (x - 1).square()) is None


def test_minimize_touches_only_the_variables_named():
    a, b = tf.variable(tf.scalar(1.0)), tf.variable(tf.scalar(1.0))
    tf.train.sgd(0.1).minimize(lambda: a * b, False, [a])
    assert a.item() == pytest.approx(0.9)
    assert b.item() == 1


def test_compute_and_apply_gradients_by_name():
    x = tf.variable(tf.scalar(3.0), True, "by_name")
    optimizer = tf.train.sgd(0.5)
    found = optimizer.computeGradients(lambda: x.square())
    assert found["value"].item() == 9
    optimizer.applyGradients(found["grads"])
    assert x.item() == 0
    with pytest.raises(ArgumentError, match=r"names of variables.*'nobody'"):
        optimizer.apply_gradients({"nobody": tf.scalar(1.0)})


def test_a_new_learning_rate_takes_effect():
    x, optimizer = tf.variable(tf.scalar(0.0)), tf.train.sgd(0.5)
    optimizer.apply_gradients([(tf.scalar(1.0), x)])
    optimizer.learningRate = 0.25
    optimizer.learning_rate = 0.25
    optimizer.apply_gradients([(tf.scalar(1.0), x)])
    assert x.item() == -0.75


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: tf.train.sgd(-1), "'learningRate' to be a number from 0, received -1"),
        (lambda: tf.train.adam(0.1, 1.0), "'beta1' to be a number from 0 below 1, received 1.0"),
        (lambda: tf.train.sgd("fast"), "'learningRate'.*received 'fast'"),
    ],
)
def test_options_are_checked(make, message):
    with pytest.raises(OptionError, match=message):
        make()
