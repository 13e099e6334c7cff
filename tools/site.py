"""The site: which URL shows which file. The server and the static export both read this one map."""

import fnmatch
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools.gallery import gallery
from tools.lockfile import cdn, lock_text
from tools.offline import offline_text
from tools.wheel import page_wheel

ROOT = Path(__file__).resolve().parent.parent
NPM = ROOT / "node_modules"
LOCAL_WHEELS = ROOT / "build" / "wheels"
DOCS = ROOT / "build" / "docs" / "site"


class SetupMissingError(RuntimeError):
    """Something that `make setup` installs is not there."""


@dataclass(frozen=True)
class Folder:
    """A folder of the site: the files under `path` whose place in it fits one of the patterns."""

    path: Path
    patterns: tuple[str, ...] = ("*",)

    def find(self, place: str) -> Path | None:
        """The file at a relative place, if it is one of ours; never one outside the folder."""
        parts = place.split("/")
        if any(
            part in {"", ".", ".."} or part.startswith(".") or "\\" in part or "\0" in part for part in parts
        ):
            return None
        if "__pycache__" in parts or not any(
            fnmatch.fnmatchcase(place, pattern) for pattern in self.patterns
        ):
            return None
        root = self.path.resolve()
        try:
            found = (root / place).resolve()
            return found if found.is_relative_to(root) and found.is_file() else None
        except OSError:  # a name that is too long, a link to itself
            return None

    def places(self) -> Iterator[str]:
        """Every relative place under which this folder shows a file."""
        for path in sorted(self.path.rglob("*")):
            place = path.relative_to(self.path).as_posix()
            if self.find(place) is not None:
                yield place


@dataclass(frozen=True)
class Site:
    """Folders by URL prefix (the longest that fits is asked), and single files by URL; none begins with a slash."""

    folders: Mapping[str, Folder]
    files: Mapping[str, Path] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    def find(self, url: str) -> Path | str | None:
        """What is at a decoded URL path: a file, a text made by us, or None."""
        place = url.removeprefix("/")
        if place == "" or place.endswith("/"):
            place += "index.html"
        if place in self.texts:
            return self.texts[place]
        if place in self.files:
            return self.files[place]
        for prefix in sorted(self.folders, key=len, reverse=True):
            if place.startswith(prefix):
                return self.folders[prefix].find(place[len(prefix) :])
        return None

    def places(self) -> Iterator[str]:
        """Every URL path of the site, once."""
        in_folders = (prefix + place for prefix, folder in self.folders.items() for place in folder.places())
        yield from dict.fromkeys([*self.texts, *self.files, *in_folders])


def _folders() -> dict[str, Folder]:
    pyodide = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
    return {
        "": Folder(ROOT / "web", ("*.html", "*.js", "*.css", "*.svg", "*.png", "*.py", "*.webmanifest")),
        "examples/": Folder(ROOT / "examples", ("*.py", "*.csv", "*.csv.gz", "*.json", "*.md")),
        "vendor/codemirror/": Folder(ROOT / "build" / "vendor" / "codemirror", ("codemirror.mjs",)),
        "vendor/pyodide/": Folder(NPM / "pyodide", pyodide),
        "vendor/xterm/": Folder(NPM / "@xterm/xterm/lib", ("xterm.mjs",)),
        "vendor/xterm-css/": Folder(NPM / "@xterm/xterm/css", ("xterm.css",)),
        "vendor/xterm-fit/": Folder(NPM / "@xterm/addon-fit/lib", ("addon-fit.mjs",)),
        "vendor/uplot/": Folder(NPM / "uplot/dist", ("uPlot.esm.js", "uPlot.min.css")),
        "vendor/comlink/": Folder(NPM / "comlink/dist/esm", ("comlink.min.mjs",)),
    }


def _sizes(pyodide: Folder, packages: Mapping[str, Path]) -> dict[str, int]:
    """The bytes of what each start of the page fetches, by URL, for its progress bar."""
    needed = {
        f"vendor/pyodide/{name}": pyodide.path / name for name in ("pyodide.asm.wasm", "python_stdlib.zip")
    }
    needed |= {url: path for url, path in packages.items() if path.name.startswith(("numpy-", "tfjs_pyo-"))}
    return {url: path.stat().st_size for url, path in needed.items()}


