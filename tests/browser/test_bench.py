"""The benchmarks: both sides run the same declarations, agree, and fill the report."""

import json

import pytest

from bench import run

pytestmark = pytest.mark.slow


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
    assert linear["ours"]["launches"] == 0 < linear["tfjs"]["launches"], (
        "so small a model trains on the processor"
    )
    assert linear["ours"]["first"] > linear["ours"]["median"]


def test_training_keeps_its_textures(report):
    linear = report["cases"][0]
    assert linear["growth"] == {"steps": 500, "bytes": 0, "tensors": 0}
    assert linear["ours"]["peak"] < linear["tfjs"]["peak"]


def test_the_boot_is_split_between_pyodide_and_us(report):
    page = report["page"]
    assert page["total"] == pytest.approx(page["pyodide"] + page["ours"])
    assert page["pyodide"] > 0 < page["ours"]


def test_means_are_of_the_cases_of_a_group(report):
    training, inference, ops, interactive = report["geometricMeans"]
    ratio = report["cases"][0]["ratio"]
    assert [training["mean"], training["slowest"]] == pytest.approx([ratio, ratio])
    assert inference["mean"] is interactive["mean"] is None
    assert ops["cases"] == 1


def test_programs_agree_and_meet_the_wasm_backend(tmp_path):
    path = tmp_path / "bench.json"
    assert run.main(["--quick", "--cases", "row", "gan", "--json", str(path)]) == 0
    row, gan = json.loads(path.read_text(encoding="utf-8"))["cases"]
    assert row["wasm"]["median"] > 0
    assert gan["wasm"] is None
    assert max(row["difference"], gan["difference"]) < 1e-4


def test_drawn_cases_are_the_same_for_the_same_seed(tmp_path, capsys):
    path = tmp_path / "bench.json"
    found = []
    for _ in range(2):
        assert run.main(["--quick", "--drawn", "1", "--seed", "5", "--json", str(path)]) == 0
        (case,) = json.loads(path.read_text(encoding="utf-8"))["cases"]
        assert case["difference"] < 1e-4
        found.append((case["title"], case["kernels"]))
    assert found[0] == found[1]
    assert f"x: {found[0][0]}: {', '.join(found[0][1])}" in capsys.readouterr().out


def test_a_name_that_no_case_has(capsys):
    assert run.main(["--cases", "nothing"]) == 1
    assert "no case is called nothing; there are linear" in capsys.readouterr().err
