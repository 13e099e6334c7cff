"""The layers of the architecture: imports go down or stay level, never in circles, never hidden in functions.

What is imported for types only (`TYPE_CHECKING`) counts as well.
"""

import ast
import functools
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tfjs_pyo import naming
from tools.site import ROOT

PACKAGE = "tfjs_pyo"
SOURCE = ROOT / "py" / PACKAGE

# ARCHITECTURE.md explains them (as floors). Whoever adds a module says here on which layer it lives.
LAYERS = {
    0: {
        "dtype_names",
        "dtypes",
        "shapes",
        "tensor_shape",
        "errors",
        "dialects",
        "doc_examples",
        "documenting",
        "meanings",
        "naming",
        "config",
        "registry",
        "forms",
        "hosts",
        "fingerprint",
        "siphash",
        "windows",
        "nests",
        "options",
        "output",
        "regex",
        "rules",
        "types",
        "later",
        "weak",
    },
    1: {"backends"},
    2: {"core", "compiler"},
    3: {"ops"},
    4: {
        "activations",
        "browser",
        "constraints",
        "data",
        "further_activations",
        "image",
        "initializers",
        "io",
        "layers",
        "losses",
        "metrics",
        "optimizers",
        "platform",
        "random",
        "regularizers",
        "serialization",
        "tensorflow_names",
        "util",
        "variables",
    },
    5: {"callbacks", "graph_models", "models", "vis"},
    6: {"__init__", "__main__", "importing", "keras", "tensorflow"},
}
LAYER_OF = {name: layer for layer, names in LAYERS.items() for name in names}

# What models/ is made of, each from those before it only; the files of the model classes use all of them.
MODEL_PARTS = [
    "classes",
    "endpoints",
    "graph_order",
    "summary",
    "training",
    "saving",
    "keras_files",
    "loading",
]


def module_name(path: Path) -> str:
    """The dotted name of a source file; a package's is that of its `__init__`."""
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts)


