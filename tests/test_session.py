"""The Python side of the prompt (web/python/session.py), in CPython."""

import asyncio
import contextlib
import inspect
import json

import pytest

import session


@pytest.fixture
def emitted():
    """What a session handed on: (cell, kind, text)."""
    return []


@pytest.fixture
def cells(emitted):
    """A session."""
    return session.Session(lambda cell, kind, text: emitted.append((cell, kind, text)))


def in_loop(cells, work):
    """Run a coroutine with the session's streams in place."""
    with contextlib.redirect_stdout(cells.stdout), contextlib.redirect_stderr(cells.stderr):
        return asyncio.run(work)


def run(cells, *sources, **options):
    """Run cells one after the other in one event loop; the answer of the last."""

    async def all_of_them():
        for source in sources:
            answer = json.loads(await cells.run(source, **options))
        return answer

    return in_loop(cells, all_of_them())


def test_context_variables_outlive_their_cell(cells):
    first = "import contextvars; v = contextvars.ContextVar('v', default=0)"
    assert run(cells, first, "_ = v.set(7)", "v.get()")["result"]["json"] == 7
    late = "import asyncio\nasync def late():\n    await asyncio.sleep(0.01)\n    v.set(9)"
    assert run(cells, late, "await late()", "v.get()")["result"]["json"] == 9


def test_a_scope_of_memory_may_reach_over_cells(cells):
    first = "import tfjs_pyo as tf; tf.engine().startScope()"
    answer = run(cells, first, "x = tf.ones([2]); x.is_disposed", "tf.engine().endScope()", "x.is_disposed")
    assert answer["result"]["json"] is True


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 1", True),
        ("", True),
        ("x = (1,", False),
        ("'''a", False),
        ("x = \\", False),
        ("for i in range(3):", False),
        ("for i in range(3):\n    print(i)", False),
        ("for i in range(3):\n    print(i)\n", True),
        ("if x: y", False),
        ("if x: y\n", True),
        ("@decorated", False),
        ("class A:\n    def f(self):\n        pass\n\n    x = 1\ny = 2", True),
        ("await f()", True),
        ("async def f():\n    await g()\n", True),
        ("a b", True),
        ("f(:", True),
        ("match x:\n    case 1:\n        pass", False),
        ("x = lambda: 1", True),
        ("# a comment", True),
    ],
)
def test_is_complete(source, expected):
    assert session.is_complete(source) is expected


def test_value_of_the_last_expression(cells):
    answer = run(cells, "x = 20\nx + 1")
    assert answer == {"result": {"repr": "21", "json": 21}, "error": None, "stdout": "", "stderr": ""}
    assert run(cells, "_ * 2")["result"]["json"] == 42


@pytest.mark.parametrize("source", ["x = 1", "None", "5;", "", "# nothing"])
def test_no_value(cells, source):
    assert run(cells, source)["result"] is None


def test_values_as_json(cells):
    answer = run(cells, "[1, (2.5, True), {'a': None, 'b': float('nan'), 'c': -float('inf')}]")
    inside = {"a": None, "b": {"$float": "nan"}, "c": {"$float": "-inf"}}
    assert answer["result"]["json"] == [1, [2.5, True], inside]


@pytest.mark.parametrize("source", ["object()", "{1: 2}", "2**60", "{1, 2}"])
def test_values_that_json_lacks(cells, source):
    result = run(cells, source)["result"]
    assert "json" not in result
    assert result["repr"]


def test_what_a_cell_prints_is_its_own(cells, emitted):
    async def two():
        begun, go_on = asyncio.Event(), asyncio.Event()
        cells.provide(begun=begun, go_on=go_on)
        slow = asyncio.ensure_future(cells.run("print('a')\nbegun.set()\nawait go_on.wait()\nprint('c')"))
        await begun.wait()
        fast = json.loads(await cells.run("print('b')\n1"))
        go_on.set()
        return json.loads(await slow), fast

    slow, fast = in_loop(cells, two())
    assert (slow["stdout"], fast["stdout"]) == ("a\nc\n", "b\n")
    assert "".join(text for _, _, text in emitted) == "a\nb\nc\n"


def test_stderr(cells):
    assert run(cells, "import sys; print('oh', file=sys.stderr)")["stderr"] == "oh\n"


