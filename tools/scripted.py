"""Pages of browsers that WebDriver drives: the few methods of Playwright's that tests without locators need."""

import json
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

VIEWPORT = {"width": 1280, "height": 720}
"""Playwright's."""

# Calls a function or takes a value, waits for it, and writes it as JSON, with the numbers that JSON has no words for.
_EVALUATE = """(async () => {
  const given = %s;
  const value = await (typeof given === 'function' ? given(%s) : given);
  const write = (_, v) => typeof v === 'number' && !Number.isFinite(v) ? {$number: String(v)} : v;
  return JSON.stringify(value, write) ?? 'null';
})()"""

# Keys that are no characters, by Playwright's names. Source: https://w3c.github.io/webdriver/#keyboard-actions
_KEYS = {
    "Alt": "\ue00a", "ArrowDown": "\ue015", "ArrowLeft": "\ue012", "ArrowRight": "\ue014", "ArrowUp": "\ue013",
    "Backspace": "\ue003", "Control": "\ue009", "Delete": "\ue017", "End": "\ue010", "Enter": "\ue007", "Escape": "\ue00c",
    "Home": "\ue011", "PageDown": "\ue00f", "PageUp": "\ue00e", "Shift": "\ue008", "Tab": "\ue004",
}  # fmt: skip


class Keyboard:
    """The keys of a page.

    Args:
        perform: does key actions, as WebDriver describes them.
    """

    def __init__(self, perform: Callable[[list[dict[str, Any]]], None]) -> None:
        self._perform = perform

    def type(self, text: str) -> None:
        """Press the key of each character."""
        self._act([{"type": kind, "value": value} for value in text for kind in ("keyDown", "keyUp")])

    def press(self, keys: str) -> None:
        """Press a key together with those that are named before it: 'Control+c'."""
        values = [_KEYS.get(key, key) for key in re.split(r"(?<=.)\+", keys)]
        self._act(
            [{"type": "keyDown", "value": value} for value in values]
            + [{"type": "keyUp", "value": value} for value in reversed(values)]
        )

    def _act(self, actions: list[dict[str, str]]) -> None:
        self._perform([{"type": "key", "id": "keys", "actions": actions}])


class ScriptedPage(ABC):
    """A page that is driven by scripts alone."""

    def __init__(self) -> None:
        self.keyboard = Keyboard(self._perform)
        self.listeners: dict[str, list[Callable[[Any], None]]] = {}

    @abstractmethod
    def _perform(self, actions: list[dict[str, Any]]) -> None:
        """Does key actions."""

    @abstractmethod
    def _script(self, expression: str) -> str:
        """Returns the text that a promise of JavaScript is kept with."""

    @abstractmethod
    def goto(self, url: str) -> None:
        """Open an address and wait until it has loaded."""

    def focus(self, selector: str) -> None:
        """Give an element the focus."""
        self.evaluate("(selector) => document.querySelector(selector).focus()", selector)

    def on(self, event: str, listener: Callable[[Any], None]) -> None:
        """Listen to `console` or `pageerror`; other events never come, and in WebKit none does."""
        self.listeners.setdefault(event, []).append(listener)

    def evaluate(self, expression: str, argument: Any = None) -> Any:
        """Evaluate JavaScript, or call the function that it is; a promise is waited for. What comes back is JSON."""
        found = self._script(_EVALUATE % (expression, json.dumps(argument)))
        return json.loads(found, object_hook=_number)

    def wait_for_timeout(self, milliseconds: float) -> None:
        """Wait."""
        self.evaluate(f"new Promise((resolve) => setTimeout(resolve, {milliseconds}))")


def _number(found: dict[str, Any]) -> Any:
    """Not-a-number and the infinities, which `_EVALUATE` wraps."""
    if found.keys() != {"$number"}:
        return found
    return {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}[found["$number"]]
