"""Which cases `make check` runs: few of many, spread, and all where files are not committed."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import choosing

OTHER, MINE = Path("other.py"), Path("mine.py")


def collected(path: Path, name: str, count: int) -> list[SimpleNamespace]:
    """What pytest collects of a test of many cases."""
    return [SimpleNamespace(path=path, nodeid=f"{path}::{name}[{case}]") for case in range(count)]


@pytest.mark.parametrize(
    ("count", "few", "kept"),
    [
        (1, 3, [0]),
        (3, 3, [0, 1, 2]),
        (4, 3, [0, 2, 3]),
        (101, 3, [0, 50, 100]),
        (9, 1, [0]),
        (9, 2, [0, 8]),
    ],
)
def test_few_cases_of_each_test_are_spread_over_all(count, few, kept):
    items = [*collected(OTHER, "test_a", count), *collected(OTHER, "test_b", 1)]
    left_out = list(choosing.beyond_few(items, few, []))
    assert [item.nodeid for item in items if item not in left_out] == [
        *(f"other.py::test_a[{case}]" for case in kept),
        "other.py::test_b[0]",
    ]


def test_files_that_are_not_committed_keep_all():
    items = [*collected(OTHER, "test_a", 20), *collected(MINE, "test_a", 20)]
    left_out = list(choosing.beyond_few(items, 3, [str(MINE)]))
    assert len(left_out) == 17
    assert {item.path for item in left_out} == {OTHER}


def test_git_tells_what_is_not_committed(monkeypatch, tmp_path):
    def git(*arguments):
        names = ["-c", "user.name=a", "-c", "user.email=a@b"]
        choosing.subprocess.run(["git", *names, *arguments], cwd=tmp_path, check=True, capture_output=True)

    monkeypatch.setattr(choosing, "ROOT", tmp_path)
    assert choosing.uncommitted() == []
    git("init")
    for name in ("kept.py", "changed.py", "moved.py"):
        (tmp_path / name).write_text(name)
    git("add", ".")
    git("commit", "-m", "all")
    assert choosing.uncommitted() == []
    (tmp_path / "changed.py").write_text("other")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a new one.py").write_text("")
    git("mv", "moved.py", "folder/moved.py")
    expected = {"changed.py", "moved.py", "folder/moved.py", "folder/a new one.py"}
    assert choosing.uncommitted() == sorted(str(tmp_path / name) for name in expected)
