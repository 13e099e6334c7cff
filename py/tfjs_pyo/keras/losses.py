"""`tf.keras.losses`: classes by names that begin with a capital letter, functions by the others; in every spelling."""

from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.errors import NameNotFoundError
from tfjs_pyo.losses.classes import LOSS_CLASSES, Loss
from tfjs_pyo.losses.functions import LOSSES, get

_FUNCTIONS = {
    **LOSSES.items,
    **{short: LOSSES.items[name] for short, name in LOSSES.aliases.items()},
    "get": get,
}
_CLASSES = {**LOSS_CLASSES.items, "Loss": Loss}
__all__ = [*_FUNCTIONS]  # noqa: PLE0604 (names; those of classes differ from some only by their capitals)


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    known = _CLASSES if name[:1].isupper() else _FUNCTIONS
    found = naming.nearest_spelling(name, known)
    if found is None:
        raise NameNotFoundError(naming.unknown_name("tf.keras.losses", name, known))
    return known[found]


def __dir__() -> list[str]:
    return [*naming.spellings(_FUNCTIONS), *_CLASSES]
