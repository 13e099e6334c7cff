"""Examples of losses and metrics: two samples with their targets, and the number of each; classes give the mean of these."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from inspect import cleandoc
from typing import Any, NamedTuple

from tfjs_pyo import documenting
from tfjs_pyo.doc_examples import section, with_example


class Pair(NamedTuple):
    """Targets, predictions, and the number of each sample, or of all together.

    Example:
        >>> Pair("[[0], [0]]", "[[1], [2]]", (1, 4)).mean
        '2.5'
    """

    y_true: str
    y_pred: str
    numbers: Sequence[float]
    options: str = ""

    @property
    def tensor(self) -> str:
        """What the prompt shows of the numbers."""
        return f"Tensor [{', '.join(map(_shown, self.numbers))}]"

    @property
    def mean(self) -> str:
        """What it shows of their mean as a float."""
        return _shown(float(sum(self.numbers) / len(self.numbers)))


def _shown(number: float) -> str:
    """Returns a number, with '...' for the digits that differ from machine to machine."""
    short = float(f"{number:.6g}")
    cut = f"{math.trunc(number * 1000) / 1000}"
    return str(number) if short * 100 == round(short * 100) else f"{cut}..."


_LABELS, _BITS = "[[1, 0], [0, 1]]", "[[1], [0]]"
_SHARES, _BIT_SHARES = "[[0.5, 0.5], [0.25, 0.75]]", "[[0.5], [0.25]]"
_OF_HALF, _OF_MORE = -math.log(0.5), -math.log(0.75)
PAIRS = {
    "mean_squared_error": Pair("[[0, 0], [0, 0]]", "[[1, 1], [2, 0]]", (1, 2)),
    "mean_absolute_error": Pair("[[0, 0], [0, 0]]", "[[1, 1], [-2, 2]]", (1, 2)),
    "mean_absolute_percentage_error": Pair("[[1, 1], [4, 4]]", "[[2, 1], [3, 3]]", (50, 25)),
    "mean_squared_logarithmic_error": Pair("[[0], [1]]", "[[1], [7]]", (math.log(2) ** 2, math.log(4) ** 2)),
    "log_cosh": Pair("[[0], [0]]", "[[1], [-2]]", (math.log(math.cosh(1)), math.log(math.cosh(2)))),
    "kl_divergence": Pair("[[1, 0], [0, 1]]", "[[0.5, 0.5], [0.25, 0.75]]", (_OF_HALF, _OF_MORE)),
    "poisson": Pair("[[1], [2]]", "[[2], [2]]", (2 - math.log(2), 2 - 2 * math.log(2))),
    "hinge": Pair("[[1], [-1]]", "[[0.5], [0.5]]", (0.5, 1.5)),
    "squared_hinge": Pair("[[1], [-1]]", "[[0.5], [0.5]]", (0.25, 2.25)),
    "categorical_hinge": Pair(_LABELS, "[[0.75, 0.25], [0.5, 0.5]]", (0.5, 1)),
    "huber": Pair("[[0], [0]]", "[[1], [3]]", (0.5, 2.5)),
    "cosine_similarity": Pair("[[0, 1], [3, 4]]", "[[0, 2], [-4, 3]]", (-1, 0)),
    "categorical_crossentropy": Pair(_LABELS, _SHARES, (_OF_HALF, _OF_MORE)),
    "sparse_categorical_crossentropy": Pair("[0, 1]", _SHARES, (_OF_HALF, _OF_MORE)),
    "binary_crossentropy": Pair(_BITS, _BIT_SHARES, (_OF_HALF, _OF_MORE)),
    "binary_focal_crossentropy": Pair(_BITS, _BIT_SHARES, (_OF_HALF / 4, _OF_MORE / 16)),
    "categorical_focal_crossentropy": Pair(_LABELS, _SHARES, (_OF_HALF / 16, _OF_MORE / 64)),
    "categorical_generalized_cross_entropy": Pair("[0, 1]", "[[0.25, 0.75], [0, 1]]", (1, 0), "q=0.5"),
    "dice": Pair("[[1, 1, 0, 0]]", "[[1, 0, 1, 0]]", (0.5,)),
    "tversky": Pair("[[1, 1, 0]]", "[[1, 0, 0]]", (1 - 1 / 1.9,), "alpha=0.9"),
    "circle": Pair(
        "[0, 0, 1, 1]", "[[1, 0], [1, 0], [0, 1], [0, 1]]", [math.log(1 + 2 * math.exp(-0.32))] * 4, "gamma=1"
    ),
    "ctc": Pair("[[1], [1]]", "[[[0, 0]], [[0, 0]]]", (_OF_HALF, _OF_HALF)),
    "accuracy": Pair("[[1, 2], [3, 4]]", "[[1, 2], [0, 4]]", (1, 0.5)),
    "binary_accuracy": Pair("[1, 0]", "[0.75, 0.75]", (1, 0)),
    "categorical_accuracy": Pair(_LABELS, "[[0.75, 0.25], [0.75, 0.25]]", (1, 0)),
    "sparse_categorical_accuracy": Pair("[0, 1]", "[[0.75, 0.25], [0.75, 0.25]]", (1, 0)),
    "top_k_categorical_accuracy": Pair("[[0, 0, 1], [1, 0, 0]]", "[[1, 3, 2], [1, 2, 3]]", (1, 0), "k=2"),
    "sparse_top_k_categorical_accuracy": Pair("[2, 0]", "[[1, 3, 2], [1, 2, 3]]", (1, 0), "k=2"),
    "pearson_correlation": Pair("[[1, 2], [1, 2], [1, 2]]", "[[1, 3], [3, 1], [0, 4]]", (1, -1, 1)),
    "concordance_correlation": Pair("[[0, 20], [0, 20]]", "[[0, 20], [10, 30]]", (1, 2 / 3)),
}
"""By Keras's names of functions."""


