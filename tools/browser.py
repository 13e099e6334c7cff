"""Starts the browser that tests and benchmarks drive. The one place that knows its flags.

Playwright's sync API keeps an event loop in the thread that uses it, and `asyncio.run` refuses to run beside it. So the
browser lives in a thread of its own: `BrowserThread.call(fn, ...)` runs `fn` there and hands its result back.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tools.check_tools import find_chromium

P = ParamSpec("P")
R = TypeVar("R")

DRIVERS = {
    "swiftshader": ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
    "llvmpipe": ["--use-angle=gl-egl", "--ignore-gpu-blocklist"],
    "native": [],
}
"""What WebGL2 runs on, by $CHROMIUM_GL: Chromium's own software GPU (the default), Mesa's, or the machine's graphics card."""

FLAGS = [
    # Nothing but the page under test may use the network.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-pings",
    "--no-first-run",
    # A window nobody looks at must not be slowed down.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    # A camera and a microphone that are made up: a picture that moves, a tone.
    "--use-fake-device-for-media-stream",
]
# As on a machine without a network: names of hosts cannot be resolved.
LOOPBACK_ONLY = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"


def driver() -> str:
    """The driver that $CHROMIUM_GL asks for."""
    name = os.environ.get("CHROMIUM_GL") or "swiftshader"
    if name not in DRIVERS:
        raise ValueError(f"CHROMIUM_GL: expected one of {', '.join(DRIVERS)}, received {name!r}.")
    return name


def flags() -> list[str]:
    """The flags to start the browser with on this machine."""
    chosen = [*DRIVERS[driver()], *FLAGS]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        chosen.append("--no-sandbox")  # Chromium's sandbox refuses to work for root
    return chosen


# How long pages are waited for. Where both cores are busy with other things a page takes its time, and is right all the same.
PATIENCE_MS = 120_000


def environment() -> dict[str, str | float | bool]:
    """The environment to start the browser in: Mesa takes its software driver even where there is a graphics card."""
    software = {"LIBGL_ALWAYS_SOFTWARE": "1", "GALLIUM_DRIVER": "llvmpipe"} if driver() == "llvmpipe" else {}
    return {**os.environ, **software}


class BrowserThread:
    """A headless Chromium in a thread of its own.

    Args:
        loopback_only: Whether its pages reach servers on this machine only.
    """

    def __init__(self, *, loopback_only: bool = False) -> None:
        self._flags = [*flags(), LOOPBACK_ONLY] if loopback_only else flags()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="browser")
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._thread: threading.Thread | None = None

    def call(self, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `fn` in the browser's thread (at once, if this is it) and return its result."""
        if threading.current_thread() is self._thread:
            return fn(*args, **kwargs)
        return self._executor.submit(fn, *args, **kwargs).result()

    def _start(self) -> None:
        self._thread = threading.current_thread()
        path = find_chromium()
        if path is None:
            raise RuntimeError(
                "no Chromium found: `python tools/check_tools.py chromium` says how to get one"
            )
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path=path, args=self._flags, env=environment()
        )

    def _stop(self) -> None:
        if self._browser is not None:
            self._browser.close()
        if self._playwright is not None:
            self._playwright.stop()

    @property
    def browser(self) -> Browser:
        """The browser; for use in its own thread."""
        if self._browser is None:
            raise RuntimeError("the browser is not running: use `with BrowserThread() as browser`")
        return self._browser

    def new_page(self, *, offline: bool = False) -> Page:
        """An empty page with a profile of its own, which may keep the site `offline`; for the browser's own thread."""
        context = self.browser.new_context(
            viewport={"width": 1280, "height": 800}, service_workers="allow" if offline else "block"
        )
        context.set_default_timeout(PATIENCE_MS)
        return context.new_page()

    def __enter__(self) -> Self:
        self._executor.submit(self._start).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._executor.submit(self._stop).result()
        self._executor.shutdown()