def _offline(site: Site, lock: str, *, fresh: bool) -> str:
    """What the service worker keeps: every file of the site, and NumPy where the CDN has it."""
    contents = {place: content for place in site.places() if (content := site.find(place)) is not None}
    origin = cdn(NPM / "pyodide")
    numpy: str = json.loads(lock)["packages"]["numpy"]["file_name"]
    return offline_text(contents, origin, [numpy] if numpy.startswith(origin) else [], fresh=fresh)


def wheel_folder() -> Path | None:
    """NumPy's wheel for Pyodide: in $TFJS_PYO_WHEELS, or in shared/wheels beside the checkout; None: the CDN's."""
    named = os.environ.get("TFJS_PYO_WHEELS")
    if named:
        return Path(named)
    beside = ROOT.parent / "shared" / "wheels"
    return beside if beside.is_dir() else None


def docs_folder() -> Folder:
    """The documentation, as `make docs` has built it.

    Raises:
        SetupMissingError: it is not built.
    """
    if not (DOCS / "index.html").is_file():
        message = f"the documentation is not built ({DOCS.relative_to(ROOT)}): run `make docs` first"
        raise SetupMissingError(message)
    return Folder(DOCS)


def _wheels_in(folder: Path) -> list[Path]:
    """The wheels in a folder that the user has named.

    Raises:
        SetupMissingError: it is no folder, or a file there that is called one is no wheel.
    """
    if not folder.is_dir():
        message = f"--wheels: {folder} is no folder"
        raise SetupMissingError(message)
    wheels = sorted(folder.glob("*.whl"))
    for wheel in wheels:
        try:
            zipfile.ZipFile(wheel).close()
        except (zipfile.BadZipFile, OSError) as error:
            message = f"--wheels: {wheel} is no wheel, or a damaged one ({error}): move it elsewhere"
            raise SetupMissingError(message) from error
        if wheel.name.count("-") < 4:
            message = f"--wheels: {wheel} is not called as wheels are: expected name-version-python-abi-platform.whl"
            raise SetupMissingError(message)
    return wheels


def make_site(
    wheels: Path | None = None, extra: Mapping[str, Folder] | None = None, *, fresh: bool = True
) -> Site:
    """The site as it is now; builds this package's wheel first if its sources have changed.

    Args:
        wheels: A folder of wheels (NumPy's, say) to serve from our own origin.
        extra: More folders by URL prefix, for tests and benchmarks.
        fresh: Whether browsers that keep the site still ask for its files first, so that a change is seen at once; else
            they show one version until another is whole.
    """
    folders = _folders()
    missing = [folder.path for folder in folders.values() if not folder.path.is_dir()]
    if missing or not LOCAL_WHEELS.is_dir():
        what = ", ".join(
            str(path.relative_to(ROOT)) for path in [*missing, LOCAL_WHEELS] if not path.is_dir()
        )
        message = (
            f"set-up is missing ({what} not found): run `make setup` first, or `make serve`, which does both"
        )
        raise SetupMissingError(message)
    named = _wheels_in(wheels) if wheels is not None else []
    own = page_wheel()
    local = [*sorted(LOCAL_WHEELS.glob("*.whl")), *named]
    files = {f"packages/{path.name}": path for path in [*local, own]}
    manifest = {
        "wheel": f"packages/{own.name}",
        "examples": list(folders["examples/"].places()),
        "gallery": gallery(folders["examples/"].path),
        "sizes": _sizes(folders["vendor/pyodide/"], files),
        "documentation": "docs/" in (extra or {}),
        "localPackages": [path.name.split("-")[0].lower() for path in local],
    }
    lock = lock_text(NPM / "pyodide", local)
    texts = {"site.json": json.dumps(manifest, indent=1), "packages/pyodide-lock.json": lock}
    texts["offline-files.js"] = _offline(Site(folders, files, texts), lock, fresh=fresh)
    return Site({**folders, **(extra or {})}, files, texts)
