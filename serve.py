"""Serves the page, or writes it as files for a static host: `python serve.py --help`."""

import argparse
import os
import sys
from pathlib import Path

try:
    from tools.export import export, source_around
    from tools.server import listening, serve_forever
    from tools.site import SetupMissingError, Site, docs_folder, make_site
except ModuleNotFoundError as error:
    sys.exit(
        f"set-up is missing ({error}): run `make serve`, which does it, or start this file with .venv/bin/python"
    )


def _port(text: str) -> int:
    try:
        port = int(text)
    except ValueError:
        port = 0
    if not 0 < port < 65536:
        raise argparse.ArgumentTypeError(f"expected a number from 1 to 65535, received {text!r}")
    return port


def _host(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("expected an address, such as 127.0.0.1 or 0.0.0.0, received ''")
    bracketed = text.startswith("[") and text.endswith("]")  # as IPv6 addresses stand in URLs
    return text[1:-1] if bracketed else text


def _folder(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError("expected a folder, received '' ('.' is the current one)")
    return Path(text)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="serve.py", description="Serve tfjs-pyo's page.")
    parser.add_argument("--port", type=_port, default=8000, help="the port to listen on (default: 8000)")
    parser.add_argument(
        "--host",
        type=_host,
        default="127.0.0.1",
        help="the address to listen on (default: 127.0.0.1, this machine only)",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name under which browsers may ask for the page, besides localhost, this machine's name and addresses; may be "
        "given several times ('*': any name, also one that another site has pointed here)",
    )
    parser.add_argument(
        "--wheels",
        type=_folder,
        default=os.environ.get("TFJS_PYO_WHEELS") or None,
        metavar="DIR",
        help="serve the wheels in this folder (NumPy's, say) instead of getting them from Pyodide's CDN "
        "(default: $TFJS_PYO_WHEELS)",
    )
    parser.add_argument(
        "--export",
        type=_folder,
        metavar="DIR",
        help="write the whole site into this folder, for any static host and any sub-path of it, and stop",
    )
    parser.add_argument(
        "--docs",
        action="store_true",
        help="with the documentation that `make docs` has built, at docs/",
    )
    return parser.parse_args(arguments)


def _export(site: Site, folder: Path) -> int:
    """Writes the site into a folder; returns the exit status."""
    try:
        if (source := source_around(folder)) is not None:
            print(
                f"serve.py: --export: {folder} lies in {source}, among the sources; name another folder",
                file=sys.stderr,
            )
            return 1
        if folder.is_dir() and any(folder.iterdir()) and not (folder / "site.json").is_file():
            print(
                f"serve.py: --export: {folder} holds other files; name a new or empty folder", file=sys.stderr
            )
            return 1
        count = export(site, folder)
    except OSError as error:
        print(f"serve.py: --export: {error.strerror}: {error.filename}", file=sys.stderr)
        return 1
    print(f"wrote {count} files into {folder}")
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Serve or export; returns the exit status."""
    options = _parse(arguments)
    try:
        extra = {"docs/": docs_folder()} if options.docs else {}
        site = make_site(options.wheels, extra, fresh=options.export is None)
    except (SetupMissingError, RuntimeError) as error:
        print(f"serve.py: {error}", file=sys.stderr)
        return 1
    if options.export is not None:
        return _export(site, options.export)
    try:
        listener = listening(options.host, options.port)
    except OSError:
        print(
            f"serve.py: cannot listen on {options.host}:{options.port}: the port is taken, or the address is not this "
            "machine's. Choose another port with --port (make serve ARGS='--port 8001').",
            file=sys.stderr,
        )
        return 1
    shown = f"[{options.host}]" if ":" in options.host else options.host
    shown = "localhost" if options.host == "127.0.0.1" else shown
    address = f"http://{shown}:{options.port}{'/docs/' if options.docs else ''}"
    print(f"tfjs-pyo: {address}   (Ctrl-C stops)", flush=True)
    serve_forever(site, listener, options.host, options.allow_host)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # before the server runs, which ends by itself
        sys.exit(130)
