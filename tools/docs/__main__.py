"""`python -m tools.docs [folder]` builds the documentation; into `build/docs` where no folder is named."""

import sys
from pathlib import Path

from tools.docs.build import build
from tools.site import ROOT

if __name__ == "__main__":
    print(build(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "docs"))
