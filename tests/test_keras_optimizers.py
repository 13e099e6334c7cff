"""Keras's optimizers, clipping, weight decay and schedules against independent implementations in NumPy."""

import math

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.compiler.helpers import plan, plan_of_step, sources
from tests.compiler.test_programs import check
from tests.counting import runs_of
from tests.linear import data, linear, run
from tests.test_optimizers import adam, sgd
from tfjs_pyo.core.trace import Trace
from tfjs_pyo.errors import OptionError
from tfjs_pyo.models.loading.compiling import compile_as
from tfjs_pyo.models.loading.reviving import Reviver

EPS = 1e-7
schedules = tf.keras.optimizers.schedules


def adamw(rate, decay=0.004, b1=0.9, b2=0.999, amsgrad=False):
    def step(w, g, s):
        s["t"] = t = s.get("t", 0) + 1
        s["m"] = b1 * s.get("m", 0) + (1 - b1) * g
        s["v"] = b2 * s.get("v", 0) + (1 - b2) * g**2
        s["h"] = np.maximum(s.get("h", 0), s["v"]) if amsgrad else s["v"]
        alpha = rate * np.sqrt(1 - b2**t) / (1 - b1**t)
        return w - w * decay * rate - alpha * s["m"] / (np.sqrt(s["h"]) + EPS)

    return step


def nadam(rate, b1=0.9, b2=0.999):
    def step(w, g, s):
        s["t"] = t = s.get("t", 0) + 1
        u, ahead = (b1 * (1 - 0.5 * 0.96**i) for i in (t, t + 1))
        s["p"] = p = s.get("p", 1.0) * u
        s["m"] = s.get("m", 0) + (g - s.get("m", 0)) * (1 - b1)
        s["v"] = s.get("v", 0) + (g**2 - s.get("v", 0)) * (1 - b2)
        mean = ahead * s["m"] / (1 - p * ahead) + (1 - u) * g / (1 - p)
        return w - mean * rate / (np.sqrt(s["v"] / (1 - b2**t)) + EPS)

    return step


def ftrl(rate, power=-0.5, initial=0.1, l1=0.0, l2=0.0, shrinkage=0.0, beta=0.0):
    def step(w, g, s):
        n = s.get("n", np.full(w.shape, initial))
        s["n"] = n + g**2
        change = (s["n"] ** -power - n**-power) / rate
        s["z"] = s.get("z", 0) + g + 2 * shrinkage * w - change * w
        quadratic = s["n"] ** -power / rate + 2 * (l2 + beta / (2 * rate))
        return (np.clip(s["z"], -l1, l1) - s["z"]) / quadratic

    return step


def lion(rate, b1=0.9, b2=0.99):
    def step(w, g, s):
        m = s.get("m", np.zeros(w.shape))
        s["m"] = b2 * m + (1 - b2) * g
        return w - rate * np.sign(b1 * m + (1 - b1) * g)

    return step


def decayed(step, rate, decay):
    return lambda w, g, s: step(w - w * decay * rate, g, s)


def by_value(gradients):
    return [np.clip(g, -0.5, 0.5) for g in gradients]


def by_norm(gradients):
    return [g * min(1, 0.8 / np.linalg.norm(g)) for g in gradients]


def by_global_norm(gradients):
    norm = math.sqrt(sum((g**2).sum() for g in gradients))
    return [g * min(1, 0.8 / norm) for g in gradients]


def as_it_is(gradients):
    return gradients


