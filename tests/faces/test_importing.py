"""`import keras` and `import tensorflow`: the import hook, in CPython, where nothing is shadowed by default."""

import importlib
import importlib.util
import sys

import pytest

import tfjs_pyo as tf
from tests.faces.importing import MISSING, SAME


@pytest.fixture
def hook():
    """The hook, for the time of a test."""
    tf.keras.install()
    yield
    tf.keras.uninstall()


@pytest.mark.parametrize("statement", SAME)
def test_programs_get_this_package(statement, hook):
    variables = {"tf": tf}
    exec(statement, variables)
    assert eval(SAME[statement], variables)


@pytest.mark.parametrize("statement", MISSING)
def test_what_is_not_there_says_so(statement, hook):
    with pytest.raises(ImportError, match=MISSING[statement]):
        exec(statement, {})


def test_every_public_module_can_be_imported_by_its_name(hook):
    """No module is listed in the hook: what `__all__` names is found, however deep, and is one object under all names."""

    def walk(name, module, seen):
        for child in module.__all__:
            value = getattr(module, child)
            if isinstance(value, type(sys)) and value not in seen:
                assert importlib.import_module(f"{name}.{child}") is value
                walk(f"{name}.{child}", value, [*seen, value])

    walk("keras", tf.keras, [tf.keras])
    walk("tensorflow", importlib.import_module("tensorflow"), [tf.keras])


def test_modules_keep_their_own_names(hook):
    for name in ("keras", "keras.layers", "tensorflow", "tensorflow.keras"):
        module = importlib.import_module(name)
        assert module.__spec__.name == module.__name__
        assert module.__name__.startswith("tfjs_pyo.")
        assert importlib.util.find_spec(name) is not None


def test_other_modules_are_left_alone(hook, tmp_path, monkeypatch):
    (tmp_path / "keras_tools.py").write_text("import keras\nfound = keras\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert importlib.import_module("keras_tools").found is tf.keras
    with pytest.raises(ModuleNotFoundError, match="No module named 'kerass'"):
        importlib.import_module("kerass")


def test_nothing_is_shadowed_unless_told():
    for name in ("keras", "tf_keras", "tensorflow"):
        assert name not in sys.modules
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module(name)


def test_uninstalling_takes_everything_back():
    before = [*sys.meta_path]
    tf.keras.install()
    tf.keras.install()  # once is enough
    kept = importlib.import_module("keras.layers")
    assert len(sys.meta_path) == len(before) + 2
    tf.keras.uninstall()
    tf.keras.uninstall()
    assert sys.meta_path == before
    assert not [name for name in sys.modules if name.partition(".")[0] in {"keras", "tf_keras", "tensorflow"}]
    assert kept.Dense(2).units == 2
    tf.keras.install()
    assert importlib.import_module("keras.layers") is kept
    tf.keras.uninstall()


@pytest.mark.parametrize("name", ["keras", "tf_keras", "tensorflow"])
def test_an_installed_package_is_not_shadowed_unless_told(name, tmp_path, monkeypatch):
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("installed_here = True")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(TypeError, match=f"'{name}' is installed.*shadow=True"):
        tf.keras.install()
    assert importlib.import_module(name).installed_here
    with pytest.raises(TypeError, match=f"'{name}' was imported already"):
        tf.keras.install(shadow=True)
    del sys.modules[name]
    tf.keras.install(shadow=True)
    assert not hasattr(importlib.import_module(name), "installed_here")
    tf.keras.uninstall()
    assert importlib.import_module(name).installed_here
    del sys.modules[name]
