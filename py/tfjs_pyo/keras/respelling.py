"""Examples of classes in Keras's words: those of TensorFlow.js's classes, with Keras's names, keywords and functions."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.documenting import Documentation, options_of, text_of

_IMPORTS = {"import tfjs_pyo as tf": "from tfjs_pyo import keras"}
_FUNCTIONS = {
    "input": "Input", "model": "Model", "LayersModel": "Model", "sequential": "Sequential", "Sequential": "Sequential",
    "variable": "Variable", "InputSpec": "InputSpec",
    **dict.fromkeys(["tensor", *(f"tensor{rank}d" for rank in range(1, 7))], "ops.array"), "scalar": "ops.array",
    "range": "ops.arange",
}  # fmt: skip
_ARRAYS = [name for name, other in _FUNCTIONS.items() if other == "ops.array"]
_MODULES = {"train": "optimizers"}
"""What Keras calls some functions and modules of TensorFlow.js; other functions are in `keras.ops` by their names."""
_METHODS = {"arraySync": "tolist", "array_sync": "tolist"}
_WITH_OPTIONS = ("apply", "compile", "evaluate", "fit", "predict")
"""Methods whose last argument may be a dict of options in TensorFlow.js; `apply` is a call in Keras."""
_SHOWING = ("evaluate", "fit", "predict")
"""Methods that print what they do in Keras, where they are not told `verbose=0`."""
_PHRASES = {
    "minimize(lambda: w * w)": "apply([2 * w], [w])",
    "minimize(lambda: keras.ops.sum(w * w))": "apply([2 * w], [w])",
    'os.path.join(folder, "best")': 'os.path.join(folder, "best.keras")',
}
"""What Keras says otherwise altogether: its optimizers take gradients, its files have an ending."""
_CAMEL = re.compile(r"[a-z]+(?:[A-Z][a-z]*)+")


def respell(form: Any) -> Any:
    """Gives Keras's form of a class a docstring whose example is in Keras's words, and returns the form."""
    text = text_of(form) if isinstance(form, type) else ""
    if any(each in text for each in _IMPORTS):
        form.__doc__ = Documentation(text, lambda owner, told: options_of(owner, in_keras(told)))
    return form


def in_keras(doc: str) -> str:
    """Returns a docstring whose example is in Keras's words.

    Example:
        >>> in_keras('>>> tf.layers.dense({"units": 3})(tf.ones([2, 4])).shape')
        '>>> keras.layers.Dense(units=3)(keras.ops.ones([2, 4])).shape'
        >>> in_keras('>>> layer.apply(tf.tensor([1, 2]), {"training": True}).array_sync()')
        '>>> layer(keras.ops.array([1.0, 2.0]), training=True).tolist()'
        >>> in_keras('>>> done = asyncio.run(model.fit(x, y, {"epochs": 2}))')
        '>>> done = model.fit(x, y, epochs=2, verbose=0)'
    """
    return "\n".join(_lines(doc.split("\n")))


def _lines(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        before, prompt, statement = lines[at].partition(">>> ")
        at += 1
        if not prompt:
            yield before
            continue
        while at < len(lines) and lines[at].startswith(f"{before}..."):
            statement += "\n" + lines[at].removeprefix(f"{before}...").removeprefix(" ")
            at += 1
        spelled = _statement(statement)
        if spelled:
            yield before + prompt + spelled.replace("\n", f"\n{before}... ")


def _statement(text: str) -> str:
    if text in _IMPORTS:
        return _IMPORTS[text]
    spelling = _Spelling()
    tree = spelling.visit(ast.parse(text))
    found = _unparsed(tree) if spelling.changed else text
    for phrase, other in _PHRASES.items():
        found = found.replace(phrase, other)
    return found


def _unparsed(tree: ast.Module) -> str:
    """Returns a statement as programs are written here: with double quotes, and tuples without parentheses."""
    found = re.sub(r"\n\s*\n", "\n", ast.unparse(tree))
    value = getattr(tree.body[0], "value", None) if tree.body else None
    if isinstance(value, ast.Tuple):
        found = found.replace(ast.unparse(value), ast.unparse(value)[1:-1])
    return found.replace("'", '"')


class _Spelling(ast.NodeTransformer):
    """Turns `tf.layers.dense({"units": 3})` into `keras.layers.Dense(units=3)`, and `tf.ones` into `keras.ops.ones`."""

    changed = False

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Spells a call: the class that it makes, its options, or those of a method."""
        called = _dotted(node.func)
        method = node.func.attr if isinstance(node.func, ast.Attribute) and called[0] != "tf" else ""
        self.generic_visit(node)
        if called == ["asyncio", "run"]:  # Keras waits itself
            self.changed = True
            return node.args[0]
        if called[0] == "tf" and called[1] in _ARRAYS:
            return _array(node)
        if called[:2] == ["tf", "variable"]:  # Keras's variables take numbers and lists
            node.args[0] = _values(node.args[0])
        kind = _called(called)
        if kind is not None or method in _WITH_OPTIONS:
            self.changed |= _give_keywords(node, kind)
        if method in _SHOWING and "verbose" not in [each.arg for each in node.keywords]:
            self.changed = True
            node.keywords.append(ast.keyword("verbose", ast.Constant(0)))
        if method == "apply" and isinstance(node.func, ast.Attribute):
            self.changed = True
            node.func = node.func.value
        return node

    def visit_Import(self, node: ast.Import) -> ast.AST | None:
        """Leaves out what Keras's programs do not need."""
        names = [each for each in node.names if each.name != "asyncio"]
        self.changed |= names != node.names
        return ast.Import(names) if names else None

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Spells a name of TensorFlow.js's."""
        called = _dotted(node)
        if called[0] != "tf":
            self.changed |= node.attr in _METHODS
            node.attr = _METHODS.get(node.attr, node.attr)
            return self.generic_visit(node)
        self.changed = True
        if called[1] == "keras":
            return _path(*called[1:])
        if len(called) > 2:
            return _path(
                "keras", _MODULES.get(called[1], called[1]), _known(called[1], called[2]), *called[3:]
            )
        name = _FUNCTIONS.get(called[1]) or f"ops.{_known('ops', called[1])}"
        return _path("keras", *name.split("."))


