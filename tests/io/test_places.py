"""Where models are saved and loaded: files, servers, memory, handlers of one's own."""

import asyncio
import gc
import json
import threading
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError, FormatError, StorageError


def run(awaitable):
    return asyncio.run(awaitable)


def model(units=2):
    return tf.sequential({"layers": [tf.layers.dense({"units": units, "inputShape": [3]})]})


def artifacts(made):
    saved = []
    run(made.save(tf.io.withSaveHandler(saved.append)))
    return saved[0]


def same(a, b):
    for x, y in zip(a.getWeights(), b.getWeights(), strict=True):
        np.testing.assert_array_equal(x.numpy(), y.numpy())


# Files


@pytest.mark.parametrize("form", [str, Path, lambda path: f"file://{path}"], ids=["str", "Path", "file://"])
@pytest.mark.parametrize("name", ["folder", "deep/down/here", "whole.json"])
def test_files(tmp_path, form, name):
    made = model()
    info = run(made.save(form(tmp_path / name)))["modelArtifactsInfo"]
    assert (info["modelTopologyType"], info["weightDataBytes"]) == ("JSON", 32)
    same(run(tf.loadLayersModel(form(tmp_path / name))), made)
    names = {"whole.json", "whole.weights.bin"} if name == "whole.json" else {"model.json", "weights.bin"}
    folder = tmp_path if name == "whole.json" else tmp_path / name
    assert {path.name for path in folder.iterdir()} == names
    told = json.loads(
        (folder / min(names)).read_text() if "model.json" in names else (folder / "whole.json").read_text()
    )
    assert list(told)[:5] == ["modelTopology", "format", "generatedBy", "convertedBy", "weightsManifest"]
    assert told["format"] == "layers-model"


@pytest.mark.parametrize("saved", ["m", "m/model.json", "deep/down/whole.json"])
def test_paths_from_the_working_folder_on(tmp_path, monkeypatch, saved):
    monkeypatch.chdir(tmp_path)
    made = model()
    run(made.save(f"file://{saved}"))
    for path in (saved, f"./{saved}", f"file://{saved}", tmp_path / saved):
        same(run(tf.loadLayersModel(path)), made)


def test_saving_again_leaves_nothing_old_behind(tmp_path):
    for units in (1, 2, 3, 3):
        made = model(units)
        run(made.save(tmp_path))
        same(run(tf.loadLayersModel(tmp_path)), made)
        assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("failing", ["weights", "model.json"])
def test_a_save_that_fails_leaves_what_was_there(tmp_path, monkeypatch, failing):
    made = model()
    run(made.save(tmp_path))
    names = sorted(path.name for path in tmp_path.iterdir())
    replace = Path.replace

    def fail(self, target):
        if Path(target).name.startswith(failing):
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(StorageError, match="could not be written: No space left on device"):
        run(model(5).save(tmp_path))
    monkeypatch.undo()
    same(run(tf.loadLayersModel(tmp_path)), made)
    assert [name for name in names if (tmp_path / name).exists()] == names


def sharded(folder, made, sizes=(5, 20, 7)):
    """Writes a model whose weights lie in several files, as the converter does."""
    told = artifacts(made)
    paths, begin = [], 0
    for number, size in enumerate(sizes):
        paths.append(f"shards/group1-shard{number + 1}of{len(sizes)}.bin")
        (folder / "shards").mkdir(exist_ok=True)
        (folder / paths[-1]).write_bytes(told["weightData"][begin : begin + size])
        begin += size
    manifest = [{"paths": paths, "weights": told["weightSpecs"]}]
    (folder / "model.json").write_text(
        json.dumps({"modelTopology": told["modelTopology"], "weightsManifest": manifest})
    )
    return paths


def test_sharded_weights_and_progress(tmp_path):
    made, shares = model(), []
    sharded(tmp_path, made)
    same(run(tf.loadLayersModel(str(tmp_path / "model.json"), {"onProgress": shares.append})), made)
    assert shares == [0, 1 / 3, 2 / 3, 1]


