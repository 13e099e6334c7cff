"""Handles on the page for tests: run Python in it, type at its prompt, watch its console and its requests."""

import itertools
import re
import time
from typing import Any

from playwright.sync_api import Page

from tools.browser import PATIENCE_MS, BrowserThread

LONGEST_RUN_S = 300
_numbers = itertools.count(1)

# A run that hangs is interrupted, so that the tests after it have a page to work with.
_RUN = """async ([source, namespace, patience]) => {
  const late = new Promise((resolve) => setTimeout(resolve, patience * 1000, null));
  const answer = await Promise.race([window.pyo.run(source, {namespace}), late]);
  if (answer === null) await window.pyo.interrupt();
  return answer;
}"""

_SEE = """(patience) => new Promise((resolve) => {
  const end = performance.now() + patience;
  const look = async () => {
    const found = await (%s);
    if (found || performance.now() > end) resolve(found);
    else setTimeout(look, 30);
  };
  look();
})"""


class Watcher:
    """A page and what went wrong in it: errors on its console, requests that failed or left for other hosts."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.report: dict[str, Any] = {}
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.foreign: list[str] = []
        self._url = url
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        page.on("console", self._console)
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message) -> None:
        if message.type in {"error", "warning"} and not _is_chatter(message.text):
            self.complaints.append(f"{message.type}: {message.text}")

    def _request(self, request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith((self._url, "data:", "blob:")):
            self.foreign.append(request.url)

    def _response(self, response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")


def wait_until(page: Page, expression: str) -> Any:
    """Wait until an expression of JavaScript is true in the page, or what it promises; its value.

    Playwright's `wait_for_function` takes any promise that is kept for true.
    """
    found = page.evaluate(_SEE % expression, PATIENCE_MS)
    assert found, f"not true within {PATIENCE_MS / 1000} s: {expression}"
    return found


def _is_chatter(text: str) -> bool:
    """What says nothing about the page: Chromium's remarks on speed ("GPU stall due to ReadPixels"), which come from any
    synchronous readback, and Playwright's on service workers, which tests of other things do without.
    """
    of_driver = "GL Driver Message" in text and "Performance" in text
    return of_driver or text == "Service Worker registration blocked by Playwright"


class Pyo:
    """Python in the page, in a namespace of its own."""

    def __init__(self, browser: BrowserThread, page: Page) -> None:
        self._browser = browser
        self._page = page
        self.namespace = f"test-{next(_numbers)}"

    def raw(self, source: str, timeout: float = LONGEST_RUN_S) -> dict[str, Any]:
        """Run a cell; stdout, stderr, result, error, as window.pyo.run gives them."""
        answer = self._browser.call(self._page.evaluate, _RUN, [source, self.namespace, timeout])
        if answer is None:
            raise AssertionError(f"still running after {timeout} s, interrupted:\n{source}")
        return answer

    def run(self, source: str, timeout: float = LONGEST_RUN_S) -> Any:
        """Run a cell; the value of its last expression (its JSON, else its repr). An exception fails the test."""
        answer = self.raw(source, timeout)
        if answer["error"]:
            raise AssertionError(
                f"Python raised in the page:\n{answer['error']['traceback']}{answer['stderr']}"
            )
        result = answer["result"]
        if result is None:
            return None
        return result["json"] if "json" in result else result["repr"]

    def see(self, expression: str) -> Any:
        """Wait until an expression of JavaScript is true in the page; its value."""
        return self._browser.call(wait_until, self._page, expression)

    def status(self) -> dict[str, Any]:
        """What window.pyo.status() says."""
        return self._browser.call(self._page.evaluate, "window.pyo.status()")

    def alive(self) -> int:
        """How many tensors are alive in the page, after a garbage collection; checks the device's book-keeping by the way."""
        wrong, count = self.run(
            "import gc, js; gc.collect(); [list(js.tfjsPyoDevice.audit()), tf.memory()['numTensors']]"
        )
        self.close()
        assert not wrong, f"the device's books are wrong: {wrong}"
        return count

    def seed(self, seed: int) -> None:
        """Let the random numbers that follow be the same in every run."""
        self.run(f"import random; random.seed({seed}); tf.random.set_seed({seed})")

    def close(self) -> None:
        """Drop the namespace and what it holds."""
        self._browser.call(self._page.evaluate, "(name) => window.pyo.forget(name)", self.namespace)


class Typist:
    """Types at the prompt and reads the terminal; for use in the browser's thread."""

    def __init__(self, page: Page) -> None:
        self._page = page
        page.focus("#terminal textarea")
        self.clear()

    def text(self) -> str:
        """What stands in the terminal (its last 100 rows)."""
        return self._page.evaluate("window.pyo.text(100)")

    def clear(self) -> None:
        """Nothing at the prompt, nothing running, nothing on the screen."""
        self._page.keyboard.press("Control+c")
        while self._page.evaluate("window.pyo.status()")["running"] > 0:
            self._page.wait_for_timeout(30)
        self._page.keyboard.press("Control+l")
        self.wait(r"\A>>>\s*\Z")

    def type(self, text: str) -> None:
        """Type; a newline is the Enter key."""
        for index, line in enumerate(text.split("\n")):
            if index:
                self._page.keyboard.press("Enter")
            self._page.keyboard.type(line)

    def press(self, *keys: str) -> None:
        """Press keys, by Playwright's names for them."""
        for key in keys:
            self._page.keyboard.press(key)

    def paste(self, text: str) -> None:
        """Paste, as Ctrl-V does."""
        self._page.evaluate(
            """(text) => {
              const clipboardData = new DataTransfer();
              clipboardData.setData('text/plain', text);
              const event = new ClipboardEvent('paste', {bubbles: true, cancelable: true});
              Object.defineProperty(event, 'clipboardData', {value: clipboardData}); // Firefox takes none for the constructor
              document.querySelector('#terminal textarea').dispatchEvent(event);
            }""",
            text,
        )

    def wait(self, pattern: str, timeout: float = PATIENCE_MS / 1000) -> re.Match[str]:
        """Wait until the terminal's text fits a regular expression."""
        deadline = time.monotonic() + timeout
        while True:
            text = self.text()
            found = re.search(pattern, text)
            if found:
                return found
            if time.monotonic() > deadline:
                raise AssertionError(f"no {pattern!r} in the terminal within {timeout} s; it shows:\n{text}")
            self._page.wait_for_timeout(30)
