"""The bridge between the spellings: TF.js's, Keras's and Python's names mean the same, and unknown ones say so."""

import inspect

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo import naming
from tfjs_pyo.config import Configurable, field
from tfjs_pyo.errors import ArgumentError, NameNotFoundError, OptionError

SPELLINGS = [
    ("max_pooling2d", "maxPooling2d", "MaxPooling2D"),
    ("conv2d", "conv2d", "Conv2D"),
    ("batch_normalization", "batchNormalization", "BatchNormalization"),
    ("lstm", "lstm", "LSTM"),
    ("re_lu", "reLU", "ReLU"),
    ("l1l2", "l1l2", "L1L2"),
]


@pytest.mark.parametrize("names", SPELLINGS, ids=lambda names: names[1])
def test_spellings_of_one_name_fold_alike(names):
    assert len({naming.fold(name) for name in names}) == 1
    for name in names:
        assert naming.nearest_spelling(name, ["other", names[0]]) == names[0]


@pytest.mark.parametrize(
    ("name", "snake", "camel"),
    [
        ("batchNormalization", "batch_normalization", "batchNormalization"),
        ("conv2dTranspose", "conv2d_transpose", "conv2dTranspose"),
        ("GlorotNormal", "glorot_normal", "glorotNormal"),
        ("Conv2DTranspose", "conv2d_transpose", "conv2dTranspose"),
        ("ConvLSTM2DCell", "conv_lstm2d_cell", "convLstm2dCell"),
        ("CSVLogger", "csv_logger", "csvLogger"),
        ("ReduceLROnPlateau", "reduce_lr_on_plateau", "reduceLROnPlateau"),
        ("SimpleRNNCell", "simple_rnn_cell", "simpleRNNCell"),
        ("LSTMCell", "lstm_cell", "lstmCell"),
        ("ReLU", "re_lu", "reLU"),
        ("PReLU", "prelu", "prelu"),
        ("RMSProp", "rmsprop", "rmsprop"),
        ("use_bias", "use_bias", "useBias"),
        ("x", "x", "x"),
    ],
)
def test_snake_and_camel(name, snake, camel):
    assert naming.snake(name) == snake
    assert naming.camel(name) == camel


def test_dir_spells_names_as_tfjs_does():
    assert {"conv2dTranspose", "leakyReLU", "prelu", "simpleRNN", "stackedRNNCells"} <= set(dir(tf.layers))
    assert "conv2Dtranspose" not in dir(tf.layers)
    assert {"csvLogger", "reduceLROnPlateau"} <= set(dir(tf.callbacks))


PUBLIC = [
    (tf, "mat_mul", "matMul"),
    (tf, "clip_by_value", "clipByValue"),
    (tf, "zeros_like", "zerosLike"),
    (tf, "value_and_grads", "valueAndGrads"),
    (tf, "set_backend", "setBackend"),
    (tf, "Sequential", "sequential"),
    (tf, "Model", "model"),
    (tf.layers, "Dense", "dense"),
    (tf.layers, "MaxPooling2D", "maxPooling2d"),
    (tf.layers, "GlobalAveragePooling2D", "global_average_pooling2d"),
    (tf.train, "RMSProp", "rmsprop"),
    (tf.train, "SGD", "sgd"),
    (tf.initializers, "GlorotUniform", "glorotUniform"),
    (tf.regularizers, "L1L2", "l1l2"),
    (tf.constraints, "MaxNorm", "maxNorm"),
    (tf.metrics, "categorical_accuracy", "categoricalAccuracy"),
    (tf.callbacks, "EarlyStopping", "earlyStopping"),
]


@pytest.mark.parametrize(
    ("owner", "ours", "other"), PUBLIC, ids=lambda value: getattr(value, "__name__", value)
)
def test_public_names_are_found_in_every_spelling(owner, ours, other):
    assert meaning(getattr(owner, ours)) is meaning(getattr(owner, other))


def meaning(value):
    """The function that one in another spelling stands for."""
    return getattr(value, "spelling_of", value)


MAKERS = {(tf, "Tensor"): "tensor", (tf, "Variable"): "variable"}