@pytest.mark.parametrize(("raised", "inside"), [("Wrong", False), ("ZeroDivisionError", True)])
def test_a_library_that_says_what_was_wrong_does_not_show_its_own_lines(
    cells, tmp_path, monkeypatch, raised, inside
):
    package = tmp_path / "site-packages" / f"of_{raised.lower()}"
    package.mkdir(parents=True)
    lines = f"class Wrong(Exception): pass\ndef call(): inner()\ndef inner(): raise {raised}('expected 1')\n"
    (package / "__init__.py").write_text(lines)
    monkeypatch.syspath_prepend(package.parent)
    error = run(cells, f"import {package.name} as somelibrary\ndef f():\n    somelibrary.call()\nf()")[
        "error"
    ]
    assert "somelibrary.call()" in error["traceback"]
    assert ("def inner()" in error["traceback"]) == inside
    assert ("2 frames inside the library" in error["traceback"]) != inside
    assert error["traceback"].endswith(f"{raised}: expected 1\n")


def test_a_traceback_begins_in_the_cell_and_shows_its_lines(cells):
    error = run(cells, "def f():\n    return 1 / 0", "f()")["error"]
    assert (error["type"], error["message"]) == ("ZeroDivisionError", "division by zero")
    assert "session.py" not in error["traceback"]
    assert "return 1 / 0" in error["traceback"]


def test_a_syntax_error_shows_only_itself(cells):
    trace = run(cells, "f(:")["error"]["traceback"]
    assert trace.startswith('  File "<cell 1>", line 1')
    assert trace.endswith("SyntaxError: invalid syntax\n")


def test_leaving_is_an_answer_too(cells):
    assert run(cells, "raise SystemExit(3)")["error"]["type"] == "SystemExit"


def test_interrupt_cancels_what_waits(cells):
    async def stopped():
        begun = asyncio.Event()
        cells.provide(begun=begun)
        waiting = asyncio.ensure_future(cells.run("import asyncio; begun.set()\nawait asyncio.sleep(60)"))
        await begun.wait()
        assert cells.running() == 1
        assert cells.interrupt() == 1
        return json.loads(await waiting)

    error = in_loop(cells, stopped())["error"]
    assert error["type"] == "KeyboardInterrupt"
    assert error["traceback"].splitlines()[1:3] == [
        '  File "<cell 1>", line 2, in <module>',
        "    await asyncio.sleep(60)",
    ]
    assert error["traceback"].splitlines()[-2:] == ["  ... 1 frame inside the library", "KeyboardInterrupt"]
    assert cells.running() == 0


def test_an_interrupt_before_the_first_line(cells):
    async def stopped():
        answer = cells.run("begun = True")
        assert cells.interrupt() == 1
        ended = json.loads(await answer)
        return ended, json.loads(await cells.run("'begun' in globals()"))

    ended, after = in_loop(cells, stopped())
    assert ended["error"]["type"] == "KeyboardInterrupt"
    assert after["result"]["json"] is False
    assert cells.running() == 0


def test_a_signal_in_a_cell_is_a_keyboard_interrupt(cells):
    def press():
        cells.on_signal(2, inspect.currentframe())

    cells.provide(press=press)
    assert run(cells, "press()")["error"]["type"] == "KeyboardInterrupt"


def test_a_signal_outside_of_all_cells_stops_nothing():
    asked = []
    cells = session.Session(
        lambda *piece: None, consume_interrupt=lambda can_stop: asked.append(can_stop) or can_stop
    )
    cells.on_signal(2, inspect.currentframe())
    assert asked == [False]


def test_a_signal_that_nobody_asked_for_stops_nothing():
    cells = session.Session(lambda *piece: None, consume_interrupt=lambda can_stop: False)
    cells.provide(press=lambda: cells.on_signal(2, inspect.currentframe()))
    assert run(cells, "press(); 'went on'")["result"]["json"] == "went on"


def test_a_signal_in_a_finalizer_stops_nothing(emitted):
    asked = []
    cells = session.Session(
        lambda *piece: emitted.append(piece),
        consume_interrupt=lambda can_stop: asked.append(can_stop) or can_stop,
    )

    class Freed:
        def __del__(self):
            cells.on_signal(2, inspect.currentframe())

    cells.provide(Freed=Freed)
    assert run(cells, "made = Freed()\ndel made")["error"] is None
    assert asked == [False]


def test_an_error_keeps_nothing_alive(cells):
    import gc
    import weakref

    class Thing:
        pass

    seen = []

    def make():
        thing = Thing()
        seen.append(weakref.ref(thing))
        return thing

    cells.provide(make=make)
    run(cells, "def f():\n    held = make()\n    1 / 0\nf()")
    gc.collect()
    assert seen[0]() is None