def test_quantized_weights(tmp_path):
    told = artifacts(model())
    spec = {"name": told["weightSpecs"][0]["name"], "shape": [3, 2], "dtype": "float32"}
    codes = bytes([0, 51, 102, 153, 204, 255])
    told["weightSpecs"][0] = {**spec, "quantization": {"dtype": "uint8", "scale": 0.02, "min": -1.0}}
    loaded = run(tf.loadLayersModel(tf.io.fromMemory({**told, "weightData": [codes, bytes(8)]})))
    np.testing.assert_allclose(
        loaded.getWeights()[0].numpy().ravel(), np.array(list(codes)) * 0.02 - 1, rtol=1e-6
    )


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda folder: (folder / "model.json").write_text('{"modelTo'), FormatError, "Is it a model.json, and whole"),
        (lambda folder: (folder / "model.json").write_text("[1]"), FormatError, "expected a model.json, received a JSON list"),
        (lambda folder: (folder / "model.json").write_text('{"a": 1}'), FormatError, "expected 'modelTopology'.*received 'a'"),
        (lambda folder: (folder / "weights.bin").write_bytes(bytes(31)), FormatError, "only 7 of 31 are left"),
        (lambda folder: (folder / "weights.bin").write_bytes(bytes(33)), FormatError, "expected 32 bytes for .* received 33"),
        (lambda folder: (folder / "weights.bin").unlink(), StorageError, "weights.bin' could not be read: No such file"),
        (lambda folder: (folder / "model.json").unlink(), StorageError, "model.json' could not be read: No such file"),
    ],
)  # fmt: skip
def test_files_that_are_broken(tmp_path, change, error, message):
    run(model().save(tmp_path))
    gc.collect()
    before = tf.memory()["numTensors"]
    change(tmp_path)
    with pytest.raises(error, match=message):
        run(tf.loadLayersModel(tmp_path))
    gc.collect()
    assert tf.memory()["numTensors"] == before


@pytest.mark.parametrize("path", ["../secret.bin", "/etc/hostname", "a/../../b"])
def test_a_model_json_names_no_files_outside_its_folder(tmp_path, path):
    run(model().save(tmp_path))
    told = json.loads((tmp_path / "model.json").read_text())
    told["weightsManifest"][0]["paths"] = [path]
    (tmp_path / "model.json").write_text(json.dumps(told))
    with pytest.raises(FormatError, match="expected a path within the model's folder"):
        run(tf.loadLayersModel(tmp_path))


def test_weights_elsewhere(tmp_path):
    made = model()
    (tmp_path / "a").mkdir()
    sharded(tmp_path / "a", made)
    (tmp_path / "a" / "shards").rename(tmp_path / "shards")
    same(run(tf.loadLayersModel(tmp_path / "a", weightPathPrefix=str(tmp_path))), made)
    same(
        run(tf.loadLayersModel(tmp_path / "a", {"weightUrlConverter": lambda name: f"{tmp_path}/{name}"})),
        made,
    )


def test_files_that_a_user_chose(tmp_path):
    made = model()
    run(made.save(tmp_path))
    paths = [tmp_path / "model.json", tmp_path / "weights.bin"]
    same(run(tf.loadLayersModel(tf.io.browserFiles(paths))), made)
    pairs = [(path.name, path.read_bytes()) for path in paths]
    same(run(tf.loadLayersModel(tf.io.browserFiles(pairs))), made)
    with paths[0].open("rb") as a, paths[1].open("rb") as b:
        same(run(tf.loadLayersModel(tf.io.browserFiles([a, b]))), made)
    with pytest.raises(StorageError, match=r"\['weights.bin'\], received \['other.bin'\]"):
        run(tf.loadLayersModel(tf.io.browserFiles([pairs[0], ("other.bin", b"")])))
    with pytest.raises(ArgumentError, match="at least the file with the JSON"):
        tf.io.browserFiles([])


# Servers


