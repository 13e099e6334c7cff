"""Modules that are loaded when they are first used: an import of the package costs no more for them.

Python's own stand below. One of the package's is named where it is used, for type checkers as well:

    if TYPE_CHECKING:
        from tfjs_pyo import regex
    else:
        regex = Later("tfjs_pyo.regex")

Public names that come later stand in a table LATER of their module, by `names_later`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any


class Later:
    """Stands for a module; each attribute is looked up in it, which loads it.

    Example:
        >>> Later("math").floor(2.5)
        2
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._name), name)


def names_later(module: str, table: Mapping[str, Collection[str]]) -> Callable[[str], Any]:
    """Returns a module's `__getattr__`: names whose modules are loaded when they are first asked for (PEP 562).

    Args:
        module: its name.
        table: the names, by the module that has them, as `from module import names` says it.

    Raises:
        AttributeError: the table has no such name.
    """
    places = {name: place for place, names in table.items() for name in names}

    def find(name: str) -> Any:
        if name not in places:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        place = places[name]
        part = place == module
        value = import_module(f"{place}.{name}") if part else getattr(import_module(place), name)
        setattr(sys.modules[module], name, value)
        return value

    return find


if TYPE_CHECKING:
    import asyncio
    import csv
    import difflib
    import html
    import http.client as http_client
    import pathlib
    import random
    import secrets
    import shutil
    import tempfile
    import urllib.error as urllib_error
    import urllib.parse as urllib_parse
    import urllib.request as urllib_request
    import wave
    import zipfile
    from importlib import resources
else:
    asyncio, csv, difflib, html, pathlib, random, secrets, shutil, tempfile, wave, zipfile = map(
        Later,
        (
            "asyncio",
            "csv",
            "difflib",
            "html",
            "pathlib",
            "random",
            "secrets",
            "shutil",
            "tempfile",
            "wave",
            "zipfile",
        ),
    )
    resources = Later("importlib.resources")
    http_client, urllib_error, urllib_parse, urllib_request = map(
        Later, ("http.client", "urllib.error", "urllib.parse", "urllib.request")
    )

__all__ = [
    "Later", "asyncio", "csv", "difflib", "html", "http_client", "names_later", "pathlib", "random", "resources", "secrets",
    "shutil", "tempfile", "urllib_error", "urllib_parse", "urllib_request", "wave", "zipfile",
]  # fmt: skip
