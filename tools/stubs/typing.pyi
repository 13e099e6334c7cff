"""What users may give, by name: `tfjs_pyo.types` has the same names for the package's own code."""

from collections.abc import AsyncIterable, Callable, Iterable, Mapping, Sequence
from os import PathLike as _OsPath
from typing import Any, Literal, Protocol, Required, TypeAlias, TypedDict

import numpy as _np

from tfjs_pyo import keras as _keras
from tfjs_pyo.callbacks.base import Callback as _Callback
from tfjs_pyo.constraints import Constraint as _Constraint
from tfjs_pyo.core.tensor import Tensor as _Tensor
from tfjs_pyo.data.dataset import Dataset as _Dataset
from tfjs_pyo.initializers import Initializer as _Initializer
from tfjs_pyo.layers.base import Layer as _Layer
from tfjs_pyo.layers.symbols import SymbolicTensor as _SymbolicTensor
from tfjs_pyo.models.base import Model as _Model
from tfjs_pyo.optimizers.base import Optimizer as _Optimizer
from tfjs_pyo.regularizers import Regularizer as _Regularizer

class Array(Protocol):
    """An array of NumPy, or of another package that NumPy can read."""

    def __array__(self, *args: Any, **kwargs: Any) -> Any: ...

_Number: TypeAlias = complex | Array
_Strings: TypeAlias = (
    str | bytes | Sequence[str] | Sequence[Sequence[str]] | Sequence[Sequence[Sequence[str]]]
)

TensorLike: TypeAlias = (
    _Number
    | Sequence[_Number]
    | Sequence[Sequence[_Number]]
    | Sequence[Sequence[Sequence[_Number]]]
    | Sequence[Sequence[Sequence[Sequence[_Number]]]]
    | Sequence[Sequence[Sequence[Sequence[Sequence[_Number]]]]]
    | Sequence[Sequence[Sequence[Sequence[Sequence[Sequence[_Number]]]]]]
)
Values: TypeAlias = TensorLike | _Strings
Data: TypeAlias = Values | Mapping[str, Values]
Batches: TypeAlias = (
    Data
    | _Dataset
    | _keras.utils.PyDataset
    | Iterable[Any]
    | AsyncIterable[Any]
    | Callable[[], Iterable[Any]]
)
ClassWeights: TypeAlias = (
    Mapping[int, float] | Sequence[Mapping[int, float] | None] | Mapping[str, Mapping[int, float] | None]
)
LossWeights: TypeAlias = Sequence[float] | Mapping[str, float]
SampleWeights: TypeAlias = TensorLike | Sequence[TensorLike | None] | Mapping[str, TensorLike | None]
Verbose: TypeAlias = int | Literal["auto"]
YieldEvery: TypeAlias = float | Literal["auto", "batch", "epoch", "never"]
ShapeLike: TypeAlias = int | Sequence[int | None]
DTypeLike: TypeAlias = str | type[Any] | Any
DType: TypeAlias = Literal["float32", "int32", "bool", "complex64", "string"]

class _TfjsConfig(TypedDict, total=False):
    className: Required[str]
    config: Mapping[str, Any]

class _KerasConfig(TypedDict, total=False):
    class_name: Required[str]
    config: Mapping[str, Any]
    module: str | None
    registered_name: str | None

_Config: TypeAlias = _TfjsConfig | _KerasConfig
_Function: TypeAlias = Callable[..., Any]
OptimizerLike: TypeAlias = str | _Optimizer | _keras.optimizers.Optimizer | _Config
LossLike: TypeAlias = str | _keras.losses.Loss | Callable[[Any, Any], Any] | _Config
LossesLike: TypeAlias = LossLike | Sequence[LossLike | None] | Mapping[str, LossLike | None]
MetricLike: TypeAlias = str | _keras.metrics.Metric | Callable[[Any, Any], Any] | _Config
MetricsLike: TypeAlias = (
    MetricLike
    | Sequence[MetricLike | Sequence[MetricLike] | None]
    | Mapping[str, MetricLike | Sequence[MetricLike] | None]
)
InitializerLike: TypeAlias = (
    str | _Initializer | _keras.initializers.Initializer | type[_Initializer] | _Config | _Function
)
RegularizerLike: TypeAlias = str | _Regularizer | _keras.regularizers.Regularizer | _Config | _Function
ConstraintLike: TypeAlias = str | _Constraint | _keras.constraints.Constraint | _Config | _Function
ActivationLike: TypeAlias = str | Callable[[Any], Any] | _Layer | _keras.layers.Layer
_OneCallback: TypeAlias = _Callback | _keras.callbacks.Callback | Mapping[str, _Function]
CallbacksLike: TypeAlias = _OneCallback | Sequence[_OneCallback]
LayerLike: TypeAlias = _Layer | _keras.layers.Layer
LayersLike: TypeAlias = LayerLike | Sequence[LayerLike | _SymbolicTensor]
WeightsLike: TypeAlias = Sequence[TensorLike]
Axes: TypeAlias = int | Sequence[int]
Function: TypeAlias = Callable[..., Any]
ModelLike: TypeAlias = _Model | _keras.Model
Symbols: TypeAlias = (
    _SymbolicTensor
    | Sequence[_SymbolicTensor | Sequence[_SymbolicTensor]]
    | Mapping[str, _SymbolicTensor | Sequence[_SymbolicTensor]]
)
PathLike: TypeAlias = str | _OsPath[str]
ModelSource: TypeAlias = str | _OsPath[str] | Any
Pixels: TypeAlias = Any
NDArray: TypeAlias = _np.ndarray[Any, _np.dtype[Any]]
Shapes: TypeAlias = tuple[int | None, ...] | Any
Result: TypeAlias = _Tensor | Any
SymbolicResult: TypeAlias = _SymbolicTensor | Any
