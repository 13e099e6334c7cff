"""Functions of `tensorflow` refuse wrong arguments in words; what functions of users raise comes through as it is."""

import inspect
import random
import types

import pytest

import tfjs_pyo.tensorflow as tf
from tests.nasty import PLAUSIBLE, SEED, faults, parameters, succeeds
from tfjs_pyo.errors import ArgumentError, OptionError

pytestmark = pytest.mark.filterwarnings("ignore")


def functions():
    """Every function of the face, by its name; those of `tf.keras` are Keras's."""
    found, modules, waiting = {}, set(), [("", tf)]
    while waiting:
        prefix, module = waiting.pop(0)
        if id(module) in modules:
            continue
        modules.add(id(module))
        for name in module.__all__:
            member = None if name == "keras" else getattr(module, name)
            whole = f"{prefix}{name}"
            if isinstance(member, types.ModuleType):
                if member.__name__.startswith("tfjs_pyo.tensorflow"):
                    waiting.append((f"{whole}.", member))
            elif inspect.isroutine(member) and str(member.__module__).startswith("tfjs_pyo"):
                found.setdefault(id(member), (whole, member))
    return dict(found.values())


FUNCTIONS = functions()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function(name, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # some write files
    function = FUNCTIONS[name]
    required = [p.name for p in parameters(function) if p.default is p.empty]
    stream = random.Random(f"{SEED}{name}")
    drawn = [{key: stream.choice(PLAUSIBLE) for key in required} for _ in range(15)]

    def made(given):
        return {key: make() for key, make in given.items()}

    good = next((each for each in drawn if succeeds(lambda each=each: function(**made(each)))), drawn[-1])
    found = faults(f"tf.{name}", function, lambda: made(good), [p.name for p in parameters(function)], 4)
    capsys.readouterr()
    assert not found, "\n".join(found)


def test_the_table_has_all_of_them():
    assert len(FUNCTIONS) > 600
    assert {"reduce_sum", "image.resize", "nn.softmax", "assert_rank", "io.gfile.exists"} <= set(FUNCTIONS)


def test_messages_name_the_function_and_its_arguments():
    with pytest.raises(
        (ArgumentError, OptionError), match=r"tf\.image\.resize: the arguments do not fit: (.|\n)*size="
    ):
        tf.image.resize(tf.ones([4, 4, 1]), range(3))
    with pytest.raises(ArgumentError, match=r"tf\.map_fn"):
        tf.map_fn(3, tf.ones([2]))


def test_errors_of_functions_of_users_come_through():
    def wrong(x):
        raise ZeroDivisionError("mine")

    for call in (
        lambda: tf.map_fn(wrong, tf.ones([2])),
        lambda: tf.cond(True, lambda: wrong(1), lambda: 2),
        lambda: tf.numpy_function(wrong, [tf.ones([2])], tf.float32),
    ):
        with pytest.raises(ZeroDivisionError, match="mine"):
            call()
