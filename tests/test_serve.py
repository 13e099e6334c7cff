"""The server: what it sends, what it refuses, what it says when something is missing."""

import errno
import gzip
import http.client
import os
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

import serve
from tools import lockfile, server
from tools import site as site_module
from tools.export import export
from tools.server import host_is_ours, running
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
    (root / "long.js").write_text("1 + 1;" * 5000)
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
        connection.putrequest(method, path, skip_host="Host" in (headers or {}), skip_accept_encoding=True)
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
    assert headers["Permissions-Policy"].startswith("camera=(self), microphone=(self), geolocation=()")
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert get(small, "/nothing.js")[0].headers["Content-Security-Policy"] == policy


def test_unchanged_files_are_not_sent_again(small):
    tag = get(small, "/deep/a.js")[0].headers["ETag"]
    response, body = get(small, "/deep/a.js", {"If-None-Match": tag})
    assert (response.status, body) == (304, b"")


def test_tags_come_in_lists_weak_and_as_a_star(small):
    tag = get(small, "/deep/a.js")[0].headers["ETag"]
    for text in (f'"x", {tag}', f"W/{tag}", f'"x" ,W/{tag}', "*"):
        assert get(small, "/deep/a.js", {"If-None-Match": text})[0].status == 304, text
    for text in ('"x"', f'{tag[:-1]}x"', tag.strip('"'), "", '"x", W/"y"'):
        assert get(small, "/deep/a.js", {"If-None-Match": text})[0].status == 200, text
    made = get(small, "/made.json")[0].headers["ETag"]
    assert get(small, "/made.json", {"If-None-Match": made})[0].status == 304


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "*", "deflate, GZIP", "*;q=0, gzip"])
def test_sends_compressed_files_to_who_takes_them(small, accepted):
    response, body = get(small, "/long.js", {"Accept-Encoding": accepted})
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert len(body) < 1000
    assert gzip.decompress(body) == b"1 + 1;" * 5000
    plain, text = get(small, "/long.js")
    assert plain.headers["ETag"] != response.headers["ETag"]
    assert text == gzip.decompress(body)


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0.0", "identity", "*, gzip;q=0"])
def test_sends_plain_files_to_others(small, accepted):
    response, body = get(small, "/long.js", {"Accept-Encoding": accepted})
    assert "Content-Encoding" not in response.headers
    assert body == b"1 + 1;" * 5000


def test_a_file_that_changes_is_sent_as_it_is_now(tmp_path):
    (tmp_path / "a.js").write_text("1;" * 1000)
    with running(Site({"": Folder(tmp_path)})) as url:
        assert get(url, "/a.js", {"Accept-Encoding": "gzip"})[0].headers["Content-Encoding"] == "gzip"
        (tmp_path / "a.js").write_text("2;" * 1001)
        response, body = get(url, "/a.js", {"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in response.headers
        assert body == b"2;" * 1001


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8000",
        "a.localhost",
        "127.0.0.1:80",
        "192.168.1.7",
        "[::1]:8000",
        "box.",
        "my.box:1",
    ],
)
def test_knows_its_hosts(host):
    assert host_is_ours(host, {"box", "my.box"})


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example:80",
        "[evil]:80",
        "[::1].evil.example",
        "127.0.0.1:80.evil.example",
        "xlocalhost",
        "box.x",
    ],
)
def test_refuses_hosts_that_others_pointed_here(small, host):
    assert not host_is_ours(host, {"box"})
    response, body = get(small, "/", {"Host": host})
    assert response.status == 421
    assert b"--allow-host" in body
    assert host_is_ours(host, {"*"})


