"""Saving and loading in the page: localStorage, IndexedDB, downloads, Pyodide's files, addresses on the page's site."""

import base64
import contextlib
import json
from urllib.parse import urlsplit

import pytest

from tests.io.recorded import TFJS
from tests.io.test_converter import LAYERS

MADE = """
import json
model = tf.sequential({"layers": [tf.layers.dense({"units": 2, "inputShape": [3], "name": "d"})]})
model.setUserDefinedMetadata({"of": "us"})
def same(other):
    return [w.array_sync() for w in other.getWeights()] == [w.array_sync() for w in model.getWeights()]
"""


def remove(pyo):
    pyo.run("for url in list(await tf.io.listModels()): await tf.io.removeModel(url)")


@pytest.fixture(autouse=True)
def clean(pyo):
    remove(pyo)
    yield
    remove(pyo)


@pytest.mark.parametrize("scheme", ["localstorage", "indexeddb"])
def test_stores(pyo, scheme):
    pyo.run(MADE)
    assert pyo.run(f"(await model.save('{scheme}://a/b'))['modelArtifactsInfo']['weightDataBytes']") == 32
    pyo.run(f"again = await tf.loadLayersModel('{scheme}://a/b')")
    assert pyo.run("[same(again), again.getUserDefinedMetadata()]") == [True, {"of": "us"}]
    assert pyo.run("list(await tf.io.listModels())") == [f"{scheme}://a/b"]
    other = {"localstorage": "indexeddb", "indexeddb": "localstorage"}[scheme]
    pyo.run(f"_ = await tf.io.moveModel('{scheme}://a/b', '{other}://c')")
    assert pyo.run("list(await tf.io.listModels())") == [f"{other}://c"]
    assert pyo.run(f"same(await tf.loadLayersModel('{other}://c'))")
    answer = pyo.raw(f"await tf.loadLayersModel('{scheme}://a/b')")
    assert answer["error"]["type"] == "StorageError"
    assert "there is no such model" in answer["error"]["message"]


@pytest.mark.parametrize("place", ["localstorage://a", "indexeddb://a", "file:///tmp/at/once", "memory://a"])
def test_saves_and_loads_of_one_place_at_once(pyo, place):
    """A load gets what one of the saves wrote, whole; afterwards there is one model."""
    pyo.run(
        f"""
import asyncio
def filled(number):
    units = 1 + number % 3
    made = tf.sequential({{"layers": [tf.layers.dense({{"units": units, "inputShape": [3]}})]}})
    made.set_weights([tf.fill([3, units], number), tf.fill([units], number)])
    return made
def numbers(made):
    return sorted({{value for weight in made.getWeights() for value in weight.data_sync()}})
models = [filled(number) for number in range(6)]
await models[0].save("{place}")
works = [work for each in models for work in (each.save("{place}"), tf.loadLayersModel("{place}"))]
done = await asyncio.gather(*works)
"""
    )
    found = pyo.run("[numbers(each) for each in done[1::2]]")
    assert all(len(each) == 1 for each in found)
    assert len(pyo.run(f"numbers(await tf.loadLayersModel('{place}'))")) == 1
    if place.startswith("file"):
        assert len(pyo.run("import os; os.listdir('/tmp/at/once')")) == 2


def test_a_full_local_storage_leaves_what_was_there(pyo):
    pyo.run(MADE + "_ = await model.save('localstorage://a')")
    pyo.run("big = tf.sequential({'layers': [tf.layers.dense({'units': 1500, 'inputShape': [1500]})]})")
    answer = pyo.raw("await big.save('localstorage://a')")
    assert answer["error"]["type"] == "StorageError"
    assert "could not be stored" in answer["error"]["message"]
    assert pyo.run("same(await tf.loadLayersModel('localstorage://a'))")
    assert pyo.run("(await big.save('indexeddb://a'))['modelArtifactsInfo']['weightDataBytes']") == 9006000


@pytest.mark.parametrize(
    ("spoil", "kind", "message"),
    [
        (lambda route: route.abort("connectionreset"), "StorageError", "weights."),
        (lambda route: route.fulfill(body=b"\0" * 20), "FormatError", "20"),
    ],
    ids=["cut off", "too short"],
)
def test_a_download_that_is_interrupted_leaves_nothing_half_loaded(pyo, page, site_url, spoil, kind, message):
    saved = pyo.run(
        MADE + "import js\n_ = await model.save('file:///tmp/cut')\nopen('/tmp/cut/model.json').read()"
    )
    context = page.context
    context.route(
        "**/cut/model.json", lambda route: route.fulfill(body=saved, content_type="application/json")
    )
    context.route("**/cut/weights*.bin", spoil)
    try:
        before = pyo.run("import gc; gc.collect(); tf.memory()['numTensors']")
        answer = pyo.raw(f"await tf.loadLayersModel('{site_url}cut/model.json')")
        assert answer["error"]["type"] == kind
        assert message in answer["error"]["message"]
        assert pyo.run("import gc; gc.collect(); tf.memory()['numTensors']") == before
        assert pyo.run("same(await tf.loadLayersModel('/tmp/cut'))")
    finally:
        context.unroute("**/cut/model.json")
        context.unroute("**/cut/weights*.bin")


