"""Compressed copies of the site's files: made once, when the server starts or the site is exported, not for each request."""

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from tools.site import Site

PACKED = {".whl", ".zip", ".gz", ".png"}
"""Endings of files that are compressed already."""
LEAST_GAIN = 0.1
"""The share of its bytes that a copy must save."""


def version(content: Path | str) -> str:
    """What changes whenever a content does: of a file its time and size, of a text its hash."""
    if isinstance(content, str):
        return hashlib.sha256(content.encode()).hexdigest()[:16]
    status = content.stat()
    return f"{status.st_mtime_ns:x}-{status.st_size:x}"


@lru_cache(maxsize=4096)
def _copy(content: Path | str, _version: str) -> bytes | None:
    """The compressed content, or None where that saves next to nothing; kept for all servers of a process."""
    if isinstance(content, Path) and content.suffix in PACKED:
        return None
    data = content.encode() if isinstance(content, str) else content.read_bytes()
    copy = gzip.compress(data, 9, mtime=0)
    return copy if len(copy) < (1 - LEAST_GAIN) * len(data) else None


def compressed(content: Path | str) -> bytes | None:
    """The gzip of a file or text of the site, or None where it saves less than a tenth."""
    return _copy(content, version(content))


class Gzipped:
    """The compressed copies of a site's files, as they were when the server started."""

    def __init__(self, site: Site) -> None:
        contents = [content for place in site.places() if (content := site.find(place)) is not None]
        self._copies = {
            (content, version(content)): copy
            for content in contents
            if (copy := compressed(content)) is not None
        }

    def find(self, content: Path | str) -> bytes | None:
        """The copy of a file or text; None where there is none, or the file has changed since."""
        return self._copies.get((content, version(content)))