def test_half_a_request_ends(small, monkeypatch):
    monkeypatch.setattr(server, "REQUEST_S", 0.05)
    address = urlsplit(small)
    for part in (b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\nX: 1"):
        with socket.create_connection((address.hostname, address.port), timeout=30) as client:
            client.sendall(part)
            assert client.recv(100) == b""
    with socket.create_connection(
        (address.hostname, address.port), timeout=30
    ) as client:  # after a whole one, too
        client.sendall(b"HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert client.recv(10_000).startswith(b"HTTP/1.1 200")
        client.sendall(b"GET / HT")
        assert client.recv(100) == b""


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET",
        b"\x00\x01\x02",
        b"GET /\xff HTTP/1.1",
        b"GET /%ff%fe HTTP/1.1",
        b"GET /" + b"a" * 5000 + b".js HTTP/1.1",
        b"GET /deep/%00.js HTTP/1.1",
        b"GET http:// HTTP/1.1",
        b"GET * HTTP/1.1",
        b"CONNECT x HTTP/1.1",
    ],
)
def test_malformed_requests_are_answered_without_a_traceback(small, request_line, capfd):
    address = urlsplit(small)
    with socket.create_connection((address.hostname, address.port), timeout=30) as client:
        client.sendall(request_line + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = client.recv(100)
    assert answer[:9] == b"HTTP/1.1 "
    assert answer[9:10] == b"4", answer
    assert "Traceback" not in capfd.readouterr().err


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


@pytest.mark.parametrize("port", ["0", "65536", "-1", "abc", "80.5", ""])
def test_ports_that_are_none_are_refused(capsys, port):
    with pytest.raises(SystemExit):
        serve.main(["--port", port])
    assert "from 1 to 65535" in capsys.readouterr().err


def test_export_does_not_write_among_other_files(capsys, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    assert serve.main(["--export", str(tmp_path)]) == 1
    assert "holds other files" in capsys.readouterr().err


def test_export_and_server_show_the_same_site(site, tmp_path):
    count = export(site, tmp_path)
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    packed = {name for name in written if name.removesuffix(".gz") in written and name.endswith(".gz")}
    assert written - packed == {*site.places(), ".nojekyll", ".export.json"}
    assert count == len(written - packed) - 2
    assert {"index.html.gz", "vendor/pyodide/pyodide.asm.wasm.gz", "site.json.gz"} <= packed
    for name in packed:
        assert (
            gzip.decompress((tmp_path / name).read_bytes())
            == (tmp_path / name.removesuffix(".gz")).read_bytes()
        )
    sizes = [(tmp_path / name).stat().st_size for name in written - packed]
    sent = [min(path.stat().st_size for path in tmp_path.glob(f"{name}*")) for name in written - packed]
    assert sum(sent) < 0.7 * sum(sizes)
    for place in (
        "index.html",
        "worker.js",
        "site.json",
        "packages/pyodide-lock.json",
        "vendor/pyodide/pyodide.mjs",
    ):
        assert place in written


@pytest.mark.parametrize("kind", ["a file", "a dangling link", "below a file", "too long a name"])
def test_export_onto_what_is_no_folder_is_said_in_a_line(capsys, tmp_path, kind):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere" / "at all")
    place = {
        "a file": "file",
        "a dangling link": "link",
        "below a file": "file/site",
        "too long a name": "a" * 300,
    }[kind]
    assert serve.main(["--export", str(tmp_path / place)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("serve.py: --export: ")
    assert error.count("\n") == 1
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("call", ["iterdir", "mkdir"])
def test_export_to_where_nothing_may_be_read_or_written_is_said_in_a_line(
    capsys, tmp_path, monkeypatch, call
):
    """Told by calls that fail: tests may run as a user who may do anything."""
    folder = tmp_path / "locked"
    folder.mkdir()
    way = getattr(type(folder), call)

    def refused(path, *args, **kwargs):
        if path == folder or folder in path.parents:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return way(path, *args, **kwargs)

    monkeypatch.setattr(type(folder), call, refused)
    assert serve.main(["--export", str(folder)]) == 1
    assert capsys.readouterr().err == f"serve.py: --export: Permission denied: {folder}\n"


def test_a_host_must_be_named(capsys):
    with pytest.raises(SystemExit):
        serve.main(["--host", " "])
    assert "expected an address" in capsys.readouterr().err


def test_help_lists_the_options():
    environment = {**os.environ, "COLUMNS": "100"}
    command = [sys.executable, str(ROOT / "serve.py"), "--help"]
    text = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
    for option in ("--port", "--host", "127.0.0.1", "--allow-host NAME", "--wheels DIR", "--export DIR"):
        assert option in text
