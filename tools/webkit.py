"""Starts WebKitGTK for tests, in the place of Chromium: their option `--browser webkit`.

Its MiniBrowser speaks WebDriver (https://w3c.github.io/webdriver/) by WebKitWebDriver (Debian: webkit2gtk-driver), which has one
session each: every page is a browser of its own, without a profile. WebGL2 in workers is a feature that WebKitGTK has off.
"""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from tools.browser import PATIENCE_MS
from tools.scripted import VIEWPORT, ScriptedPage

P = ParamSpec("P")
R = TypeVar("R")

_BROWSERS = "/usr/lib/*/webkit2gtk-4.1/MiniBrowser"
_SCRIPT = """const done = arguments[arguments.length - 1];
%s.then((value) => done({value}), (error) => done({error: `${error}\\n${error?.stack ?? ''}`}));"""


class WebKitPage(ScriptedPage):
    """A browser with one page."""

    def __init__(self, command: list[str], browser: Path) -> None:
        super().__init__()
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self._port = probe.getsockname()[1]
        self._process = subprocess.Popen(
            [*command, f"--port={self._port}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.context = SimpleNamespace(close=self._end)
        self._place = ""
        try:
            self._open(browser)
        except BaseException:
            self._end()
            raise

    def _open(self, browser: Path) -> None:
        options = {"binary": str(browser), "args": ["--automation", "--features=+AllowWebGLInWorkers"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        started = time.monotonic()
        while True:  # the driver listens a moment after it was started
            try:
                session = self._command("POST", "/session", wanted)
                break
            except ConnectionRefusedError:
                if self._process.poll() is not None or time.monotonic() - started > PATIENCE_MS / 1000:
                    raise
                time.sleep(0.05)
        self._place = f"/session/{session['sessionId']}"
        patience = 10 * PATIENCE_MS
        self._command("POST", "/timeouts", {"script": patience, "pageLoad": patience})
        self._command("POST", "/window/rect", VIEWPORT)

    def _command(self, method: str, path: str, body: Any = None) -> Any:
        """Send a command and return its result."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10 * PATIENCE_MS / 1000)
        with contextlib.closing(connection):
            text = None if body is None else json.dumps(body)
            connection.request(method, self._place + path, text, {"Content-Type": "application/json"})
            value = json.loads(connection.getresponse().read())["value"]
        if isinstance(value, dict) and "error" in value and "message" in value:
            raise RuntimeError(f"{path}: {value['error']}: {value['message']}")
        return value

    def _perform(self, actions: list[dict[str, Any]]) -> None:
        self._command("POST", "/actions", {"actions": actions})

    def _script(self, expression: str) -> str:
        answer = self._command("POST", "/execute/async", {"script": _SCRIPT % expression, "args": []})
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return str(answer["value"])

    def goto(self, url: str) -> None:
        """Open an address and wait until it has loaded: the driver answers before modules have run."""
        self._command("POST", "/url", {"url": url})
        self.evaluate(
            "document.readyState === 'complete' || new Promise((done) => addEventListener('load', () => done()))"
        )

    def _end(self) -> None:
        """Ends the browser, its driver and the display that these were given."""
        if self._place:
            with contextlib.suppress(OSError, RuntimeError, ValueError):
                self._command("DELETE", "")
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait()


class WebKit:
    """WebKitGTK, in the thread that uses it; the same interface as `tools.browser.BrowserThread`."""

    def __init__(self, *, loopback_only: bool = False) -> None:
        if loopback_only:
            raise RuntimeError(
                "WebKitGTK is started with the machine's network; leave out --without-page-numpy"
            )
        self._pages: list[WebKitPage] = []

    def call(self, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `fn` and return its result."""
        return fn(*args, **kwargs)

    def new_page(self) -> WebKitPage:
        """An empty page of a browser of its own."""
        page = WebKitPage(self._driver, self._browser)
        self._pages.append(page)
        return page

    def __enter__(self) -> Self:
        driver = shutil.which("WebKitWebDriver")
        found = sorted(Path("/").glob(_BROWSERS.lstrip("/")))
        if driver is None or not found or not (os.environ.get("DISPLAY") or shutil.which("xvfb-run")):
            raise RuntimeError(
                "no WebKitGTK or no display found. Debian: apt-get install webkit2gtk-driver xvfb"
            )
        self._browser = found[0]
        self._driver = [driver] if os.environ.get("DISPLAY") else ["xvfb-run", "--auto-servernum", driver]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for page in self._pages:
            page.context.close()
