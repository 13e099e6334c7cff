"""The benchmarks: both sides run the same declarations, agree, and fill the report."""

import json

import pytest

from bench import run


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """What two tiny cases give."""
    path = tmp_path_factory.mktemp("bench") / "bench.json"
    assert run.main(["--quick", "--cases", "linear", "eager", "--json", str(path)]) == 0
    return json.loads(path.read_text(encoding="utf-8"))


def test_both_sides_agree_and_are_timed(report):
    linear, eager = report["cases"]
    for case in (linear, eager):
        assert case["error"] is None
        assert case["difference"] < 1e-5
        assert case["ratio"] == pytest.approx(case["tfjs"]["median"] / case["ours"]["median"])
        assert len(case["ours"]["times"]) == len(case["tfjs"]["times"]) == run.QUICK_ROUNDS
    assert linear["ours"]["launches"] > 0 < linear["tfjs"]["launches"]
    assert linear["ours"]["first"] > linear["ours"]["median"]


def test_training_keeps_its_textures(report):
    linear = report["cases"][0]
    assert linear["growth"] == {"steps": 500, "bytes": 0, "tensors": 0}
    assert 0 < linear["ours"]["peak"] < linear["tfjs"]["peak"]


def test_the_boot_is_split_between_pyodide_and_us(report):
    page = report["page"]
    assert page["total"] == pytest.approx(page["pyodide"] + page["ours"])
    assert page["pyodide"] > 0 < page["ours"]


def test_means_are_of_the_cases_of_a_group(report):
    training, inference, ops = report["geometricMeans"]
    assert training["mean"] == pytest.approx(report["cases"][0]["ratio"])
    assert inference["mean"] is None
    assert ops["cases"] == 1


def test_a_name_that_no_case_has(capsys):
    assert run.main(["--cases", "nothing"]) == 1
    assert "no case is called nothing; there are linear" in capsys.readouterr().err