KERAS = tf.keras.optimizers
CASES = {
    "adamw": (lambda: KERAS.AdamW(0.1), adamw(0.1), as_it_is),
    "adamw, options": (
        lambda: tf.train.adamW({"learningRate": 0.1, "weightDecay": 0.2, "beta1": 0.7, "beta2": 0.8}),
        adamw(0.1, 0.2, 0.7, 0.8),
        as_it_is,
    ),
    "adamw, amsgrad": (
        lambda: KERAS.AdamW(0.1, 0.2, 0.7, 0.5, amsgrad=True),
        adamw(0.1, 0.2, 0.7, 0.5, True),
        as_it_is,
    ),
    "nadam": (lambda: KERAS.Nadam(0.1), nadam(0.1), as_it_is),
    "nadam, options": (lambda: KERAS.Nadam(0.1, beta_1=0.6, beta_2=0.7), nadam(0.1, 0.6, 0.7), as_it_is),
    "ftrl": (lambda: KERAS.Ftrl(0.1), ftrl(0.1), as_it_is),
    "ftrl, power": (lambda: KERAS.Ftrl(0.1, learning_rate_power=-0.3), ftrl(0.1, -0.3), as_it_is),
    "ftrl, options": (
        lambda: tf.train.ftrl(0.1, -0.5, 0.2, 0.3, 0.4, 0.1, 0.5),
        ftrl(0.1, -0.5, 0.2, 0.3, 0.4, 0.1, 0.5),
        as_it_is,
    ),
    "lion": (lambda: KERAS.Lion(0.1), lion(0.1), as_it_is),
    "lion, options": (lambda: tf.train.lion(0.1, 0.5, 0.6), lion(0.1, 0.5, 0.6), as_it_is),
    "sgd, weight decay": (lambda: KERAS.SGD(0.1, weight_decay=0.3), decayed(sgd(0.1), 0.1, 0.3), as_it_is),
    "sgd, clipvalue": (lambda: KERAS.SGD(0.1, clipvalue=0.5), sgd(0.1), by_value),
    "adam, clipNorm": (lambda: tf.train.adam({"learningRate": 0.1, "clipNorm": 0.8}), adam(0.1), by_norm),
    "adam, global_clipnorm": (lambda: KERAS.Adam(0.1, global_clipnorm=0.8), adam(0.1), by_global_norm),
    "lion, all": (
        lambda: tf.train.lion(0.1, globalClipNorm=0.8, weightDecay=0.3),
        decayed(lion(0.1), 0.1, 0.3),
        by_global_norm,
    ),
}


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_six_steps_agree_with_numpy(name, compiled):
    make, step, clip = CASES[name]
    rng = np.random.default_rng(5)
    optimizer = make()
    expected = [rng.normal(size=(3, 2)), rng.normal(size=2)]
    variables = [tf.variable(tf.tensor(w)) for w in expected]
    states = [{}, {}]
    replay = compiled_step(optimizer, variables) if compiled else None
    for _ in range(6):
        gradients = [rng.normal(size=w.shape) for w in expected]
        feeds = [tf.tensor(g) for g in gradients]
        if replay is None:
            optimizer.apply_gradients(list(zip(feeds, variables, strict=True)))
        else:
            replay.run(feeds)
        expected = [step(w, g, s) for w, g, s in zip(expected, clip(gradients), states, strict=True)]
        for variable, w in zip(variables, expected, strict=True):
            np.testing.assert_allclose(variable.numpy(), w, rtol=2e-4, atol=2e-5)


def compiled_step(optimizer, variables):
    optimizer.build(variables)
    with Trace() as trace:
        gradients = [trace.input(v.shape) for v in variables]
        optimizer.apply_gradients(list(zip(gradients, variables, strict=True)))
    return trace.compile()


def test_clipping_leaves_gradients_of_zero_and_small_ones_alone():
    for options in ({"clipnorm": 2.0}, {"global_clipnorm": 2.0}):
        w = tf.variable(tf.tensor([1.0, 1.0]))
        optimizer = tf.train.sgd(1.0, **options)
        optimizer.apply_gradients([(tf.tensor([0.0, 0.0]), w)])
        optimizer.apply_gradients([(tf.tensor([0.5, 0.25]), w)])
        assert w.array_sync() == [0.5, 0.75]


def test_excluded_weights_do_not_decay():
    kernel = tf.variable(tf.scalar(1.0), True, "dense/kernel")
    bias = tf.variable(tf.scalar(1.0), True, "dense/bias")
    other = tf.variable(tf.scalar(1.0), True, "other")
    optimizer = tf.train.sgd(1.0, weight_decay=0.5)
    optimizer.exclude_from_weight_decay([other], ["bi.s"])
    optimizer.apply_gradients([(tf.scalar(0.0), v) for v in (kernel, bias, other)])
    assert [v.array_sync() for v in (kernel, bias, other)] == [0.5, 1, 1]


def test_train_has_what_only_keras_has_as_well():
    for name in ("AdamW", "Nadam", "Ftrl", "Lion"):
        assert isinstance(getattr(KERAS, name)(), type(tf.train.get(name)))


def test_what_keras_calls_otherwise():
    assert KERAS.RMSprop(rho=0.8).decay == 0.8
    assert KERAS.Adagrad(0.1, 0.2, epsilon=1e-3).epsilon == 1e-3


@pytest.mark.parametrize("name", CASES)
def test_steps_are_valid_programs(name):
    optimizer = CASES[name][0]()
    variables = [tf.variable(tf.zeros([3, 2])), tf.variable(tf.zeros([2]))]
    check(sources(plan_of_step(compiled_step(optimizer, variables))))


