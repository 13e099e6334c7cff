"""Dense layers over any axes. Source: https://keras.io/api/layers/core_layers/einsum_dense/"""

from __future__ import annotations

from typing import Any

from tfjs_pyo import activations, constraints, initializers, ops, regularizers
from tfjs_pyo.config import field, keras_field
from tfjs_pyo.config import shape as convert_shape
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError
from tfjs_pyo.layers.base import BatchShape, Layer, no_lora, no_quantization

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class EinsumDense(Layer):
    """activation(einsum(equation, inputs, kernel) + bias).

    Args:
        equation: letters for the axes of inputs, kernel and outputs, as in `tf.einsum`; '...' stands for axes that stay.
        output_shape: of a sample; None where a dimension is that of the inputs.
        activation: name or function; none unless given.
        bias_axes: letters of the outputs along which the bias differs; no bias unless given.
        kernel_initializer, bias_initializer: first values.
        kernel_regularizer, bias_regularizer: penalties.
        kernel_constraint, bias_constraint: projections after updates.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.einsumDense({"equation": "abc,cd->abd", "outputShape": [None, 3], "biasAxes": "d"})
        >>> layer(tf.ones([2, 5, 4])).shape
        (2, 5, 3)

    Source: https://keras.io/api/layers/core_layers/einsum_dense/
    """

    per_sample = True

    equation: str = field()
    output_shape: Any = field(convert=convert_shape)
    activation: Any = field("linear", activations.ACTIVATIONS.convert, keras=None)
    bias_axes: str | None = field(None)
    kernel_initializer: Any = field("glorot_uniform", initializers.INITIALIZERS.convert)
    bias_initializer: Any = field("zeros", initializers.INITIALIZERS.convert)
    kernel_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    bias_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    kernel_constraint: Any = field(None, constraints.CONSTRAINTS.convert)
    bias_constraint: Any = field(None, constraints.CONSTRAINTS.convert)
    lora_rank: int | None = keras_field(None, no_lora, saved=False)
    lora_alpha: float | None = keras_field(None, no_lora, saved=False)
    gptq_unpacked_column_size: int | None = keras_field(None, no_quantization, saved=False)
    quantization_config: Any = keras_field(None, no_quantization, saved=False)
    activity_regularizer: Any = field(None, regularizers.REGULARIZERS.convert, keyword_only=True)

    def _terms(self, rank: int) -> tuple[str, str, str]:
        """Returns the letters of inputs, kernel and outputs, '...' spelled out."""
        left, arrow, outputs = self.equation.replace(" ", "").partition("->")
        terms = left.split(",")
        if not arrow or len(terms) != 2:
            raise OptionError(
                f"{self.display_name}: expected an equation such as 'abc,cd->abd', received {self.equation!r}."
            )
        inputs, kernel = terms
        letters = _LETTERS[: max(0, rank - len(inputs.replace("...", "")))]
        inputs, outputs = inputs.replace("...", letters), outputs.replace("...", letters)
        if len(inputs) != rank:
            raise OptionError(
                f"{self.display_name}: expected inputs of rank {len(inputs)} for {self.equation!r}, received rank {rank}."
            )
        return inputs, kernel, outputs

    def _sizes(self, input_shape: BatchShape) -> dict[str, int | None]:
        inputs, _, outputs = self._terms(len(input_shape))
        sizes: dict[str, int | None] = dict(zip(inputs, input_shape, strict=True))
        wanted = (None, *self.output_shape)
        for letter, dim in zip(outputs[-len(wanted) :], wanted[-len(outputs) :], strict=True):
            if dim is not None:
                if sizes.get(letter) not in (None, dim):
                    raise OptionError(
                        f"{self.display_name}: expected output axis {letter!r} of length {sizes[letter]}, received {dim}."
                    )
                sizes[letter] = dim
        return sizes

    def build(self, input_shape: BatchShape) -> None:
        _, kernel, outputs = self._terms(len(input_shape))
        sizes = self._sizes(input_shape)
        shape = [
            self._require_known(sizes.get(c), f"the axis {c!r} of the kernel", input_shape) for c in kernel
        ]
        self.kernel = self._declared_weight("kernel", shape)
        self.bias = None
        if self.bias_axes:
            first = min(outputs.index(letter) for letter in self.bias_axes)
            dims = [
                self._require_known(sizes.get(c), f"the axis {c!r} of the bias", input_shape)
                if c in self.bias_axes
                else 1
                for c in outputs[first:]
            ]
            self.bias = self._declared_weight("bias", dims)

    def call(self, inputs: Tensor) -> Tensor:
        result = ops.einsum("{},{}->{}".format(*self._terms(inputs.rank)), inputs, self.kernel)
        result = result if self.bias is None else result + self.bias
        activated: Tensor = self.activation(result)
        return activated

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        sizes = self._sizes(input_shape)
        return tuple(sizes.get(letter) for letter in self._terms(len(input_shape))[2])