@pytest.mark.parametrize(
    "module",
    [
        tf, tf.layers, tf.train, tf.initializers, tf.regularizers, tf.constraints, tf.metrics,
        tf.callbacks, tf.activations,
    ],
    ids=lambda module: module.__name__,
)  # fmt: skip
def test_every_public_name_of_a_module_has_a_camel_and_a_snake_spelling(module):
    for name in module.__all__:
        if name.startswith("_"):
            continue
        for spelled in (naming.camel(name), naming.snake(name)):
            meant = MAKERS.get((module, name), name)  # whose spelling is that of another public name
            assert meaning(getattr(module, spelled)) is getattr(module, meant)


@pytest.mark.parametrize(
    ("owner", "name", "message"),
    [
        (tf, "matmull", r"tf has no 'matmull'\. Did you mean 'matMul'"),
        (tf.layers, "desne", r"tf\.layers has no 'desne'\. Did you mean 'dense'"),
        (tf.train, "adamm", r"'adamm'\. Did you mean 'adam'"),
        (tf.keras.losses, "mean_square_error", r"keras\.losses has no .* Did you mean 'mean_squared_error'"),
        (tf.constraints, "zzz", r"'zzz'\. There are: .*'?maxNorm"),
    ],
)
def test_unknown_public_names_list_the_nearest(owner, name, message):
    with pytest.raises(NameNotFoundError, match=message):
        getattr(owner, name)
    with pytest.raises(AttributeError):
        getattr(owner, name)
    assert not hasattr(owner, name)


def test_methods_and_attributes_in_every_spelling():
    x = tf.tensor([[1.0, 2.0]])
    np.testing.assert_array_equal(x.arraySync(), x.array_sync())
    assert x.expandDims(0).shape == x.expand_dims(0).shape == (1, 1, 2)
    assert x.matMul(x, False, True).array_sync() == x.mat_mul(x, transpose_b=True).array_sync() == [[5]]
    with pytest.raises(NameNotFoundError, match=r"Tensor has no 'reshap'\. Did you mean 'reshape'"):
        _ = x.reshap
    layer = tf.layers.dense(units=3)
    assert layer.useBias is layer.use_bias is True
    assert layer.getConfig() == layer.get_config()
    with pytest.raises(NameNotFoundError, match=r"Dense has no 'unit'\. Did you mean 'units'"):
        _ = layer.unit


def test_private_names_are_plain_attribute_errors():
    for owner in (tf, tf.tensor([1.0]), tf.layers.dense(units=1)):
        with pytest.raises(AttributeError) as caught:
            _ = owner._nothing_of_this_name
        assert "Did you mean" not in str(caught.value)


# Arguments

CALLS = [
    lambda: tf.sum([[1.0, 2.0]], axis=1, keepDims=True),
    lambda: tf.sum([[1.0, 2.0]], axis=1, keep_dims=True),
    lambda: tf.sum([[1.0, 2.0]], 1, True),
    lambda: tf.sum([[1.0, 2.0]], {"axis": 1, "keepDims": True}),
    lambda: tf.sum([[1.0, 2.0]], 1, {"keep_dims": True}),
    lambda: tf.tensor([[1.0, 2.0]]).sum(1, keepDims=True),
]


@pytest.mark.parametrize("call", range(len(CALLS)))
def test_arguments_by_place_by_name_and_in_a_dict(call):
    assert CALLS[call]().array_sync() == [[3]]


def test_an_argument_given_twice_is_refused():
    with pytest.raises(ArgumentError, match="'keepDims' is given twice"):
        tf.sum([[1.0]], keepDims=True, keep_dims=True)
    with pytest.raises(ArgumentError, match="'units' is given twice, by place and by name"):
        tf.layers.dense(3, units=4)
    with pytest.raises(ArgumentError, match="'useBias' is given twice"):
        tf.layers.dense({"units": 3, "useBias": True, "use_bias": False})


def test_an_unknown_argument_names_the_nearest():
    with pytest.raises(ArgumentError, match=r"sum: unknown argument 'keepdim'\. Did you mean 'keepDims'"):
        tf.sum([1.0], keepdim=True)
    with pytest.raises(ArgumentError, match=r"dense: unknown argument 'unit'\. Did you mean 'units'"):
        tf.layers.dense({"unit": 3})
    with pytest.raises(
        ArgumentError, match=r"compile: unknown argument 'optimiser'\. Did you mean 'optimizer'"
    ):
        tf.sequential().compile(optimiser="sgd", loss="mse")


