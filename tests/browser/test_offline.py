"""The page after its first visit: it opens without a server, and one version takes another's place as a whole."""

import json
import posixpath
import re
from pathlib import Path

import pytest

from tests.harness import wait_until
from tools.offline import offline_text
from tools.server import HEADERS, running
from tools.site import Folder, Site, make_site

TRAIN = """
model = tf.sequential([tf.layers.dense(units=1, inputShape=[1])])
model.compile(optimizer=tf.train.sgd(0.05), loss='meanSquaredError')
h = await model.fit(tf.tensor2d([[1], [2], [3]]), tf.tensor2d([[2], [4], [6]]), epochs=20, verbose=0)
h.history['loss'][0] > 10 * h.history['loss'][-1]
"""
# A site of three files that keeps itself as the page does.
SMALL = {
    "index.html": "<!doctype html><title>one</title><div id='problems'></div><script type=module src=start.js></script>",
    "start.js": "import {keepOffline} from './offline/offline.js';\nkeepOffline();\n",
    "data.csv": "1,2\n",
}


def modules(site: Site, *places: str) -> dict[str, str]:
    """The text of modules and of those that they import, by their places."""
    found: dict[str, str] = {}
    left = [*places]
    while left:
        place = left.pop()
        if place in found:
            continue
        found[place] = site.find(place).read_text()
        imported = re.findall(r"^import .*?'(\.[^']+)'", found[place], re.MULTILINE)
        left += [posixpath.normpath(posixpath.join(posixpath.dirname(place), name)) for name in imported]
    return found


@pytest.fixture
def visitor(browser):
    """Runs a function in the browser's thread, with a page whose profile keeps what service workers keep."""
    page = browser.call(browser.new_page, offline=True)
    yield lambda act, *arguments: browser.call(act, page, *arguments)
    browser.call(page.context.close)