@contextlib.contextmanager
def served(page, browser, pattern, answer):
    """Answers requests of the page for addresses of a pattern."""
    browser.call(page.context.route, pattern, answer)
    try:
        yield
    finally:
        browser.call(page.context.unroute, pattern)


def test_sharded_quantized_weights_come_over_http(pyo, page, browser, site_url):
    """With every option that says where they are and how they are fetched."""
    record = LAYERS["keras2 images uint16"]
    asked = []

    def answer(route):
        name = urlsplit(route.request.url).path.rpartition("/")[2]
        asked.append((name, urlsplit(route.request.url).query, route.request.headers.get("x-token")))
        route.fulfill(body=base64.b64decode(record["files"][name]))

    pyo.run(f"import json\ninputs, shares = json.loads({json.dumps(record['inputs'])!r}), []")
    options = (
        '{"requestInit": {"headers": {"x-token": "t"}}, "onProgress": shares.append, "streamWeights": True}'
    )
    ways = [
        f"tf.loadLayersModel('{site_url}kept/model.json?v=1', {options})",
        f"tf.loadLayersModel('{site_url}kept/model.json?v=1', weight_path_prefix='{site_url}kept/', **{options})",
        f"tf.loadLayersModel('kept/model.json?v=1', weightUrlConverter=lambda n: '{site_url}kept/' + n + '?v=1', **{options})",
    ]
    with served(page, browser, "**/kept/*", answer):
        for way in ways:
            pyo.run(f"shares.clear()\nmodel = await {way}")
            found = pyo.run(
                "list(model.predict(tf.tensor(inputs[0]['values'], inputs[0]['shape'])).data_sync())"
            )
            assert found == pytest.approx(record["outputs"][0]["values"], rel=1e-2, abs=1e-3)
            assert pyo.run("shares") == [0, 0.5, 1]
            pyo.run("model.dispose()")
    assert {name for name, _, _ in asked} == set(record["files"])
    assert {(query, token) for _, query, token in asked} == {("v=1", "t")}


def test_files_and_functions_of_javascript(pyo, page, browser, site_url):
    """Files that were chosen in the page, and its own fetch."""
    pyo.run(MADE + "import js\nfrom pyodide.ffi import to_js\n_ = await model.save('/tmp/files')")
    pyo.run(
        """
def file(name):
    return js.File.new(to_js([to_js(open(f"/tmp/files/{name}", "rb").read())]), name)
"""
    )
    for files in (
        "[file(n) for n in ('model.json', 'weights.bin')]",
        "to_js([file('model.json'), file('weights.bin')])",
    ):
        assert pyo.run(f"same(await tf.loadLayersModel(tf.io.browserFiles({files})))")
    kept = {
        name: pyo.run(f"list(open('/tmp/files/{name}', 'rb').read())")
        for name in ("model.json", "weights.bin")
    }
    tokens = []

    def answer(route):
        tokens.append(route.request.headers.get("x-token"))
        route.fulfill(body=bytes(kept[urlsplit(route.request.url).path.rpartition("/")[2]]))

    options = "fetchFunc=js.fetch, requestInit={'headers': {'x-token': 't'}}"
    with served(page, browser, "**/kept/*", answer):
        assert pyo.run(f"same(await tf.loadLayersModel('{site_url}kept/model.json', {options}))")
    assert tokens == ["t", "t"]
    error = pyo.raw("await tf.loadLayersModel(tf.io.http('none:///m.json', {'fetchFunc': js.fetch}))")[
        "error"
    ]
    assert error["type"] == "StorageError"
    assert "none:///m.json: the request failed" in error["message"]


def test_models_are_uploaded(pyo, page, browser, site_url):
    posted = []

    def answer(route):
        posted.append((route.request.method, route.request.post_data_buffer))
        route.fulfill(body="{}")

    pyo.run(MADE)
    with served(page, browser, "**/upload", answer):
        told = pyo.run(f"answer = await model.save('{site_url}upload')\n[r.ok for r in answer['responses']]")
        assert told == [True]
        ((method, body),) = posted
        assert method == "POST"
        assert b'filename="model.json"' in body
        assert b'filename="model.weights.bin"' in body


