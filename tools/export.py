"""Writes the site as files, for any static host and any sub-path of it."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from tools.compression import compressed
from tools.site import ROOT, Site

LIST = ".export.json"
"""The names of what an export has written, beside it: the next one removes what it does not write itself."""

SOURCES = [".git", "bench", "docs", "examples", "node_modules", "py", "tests", "tools", "types", "web"]
"""Folders of the checkout that the site, the package and its tests are made of: an export there would become a part of them."""


def source_around(folder: Path) -> Path | None:
    """The folder of sources that a folder lies in, if it does."""
    place = folder.resolve()
    return next((ROOT / name for name in SOURCES if place.is_relative_to((ROOT / name).resolve())), None)


def _former(destination: Path) -> set[str]:
    """What the list of a former export names; nothing where there is none that can be read."""
    try:
        names = json.loads((destination / LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set()
    return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()


def _note(destination: Path, names: Iterable[str]) -> None:
    (destination / LIST).write_text(json.dumps(sorted(names), indent=1), encoding="utf-8")


def _remove(destination: Path, names: Iterable[str]) -> None:
    """Removes files below a folder, and folders that become empty; never what lies elsewhere, whatever the names say."""
    root = destination.resolve()
    for name in names:
        path = root / PurePosixPath(name)
        if not path.parent.resolve().is_relative_to(root) or not path.is_file():
            continue
        path.unlink()
        for folder in path.parents:
            if folder == root or any(folder.iterdir()):
                break
            folder.rmdir()


def export(site: Site, destination: Path) -> int:
    """Write every file of a site, and its gzip beside it where that is smaller: hosts send `.gz` files in place of the others.

    What a former export wrote there and this one does not is removed: a compressed file would be sent in place of a newer one.

    Args:
        site: the site.
        destination: a folder; it is made where there is none.

    Returns:
        The number of files, without the compressed ones.

    Raises:
        OSError: a file stands where a folder is needed, or nothing can be written there.
    """
    places = {place: source for place in site.places() if (source := site.find(place)) is not None}
    former = _former(destination)
    written: set[str] = set()
    destination.mkdir(parents=True, exist_ok=True)
    _note(
        destination, {*former, *places, *(f"{place}.gz" for place in places)}
    )  # should this export not come to its end
    for place, source in places.items():
        target = destination / PurePosixPath(place)
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(source, Path):
            shutil.copyfile(source, target)
        else:
            target.write_text(source, encoding="utf-8")
        written.add(place)
        copy = compressed(source)
        if copy is not None:
            target.with_name(target.name + ".gz").write_bytes(copy)
            written.add(f"{place}.gz")
    (destination / ".nojekyll").touch()  # GitHub's pages would hide some folders without it
    _remove(destination, former - written)
    _note(destination, written)
    return len(places)
