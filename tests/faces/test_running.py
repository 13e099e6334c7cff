"""`python -m tfjs_pyo program.py`: what a program sees is what `python program.py` would show it."""

import json
import os
import platform
import re
import subprocess
import sys

import pytest

import tfjs_pyo as tf
from tools.site import ROOT

PROGRAM = """\
import json, pickle, sys
import keras
import beside

class Own:
    pass

if __name__ == "__main__":
    print(json.dumps({
        "argv": sys.argv, "file": __file__, "name": __name__, "beside": beside.__file__, "path": sys.path[0],
        "keras": keras.__name__, "main": sys.modules["__main__"].Own is Own,
        "pickled": isinstance(pickle.loads(pickle.dumps(Own())), Own),
    }))
"""


def run(*arguments, folder):
    """The finished process of `python -m tfjs_pyo` with these arguments."""
    command = [sys.executable, "-W", "error", "-m", "tfjs_pyo", *arguments]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, check=False, env=environment
    )


def test_a_program_is_the_main_program(tmp_path):
    home = tmp_path / "programs"
    home.mkdir()
    (home / "program.py").write_text(PROGRAM)
    (home / "beside.py").write_text("")
    ended = run("programs/program.py", "--epochs", "3", folder=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout) == {
        "argv": ["programs/program.py", "--epochs", "3"],
        "file": "programs/program.py",
        "name": "__main__",
        "beside": str(home / "beside.py"),
        "path": str(home),
        "keras": "tfjs_pyo.keras",
        "main": True,
        "pickled": True,
    }


def test_a_traceback_begins_in_the_program(tmp_path):
    (tmp_path / "program.py").write_text(
        "import keras\n\ndef wrong():\n    keras.layers.Dense('many')\n\nwrong()\n"
    )
    ended = run("program.py", folder=tmp_path)
    assert ended.returncode == 1
    lines = ended.stderr.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[1] == '  File "program.py", line 6, in <module>'
    assert '  File "program.py", line 4, in wrong' in lines
    assert "many" in lines[-1]


def test_the_readmes_keras_program_answers_nine(tmp_path):
    programs = re.findall(
        r"```python\n(import keras\n.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    (tmp_path / "program.py").write_text(programs[0])
    ended = run("program.py", folder=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert float(ended.stdout.strip(" []\n")) == pytest.approx(9, rel=0.02)


def test_an_error_of_syntax_is_told_as_python_tells_it(tmp_path):
    (tmp_path / "program.py").write_text("import keras\nx = = 1\n")
    ended = run("program.py", folder=tmp_path)
    assert ended.returncode == 1
    assert ended.stderr.startswith('  File "program.py", line 2\n')
    assert ended.stderr.rstrip().endswith("SyntaxError: invalid syntax")


@pytest.mark.parametrize(
    ("text", "status"),
    [("raise SystemExit(3)", 3), ("import sys; sys.exit()", 0), ("raise KeyboardInterrupt", 130)],
)
def test_the_status_is_the_programs(text, status, tmp_path):
    assert run("-c", text, folder=tmp_path).returncode == status


def test_text_and_modules_run_too(tmp_path):
    ended = run(
        "-c", "import sys, tensorflow as tf; print(sys.argv, tf.keras.__name__)", "a", "-m", folder=tmp_path
    )
    assert (ended.stdout, ended.stderr) == ("['-c', 'a', '-m'] tfjs_pyo.keras\n", "")
    (tmp_path / "steps.py").write_text("import keras, sys\nprint(__name__, sys.argv[1:], keras.__name__)")
    ended = run("-m", "steps", "x", folder=tmp_path)
    assert (ended.stdout, ended.stderr) == ("__main__ ['x'] tfjs_pyo.keras\n", "")


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        ((), 2, "usage: python -m tfjs_pyo program.py"),
        (("-x",), 2, "usage:"),
        (("-c",), 2, "usage:"),
        (("-h",), 0, "usage:"),
        (("--version",), 0, f"tfjs-pyo {tf.__version__}"),
        (("info",), 0, f"Python: {platform.python_version()}"),
        (("missing.py",), 2, "cannot find the program 'missing.py'"),
    ],
)
def test_how_it_is_called(arguments, status, told, tmp_path):
    ended = run(*arguments, folder=tmp_path)
    assert ended.returncode == status
    assert told in (ended.stdout if status == 0 else ended.stderr)


LEFT_IN_THE_MIDDLE = """\
import numpy as np
import keras
import tensorflow as tf

batches = tf.data.Dataset.from_tensor_slices((np.ones((10, 2)), np.ones(10))).batch(2)
held = iter(batches.map(lambda x, y: (x, y)).take(3))
next(held)
model = keras.Sequential([keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(batches, steps_per_epoch=2, verbose=0)
raise SystemExit(3)
"""


def test_datasets_left_in_their_middle_end_with_the_program_in_silence(tmp_path):
    (tmp_path / "program.py").write_text(LEFT_IN_THE_MIDDLE, encoding="utf-8")
    found = run("program.py", folder=tmp_path)
    assert (found.returncode, found.stdout, found.stderr) == (3, "", "")


@pytest.mark.slow
def test_types_of_the_packages_that_programs_import(tmp_path):
    """mypy knows `keras` and `tensorflow` by the folder that `types` writes, and what is misspelt in them."""
    assert run("types", "typings", folder=tmp_path).returncode == 0
    program = tmp_path / "program.py"
    program.write_text(
        "import keras\nimport tensorflow as tf\nfrom keras import layers\nfrom tensorflow.keras.layers import Dense\n"
        "layers.Dense(1)\nDense(1, activation='relu')\ntf.keras.Sequential([layers.Dense(1)])\n"
        "keras.ops.sum(keras.ops.ones((2,)))\nlayers.Dnese(1)\nDense('one')\ntf.keras.layers.Dense(unit=1)\n"
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(program)]
    environment = {**os.environ, "MYPYPATH": str(tmp_path / "typings")}
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment
    )
    assert sorted(set(re.findall(r"program\.py:(\d+): error", ended.stdout))) == ["10", "11", "9"], (
        ended.stdout
    )
    # Programs override `compile` with parameters of their own: Keras's is no promise.
    options = ["--check-untyped-defs", "--disable-error-code=override", "--disable-error-code=var-annotated"]
    programs = sorted(str(path) for path in (ROOT / "examples" / "keras").glob("*.py"))
    ended = subprocess.run(
        [*command[:3], *options, *command[4:-1], *programs],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=environment,
    )
    assert ended.returncode == 0, ended.stdout
