"""The Python side of the page: runs cells, says whether input is complete, completes names, shows rich results.

A cell is a piece of source that runs as a task of its own, so that several can be under way: one that awaits a training
run does not keep another from answering. What a cell prints is told apart by a context variable, which tasks inherit.
Nothing in here knows about tensors; worker.js puts this file into Pyodide's file system and calls `Session`.

Pyodide's own console class runs one cell at a time, under a lock, so it is not used.
"""

import ast
import asyncio
import base64
import builtins
import contextlib
import contextvars
import functools
import inspect
import io
import itertools
import json
import linecache
import math
import os
import re
import rlcompleter
import signal
import sys
import textwrap
import traceback
import warnings
from codeop import PyCF_ALLOW_INCOMPLETE_INPUT  # type: ignore[attr-defined]
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

Emit = Callable[[int, str, str], object]

WORD_BREAKS = " \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?"
LONGEST_REPR = 20_000
CELL_NAME = "<cell "
LARGEST_JSON = 1_000_000
_BUNDLE_METHODS = {
    "text/html": "_repr_html_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "image/jpeg": "_repr_jpeg_",
}


@dataclass
class Cell:
    """One piece of source under way, and what it printed so far."""

    number: int
    keep: bool
    task: "asyncio.Task[dict[str, Any]] | None" = None
    inner: "list[asyncio.Task[Any]]" = field(default_factory=list)
    printed: dict[str, list[str]] = field(default_factory=lambda: {"stdout": [], "stderr": []})

    def waiting(self) -> "list[asyncio.Task[Any]]":
        """The tasks to cancel: those that it began with asyncio.run and waits for, else its own."""
        inner = [task for task in self.inner if not task.done()]
        return inner or [task for task in (self.task,) if task is not None and not task.done()]

    def text(self, stream: str) -> str:
        """What it wrote to a stream."""
        return "".join(self.printed[stream])


_current: contextvars.ContextVar[Cell | None] = contextvars.ContextVar("cell", default=None)


class Stream(io.TextIOBase):
    """sys.stdout or sys.stderr of the page: hands on what is written, with the number of the cell that wrote it."""

    def __init__(self, name: str, emit: Emit) -> None:
        super().__init__()
        self.name = name
        self._emit = emit

    encoding = "utf-8"
    errors = "strict"

    def writable(self) -> bool:
        """Yes."""
        return True

    def isatty(self) -> bool:
        """Yes: what is written is seen at once."""
        return True

    def write(self, text: str) -> int:
        """Hand a text on."""
        cell = _current.get()
        if cell is not None and cell.keep:
            cell.printed[self.name].append(text)
        self._emit(0 if cell is None else cell.number, self.name, text)
        return len(text)


def is_complete(source: str) -> bool:
    r"""Whether Enter should run `source` (True) or open another line (False).

    As at Python's own prompt: what the parser calls unfinished goes on; so does a block until an empty line ends it.

    >>> is_complete("1 + 1"), is_complete("for i in range(3):"), is_complete("print(")
    (True, False, False)
    >>> is_complete("if x:\n    y"), is_complete("if x:\n    y\n")
    (False, True)
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = compile(
                source + "\n",
                "<input>",
                "exec",
                flags=ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | PyCF_ALLOW_INCOMPLETE_INPUT,
            )
        except SyntaxError as error:
            return "incomplete input" not in str(error)
        except (ValueError, OverflowError):
            return True
    if not isinstance(tree, ast.Module) or not tree.body:
        return True
    last_line = source.rpartition("\n")[2]
    opens_block = hasattr(tree.body[-1], "body") or hasattr(tree.body[-1], "cases")
    is_expression = isinstance(tree.body[-1], ast.Expr)
    return is_expression or not opens_block or last_line.strip() == ""


def compile_cell(source: str, filename: str) -> tuple[CodeType, CodeType | None]:
    """The statements of a cell, and its last expression if it ends in one (and in no semicolon)."""
    tree = ast.parse(source, filename)
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    last = None
    ending = tree.body[-1] if tree.body else None
    if isinstance(ending, ast.Expr) and not source.rstrip().endswith(";"):
        tree.body.pop()
        last = compile(ast.Expression(ending.value), filename, "eval", flags=flags, dont_inherit=True)
    return compile(tree, filename, "exec", flags=flags, dont_inherit=True), last


def plain(value: object) -> Any:
    """`value` made of what JSON has; floats that JSON lacks become {"$float": "nan"}.

    >>> plain({"a": (1, 2.5), "b": float("inf")})
    {'a': [1, 2.5], 'b': {'$float': 'inf'}}

    Raises:
        TypeError: `value` has no such form.
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if abs(value) > 2**53:
            raise TypeError("an integer beyond 2**53 is not exact in JavaScript")
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {"$float": str(float(value))}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("JSON's keys are strings")
        return {key: plain(item) for key, item in value.items()}
    if getattr(value, "size", 0) > LARGEST_JSON:
        raise TypeError("too large to be worth handing over as JSON")
    for method in ("array_sync", "tolist"):  # a tensor; NumPy's arrays and numbers
        if not isinstance(value, type) and callable(getattr(value, method, None)):
            return plain(getattr(value, method)())
    raise TypeError(f"{type(value).__name__} has no JSON form")


