"""Servers that stall, lie, redirect or do not exist, and addresses with every kind of character."""

import asyncio
import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import quote, unquote

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo import keras
from tfjs_pyo.errors import StorageError, TfError
from tfjs_pyo.io import requests


class Server(BaseHTTPRequestHandler):
    files: ClassVar[dict] = {}
    headers_seen: ClassVar[list] = []
    arrived = threading.Event()
    over = threading.Event()
    """Set when the test ends: nobody stalls longer."""

    def log_message(self, *args):
        pass

    def told(self, status, content=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def do_GET(self):
        self.headers_seen.append((self.path, dict(self.headers)))
        way, _, rest = self.path.removeprefix("/").partition("/")
        if way == "silent":
            self.arrived.set()
            self.over.wait()
        elif way == "stalls":
            self.told(200, b"{", Content_Length="100")
            self.arrived.set()
            self.over.wait()
        elif way == "endless":
            self.told(200, **({"Content_Length": rest} if rest else {}))
            with contextlib.suppress(OSError):  # nobody reads any more
                while not self.over.is_set():
                    self.wfile.write(b" " * 65536)
        elif way == "drips":
            self.told(200)
            with contextlib.suppress(OSError):
                while not self.over.wait(0.001):
                    self.wfile.write(b" ")
        elif way == "dripping-headers":
            self.send_response(200)
            self.flush_headers()
            with contextlib.suppress(OSError):
                while not self.over.wait(0.001):
                    self.wfile.write(b"x")
        elif way == "length":
            self.told(200, b"{}", Content_Length=rest)
        elif way == "chunks":
            self.told(200, b"5\r\nabc", Transfer_Encoding="chunked")
        elif way == "to":
            self.told(302, Location=unquote(rest), Content_Length="0")
        elif unquote(self.path.partition("?")[0]) in self.files:
            content = self.files[unquote(self.path.partition("?")[0])]
            self.told(200, content, Content_Length=str(len(content)))
        else:
            self.told(404, Content_Length="0")


@pytest.fixture
def site():
    Server.files, Server.headers_seen = {}, []
    Server.arrived.clear()
    Server.over.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    Server.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


def load(url, **options):
    return asyncio.run(tf.loadLayersModel(url, options))


async def lines(url):
    return [line async for line in tf.data.TextLineDataset(tf.data.URLDataSource(url))]


@pytest.mark.parametrize("way", ["silent", "stalls"])
def test_a_server_that_sends_nothing_is_given_up(site, monkeypatch, way):
    monkeypatch.setattr(requests, "LIMIT_S", 0.05)
    with pytest.raises(StorageError, match=rf"{way}: the server sent nothing for 0.05 seconds"):
        load(f"{site}/{way}")
    with pytest.raises(StorageError, match="timed out"):
        asyncio.run(lines(f"{site}/{way}"))


@pytest.mark.parametrize("way", ["silent", "stalls"])
@pytest.mark.parametrize("what", ["model", "lines"])
def test_a_request_that_is_cancelled_ends_at_once(site, way, what):
    """The server answers only after the whole program of the event loop has ended."""

    async def main():
        url = f"{site}/{way}"
        task = asyncio.ensure_future(tf.loadLayersModel(url) if what == "model" else lines(url))
        await asyncio.to_thread(Server.arrived.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert not Server.over.is_set()


@pytest.mark.parametrize("length", ["3", "1000000000000000000", "-1", "x", "", "9" * 5000, "²", "1"])
def test_lengths_that_are_not_true(site, length):
    """Too long: an interrupted download; too short: what lies within; none at all: what came."""
    with pytest.raises(TfError) as error:
        load(f"{site}/length/{length if length != '²' else '%C2%B2'}")
    interrupted = length in ("3", "1000000000000000000")
    assert isinstance(error.value, StorageError) == interrupted or "failed" in str(error.value)
    if interrupted:
        assert "interrupted after 2 bytes" in str(error.value)


@pytest.mark.parametrize("way", ["endless", "endless/1000000000000000000"])
def test_an_answer_without_an_end_is_given_up(site, monkeypatch, way):
    monkeypatch.setattr(requests, "MOST_BYTES", 2**20)
    with pytest.raises(
        StorageError, match="expected an answer of at most 1048576 bytes, but the server sends more"
    ):
        load(f"{site}/{way}")


def test_an_answer_that_drips_is_given_up(site, monkeypatch):
    """It never stalls; each look at the clock is a minute later."""
    clock = iter(range(0, 10**9, 60))
    monkeypatch.setattr(requests, "monotonic", lambda: next(clock))
    with pytest.raises(
        StorageError, match=r"drips: the server sent \d+ bytes in 3600 seconds, and still not all"
    ):
        asyncio.run(requests.fetch(f"{site}/drips", {}))


def test_headers_that_drip_are_given_up(site, monkeypatch):
    monkeypatch.setattr(requests, "LIMIT_S", 0.2)
    with pytest.raises(StorageError, match=r"the server sent nothing for 0\.2 seconds"):
        load(f"{site}/dripping-headers")


@pytest.mark.parametrize("way", ["endless", "endless/1000000000000000000"])
def test_weights_end_where_their_specs_say(site, way):
    spec = {"name": "w", "shape": [3], "dtype": "float32"}
    told = {"modelTopology": {}, "weightsManifest": [{"paths": [way], "weights": [spec]}]}
    Server.files = {"/model.json": json.dumps(told).encode()}
    with pytest.raises(StorageError, match=f"expected an answer of at most {12 + 2**16} bytes"):
        load(f"{site}/model.json")


def test_chunks_that_are_cut_off(site):
    with pytest.raises(StorageError, match=r"interrupted|failed"):
        load(f"{site}/chunks")


@pytest.mark.parametrize(
    "url",
    ["http://[", "http://[::1", "http://]", "http://", "http:///a", "http://a b/", "http://a:b/", "http://a:99999/",
     "http://127.0.0.1:1/\0", "http://\ud800/", "http://127.0.0.1:1/\ud800", f"http://{'a' * 70}.x/", "https://[::1]:1/",
     "http://127.0.0.1:1/\r\nX: y"],
)  # fmt: skip
def test_addresses_that_are_none(url):
    with pytest.raises(StorageError, match="request failed"):
        load(url)
    with pytest.raises(StorageError, match="request failed"):
        asyncio.run(lines(url))


NAMES = [
    "my weights.bin",
    "größe.bin",
    "重み/shard 1.bin",
    "a%20b.bin",
    "a+b&c=d.bin",
    "[1](2).bin",
    "x'y\"z.bin",
    "👍.bin",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("folder", ["m", "mein Modell", "模型"])
def test_names_of_weights_with_any_character(site, name, folder):
    model = tf.sequential({"layers": [tf.layers.dense({"units": 2, "inputShape": [3]})]})
    kept = {}
    asyncio.run(model.save(tf.io.withSaveHandler(kept.update)))
    manifest = [{"paths": [name], "weights": kept["weightSpecs"]}]
    told = {"modelTopology": kept["modelTopology"], "weightsManifest": manifest}
    Server.files[f"/{folder}/model.json"] = json.dumps(told).encode()
    Server.files[f"/{folder}/{unquote(name)}"] = bytes(kept["weightData"])
    loaded = load(f"{site}/{folder}/model.json?key=a b#top")
    for found, expected in zip(loaded.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(found.numpy(), expected.numpy())
    assert all(path.isascii() and path.endswith("?key=a%20b") for path, _ in Server.headers_seen)


@pytest.mark.parametrize(
    "target", ["file:///etc/hostname", "ftp://127.0.0.1/a", "data:text/plain,x", "javascript:1"]
)
def test_redirects_to_other_schemes_are_not_followed(site, target):
    for work in (lambda: load(f"{site}/to/{target}"), lambda: asyncio.run(lines(f"{site}/to/{target}"))):
        with pytest.raises(StorageError, match=r"sends on to '.*', which is not followed"):
            work()


def model_of_keras(path):
    made = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")])
    made.save(path)
    return path.read_bytes()


@pytest.mark.parametrize("ending", [".keras", ".h5"])
@pytest.mark.parametrize("folder", ["m", "mein Modell", "模型", "100%25#?"])
def test_files_of_keras_at_addresses_with_any_character(site, tmp_path, ending, folder):
    Server.files = {f"/{folder}/m{ending}": model_of_keras(tmp_path / f"m{ending}")}
    url = f"{site}/{quote(folder) if '%' in folder else folder}/m{ending}"
    assert load(url).predict(tf.ones([1, 2])).array_sync() == [[2.0]]
    found = keras.utils.get_file(origin=url, cache_dir=tmp_path)
    assert keras.models.load_model(found).predict(np.ones((1, 2)), verbose=0).tolist() == [[2.0]]


@pytest.mark.parametrize(
    "way",
    ["silent", "stalls", "dripping-headers", "chunks", "length/3", "endless", "nothing", "to/file:%2F%2F%2Fetc%2Fpasswd"],
)  # fmt: skip
def test_files_that_do_not_arrive_leave_nothing_in_keras_cache(site, monkeypatch, tmp_path, way):
    monkeypatch.setattr(requests, "LIMIT_S", 0.2)
    monkeypatch.setattr(requests, "MOST_BYTES", 2**20)
    for name in ("m.keras", "m.h5", "data.zip"):
        with pytest.raises(StorageError):
            keras.utils.get_file(name, f"{site}/{way}", cache_dir=tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("ending", [".keras", ".h5"])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_files_of_keras_that_a_server_cuts_off(site, tmp_path, ending, share):
    """The length that it tells is that of what it sends."""
    whole = model_of_keras(tmp_path / f"m{ending}")
    Server.files = {f"/m{ending}": whole[: int(len(whole) * share)]}
    with pytest.raises(TfError):
        load(f"{site}/m{ending}")


def test_redirects_keep_secrets_within_the_host(site):
    Server.files["/there"] = b"[1]"
    port = site.rpartition(":")[2]
    for target, told in (
        (f"{site}/there", True),
        (f"http://localhost:{port}/there", False),
        ("/there", True),
    ):
        Server.headers_seen.clear()
        with pytest.raises(TfError, match="received a JSON list"):
            load(f"{site}/to/{target}", requestInit={"headers": {"Authorization": "s", "X-Other": "o"}})
        headers = Server.headers_seen[-1][1]
        assert ("Authorization" in headers, headers.get("X-Other")) == (told, "o")


def test_from_https_nobody_is_sent_to_http():
    made = requests.urllib_request.Request("https://example.org/a")
    handler = requests._redirects()
    with pytest.raises(StorageError, match="not followed"):
        handler.redirect_request(made, None, 302, "", {}, "http://example.org/a")
    assert handler.redirect_request(made, None, 302, "", {}, "https://example.org/b").full_url.endswith("/b")


def test_where_one_file_of_weights_fails_the_others_are_given_up(site):
    asked = []

    async def fetch(url, init):
        asked.append(url)
        if url.endswith("1"):
            raise StorageError("no such file")
        try:
            await asyncio.Event().wait()
        finally:
            asked.append("cancelled")

    specs = [{"name": "w", "shape": [2], "dtype": "float32"}]
    told = {"modelTopology": {}, "weightsManifest": [{"paths": ["1", "2", "3"], "weights": specs}]}

    async def first(url, init):
        return json.dumps(told) if url.endswith("json") else await fetch(url, init)

    async def main():
        with pytest.raises(StorageError, match="no such file"):
            await tf.loadLayersModel(f"{site}/model.json", {"fetchFunc": first})
        await asyncio.sleep(0)

    asyncio.run(main())
    assert asked.count("cancelled") == len([url for url in asked if url.endswith(("2", "3"))])
