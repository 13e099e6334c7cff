"""Layers around a layer: over time, and in both directions. Source: https://js.tensorflow.org/api/latest/#Layers-Wrapper"""

from __future__ import annotations

from typing import Any

from tfjs_pyo import initializers, naming, ops
from tfjs_pyo.config import choice, field, keras_field, positive_int
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.layers.base import LAYERS, BatchShape, Layer
from tfjs_pyo.layers.input_spec import array_arguments
from tfjs_pyo.layers.rnn_layers import Recurrent, first_shape
from tfjs_pyo.shapes import batch_advice
from tfjs_pyo.types import LayerLike, Result, Shapes, WeightsLike


class Wrapper(Layer):
    """Base of layers around another layer, which is built with them.

    Args:
        layer: the layer, or its config.

    Example:
        >>> import tfjs_pyo as tf
        >>> class Twice(tf.layers.Wrapper):
        ...     def call(self, inputs):
        ...         return self.layer.apply(inputs) * 2
        >>> Twice(tf.layers.reLU())(tf.tensor([-1, 3]))
        Tensor
            [0, 6]

    Source: https://keras.io/api/layers/core_layers/wrapper/
    """

    layer: LayerLike = field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.layer = LAYERS.get(self.layer, f"{self.display_name}: layer")

    def build(self, input_shape: Any) -> None:
        self.layer._ensure_built(input_shape)


class SpectralNormalization(Wrapper):
    """A layer whose kernel is divided by its largest singular value in each step of training (Miyato et al., 2018).

    Args:
        layer: one with a kernel, or an Embedding.
        power_iterations: steps that the singular value is found in.

    Raises:
        OptionError: the layer has neither.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.spectralNormalization({"layer": tf.layers.dense({"units": 3})})
        >>> layer.apply(tf.ones([2, 4]), {"training": True}).shape
        (2, 3)

    Source: https://keras.io/api/layers/normalization_layers/spectral_normalization/
    """

    power_iterations: int = field(1, positive_int)

    def build(self, input_shape: Any) -> None:
        super().build(input_shape)
        self.kernel: Any = getattr(self.layer, "kernel", getattr(self.layer, "embeddings", None))
        if self.kernel is None:
            raise OptionError(
                f"{self.display_name}: expected a layer with a kernel or embeddings, received {type(self.layer).__name__}."
            )
        self._own.append(self.kernel)  # so it comes first among the weights, as in Keras
        self.vector_u = self.add_weight(
            "vector_u",
            (1, self.kernel.shape[-1]),
            initializer=initializers.TruncatedNormal(stddev=0.02),
            trainable=False,
        )

    def call(self, inputs: Tensor, training: bool = False) -> Result:
        if training:
            self._normalize()
        return self.layer._run(inputs, {"training": training})

    def _normalize(self) -> None:
        """Divides the kernel. Gradients are those of the kernel that results, as where it is assigned outside of a step."""
        kernel, u = self.kernel.read(), self.vector_u.read()
        weights = ops.reshape(ops.stop_gradient(kernel), (-1, kernel.shape[-1]))
        for _ in range(self.power_iterations):
            v = _of_length_one(ops.mat_mul(u, weights, False, True))
            u = _of_length_one(ops.mat_mul(v, weights))
        sigma = ops.mat_mul(ops.mat_mul(v, weights), u, False, True)
        empty = ops.all(ops.equal(weights, 0))
        divided = ops.where(empty, weights, weights / ops.where(empty, 1.0, sigma))
        change = ops.stop_gradient(ops.reshape(divided - weights, kernel.shape))
        self.kernel.assign(kernel + change)
        self.vector_u.assign(ops.stop_gradient(ops.where(empty, self.vector_u, u)))

    def compute_output_shape(self, input_shape: Any) -> Shapes:
        return self.layer._shapes_of_call(input_shape, {})


def _of_length_one(x: Tensor) -> Tensor:
    return x * ops.rsqrt(ops.maximum(ops.sum(ops.square(x)), _LEAST))


_LEAST = 1e-12


class TimeDistributed(Wrapper):
    """Applies a layer to every step of sequences [batch, steps, ...].

    Args:
        layer: the layer, or its config.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.timeDistributed({"layer": tf.layers.dense({"units": 4})})(tf.ones([2, 3, 5])).shape
        (2, 3, 4)

    Source: https://js.tensorflow.org/api/latest/#layers.timeDistributed
    """

    per_sample = True
    supports_masking = True

    def _require_steps(self, shape: BatchShape) -> None:
        if len(shape) < 3:
            raise ShapeError(
                f"{self.display_name}: expected inputs of rank 3 or more [batch, steps, ...], received shape {shape}."
                f"{batch_advice(shape, 3)}"
            )

    def build(self, input_shape: BatchShape) -> None:
        self._require_steps(input_shape)
        self.layer._ensure_built((input_shape[0], *input_shape[2:]))

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        self._require_steps(inputs.shape)
        batch, steps = inputs.shape[:2]
        flat = ops.reshape(inputs, (batch * steps, *inputs.shape[2:]))
        result = self.layer._run(flat, {"training": training})
        whole: Tensor = ops.reshape(result, (batch, steps, *result.shape[1:]))
        return whole

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        self._require_steps(input_shape)
        inner = self.layer._shapes_of_call((input_shape[0], *input_shape[2:]), {})
        return (*input_shape[:2], *inner[1:])


