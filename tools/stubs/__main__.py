"""`python -m tools.stubs [folder]` writes the stubs; into `build/stubs` where no folder is named."""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "py")]  # the package is not installed yet while its wheel is built

from tools.stubs.package import write_stubs  # noqa: E402

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tools.stubs", description="Write the stubs.")
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=ROOT / "build" / "stubs" / "tfjs_pyo-stubs",
        help="default: %(default)s",
    )
    write_stubs(parser.parse_args().folder)
