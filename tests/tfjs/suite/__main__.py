"""`make suite`, or `python -m tests.tfjs.suite [--json FILE] [NAME...]`: TensorFlow.js's tests of core, all or some files."""

import argparse
import json
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from tests.tfjs.suite.running import INTERNAL, files_to_run, run, take_off

COLUMNS = ("passed", "failed", "meant", "stale", "pending")


def main() -> int:
    """Runs and prints; returns 1 if a test fails that is meant to pass."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="test files, such as ops/add")
    parser.add_argument("--json", type=Path, help="a file for the results")
    parser.add_argument("--prune", action="store_true", help="take listed tests that pass now off the list")
    given = parser.parse_args()
    results = run(given.names or files_to_run())
    if given.json:
        told = [{**asdict(result), "outcome": result.outcome} for result in results]
        given.json.write_text(json.dumps(told), encoding="utf-8")
    if given.prune:
        take_off({(result.file, result.name) for result in results if result.outcome == "stale"})
    per_file: dict[str, Counter[str]] = {}
    for result in results:
        per_file.setdefault(result.file, Counter())[result.outcome] += 1
    for file, counts in per_file.items():
        print(f"{file:44}", *(f"{counts[column]:4} {column}" for column in COLUMNS if counts[column]))
    for result in results:
        if result.outcome in ("failed", "stale"):
            print(f"\n{result.outcome}: {result.file}: {result.name}\n{''.join(result.messages)[:600]}")
    total = Counter(result.outcome for result in results)
    print(f"\n{len(per_file)} files, {len(INTERNAL)} of internals left out:", dict(total))
    return 1 if total["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
