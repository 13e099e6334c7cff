"""The Python side of the page: runs cells, says whether input is complete, stops what Ctrl-C is meant for.

A cell is a piece of source that runs as a task of its own, so that several can be under way: one that awaits a training
run does not keep another from answering. What a cell prints is told apart by a context variable, which tasks inherit.
Nothing in here knows about tensors; worker/boot.js puts this folder into Pyodide's file system and calls `Session`.

Pyodide's own console class runs one cell at a time, under a lock, so it is not used.
"""

import ast
import asyncio
import builtins
import contextlib
import contextvars
import inspect
import io
import itertools
import json
import linecache
import os
import signal
import sys
import traceback
import warnings
from codeop import PyCF_ALLOW_INCOMPLETE_INPUT  # type: ignore[attr-defined]
from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from explaining import as_help, completions, show_help
from magics import as_python
from showing import bundle, plain, short_repr

Emit = Callable[[int, str, str], object]

CELL_NAME = "<cell "


@dataclass
class Cell:
    """One piece of source under way, and what it printed so far."""

    number: int
    keep: bool
    task: "asyncio.Task[dict[str, Any]] | None" = None
    inner: "list[asyncio.Task[Any]]" = field(default_factory=list)
    printed: dict[str, list[str]] = field(default_factory=lambda: {"stdout": [], "stderr": []})

    @property
    def filename(self) -> str:
        """What tracebacks call it."""
        return f"{CELL_NAME}{self.number}>"

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


