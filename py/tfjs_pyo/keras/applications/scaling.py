"""The layers that only models of `keras.applications` have; saved models name them."""

from __future__ import annotations

from typing import Any

from tfjs_pyo import initializers, ops
from tfjs_pyo.config import field, number, positive_int
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.keras.layer import Layer


class CustomScaleLayer(Layer, dialect=KERAS):
    """The first of two tensors plus the second times a number.

    Args:
        scale: the number.

    Source: https://keras.io/api/applications/inceptionresnetv2/
    """

    keras_module = "tfjs_pyo.keras.src.applications.inception_resnet_v2"
    per_sample = True
    _several_inputs = True

    scale: float = field(convert=number())

    def call(self, inputs: list[Tensor]) -> Tensor:
        return inputs[0] + inputs[1] * self.scale

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape[0]


class LayerScale(Layer, dialect=KERAS):
    """Each channel times a learned number.

    Args:
        init_values: what the numbers begin with.
        projection_dim: how many channels there are.

    Source: https://keras.io/api/applications/convnext/
    """

    keras_module = "tfjs_pyo.keras.src.applications.convnext"
    per_sample = True

    init_values: float = field(convert=number())
    projection_dim: int = field(convert=positive_int)

    def build(self, input_shape: Any) -> None:  # noqa: ARG002 (a layer's parameter)
        self.gamma = self.add_weight(
            (self.projection_dim,), initializer=initializers.Constant(self.init_values)
        )

    def call(self, inputs: Tensor) -> Tensor:
        return inputs * self.gamma


class StochasticDepth(Layer, dialect=KERAS):
    """Leaves whole samples out at random while training, and makes up for it in the others.

    Args:
        drop_path_rate: how many.

    Source: https://arxiv.org/abs/1603.09382
    """

    keras_module = "tfjs_pyo.keras.src.applications.convnext"
    per_sample = True

    drop_path_rate: float = field(convert=number(0, 1))

    def call(self, inputs: Tensor, training: Any = None) -> Tensor:
        if not training:
            return inputs
        kept = 1 - self.drop_path_rate
        shape = (inputs.shape[0], *(1 for _ in inputs.shape[1:]))
        return inputs / kept * ops.floor(kept + ops.random_uniform(shape))


LAYERS = {kind.__name__: kind for kind in (CustomScaleLayer, LayerScale, StochasticDepth)}
"""By the names that files have for them."""

__all__ = ["LAYERS", "CustomScaleLayer", "LayerScale", "StochasticDepth"]
