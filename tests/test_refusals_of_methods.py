"""Methods of all classes refuse wrong arguments in words, come back, and leave the object as it was."""

import inspect
from typing import Any

import pytest

from tests.nasty import NASTY, drawn, fault, parameters
from tests.subjects import SUBJECTS, arguments_of, methods, state

pytestmark = pytest.mark.filterwarnings("ignore")

LEFT_OUT = {
    ("fit", "epochs"), ("fit_dataset", "epochs"),  # run for ever because somebody asked for it
}  # fmt: skip


def every_method() -> dict[str, tuple[Any, str, Any]]:
    """Each method once, with what makes an object that has it; those that a class has from another are tried on one."""
    found: dict[str, tuple[Any, str, Any]] = {}
    seen = set()
    for owner, make in SUBJECTS.items():
        for name, method in methods(make()).items():
            function = getattr(method, "__func__", method)
            function = getattr(function, "spelling_of", function)
            if function not in seen and "RemoteMonitor" not in owner:  # which sends to a server
                seen.add(function)
                found[f"{owner}.{name}"] = (make, name, inspect.iscoroutinefunction(inspect.unwrap(function)))
    return found


METHODS = every_method()


def test_the_table_has_all_kinds_of_objects():
    assert len(METHODS) > 300
    for owner in ("Variable", "TensorBuffer", "tf.data.Dataset", "tensorflow.data.Dataset", "keras.Sequential", "tokenizer",
                  "keras.optimizers.schedules.ExponentialDecay", "callbacks.EarlyStopping", "keras.losses.MeanSquaredError",
                  "keras.metrics.Mean", "keras.Variable", "seeds"):  # fmt: skip
        assert any(name.startswith(f"{owner}.") for name in METHODS), owner


@pytest.mark.parametrize("whole", METHODS)
def test_method(whole, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # some write files
    make, name, _ = METHODS[whole]

    def call(subject: Any, /, **given: Any) -> Any:
        return getattr(subject, name)(**given)

    good = arguments_of(name, call, make)
    found = []
    for place in [p.name for p in parameters(getattr(make(), name))]:
        if (name, place) in LEFT_OUT:
            continue
        for kind in drawn(f"{whole}.{place}", 7):
            subject = make()
            before = state(subject)
            refused = []

            def tried(
                subject: Any = subject, place: str = place, kind: str = kind, refused: Any = refused
            ) -> Any:
                try:
                    return call(subject, **{**good(), place: NASTY[kind]()})
                except Exception:
                    refused.append(True)
                    raise

            wrong = fault(tried)
            if wrong:
                found.append(f"{whole}({place}={kind}): {wrong}")
            if refused and state(subject) != before:
                found.append(f"{whole}({place}={kind}): refused, but {before} became {state(subject)}"[:400])
    capsys.readouterr()
    assert not found, "\n".join(found)
