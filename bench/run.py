"""Measures this project against TensorFlow.js, in turn, in one browser session: `python bench/run.py --help`.

Each side is a module worker of the same page with a WebGL2 context of its own. The losses (or the results) of both are
compared first: a case whose numbers differ counts as failed, however fast it is.
"""

import argparse
import datetime as dt
import json
import math
import os
import platform
import statistics
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.cases import CASES, Case, Train
from bench.session import BenchError, Session, opened
from tools.site import ROOT, SetupMissingError

RESULTS = ROOT / "build" / "bench.json"
TOLERANCE = 1e-3


@dataclass
class Side:
    """What one side needed: milliseconds per unit in each round, draws per unit, programs."""

    times: list[float] = field(default_factory=list)
    launches: float = math.nan
    programs: int = 0

    @property
    def median(self) -> float:
        """The middle of the rounds."""
        return statistics.median(self.times)


@dataclass
class Result:
    """A case's outcome."""

    case: Case
    difference: float
    ours: Side = field(default_factory=Side)
    theirs: Side = field(default_factory=Side)

    @property
    def agrees(self) -> bool:
        """Whether both sides computed the same."""
        return self.difference <= TOLERANCE

    @property
    def ratio(self) -> float:
        """How many times faster ours is."""
        return self.theirs.median / self.ours.median

    def as_json(self) -> dict[str, Any]:
        """Everything, for the JSON file."""
        return {
            "name": self.case.name,
            "title": self.case.title,
            "unit": self.case.unit,
            "agrees": self.agrees,
            "difference": self.difference if math.isfinite(self.difference) else None,
            "ratio": self.ratio if self.ours.times else None,
            "aim": self.case.aim,
            "ours": {**asdict(self.ours), "median": self.ours.median} if self.ours.times else None,
            "tfjs": {**asdict(self.theirs), "median": self.theirs.median} if self.theirs.times else None,
        }


def _check(session: Session, case: Case) -> Result:
    losses = session.ours.call("check")
    told = session.theirs.call("check", losses)
    # JSON has no NaN and no Infinity: an answer that is no number is no agreement.
    difference = told["difference"]
    result = Result(case, math.inf if difference is None or math.isnan(difference) else difference)
    if isinstance(case, Train) and not result.agrees:
        print(f"  losses of ours:   {losses}\n  losses of TF.js:  {told['losses']}")
    return result


def measure(session: Session, case: Case, rounds: int) -> Result:
    """Compare, warm up, and measure a case on both sides in turn."""
    session.prepare(case)
    try:
        result = _check(session, case)
        print(f"{case.title}: largest relative difference {result.difference:.1e}", flush=True)
        if not result.agrees:
            return result
        sides = ((session.ours, result.ours), (session.theirs, result.theirs))
        for side, into in sides:
            counts = side.call("count")  # this warms up as well
            into.launches, into.programs = counts["launches"] / case.units, counts["programs"]
        for _ in range(rounds):
            for side, into in sides:
                into.times.append(side.call("measure") / case.units)
        return result
    finally:
        session.release()


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(results: list[Result]) -> str:
    """The results for a person to read."""
    head = ("case", "ours ms", "TF.js ms", "ratio", "aim", "draws: ours", "TF.js", "programs: ours", "TF.js")
    rows: list[tuple[str, ...]] = [head]
    for result in results:
        if not result.agrees:
            rows.append((result.case.title, "WRONG", *[""] * 7))
            continue
        ours, theirs = result.ours, result.theirs
        times = (
            _number(ours.median),
            _number(theirs.median),
            f"{result.ratio:.1f}x",
            f"{result.case.aim:g}x",
        )
        draws = (f"{ours.launches:.1f}", f"{theirs.launches:.1f}")
        rows.append((result.case.title, *times, *draws, str(ours.programs), str(theirs.programs)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _write(path: Path, facts: dict[str, Any], rounds: int, results: list[Result]) -> None:
    good = [math.log(result.ratio) for result in results if result.agrees]
    report = {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": {"system": platform.platform(), "processors": os.cpu_count()},
        **facts,
        "rounds": rounds,
        "geometricMeanOfRatios": math.exp(statistics.fmean(good)) if good else None,
        "cases": [result.as_json() for result in results],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run.py", description="Measure against TensorFlow.js.")
    names = [case.name for case in CASES]
    parser.add_argument(
        "--cases",
        nargs="+",
        choices=names,
        default=names,
        metavar="NAME",
        help=f"some of: {', '.join(names)}",
    )
    parser.add_argument("--rounds", type=int, default=7, help="measurements per side and case (default: 7)")
    parser.add_argument("--quick", action="store_true", help="two rounds: to see that it works")
    parser.add_argument(
        "--json", type=Path, default=RESULTS, metavar="FILE", help="default: build/bench.json"
    )
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Run the chosen cases; 0 if all sides agree."""
    options = _parse(arguments)
    named = os.environ.get("TFJS_PYO_WHEELS")
    wheels = Path(named) if named else None
    rounds = 2 if options.quick else max(1, options.rounds)
    try:
        with opened(wheels) as (browser, session):
            facts = session.facts
            print(
                f"{facts['browser']}, {facts['renderer']}, TensorFlow.js {facts['tfjs']['version']}",
                flush=True,
            )
            chosen = [case for case in CASES if case.name in options.cases]
            results = [browser.call(measure, session, case, rounds) for case in chosen]
    except (BenchError, SetupMissingError) as error:
        print(f"bench/run.py: {error}", file=sys.stderr)
        return 1
    print("\n" + table(results))
    _write(options.json, facts, rounds, results)
    return 0 if all(result.agrees for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
