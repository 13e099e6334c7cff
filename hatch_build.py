"""Part of building the wheel, and of an editable installation: writes the type stubs into `build/stubs`."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STUBS = "build/stubs/tfjs_pyo-stubs"


class Stubs(BuildHookInterface[Any]):
    """Runs `tools/stubs`, which imports the package from its sources; the package needs nothing besides Python for that."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Writes the stubs; a wheel takes them in, an editable installation finds them where they are."""
        program = str(Path(self.root) / "tools" / "stubs")
        subprocess.run([sys.executable, "-I", program], cwd=self.root, check=True)
        if version != "editable":
            build_data["force_include"][STUBS] = "tfjs_pyo-stubs"
