"""Forms of slice, concat, reverse and pad for one rank each, which check it: `slice1d` to `slice4d` and so on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo.core.graph import Node
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.ops.declare import public
from tfjs_pyo.ops.movement import concat, pad, reverse, slice_

Axes = int | Sequence[int] | None


def _check(name: str, rank: int, x: Node) -> None:
    if x.rank != rank:
        raise ShapeError(f"{name}: expected a tensor of rank {rank}, received shape {x.shape}.")


def _forms(
    family: str, make: Callable[[str, int], Callable[..., Any]], sequence: bool = False
) -> list[Callable[..., Any]]:
    """Returns the functions of a family for ranks 1 to 4.

    Args:
        family: name of the general function.
        make: `(name, rank) -> body`.
        sequence: whether the first parameter is a list of tensors.
    """
    forms = []
    for rank in range(1, 5):
        name = f"{family}{rank}d"
        body = make(name, rank)
        body.__name__ = body.__qualname__ = name
        body.__doc__ = (
            f"Returns what `{family}` gives for {'tensors' if sequence else 'a tensor'} of rank {rank}.\n\n"
            f"    Raises:\n        ShapeError: another rank.\n\n"
            f"    Source: https://js.tensorflow.org/api/latest/#{family}"
        )
        forms.append(public(1, sequence=sequence, method=False, composed=True)(body))
    return forms


def _slice(name: str, rank: int) -> Callable[..., Node]:
    def sliced(x: Node, begin: int | Sequence[int], size: int | Sequence[int]) -> Node:
        _check(name, rank, x)
        result: Node = slice_(x, begin, size)
        return result

    return sliced


def _concat(name: str, rank: int) -> Callable[..., Node]:
    def joined(tensors: list[Node], axis: int = 0) -> Node:
        for tensor in tensors:
            _check(name, rank, tensor)
        result: Node = concat(tensors, axis)
        return result

    return joined


def _reverse(name: str, rank: int) -> Callable[..., Node]:
    def reversed_(x: Node, axis: Axes = None) -> Node:
        _check(name, rank, x)
        result: Node = reverse(x, axis)
        return result

    return reversed_


def _pad(name: str, rank: int) -> Callable[..., Node]:
    def padded(x: Node, paddings: Sequence[int] | Sequence[Sequence[int]], constant_value: float = 0) -> Node:
        _check(name, rank, x)
        # pad1d takes its one pair without the list around it.
        pairs = [paddings] if rank == 1 and paddings and isinstance(paddings[0], int) else paddings
        result: Node = pad(x, pairs, constant_value)
        return result

    return padded


slice1d, slice2d, slice3d, slice4d = _forms("slice", _slice)
concat1d, concat2d, concat3d, concat4d = _forms("concat", _concat, sequence=True)
reverse1d, reverse2d, reverse3d, reverse4d = _forms("reverse", _reverse)
pad1d, pad2d, pad3d, pad4d = _forms("pad", _pad)
