"""Writes signatures.json: every public name of Keras 3's modules of objects, with its parameters and their defaults.

`pip install keras==3.15.1 torch` in an environment of its own, then
`KERAS_BACKEND=torch python -m tests.keras.record_signatures`.
"""

import inspect
import json
from pathlib import Path

import keras

MODULES = (
    "activations", "callbacks", "constraints", "initializers", "layers", "losses", "metrics", "optimizers",
    "optimizers.schedules", "regularizers",
)  # fmt: skip


def shown(value):
    """A default as JSON."""
    if isinstance(value, tuple):
        return [shown(item) for item in value]
    try:
        json.dumps(value)
    except TypeError:
        return repr(value)
    return value


def parameters(item):
    """Names, kinds and defaults of what a class or function is given; nothing where it takes anything."""
    own = item.__init__ if isinstance(item, type) else item
    found = []
    for p in inspect.signature(own).parameters.values():
        if p.name == "self" or p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD):
            continue
        kind = "keyword" if p.kind is p.KEYWORD_ONLY else "place"
        found.append([p.name, kind, *([] if p.default is p.empty else [shown(p.default)])])
    return found


def recorded(module):
    names = {}
    for name in sorted(dir(module)):
        item = getattr(module, name)
        if name.startswith("_") or inspect.ismodule(item):
            continue
        names[name] = {
            "class": item.__name__ if isinstance(item, type) else None,
            "parameters": parameters(item),
        }
    return names


def main():
    record = {"version": keras.__version__}
    for path in MODULES:
        module = keras
        for part in path.split("."):
            module = getattr(module, part)
        record[path] = recorded(module)
    target = Path(__file__).with_name("signatures.json")
    target.write_text(json.dumps(record, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main()
