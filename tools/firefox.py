"""Starts Firefox for tests, in the place of Chromium: their option `--browser firefox`.

Playwright drives builds of Firefox that it patches itself, and no registry of packages has these. Firefox as people have it
speaks WebDriver BiDi (https://w3c.github.io/webdriver-bidi/) on a WebSocket; what tests need of it is little: pages, addresses,
scripts, keys, the console. Tests that look for elements with Playwright's locators are left out there.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from websockets.sync.client import connect

from tools.browser import PATIENCE_MS
from tools.scripted import VIEWPORT, ScriptedPage

P = ParamSpec("P")
R = TypeVar("R")

PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "webgl.force-enabled": True,
}


class FirefoxPage(ScriptedPage):
    """A page."""

    def __init__(self, browser: "Firefox", context: str, profile: str) -> None:
        super().__init__()
        self._browser = browser
        self.id = context
        self.context = SimpleNamespace(close=lambda: browser.close_page(self, profile))

    def _perform(self, actions: list[dict[str, Any]]) -> None:
        self._browser.command("browsingContext.activate", context=self.id)
        self._browser.command("input.performActions", context=self.id, actions=actions)

    def _script(self, expression: str) -> str:
        answer = self._browser.command(
            "script.evaluate", expression=expression, target={"context": self.id}, awaitPromise=True
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return str(answer["result"]["value"])

    def goto(self, url: str) -> None:
        """Open an address and wait until it has loaded."""
        self._browser.command("browsingContext.navigate", context=self.id, url=url, wait="complete")


class Firefox:
    """A headless Firefox, in the thread that uses it; the same interface as `tools.browser.BrowserThread`."""

    def __init__(self, *, loopback_only: bool = False) -> None:
        proxy = {"network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": 9}
        closed = {**proxy, "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": 9}
        self._preferences = {**PREFERENCES, **(closed if loopback_only else {})}
        self._pages: dict[str, FirefoxPage] = {}
        self._number = 0

    def call(self, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `fn` and return its result."""
        return fn(*args, **kwargs)

    def new_page(self) -> FirefoxPage:
        """An empty page with a profile of its own."""
        profile = self.command("browser.createUserContext")["userContext"]
        context = self.command("browsingContext.create", type="tab", userContext=profile)["context"]
        self.command("browsingContext.setViewport", context=context, viewport=VIEWPORT)
        page = self._pages[context] = FirefoxPage(self, context, profile)
        return page

    def close_page(self, page: FirefoxPage, profile: str) -> None:
        """Close a page and forget its profile."""
        self.command("browser.removeUserContext", userContext=profile)
        del self._pages[page.id]

    def command(self, method: str, **parameters: Any) -> Any:
        """Send a command and return its result; events that come before it are handed on."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=10 * PATIENCE_MS / 1000))
            if message.get("id") != self._number:
                self._tell(message)
            elif message["type"] == "error":
                raise RuntimeError(f"{method}: {message['error']}: {message['message']}")
            else:
                return message["result"]

    def _tell(self, message: dict[str, Any]) -> None:
        """Hand an entry of a page's console to who listens there."""
        entry = message.get("params", {})
        page = self._pages.get(entry.get("source", {}).get("context", ""))
        if page is None or message.get("method") != "log.entryAdded":
            return
        if entry["type"] == "javascript":
            for listener in page.listeners.get("pageerror", ()):
                listener(entry["text"])
            return
        level = {"warn": "warning"}.get(entry["level"], entry["level"])
        for listener in page.listeners.get("console", ()):
            listener(SimpleNamespace(type=level, text=entry["text"] or ""))

    def __enter__(self) -> Self:
        path = shutil.which("firefox-esr") or shutil.which("firefox")
        if path is None or not (os.environ.get("DISPLAY") or shutil.which("xvfb-run")):
            raise RuntimeError("no Firefox or no display found. Debian: apt-get install firefox-esr xvfb")
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
            lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in self._preferences.items()]
            (Path(folder) / "user.js").write_text("".join(lines))
            command = [path, "--no-remote", "--profile", folder, "--remote-debugging-port=0"]
            if not os.environ.get("DISPLAY"):  # headless, Firefox has no WebGL on Mesa's software driver
                command = ["xvfb-run", "--auto-servernum", *command]
            process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
            )
            stack.callback(_end, process)
            self._socket = stack.enter_context(
                connect(_address(process), max_size=None, open_timeout=PATIENCE_MS / 1000)
            )
            self.command("session.new", capabilities={})
            self.command("session.subscribe", events=["log.entryAdded"])
            self._open = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._open.close()


def _address(process: "subprocess.Popen[str]") -> str:
    """Waits for the address that Firefox prints, and returns it."""
    for line in process.stderr or ():
        if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
            return f"{found[1]}/session"
    raise RuntimeError(f"Firefox ended before it listened, with status {process.wait()}")


def _end(process: "subprocess.Popen[str]") -> None:
    """Ends Firefox and the display that it was given."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    process.wait()
    if process.stderr is not None:
        process.stderr.close()
