"""Writes the list from which web/service-worker.js knows what to keep of the site, and when there is a new version."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path


def _sha256(content: Path | str) -> str:
    data = content.read_bytes() if isinstance(content, Path) else content.encode()
    return hashlib.sha256(data).hexdigest()


def offline_text(
    contents: Mapping[str, Path | str], packages_from: str, first_packages: Iterable[str], *, fresh: bool
) -> str:
    """The script that the service worker imports: it changes whenever a file of the site does.

    Args:
        contents: The site's files, or their texts, by URL.
        packages_from: What the addresses of Pyodide's packages begin with.
        first_packages: The addresses of those that every visit loads.
        fresh: Whether the worker asks the server first, and what it kept only where that is away.
    """
    files = {place: _sha256(content) for place, content in sorted(contents.items())}
    version = _sha256(json.dumps([files, fresh]))[:16]
    told = {
        "version": version,
        "files": files,
        "packages": {"from": packages_from, "first": sorted(first_packages)},
        "fresh": fresh,
    }
    return f"self.tfjsPyoOffline = {json.dumps(told, indent=1)};\n"