class Server(BaseHTTPRequestHandler):
    files: ClassVar[dict] = {}
    requests: ClassVar[list] = []

    def log_message(self, *args):
        pass

    def do_GET(self):
        self.requests.append((self.path, self.headers.get("X-Token")))
        content = self.files.get(self.path.partition("?")[0])
        self.send_response(200 if content is not None else 404)
        self.send_header("Content-Length", str(len(content or b"") + (5 if "cut" in self.path else 0)))
        self.end_headers()
        self.wfile.write(content or b"")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        whole = b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n" + body
        form = BytesParser(policy=HTTP).parsebytes(whole)
        self.files.update(
            {f"/up/{part.get_filename()}": part.get_payload(decode=True) for part in form.iter_parts()}
        )
        self.send_response(500 if "refuse" in self.path else 200)
        self.end_headers()


@pytest.fixture
def site():
    Server.files, Server.requests = {}, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def published(folder, made, under="/m"):
    sharded(folder, made)
    for path in folder.rglob("*.*"):
        Server.files[f"{under}/{path.relative_to(folder).as_posix()}"] = path.read_bytes()


def test_up_and_down(site):
    made = model()
    answer = run(made.save(f"{site}/up", {"includeOptimizer": True}))
    assert answer["responses"][0].ok
    assert set(Server.files) == {"/up/model.json", "/up/model.weights.bin"}
    same(run(tf.loadLayersModel(f"{site}/up/model.json")), made)
    with pytest.raises(StorageError, match="status 500"):
        run(made.save(f"{site}/refuse"))


def test_options_of_requests(site, tmp_path):
    made, shares = model(), []
    published(tmp_path, made)
    options = {"requestInit": {"headers": {"X-Token": "t"}}, "onProgress": shares.append}
    same(run(tf.loadLayersModel(f"{site}/m/model.json?key=1", options)), made)
    assert shares == [0, 1 / 3, 2 / 3, 1]
    assert {token for _, token in Server.requests} == {"t"}
    assert all(path.endswith("?key=1") for path, _ in Server.requests)
    same(run(tf.loadLayersModel(tf.io.http(f"{site}/m/model.json", {"streamWeights": True}))), made)
    Server.files["/model.json"] = Server.files.pop("/m/model.json")
    same(run(tf.loadLayersModel(f"{site}/model.json", weight_path_prefix=f"{site}/m/")), made)
    same(run(tf.loadLayersModel([f"{site}/model.json", f"{site}/m/any"])), made)

    async def converter(name):
        return f"{site}/m/{name}"

    same(run(tf.loadLayersModel(f"{site}/model.json", weight_url_converter=converter)), made)


def test_a_fetch_of_ones_own(tmp_path):
    made = model()
    published(tmp_path, made, "https://nowhere")
    asked = []

    class Answer:
        def __init__(self, content):
            self.status, self.content = 200, content

        async def bytes(self):
            return self.content

    async def fetch(url, init):
        asked.append(init.get("headers"))
        return Answer(Server.files[url]) if url.endswith("json") else Server.files[url]

    options = {"fetchFunc": fetch, "requestInit": {"headers": {"a": "b"}}}
    same(run(tf.loadLayersModel("https://nowhere/model.json", options)), made)
    assert asked == [{"a": "b"}] * 4


def test_servers_that_fail(site, tmp_path):
    published(tmp_path, model(), "/cut")
    published(tmp_path, model())
    with pytest.raises(
        StorageError, match=r"cut/model.json: the download was interrupted after .* 5 more were expected"
    ):
        run(tf.loadLayersModel(f"{site}/cut/model.json"))
    with pytest.raises(StorageError, match=r"status 404. Is the address right"):
        run(tf.loadLayersModel(f"{site}/nothing.json"))
    del Server.files["/m/shards/group1-shard2of3.bin"]
    with pytest.raises(StorageError, match=r"shard2of3.bin: the server answered with status 404"):
        run(tf.loadLayersModel(f"{site}/m/model.json"))
    Server.files["/m/model.json"] = b"<html>"
    with pytest.raises(FormatError, match="received 6 bytes that are none"):
        run(tf.loadLayersModel(f"{site}/m/model.json"))
    with pytest.raises(StorageError, match="the request failed"):
        run(tf.loadLayersModel("http://127.0.0.1:1/model.json"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"requestInit": {"body": b""}}, "without a body"),
        ({"fetchFunc": 3}, "'fetchFunc' to be a function, received int"),
    ],
)
def test_options_of_requests_that_cannot_be(options, message):
    with pytest.raises(ArgumentError, match=message):
        tf.io.http("https://nowhere", options)


