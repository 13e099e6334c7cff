"""What tests share: one server, one browser, one booted page, and the check that no test leaves tensors behind.

A test that asks for `pyo` talks to the page's Python. A test that asks for `page`, `fresh_page` or `prompt` drives
the page with Playwright, and runs in the browser's own thread (see tools/browser.py for why that is one). A test that needs
NumPy in the page asks for `numpy_in_page`; it is skipped where NumPy cannot be had.
"""

import gc
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import expect

from tests import choosing, isolation
from tests.harness import Pyo, Typist, Watcher
from tools.browser import PATIENCE_MS, BrowserThread, driver
from tools.docs.build import build
from tools.firefox import Firefox
from tools.server import running
from tools.site import NPM, Folder, Site, make_site, wheel_folder
from tools.webkit import WebKit

IN_BROWSER_THREAD = {"page", "fresh_page", "prompt"}
expect.set_options(timeout=PATIENCE_MS)
# A busy machine is no fault, and every run draws the same cases.
settings.register_profile("tests", deadline=None, derandomize=True)
settings.load_profile("tests")
collect_ignore_glob = ["*/record.py", "*/record_*.py"]  # recorders need packages that the tests do not
_summary: list[str] = []
BROWSERS: dict[str, type[BrowserThread | Firefox | WebKit]] = {
    "chromium": BrowserThread,
    "firefox": Firefox,
    "webkit": WebKit,
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """How to run as on a machine that has less."""
    parser.addoption(
        "--without-page-numpy",
        action="store_true",
        help="hide NumPy's wheel for Pyodide and every network, as on a machine that has neither",
    )
    parser.addoption(
        "--browser",
        choices=sorted(BROWSERS),
        default="chromium",
        help="which browser; others than Chromium without the tests that look for elements",
    )
    parser.addoption(
        "--few",
        type=int,
        metavar="N",
        help="of a test with many cases run N only, spread over them; all of them in files that are not committed",
    )
    parser.addoption(
        "--soak", action="store_true", help="collect tests/soak, which takes a quarter of an hour"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Isolate tests from each other: a plugin, as the doctests of other folders need it, too."""
    config.pluginmanager.register(isolation)
    if config.getoption("--few") and not hasattr(config.option, "whole"):
        config.option.whole = (
            choosing.uncommitted()
        )  # asked once: processes of pytest-xdist are given options


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave tests/soak out, unless it is asked for."""
    is_soak = Path(__file__).parent / "soak" in (collection_path, *collection_path.parents)
    return True if is_soak and not config.getoption("--soak") else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what asks for the browser or for NumPy in the page, so that `-m` can choose; leave out what other browsers cannot."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        for name in fixtures & {"browser", "numpy_in_page"}:
            item.add_marker(name)
        if fixtures & {"documentation", "reference"}:
            item.add_marker(pytest.mark.slow)
        if "page" in fixtures and config.getoption("--browser") != "chromium":
            item.add_marker(pytest.mark.skip(reason="looks for elements with Playwright's locators"))
    if few := config.getoption("--few"):
        left_out = set(choosing.beyond_few(items, few, config.option.whole))
        config.hook.pytest_deselected(items=[item for item in items if item in left_out])
        items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """Has garbage collections look at what tests make only: tens of thousands of tests take seconds to look through."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def wheels(pytestconfig: pytest.Config) -> Path | None:
    """The folder with NumPy's wheel for Pyodide, which the site serves; None: it has none."""
    return None if pytestconfig.getoption("--without-page-numpy") else wheel_folder()


@pytest.fixture(scope="session")
def site(wheels: Path | None, pytestconfig: pytest.Config) -> Site:
    """The site under test, where warnings of Python are errors; TensorFlow.js lies beside it, to compare with."""
    made = make_site(wheels, {"dev/tfjs/": Folder(NPM / "@tensorflow/tfjs/dist", ("tf.min.js",))})
    session = made.find("python/session.py").read_text() + '\nwarnings.simplefilter("error")\n'
    if pytestconfig.getoption("--browser") == "webkit":  # which has no JSPI, and says so once
        session += 'warnings.filterwarnings("ignore", message="This browser cannot wait")\n'
    return replace(made, texts={**made.texts, "python/session.py": session})


@pytest.fixture(scope="session")
def documentation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the documentation site, built now."""
    return build(tmp_path_factory.mktemp("documentation"))


@pytest.fixture(scope="session")
def site_url(site) -> Iterator[str]:
    """The address of the site."""
    with running(site) as url:
        yield url


@pytest.fixture(scope="session")
def browser(pytestconfig: pytest.Config) -> Iterator[BrowserThread | Firefox | WebKit]:
    """The one browser."""
    with BROWSERS[pytestconfig.getoption("--browser")](
        loopback_only=pytestconfig.getoption("--without-page-numpy")
    ) as thread:
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
    if (
        isinstance(browser, BrowserThread)
        and driver() != "native"
        and driver() not in limits["renderer"].lower()
    ):
        pytest.fail(f"the browser was to run on {driver()}, and runs on {limits['renderer']}")
    _summary.append(f"{limits['renderer']}, textures to {limits['maxTextureSize']}; boot {report['timings']}")
    yield watcher
    browser.call(watcher.page.context.close)


@pytest.fixture(scope="session")
def page_numpy_problem(browser: BrowserThread, booted: Watcher, site: Site) -> str | None:
    """Why the page cannot import NumPy; None: it can. Where the site serves the wheel it must."""
    error = Pyo(browser, booted.page).raw("import numpy")["error"]
    served = any(place.startswith("packages/numpy-") for place in site.places())
    if served and error:
        pytest.fail(f"the site serves NumPy's wheel, but the page cannot import it: {error['traceback']}")
    return error and error["message"]


@pytest.fixture
def numpy_in_page(page_numpy_problem: str | None) -> bool:
    """Whether NumPy is there; tests that ask for this are skipped where it is not."""
    return page_numpy_problem is None


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs NumPy in the page; here, and not in the fixture, so that the summary has one line for all of them."""
    if not getattr(item, "funcargs", {}).get("numpy_in_page", True):
        pytest.skip(
            "NumPy cannot be had in the page: $TFJS_PYO_WHEELS names no folder with its wheel for Pyodide, and "
            "Pyodide's CDN cannot be reached"
        )


@pytest.fixture(scope="session")
def foreign_numpy(site: Site) -> set[str]:
    """The only address of another host that a page may ask for: NumPy's at Pyodide's CDN, unless the site serves it."""
    packages = json.loads(site.texts["packages/pyodide-lock.json"])["packages"]
    return {name for name in [packages["numpy"]["file_name"]] if name.startswith("https://")}


@pytest.fixture
def pyo(browser: BrowserThread, booted: Watcher) -> Pyo:
    """Python in the page, in a namespace that this test has for itself."""
    return Pyo(browser, booted.page)


PLACE = "from tfjs_pyo.core import engine\nengine.backend().device.placement.where = {!r}"


@pytest.fixture
def gpu(pyo: Pyo) -> Iterator[Pyo]:
    """Python in the page, where all plans run on the GPU: also those that are small enough for the processor."""
    pyo.run(PLACE.format("gpu"))
    yield pyo
    pyo.run(PLACE.format("cheaper"))


@pytest.fixture
def processor(pyo: Pyo) -> Iterator[Pyo]:
    """Python in the page, where all plans run on the processor, unless they are too large for it."""
    pyo.run(PLACE.format("processor"))
    yield pyo
    pyo.run(PLACE.format("cheaper"))


@pytest.fixture(params=["gpu", "processor"])
def anywhere(pyo: Pyo, request: pytest.FixtureRequest) -> Iterator[Pyo]:
    """Python in the page, in turn with all plans on the GPU and with all on the processor that are not too large for it."""
    pyo.run(PLACE.format(request.param))
    yield pyo
    pyo.run(PLACE.format("cheaper"))


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
    judge.seed(isolation.SEED)
    before = judge.alive() if checked else 0
    seen = len(watcher.complaints)
    run()
    for python in {id(each): each for each in arguments.values() if isinstance(each, Pyo)}.values():
        python.close()
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
