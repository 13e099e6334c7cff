"""Classes of this package in Keras's form: the same code, under Keras's `Dialect`."""

from __future__ import annotations

import types
from typing import Any

from tfjs_pyo.config import Configurable
from tfjs_pyo.dialects import KERAS


def keras_form(kind: type[Configurable], *forms: type[Configurable]) -> Any:
    """Returns a class that is what another one is, but for what Keras means otherwise.

    Args:
        kind: the class; the form is a subclass of it, and has its name.
        forms: those of its bases, so that forms are subclasses of one another as the classes are.
    """
    own = {"__doc__": kind.__doc__, "__module__": __name__}
    return types.new_class(
        kind.__name__, (kind, *forms), {"dialect": KERAS}, lambda namespace: namespace.update(own)
    )


__all__ = ["keras_form"]