def test_namespaces(cells):
    run(cells, "x = 1")
    assert run(cells, "x", namespace="other")["error"]["type"] == "NameError"
    run(cells, "x = 2", namespace="other")
    assert run(cells, "x")["result"]["json"] == 1
    cells.forget("other")
    assert run(cells, "x", namespace="other")["error"]["type"] == "NameError"


def complete(cells, source):
    return json.loads(cells.complete(source))


def test_completion(cells):
    run(cells, "import asyncio\nlong_name = 1")
    found = complete(cells, "print(long_na")
    assert [each["text"] for each in found["found"]] == ["long_name"]
    assert found["start"] == 6
    found = complete(cells, "y = asyncio.gat")
    assert found["start"] == 4
    assert found["found"][0]["text"].startswith("asyncio.gather")
    assert found["found"][0]["signature"] == "(*coros_or_futures, return_exceptions=False)"
    assert found["found"][0]["about"].startswith("Return a future")
    assert complete(cells, "x = ") == {"found": [], "start": 4, "call": ""}


def test_cells_wait_for_the_packages_of_those_before_them(emitted):
    loaded = asyncio.Event()

    async def load(_source):
        await loaded.wait()

    cells = session.Session(lambda *piece: emitted.append(piece), load)

    async def typed_on():
        first = asyncio.ensure_future(cells.run("import asyncio\nfound = 'loaded'"))
        second = asyncio.ensure_future(cells.run("found"))
        await asyncio.sleep(0)
        loaded.set()
        await first
        return json.loads(await second)

    assert in_loop(cells, typed_on())["result"]["json"] == "loaded"


def test_a_coroutine_that_nobody_awaits_is_told(cells):
    result = run(cells, "async def later(): return 1\nlater()")["result"]
    assert "coroutine" in result["repr"]
    assert "write `await` before the call" in result["repr"]
    assert run(cells, "await _")["result"]["json"] == 1


@pytest.mark.parametrize(
    "use",
    ["data()[0]", "data().tolist()", "data() + 1", "array()(0)", "bytes() < 2"],
)
@pytest.mark.filterwarnings("ignore:coroutine")
def test_what_was_not_awaited_and_used_says_so(cells, use):
    load = "import tfjs_pyo as tf"
    shown = run(cells, load, f"tf.tensor([1.0, 2]).{use}")["error"]["traceback"]
    assert shown.endswith("has to be awaited first: write (await call(...)) in its place.\n"), shown
    assert run(cells, load, "(await tf.tensor([1.0, 2]).data())[0]")["error"] is None
    assert "awaited" not in run(cells, "'text' + 1")["error"]["traceback"]


def test_completion_says_how_the_function_is_called_whose_brackets_are_open(cells):
    run(cells, "def resize(width: int, height: int = 2) -> None: pass")
    assert complete(cells, "resize(")["call"] == "resize(width, height=2)"
    assert complete(cells, "resize(len('ab'), [1, h")["call"] == ""
    assert complete(cells, "resize(len('ab'), h")["call"] == "resize(width, height=2)"
    assert complete(cells, "resize(1).")["call"] == ""


def test_the_page_completes_the_arguments_of_models(cells):
    run(cells, "import tfjs_pyo as tf\nmodel = tf.sequential()")
    assert complete(cells, "model.fit(")["call"].startswith(
        "fit(x, y=None, batch_size=None, epochs=1, verbose=0"
    )
    assert [each["text"] for each in complete(cells, "model.fit(1, ep")["found"]] == ["epochs="]
    assert [each["text"] for each in complete(cells, "model.fit(1, batchS")["found"]] == ["batchSize="]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("resize(wi", ["width="]),
        ("resize(1, ", ["width=", "height="]),
        ("[resize(len('ab'), h", ["height="]),
        ("resize(1)", []),
        ("resize(1, w.", []),
        ("nothing(wi", []),
    ],
)
def test_completion_offers_the_arguments_of_what_is_called(cells, source, expected):
    run(cells, "def resize(width, height=2): pass")
    texts = [each["text"] for each in complete(cells, source)["found"]]
    assert [text for text in texts if text.endswith("=")] == expected


@pytest.mark.parametrize("source", ["help(resize)", "resize?", "?resize", " resize?? "])
def test_help_says_how_something_is_called_and_what_it_does(cells, source):
    answer = run(cells, "def resize(width, height=2):\n    'Make it larger.'", source)
    assert answer["error"] is None
    assert answer["stdout"] == "resize(width, height=2)\n\nMake it larger.\n"