def test_too_many_and_missing_arguments_show_the_signature():
    with pytest.raises(ArgumentError, match=r"relu: too many positional arguments\. Expected relu\(x"):
        tf.relu([1.0], 2, 3)
    with pytest.raises(ArgumentError, match=r"missing a required argument: 'shape'.*Expected zeros\(shape"):
        tf.zeros()
    with pytest.raises(ArgumentError, match="at most"):
        tf.layers.flatten(None, 1, 2)


def test_a_type_error_of_the_function_itself_is_not_explained_away():
    @naming.bridge
    def broken(x):
        return x + "text"

    with pytest.raises(TypeError, match="unsupported operand"):
        broken(1)


def test_bridged_functions_keep_name_doc_and_signature():
    assert tf.zeros.__name__ == "zeros"
    assert "zeros" in tf.zeros.__doc__
    assert list(inspect.signature(tf.zeros).parameters) == ["shape", "dtype"]


# Option strings


@pytest.mark.parametrize("spelled", ["channelsFirst", "channels_first", "CHANNELS_FIRST"])
def test_options_in_every_spelling(spelled):
    assert tf.layers.conv2d(filters=1, kernel_size=3, data_format=spelled).data_format == "channels_first"


@pytest.mark.parametrize("spelled", ["meanSquaredError", "mean_squared_error", "mse", "MSE"])
def test_losses_in_every_spelling(spelled):
    assert tf.keras.losses.get(spelled) is tf.keras.losses.mean_squared_error


def test_unknown_options_say_what_was_passed_where_and_what_is_near():
    with pytest.raises(OptionError, match=r"'padding' to be one of 'valid', 'same', received 'smae'"):
        tf.layers.conv2d(filters=1, kernel_size=3, padding="smae")
    with pytest.raises(
        OptionError, match=r"dense: 'activation': there is no activation named 'rleu'\. Did you mean 'relu"
    ):
        tf.layers.dense(units=1, activation="rleu")
    with pytest.raises(OptionError, match=r"named 'glorot'\."):
        tf.layers.dense(units=1, kernelInitializer="glorot")


def test_suggestions_without_anything_near():
    assert naming.suggestions("zzzzzz", ["dense", "dropout"]) == " There are: dense, dropout."
    assert naming.suggestions("zzzzzz", [f"name{i}" for i in range(50)]) == ""


def test_dir_lists_every_spelling_and_each_is_there():
    for owner, some in ((tf, "matMul"), (tf.layers, "max_pooling2d"), (tf.tensor([[1.0]]), "arraySync")):
        names = dir(owner)
        assert some in names
        for name in names:
            getattr(owner, name)


# What a spelling costs


class Shape(Configurable):
    """Has a field and a property."""

    side_length: int = field(1)

    @property
    def square_area(self):
        return self.side_length**2


class Cube(Shape):
    """Redefines the property."""

    @property
    def square_area(self):
        return 6 * self.side_length**2


SPELLED = [
    (lambda: tf.ones([2, 2]), "matMul"),
    (lambda: tf.ones([2, 2]), "arraySync"),
    (lambda: tf.variable(tf.ones([2, 2])), "expandDims"),
    (lambda: tf.layers.dense(units=1), "useBias"),
    (lambda: tf.layers.dense(units=1), "trainableWeights"),
    (lambda: Shape(2), "squareArea"),
    (lambda: Shape(2), "sideLength"),
    (lambda: tf, "matMul"),
    (lambda: tf.layers, "maxPooling2d"),
    (lambda: tf.train, "rmsprop"),
]


@pytest.mark.parametrize(("make", "name"), SPELLED, ids=lambda value: value if isinstance(value, str) else "")
def test_a_spelling_is_looked_for_once_in_a_class(make, name, monkeypatch):
    first, second = make(), make()
    getattr(first, name)
    monkeypatch.setattr(naming, "nearest_spelling", lambda *_: pytest.fail("looked for again"))
    for owner in (first, second):
        getattr(owner, name)


def test_a_spelling_finds_what_a_subclass_redefines_and_what_an_instance_has():
    assert Shape(2).squareArea == 4
    assert Cube(2).squareArea == 24
    assert Shape(2).squareArea == 4
    one, other = Shape(1), Shape(1)
    one.own_value = 1
    assert one.ownValue == 1
    with pytest.raises(NameNotFoundError, match="Shape has no 'ownValue'"):
        _ = other.ownValue