def bundle(value: object) -> dict[str, str]:
    """The MIME bundle of a value, as Jupyter's front ends take it: MIME type to text, pictures in base64."""
    shown: dict[str, str] = {}
    if isinstance(value, type):
        return shown
    whole = getattr(value, "_repr_mimebundle_", None)
    if callable(whole):
        made = whole()
        data = made[0] if isinstance(made, tuple) else made
        shown.update({str(kind): _as_text(item) for kind, item in data.items()})
    for kind, name in _BUNDLE_METHODS.items():
        method = getattr(value, name, None)
        if kind not in shown and callable(method):
            item = method()
            if item is not None:
                shown[kind] = _as_text(item)
    return shown


def _as_text(item: object) -> str:
    if isinstance(item, bytes):
        return base64.b64encode(item).decode("ascii")
    return item if isinstance(item, str) else json.dumps(item)


def short_repr(value: object) -> str:
    """repr(value), its middle left out where it is very long."""
    text = repr(value)
    if len(text) <= LONGEST_REPR:
        return text
    half = LONGEST_REPR // 2
    return f"{text[:half]}\n... {len(text) - LONGEST_REPR} characters left out ...\n{text[-half:]}"


def explain(value: object, width: int = 88) -> str:
    """How something is called, and its docstring: readable in a terminal that scrolls, so without what is inherited."""
    name = getattr(value, "__name__", type(value).__name__)
    lines = [name]
    if isinstance(value, type) or inspect.isroutine(value):
        with contextlib.suppress(TypeError, ValueError):
            head = f"{name}{inspect.signature(value)}"
            lines = textwrap.wrap(
                head, width, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
            )
    elif not inspect.ismodule(value):
        lines = [f"{name} object"]
    lines += ["", inspect.getdoc(value) or "It has no docstring."]
    if inspect.ismodule(value):
        names = ", ".join(getattr(value, "__all__", None) or sorted(n for n in vars(value) if n[0] != "_"))
        lines += ["", *textwrap.wrap(f"Names: {names}", width, subsequent_indent="    ")]
    return "\n".join(lines)


def show_help(*subjects: object) -> None:
    """Print what `explain` says of each value; of a name in a string, what that names."""
    if not subjects:
        print("help(tf.layers.dense) or tf.layers.dense? explains something; Tab lists what there is.")
    for subject in subjects:
        if isinstance(subject, str):
            import pydoc  # large, and seldom wanted: the boot does not wait for it

            print(explain(pydoc.locate(subject) or subject))
        else:
            print(explain(subject))


def as_help(source: str) -> str:
    """The cell that a question stands for; any other source as it is.

    >>> as_help("tf.layers.dense?"), as_help("?tf"), as_help("1 + 1")
    ('help(tf.layers.dense)', 'help(tf)', '1 + 1')
    """
    asked = re.fullmatch(r"\s*(?:\?{1,2}\s*([\w.]+)|([\w.]+)\s*\?{1,2})\s*", source)
    return f"help({asked[1] or asked[2]})" if asked else source


def called(before: str, variables: dict[str, Any]) -> object:
    """What the innermost open bracket at the end of a line calls, found without running anything of the line; or None."""
    depth = 0
    for place in range(len(before) - 1, -1, -1):
        depth += (before[place] in ")]}") - (before[place] in "([{")
        if depth < 0:
            break
    dotted = re.search(r"[^\W\d][\w.]*$", before[:place]) if depth < 0 and before[place] == "(" else None
    if dotted is None:
        return None
    first, *rest = dotted[0].split(".")
    try:
        return functools.reduce(getattr, rest, variables[first])
    except (AttributeError, KeyError):
        return None


