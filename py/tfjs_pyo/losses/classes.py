"""Keras's losses as objects: a function of true and predicted values with its options, and how its numbers are reduced."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from tfjs_pyo import naming, ops
from tfjs_pyo.config import ByClass, Configurable, choice, field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.doc_examples import losses as examples
from tfjs_pyo.dtype_names import DTYPE_OPTION
from tfjs_pyo.forms import FORMS
from tfjs_pyo.losses import keras_functions as functions
from tfjs_pyo.losses.functions import CLASSES, LOSSES
from tfjs_pyo.losses.keras_functions import as_tensor, same_rank
from tfjs_pyo.types import TensorLike

_REDUCTIONS = ("sum_over_batch_size", "sum", "none", "mean", "mean_with_sample_weight")


_REDUCTION = "'sum_over_batch_size' (the mean), 'sum', 'none' (or None), 'mean' or 'mean_with_sample_weight'."


class Loss(Configurable, dialect=KERAS):
    """Base of losses: a subclass defines `call(y_true, y_pred)`, which gives a number for each sample.

    Args:
        name: what messages call it.
        reduction: 'sum_over_batch_size' (the mean), 'sum', 'none' (or None), 'mean' or 'mean_with_sample_weight'.
        dtype: float32 is what is computed, whatever is asked for.

    Example:
        >>> from tfjs_pyo import keras
        >>> loss = keras.losses.MeanSquaredError()
        >>> float(loss([[0.0, 1.0]], [[1.0, 1.0]]))
        0.5

    Source: https://keras.io/api/losses/#base-loss-api
    """

    keras_module = "tfjs_pyo.keras.losses"
    _internal: ClassVar[tuple[str, ...]] = ("like",)

    name: str | None = field(None)
    reduction: str | None = field("sum_over_batch_size", choice(*_REDUCTIONS))
    dtype: Any = field(None, DTYPE_OPTION.convert, saved=False)

    like: ClassVar[Any] = None
    """The function of TensorFlow.js that it is a form of, where it treats each sample by itself: 'accuracy' depends on it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = self.name or naming.keras_unique(type(self).__name__)

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """Returns a number for each sample; a subclass defines it, and calling the object reduces the numbers.

        Args:
            y_true: float32 tensor of true values with a batch axis.
            y_pred: float32 tensor of predicted values.

        Raises:
            NotImplementedError: a subclass that does not define it.

        Example:
            >>> from tfjs_pyo import keras
            >>> class Largest(keras.losses.Loss):
            ...     def call(self, y_true, y_pred):
            ...         return keras.ops.max(keras.ops.abs(y_true - y_pred), axis=-1)
            >>> float(Largest()([[0.0, 0.0], [0.0, 0.0]], [[1.0, 3.0], [5.0, 0.0]]))
            4.0

        Source: https://keras.io/api/losses/#base-loss-api
        """
        raise NotImplementedError(f"{self.display_name}: a loss must define call(y_true, y_pred).")

    def __call__(
        self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None
    ) -> Tensor:
        """Returns the reduced loss.

        Args:
            y_true, y_pred: tensors, arrays or lists of numbers.
            sample_weight: a factor of each sample's loss.
        """
        true, predicted = as_tensor(y_true), as_tensor(y_pred)
        each = self.call(ops.cast(true, "float32"), ops.cast(predicted, "float32"))
        weight = None if sample_weight is None else ops.cast(as_tensor(sample_weight), "float32")
        masks = [vars(tensor).get("mask") for tensor in (predicted, each)]
        mask = functions.both([ops.cast(each, "bool") for each in masks if each is not None])
        return reduced(each, weight, mask, self.reduction)


def reduced(each: Tensor, weight: Tensor | None, mask: Tensor | None, reduction: str | None) -> Tensor:
    """Returns numbers of samples with their weights, as one number if the reduction asks for it.

    Args:
        each: number of each sample.
        weight: factors, or None.
        mask: which samples count, or None for all.
        reduction: as `Loss` has it.
    """
    if mask is not None:
        counted = ops.cast(mask, "float32")
        if reduction in ("mean", "sum_over_batch_size"):
            counted = counted * ops.div_no_nan(float(mask.size), ops.sum(counted))
        if weight is not None:
            counted, weight = same_rank(counted, weight)
            counted = weight * counted
        weight = counted
    if weight is not None:
        each, weight = same_rank(each, weight)
        each = each * weight
    if reduction in (None, "none") or each.shape in ((), (0,)):
        return each
    total: Tensor = ops.sum(each)
    if reduction == "sum":
        return total
    if reduction == "mean_with_sample_weight" and weight is not None:
        return ops.div_no_nan(total, ops.sum(weight))
    return ops.div_no_nan(total, float(each.size))