class Session:
    """The namespaces and the cells of one page.

    Args:
        emit: Called with a cell's number, 'stdout', 'stderr', 'display' or 'notice', and the text, as it comes.
        load_packages: Awaited with each cell's source before it runs, to fetch the packages that it imports.
        consume_interrupt: Asked at the signal of Ctrl-C whether to stop for it, and told whether a cell computes, which alone
            can be stopped; where none does, the signal comes again.
    """

    def __init__(
        self,
        emit: Emit,
        load_packages: Callable[[str], Any] | None = None,
        consume_interrupt: Callable[[bool], bool] = bool,
    ) -> None:
        self._emit = emit
        self._consume_interrupt = consume_interrupt
        self._load_packages = load_packages
        self._loading = asyncio.Lock()
        self._numbers = itertools.count(1)
        self._cells: dict[int, Cell] = {}
        self._context = contextvars.copy_context()
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
        until = asyncio.get_running_loop().run_until_complete
        try:
            waiting: Any = until(asyncio.ensure_future(asyncio.wait([task])))
        except KeyboardInterrupt:  # Ctrl-C between two turns of the loop: what runs inside ends first
            task.cancel()
            until(asyncio.ensure_future(asyncio.wait([task])))
            raise
        if asyncio.isfuture(waiting):
            return task
        if cell is not None:
            cell.inner.remove(task)  # with its result, which is the caller's now
        return task.result()

    def on_signal(self, _number: int, frame: FrameType | None) -> None:
        """Ctrl-C while Python computes: KeyboardInterrupt, but only where a cell computes.

        Raised in the event loop's own code or in a finalizer it would get lost, and the wake-up of some task with it. There
        it is asked for again, until a cell takes it, or the page's message arrives and cancels what waits.
        """
        if self._consume_interrupt(_can_stop(frame)):
            raise KeyboardInterrupt

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

    def notify(self, text: str) -> None:
        """Tell the user of the page what no program has asked for."""
        self._emit(0, "notice", text)

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

    def run(
        self,
        source: str,
        namespace: str = "",
        keep: bool = True,
        show: bool = False,
        file: str = "",
        columns: int = 0,
    ) -> Coroutine[Any, Any, str]:
        """Run a cell, in the event loop that runs; gives JSON with stdout, stderr, result, error at its end.

        It is under way at once, before its first line: Ctrl-C that comes in between is meant for it.

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
        start = self._context.copy()
        start.run(_current.set, cell)
        cell.task = start.run(asyncio.ensure_future, self._execute(cell, source, namespace, show))
        self._cells[cell.number] = cell
        return self._ending(cell, cell.task)

    async def _ending(self, cell: Cell, task: "asyncio.Task[dict[str, Any]]") -> str:
        try:
            answer = await task
        except asyncio.CancelledError as error:  # before its first line
            answer = {"result": None, "error": describe(error, cell.filename)}
        finally:
            del self._cells[cell.number]
        answer.update(stdout=cell.text("stdout"), stderr=cell.text("stderr"))
        return json.dumps(answer)

    async def _execute(self, cell: Cell, source: str, namespace: str, show: bool) -> dict[str, Any]:
        filename = cell.filename
        start = contextvars.copy_context()
        source = as_python(as_help(source))
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        variables = self.namespace(namespace)
        try:
            body, last = compile_cell(source, filename)
            async with self._loading:  # what is typed on meanwhile may need what this cell imports
                if self._load_packages is not None and "import" in source:
                    await self._load_packages(source)
            await _evaluate(body, variables)
            value = None if last is None else await _evaluate(last, variables)
            if cell.inner:
                await asyncio.gather(*cell.inner)
            return {"result": self._result(value, variables, show), "error": None}
        except BaseException as error:  # noqa: BLE001  (whatever a cell raises is its answer)
            return {"result": None, "error": describe(error, filename)}
        finally:
            self._go_on_from(start)

    def _go_on_from(self, start: contextvars.Context) -> None:
        """Let later cells find the context variables that this cell has set, as in one program."""
        for variable, value in contextvars.copy_context().items():
            if variable is not _current and start.get(variable) is not value:
                self._context.run(variable.set, value)

    def _result(self, value: object, variables: dict[str, Any], show: bool) -> dict[str, Any] | None:
        if value is None:
            return None
        variables["_"] = value
        result: dict[str, Any] = {"repr": short_repr(value)}
        if inspect.iscoroutine(value):
            result["repr"] += "\nNothing has run yet: write `await` before the call."
        if show:
            shown = bundle(value)
            if shown:
                self.display(value)
        else:
            with contextlib.suppress(TypeError):
                result["json"] = plain(value)
        return result

    def interrupt(self, last: int = sys.maxsize) -> int:
        """Cancel the cells up to this number that are waiting for something; returns how many there were."""
        cells = [cell for cell in self._cells.values() if cell.number <= last]
        running = [task for cell in cells for task in cell.waiting()]
        for task in running:
            task.cancel("interrupted")
        return len(running)

    def latest(self, last: int = sys.maxsize) -> int:
        """The number of the latest cell that is under way, of those up to `last`; 0 if there is none."""
        return max((number for number in self._cells if number <= last), default=0)

    def running(self) -> int:
        """How many cells are under way."""
        return len(self._cells)

    def is_complete(self, source: str) -> bool:
        """See the function of this name."""
        return is_complete(source)

    def complete(self, source: str) -> str:
        """Completions for the word that `source` ends in, as JSON; protocol.js says in which form."""
        return json.dumps(asdict(completions(source, self.namespace(""))))


def _can_stop(frame: FrameType | None) -> bool:
    """Whether a cell computes here, and none of the library's finalizers."""
    while frame is not None:
        if frame.f_code.co_filename.startswith(CELL_NAME):
            return True
        if frame.f_code.co_name == "__del__":
            return False
        frame = frame.f_back
    return False


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
    own = _without_library(kept, error)
    if kept or isinstance(error, SyntaxError):
        frames.stack = traceback.StackSummary.from_list(own)
    lines = list(frames.format(chain=own == kept))
    if len(own) < len(kept):
        library = "frame" if len(kept) - len(own) == 1 else "frames"
        lines.insert(-1, f"  ... {len(kept) - len(own)} {library} inside the library\n")
    if isinstance(error, (TypeError, AttributeError)) and "'coroutine'" in str(error):
        lines.append("What this call gives has to be awaited first: write (await call(...)) in its place.\n")
    return {
        "type": type(error).__name__,
        "message": str(error),
        "traceback": "".join(lines),
    }


def _without_library(
    frames: list[traceback.FrameSummary], error: BaseException
) -> list[traceback.FrameSummary]:
    """The frames up to the last one outside of a library that raises an error of its own: what its caller did wrong.

    An error that is no library's own, a bug of it perhaps, keeps them all. Ctrl-C is nobody's fault: where it came is told
    by the last line of the program itself.
    """
    package = type(error).__module__.partition(".")[0]
    if isinstance(error, KeyboardInterrupt):
        inside: tuple[str, ...] = ("/site-packages/", "/lib/python")
    elif package == "builtins":
        return frames
    else:
        inside = (f"/site-packages/{package}/",)
    outside = (i for i, frame in enumerate(frames) if not any(part in frame.filename for part in inside))
    return frames[: max(outside, default=-1) + 1]