def keywords(function: object, word: str) -> list[str]:
    """The keyword arguments of a function that begin with a word, as completions.

    >>> keywords(lambda units, use_bias=True: None, "u")
    ['units=', 'use_bias=']
    """
    try:
        parameters = inspect.signature(function).parameters.values()  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return []
    named = (p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY))
    return [f"{name}=" for name in named if name.startswith(word)]


class Session:
    """The namespaces and the cells of one page.

    Args:
        emit: Called with a cell's number, 'stdout', 'stderr' or 'display', and the text, as it comes.
        load_packages: Awaited with each cell's source before it runs, to fetch the packages that it imports.
    """

    def __init__(self, emit: Emit, load_packages: Callable[[str], Any] | None = None) -> None:
        self._emit = emit
        self._load_packages = load_packages
        self._numbers = itertools.count(1)
        self._cells: dict[int, Cell] = {}
        self._namespaces: dict[str, dict[str, Any]] = {}
        self._prelude: dict[str, Any] = {"display": self.display, "help": show_help}
        self.namespace("")
        self.stdout = Stream("stdout", emit)
        self.stderr = Stream("stderr", emit)

    def attach(self) -> None:
        """Take over sys.stdout, sys.stderr, Ctrl-C and asyncio.run."""
        sys.stdout = self.stdout
        sys.stderr = self.stderr
        signal.signal(signal.SIGINT, self.on_signal)
        asyncio.run = self.run_inside

    def run_inside(self, main: Coroutine[Any, Any, Any], **_options: object) -> Any:
        """What asyncio.run is in the page, whose event loop runs already: programs for CPython run here as they are.

        Where the browser can suspend WebAssembly, this waits as in CPython. Where it cannot, it returns the task, and the
        cell ends when the task does. The task is the cell's, so that Ctrl-C finds it.
        """
        task = asyncio.ensure_future(main)
        cell = _current.get()
        if cell is not None:
            cell.inner.append(task)
        # Pyodide prints what a future raises that the loop waits for; the cell's answer says it already.
        waiting: Any = asyncio.get_running_loop().run_until_complete(
            asyncio.ensure_future(asyncio.wait([task]))
        )
        return task if asyncio.isfuture(waiting) else task.result()

    def on_signal(self, _number: int, frame: FrameType | None) -> None:
        """Ctrl-C while Python computes: KeyboardInterrupt, but only where a cell computes.

        Raised in the event loop's own code it would get lost, and the wake-up of some task with it.
        """
        while frame is not None:
            if frame.f_code.co_filename.startswith(CELL_NAME):
                raise KeyboardInterrupt
            frame = frame.f_back
        asyncio.get_running_loop().call_soon(self.interrupt)

    def namespace(self, name: str) -> dict[str, Any]:
        """The variables of the prompt (name '') or of a namespace of its own, made when first asked for."""
        if name not in self._namespaces:
            fresh = {"__name__": "__main__", "__doc__": None, "__builtins__": builtins}
            self._namespaces[name] = {**fresh, **self._prelude}
        return self._namespaces[name]

    def forget(self, name: str) -> None:
        """Drop a namespace and all that it holds."""
        self._namespaces.pop(name, None)

    def provide(self, **names: object) -> None:
        """Put names into the prompt's namespace and into every later one."""
        self._prelude.update(names)
        for namespace in self._namespaces.values():
            namespace.update(names)

    def display(self, *values: object) -> None:
        """Show values beside the prompt, as richly as they can be shown."""
        cell = _current.get()
        for value in values:
            shown = bundle(value)
            if shown:
                shown.setdefault("text/plain", short_repr(value))
                self._emit(0 if cell is None else cell.number, "display", json.dumps(shown))
            else:
                print(short_repr(value))

    def is_watched(self) -> bool:
        """Whether somebody looks at what the cell that runs now shows."""
        cell = _current.get()
        return cell is not None and not cell.keep

    async def run(
        self,
        source: str,
        namespace: str = "",
        keep: bool = True,
        show: bool = False,
        file: str = "",
        columns: int = 0,
    ) -> str:
        """Run a cell to its end; returns JSON with stdout, stderr, result, error.

        Args:
            source: Python source; `await` is allowed anywhere in it.
            namespace: The namespace to run in; '' is the prompt's.
            keep: Whether to collect what it prints for the answer (it is handed on as it comes in any case).
            show: Whether to show a rich last value beside the prompt.
            file: The file that the source is part of; its __file__, from the home folder on.
            columns: How wide the terminal is, for `shutil.get_terminal_size`; 0 leaves it.
        """
        if columns:
            os.environ["COLUMNS"] = str(columns)
        if file:
            self.namespace(namespace)["__file__"] = str(Path.home() / file)
        cell = Cell(next(self._numbers), keep)
        token = _current.set(cell)
        try:
            cell.task = asyncio.ensure_future(self._execute(cell, source, namespace, show))
        finally:
            _current.reset(token)
        self._cells[cell.number] = cell
        try:
            answer = await cell.task
        finally:
            del self._cells[cell.number]
        answer.update(stdout=cell.text("stdout"), stderr=cell.text("stderr"))
        return json.dumps(answer)

    async def _execute(self, cell: Cell, source: str, namespace: str, show: bool) -> dict[str, Any]:
        filename = f"{CELL_NAME}{cell.number}>"
        source = as_help(source)
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        variables = self.namespace(namespace)
        try:
            body, last = compile_cell(source, filename)
            if self._load_packages is not None and "import" in source:
                await self._load_packages(source)
            await _evaluate(body, variables)
            value = None if last is None else await _evaluate(last, variables)
            if cell.inner:
                await asyncio.gather(*cell.inner)
            return {"result": self._result(value, variables, show), "error": None}
        except BaseException as error:  # noqa: BLE001  (whatever a cell raises is its answer)
            return {"result": None, "error": describe(error, filename)}

    def _result(self, value: object, variables: dict[str, Any], show: bool) -> dict[str, Any] | None:
        if value is None:
            return None
        variables["_"] = value
        result: dict[str, Any] = {"repr": short_repr(value)}
        if show:
            shown = bundle(value)
            if shown:
                self.display(value)
        else:
            with contextlib.suppress(TypeError):
                result["json"] = plain(value)
        return result

    def interrupt(self) -> int:
        """Cancel the cells that are waiting for something; returns how many there were."""
        running = [task for cell in self._cells.values() for task in cell.waiting()]
        for task in running:
            task.cancel("interrupted")
        return len(running)

    def running(self) -> int:
        """How many cells are under way."""
        return len(self._cells)

    def is_complete(self, source: str) -> bool:
        """See the function of this name."""
        return is_complete(source)

    def complete(self, source: str) -> str:
        """Completions for the word that `source` ends in, as JSON: [[completion, ...], start of the word]."""
        start = max(map(source.rfind, WORD_BREAKS)) + 1
        word = source[start:]
        variables = self.namespace("")
        completer = rlcompleter.Completer(variables)
        if "." in word:
            return json.dumps([sorted(set(completer.attr_matches(word))), start])
        arguments = keywords(called(source[:start].rpartition("\n")[2], variables), word)
        found = completer.global_matches(word) if word else []
        return json.dumps([[*arguments, *sorted(set(found))], start])


async def _evaluate(code: CodeType, variables: dict[str, Any]) -> object:
    made = eval(code, variables)  # noqa: S307  (running the user's code is what this is for)
    if code.co_flags & 0x80:  # CO_COROUTINE: there is an `await` at top level
        return await made
    return made


def describe(error: BaseException, filename: str) -> dict[str, str]:
    """Type, message and traceback of what a cell raised; the traceback begins in the cell itself.

    The exception itself is not kept: its frames would hold on to the tensors in them.
    """
    if isinstance(error, asyncio.CancelledError):
        error = KeyboardInterrupt().with_traceback(error.__traceback__)
    frames = traceback.TracebackException.from_exception(error, capture_locals=False)
    kept = list(itertools.dropwhile(lambda frame: frame.filename != filename, frames.stack))
    if kept or isinstance(error, SyntaxError):
        frames.stack = traceback.StackSummary.from_list(kept)
    return {
        "type": type(error).__name__,
        "message": str(error),
        "traceback": "".join(frames.format()),
    }