def test_help_asks_nothing_back(cells):
    assert "tf.layers.dense?" in run(cells, "help()")["stdout"]
    assert "Names: " in run(cells, "import json", "json?")["stdout"]
    assert run(cells, "help('json.dumps')")["stdout"].startswith("dumps(obj")


def test_help_of_an_unknown_name_is_a_name_error(cells):
    assert run(cells, "unknown?")["error"]["type"] == "NameError"


def test_rich_results(cells, emitted):
    source = "class Rich:\n    _repr_html_ = lambda self: '<b>x</b>'\n    __repr__ = lambda self: 'rich'\n"
    answer = run(cells, source + "Rich()", show=True)
    assert answer["result"] == {"repr": "rich"}
    ((_, kind, text),) = emitted
    assert kind == "display"
    assert json.loads(text) == {"text/html": "<b>x</b>", "text/plain": "rich"}


def test_display(cells, emitted):
    run(
        cells,
        "class Picture:\n    _repr_png_ = lambda self: b'png'",
        "class Bundle:\n    _repr_mimebundle_ = lambda self, **options: ({'text/plain': 'p'}, {})",
        "display(Picture(), Bundle(), 7)",
    )
    shown = [json.loads(text) for _, kind, text in emitted if kind == "display"]
    assert shown[0]["image/png"] == "cG5n"
    assert shown[1] == {"text/plain": "p"}
    assert "".join(text for _, kind, text in emitted if kind == "stdout") == "7\n"


def test_a_very_long_repr_is_shortened(cells):
    text = run(cells, "'a' * 100_000")["result"]["repr"]
    assert len(text) < 25_000
    assert "characters left out" in text


def test_packages_are_loaded_before_a_cell_that_imports(emitted):
    asked = []

    async def load(source):
        asked.append(source)

    cells = session.Session(lambda *piece: emitted.append(piece), load)
    run(cells, "1", "import math\nmath.pi")
    assert asked == ["import math\nmath.pi"]


def test_a_cell_knows_its_file(cells):
    async def work():
        return json.loads(await cells.run("__file__", file="examples/digits.py"))

    assert in_loop(cells, work())["result"]["json"].endswith("/examples/digits.py")


def test_a_task_begun_by_asyncio_run_belongs_to_the_cell(cells, monkeypatch):
    # Without suspension of WebAssembly the page's loop hands the task back, and the cell ends with it.
    monkeypatch.setattr(asyncio.BaseEventLoop, "run_until_complete", lambda _loop, task: task)
    source = "async def main():\n    await pause()\n    print('end')\nrun_inside(main())\nNone"

    async def work():
        cells.provide(run_inside=cells.run_inside, pause=lambda: asyncio.sleep(0))
        ended = json.loads(await cells.run(source))
        cells.provide(pause=asyncio.Event().wait)
        waiting = asyncio.ensure_future(cells.run(source))
        while not any(cell.inner for cell in cells._cells.values()):
            await asyncio.sleep(0)
        assert cells.interrupt() == 1
        return ended, json.loads(await waiting)

    loop = asyncio.new_event_loop()
    outcome = []
    loop.create_task(work()).add_done_callback(lambda done: (outcome.append(done), loop.stop()))
    with contextlib.redirect_stdout(cells.stdout), contextlib.redirect_stderr(cells.stderr):
        loop.run_forever()
    loop.close()
    ended, stopped = outcome[0].result()
    assert ended["stdout"] == "end\n"
    assert stopped["error"]["type"] == "KeyboardInterrupt"


def test_programs_know_how_wide_the_terminal_is(cells, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    answer = run(cells, "import shutil", "shutil.get_terminal_size().columns", columns=47)
    assert answer["result"]["repr"] == "47"
    assert run(cells, "shutil.get_terminal_size().columns")["result"]["repr"] == "47"


def test_an_interrupt_may_be_meant_for_the_cells_until_then_only(cells):
    async def both():
        first = asyncio.ensure_future(cells.run("import asyncio; await asyncio.sleep(60)"))
        await asyncio.sleep(0)
        last = cells.latest()
        second = asyncio.ensure_future(cells.run("import asyncio; await asyncio.sleep(0); 'woke'"))
        await asyncio.sleep(0)
        assert cells.latest() > last == cells.latest(last)
        assert cells.interrupt(last) == 1
        answers = [json.loads(await each) for each in (first, second)]
        assert cells.latest() == 0
        return answers

    first, second = in_loop(cells, both())
    assert first["error"]["type"] == "KeyboardInterrupt"
    assert second["result"]["json"] == "woke"
