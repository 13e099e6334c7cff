"""Doctests are programs of users: a class that one defines is no class of the package's own."""

import pytest


@pytest.fixture(autouse=True)
def as_a_program(doctest_namespace: dict[str, object]) -> None:
    """Let doctests run as the main module."""
    doctest_namespace["__name__"] = "__main__"