FILES = {module_name(path): path for path in sorted(SOURCE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in FILES.items()}


def layer(module: str) -> int:
    """The layer of a module of ours."""
    return LAYER_OF[module.split(".")[1]]


def file_of(dotted: str) -> str | None:
    """The file that a dotted name is in, if it is one of ours."""
    for candidate in (dotted, f"{dotted}.__init__"):
        if candidate in FILES:
            return candidate
    return None


def targets(module: str, node: ast.AST) -> list[str]:
    """The files of ours that an import statement takes something from."""
    found: list[str | None] = []
    if isinstance(node, ast.Import):
        found = [file_of(alias.name) for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            package = module.split(".")[: -node.level]
            base = ".".join([*package, base]).rstrip(".")
        found = [file_of(f"{base}.{alias.name}") or file_of(base) for alias in node.names]
    return [name for name in found if name is not None]


def later(node: ast.AST) -> list[str]:
    """The files of ours that a module names to be loaded when they are used: by `Later`, or in a table LATER of public names."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "Later":
        named = [ast.literal_eval(node.args[0])]
    elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "LATER":
        table = ast.literal_eval(node.value)
        named = [
            f"{place}.{name}" if file_of(f"{place}.{name}") else place
            for place in table
            for name in table[place]
        ]
    else:
        return []
    return [name for name in map(file_of, named) if name is not None]


def is_type_checking(node: ast.AST) -> bool:
    """Whether this is `if TYPE_CHECKING:`; what it holds is imported by type checkers only."""
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


@functools.cache
def imports(module: str, inside_functions: bool, types: bool = True) -> list[tuple[int, str]]:
    """Line and target of each import, at once or later: either those at module level or those inside functions."""
    found: list[tuple[int, str]] = []

    def walk(node: ast.AST, in_function: bool) -> None:
        for child in ast.iter_child_nodes(node):
            if is_type_checking(child) and not types:
                walk(ast.Module(child.orelse, []), in_function)
                continue
            if in_function == inside_functions:
                found.extend((child.lineno, target) for target in later(child))
            if isinstance(child, ast.Import | ast.ImportFrom) and in_function == inside_functions:
                found.extend((child.lineno, target) for target in targets(module, child))
            walk(child, in_function or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda))

    walk(TREES[module], in_function=False)
    return found


def test_every_module_has_a_layer():
    unlisted = {name.split(".")[1] for name in FILES} - set(LAYER_OF)
    assert unlisted == set(), "say in tests/test_imports.py and ARCHITECTURE.md on which layer these are"


@pytest.mark.parametrize("module", FILES)
def test_imports_go_down(module):
    upwards = [
        f"line {line}: {target} is on layer {layer(target)}"
        for line, target in imports(module, inside_functions=False)
        if layer(target) > layer(module)
    ]
    assert upwards == [], f"{module} is on layer {layer(module)}"


def part_of_models(module: str) -> int:
    """The place of a module of models/ among its parts."""
    part = module.split(".")[2]
    return MODEL_PARTS.index(part) if part in MODEL_PARTS else len(MODEL_PARTS)


def test_parts_of_models_import_from_those_before_them():
    backwards = [
        f"{module}, line {line}: {target}"
        for module in FILES
        if module.startswith(f"{PACKAGE}.models.")
        for line, target in imports(module, inside_functions=False, types=False)
        if target.startswith(f"{PACKAGE}.models.") and part_of_models(target) > part_of_models(module)
    ]
    assert backwards == []


@pytest.mark.parametrize("module", FILES)
def test_no_import_hides_in_a_function(module):
    assert imports(module, inside_functions=True) == [], (
        "import at the top of the file; move what is shared a layer down"
    )


# Classes whose methods stand in several files of their package, or are handed to these: they may name its type.
OF_SEVERAL_FILES = {"layers.base", "models.base", "models.training.trainer"}
# What is open in a task is kept below those who open it, and has their types.
HOLDS_WHAT_OTHERS_OPEN = "core.context"


def is_known_by_type_only(module: str, target: str) -> bool:
    """Whether a module may know another one by its type, though that one imports it."""
    source, goal = module.removeprefix(f"{PACKAGE}."), target.removeprefix(f"{PACKAGE}.")
    if source == HOLDS_WHAT_OTHERS_OPEN:
        return goal.startswith("core.")
    return goal in OF_SEVERAL_FILES and source.startswith(goal.rpartition(".")[0])


def test_no_circles():
    graph = {}
    for name in FILES:
        run = {target for _, target in imports(name, inside_functions=False, types=False)}
        named = {target for _, target in imports(name, inside_functions=False)} - run
        graph[name] = run | {target for target in named if not is_known_by_type_only(name, target)}
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> None:
        if name in path:
            raise AssertionError("imports run in a circle: " + " -> ".join([*path[path.index(name) :], name]))
        if name in done:
            return
        for target in sorted(graph[name] - {name}):
            visit(target, [*path, name])
        done.add(name)

    for name in graph:
        visit(name, [])


def test_the_graph_is_below_the_compiler_and_the_compiler_below_the_rest_of_core():
    """Both stand on one floor; between them imports go one way, too: core/graph.py, compiler/, core/."""
    climbing = [
        f"{module}: {target}"
        for module in FILES
        for _, target in imports(module, inside_functions=False)
        if (module.startswith(f"{PACKAGE}.compiler.") and target.startswith(f"{PACKAGE}.core."))
        or (module == f"{PACKAGE}.core.graph" and target.startswith(f"{PACKAGE}.compiler."))
        if target != f"{PACKAGE}.core.graph"
    ]
    assert climbing == []


@pytest.mark.parametrize(
    "package", ["callbacks", "initializers", "layers", "losses", "metrics", "models", "optimizers"]
)
def test_no_module_hides_a_public_name(package):
    """Importing a module sets it as an attribute of its package: `layers/attention.py` would hide `tf.layers.attention`."""
    owner = importlib.import_module(f"{PACKAGE}.{package}")
    names = set(naming.spellings(owner.__all__)) - set(owner.__all__)
    modules = {path.stem for path in (SOURCE / package).glob("*") if not path.stem.startswith("_")}
    assert modules & names == set()


def test_the_package_needs_no_numpy():
    """In the page NumPy comes when it is asked for: it is larger than the package."""
    program = "import sys; sys.modules['numpy'] = None; import tfjs_pyo as tf; tf.layers.dense; tf.data.array; tf.vis.render"
    subprocess.run([sys.executable, "-c", program], check=True)


OF_PYTHON = {
    "asyncio", "csv", "difflib", "email", "html", "http", "importlib.resources", "ipaddress", "logging", "pathlib",
    "random", "secrets", "shutil", "sqlite3", "ssl", "string", "subprocess", "tempfile", "unittest", "urllib", "uuid", "xml",
    "zipfile", "zoneinfo",
}  # fmt: skip
OF_OTHERS = {"IPython", "h5py", "marimo", "matplotlib", "numpy", "pandas"}
OF_OURS = {
    f"{PACKAGE}.{part}"
    for part in (
        "browser", "data", "graph_models", "io", "keras", "models.keras_files", "models.loading", "regex",
        "tensorflow", "tensorflow_names", "util", "vis",
    )
}  # fmt: skip
"""What files, servers, charts and errors need: an import, which takes at most twice as long as NumPy's, does without."""


def test_the_package_loads_what_it_needs_when_it_needs_it():
    later = OF_PYTHON | OF_OTHERS | OF_OURS
    program = f"import sys; import {PACKAGE}; print(sorted({later!r} & set(sys.modules)))"
    # Without the files of an editable installation, some of which load modules of their own when Python starts.
    environment = {**os.environ, "PYTHONPATH": str(SOURCE.parent)}
    command = [sys.executable, "-S", "-c", program]
    result = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "module", [name for name in FILES if "\nLATER = {" in FILES[name].read_text(encoding="utf-8")]
)
def test_names_that_come_later_are_there(module):
    """Each in a Python of its own, in which nothing has asked for it before."""
    owner = module.removesuffix(".__init__")
    program = f"""
import importlib, pickle
owner = importlib.import_module({owner!r})
for names in owner.LATER.values():
    for name in names:
        assert name in dir(owner) or name in ("live", "pads"), name
        value = getattr(owner, name)
        assert vars(owner)[name] is value
        if isinstance(value, type):
            assert pickle.loads(pickle.dumps(value)) is value
"""
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    "program",
    [
        "import tfjs_pyo as tf; tf.keras.layers.Dense(1)",
        "from tfjs_pyo import keras; keras.Sequential()",
        "import tfjs_pyo.keras.layers as layers; layers.Dense(1)",
        "from tfjs_pyo import forms, layers; assert 'keras.layer.' in str(forms.keras_form(layers.Dense).__mro__)",
        "import tfjs_pyo as tf; from tfjs_pyo.ops.declare import public_function; assert public_function('keras.ops.add')",
    ],
)  # fmt: skip
def test_keras_names_are_loaded_when_they_are_asked_for(program):
    subprocess.run([sys.executable, "-c", program], check=True)


ALONE = """
import importlib, os, sys, traceback
import tfjs_pyo
for name in sys.argv[1:]:
    child = os.fork()
    if child == 0:
        try:
            importlib.import_module(name)
        except BaseException:
            print(name, traceback.format_exc().splitlines()[-1], flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


@pytest.mark.slow
def test_every_module_can_be_the_first_that_is_loaded_after_the_package():
    """What a program uses first must not matter for what is loaded later."""
    asked = {name for tree in TREES.values() for node in ast.walk(tree) for name in later(node)}
    names = sorted(name.removesuffix(".__init__") for name in asked)
    told = subprocess.run([sys.executable, "-c", ALONE, *names], capture_output=True, text=True, check=True)
    assert told.stdout == ""
