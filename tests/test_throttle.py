"""How much work is handed to the GPU ahead (web/webgl/throttle.js), on GPUs of which a formula says how fast they are."""

import json
import subprocess
from pathlib import Path

import pytest

LAUNCHES = 1000
ALONE = [(cost, 0) for cost in (0.5, 2, 8, 50)]
AMONG_OTHERS = [(cost, others) for cost in (0.1, 1, 4) for others in (40, 100, 400)]


@pytest.fixture(scope="module")
def simulated():
    """What comes of each pair: of what a launch costs, and what a slice waits for others, in milliseconds."""
    pairs = [*ALONE, *AMONG_OTHERS]
    command = ["node", str(Path(__file__).with_name("throttle.mjs")), json.dumps(pairs)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(zip(pairs, json.loads(answer), strict=True))


@pytest.mark.parametrize("pair", ALONE)
def test_the_page_never_waits_long_for_a_slice(simulated, pair):
    cost, found = pair[0], simulated[pair]
    assert found["inFlight"] * cost < 36 or found["inFlight"] == 2
    assert found["inFlight"] * cost > 12


@pytest.mark.parametrize("pair", AMONG_OTHERS)
def test_waiting_for_others_does_not_make_slices_smaller(simulated, pair):
    """As in a notebook that repaints itself: smaller slices would only wait for that more often."""
    (cost, others), found = pair, simulated[pair]
    assert found["took"] < LAUNCHES * cost + 140 * others
    assert found["inFlight"] * cost < 80


@pytest.mark.parametrize("pair", [(0.1, others) for others in (40, 100, 400)])
def test_a_short_fit_after_another_waits_for_others_a_few_times_only(simulated, pair):
    """A hundred launches, an epoch of seven steps, in a notebook: each wait is a frame of its page."""
    assert simulated[pair]["waits"] <= 4
