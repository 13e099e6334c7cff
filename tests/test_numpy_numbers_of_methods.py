"""NumPy's numbers do wherever a method takes Python's: all numeric parameters of all methods, found by their values."""

import numpy as np
import pytest

from tests.nasty import parameters, succeeds
from tests.subjects import GUESSES, SUBJECTS, arguments_of, methods

pytestmark = pytest.mark.filterwarnings("ignore")

WHOLE = [np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64]
REAL = [np.float16, np.float32, np.float64]
TYPES = {int: WHOLE, float: REAL, bool: [np.bool_]}
LEFT_OUT = {"SymbolicTensor"}


def usual(parameter):
    """A number that a parameter takes, as its default or its name says; None if it takes none."""
    guess = GUESSES[parameter.name]() if parameter.name in GUESSES else None
    value = guess if type(guess) in TYPES else parameter.default
    return value if type(value) in TYPES else 2 if "int" in str(parameter.annotation) else None


def places():
    """Each numeric parameter of each method once."""
    found, seen = {}, set()
    for owner, make in SUBJECTS.items():
        for name, method in methods(make()).items():
            function = getattr(method, "__func__", method)
            function = getattr(function, "spelling_of", function)
            if function in seen or owner in LEFT_OUT or "RemoteMonitor" in owner:
                continue
            seen.add(function)
            for parameter in parameters(method):
                if usual(parameter) is not None:
                    found[f"{owner}.{name}({parameter.name})"] = (make, name, parameter)
    return found


PLACES = places()


def test_there_are_many():
    assert len(PLACES) > 150


@pytest.mark.parametrize("whole", PLACES)
def test_place(whole, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    make, name, parameter = PLACES[whole]

    def call(subject, /, **given):
        return getattr(subject, name)(**given)

    good, value = arguments_of(name, call, make), usual(parameter)
    if not succeeds(lambda: call(make(), **{**good(), parameter.name: value})):
        pytest.skip("takes no such number beside the other arguments that were drawn")
    for kind in TYPES[type(value)]:
        if not isinstance(value, int) or value >= 0 or kind in WHOLE[:4]:
            given = kind(min(value, 100) if type(value) is int else value)
            assert succeeds(lambda given=given: call(make(), **{**good(), parameter.name: given})), kind
    capsys.readouterr()
