"""One browser session with both sides in it: each is a module worker of the same page."""

import contextlib
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page

from bench.cases import Case, declaration
from tools.browser import BrowserThread
from tools.server import HEADERS, running
from tools.site import NPM, ROOT, Folder, make_site

HERE = Path(__file__).resolve().parent
DATA = ROOT / "build" / "bench"
NAMESPACE = "bench"

_OPEN_TFJS = """async () => {
  const Comlink = await import('/vendor/comlink/comlink.min.mjs');
  const worker = new Worker('/bench/tfjs_worker.js', {type: 'module', name: 'tfjs'});
  const broken = new Promise((_, reject) => {
    worker.addEventListener('error', (event) => reject(new Error(`TensorFlow.js's worker: ${event.message}`)));
  });
  window.tfjsSide = Comlink.wrap(worker);
  return await Promise.race([window.tfjsSide.open(), broken]);
}"""


class BenchError(RuntimeError):
    """A side could not do what it was asked."""


class Ours:
    """Our side, through window.pyo."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def call(self, name: str, *inputs: Any) -> Any:
        """Call a function of bench/ours.py; a coroutine is awaited."""
        listed = ", ".join(f"json.loads({json.dumps(json.dumps(value))})" for value in inputs)
        return self.run(
            f"import inspect, json\nanswer = {name}({listed})\n"
            "json.dumps((await answer) if inspect.isawaitable(answer) else answer)"
        )

    def run(self, source: str) -> Any:
        """Run a cell whose last expression is JSON text (or nothing)."""
        run = "([source, namespace]) => window.pyo.run(source, {namespace})"
        answer = self._page.evaluate(run, [source, NAMESPACE])
        if answer["error"]:
            raise BenchError(f"our side failed:\n{answer['error']['traceback']}")
        return json.loads(answer["result"]["json"]) if answer["result"] else None


class Theirs:
    """TensorFlow.js's side."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def call(self, name: str, *inputs: Any) -> Any:
        """Call a function of bench/tfjs_worker.js."""
        call = "([name, inputs]) => window.tfjsSide[name](...inputs)"
        try:
            return self._page.evaluate(call, [name, list(inputs)])
        except Error as error:
            raise BenchError(f"TensorFlow.js's side failed:\n{error.message}") from error


class Session:
    """Both sides, open."""

    def __init__(self, page: Page, url: str, browser: str) -> None:
        self.url = url
        self.ours = Ours(page)
        self.theirs = Theirs(page)
        report = page.evaluate("window.pyo.ready")
        if report["deviceProblem"]:
            raise BenchError(f"no WebGL2 device: {report['deviceProblem']}")
        self.ours.run((HERE / "ours.py").read_text(encoding="utf-8"))
        self.facts: dict[str, Any] = {
            "browser": browser,
            "renderer": page.evaluate("window.pyo.status()")["device"]["renderer"],
            "ours": {**self.ours.call("open_side"), "pyodide": report["versions"]["pyodide"]},
            "tfjs": page.evaluate(_OPEN_TFJS),
        }

    def prepare(self, case: Case) -> None:
        """Build a case on both sides, from the same tensors and the same initial weights."""
        addresses = {}
        for name, data in case.tensors.items():
            path = DATA / f"{case.name}-{name}.bin"
            path.write_bytes(data.bytes())
            addresses[name] = f"{self.url}bench/data/{path.name}"
        for side in (self.ours, self.theirs):
            side.call("prepare", declaration(case), addresses)
        if case.kind == "train":
            self.ours.call("send_weights")
            self.theirs.call("takeWeights")

    def release(self) -> None:
        """Let both sides forget the case."""
        self.ours.call("release")
        self.theirs.call("release")


def _relaxed(headers: Mapping[str, str]) -> dict[str, str]:
    """The server's headers; Python may load the module that counts GL calls (see bench/ours.py)."""
    policy = headers["Content-Security-Policy"].replace(
        "'wasm-unsafe-eval'", "'wasm-unsafe-eval' 'unsafe-eval'"
    )
    return {**headers, "Content-Security-Policy": policy}


@contextlib.contextmanager
def opened(wheels: Path | None = None) -> Iterator[tuple[BrowserThread, Session]]:
    """A session; use it in the browser's thread."""
    DATA.mkdir(parents=True, exist_ok=True)
    extra = {
        "bench/": Folder(HERE, ("*.js",)),
        "bench/data/": Folder(DATA, ("*.bin",)),
        "dev/tfjs/": Folder(NPM / "@tensorflow/tfjs/dist", ("tf.min.js",)),
    }
    site = make_site(wheels, extra)

    def open_in(browser: BrowserThread, url: str) -> Session:
        page = browser.new_page()
        page.goto(url)
        return Session(page, url, browser.browser.version)

    try:
        with running(site, _relaxed(HEADERS)) as url, BrowserThread() as browser:
            yield browser, browser.call(open_in, browser, url)
    finally:
        shutil.rmtree(DATA, ignore_errors=True)
