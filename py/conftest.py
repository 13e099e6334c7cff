"""Doctests run as a user's program does, so that the classes they define are not taken for the package's own."""

import pytest


@pytest.fixture(autouse=True)
def as_a_program(doctest_namespace: dict[str, object]) -> None:
    """Let doctests run as the main module."""
    doctest_namespace["__name__"] = "__main__"
