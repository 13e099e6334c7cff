"""Writes ops.json: what Keras's functions of tensors give, on its NumPy and its torch backend.

`pip install keras==3.15.1 torch scipy jax pillow` in an environment of its own, then `python -m tests.keras.ops.record`.
"""

import gzip
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.keras.ops.calls import calls, inputs_of

FILE = Path(__file__).parent / "ops.json.gz"
NAMES = Path(__file__).parent / "signatures.json"
MODULES = ("ops", "ops.numpy", "ops.nn", "ops.linalg", "ops.image", "random", "tree", "config", "backend")


def _plain(value, digits=9):
    """Returns a result as JSON."""
    import numpy as np

    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if hasattr(value, "detach"):
        value = value.detach().cpu().resolve_conj().numpy()
    array = np.asarray(value)
    kind = str(array.dtype)
    if array.dtype.kind == "c":
        array = np.stack([array.real, array.imag], -1)
    flat = array.reshape(-1)
    numbers = flat.tolist() if flat.dtype.kind in "biu" else [float(f"{v:.{digits}g}") for v in flat.tolist()]
    return {"shape": list(np.shape(value)), "dtype": kind, "values": numbers}


def _gradients(function, args, kwargs):
    """Returns torch's derivatives of the sum of a result's elements, weighted, by the float inputs."""
    import numpy as np
    import torch

    leaves = []

    def prepared(value):
        if isinstance(value, np.ndarray) and value.dtype == np.float32:
            leaves.append(torch.tensor(value, requires_grad=True))
            return leaves[-1]
        if isinstance(value, (list, tuple)):
            return type(value)(prepared(each) for each in value)
        return torch.tensor(value) if isinstance(value, np.ndarray) else value

    args = [prepared(each) for each in args]
    kwargs = {key: prepared(each) for key, each in kwargs.items()}
    if not leaves:
        return None
    result = function(*args, **kwargs)
    results = result if isinstance(result, (list, tuple)) else [result]
    total = 0
    for each in results:
        if torch.is_tensor(each) and each.dtype == torch.float32 and each.requires_grad:
            weights = torch.cos(torch.arange(each.numel(), dtype=torch.float32)).reshape(each.shape)
            total = total + (each * weights).sum()
    if not torch.is_tensor(total):
        return None
    found = torch.autograd.grad(total, leaves, allow_unused=True)
    return [None if each is None else _plain(each) for each in found]


def record_here():
    """Prints what this process's backend gives."""
    import keras

    found = []
    for number, call in enumerate(calls()):
        function = keras.ops
        for part in call.name.split("."):
            function = getattr(function, part)
        args, kwargs = inputs_of(call, number)
        entry = {"name": call.name}
        try:
            entry["result"] = _plain(function(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 (what this backend does not do)
            entry["error"] = f"{type(error).__name__}: {str(error)[:80]}"
        if keras.backend.backend() == "torch" and call.gradient and "result" in entry:
            args, kwargs = inputs_of(call, number)
            try:
                entry["gradients"] = _gradients(function, args, kwargs)
            except Exception as error:  # noqa: BLE001 (what this backend does not do)
                entry["gradient_error"] = str(error)[:80]
        found.append(entry)
    json.dump(found, sys.stdout)


def signatures():
    """Returns the public names of modules, with the parameters of functions."""
    import keras

    found = {}
    for path in MODULES:
        module = keras
        for part in path.split("."):
            module = getattr(module, part)
        found[path] = {}
        for name in dir(module):
            if not name.startswith("_"):
                value = getattr(module, name)
                try:
                    found[path][name] = str(inspect.signature(value))
                except (TypeError, ValueError):
                    found[path][name] = None
    return found


def _near(first, second):
    """Returns whether two results have about the same numbers."""
    import numpy as np

    if isinstance(first, list):
        return len(first) == len(second) and all(map(_near, first, second))
    if not isinstance(first, dict):
        return first == second
    same = first["shape"] == second["shape"]
    return same and np.allclose(first["values"], second["values"], 1e-4, 1e-5, equal_nan=True)


def main():
    both = {}
    for backend in ("numpy", "torch"):
        environment = {**os.environ, "KERAS_BACKEND": backend}
        command = [sys.executable, "-c", "from tests.keras.ops.record import record_here as r; r()"]
        both[backend] = json.loads(
            subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout
        )
    entries = []
    for first, second in zip(both["numpy"], both["torch"], strict=True):
        results = []
        for entry in (first, second):
            if "result" in entry and entry["result"] not in results:
                results.append(entry["result"])
        errors = [entry["error"] for entry in (first, second) if "error" in entry]
        # Where the backends differ, so do their gradients: those of torch are no measure then.
        gradients = second.get("gradients") if len(results) < 2 or _near(*results) else None
        entries.append({"name": first["name"], "results": results, "gradients": gradients, "errors": errors})
    with gzip.GzipFile(FILE, "wb", mtime=0) as file:
        file.write(json.dumps(entries).encode())
    os.environ["KERAS_BACKEND"] = "numpy"
    NAMES.write_text(json.dumps(signatures(), indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
