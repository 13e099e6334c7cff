"""Runs glslangValidator over every kernel in web/glsl/."""

import subprocess
import sys
from pathlib import Path

KERNELS = Path(__file__).resolve().parent.parent / "web" / "glsl"
STAGES = {".frag", ".vert"}


def main() -> int:
    """0 if every kernel is valid; else the validator's own messages and 1."""
    files = sorted(path for path in KERNELS.rglob("*") if path.suffix in STAGES)
    failed = False
    for path in files:
        result = subprocess.run(["glslangValidator", str(path)], capture_output=True, text=True, check=False)
        if result.returncode != 0:
            failed = True
            print(
                f"{path.relative_to(KERNELS.parent.parent)}:\n{result.stdout}{result.stderr}", file=sys.stderr
            )
    print(f"glslangValidator: {len(files)} kernels checked")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
