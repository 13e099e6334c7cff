"""Derivatives of Python functions."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.core.autodiff import GradientError
from tfjs_pyo.errors import ArgumentError, DTypeError, ShapeError


def test_gradients_of_gradients():
    cube = lambda x: x * x * x  # noqa: E731
    first = tf.grad(cube)
    second = tf.grad(lambda x: first(x).sum())
    third = tf.grad(lambda x: second(x).sum())
    x = tf.tensor([2.0, -3.0])
    assert first(x).array_sync() == [12, 27]
    assert second(x).array_sync() == [12, -18]
    assert third(x).array_sync() == [6, 6]


def test_a_hessian_of_several_variables():
    def f(a, b):
        return (a * a * b + b * b).sum()

    def of_b(a, b):
        return tf.grads(f)([a, b])[1].sum()

    mixed = tf.grads(of_b)([tf.scalar(3.0), tf.scalar(5.0)])
    assert [g.array_sync() for g in mixed] == [6, 2]


def test_dy_weighs_the_elements():
    g = tf.grad(lambda x: x.square())(tf.tensor([1.0, 2.0, 3.0]), tf.tensor([1.0, 10.0, 100.0]))
    assert g.array_sync() == [2, 40, 600]


def test_dy_must_have_the_shape_of_the_result():
    with pytest.raises(ShapeError, match=r"expected dy of shape \(2,\)"):
        tf.grad(lambda x: x.square())(tf.tensor([1.0, 2.0]), tf.tensor([1.0]))


def test_value_and_grad_in_both_spellings():
    for make in (tf.valueAndGrad, tf.value_and_grad):
        both = make(lambda x: (x * 3).sum())(tf.tensor([1.0, 2.0]))
        assert both["value"].array_sync() == 9
        assert both["grad"].array_sync() == [3, 3]
    both = tf.valueAndGrads(lambda a, b: a * b)([tf.scalar(2.0), tf.scalar(5.0)])
    assert both["value"].array_sync() == 10
    assert [g.array_sync() for g in both["grads"]] == [5, 2]


UNREACHED = {
    "a constant": lambda x: tf.scalar(1.0),
    "a value of Python": lambda x: tf.scalar(float((x * 2).data_sync()[0])),
    "behind stop_gradient": lambda x: tf.ops.stop_gradient(x * 2).sum() + 1,
    "behind a comparison": lambda x: tf.cast(x > 1, "float32").sum(),
    "a condition of where": lambda x: tf.where(x > 1, tf.scalar(2.0), tf.scalar(3.0)).sum(),
}


@pytest.mark.parametrize("f", UNREACHED.values(), ids=UNREACHED)
def test_a_result_that_does_not_depend_on_the_input_is_refused(f):
    x = tf.tensor([2.0])
    for name, take in {
        "grad": lambda: tf.grad(f)(x),
        "grads": lambda: tf.grads(lambda a, b: f(a) + b)([x, tf.tensor([1.0])]),
        "value_and_grad": lambda: tf.value_and_grad(f)(x),
        "value_and_grads": lambda: tf.valueAndGrads(lambda a, b: f(b) + a)([x, x]),
    }.items():
        with pytest.raises(GradientError, match=f"{name}: expected a function whose result depends on"):
            take()


def test_inputs_that_are_conditions_or_indices_have_derivatives_of_zero():
    condition, a, b = tf.tensor([True, False]), tf.tensor([1.0, 2.0]), tf.tensor([3.0, 4.0])
    found = tf.grads(lambda c, a, b: tf.where(c, a, b))([condition, a, b])
    assert [(g.array_sync(), g.dtype) for g in found] == [
        ([0, 0], "float32"),
        ([1, 0], "float32"),
        ([0, 1], "float32"),
    ]
    assert tf.grad(lambda i: tf.one_hot(i, 3))(tf.tensor1d([0, 2], "int32")).array_sync() == [0, 0]
    with pytest.raises(GradientError, match="input 0 of 2"):
        tf.grads(lambda c, a: a * 2)([condition, a])


PIECEWISE_CONSTANT = ("floor", "ceil", "round", "sign", "step", "zeros_like", "ones_like")


@pytest.mark.parametrize("name", PIECEWISE_CONSTANT)
def test_piecewise_constant_functions_have_derivatives_of_zero(name):
    x, f = tf.tensor([1.2, -3.7]), getattr(tf, name)
    assert tf.grad(lambda x: f(x))(x).array_sync() == [0, 0]
    assert tf.grad(lambda x: tf.grad(lambda x: f(x * x) + x)(x) + x)(x).array_sync() == [1, 1]
    w = tf.variable(x, name=f"w_of_{name}")
    assert tf.variable_grads(lambda: tf.sum(f(w)))["grads"][w.name].array_sync() == [0, 0]
    with tf.GradientTape() as tape:
        y = tf.sum(f(w) * w)
    assert tape.gradient(y, w).array_sync() == f(x).array_sync()


def test_values_read_inside_do_not_cut_the_gradient():
    def f(x):
        y = x * x
        if y.data_sync()[0] > 1:
            y = y * 10
        return y

    assert tf.grad(f)(tf.tensor([3.0])).array_sync() == [60]
    assert tf.grad(f)(tf.tensor([0.5])).array_sync() == [1]


def test_variable_grads_finds_the_trainable_variables_that_are_read():
    a = tf.variable(tf.tensor([1.0, 2.0]), True, "a_of_test")
    b = tf.variable(tf.tensor([3.0, 4.0]), False, "b_of_test")
    unread = tf.variable(tf.tensor([1.0]), True, "unread_of_test")
    found = tf.variableGrads(lambda: (a * a * b).sum())
    assert found["value"].array_sync() == 19
    assert list(found["grads"]) == ["a_of_test"]
    assert found["grads"]["a_of_test"].array_sync() == [6, 16]
    chosen = tf.variable_grads(lambda: (a * b).sum(), [a, b, unread])
    assert chosen["grads"]["a_of_test"].array_sync() == [3, 4]
    assert chosen["grads"]["b_of_test"] is None  # not trainable, as in TF.js
    assert "unread_of_test" not in chosen["grads"]


def test_variable_grads_refuses_functions_without_variables_or_scalars():
    with pytest.raises(GradientError, match="reads a trainable variable"):
        tf.variable_grads(lambda: tf.scalar(1.0))
    v = tf.variable(tf.tensor([1.0, 2.0]))
    with pytest.raises(ShapeError, match=r"return a scalar, received shape \(2,\)"):
        tf.variable_grads(lambda: v * 2)


def test_custom_grad_replaces_the_derivative():
    @tf.customGrad
    def strange(x, save):
        save([x])
        return {"value": x.square(), "gradFunc": lambda dy, saved: [dy * saved[0].abs() * 100]}

    g = tf.grad(lambda x: (strange(x) * 2).sum())(tf.tensor([-1.0, 3.0]))
    assert g.array_sync() == [200, 600]
    assert strange(tf.tensor([3.0])).array_sync() == [9]


def test_custom_grad_with_two_inputs_in_python_spelling():
    f = tf.custom_grad(lambda a, b, save: {"value": a * b, "grad_func": lambda dy, saved: [dy * 1, dy * 2]})
    found = tf.grads(lambda a, b: f(a, b))([tf.scalar(7.0), tf.scalar(8.0)])
    assert [g.array_sync() for g in found] == [1, 2]


def test_custom_grad_checks_what_it_is_given():
    with pytest.raises(ArgumentError, match="gradFunc"):
        tf.custom_grad(lambda x, save: {"value": x})(tf.scalar(1.0))
    short = tf.custom_grad(lambda a, b, save: {"value": a * b, "gradFunc": lambda dy, saved: [dy]})
    with pytest.raises(GradientError, match="expected 2 derivatives, received 1"):
        tf.grads(lambda a, b: short(a, b))([tf.scalar(1.0), tf.scalar(1.0)])[0].data_sync()


def test_custom_grad_checks_the_derivatives():
    def with_derivative(derivative):
        f = tf.customGrad(lambda x, save: {"value": x.sum(), "gradFunc": lambda dy, saved: derivative})
        return tf.grad(f)(tf.tensor([1.0, 2.0]))

    with pytest.raises(
        ShapeError, match=r"derivative 0 to have the shape \(2,\) of its input, received \(3,\)"
    ):
        with_derivative(tf.ones([3]))
    with pytest.raises(DTypeError, match="derivative 0 to be float32 as its input, received int32"):
        with_derivative(tf.ones([2], "int32"))


def test_custom_gradients_of_equal_values_keep_their_own_rules():
    def times(factor):
        return tf.customGrad(lambda x, save: {"value": x.square(), "gradFunc": lambda dy, saved: dy * factor})

    a, b = times(10.0), times(1000.0)
    assert tf.grad(lambda x: a(x) + b(x))(tf.scalar(3.0)).array_sync() == 1010

    saving = tf.customGrad(
        lambda x, save: (save([x]), {"value": x.square(), "gradFunc": lambda dy, s: dy * s[0] ** 2})[1]
    )
    assert tf.grad(tf.grad(saving))(tf.scalar(3.0)).array_sync() == 6


def test_functions_must_be_functions_and_return_tensors():
    with pytest.raises(ArgumentError, match="grad: expected 'f' to be a function, received 3"):
        tf.grad(3)(tf.scalar(1.0))
    with pytest.raises(ArgumentError, match="return a tensor, received float"):
        tf.grad(lambda x: 3.0)(tf.scalar(1.0))


def test_stop_gradient():
    g = tf.grad(lambda x: (x * tf.ops.stop_gradient(x)).sum())(tf.tensor([2.0, 3.0]))
    assert g.array_sync() == [2, 3]


def test_broadcast_gradients_are_summed_to_the_shape_of_the_input():
    a, b = tf.ones([3, 1]), tf.ones([4])
    ga, gb = tf.grads(lambda a, b: (a + b * 2).sum())([a, b])
    np.testing.assert_array_equal(ga.numpy(), np.full((3, 1), 4))
    np.testing.assert_array_equal(gb.numpy(), np.full(4, 6))