# Schedules


def exponential(step, initial, steps, rate, stairs=False):
    return initial * rate ** (step // steps if stairs else step / steps)


def inverse_time(step, initial, steps, rate, stairs=False):
    return initial / (1 + rate * (step // steps if stairs else step / steps))


def polynomial(step, initial, steps, end=0.0001, power=1.0, cycle=False):
    if cycle:
        steps = steps * max(1, math.ceil(step / steps))
    else:
        step = min(step, steps)
    return (initial - end) * (1 - step / steps) ** power + end


def cosine(step, initial, steps, alpha=0.0, target=None, warmup=0):
    if target is not None:
        if step < warmup:
            return initial + (target - initial) * step / warmup
        initial, step = target, step - warmup
    half = 0.5 * (1 + math.cos(math.pi * min(step, steps) / steps))
    return initial * ((1 - alpha) * half + alpha)


def restarts(step, initial, first, t_mul=2.0, m_mul=1.0, alpha=0.0):
    begin, length, number = 0, first, 0
    while step >= begin + length:
        begin, length, number = begin + length, length * t_mul, number + 1
    half = 0.5 * m_mul**number * (1 + math.cos(math.pi * (step - begin) / length))
    return initial * ((1 - alpha) * half + alpha)


SCHEDULES = [
    (schedules.ExponentialDecay, exponential, (0.1, 5, 0.5)),
    (schedules.ExponentialDecay, exponential, (0.1, 5, 0.5, True)),
    (schedules.InverseTimeDecay, inverse_time, (0.1, 5, 0.5)),
    (schedules.InverseTimeDecay, inverse_time, (0.1, 5, 0.5, True)),
    (schedules.PolynomialDecay, polynomial, (0.1, 7)),
    (schedules.PolynomialDecay, polynomial, (0.1, 7, 0.01, 2.0)),
    (schedules.PolynomialDecay, polynomial, (0.1, 7, 0.01, 0.5, True)),
    (schedules.CosineDecay, cosine, (0.1, 8)),
    (schedules.CosineDecay, cosine, (0.1, 8, 0.2)),
    (schedules.CosineDecayRestarts, restarts, (0.1, 3)),
    (schedules.CosineDecayRestarts, restarts, (0.1, 3, 1.0, 0.5, 0.1)),
    (schedules.CosineDecayRestarts, restarts, (0.1, 4, 1.5, 0.8, 0.2)),
]


@pytest.mark.parametrize(("kind", "expected", "options"), SCHEDULES)
def test_schedules_agree_with_their_formulas(kind, expected, options):
    schedule = kind(*options)
    found = [schedule(step).item() for step in range(22)]
    np.testing.assert_allclose(found, [expected(step, *options) for step in range(22)], rtol=1e-5, atol=1e-7)
    restored = tf.train.get({"className": "SGD", "config": tf.train.sgd(schedule).get_config()}).learning_rate
    assert type(restored) is kind
    assert restored.get_config() == schedule.get_config()


@pytest.mark.parametrize(("kind", "_expected", "options"), SCHEDULES)
def test_schedules_are_valid_programs(kind, _expected, options):
    check(sources(plan(kind(*options)(tf.tensor([3.0]).sum()))))


def test_piecewise_constant_decay_keeps_a_value_up_to_its_boundary():
    schedule = schedules.PiecewiseConstantDecay(boundaries=[2, 4], values=[1.0, 0.5, 0.25])
    assert [schedule(step).item() for step in range(6)] == [1, 1, 1, 0.5, 0.5, 0.25]
    assert type(schedule).from_config(schedule.get_config())(3).item() == 0.5


def test_restarts_begin_at_their_step_also_where_steps_are_many():
    schedule = schedules.CosineDecayRestarts(1.0, 1000)
    for step in (1000, 3000, 7000, 15000, 31000, 1023000):
        assert schedule(step).item() == pytest.approx(1, abs=1e-4), step


@pytest.mark.parametrize(
    "make", [tf.train.sgd, tf.train.adam, tf.train.adamax, tf.train.nadam, tf.train.ftrl, tf.train.adagrad]
)
def test_a_schedule_gives_every_step_of_a_compiled_loop_its_rate(make):
    x, y = data(8)
    schedule = schedules.ExponentialDecay(0.1, 1, 0.5)
    model, _ = linear()
    model.compile(make(schedule), "meanSquaredError")
    start = model.get_weights()
    run(model.fit(x, y, epochs=3, batch_size=4, shuffle=False))
    fitted = [w.numpy() for w in model.get_weights()]
    assert model.optimizer.iterations.item() == 6

    model.set_weights(start)
    optimizer = make(0.1)
    kernel, bias = model.weights
    for step in range(6):
        optimizer.learning_rate = 0.1 * 0.5**step
        part = slice(4 * (step % 2), 4 * (step % 2) + 4)
        xs, ys = tf.tensor(x[part]), tf.tensor(y[part])
        optimizer.minimize(lambda xs=xs, ys=ys: (xs.mat_mul(kernel) + bias - ys).square().mean())
    for got, weight in zip(fitted, model.get_weights(), strict=True):
        np.testing.assert_allclose(got, weight.numpy(), rtol=1e-4, atol=1e-6)


def test_options_of_a_compiled_optimizer_take_effect():
    x, y = data(4)
    model, _ = linear(rate=0.0)
    run(model.fit(x, y))
    start = [w.numpy() for w in model.get_weights()]
    runs = runs_of(model.layers[0])
    model.optimizer.learning_rate = 0.5
    run(model.fit(x, y))
    assert runs == [], "a new rate compiles nothing"
    assert not np.allclose(model.get_weights()[0].numpy(), start[0])
    before = model.get_weights()[0].numpy()
    model.optimizer.clip_value = 1e-6
    run(model.fit(x, y))
    np.testing.assert_allclose(model.get_weights()[0].numpy(), before, atol=1e-6)
    model.optimizer.clip_value = None
    model.optimizer.learning_rate = schedules.PiecewiseConstantDecay([3], [0.0, 1.0])  # after three steps
    before = model.get_weights()[0].numpy()
    run(model.fit(x, y, epochs=1))
    np.testing.assert_array_equal(model.get_weights()[0].numpy(), before)
    run(model.fit(x, y, epochs=1))
    assert not np.allclose(model.get_weights()[0].numpy(), before)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: tf.train.adam(clipnorm=1, clip_value=1), "adam: expected at most one way to clip gradients"),
        (lambda: tf.train.sgd(clipNorm=0), "'clipNorm' to be a number above 0, received 0"),
        (lambda: KERAS.AdamW(weight_decay=-1), "'weightDecay' to be a number from 0, received -1"),
        (lambda: KERAS.Ftrl(learning_rate_power=0.5), "'learningRatePower' to be a number up to 0"),
        (lambda: schedules.ExponentialDecay(0.1, 0, 0.5), "'decaySteps' to be a number above 0"),
        (lambda: schedules.PiecewiseConstantDecay([1], [1]), "one more of 'values' than of 'boundaries'"),
        (lambda: schedules.PiecewiseConstantDecay([2, 1], [1, 2, 3]), "'boundaries' in ascending order"),
        (lambda: schedules.PiecewiseConstantDecay(1, [1, 2]), "'boundaries' to be a list of numbers"),
        (lambda: tf.train.sgd(learning_rate={"className": "Decay"}), "no learning-rate schedule named 'Decay'"),
    ],
)  # fmt: skip
def test_options_are_checked(make, message):
    with pytest.raises(OptionError, match=message):
        make()


@pytest.mark.parametrize("option", ["jit_compile_level", "shards"])
@pytest.mark.parametrize("kind", ["SGD", "Adam", "RMSprop", "AdamW"])
def test_an_option_of_a_file_that_has_no_effect_here_is_told(recwarn, kind, option):
    def read(value):
        config = {"learning_rate": 0.1, option: value}
        optimizer = {"class_name": kind, "module": "keras.optimizers", "config": config}
        assert compile_as(linear()[0], {"optimizer": optimizer, "loss": "mse"}, Reviver("file"), True)

    read(None)
    assert not recwarn.list
    with pytest.warns(UserWarning, match=rf"optimizer {kind}: the option '{option}' = 4 is not known here"):
        read(4)


def test_minimize_returns_the_cost_itself_where_losses_are_scaled():
    """Gradients are divided by the scale before the step, the cost that is returned by it as well."""
    weight = tf.variable(tf.scalar(3.0))
    optimizer = tf.keras.optimizers.SGD(0.1, loss_scale_factor=8.0)
    assert optimizer.minimize(lambda: weight * weight, True).array_sync() == 9
    assert weight.array_sync() == pytest.approx(3 - 0.1 * 6)