class Bidirectional(Layer):
    """Runs a recurrent layer in both directions and joins the outputs.

    Args:
        layer: the layer, or its config; two copies are made, named with 'forward_' and 'backward_'.
        merge_mode: 'concat', 'sum', 'mul', 'ave', or None for both outputs.

    Example:
        >>> import tfjs_pyo as tf
        >>> both = tf.layers.bidirectional({"layer": tf.layers.lstm({"units": 4}), "mergeMode": "concat"})
        >>> both(tf.ones([2, 3, 5])).shape
        (2, 8)

    Source: https://js.tensorflow.org/api/latest/#layers.bidirectional
    """

    _several_inputs = True
    per_sample = True

    layer: LayerLike = field()
    merge_mode: str | None = field("concat", choice("concat", "sum", "mul", "ave"))
    _first_weights: WeightsLike | None = field(None, saved=False, argument="weights")
    backward_layer: LayerLike = keras_field(None, saved=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = LAYERS.get(self.layer, f"{self.display_name}: layer")
        if not isinstance(given, Recurrent):
            raise OptionError(
                f"{self.display_name}: expected a recurrent layer, received {type(given).__name__}."
            )
        self.layer = given
        config = {**given.get_config(), "batch_input_shape": None}
        backwards = {**config, "go_backwards": not given.go_backwards}
        self.forward_layer = type(given).from_config({**config, "name": f"forward_{given.name}"})
        other = self.backward_layer and LAYERS.get(
            self.backward_layer, f"{self.display_name}: backward_layer"
        )
        if other is None:
            self.backward_layer = type(given).from_config({**backwards, "name": f"backward_{given.name}"})
        elif not isinstance(other, Recurrent) or other.go_backwards is given.go_backwards:
            raise OptionError(
                f"{self.display_name}: expected 'backward_layer' to be a recurrent layer that goes the other way than 'layer', "
                f"received {other!r}."
            )
        else:
            self.backward_layer = other
        for each in (self.forward_layer, self.backward_layer):
            each.zero_output_for_mask = type(self).dialect.masked_zeros and each.return_sequences
        if self.batch_input_shape is None:
            self.batch_input_shape = given.batch_input_shape

    def _sublayers(self) -> list[Layer]:
        return [self.forward_layer, self.backward_layer]

    def build(self, input_shape: Any) -> None:
        shape = first_shape(input_shape)
        self.forward_layer._ensure_built(shape)
        self.backward_layer._ensure_built(shape)

    def apply(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Applies the layer; the first half of `initial_state` is of the forward layer.

        Args:
            inputs: sequences, [batch, steps, features].
            args: options as a mapping, as in TensorFlow.js.
            kwargs: `initial_state`, `training` and `mask`, in any spelling.

        Returns:
            The joined outputs, or a list of both if 'mergeMode' is None; with 'returnState' of the layer the states after them.

        Example:
            >>> import tfjs_pyo as tf
            >>> inner = tf.layers.simpleRNN({"units": 1, "activation": "linear", "kernelInitializer": "ones",
            ...     "recurrentInitializer": "zeros"})
            >>> both = tf.layers.bidirectional({"layer": inner})
            >>> both.apply(tf.tensor3d([[[1], [2], [3]]])).array_sync()
            [[3.0, 1.0]]
        """
        kwargs = array_arguments(self._named_arguments(args, kwargs))
        name = naming.nearest_spelling("initialState", kwargs)
        states = kwargs.pop(name) if name is not None else None
        given = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
        return super().apply([*given, *states] if states else inputs, **kwargs)

    def _argument_names(self) -> list[str]:
        return ["initial_state", *super()._argument_names()]

    def call(self, inputs: Any, mask: Any = None, training: bool = False) -> Result:
        x, states = (inputs[0], list(inputs[1:])) if isinstance(inputs, (list, tuple)) else (inputs, [])
        mask = mask[0] if isinstance(mask, list) else mask
        half = len(states) // 2
        arguments = {"mask": mask, "training": training}
        there = self.forward_layer._run([x, *states[:half]] if states else x, arguments)
        back = self.backward_layer._run([x, *states[half:]] if states else x, arguments)
        after: list[Tensor] = []
        if self.forward_layer.return_state:
            after = [*there[1:], *back[1:]]
            there, back = there[0], back[0]
        if self.forward_layer.return_sequences:
            back = ops.reverse(back, 1)
        joined = self._joined(there, back)
        return [*joined, *after] if after or len(joined) > 1 else joined[0]

    def _joined(self, there: Tensor, back: Tensor) -> list[Tensor]:
        if self.merge_mode is None:
            return [there, back]
        if self.merge_mode == "concat":
            return [ops.concat([there, back], -1)]
        if self.merge_mode == "mul":
            return [there * back]
        total = there + back
        return [total * 0.5 if self.merge_mode == "ave" else total]

    def compute_output_shape(self, input_shape: Any) -> Shapes:
        found = self.forward_layer._shapes_of_call(first_shape(input_shape), {})
        whole, states = (found[0], found[1:]) if self.forward_layer.return_state else (found, [])
        if self.merge_mode == "concat":
            whole = (*whole[:-1], 2 * whole[-1])
        outputs = [whole, whole] if self.merge_mode is None else [whole]
        every = [*outputs, *states, *states]
        return every if len(every) > 1 else whole

    def compute_mask(self, inputs: Any, mask: Any = None) -> Result:
        return self.forward_layer.compute_mask(inputs, mask)
