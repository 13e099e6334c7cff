"""Names for what users give, where many types will do: `Any` to this package's own code, which converts it.

The type stubs (`tools/stubs/`) spell out what each of them is, in `tools/stubs/typing.pyi`.
"""

from typing import Annotated, Any

TensorLike = Annotated[Any, "TensorLike"]
"""A tensor, a number, nested lists of numbers, or an array."""
Values = Annotated[Any, "Values"]
"""What tensors are made of: as TensorLike, and strings."""
Data = Annotated[Any, "Data"]
"""What models take: TensorLike, or a list or dict of them for several inputs or outputs."""
Batches = Annotated[Any, "Batches"]
"""Data, or a dataset or iterable that gives batches."""
ShapeLike = Annotated[Any, "ShapeLike"]
"""Dimensions; None for an unknown one."""
DTypeLike = Annotated[Any, "DTypeLike"]
"""A dtype by its name, or NumPy's."""
ClassWeights = Annotated[Any, "ClassWeights"]
"""Factors by the number of a class; for several outputs a list or dict of these."""
LossWeights = Annotated[Any, "LossWeights"]
"""Factors of the losses of outputs, as a list or by name."""
SampleWeights = Annotated[Any, "SampleWeights"]
"""A factor for each sample, or each of its steps; for several outputs a list or dict of these."""
Verbose = Annotated[Any, "Verbose"]
YieldEvery = Annotated[Any, "YieldEvery"]
OptimizerLike = Annotated[Any, "OptimizerLike"]
LossLike = Annotated[Any, "LossLike"]
LossesLike = Annotated[Any, "LossesLike"]
"""A loss, or a list or dict of losses for several outputs."""
MetricLike = Annotated[Any, "MetricLike"]
MetricsLike = Annotated[Any, "MetricsLike"]
"""A metric, a list of them, or a dict by output."""
InitializerLike = Annotated[Any, "InitializerLike"]
RegularizerLike = Annotated[Any, "RegularizerLike"]
ConstraintLike = Annotated[Any, "ConstraintLike"]
ActivationLike = Annotated[Any, "ActivationLike"]
CallbacksLike = Annotated[Any, "CallbacksLike"]
"""A callback, a dict of functions by event, or a list of these."""
LayerLike = Annotated[Any, "LayerLike"]
LayersLike = Annotated[Any, "LayersLike"]
"""A layer, or a list of them."""
WeightsLike = Annotated[Any, "WeightsLike"]
"""The values of weights, in their order."""
Axes = Annotated[Any, "Axes"]
"""An axis, or a list of them."""
Function = Annotated[Any, "Function"]
"""A function of the user's own."""
ModelLike = Annotated[Any, "ModelLike"]
Symbols = Annotated[Any, "Symbols"]
"""A symbolic tensor, or a list or dict of them."""
PathLike = Annotated[Any, "PathLike"]
"""A path in the file system."""
ModelSource = Annotated[Any, "ModelSource"]
"""Where a model is loaded from or saved to: an address, a path, or an object with `load` or `save`."""
Pixels = Annotated[Any, "Pixels"]
"""An image: an element of a page, ImageData, a PIL image, an array, or `{data, width, height}`."""
NDArray = Annotated[Any, "NDArray"]
"""An array of NumPy, which is loaded when one is made."""
Shapes = Annotated[Any, "Shapes"]
"""The shape of what a layer gives, with batch, or a structure of them where it has several outputs."""
Result = Annotated[Any, "Result"]
"""What a layer or model gives: a tensor, or a structure of them where it has several outputs."""

__all__ = [
    "ActivationLike",
    "Axes",
    "Batches",
    "CallbacksLike",
    "ClassWeights",
    "ConstraintLike",
    "DTypeLike",
    "Data",
    "Function",
    "InitializerLike",
    "LayerLike",
    "LayersLike",
    "LossLike",
    "LossWeights",
    "LossesLike",
    "MetricLike",
    "MetricsLike",
    "ModelLike",
    "ModelSource",
    "NDArray",
    "OptimizerLike",
    "PathLike",
    "Pixels",
    "RegularizerLike",
    "Result",
    "SampleWeights",
    "ShapeLike",
    "Shapes",
    "Symbols",
    "TensorLike",
    "Values",
    "Verbose",
    "WeightsLike",
    "YieldEvery",
]