class Deployment:
    """A small site that can be given new files while it is served."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = Site({"": Folder(folder)})
        self._folder = folder
        self._told: dict[str, str] = {}
        self.deploy(modules(site, "service-worker.js", "offline/offline.js") | SMALL)

    def deploy(self, changes: dict[str, str], *, listed: bool = True) -> None:
        """Change files, and the list of them too unless the host got them wrong."""
        if listed:
            self._told |= changes
        listing = offline_text(self._told, "https://packages.invalid/", [], fresh=False)
        for place, text in {**changes, "offline-files.js": listing}.items():
            path = self._folder / place
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)


@pytest.fixture
def deployment(site, tmp_path):
    return Deployment(site, tmp_path)


def wait_until_kept(page):
    """Wait until a service worker holds the site; `evaluate` of `ready` would wait for ever where none comes."""
    page.wait_for_function("() => navigator.serviceWorker.ready.then(() => true)")


def visit(page, url):
    page.goto(url)
    wait_until_kept(page)


def boot(page, url):
    page.goto(url)
    page.evaluate("window.pyo.ready")
    wait_until_kept(page)


def reopen(page):
    page.reload()
    page.evaluate("window.pyo.ready")
    page.locator("#editor .cm-content").wait_for()
    answer = page.evaluate("(source) => window.pyo.run(source)", TRAIN)
    return answer, page.evaluate("[crossOriginIsolated, window.pyo.text()]")


@pytest.mark.parametrize("fresh", [False, True], ids=["static host", "serve.py"])
def test_after_a_first_visit_the_page_opens_and_trains_without_its_server(visitor, wheels, fresh):
    with running(make_site(wheels, fresh=fresh)) as url:
        visitor(boot, url)
    answer, (isolated, text) = visitor(reopen)
    assert answer["error"] is None, answer["error"]
    assert answer["result"]["json"] is True
    assert isolated
    assert ">>>" in text


def test_a_host_that_does_not_isolate_pages_is_made_up_for_at_the_next_visit(visitor, deployment):
    bare = {name: value for name, value in HEADERS.items() if not name.startswith("Cross-Origin")}
    with running(deployment.site, bare) as url:
        visitor(visit, url)
        assert visitor(lambda page: page.evaluate("crossOriginIsolated")) is False
        visitor(lambda page: page.reload())
        assert visitor(lambda page: page.evaluate("crossOriginIsolated")) is True


def test_a_new_version_is_offered_and_comes_as_a_whole(visitor, deployment):
    def see_offer(page):
        page.reload()  # the browser looks for a new list now, and this page is still the first version's
        assert page.title() == "one"
        page.locator(".problem.notice", has_text="new version").wait_for()
        assert page.evaluate("fetch('data.csv').then((each) => each.text())") == "1,2\n"
        page.get_by_role("button", name="Reload").click()
        page.wait_for_function("() => document.title === 'two'")
        assert page.evaluate("fetch('data.csv').then((each) => each.text())") == "3,4\n"
        wait_until_kept(page)
        return page.evaluate("caches.keys()")

    with running(deployment.site) as url:
        visitor(visit, url)
        page = SMALL["index.html"].replace("one", "two")
        deployment.deploy({"index.html": page, "data.csv": "3,4\n"})
        caches = visitor(see_offer)
    assert len([name for name in caches if not name.endswith("packages")]) == 1, (
        "the former one's are deleted"
    )


def test_a_version_of_which_a_file_is_wrong_is_not_taken(visitor, deployment):
    def look(page):
        page.reload()
        page.evaluate("navigator.serviceWorker.getRegistration().then((each) => each.update())")
        wait_until(
            page,
            "navigator.serviceWorker.getRegistration().then((each) => !each.installing && !each.waiting)",
        )
        return page.evaluate("fetch('data.csv').then((each) => each.text())")

    with running(deployment.site) as url:
        visitor(visit, url)
        deployment.deploy({"data.csv": "3,4\n"})
        deployment.deploy({"data.csv": "<p>Server error</p>"}, listed=False)
        assert visitor(look) == "1,2\n"


def test_what_is_no_file_of_the_site_goes_past_what_is_kept(visitor, deployment):
    ask = """async ([address, options]) => {
      const response = await fetch(address, options);
      return [response.status, (await response.text()).trim()];
    }"""

    def go(page, *arguments):
        return page.evaluate(ask, list(arguments))

    with running(deployment.site) as url:
        visitor(visit, url)
        visitor(lambda page: page.reload())
        assert visitor(go, "data.csv", {"method": "POST", "body": "x"})[0] == 405
        assert visitor(go, "data.csv?now", {"method": "HEAD"}) == [200, ""]
        assert visitor(go, "data.csv", {"headers": {"Range": "bytes=0-0"}})[0] in {200, 206}
        assert visitor(go, "nothing.csv", {})[0] == 404
        visitor(lambda page: page.goto(url + "nothing.html"))
        held = visitor(
            lambda page: page.evaluate("caches.match('nothing.html').then((each) => each ?? null)")
        )
        assert held is None


def test_the_list_names_every_file_and_changes_with_each(site):
    told = site.find("/offline-files.js")
    kept = json.loads(re.search(r"\{.*\}", told, re.DOTALL)[0])
    assert kept["files"].keys() >= {"index.html", "page.js", "vendor/pyodide/pyodide.asm.wasm", "site.json"}
    assert all(len(digest) == 64 for digest in kept["files"].values())
    versions = {offline_text({"a": text}, "https://x/", [], fresh=False) for text in ("1", "2")}
    assert len(versions) == 2


def test_the_page_can_be_installed(site):
    manifest = json.loads(site.find("/manifest.webmanifest").read_text())
    assert manifest["name"]
    assert manifest["start_url"] == manifest["scope"] == "./"
    for icon in manifest["icons"]:
        assert site.find("/" + icon["src"]) is not None
    assert 'rel="manifest"' in site.find("/").read_text()
