"""What no test, doctest included, leaves to the next: names, settings, saved models. And each has the same random numbers."""

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tfjs_pyo import config, platform, serialization
from tfjs_pyo.callbacks import base
from tfjs_pyo.core import debug
from tfjs_pyo.core.rng import set_seed
from tfjs_pyo.graph_models import declare
from tfjs_pyo.io import handlers, management, memory
from tfjs_pyo.keras.config import _Settings

SEED = 7
_TABLES: list[dict[str, Any]] = [
    *(registry.items for _, registry in serialization._REGISTRIES),
    serialization._REGISTERED,
    serialization._CUSTOM,
    config.DECLARED,
    declare.CUSTOM,
    platform._production,
    vars(management._STORES[memory._SCHEME])["models"],
]
_LISTS: tuple[list[Any], ...] = (handlers._SAVE_ROUTERS, handlers._LOAD_ROUTERS, base._CONSTRUCTORS)


def pytest_report_header() -> str:
    """Say what every test begins with."""
    return f"random seed of every test: {SEED}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Begin with the seed; put tables of names and settings back afterwards."""
    random.seed(SEED)
    np.random.seed(SEED)
    set_seed(SEED)
    tables = [table.copy() for table in _TABLES]
    lists = [each.copy() for each in _LISTS]
    settings = {name: value for name, value in vars(_Settings).items() if not name.startswith("__")}
    result = yield
    for (_, registry), table in zip(serialization._REGISTRIES, _TABLES, strict=False):
        if registry.items is not table:
            raise RuntimeError(
                f"{item.nodeid} replaced the table of each {registry.kind}, which others share."
            )
    for table, before in zip(_TABLES, tables, strict=True):
        for name in [name for name, entry in table.items() if before.get(name) is not entry]:
            _put_back(table, name, before, item)
        table.update(before)  # what was taken away
    for found, before_it in zip(_LISTS, lists, strict=True):
        found[:] = before_it
    for name, value in settings.items():
        setattr(_Settings, name, value)
    debug.enable(False)
    return result


def _put_back(table: dict[str, Any], name: str, before: dict[str, Any], item: pytest.Item) -> None:
    """Make an entry what it was; those of modules that were imported late are the package's own, and stay."""
    module = str(getattr(table[name], "__module__", ""))
    if name in before:
        table[name] = before[name]
    elif not module.startswith("tfjs_pyo.") or _is_of_doctest(table[name], item):
        del table[name]


def _is_of_doctest(entry: Any, item: pytest.Item) -> bool:
    """Whether a doctest defined a class or function: it goes by the name of the module that the doctest stands in."""
    module = getattr(item.parent, "obj", None) if isinstance(item, pytest.DoctestItem) else None
    return module is not None and (
        entry.__module__ == module.__name__ and vars(module).get(entry.__name__) is not entry
    )
