"""Writes names.json: every public name of Keras 3 and of its modules.

`pip install keras==3.15.1 torch` in an environment of its own, then `KERAS_BACKEND=torch python -m tests.keras.record_names`.
"""

import json
import types
from pathlib import Path

import keras


def walk(module, path, found):
    """Notes the names of a module, and of those below it."""
    public = {name: getattr(module, name) for name in dir(module) if not name.startswith("_")}
    below = {
        name: value
        for name, value in public.items()
        if isinstance(value, types.ModuleType) and value.__name__.startswith("keras")
        and not value.__name__.startswith("keras.src")
    }  # fmt: skip
    found[path] = sorted(
        name for name, value in public.items() if name in below or not isinstance(value, types.ModuleType)
    )
    for name, value in below.items():
        if f"{path}.{name}" not in found:
            walk(value, f"{path}.{name}", found)


if __name__ == "__main__":
    record = {}
    walk(keras, "keras", record)
    Path(__file__).with_name("names.json").write_text(json.dumps(record, indent=0), encoding="utf-8")
