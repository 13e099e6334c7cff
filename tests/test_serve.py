"""The server: what it sends, what it refuses, what it says when something is missing."""

import http.client
import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

import serve
from tools import lockfile
from tools import site as site_module
from tools.server import running
from tools.site import ROOT, Folder, SetupMissingError, Site


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A server over a small folder with a secret beside it."""
    base = tmp_path_factory.mktemp("base")
    (base / "secret.txt").write_text("secret")
    root = base / "root"
    (root / "deep").mkdir(parents=True)
    (root / "index.html").write_text("<p>hello</p>")
    (root / "deep" / "a.js").write_text("1")
    (root / "other.exe").write_text("no")
    (root / ".hidden.js").write_text("no")
    (root / "link.js").symlink_to(base / "secret.txt")
    (root / "linked").symlink_to(base)
    (root / "inside.js").symlink_to(root / "deep" / "a.js")
    site = Site({"": Folder(root, ("*.html", "*.js", "*.txt"))}, {}, {"made.json": "{}"})
    with running(site) as url:
        yield url


def get(url: str, path: str, headers: dict[str, str] | None = None, method: str = "GET"):
    """A request with the path exactly as written: no client tidies it up."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.putrequest(method, path, skip_host=False)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    "path", ["/", "/index.html", "/deep/a.js", "/inside.js", "/made.json", "/deep/a.js?x=1"]
)
def test_serves(small, path):
    assert get(small, path)[0].status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/deep/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/deep/..%2f..%2fsecret.txt",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/etc/passwd",
        "/link.js",
        "/linked/secret.txt",
        "/.hidden.js",
        "/other.exe",
        "/deep",
        "/deep/",
        "/deep//a.js",
        "/./index.html",
        "/index.html%00.js",
        "/nothing.js",
    ],
)
def test_refuses(small, path):
    response, body = get(small, path)
    assert response.status == 404
    assert b"secret" not in body.replace(path.encode(), b"").replace(b"secret.txt", b"")


def test_headers_isolate_the_page_and_bind_its_scripts(small):
    headers = get(small, "/")[0].headers
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert headers["Cache-Control"] == "no-cache"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert get(small, "/nothing.js")[0].headers["Content-Security-Policy"] == policy


def test_unchanged_files_are_not_sent_again(small):
    tag = get(small, "/deep/a.js")[0].headers["ETag"]
    response, body = get(small, "/deep/a.js", {"If-None-Match": tag})
    assert (response.status, body) == (304, b"")


def test_other_methods_are_refused(small):
    assert get(small, "/", method="POST")[0].status == 405
    assert get(small, "/", method="HEAD")[0].status == 200


def test_types(site_url):
    for path, kind in {
        "/page.js": "text/javascript",
        "/vendor/pyodide/pyodide.mjs": "text/javascript",
        "/vendor/pyodide/pyodide.asm.wasm": "application/wasm",
        "/packages/pyodide-lock.json": "application/json",
        "/style.css": "text/css",
    }.items():
        response, _ = get(site_url, path, method="HEAD")
        assert response.status == 200, path
        assert response.headers["Content-Type"].startswith(kind), path


def test_the_lock_file_names_local_wheels_and_the_cdn_for_the_rest(site):
    import json

    packages = json.loads(site.find("/packages/pyodide-lock.json"))["packages"]
    assert "/" not in packages["micropip"]["file_name"]
    assert site.find(f"/packages/{packages['micropip']['file_name']}") is not None
    assert packages["scipy"]["file_name"].startswith("https://")
    assert len(packages["micropip"]["sha256"]) == 64


def test_a_wheel_that_pyodide_does_not_know_is_described_from_its_contents(tmp_path):
    import json
    import zipfile

    wheel = tmp_path / "My_Thing-1.2-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("my_thing/__init__.py", "")
        archive.writestr("single.py", "")
        archive.writestr("My_Thing-1.2.dist-info/METADATA", "")
    entry = json.loads(lockfile.lock_text(ROOT / "node_modules" / "pyodide", [wheel]))["packages"]["my-thing"]
    assert entry["imports"] == ["my_thing", "single"]
    assert entry["version"] == "1.2"


def test_missing_set_up_is_said(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(site_module, "LOCAL_WHEELS", ROOT / "build" / "no-such-folder")
    with pytest.raises(SetupMissingError, match="run `make setup` first"):
        site_module.make_site()
    assert serve.main(["--export", str(tmp_path / "out")]) == 1
    assert "make setup" in capsys.readouterr().err


def test_a_wheel_folder_that_is_none_is_said(capsys, tmp_path):
    assert serve.main(["--wheels", str(tmp_path / "nowhere"), "--export", str(tmp_path / "out")]) == 1
    assert "is no folder" in capsys.readouterr().err


def test_a_taken_port_is_said(capsys, site_url):
    port = urlsplit(site_url).port
    assert serve.main(["--port", str(port)]) == 1
    error = capsys.readouterr().err
    assert f"127.0.0.1:{port}" in error
    assert "--port" in error


@pytest.mark.parametrize("port", ["0", "65536", "-1"])
def test_ports_that_are_none_are_refused(capsys, port):
    with pytest.raises(SystemExit):
        serve.main(["--port", port])
    assert "from 1 to 65535" in capsys.readouterr().err


def test_export_does_not_write_among_other_files(capsys, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    assert serve.main(["--export", str(tmp_path)]) == 1
    assert "holds other files" in capsys.readouterr().err


def test_export_and_server_show_the_same_site(site, tmp_path):
    count = site.export(tmp_path)
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {*site.places(), ".nojekyll"}
    assert count == len(written) - 1
    for place in (
        "index.html",
        "worker.js",
        "site.json",
        "packages/pyodide-lock.json",
        "vendor/pyodide/pyodide.mjs",
    ):
        assert place in written


def test_help_lists_the_options():
    environment = {**os.environ, "COLUMNS": "100"}
    command = [sys.executable, str(ROOT / "serve.py"), "--help"]
    text = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
    for option in ("--port", "--host", "127.0.0.1", "--wheels DIR", "--export DIR"):
        assert option in text
