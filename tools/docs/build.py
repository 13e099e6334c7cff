"""Gathers the pages of the documentation, lets Zensical make a site of them, and makes that fit for a strict CSP."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.docs.blocks import with_run_links
from tools.docs.features import features_page
from tools.docs.reference import reference_pages
from tools.site import ROOT

DOCS = ROOT / "docs"
GUIDES = {
    "Start": ["first-model", "keras-users", "tfjs-users"],
    "Models": ["training", "functional", "custom", "data", "saving"],
    "Running": ["own-page", "server", "memory", "performance"],
    "Background": ["how-it-works", "accuracy", "limits"],
}
"""The guides by subject, in the order in which they are read."""
INTERNALS = {
    "internals/architecture.md": ROOT / "ARCHITECTURE.md",
    **{f"internals/{path.name}": path for path in sorted((DOCS / "internals").glob("*.md"))},
    "internals/measurements.md": DOCS / "measurements.md",
    "internals/contributing.md": ROOT / "CONTRIBUTING.md",
    "changelog.md": ROOT / "CHANGELOG.md",
}
"""Pages about the project itself, which are written for the repository."""
Nav = Sequence["str | Mapping[str, str | Nav]"]


def guide_paths() -> list[Path]:
    """Returns the files of the written pages, in the order in which they are read."""
    return [DOCS / "index.md", *(DOCS / f"guides/{name}.md" for names in GUIDES.values() for name in names)]


def guide_pages() -> dict[str, str]:
    """Returns the written pages, in which each Python block has a link that runs it."""
    found = {}
    for path in guide_paths():
        place = path.relative_to(DOCS).as_posix()
        up = "../" * (place.count("/") + 1)  # the site lies in docs/ beside the page
        found[place] = with_run_links(path.read_text(encoding="utf-8"), f"{up}index.html")
    return found


def with_picture(text: str) -> str:
    """Returns a page of the repository whose diagram is our picture: the theme would fetch Mermaid from another host."""
    picture = "![From a call to a draw](../guides/path.svg)"
    return re.sub(r"^```mermaid\n.*?^```$", picture, text, flags=re.MULTILINE | re.DOTALL)


def pages() -> tuple[dict[str, str], Nav]:
    """Returns the text of each page by its place, and the navigation."""
    reference, reference_nav = reference_pages()
    found = guide_pages()
    found |= {place: with_picture(path.read_text(encoding="utf-8")) for place, path in INTERNALS.items()}
    found |= {"features.md": features_page(), **reference}
    guides: Nav = [{title: [f"guides/{name}.md" for name in names]} for title, names in GUIDES.items()]
    internals = [place for place in INTERNALS if place.startswith("internals/")]
    nav: Nav = [
        {"Home": "index.md"},
        {"Guides": guides},
        {"API reference": reference_nav},
        {"Features": "features.md"},
        {"Changelog": "changelog.md"},
        {"Internals": internals},
    ]
    return found, nav


def toml(value: "str | Mapping[str, str | Nav] | Nav") -> str:
    """Returns a navigation as TOML."""
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(each)}" for key, each in value.items()) + "}"
    return "[" + ", ".join(toml(each) for each in value) + "]"


def write_sources(folder: Path) -> None:
    """Writes the pages, and the settings with the navigation, into a folder."""
    texts, nav = pages()
    settings = (DOCS / "zensical.toml").read_text(encoding="utf-8")
    settings = settings.replace("[project]\n", f"[project]\nnav = {toml(nav)}\n", 1)
    shutil.rmtree(folder, ignore_errors=True)
    for place, text in {"../zensical.toml": settings, **texts}.items():
        target = folder / "pages" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    for path in (
        *DOCS.glob("*.css"),
        *DOCS.glob("guides/*.svg"),
        *DOCS.glob("*.webp"),
        DOCS / "badge.svg",
        ROOT / "web/icon.svg",
    ):
        below = path.relative_to(DOCS) if path.is_relative_to(DOCS) else path.name
        shutil.copyfile(path, folder / "pages" / below)


SCRIPT = re.compile(r"<script>(.+?)</script>", re.DOTALL)


def move_scripts(site: Path) -> None:
    """Moves the scripts that stand in the pages into files: the server's CSP, as that of most sites, lets no others run."""
    for path in sorted(site.rglob("*.html")):
        up = "../" * len(path.relative_to(site).parent.parts)

        def moved(match: re.Match[str], up: str = up) -> str:
            name = f"{hashlib.sha256(match[1].encode()).hexdigest()[:12]}.js"
            (site / "assets" / name).write_text(match[1], encoding="utf-8")
            return f'<script src="{up}assets/{name}"></script>'

        path.write_text(SCRIPT.sub(moved, path.read_text(encoding="utf-8")), encoding="utf-8")


def build(folder: Path) -> Path:
    """Builds the site.

    Args:
        folder: for all of it; what is there is replaced.

    Returns:
        The folder of the finished site.

    Raises:
        RuntimeError: a page has a fault, such as a link to nowhere.
    """
    write_sources(folder)
    program = Path(sys.executable).with_name("zensical")
    done = subprocess.run(
        [program, "build", "--strict", "--config-file", "zensical.toml"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        message = f"the documentation has faults:\n{done.stdout}{done.stderr}"
        raise RuntimeError(message)
    site = folder / "site"
    # Its links are absolute, and a host shows the page of its root for what it does not find: the site is in a folder below.
    (site / "404.html").unlink(missing_ok=True)
    move_scripts(site)
    return site