_IMPORTS = "from tfjs_pyo import keras"


def _arguments(pair: Pair) -> str:
    return ", ".join(filter(None, [pair.y_true, pair.y_pred, pair.options]))


def of_function(name: str) -> str:
    """Returns the section of one of Keras's losses.

    Args:
        name: of the function.
    """
    pair = PAIRS[name]
    output = pair.tensor if len(pair.numbers) > 1 else f"Tensor {pair.mean}"
    return section(_IMPORTS, f"keras.losses.{name}({_arguments(pair)})", output)


def of_loss(kind: str, name: str) -> str:
    """Returns the section of a class of losses.

    Args:
        kind: name of the class.
        name: of its function.
    """
    pair = PAIRS[name]
    call = f"float(keras.losses.{kind}({pair.options})({pair.y_true}, {pair.y_pred}))"
    return section(_IMPORTS, call, pair.mean)


def of_metric(kind: str, name: str) -> str:
    """Returns the section of a class of metrics.

    Args:
        kind: name of the class.
        name: of its function.
    """
    pair = PAIRS[name]
    return section(
        _IMPORTS,
        f"metric = keras.metrics.{kind}({pair.options})",
        f"metric.update_state({pair.y_true}, {pair.y_pred})",
        "float(metric.result())",
        _shown(abs(float(pair.mean))) if name == "cosine_similarity" else pair.mean,
    )


def complete(functions: Iterable[Callable[..., Any]]) -> None:
    """Gives Keras's losses the examples, and the meanings of parameters, that their docstrings lack.

    Args:
        functions: of targets and predictions.
    """
    found = {each.__name__: each for each in functions}
    for name, function in found.items():
        function.__doc__ = with_example(cleandoc(function.__doc__ or ""), of_function(name))
    documenting.complete({"__all__": list(found), **found})


__all__ = ["PAIRS", "Pair", "complete", "of_function", "of_loss", "of_metric"]
