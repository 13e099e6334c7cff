"""What is told of programs that learners get wrong; `tests/browser/test_wrong_programs.py` has them at the page's prompt."""

import ast
import asyncio
import gc
import inspect
import re
import sys

import pytest

import tfjs_pyo as tf
from tests.wrong_programs import SETUP, TABLE, WARNS, WORKS
from tfjs_pyo import keras


def run(source, names):
    """Runs a program with `await` in it, as the page does."""

    async def work():
        code = compile(source, "<program>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        result = eval(code, names)
        if inspect.isawaitable(result):
            await result

    asyncio.run(work())


@pytest.fixture
def names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "keras", keras)
    return {}


@pytest.mark.filterwarnings("ignore:.*was not awaited:RuntimeWarning")
@pytest.mark.parametrize(("face", "wrong"), TABLE, ids=[f"{face}: {wrong.name}" for face, wrong in TABLE])
def test_the_error_says_where_it_is_what_came_and_what_to_do(names, face, wrong):
    run(SETUP[face], names)
    with pytest.raises(Exception) as caught:  # noqa: PT011 (its class and words are in the table)
        run(wrong.program, names)
    assert type(caught.value).__name__ == wrong.error
    told = "\n".join([str(caught.value), *getattr(caught.value, "__notes__", [])])
    assert re.search(wrong.words, told), told
    run(f"works = {WORKS[face]}", names)
    assert names["works"]
    if wrong.error == "NotAwaitedError":
        del caught
        gc.collect()  # what was not awaited warns here, and not in another test


OF_CLASSES = [wrong for _, wrong in TABLE if wrong.program.startswith("class ")]


@pytest.mark.parametrize("wrong", OF_CLASSES, ids=[wrong.name for wrong in OF_CLASSES])
def test_nothing_keeps_the_values_of_a_program_whose_class_was_wrong(names, wrong):
    gc.collect()
    before = tf.memory()["numTensors"]
    program = dict(names)
    run(SETUP["keras"], program)
    with pytest.raises(Exception):  # noqa: B017, PT011 (told above)
        run(wrong.program, program)
    assert tf.memory()["numTensors"] > before
    del program
    gc.collect()
    assert tf.memory()["numTensors"] == before


@pytest.mark.parametrize(("face", "program"), WARNS)
def test_data_that_are_no_numbers_are_told(names, face, program):
    run(SETUP[face], names)
    with pytest.warns(tf.NumericWarning, match="'m': fit: the loss is nan in epoch 1.*data without NaN"):
        run(program, names)


def test_there_are_programs_of_both_faces():
    assert len({wrong for _, wrong in TABLE}) >= 60
