"""Measures this project against TensorFlow.js, in turn, in one browser session: `python bench/run.py --help`.

Drives the bench page (bench/index.html) in a headless browser, or serves it for a browser of your own. The losses (or the
results) of both sides are compared first: a case whose numbers differ counts as failed, however fast it is.
"""

import argparse
import json
import os
import platform
import sys
import threading
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Error, Page

from bench.session import served
from tools.browser import BrowserThread
from tools.site import ROOT, SetupMissingError

RESULTS = ROOT / "build" / "bench.json"
QUICK_ROUNDS = 2


class BenchError(RuntimeError):
    """The suite could not be run."""


def _say(result: dict[str, Any]) -> None:
    """One line for a case that is done."""
    if result["error"]:
        print(f"{result['title']}: FAILED\n{result['error']}", flush=True)
        return
    apart = result["difference"]
    said = "no number" if apart is None else f"largest relative difference {apart:.1e}"
    ratio = f", {result['ratio']:.1f}x" if result["agrees"] else ": WRONG"
    print(f"{result['title']}: {said}{ratio}", flush=True)


def measure(page: Page, url: str, names: list[str], options: dict[str, Any]) -> dict[str, Any]:
    """Run cases (all, if none is named) in a page of the browser's thread; the report, the table and the notes."""
    page.goto(url)
    known = page.evaluate("window.bench.names")
    unknown = [name for name in names if name not in known]
    if unknown:
        message = f"no case is called {', '.join(unknown)}; there are {', '.join(known)}"
        raise BenchError(message)
    page.expose_function("said", _say)
    run = "([names, options]) => window.bench.run(names, options, (result) => void window.said(result))"
    found: dict[str, Any] = page.evaluate(run, [names or known, options])
    return found


def table(rows: list[list[str]]) -> str:
    """Rows of cells for a person to read."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _serve(wheels: Path | None) -> None:
    with served(wheels) as url:
        print(f"bench page: {url}   (Ctrl-C stops)", flush=True)
        threading.Event().wait()


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run.py", description="Measure against TensorFlow.js.")
    parser.add_argument("--cases", nargs="+", default=[], metavar="NAME", help="only these (default: all)")
    parser.add_argument("--drawn", type=int, metavar="N", help="N drawn models and ops instead")
    parser.add_argument("--seed", type=int, default=7, help="what draws them (default: 7)")
    parser.add_argument("--rounds", type=int, default=7, help="measurements per side and case (default: 7)")
    parser.add_argument("--quick", action="store_true", help="two rounds: to see that it works")
    parser.add_argument("--page", action="store_true", help="only serve the page, for a browser of your own")
    parser.add_argument(
        "--json", type=Path, default=RESULTS, metavar="FILE", help="default: build/bench.json"
    )
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Run the chosen cases; 0 if all sides agree."""
    options = _parse(arguments)
    named = os.environ.get("TFJS_PYO_WHEELS")
    wheels = Path(named) if named else None
    rounds = QUICK_ROUNDS if options.quick else max(1, options.rounds)
    how: dict[str, Any] = {"rounds": rounds, "quick": options.quick}
    if options.drawn is not None:
        how["drawn"] = {"count": options.drawn, "seed": options.seed}
    try:
        if options.page:
            _serve(wheels)
            return 0
        with served(wheels) as url, BrowserThread() as browser:

            def measure_here() -> dict[str, Any]:
                return measure(browser.new_page(), url, options.cases, how)

            found = browser.call(measure_here)
    except KeyboardInterrupt:
        return 0 if options.page else 130
    except (BenchError, SetupMissingError, Error) as error:
        print(f"bench/run.py: {error}", file=sys.stderr)
        return 1
    print("\n" + "\n".join([table(found["table"]), "", *found["notes"]]))
    report = {"machine": {"system": platform.platform(), "processors": os.cpu_count()}, **found["report"]}
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0 if all(case["agrees"] for case in report["cases"]) else 1


if __name__ == "__main__":
    sys.exit(main())
