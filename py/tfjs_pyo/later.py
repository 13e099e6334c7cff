"""Modules of Python's that are loaded when they are first used: an import of the package costs no more for them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio
    import difflib
    import http.client as http_client
    import secrets
    import shutil
    import tempfile
    import urllib.error as urllib_error
    import urllib.parse as urllib_parse
    import urllib.request as urllib_request
    import zipfile
    from importlib import resources
else:

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

    asyncio, difflib, resources, secrets, shutil, tempfile, zipfile = map(
        Later, ("asyncio", "difflib", "importlib.resources", "secrets", "shutil", "tempfile", "zipfile")
    )
    http_client, urllib_error, urllib_parse, urllib_request = map(
        Later, ("http.client", "urllib.error", "urllib.parse", "urllib.request")
    )

__all__ = [
    "asyncio",
    "difflib",
    "http_client",
    "resources",
    "secrets",
    "shutil",
    "tempfile",
    "urllib_error",
    "urllib_parse",
    "urllib_request",
    "zipfile",
]
