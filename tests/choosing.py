"""Which cases of tests `make check` leaves out: of many a few are enough while somebody works on something else."""

import subprocess
from collections import defaultdict
from collections.abc import Collection, Iterator

import pytest

from tools.site import ROOT


def uncommitted() -> list[str]:
    """The files that differ from what was committed last; none where git cannot tell."""
    command = ["git", "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames"]
    try:
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return []
    return sorted(str(ROOT / entry[3:]) for entry in told.split("\0") if entry)


def beyond_few(items: list[pytest.Item], few: int, whole: Collection[str]) -> Iterator[pytest.Item]:
    """Yields the cases that are left out.

    Args:
        items: all that was collected.
        few: how many cases a test keeps, spread over all of them: the first, the last, and some between.
        whole: files whose tests keep all cases.
    """
    cases: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if str(item.path) not in whole:
            cases[item.nodeid.partition("[")[0]].append(item)
    for of_one in cases.values():
        last = len(of_one) - 1
        kept = {round(place * last / max(1, few - 1)) for place in range(few)}
        if last >= few:
            yield from (item for place, item in enumerate(of_one) if place not in kept)
