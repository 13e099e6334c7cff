"""Messages that users meet: each says what was expected and what came."""

import asyncio
import math

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.core.trace import Trace
from tfjs_pyo.errors import (
    ArgumentError,
    DeviceError,
    DisposedError,
    DTypeError,
    NameNotFoundError,
    OptionError,
    ShapeError,
    TfError,
    TraceError,
)


def disposed():
    x = tf.tensor([1.0, 2.0])
    x.dispose()
    return x


def disposed_variable():
    v = tf.variable(tf.tensor([1.0]), True, "gone")
    v.dispose()
    return v


def traced(ask):
    with Trace() as trace:
        return ask(trace.input((2,), "float32"))


def compiled(**options):
    model = tf.sequential(
        {"layers": [tf.layers.dense({"units": 2, "inputShape": [3], "name": "first"})], "name": "m"}
    )
    model.compile({"optimizer": "sgd", "loss": "meanSquaredError", **options})
    return model


def fitted(*args, **kwargs):
    async def wait():
        return await compiled().fit(*args, **kwargs)

    return asyncio.run(wait())


X, Y = np.ones((4, 3)), np.ones((4, 2))

MESSAGES = [
    # values
    (
        lambda: tf.tensor([[1, 2], [3]]),
        ShapeError,
        "nested lists of equal lengths, received 2 elements.*1 elements in list 1",
    ),
    (lambda: tf.tensor([[1, 2], 3]), ShapeError, "nested lists of equal lengths.*3 in list 1"),
    (lambda: tf.tensor([1, [2, 3]]), ShapeError, r"equal depth, received \[2, 3\] beside numbers"),
    (lambda: tf.tensor([None]), DTypeError, "expected numbers, received None of type NoneType"),
    (
        lambda: tf.tensor(np.array(["2026-01-01"], dtype="datetime64[D]")),
        DTypeError,
        "expected an array of numbers or strings, received dtype datetime64",
    ),
    (
        lambda: tf.tensor([1, 2, 3], [2, 2]),
        ShapeError,
        r"tensor: expected 4 values for shape \(2, 2\), received 3",
    ),
    (
        lambda: tf.tensor([[1, 2, 3, 4]], [2, 2]),
        ShapeError,
        r"nested lists of shape \(2, 2\), received shape \(1, 4\)",
    ),
    (lambda: tf.tensor2d([1, 2]), ShapeError, r"tensor2d: expected values of rank 2, received shape \(2,\)"),
    (lambda: tf.scalar([1, 2]), ShapeError, "scalar: expected values of rank 0"),
    (lambda: tf.tensor([1], None, "float64"), DTypeError, "tensor: .*float32.*received 'float64'"),
    (
        lambda: tf.zeros([2, -1]),
        ShapeError,
        r"zeros: expected a shape of non-negative integers, received \(2, -1\)",
    ),
    (
        lambda: tf.ones([2.5]),
        OptionError,
        r"ones: expected 'shape' to be a whole number or a list of whole numbers, received \[2.5\]",
    ),
    (lambda: tf.range(0, 5, 0), OptionError, "range: expected a step that is not 0"),
    (
        lambda: tf.linspace(0, 1, 0),
        OptionError,
        "linspace: expected num to be a positive integer, received 0",
    ),
    (lambda: tf.oneHot([1], 0), OptionError, "one_hot: expected depth to be a positive integer, received 0"),
    (
        lambda: tf.tensor([1, 2]).item(),
        ShapeError,
        r"item: expected a tensor of one element, received shape \(2,\)",
    ),
    (lambda: bool(tf.tensor([1, 2])), ShapeError, "one element"),
    (lambda: len(tf.scalar(1)), ArgumentError, "len: expected a tensor of rank 1 or more, received rank 0"),
    (
        lambda: [1, 2][tf.scalar(1.0)],
        ArgumentError,
        "index: expected an int32 tensor, received dtype float32",
    ),
    # shapes of ops
    (
        lambda: tf.ones([2, 3]) + tf.ones([4]),
        ShapeError,
        r"add: .*broadcast together, received \(2, 3\) and \(4,\)",
    ),
    (lambda: tf.matMul(tf.ones([2, 3]), tf.ones([2, 3])), ShapeError, r"mat_mul: .*\(2, 3\)"),
    (lambda: tf.matMul(tf.ones([3]), tf.ones([3, 1])), ShapeError, "mat_mul: .*rank"),
    (
        lambda: tf.ones([2, 3]).reshape([4]),
        ShapeError,
        r"reshape: expected a shape of 6 elements.*\(2, 3\).*\(4,\)",
    ),
    (lambda: tf.ones([2, 3]).reshape([-1, -1]), ShapeError, "at most one -1"),
    (
        lambda: tf.ones([2, 3]).reshape([4, -1]),
        ShapeError,
        r"cannot infer -1 in shape \(4, -1\) for 6 elements",
    ),
    (
        lambda: tf.ones([2]).sum(1),
        OptionError,
        "sum: expected axis between -1 and 0 for a tensor of rank 1, received 1",
    ),
    (lambda: tf.ones([2]).sum([0, 0]), OptionError, "expected each axis once"),
    (
        lambda: tf.ones([2, 2]).transpose([0, 0]),
        OptionError,
        "transpose: expected perm to name each of 2 axes once",
    ),
    (lambda: tf.ones([2]).squeeze([0]), ShapeError, "squeeze: expected axis 0 to have length 1"),
    (lambda: tf.concat([]), ShapeError, "concat: expected at least one tensor"),
    (lambda: tf.concat([tf.ones([2, 3]), tf.ones([2, 4])]), ShapeError, "concat: .*differ only along axis 0"),
    (lambda: tf.concat(tf.ones([2])), ArgumentError, "concat: expected a list of tensors, received Tensor"),
    (lambda: tf.stack([tf.ones([2]), tf.ones([3])]), ShapeError, "stack: "),
    (lambda: tf.ones([2]).slice([1], [2]), ShapeError, "slice: "),
    (lambda: tf.ones([2]).pad([[1, 1], [1, 1]]), (ShapeError, OptionError), "pad: "),
    (lambda: tf.ones([2, 3]).broadcastTo([3, 3]), ShapeError, r"broadcast_to: .*\(2, 3\).*\(3, 3\)"),
    (lambda: tf.ones([3, 3]).argMax(5), OptionError, "arg_max: expected axis between -2 and 1"),
    (lambda: tf.gather(tf.scalar(1.0), [0]), ShapeError, "gather: expected x of rank 1 or more"),
    (lambda: tf.gather(tf.ones([3]), tf.tensor([True])), DTypeError, "indices of dtype int32, received bool"),
    (
        lambda: tf.gather(tf.ones([3]), [0.7]),
        ValueError,
        "gather: expected whole numbers as indices, received 0.7",
    ),
    (lambda: tf.ones([3])[5], IndexError, "an index between -3 and 2 along axis 0, received 5"),
    (lambda: tf.ones([3])[0, 0], ShapeError, r"at most 1 indices for shape \(3,\), received 2"),
    (lambda: tf.ones([3])[..., ...], OptionError, "at most one `...`"),
    (lambda: tf.conv2d(tf.ones([4, 4, 3]), tf.ones([3, 3, 2, 1]), 1, "valid"), ShapeError, "conv2d: "),
    (lambda: tf.maxPool(tf.ones([1, 4, 4, 1]), 2, 2, "sume"), OptionError, "'same'.*'sume'|'sume'.*'same'"),
    (
        lambda: tf.addN([]),
        ShapeError,
        "add_n: expected at least one tensor, all of one shape, received an empty",
    ),
    (lambda: tf.addN([tf.ones([2]), tf.ones([1])]), ShapeError, r"add_n: .*received \(2,\), \(1,\)"),
    (
        lambda: tf.bitwiseAnd([1.0], [1.0]),
        DTypeError,
        "bitwise_and: expected `a` to be int32, received float32",
    ),
    # options
    (lambda: tf.dropout(tf.ones([2]), 1.0), OptionError, r"dropout: expected rate in \[0, 1\), received 1.0"),
    (lambda: tf.randomUniform([2], 3, 1), OptionError, "random_uniform: expected minval <= maxval"),
    (lambda: tf.randomNormal([-1]), ShapeError, "random_normal: expected a shape of non-negative integers"),
    (
        lambda: asyncio.run(tf.setBackend("cuda")),
        DeviceError,
        r"one of the backends available here \(.*numpy.*\), received 'cuda'",
    ),
    (lambda: tf.tensor([1]).cast("int64"), DTypeError, "cast: .*int32.*'int64'"),
    (lambda: tf.tidy(3), OptionError, "tidy: expected 'nameOrFn' to be a string or a function, received 3"),
    # disposed
    (lambda: disposed() + 1, DisposedError, r"Tensor \d+: it was disposed.*tf\.keep"),
    (lambda: disposed().shape, DisposedError, "it was disposed"),
    (lambda: disposed().dataSync(), DisposedError, "it was disposed"),
    (lambda: tf.concat([tf.ones([1]), disposed()]), DisposedError, "it was disposed"),
    (lambda: disposed_variable().assign(tf.tensor([1.0])), DisposedError, "Variable 'gone': it was disposed"),
    (lambda: disposed_variable() + 1, DisposedError, "Variable 'gone'"),
    # variables and traces
    (
        lambda: tf.variable(tf.ones([2]), True, "v").assign(tf.ones([3])),
        ShapeError,
        r"assign: expected shape \(2,\) for variable 'v', received shape \(3,\)",
    ),
    (
        lambda: tf.variable(tf.ones([2]), True, "of_floats").assign(tf.ones([2], "int32")),
        DTypeError,
        "assign: expected dtype float32 for variable 'of_floats', received int32",
    ),
    (
        lambda: traced(lambda x: x.dataSync()),
        TraceError,
        "while a step is traced, where nothing computes yet",
    ),
    (lambda: traced(lambda x: x.print()), TraceError, "use tf.where for conditions on values"),
    (lambda: traced(lambda x: float(x.sum())), TraceError, "while a step is traced"),
    # names
    (lambda: tf.softmacks, NameNotFoundError, "tf has no 'softmacks'. Did you mean 'softmax'"),
    (lambda: tf.layers.dens, NameNotFoundError, "tf.layers has no 'dens'. Did you mean 'dense'"),
    (lambda: tf.ones([1]).summ(), NameNotFoundError, "Tensor has no 'summ'. Did you mean 'sum'"),
    (lambda: tf.sum([1.0], axes=0), ArgumentError, "sum: unknown argument 'axes'. Did you mean 'axis'"),
    # models
    (
        lambda: compiled(loss="meanSquareError"),
        OptionError,
        "no loss named 'meanSquareError'. Did you mean 'meanSquaredError'",
    ),
    (lambda: compiled(optimizer="adamm"), OptionError, "no optimizer named 'adamm'. Did you mean 'adam'"),
    (
        lambda: compiled(metrics=["acuracy"]),
        OptionError,
        "no metric named 'acuracy'. Did you mean 'accuracy'",
    ),
    (lambda: compiled(loss=None), OptionError, "expected 'loss', such as 'meanSquaredError'"),
    (lambda: tf.sequential().fit(X, Y), ArgumentError, "expected a compiled model; call model.compile"),
    (lambda: tf.sequential().predict(X), ArgumentError, "expected at least one layer"),
    (lambda: tf.sequential().add("dense"), ArgumentError, "expected a layer to add, received str"),
    (lambda: tf.sequential().pop(), ArgumentError, "expected a layer to remove, there is none"),
    (
        lambda: compiled().fit(np.ones((4, 5)), Y),
        ShapeError,
        r"input .*shape \[batch, 3\], received shape \[4, 5\]",
    ),
    (
        lambda: fitted(X, np.ones((4, 3))),
        ShapeError,
        r"output 'first' of shape \[batch, 2\], received shape \[batch, 3\]",
    ),
    (
        lambda: compiled().fit(X, np.ones((5, 2))),
        ShapeError,
        r"same number of samples, received shapes \(4, 3\), \(5, 2\)",
    ),
    (lambda: compiled().fit(np.ones((0, 3)), np.ones((0, 2))), ShapeError, "at least one sample"),
    (lambda: compiled().fit(X, None), ArgumentError, "expected y, received None"),
    (lambda: compiled().fit(X, Y, epochs=-1), OptionError, "'epochs' to be a positive integer, received -1"),
    (
        lambda: compiled().fit(X, Y, batchSize=2.5),
        OptionError,
        "'batchSize' to be a whole number or None, received 2.5",
    ),
    (
        lambda: compiled().fit(X, Y, callbacks=3),
        ArgumentError,
        "expected a Callback or a dict of functions, received int",
    ),
    (
        lambda: compiled().fit(X, Y, callbacks={"onEpochEnds": print}),
        ArgumentError,
        "unknown event 'onEpochEnds'. Did you mean",
    ),
    (
        lambda: compiled().fit(X, Y, callbacks={"onEpochEnd": 3}),
        ArgumentError,
        "expected a function for 'onEpochEnd', received 3",
    ),
    (lambda: compiled().fit(X, Y, validationData=[X]), ArgumentError, r"pair \(x, y\)"),
    (
        lambda: compiled().get_layer("second"),
        NameNotFoundError,
        "no layer is named 'second'. There are: .*first",
    ),
    (lambda: tf.input({}), ArgumentError, "input: expected 'shape'"),
    (
        lambda: tf.model({"inputs": 3, "outputs": 4}),
        ArgumentError,
        "expected symbolic tensors, made by tf.input, received 3",
    ),
]


