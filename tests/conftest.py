"""What tests share: one server, one browser, one booted page, and the check that no test leaves tensors behind.

A test that asks for `pyo` talks to the page's Python. A test that asks for `page`, `fresh_page` or `prompt` drives
the page with Playwright, and runs in the browser's own thread (see tools/browser.py for why that is one).
"""

from collections.abc import Iterator

import pytest

from tests.harness import Pyo, Typist, Watcher
from tools.browser import BrowserThread
from tools.server import running
from tools.site import NPM, Folder, make_site, wheel_folder

IN_BROWSER_THREAD = {"page", "fresh_page", "prompt"}
_summary: list[str] = []


@pytest.fixture(scope="session")
def site():
    """The site under test; TensorFlow.js lies beside it, to compare with."""
    return make_site(wheel_folder(), {"dev/tfjs/": Folder(NPM / "@tensorflow/tfjs/dist", ("tf.min.js",))})


@pytest.fixture(scope="session")
def site_url(site) -> Iterator[str]:
    """The address of the site."""
    with running(site) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[BrowserThread]:
    """The one browser."""
    with BrowserThread() as thread:
        yield thread


@pytest.fixture(scope="session")
def booted(browser: BrowserThread, site_url: str) -> Iterator[Watcher]:
    """The one page, with Python and a WebGL2 device in it; without the device this is a failure, never a skip."""

    def boot() -> Watcher:
        watcher = Watcher(browser.new_page(), site_url)
        watcher.page.goto(site_url)
        watcher.report = watcher.page.evaluate("window.pyo.ready")
        return watcher

    watcher = browser.call(boot)
    report = watcher.report
    if report["deviceProblem"]:
        pytest.fail(f"the browser has no usable WebGL2 device: {report['deviceProblem']}")
    limits = browser.call(watcher.page.evaluate, "window.pyo.status()")["device"]
    _summary.append(f"{limits['renderer']}, textures to {limits['maxTextureSize']}; boot {report['timings']}")
    yield watcher
    browser.call(watcher.page.context.close)


@pytest.fixture
def pyo(browser: BrowserThread, booted: Watcher) -> Pyo:
    """Python in the page, in a namespace that this test has for itself."""
    return Pyo(browser, booted.page)


@pytest.fixture
def page(booted: Watcher):
    """The shared page."""
    return booted.page


@pytest.fixture
def prompt(browser: BrowserThread, booted: Watcher) -> Typist:
    """The shared page's prompt."""
    return browser.call(Typist, booted.page)


@pytest.fixture
def fresh_page(browser: BrowserThread):
    """A page of a profile of its own, empty, for tests that would spoil the shared one."""
    page = browser.call(browser.new_page)
    yield page
    browser.call(page.context.close)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run browser tests in the browser's thread, and check what they leave behind."""
    fixtures = set(pyfuncitem.fixturenames)
    if "browser" not in fixtures:
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    browser: BrowserThread = pyfuncitem._request.getfixturevalue("browser")
    if fixtures & IN_BROWSER_THREAD:
        run = lambda: browser.call(pyfuncitem.obj, **arguments)  # noqa: E731
    else:
        run = lambda: pyfuncitem.obj(**arguments)  # noqa: E731
    if "booted" not in fixtures:
        run()
        return True
    watcher: Watcher = pyfuncitem._request.getfixturevalue("booted")
    judge = Pyo(browser, watcher.page)
    checked = pyfuncitem.get_closest_marker("leaks") is None
    before = judge.alive() if checked else 0
    seen = len(watcher.complaints)
    run()
    if "pyo" in arguments:
        arguments["pyo"].close()
    assert watcher.complaints[seen:] == [], "the page's console or network complained"
    if checked:
        after = judge.alive()
        # Fewer, where the page let go late of what an earlier test had drawn: that is no leak.
        assert after <= before, f"{after - before} tensors more are alive after the test than before it"
    return True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the browser tests ran on."""
    for line in _summary:
        terminalreporter.write_line(f"browser tests ran on: {line}")
