"""Checks built wheels: `python tools/check_wheel.py A.whl [B.whl]` says what one lacks, or what two do not have in common."""

import sys
import zipfile

NEEDED = (
    "tfjs_pyo/__init__.py",
    "tfjs_pyo/py.typed",
    "tfjs_pyo/backends/glsl/",
    "tfjs_pyo/backends/webgl_js/",
    "tfjs_pyo/keras/datasets/digits.csv.gz",
    "tfjs_pyo-stubs/__init__.pyi",
    "tfjs_pyo-stubs/keras/layers.pyi",
)


def names_in(path: str) -> list[str]:
    """Returns the names of the files in a wheel."""
    with zipfile.ZipFile(path) as wheel:
        return sorted(wheel.namelist())


def problems(wheels: list[str]) -> list[str]:
    """Returns what is wrong with wheels of one source, a sentence each."""
    contents = [names_in(path) for path in wheels]
    found = [
        f"{path} lacks {needed}."
        for path, names in zip(wheels, contents, strict=True)
        for needed in NEEDED
        if not any(name.startswith(needed) for name in names)
    ]
    for path, names in zip(wheels[1:], contents[1:], strict=True):
        odd = sorted(set(contents[0]) ^ set(names))
        found += [f"{wheels[0]} and {path} differ: only one has {name}." for name in odd]
    return found


def main() -> int:
    """Prints the problems; returns the exit status."""
    found = problems(sys.argv[1:])
    print("\n".join(found) or f"{len(sys.argv) - 1} wheels checked")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
