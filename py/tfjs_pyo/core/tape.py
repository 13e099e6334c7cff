"""Tapes: scopes whose values keep their history, so that they can be differentiated."""

from __future__ import annotations

from typing import Self
from weakref import WeakSet

from tfjs_pyo.core import context
from tfjs_pyo.core.graph import CUSTOM_GRAD, REALIZED, Node


class Tape:
    """A scope in which realizing a value does not forget how it was computed.

    A value whose tensor was made inside belongs to the tape: it keeps its history until the tape is released, whoever asks for
    it and wherever. So tasks do not disturb each other, and what others compute meanwhile keeps nothing alive.

    Args:
        keep: whether the history is kept after the scope, until `release`.

    Example:
        >>> with Tape():
        ...     pass
    """

    def __init__(self, keep: bool = False) -> None:
        self._keep = keep
        self._outer: Tape | None = None
        self._kept: list[Node] = []
        self.is_open = False
        self.is_released = False

    def __enter__(self) -> Self:
        self._outer = innermost()
        self.is_open, self.is_released = True, False
        _in_force.add(self)
        context.enter("tapes", self)
        return self

    def __exit__(self, *exc: object) -> None:
        context.leave("tapes", self)
        self.is_open = False
        if not self._keep:
            self.release()

    def keep(self, node: Node) -> None:
        """Keeps the history of a realized node."""
        self._kept.append(node)

    def release(self) -> None:
        """Forgets the history, unless a tape around this one still needs it."""
        realized, self._kept = self._kept, []
        self.is_released = True
        _in_force.discard(self)
        for node in realized:
            settle(node)

    def in_force(self) -> Tape | None:
        """Returns this tape, or the nearest one around it that was not released."""
        tape: Tape | None = self
        while tape is not None and tape.is_released:
            tape = tape._outer  # noqa: SLF001 (a tape of this class)
        return tape


_in_force: WeakSet[Tape] = WeakSet()
"""The tapes of which gradients may still be taken."""


def is_any_in_force() -> bool:
    """Returns whether any task may still need histories."""
    return bool(_in_force)


def innermost() -> Tape | None:
    """Returns the innermost tape that is open where the code runs now; a task may outlive those that it inherited."""
    return next((tape for tape in reversed(context.current().tapes) if tape.is_open), None)


def claim(node: Node) -> None:
    """Makes a value that was made now one of the innermost open tape, unless another tape needs its history."""
    tape = innermost()
    own: Tape | None = getattr(node, "tape", None)
    if tape is not None and (own is None or own.in_force() is None):
        node.tape = tape


def settle(node: Node, fallback: Tape | None = None) -> None:
    """Keeps the history of a realized node for the tape that it belongs to, else for `fallback`; without one forgets it."""
    own: Tape | None = getattr(node, "tape", None)
    tape = (own.in_force() if own is not None else None) or fallback
    if tape is not None:
        tape.keep(node)
    else:
        detach_history(node)


def detach_history(node: Node) -> None:
    """Makes a realized node one that only has a value."""
    if node.op is CUSTOM_GRAD:
        del node.rule
    node.op = REALIZED
    node.inputs = ()
    node.attrs = None
    node.depth = 0