def test_pyodides_files_and_the_site(pyo):
    pyo.run(MADE + "_ = await model.save('file:///tmp/saved')")
    assert pyo.run("import os; sorted(os.listdir('/tmp/saved'))") == ["model.json", "weights.bin"]
    assert pyo.run("[same(await tf.loadLayersModel(u)) for u in ('file:///tmp/saved', '/tmp/saved')]") == [
        True,
        True,
    ]
    fetched = "async def fetch(url, init): return open('/tmp/saved/' + url.rpartition('/')[2], 'rb').read()"
    assert pyo.run(f"{fetched}\nsame(await tf.loadLayersModel('some/model.json', fetchFunc=fetch))")


def test_downloads(pyo, booted, browser):
    found = []
    browser.call(booted.page.on, "download", lambda download: found.append(download))
    pyo.run(MADE + "_ = await model.save('downloads://mine')")

    def names():
        while len(found) < 2:
            booted.page.wait_for_event("download")
        return sorted((each.suggested_filename, each.path().read_bytes()) for each in found)

    (first, text), (second, data) = browser.call(names)
    assert (first, second, len(data)) == ("mine.json", "mine.weights.bin", 32)
    told = json.loads(text)
    assert told["weightsManifest"][0]["paths"] == ["./mine.weights.bin"]


@pytest.mark.parametrize("scheme", ["localstorage", "indexeddb"])
def test_tensorflow_js_in_the_page_reads_the_stores_and_writes_them(pyo, booted, browser, site_url, scheme):
    pyo.run(MADE + f"_ = await model.save('{scheme}://ours')")
    ours = pyo.run("model.predict(tf.ones([1, 3])).array_sync()")
    script = """async ([url, scheme]) => {
      globalThis.regeneratorRuntime ??= null;  // else tf.min.js makes it from a string, which the page forbids
      if (!globalThis.tf) await import(url);
      const model = await tf.loadLayersModel(`${scheme}://ours`);
      const value = await model.predict(tf.ones([1, 3])).array();
      model.setWeights(model.getWeights().map((w) => tf.onesLike(w)));
      await model.save(`${scheme}://theirs`);
      return value;
    }"""
    theirs = browser.call(booted.page.evaluate, script, [f"{site_url}dev/tfjs/tf.min.js", scheme])
    assert theirs[0] == pytest.approx(ours[0], rel=1e-5)
    pyo.run(f"theirs = await tf.loadLayersModel('{scheme}://theirs')")
    assert pyo.run("theirs.predict(tf.ones([1, 3])).array_sync()") == [[4, 4]]


def test_models_of_tensorflow_js_predict_the_same_on_the_gpu(pyo):
    for name in ("dense", "images", "bidirectional"):
        record = TFJS[name]
        told = json.dumps(
            {"artifacts": record["artifacts"], "data": record["weightData"], "inputs": record["inputs"]}
        )
        pyo.run(f"import json, base64\ntold = json.loads({told!r})")
        pyo.run("told['artifacts']['weightData'] = base64.b64decode(told['data'])")
        pyo.run("model = await tf.loadLayersModel(tf.io.fromMemory(told['artifacts']))")
        pyo.run("x = [tf.tensor(i['values'], i['shape']) for i in told['inputs']]")
        found = pyo.run("list(model.predict(x[0]).data_sync())")
        assert found == pytest.approx(record["outputs"][0]["values"], rel=1e-3, abs=1e-5)


def test_addresses_are_fetched(pyo):
    """The page may fetch data: addresses, which need no server."""
    pyo.run(
        MADE
        + """
import base64
saved = []
_ = await model.save(tf.io.withSaveHandler(saved.append))
def address(content):
    return 'data:application/octet-stream;base64,' + base64.b64encode(content).decode()
manifest = [{"paths": ["w.bin"], "weights": saved[0]["weightSpecs"]}]
whole = json.dumps({"modelTopology": saved[0]["modelTopology"], "weightsManifest": manifest})
where = {"weightUrlConverter": lambda name: address(saved[0]["weightData"]), "requestInit": {"method": "GET"}}
"""
    )
    assert pyo.run("same(await tf.loadLayersModel(tf.io.http(address(whole.encode()), where)))")
    answer = pyo.raw("await tf.loadLayersModel('data:text/plain,none')")
    assert answer["error"]["type"] == "FormatError"
