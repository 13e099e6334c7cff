"""Core layers. Source: https://js.tensorflow.org/api/latest/#Layers-Basic"""

from __future__ import annotations

import inspect
import math
from typing import Any, ClassVar

from tfjs_pyo import activations, constraints, initializers, naming, ops, regularizers
from tfjs_pyo.config import (
    REQUIRED,
    Order,
    choice,
    field,
    keras_field,
    number,
    positive_int,
    unsupported,
    whole_numbers,
)
from tfjs_pyo.config import shape as convert_shape
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtype_names import DTYPE_OPTION
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError
from tfjs_pyo.layers.base import BatchShape, Layer, SymbolicTensor, no_lora, no_quantization
from tfjs_pyo.layers.symbols import Remade
from tfjs_pyo.shapes import batch_advice, infer_reshape
from tfjs_pyo.types import DTypeLike, Function, Result, ShapeLike, Shapes


class InputLayer(Layer):
    """The place where data enters a model.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.inputLayer({"inputShape": [4]})
        >>> tf.sequential({"layers": [layer, tf.layers.dense({"units": 2})]}).output_shape
        (None, 2)
    """

    per_sample = True
    supports_masking = True
    _symbol: Remade | None = None

    order: ClassVar[Order] = (
        "sample_shape", "batch_size", "dtype", "sparse", "ragged", "batch_input_shape", "input_tensor", "optional",
        "name", ...,
    )  # fmt: skip

    sample_shape: tuple[int | None, ...] | None = field(
        None, convert_shape, saved=False, argument="input_shape", keras_name="shape"
    )
    batch_size: int | None = field(None, saved=False)
    dtype: str = field("float32", DTYPE_OPTION.convert, keras=None)
    sparse: bool = field(False, keras=None)
    ragged: bool | None = keras_field(None, unsupported("there are no ragged tensors here"))
    batch_input_shape: BatchShape | None = field(None, convert_shape, keras_name="batch_shape")
    input_tensor: SymbolicTensor | None = keras_field(None, saved=False)
    optional: bool = keras_field(False)
    name: str | None = field(None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.input_tensor is not None and self.batch_input_shape is None:
            self.batch_input_shape = self.input_tensor.shape
        if self.batch_input_shape is None:
            raise OptionError(
                f"{self.display_name}: expected 'inputShape' (without batch) or 'batchInputShape'."
            )
        self.built = True

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_symbol": None}

    @property
    def output(self) -> SymbolicTensor:
        """The symbolic tensor of the input."""
        if self._symbol is not None:
            return self._symbol.of(self, None)[0]
        symbol = SymbolicTensor(self.output_shape, self.dtype, self, None, 0)
        self._symbol = Remade([symbol])
        return symbol

    @property
    def input(self) -> SymbolicTensor:
        """The same."""
        return self.output

    @property
    def output_shape(self) -> BatchShape:
        """The shape of the input, with batch."""
        return tuple(self.batch_input_shape or ())

    def get_output_at(self, node_index: int) -> Any:
        """Returns the symbolic tensor: an input has one place, 0.

        Args:
            node_index: 0.

        Raises:
            ArgumentError: another number.

        Example:
            >>> import tfjs_pyo as tf
            >>> tf.layers.inputLayer({"inputShape": [3]}).getOutputAt(0).shape
            (None, 3)
        """
        return self.output if node_index == 0 else super().get_output_at(node_index)

    def get_input_at(self, node_index: int) -> Any:
        """Returns the same as `get_output_at`.

        Args:
            node_index: 0.

        Raises:
            ArgumentError: another number.

        Example:
            >>> import tfjs_pyo as tf
            >>> tf.layers.inputLayer({"inputShape": [3]}).getInputAt(0).shape
            (None, 3)
        """
        return self.get_output_at(node_index)

    def get_config(self) -> dict[str, Any]:
        # As TF.js saves the options: Keras refuses others.
        config = super().get_config()
        del config["trainable"]
        return config

    def _name_prefix(self) -> str:
        return "input"

    def call(self, inputs: Tensor) -> Tensor:
        return inputs


@naming.bridge
def input_(
    shape: ShapeLike | None = None,
    *,
    batch_shape: ShapeLike | None = None,
    name: str | None = None,
    dtype: DTypeLike | None = None,
    sparse: bool = False,
) -> SymbolicTensor:
    """Returns the symbolic tensor of an input.

    Args:
        shape: of one sample.
        batch_shape: the same with batch.
        name: of the input.
        dtype: of its values; default: 'float32'.
        sparse: accepted for Keras; inputs are dense.

    Raises:
        ArgumentError: neither shape is given.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.input({"shape": [8]}).shape, tf.keras.Input((8,)).shape
        ((None, 8), (None, 8))

    Source: https://js.tensorflow.org/api/latest/#input
    """
    given = {"name": name, "dtype": dtype, "sparse": sparse}
    options = {key: value for key, value in given.items() if value is not None}
    if batch_shape is not None:
        return InputLayer(batch_input_shape=batch_shape, **options).output
    if shape is None:
        raise ArgumentError("input: expected 'shape' (of one sample) or 'batchShape'.")
    return InputLayer(input_shape=shape, **options).output


class Masking(Layer):
    """Marks steps that hold nothing but one value: recurrent layers behind it skip them.

    Args:
        mask_value: the value; default: 0.

    Example:
        >>> import tfjs_pyo as tf
        >>> x = tf.layers.masking()(tf.tensor([[[1, 2], [0, 0]]]))
        >>> tf.layers.simpleRNN({"units": 3, "returnSequences": True})(x).shape
        (1, 2, 3)

    Source: https://js.tensorflow.org/api/latest/#layers.masking
    """

    per_sample = True
    _makes_masks = True

    mask_value: float = field(0.0, number())

    def _used(self, inputs: Tensor) -> Tensor:
        if inputs.rank < 2:
            raise ShapeError(
                f"{self.display_name}: expected inputs [batch, steps, ...], received shape {inputs.shape}."
            )
        return ops.any(ops.not_equal(inputs, self.mask_value), -1)

    def call(self, inputs: Tensor) -> Tensor:
        return ops.where(ops.expand_dims(self._used(inputs), -1), inputs, 0.0)

    def compute_mask(self, inputs: Tensor, mask: Any = None) -> Tensor:  # noqa: ARG002 (a new mask takes its place)
        return self._used(inputs)


class Dense(Layer):
    """activation(inputs @ kernel + bias) over the last axis.

    Args:
        units: size of the output.
        activation: name or function; none unless given.
        use_bias: whether there is a bias.
        kernel_initializer, bias_initializer: first values.
        kernel_regularizer, bias_regularizer, activity_regularizer: penalties.
        kernel_constraint, bias_constraint: projections after updates.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.dense({"units": 1, "kernelInitializer": "ones", "activation": "relu"})
        >>> layer(tf.tensor([[1, 2], [3, -4]]))
        Tensor
            [[3],
             [0]]
        >>> tf.layers.dense({"units": 3})(tf.ones([2, 5, 4])).shape
        (2, 5, 3)

    Source: https://js.tensorflow.org/api/latest/#layers.dense
    """

    per_sample = True
    supports_masking = True

    units: int = field(convert=positive_int)
    activation: Any = field("linear", activations.ACTIVATIONS.convert, keras=None)
    use_bias: bool = field(True)
    kernel_initializer: Any = field("glorotNormal", initializers.INITIALIZERS.convert, keras="glorot_uniform")
    bias_initializer: Any = field("zeros", initializers.INITIALIZERS.convert)
    kernel_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    bias_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    activity_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    kernel_constraint: Any = field(None, constraints.CONSTRAINTS.convert)
    bias_constraint: Any = field(None, constraints.CONSTRAINTS.convert)
    lora_rank: int | None = keras_field(None, no_lora, saved=False)
    lora_alpha: float | None = keras_field(None, no_lora, saved=False)
    quantization_config: Any = keras_field(None, no_quantization, saved=False)
    input_dim: int | None = field(None, keyword_only=True, saved=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.input_dim is not None and self.batch_input_shape is None:
            self.batch_input_shape = (None, self.input_dim)

    def build(self, input_shape: BatchShape) -> None:
        if len(input_shape) < 2:
            raise ShapeError(
                f"{self.display_name}: expected inputs of rank 2 or more [batch, ..., features], received {input_shape}."
                f"{batch_advice(input_shape, 2)}"
            )
        features = self._require_known(input_shape[-1], "the last dimension", input_shape)
        self.kernel = self._declared_weight("kernel", (features, self.units))
        if self.use_bias:
            self.bias = self._declared_weight("bias", (self.units,))

    def call(self, inputs: Tensor) -> Tensor:
        features = self.kernel.shape[0]
        if inputs.shape[-1] != features:
            raise ShapeError(
                f"{self.display_name}: expected inputs whose last dimension is {features}, as the kernel of shape "
                f"{self.kernel.shape} was built for, received shape {inputs.shape}."
            )
        flat = inputs if inputs.rank == 2 else ops.reshape(inputs, (-1, features))
        result = ops.mat_mul(flat, self.kernel)
        if self.use_bias:
            result = ops.add(result, self.bias)
        result = (self.activation or activations.linear)(result)
        return result if inputs.rank == 2 else ops.reshape(result, (*inputs.shape[:-1], self.units))

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        return (*input_shape[:-1], self.units)


class Activation(Layer):
    """An activation as a layer.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.activation({"activation": "relu"})(tf.tensor([-1, 2]))
        Tensor
            [0, 2]

    Source: https://js.tensorflow.org/api/latest/#layers.activation
    """

    per_sample = True
    supports_masking = True

    activation: Any = field(convert=activations.ACTIVATIONS.convert)

    def call(self, inputs: Tensor) -> Tensor:
        return (self.activation or activations.linear)(inputs)


class ActivityRegularization(Layer):
    """Its inputs, and a penalty on them: l1 * sum(|x|) + l2 * sum(x^2), a mean over samples.

    Args:
        l1, l2: factors of the penalty.

    Example:
        >>> import tfjs_pyo as tf
        >>> x = tf.input({"shape": [2]})
        >>> y = tf.layers.activityRegularization({"l1": 0.5}).apply(x)
        >>> model = tf.model({"inputs": x, "outputs": y})
        >>> model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
        >>> float(model.evaluate(tf.tensor([[1, -3]]), tf.tensor([[1, -3]])))
        2.0

    Source: https://keras.io/api/layers/regularization_layers/activity_regularization/
    """

    per_sample = True
    supports_masking = True

    l1: float = field(0.0, number(0))
    l2: float = field(0.0, number(0))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.activity_regularizer = regularizers.L1L2(l1=self.l1, l2=self.l2)

    def call(self, inputs: Tensor) -> Tensor:
        return inputs


class Dropout(Layer):
    """Sets inputs to 0 at random while training, and scales the rest to keep the mean.

    Args:
        rate: probability of 0, in [0, 1).
        noise_shape: shape that broadcasts to the inputs': elements along its axes of length 1 go together.
        seed: for the same choices in each run.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.dropout({"rate": 0.5})
        >>> layer(tf.ones([1, 4]))
        Tensor
             [[1, 1, 1, 1],]
        >>> y = layer.apply(tf.ones([1, 100]), {"training": True})
        >>> set(y.array_sync()[0]) == {0, 2}
        True

    Source: https://js.tensorflow.org/api/latest/#layers.dropout
    """

    per_sample = True
    supports_masking = True

    rate: float = field(convert=number(0, 1, open_high=True))
    noise_shape: tuple[int | None, ...] | None = field(None, convert_shape)
    seed: int | None = field(None)

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        if not training or self.rate == 0:
            return inputs
        return ops.dropout(inputs, self.rate, self.noise_shape, self.seed)


class Flatten(Layer):
    """All axes but the batch as one; channels last, also from images of channels first.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.flatten()(tf.tensor([[[1, 2], [3, 4]]]))
        Tensor
             [[1, 2, 3, 4],]

    Source: https://js.tensorflow.org/api/latest/#layers.flatten
    """

    per_sample = True

    data_format: str | None = field(None, choice("channels_last", "channels_first"))

    def call(self, inputs: Tensor) -> Tensor:
        if inputs.rank < 2:
            raise ShapeError(
                f"{self.display_name}: expected inputs of rank 2 or more, received shape {inputs.shape}."
            )
        if self.data_format == "channels_first" and inputs.rank > 2:
            inputs = ops.transpose(inputs, (0, *range(2, inputs.rank), 1))
        return ops.reshape(inputs, (inputs.shape[0], math.prod(inputs.shape[1:])))

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        dims = [
            self._require_known(dim, "every dimension but the batch", input_shape) for dim in input_shape[1:]
        ]
        return (input_shape[0], math.prod(dims))


def _target_dims(owner: str, name: str, value: Any) -> tuple[int, ...]:
    """Returns the dimensions with -1 for the unknown one, which TF.js saves as null."""
    given = [-1 if dim is None else dim for dim in value] if isinstance(value, (list, tuple)) else value
    return whole_numbers(owner, name, given)


class Reshape(Layer):
    """Each sample in another shape; one dimension may be -1.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.reshape({"targetShape": [2, -1]})(tf.tensor([[1, 2, 3, 4]])).array_sync()
        [[[1.0, 2.0], [3.0, 4.0]]]

    Source: https://js.tensorflow.org/api/latest/#layers.reshape
    """

    per_sample = True

    target_shape: tuple[int, ...] = field(convert=_target_dims)

    def call(self, inputs: Tensor) -> Tensor:
        return ops.reshape(inputs, (inputs.shape[0], *self._target(inputs.shape)))

    def _target(self, input_shape: BatchShape) -> tuple[int, ...]:
        dims = tuple(
            self._require_known(dim, "every dimension but the batch", input_shape) for dim in input_shape[1:]
        )
        return infer_reshape(self.display_name, dims, self.target_shape)

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        return (input_shape[0], *self._target(input_shape))


class Permute(Layer):
    """The axes of each sample in another order, counted from 1.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.permute({"dims": [2, 1]})(tf.tensor([[[1, 2, 3], [4, 5, 6]]])).array_sync()
        [[[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]]

    Source: https://js.tensorflow.org/api/latest/#layers.permute
    """

    per_sample = True

    dims: tuple[int, ...] = field(convert=whole_numbers)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise OptionError(
                f"{self.display_name}: expected 'dims' to name the axes 1 to {len(self.dims)} once, received {self.dims}."
            )

    def call(self, inputs: Tensor) -> Tensor:
        self._require_rank(inputs.shape, len(self.dims) + 1, "[batch, ...] for these 'dims'")
        return ops.transpose(inputs, (0, *self.dims))

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        self._require_rank(input_shape, len(self.dims) + 1, "[batch, ...] for these 'dims'")
        return (input_shape[0], *(input_shape[axis] for axis in self.dims))


class RepeatVector(Layer):
    """Each vector n times along a new axis.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.repeatVector({"n": 2})(tf.tensor([[1, 2]])).array_sync()
        [[[1.0, 2.0], [1.0, 2.0]]]

    Source: https://js.tensorflow.org/api/latest/#layers.repeatVector
    """

    per_sample = True

    n: int = field(convert=positive_int)

    def call(self, inputs: Tensor) -> Tensor:
        self._require_rank(inputs.shape, 2, "[batch, features]")
        wide = ops.expand_dims(inputs, 1)
        return ops.broadcast_to(wide, (inputs.shape[0], self.n, inputs.shape[1]))

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        self._require_rank(input_shape, 2, "[batch, features]")
        return (input_shape[0], self.n, input_shape[1])


class Identity(Layer):
    """Its inputs.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.identity()(tf.tensor([1, 2]))
        Tensor
            [1, 2]

    Source: https://keras.io/api/layers/core_layers/identity/
    """

    _several_inputs = True
    per_sample = True
    supports_masking = True

    def call(self, inputs: Any) -> Result:
        return inputs


class Lambda(Layer):
    """A Python function as a layer.

    TensorFlow.js's form does not save it. Keras's files name functions that have a name, and hold the code of others, which is
    run only where `load_model` is told `safe_mode=False`.

    Args:
        function: of a tensor (or list of them); may take `training` or `mask` too.
        output_shape: of a sample, or a function of the input shape; default: found by calling the function without data.
        arguments: further arguments of the function.

    Raises:
        OptionError: the function is missing, as in a config that was saved.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.keras.layers.Lambda(lambda x: x * 2)(tf.tensor([[1, 2]]))
        Tensor
             [[2, 4],]

    Source: https://keras.io/api/layers/core_layers/lambda/
    """

    _several_inputs = True
    function: Function = field(None, saved=False, keras=REQUIRED)
    output_shape: Any = field(None, saved=False)
    mask: Any = keras_field(
        None, saved=False, doc="mask of the outputs, or a function of the inputs and theirs that gives it."
    )
    arguments: Any = field(None, saved=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not callable(self.function):
            raise OptionError(
                f"{self.display_name}: expected 'function', a Python function, received {self.function!r}. Configs do not hold "
                "code: make the layer anew with its function."
            )
        self._shapes_by_calling = self.output_shape is None

    def call(self, inputs: Any, mask: Any = None, training: bool = False) -> Result:
        offered = {"mask": mask, "training": training}
        names = inspect.signature(self.function).parameters
        wanted = {name: value for name, value in offered.items() if name in names}
        return self.function(inputs, **wanted, **(self.arguments or {}))

    def compute_output_shape(self, input_shape: Any) -> Shapes:
        first = input_shape[0] if isinstance(input_shape, list) else input_shape
        if callable(self.output_shape):
            return tuple(self.output_shape(input_shape))
        if self.output_shape is not None:
            return (first[0], *self.output_shape)
        return self._shapes_of_call(input_shape, {})
