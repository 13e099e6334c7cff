"""A handle on the page's editor for tests; for use in the browser's thread."""

import json
from typing import Any

from playwright.sync_api import Locator, Page


class Writer:
    """The editor of a page that has loaded; Python need not be there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.locator("#run:enabled").wait_for(state="attached")

    @property
    def content(self) -> Locator:
        """Where one types."""
        return self.page.locator("#editor .cm-content")

    def text(self) -> str:
        """The program (a short one: the lines that are seen)."""
        return "\n".join(line.inner_text().rstrip("\n") for line in self.content.locator(".cm-line").all())

    def write(self, text: str) -> None:
        """Put a program in place of the one that is there, as a paste does."""
        self.content.focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Delete")
        if text:
            self.page.keyboard.insert_text(text)

    def kept(self, name: str) -> Any:
        """What the browser keeps under a name of ours."""
        return json.loads(self.page.evaluate(f"localStorage.getItem('tfjs-pyo.{name}')") or "null")

    def wait_kept(self, text: str) -> None:
        """Wait until the program is kept as this text."""
        self.page.wait_for_function(
            "(text) => JSON.parse(localStorage.getItem('tfjs-pyo.program') ?? 'null')?.text === text",
            arg=text,
        )