@pytest.mark.parametrize("case", range(len(MESSAGES)), ids=lambda i: f"{i}: {MESSAGES[i][2][:40]}")
def test_message(case):
    call, error, message = MESSAGES[case]
    with pytest.raises(error, match=message) as caught:
        call()
    assert isinstance(caught.value, (TfError, IndexError))
    text = str(caught.value)
    assert "NoneType' object" not in text
    assert "array(" not in text


def test_there_are_enough_messages():
    assert len(MESSAGES) >= 40


def test_every_error_of_ours_has_one_root_and_a_python_parent():
    for error, parent in (
        (ShapeError, ValueError),
        (DTypeError, TypeError),
        (OptionError, ValueError),
        (ArgumentError, TypeError),
        (NameNotFoundError, AttributeError),
        (DisposedError, RuntimeError),
        (TraceError, RuntimeError),
        (DeviceError, RuntimeError),
    ):
        assert issubclass(error, TfError)
        assert issubclass(error, parent)


def test_a_disposed_tensor_names_the_op_it_was_passed_to():
    with pytest.raises(DisposedError) as caught:
        tf.matMul(tf.ones([1, 2]), disposed())
    assert any("mat_mul" in note for note in caught.value.__notes__)


def test_an_error_leaves_the_engine_usable():
    for call, error, _ in MESSAGES:
        with pytest.raises(error):
            call()
    x = tf.variable(tf.tensor([1.0]))
    x.assign(x + 1)
    assert x.array_sync() == [2]
    assert math.isclose(tf.grad(lambda t: t * t)(tf.scalar(3.0)).item(), 6)


def test_a_loss_that_is_no_number_is_reported_once():
    model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [3]})]})
    model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
    x = np.full((4, 3), np.nan, np.float32)
    with pytest.warns(tf.NumericWarning, match="fit: the loss is nan in epoch 1.*TerminateOnNaN") as noted:
        asyncio.run(model.fit(x, np.ones((4, 1)), epochs=3))
    assert len(noted) == 1
