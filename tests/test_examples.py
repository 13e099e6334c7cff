"""The examples as CPython runs them, on the NumPy backend."""

import asyncio
import gzip
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import examples
import tfjs_pyo as tf
from examples import digits, linear_regression
from tests.small_examples import SMALL
from tools.gallery import gallery

FOLDER = Path(examples.__file__).parent


def run_script(name: str, *arguments: str, folder: Path) -> str:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-W", "error", str(FOLDER / name), *arguments]
    result = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def losses_in(output: str) -> list[str]:
    """The losses that a program printed while it trained: in lines that begin with how far it is."""
    return re.findall(
        r"^(?:epoch|step|game|round) +\d+\b.*?(?:loss|distance) (-?\d+\.\d+)", output, re.MULTILINE
    )


def test_linear_regression_answers_nine(capsys):
    prediction = asyncio.run(linear_regression.main())
    # Gradient descent from any glorotUniform start is at 8.93 to 8.97 after 1000 epochs, in TF.js as well.
    assert prediction == pytest.approx(9, rel=1e-2)
    output = capsys.readouterr().out
    assert len(losses_in(output)) == 10
    printed = re.search(r"\[\[(\d\.\d+)\]", output)
    assert float(printed[1]) == pytest.approx(prediction, abs=1e-5)


@pytest.mark.parametrize("name", SMALL)
def test_examples_at_small_size(name, capsys):
    options, expected = SMALL[name]
    assert expected(asyncio.run(getattr(examples, name).main(**options)))
    assert losses_in(capsys.readouterr().out)


@pytest.mark.parametrize("name", SMALL)
def test_examples_that_do_not_learn_are_found_out(name, monkeypatch, capsys):
    for optimizer in tf.train.OPTIMIZERS.items.values():
        monkeypatch.setattr(optimizer, "update", lambda _self, _gradient, _variable: None)
    options, expected = SMALL[name]
    assert not expected(asyncio.run(getattr(examples, name).main(**options)))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sentiment_lstm", "addition_rnn", "date_attention", "multi_input"])
def test_recurrent_and_functional_examples_learn(name, capsys):
    found = asyncio.run(getattr(examples, name).main())
    assert found[0] < 0.4 if name == "multi_input" else found > 0.95
    assert capsys.readouterr().out


def test_every_example_is_offered_and_tested():
    programs = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    assert programs == set(examples.__all__) == {*SMALL, "digits", "linear_regression"}
    offered = gallery(FOLDER)
    for_keras = {f"keras/{path.stem}" for path in (FOLDER / "keras").glob("*.py")}
    assert {program["name"] for program in offered} == programs | for_keras
    assert {program["name"] for program in offered if program["face"] == "Keras"} == for_keras
    assert all(program["title"] and program["text"] for program in offered)
    assert all((FOLDER.parent / f"web/gallery/{program['name']}.svg").is_file() for program in offered)


def test_linear_regression_is_a_script(tmp_path):
    assert "[[8.9" in run_script("linear_regression.py", folder=tmp_path)


@pytest.mark.parametrize(("build", "epochs", "least"), [("mlp", 20, 0.96), ("convnet", 2, 0.85)])
def test_digits_are_learned(build, epochs, least, capsys):
    accuracy = asyncio.run(getattr(digits, build)(epochs))
    assert accuracy >= least
    lines = capsys.readouterr().out.splitlines()
    shown = [
        line for line in lines if re.match(r"epoch +\d+ of \d+: loss \d\.\d{4}, accuracy \d+\.\d %", line)
    ]
    assert len(shown) == epochs
    assert "359 held-out images" in lines[-1]


def test_digits_are_a_script(tmp_path):
    program = FOLDER / "digits.py"
    compile(program.read_text(encoding="utf-8"), program, "exec")
    assert "held-out" in run_script("digits.py", "mlp", folder=tmp_path)


def test_the_same_seed_gives_the_same_training():
    first, second = (asyncio.run(digits.train(digits.build_convnet, 1))[0]["loss"] for _ in range(2))
    assert first == second
    assert asyncio.run(digits.train(digits.build_convnet, 1, seed=8))[0]["loss"] != first


def test_an_unknown_model_is_refused():
    with pytest.raises(ValueError, match="expected 'mlp', 'convnet' or nothing, received 'mpl'"):
        asyncio.run(digits.main("mpl"))


def test_the_data_are_what_their_readme_says():
    with gzip.open(digits.DATA, "rt", encoding="ascii") as lines:
        rows = [[int(number) for number in line.split(",")] for line in lines]
    assert len(rows) == 1797
    assert {len(row) for row in rows} == {65}
    assert {pixel for row in rows for pixel in row[:64]} == set(range(17))
    assert {row[64] for row in rows} == set(range(10))
    readme = (digits.DATA.parent / "README.md").read_text(encoding="utf-8")
    assert "CC BY 4.0" in readme
    assert "Alpaydin" in readme


def test_a_fifth_is_held_out_and_the_split_comes_from_the_seed():
    def pixels(tensor):
        return [tuple(image.reshape(-1)) for image in tensor.numpy()]

    data = digits.load()
    assert data.images.shape == (1438, 8, 8, 1)
    assert data.labels.shape == (1438, 10)
    assert data.held_out_images.shape == (359, 8, 8, 1)
    assert data.held_out_labels.shape == (359, 10)
    learned, held_out = pixels(data.images), pixels(data.held_out_images)
    assert len(set(learned) | set(held_out)) >= 1790  # a handful of images may be alike, but no more
    assert not set(learned) & set(held_out)
    assert pixels(digits.load().held_out_images) == held_out
    assert pixels(digits.load(seed=8).held_out_images) != held_out