class _OfFunction(Loss):
    """Base of losses that are a function: their fields are its options."""

    _internal: ClassVar[tuple[str, ...]] = ("function", "options")
    function: ClassVar[Callable[..., Tensor]]
    options: ClassVar[tuple[str, ...]]

    name: str | None = field(None, keras=ByClass(lambda kind: naming.keras_snake(kind.__name__)))

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        kind = type(self)
        return kind.function(
            *same_rank(as_tensor(y_true), as_tensor(y_pred)),
            **{name: getattr(self, name) for name in kind.options},
        )


_CONVERT = {
    "label_smoothing": number(0, 1), "alpha": number(0), "beta": number(0), "gamma": number(0), "delta": number(0),
    "q": number(0, 1), "margin": number(),
}  # fmt: skip


def _of(
    name: str,
    function: Callable[..., Tensor],
    order: tuple[str, ...] | None = None,
    called: str | None = None,
    **given: Any,
) -> type[Loss]:
    """Returns the class of losses that a function is: its options are the fields.

    Args:
        name: of the class.
        function: of true and predicted values and options.
        order: of the fields, where reduction and name do not follow the options.
        called: what the objects are called, where it is not the class's name in snake_case.
        given: defaults of options that are others than the function's.
    """
    parameters = list(inspect.signature(function).parameters.values())[2:]
    defaults = {p.name: given.get(p.name, p.default) for p in parameters if not p.name.startswith("ref_")}
    own: dict[str, Any] = {key: field(value, _CONVERT.get(key)) for key, value in defaults.items()}
    if called is not None:
        own["name"] = field(None, keras=called)
    body = {
        "function": staticmethod(function),
        "options": tuple(defaults),
        "order": (*(order or (*defaults, "reduction", "name")), "dtype"),
        "like": staticmethod(function.like) if hasattr(function, "like") else None,
        "__doc__": _doc(name, function, defaults),
        "__module__": Loss.keras_module,
    }
    return type(name, (_OfFunction,), {**own, **body})


def _doc(name: str, function: Callable[..., Tensor], options: Mapping[str, Any]) -> str:
    """Returns the docstring of a class of losses from that of its function."""
    example = examples.of_loss(name, function.__name__)
    text, _, args = inspect.cleandoc(function.__doc__ or "").removeprefix("Returns ").partition("\n\nArgs:\n")
    told = [line for line in args.splitlines() if line.split(":")[0].strip().split(",")[0] in options]
    listed = "\n".join([*told, f"    reduction: {_REDUCTION}", "    name: what messages call it."])
    return (
        f"{text[0].upper()}{text[1:]}\n\nArgs:\n{listed}\n\n{example}\n\nSource: https://keras.io/api/losses/"
    )


for _class in (
    _of("MeanSquaredError", functions.mean_squared_error),
    _of("MeanAbsoluteError", functions.mean_absolute_error),
    _of("MeanAbsolutePercentageError", functions.mean_absolute_percentage_error),
    _of("MeanSquaredLogarithmicError", functions.mean_squared_logarithmic_error),
    _of("LogCosh", functions.log_cosh),
    _of("KLDivergence", functions.kl_divergence),
    _of("Poisson", functions.poisson),
    _of("Hinge", functions.hinge),
    _of("SquaredHinge", functions.squared_hinge),
    _of("CategoricalHinge", functions.categorical_hinge),
    _of("Huber", functions.huber, called="huber_loss"),
    _of("CosineSimilarity", functions.cosine_similarity),
    _of("CategoricalCrossentropy", functions.categorical_crossentropy),
    _of(
        "SparseCategoricalCrossentropy",
        functions.sparse_categorical_crossentropy,
        ("from_logits", "ignore_class", "reduction", "axis", "name"),
    ),
    _of("BinaryCrossentropy", functions.binary_crossentropy),
    _of("BinaryFocalCrossentropy", functions.binary_focal_crossentropy),
    _of("CategoricalFocalCrossentropy", functions.categorical_focal_crossentropy),
    _of("CategoricalGeneralizedCrossEntropy", functions.categorical_generalized_cross_entropy, q=0.5),
    _of("Dice", functions.dice, ("reduction", "name", "axis")),
    _of("Tversky", functions.tversky, ("alpha", "beta", "reduction", "name", "axis")),
    _of("Circle", functions.circle, ("gamma", "margin", "remove_diagonal", "reduction", "name"), gamma=80.0),
    _of("CTC", functions.ctc),
):
    CLASSES.register(_class)
for _name, _function in functions.FUNCTIONS.items():
    if not hasattr(_function, "like") or FORMS.get(_function.like) is not _function:
        LOSSES.register(_function, _name)