def test_options_of_requests_are_keywords_too():
    for keywords in ({"requestInit": {"headers": {}}}, {"request_init": {"headers": {}}}):
        assert tf.io.http("https://nowhere", **keywords).init == {"headers": {}}
    with pytest.raises(
        ArgumentError, match=r"http: unknown argument 'requestInt'\. Did you mean 'requestInit'"
    ):
        tf.io.http("https://nowhere", {"requestInt": {}})


def test_schemes():
    assert [tf.io.isHTTPScheme(url) for url in ("http://a", "https://a", "file://a", "a")] == [
        True,
        True,
        False,
        False,
    ]


# Memory, handlers, routers


@pytest.fixture
def store():
    yield
    for url in run(tf.io.listModels()):
        run(tf.io.removeModel(url))


@pytest.mark.usefixtures("store")
def test_models_in_stores():
    made = model()
    run(made.save("memory://a"))
    assert run(tf.io.copyModel("memory://a", "memory://b"))["weightDataBytes"] == 32
    run(tf.io.moveModel("memory://b", "memory://c/d"))
    assert sorted(run(tf.io.listModels())) == ["memory://a", "memory://c/d"]
    same(run(tf.loadLayersModel("memory://c/d")), made)
    assert run(tf.io.removeModel("memory://a"))["modelTopologyType"] == "JSON"
    with pytest.raises(StorageError, match=r"memory://a: there is no such model. There are: \['c/d'\]"):
        run(tf.loadLayersModel("memory://a"))
    with pytest.raises(ArgumentError, match="expected two addresses"):
        run(tf.io.copyModel("memory://c/d", "memory://c/d"))
    with pytest.raises(ArgumentError, match=r"an address with a scheme .*memory://"):
        run(tf.io.removeModel("a"))
    with pytest.raises(ArgumentError, match="no store for paper://"):
        run(tf.io.moveModel("paper://a", "memory://a"))
    assert sorted(run(tf.io.listModels())) == ["memory://c/d"]


@pytest.mark.usefixtures("store")
def test_a_copy_in_files(tmp_path):
    made = model()
    run(made.save("memory://a"))
    run(tf.io.copyModel("memory://a", f"file://{tmp_path}"))
    same(run(tf.loadLayersModel(tmp_path)), made)


def test_handlers_of_ones_own():
    kept, made = {}, model()

    class Own:
        async def save(self, artifacts):
            kept.update(artifacts)
            return {"modelArtifactsInfo": tf.io.getModelArtifactsInfoForJSON(artifacts)}

        async def load(self):
            return kept

    assert run(made.save(Own()))["modelArtifactsInfo"]["weightDataBytes"] == 32
    same(run(tf.loadLayersModel(Own())), made)
    same(run(tf.loadLayersModel({"load": lambda: kept})), made)
    assert tf.io.fromMemorySync(kept).load()["weight_data"] == kept["weightData"]
    early = tf.io.fromMemory(kept["modelTopology"], kept["weightSpecs"], kept["weightData"])
    same(run(tf.loadLayersModel(early)), made)
    assert run(made.save(tf.io.withSaveHandlerSync(lambda artifacts: len(artifacts.weight_specs)))) == 2


