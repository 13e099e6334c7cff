"""Programs that learners get wrong, at the page's prompt: the error is the one meant, and the prompt goes on."""

import re

import pytest

from tests.wrong_programs import SETUP, TABLE, WARNS, WORKS


@pytest.mark.parametrize("face", SETUP)
def test_the_page_tells_what_is_wrong_and_goes_on(pyo, face):
    pyo.run(SETUP[face])
    failed = []
    for wrong in [wrong for found, wrong in TABLE if found == face]:
        error = pyo.raw(wrong.program)["error"] or {}
        told = str(error.get("traceback", ""))
        if error.get("type") != wrong.error or not re.search(wrong.words, told):
            failed.append((wrong.name, error.get("type"), told[-600:]))
        if pyo.run(WORKS[face]) is not True:
            failed.append((wrong.name, "the prompt does not work any more"))
    assert not failed, "\n".join(map(str, failed))


@pytest.mark.parametrize(("face", "program"), WARNS)
def test_the_page_tells_of_data_that_are_no_numbers(pyo, face, program):
    pyo.run(SETUP[face])
    error = pyo.raw(program)["error"]  # in tests of the page warnings are errors
    assert error["type"] == "NumericWarning"
    assert "'m': fit: the loss is nan in epoch 1" in error["traceback"]
    assert pyo.run(WORKS[face]) is True


def test_errors_at_the_prompt_itself(prompt):
    prompt.type("import tfjs_pyo as tf\ntf.ones([2, 3]) + tf.ones([2])\n")
    prompt.wait(r"ShapeError: add: .*broadcast")
    prompt.type("tf.layers.dens({'units': 2})\n")
    prompt.wait(r"NameNotFoundError: tf\.layers has no 'dens'")
    prompt.type("1 + 1\n")
    prompt.wait(r">>> 1 \+ 1\n2\n>>>")
