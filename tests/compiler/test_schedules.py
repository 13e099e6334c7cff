"""What is fused with what: launches are pinned, so that nobody loses them unawares."""

import pytest

import tfjs_pyo as tf
from tests.compiler.helpers import launches, plan, plan_of_step
from tests.compiler.models import convnet, lstm, mlp, training_step
from tfjs_pyo import activations
from tfjs_pyo.core.trace import Trace


def matrix(rows=32, columns=64):
    return tf.tensor([[0.5] * columns] * rows)


ELEMENTWISE = {
    "gelu": activations.gelu,
    "gelu_new": activations.gelu_new,
    "mish": activations.mish,
    "swish": activations.swish,
    "selu": activations.selu,
    "hardSigmoid": activations.hard_sigmoid,
    "softsign": activations.softsign,
    "a chain of five": lambda x: (((x + 1) * 2).exp() - 3).sqrt(),
    "a branch and a join": lambda x: x.sin() * x.cos() + x,
    "broadcasting": lambda x: x * tf.tensor([[2.0]]) + tf.tensor([1.0] * 64),
    "casts": lambda x: (x > 0).cast("float32") * x.cast("int32"),
    "movement": lambda x: x.transpose().reshape([32, 64])[::2, 1:].reverse(0),
    "iota": lambda x: x + tf.range(0, 64),
    "one hot": lambda x: tf.one_hot(x.cast("int32"), 10),
    "random": lambda x: tf.dropout(x, 0.5),
    "where": lambda x: tf.where(x > 0, x, x * 0.1),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_elementwise_work_is_one_launch(name):
    assert launches(ELEMENTWISE[name](matrix())) == 1


def test_a_reshape_of_a_value_costs_nothing():
    assert launches(matrix().reshape([64, 32])) == 0


def test_softmax():
    assert launches(tf.softmax(matrix())) <= 4


def test_dense_with_bias_and_activation_is_one_launch():
    x, w, b = matrix(), matrix(64, 10), tf.tensor([0.5] * 10)
    assert launches(tf.relu(tf.matMul(x, w) + b)) == 1
    assert launches(activations.gelu(tf.matMul(x, w) + b)) == 1


def test_a_convolution_takes_bias_and_activation_along():
    x, w, b = (
        tf.tensor([[[[0.5] * 4] * 8] * 8] * 2),
        tf.tensor([[[[0.5] * 8] * 4] * 3] * 3),
        tf.tensor([0.5] * 8),
    )
    assert launches(tf.relu(tf.conv2d(x, w, 1, "same") + b)) == 1


def test_a_convolution_takes_batch_normalization_along():
    x, w = tf.ones([8, 32, 32, 4]), tf.ones([3, 3, 4, 8])
    mean, variance = tf.tensor([0.5] * 8), tf.tensor([2.0] * 8)
    y = tf.relu(tf.batchNorm(tf.conv2d(x, w, 1, "same"), mean, variance, None, None, 0.001))
    x.data_sync(), w.data_sync()
    assert [launch.name for launch in plan(y).launches] == ["rsqrt", "conv2d+rectify"]


def test_a_reduction_takes_what_comes_before_and_after_along():
    assert launches((matrix() * 2 + 1).square().sum(-1).sqrt() * 3) == 1


def test_the_mean_of_a_million():
    assert launches(tf.tensor([0.5] * (1 << 20)).mean()) == 2
    assert launches(tf.tensor([0.5] * 1_000_000).mean()) <= 3


def test_several_results_of_one_shape_share_a_launch():
    x = matrix()
    assert launches(x + 1, x * 2, x.exp()) == 1


def test_equal_subgraphs_are_computed_once():
    x = matrix()
    assert launches(x.exp().sum() + x.exp().sum()) == launches(x.exp().sum())


def test_an_adam_update_is_merged_with_its_gradient_kernel():
    x, w = matrix(), tf.variable(matrix(64, 12))
    optimizer = tf.train.adam(0.01)
    optimizer.build([w])
    with Trace() as trace:
        g = trace.input((32, 12))
        (gradient,) = tf.gradients(tf.matMul(x, w), [w], g)
        optimizer.apply_gradients([(gradient, w)])
    made = plan_of_step(trace.compile())
    first = made.launches[0]
    assert first.name.startswith("mat_mul")
    assert len(first.outputs) == 3, "weight, m and v in one pass"
    assert len(made.launches) == 2, "and the powers of the betas in another"


def test_a_large_product_leaves_its_update_to_a_launch_of_its_own():
    x, w = matrix(32, 256), tf.variable(matrix(256, 128))
    with Trace() as trace:
        g = trace.input((32, 128))
        (gradient,) = tf.gradients(tf.matMul(x, w), [w], g)
        w.assign(w - 0.1 * gradient)
    order, product, update = plan_of_step(trace.compile()).launches
    assert order.name == "transpose", "so that one fetch serves four multiply-adds"
    assert product.name == "mat_mul"
    assert product.outputs[0][2].layers == 8
    assert update.outputs[0][2].layers == 1


def test_windows_side_by_side_are_moved_without_loops():
    x = tf.tensor([0.5] * (32 * 16 * 16 * 4), [32, 16, 16, 4])
    pooled, gradient = tf.maxPool(x, 2, 2, "valid"), tf.grad(lambda x: tf.maxPool(x, 2, 2, "valid"))(x)
    forward = plan(pooled).launches[0].source
    inside = forward.split("for (")[1]
    assert inside.count("divide(") == 1, "from a place in its window to row and column"
    assert "for (" not in plan(gradient).launches[-1].source


def test_the_update_of_every_optimizer_is_one_launch_per_parameter():
    for name, slots in (("sgd", 0), ("momentum", 1), ("adagrad", 1), ("adadelta", 2), ("rmsprop", 2)):
        w, optimizer = tf.variable(matrix()), getattr(tf.train, name)(0.01)
        optimizer.build([w])
        with Trace() as trace:
            optimizer.apply_gradients([(trace.input((32, 64)), w)])
        made = plan_of_step(trace.compile())
        assert len(made.launches) == 1, name
        assert len(made.launches[0].outputs) == slots + 1, name


# Whole training steps: lower these numbers when you can, and explain why if you must raise one.


def test_launches_of_a_training_step_of_the_mlp():
    made = plan_of_step(training_step(mlp(), 32, [64]))
    assert len(made.launches) <= 19


def test_launches_of_a_training_step_of_the_convnet():
    made = plan_of_step(training_step(convnet(), 32, [8, 8, 1]))
    assert len(made.launches) <= 23


@pytest.mark.parametrize("steps", [6, 20])
def test_a_step_of_an_lstm_trains_in_two_launches_forward_and_two_back(steps):
    made = plan_of_step(training_step(lstm(steps), 32, [steps, 16], 1)).launches
    assert len(made) <= 4 * steps + 22
    products = [launch for launch in made if "mat_mul" in launch.name]
    assert len(products) <= 2 * steps + 5, "the gradient of a kernel is one product, whatever the steps"


def test_what_is_read_for_the_last_time_is_freed_and_never_read_again():
    for model, shape in ((mlp(), [64]), (convnet(), [8, 8, 1])):
        made = plan_of_step(training_step(model, 32, shape))
        written, freed = set(range(made.inputs)), set()
        for launch in made.launches:
            assert set(launch.inputs) <= written - freed
            written |= {slot for slot, _, _ in launch.outputs}
            freed |= set(launch.frees)
        assert set(made.outputs) <= written - freed
        temporary = written - set(range(made.inputs)) - set(made.outputs)
        assert temporary == freed


def test_a_long_chain_is_cut_into_programs_of_bounded_size():
    x = matrix()
    for i in range(300):
        x = x.sin() * 0.5 + x * (i % 3)
    made = plan(x)
    assert len(made.launches) > 1
    assert max(len(launch.source) for launch in made.launches) < 100_000