def test_routers_of_ones_own(monkeypatch):
    from tfjs_pyo.io import handlers

    monkeypatch.setattr(handlers, "_SAVE_ROUTERS", list(handlers._SAVE_ROUTERS))
    monkeypatch.setattr(handlers, "_LOAD_ROUTERS", list(handlers._LOAD_ROUTERS))
    kept, seen, made = {}, [], model()
    tf.io.registerSaveRouter(lambda url: tf.io.withSaveHandler(kept.update) if url == "paper://a" else None)

    def load_router(url, options):
        seen.append(options)
        return tf.io.fromMemory(kept) if url == "paper://a" else None

    tf.io.registerLoadRouter(load_router)
    run(made.save("paper://a"))
    same(run(tf.loadLayersModel("paper://a", {"strict": True})), made)
    assert seen == [{"strict": True}]
    assert len(tf.io.getSaveHandlers("paper://a")) == len(tf.io.getLoadHandlers("paper://a")) == 1
    assert tf.io.getSaveHandlers("paper://b") == []
    tf.io.registerSaveRouter(lambda url: tf.io.withSaveHandler(print))
    with pytest.raises(ArgumentError, match="one way to save at 'paper://a', found 2"):
        run(made.save("paper://a"))


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("nowhere://a", "one way to load at 'nowhere://a', found 0. Known are paths, file://"),
        (3, "expected an address, a path or a handler with load"),
        ({"save": print}, "a handler with load"),
    ],
)
def test_places_that_nothing_loads_from(place, message):
    with pytest.raises(ArgumentError, match=message):
        run(tf.loadLayersModel(place))


# What is saved


def test_what_a_user_noted_comes_back():
    made = model()
    made.setUserDefinedMetadata({"trained": "on Monday"})
    assert run(tf.loadLayersModel(tf.io.fromMemory(artifacts(made)))).getUserDefinedMetadata() == {
        "trained": "on Monday"
    }


def test_only_trainable_weights():
    made = tf.sequential({"layers": [tf.layers.batchNormalization({"inputShape": [2], "name": "b"})]})
    saved = []
    run(made.save(tf.io.withSaveHandler(saved.append), {"trainableOnly": True}))
    assert [spec["name"] for spec in saved[0]["weightSpecs"]] == ["b/gamma", "b/beta"]
    with pytest.raises(FormatError, match="received none for 'b/moving_mean', 'b/moving_variance'"):
        run(tf.loadLayersModel(tf.io.fromMemory(saved[0])))
    assert run(tf.loadLayersModel(tf.io.fromMemory(saved[0]), {"strict": False})).count_params() == 8


def test_training_goes_on_after_loading(tmp_path):
    x, y = np.random.default_rng(0).normal(size=(2, 8, 3)).astype(np.float32)
    made = model(3)
    made.compile({"optimizer": tf.train.adam(0.05), "loss": "meanSquaredError", "metrics": ["mae"]})

    def fit(which):
        return run(which.fit(x, y, epochs=2, shuffle=False)).history["loss"]

    fit(made)
    run(made.save(tmp_path, {"includeOptimizer": True}))
    straight = fit(made)
    loaded = run(tf.loadLayersModel(tmp_path))
    assert loaded.metrics_names == ["loss", "mae"]
    np.testing.assert_allclose(fit(loaded), straight, rtol=1e-5)


def test_how_it_was_compiled_is_told_if_it_cannot_be_read():
    told = {
        **artifacts(model()),
        "trainingConfig": {"loss": "own", "optimizer_config": {"class_name": "SGD", "config": {}}},
    }
    with pytest.warns(UserWarning, match=r"the model is loaded, but not compiled: .*no loss named 'own'"):
        loaded = run(tf.loadLayersModel(tf.io.fromMemory(told)))
    assert loaded.optimizer is None


def test_a_model_without_weights_is_not_saved():
    with pytest.raises(ArgumentError, match="expected a model that is built"):
        run(tf.sequential({"layers": [tf.layers.dense({"units": 1})]}).save("memory://never"))


def test_arguments_in_every_spelling():
    told = artifacts(model())
    handler = tf.io.fromMemory(
        modelArtifacts=told["modelTopology"], weightSpecs=told["weightSpecs"], weight_data=told["weightData"]
    )
    assert run(tf.loadLayersModel(handler)).count_params() == 8
    load = tf.io.weightsLoaderFactory(fetchWeightsFunction=lambda paths: [told["weightData"]])
    assert len(run(load([{"paths": ["w"], "weights": told["weightSpecs"]}]))) == 2