class _Floats(ast.NodeTransformer):
    """Turns whole numbers into floats, which `tf.tensor` makes of them."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """Turns one number."""
        return ast.Constant(float(node.value)) if type(node.value) is int else node


def _array(node: ast.Call) -> ast.Call:
    """Returns the call that makes an array of floats, in a shape if one is given."""
    values, *shape = node.args  # of Keras's spelling already
    node.args = [values if node.keywords else _Floats().visit(values)]
    return ast.Call(_path("keras", "ops", "reshape"), [node, *shape], []) if shape else node


def _values(node: ast.expr) -> ast.expr:
    """Returns the numbers that an array is made of; what is no array is returned as it is."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "keras.ops.array":
        return node.args[0]
    return node


def _give_keywords(node: ast.Call, kind: Any) -> bool:
    """Makes keywords of the options of a call, which are its last argument; returns whether there are any."""
    config = node.args[-1] if node.args else None
    if not isinstance(config, ast.Dict):
        return False
    node.args = node.args[:-1]
    for key, value in zip(config.keys, config.values, strict=True):
        for each in ast.walk(value):
            if isinstance(each, ast.Constant) and _CAMEL.fullmatch(str(each.value)):
                each.value = naming.snake(str(each.value))
        node.keywords.append(ast.keyword(_keyword(kind, key), value))
    return True


def _called(called: list[str]) -> Any:
    """Returns what of Keras's a call of TensorFlow.js's stands for where it is made from options; None else."""
    if called[0] != "tf" or called[1] == "keras":
        return None
    if len(called) == 3:
        return getattr(_module(called[1]), _known(called[1], called[2]))
    name = _FUNCTIONS.get(called[1], "ops.")
    return None if name.startswith("ops.") else getattr(importlib.import_module("tfjs_pyo.keras"), name)


def _dotted(node: ast.expr) -> list[str]:
    """Returns the parts of a name with dots, and [''] for what is none."""
    text = ast.unparse(node)
    return text.split(".") if re.fullmatch(r"[\w.]+", text) else [""]


def _module(name: str) -> Any:
    return importlib.import_module(f"tfjs_pyo.keras.{_MODULES.get(name, name)}")


def _known(module: str, name: str) -> str:
    """Returns the name of a module of Keras's that is meant by one of TensorFlow.js's."""
    return next((each for each in dir(_module(module)) if naming.fold(each) == naming.fold(name)), name)


def _keyword(kind: Any, key: ast.expr | None) -> str:
    name = naming.snake(ast.literal_eval(key)) if key is not None else ""
    name = str(getattr(kind, "other_names", {}).get(name, name))
    known = [f.argument for f in getattr(kind, "fields", {}).values() if f.argument]
    return naming.nearest_spelling(name, known) or name


def _path(*names: str) -> ast.expr:
    return ast.parse(".".join(names), mode="eval").body


__all__ = ["in_keras", "respell"]
