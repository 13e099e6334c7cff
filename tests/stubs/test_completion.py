"""What editors show while somebody types: public names, options by name, and documentation in the spelling that was typed."""

import inspect
import sys

import jedi
import pytest

import tfjs_pyo as tf
from tests.stubs.language_server import LanguageServer
from tfjs_pyo import keras
from tools.site import ROOT
from tools.stubs.package import write_stubs

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def _stubs():
    write_stubs(ROOT / "build" / "stubs" / "tfjs_pyo-stubs")


def written(text):
    """What an editor shows at the end of a program's text, from the stubs alone."""
    environment = jedi.create_environment(sys.prefix, safe=False)
    return jedi.Script(f"import tfjs_pyo as tf\nfrom tfjs_pyo import keras\n{text}", environment=environment)


def shown(text):
    """What a notebook shows, which has the objects themselves."""
    return jedi.Interpreter(text, [{"tf": tf, "keras": keras}])


def public(names):
    return {name for name in names if not name.startswith("_")}


MODULES = {
    "tf": tf,
    "tf.layers": tf.layers,
    "tf.train": tf.train,
    "tf.losses": tf.losses,
    "keras.layers": keras.layers,
    "keras.ops": keras.ops,
    "keras.losses": keras.losses,
}


@pytest.mark.parametrize("module", MODULES)
def test_modules_show_their_names(module):
    expected = public(MODULES[module].__all__ if module.startswith("keras") else dir(MODULES[module]))
    expected -= {"assert", "lambda"}
    assert expected - {each.name for each in written(f"{module}.").complete()} == set()


@pytest.fixture(scope="module")
def editor():
    """pyright as editors run it."""
    with LanguageServer() as server:
        yield server


@pytest.mark.parametrize("module", MODULES)
def test_editors_show_nothing_else(editor, module):
    expected = public(MODULES[module].__all__ if module.startswith("keras") else dir(MODULES[module]))
    extra = (
        {"GroupedQueryAttention"} if module == "keras.layers" else set()
    )  # what Keras calls the class itself
    assert public(editor.completions(f"{module}.")) - extra == expected - {"assert", "lambda"}


@pytest.mark.parametrize(
    "text", ["tf.sequential().", "keras.Sequential().", "tf.ones([1]).", "tf.layers.dense(1)."]
)
def test_editors_show_nothing_of_the_insides(editor, text):
    names = {name for name in editor.completions(text) if not name.startswith("__")}
    assert len(names) > 30
    assert {name for name in names if name.startswith("_")} == set()
    assert not names & {"fields", "settable", "other_names", "display_name", "dialect", "node"}
    of_keras = text.startswith("keras")
    assert any(name != name.lower() and name[0].islower() for name in names) is not of_keras


@pytest.mark.parametrize("module", ["tf", "tf.layers", "keras.layers", "keras.ops"])
def test_notebooks_show_nothing_else(module):
    assert public(each.name for each in shown(f"{module}.").complete()) == public(dir(MODULES[module]))


def test_a_layer_shows_its_options_in_both_spellings():
    names = {each.name for each in written("tf.layers.dense(").complete()}
    assert {"units=", "useBias=", "use_bias=", "inputShape=", "kernelInitializer=", "name="} <= names
    of_keras = {each.name for each in written("keras.layers.Dense(").complete()}
    assert {"units=", "use_bias=", "kernel_initializer="} <= of_keras
    assert "useBias=" not in of_keras


def test_models_show_their_methods():
    for text in ("model = tf.sequential()\nmodel.", "model = keras.Sequential()\nmodel."):
        names = {each.name for each in written(text).complete()}
        assert {"fit", "compile", "predict", "evaluate", "summary", "layers", "weights"} <= names


def test_documentation_is_in_the_spelling_that_was_typed():
    for spelling, option in (("matMul", "transposeA"), ("mat_mul", "transpose_a")):
        (name,) = written(f"tf.{spelling}").help()
        doc = name.docstring()
        assert doc.startswith(f"{spelling}(a: TensorLike, b: TensorLike, {option}: bool=False")
        assert f"    {option}, " in doc or f"    {option}:" in doc


def test_results_are_known():
    cases = {
        "tf.matMul(tf.ones([1]), 2)": "Tensor",
        "tf.matMul(tf.input({'shape': [1]}), 2)": "SymbolicTensor",
        "tf.layers.dense({'units': 1})": "Dense",
        "tf.sequential()": "Sequential",
        "keras.layers.Dense(1)": "Dense",
    }
    for text, kind in cases.items():
        found = written(f"value = {text}\nvalue").infer(4, 1)
        assert kind in {each.name for each in found}, text


def test_help_names_what_was_asked_for():
    assert tf.matMul.__name__ == "matMul"
    assert list(inspect.signature(tf.matMul).parameters) == ["a", "b", "transposeA", "transposeB"]
    assert "    transposeA" in tf.matMul.__doc__
    assert tf.mat_mul.__name__ == "mat_mul"
    assert "    transpose_a" in tf.mat_mul.__doc__
    assert tf.matMul([[1, 2]], [[3], [4]], transposeA=False).array_sync() == [[11]]
