"""Writes the site as files, for any static host and any sub-path of it."""

import shutil
from pathlib import Path, PurePosixPath

from tools.compression import compressed
from tools.site import Site


def export(site: Site, destination: Path) -> int:
    """Write every file of a site, and its gzip beside it where that is smaller: hosts send `.gz` files in place of the others.

    Args:
        site: the site.
        destination: a folder; it is made where there is none.

    Returns:
        The number of files, without the compressed ones.

    Raises:
        OSError: a file stands where a folder is needed, or nothing can be written there.
    """
    count = 0
    for place in site.places():
        source = site.find(place)
        if source is None:
            continue
        target = destination / PurePosixPath(place)
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(source, Path):
            shutil.copyfile(source, target)
        else:
            target.write_text(source, encoding="utf-8")
        copy = compressed(source)
        if copy is not None:
            target.with_name(target.name + ".gz").write_bytes(copy)
        count += 1
    (destination / ".nojekyll").touch()  # GitHub's pages would hide some folders without it
    return count
