"""What the generic tests feed to an op: the domain of elementwise ops, and ready calls of the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tfjs_pyo.dtypes import DType

EXTREMES = (
    0.0,
    -0.0,
    1e-30,
    -1e-30,
    30.0,
    -30.0,
    100.0,
    -100.0,
    1e30,
    -1e30,
    float("inf"),
    float("-inf"),
    float("nan"),
)


@dataclass(frozen=True, slots=True)
class Domain:
    """Where an elementwise op is tested.

    Attributes:
        low, high: random values are uniform between these; gradients are checked there.
        dtypes: input dtypes to test.
        extremes: values tested beside them, as NumPy computes them.
        rtol, atol: agreement of both backends with float64, where the default 1e-5 is too much to ask; say why.
        kinks: points without a derivative; gradient checks stay away from them.
        edges: relative and absolute agreement with float64 over the whole range of float32, of the 'value', the 'gradient' and
            the 'second gradient', where that of tests.ops.edge_checks is too much to ask; say why.
    """

    low: float = -3.0
    high: float = 3.0
    dtypes: tuple[DType, ...] = ("float32",)
    extremes: tuple[float, ...] = EXTREMES
    rtol: float = 1e-5
    atol: float = 1e-6
    kinks: tuple[float, ...] = ()
    edges: Mapping[str, tuple[float, float]] = field(default_factory=dict)


REAL = Domain()
NUMERIC = Domain(dtypes=("float32", "int32"))
POSITIVE = Domain(low=0.05)
LOGICAL = Domain(dtypes=("float32", "int32", "bool"))


@dataclass(frozen=True, slots=True)
class Case:
    """One call of an op: shapes and dtypes of its tensors (random), and the other arguments.

    Attributes:
        shapes: of the tensor inputs.
        args, kwargs: what follows them.
        dtypes: of the tensor inputs; default: float32.
        integers: inputs of int32 are drawn from [0, integers).
        differentiable: whether the gradient is checked with respect to the float32 inputs.
    """

    shapes: tuple[tuple[int, ...], ...]
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    dtypes: tuple[DType, ...] = ()
    integers: int = 5
    differentiable: bool = True


class Cases(NamedTuple):
    """Ready calls of a public function that exercise one op."""

    function: Callable[..., Any]
    cases: tuple[Case, ...]


TABLE: dict[str, Cases] = {}
"""Calls of the ops that are not elementwise, by the name of the public function."""


def tested_with(*cases: Case) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Returns a decorator that enters a public op into the table of the generic tests."""

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        TABLE[function.__name__] = Cases(function, cases)
        return function

    return enter


COMPOSED: dict[str, tuple[Callable[..., Any], Domain, int]] = {}
"""Elementwise functions composed of others: the public function, where it is tested, and its number of tensors."""


def sampled_on(domain: Domain, arity: int = 1) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Returns a decorator that enters a composed elementwise function into the table of the generic tests."""

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        COMPOSED[function.__name__] = (function, domain, arity)
        return function

    return enter
