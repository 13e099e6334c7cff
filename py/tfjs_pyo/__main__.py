"""`python -m tfjs_pyo program.py [arguments]`: runs a program written for Keras, unchanged, on this package."""

from __future__ import annotations

import importlib
import io
import platform
import runpy
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from types import CodeType, ModuleType, TracebackType

import tfjs_pyo
from tfjs_pyo import keras
from tfjs_pyo.importing import FACES

USAGE = """\
usage: python -m tfjs_pyo program.py [arguments]
       python -m tfjs_pyo -m module [arguments]
       python -m tfjs_pyo -c code [arguments]
       python -m tfjs_pyo --version
       python -m tfjs_pyo info
       python -m tfjs_pyo types folder

Runs a Python program in which `import keras` and `import tensorflow` give tfjs-pyo. `info` prints what belongs into a
report of a fault; `types` writes stubs of `keras` and `tensorflow` for type checkers and editors, which know the folder as
mypy_path or stubPath.
"""


def run_code(code: CodeType, file: str | None) -> None:
    """Runs code as the main program: classes that it defines can be pickled, `__file__` is its own."""
    main = ModuleType("__main__")
    vars(main).update(__builtins__=__builtins__, __spec__=None)
    if file is not None:
        main.__file__ = file
    sys.modules["__main__"] = main
    exec(code, vars(main))  # noqa: S102 (running a program is what this is for)


def run_file(path: str) -> None:
    """Runs a file, as `python path` does."""
    with io.open_code(path) as source:
        code = compile(source.read(), path, "exec", dont_inherit=True)
    if not sys.flags.safe_path:
        sys.path[0] = str(Path(path).resolve().parent)
    run_code(code, path)


def run_text(text: str) -> None:
    """Runs a piece of text, as `python -c` does."""
    sys.path[0] = ""
    run_code(compile(text, "<string>", "exec", dont_inherit=True), None)


def run_module(name: str) -> None:
    """Runs a module that can be imported, as `python -m` does."""
    runpy.run_module(name, run_name="__main__", alter_sys=True)


def of_the_program(trace: TracebackType | None) -> TracebackType | None:
    """Returns a traceback from the program's own first line on: what stands before it is this file and runpy."""
    outside = {__file__, runpy.__file__, "<frozen runpy>"}
    first = trace
    while first is not None and first.tb_frame.f_code.co_filename in outside:
        first = first.tb_next
    return first


def print_info() -> None:
    """Prints versions, the platform, and where results are computed."""
    packages = ("numpy", "h5py", "pyfive", "matplotlib", "keras", "tensorflow")
    found = {name: metadata.version(name) for name in packages if _is_installed(name)}
    about = {
        "tfjs-pyo": tfjs_pyo.__version__,
        "Python": f"{platform.python_version()} ({platform.python_implementation()})",
        "platform": platform.platform(),
        "backend": tfjs_pyo.get_backend(),
        **found,
    }
    for name, value in about.items():
        print(f"{name}: {value}")


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def write_types(folder: str) -> None:
    """Writes stubs of the packages that programs import, which hand on those of this package."""
    waiting = [(face, importlib.import_module(real)) for face, real in FACES.items()]
    while waiting:
        name, module = waiting.pop()
        inside = [n for n in module.__all__ if isinstance(getattr(module, n), ModuleType)]
        waiting += [(f"{name}.{n}", getattr(module, n)) for n in inside]
        lines = [f"from {name} import {n} as {n}" for n in inside]
        lines += [f"from {module.__name__} import {n} as {n}" for n in module.__all__ if n not in inside]
        path = Path(folder, *name.split("."), "__init__.pyi")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def answer(arguments: list[str]) -> bool:
    """Answers what is asked of the package itself; returns whether anything was."""
    match arguments:
        case ["--version" | "-V"]:
            print(f"tfjs-pyo {tfjs_pyo.__version__}")
        case ["info"]:
            print_info()
        case ["types", folder]:
            write_types(folder)
        case _:
            return False
    return True


def read_arguments(arguments: list[str]) -> tuple[Callable[[str], None], str, list[str]] | None:
    """Returns what runs, what it is given, and the program's `sys.argv`; None where the usage is to be shown."""
    if not arguments:
        return None
    option, *rest = arguments
    if option in {"-c", "-m"}:
        run = run_text if option == "-c" else run_module
        return (run, rest[0], [option, *rest[1:]]) if rest else None
    if option.startswith("-"):
        return None
    return run_file, option, arguments


def main() -> int:
    """Runs the program that the command line names; returns the exit status."""
    if answer(sys.argv[1:]):
        return 0
    found = read_arguments(sys.argv[1:])
    if found is None:
        asked = sys.argv[1:] in (["-h"], ["--help"])
        print(USAGE, end="", file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    run, given, sys.argv = found
    if run is run_file and not Path(given).is_file():
        print(f"python -m tfjs_pyo: cannot find the program {given!r}.", file=sys.stderr)
        return 2
    keras.install(shadow=True)
    try:
        run(given)
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 (shown as Python itself shows it)
        error.__traceback__ = of_the_program(error.__traceback__)
        sys.excepthook(type(error), error, error.__traceback__)
        return 130 if isinstance(error, KeyboardInterrupt) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
