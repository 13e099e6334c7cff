"""What `serve.py` makes of its options, and how it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile

import pytest

import serve
from tools.site import ROOT

# A shell starts what runs in its background with Ctrl-C ignored, and tests may be run so.
START = (
    "import runpy, signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); del sys.argv[0]; "
    "runpy.run_path('serve.py', run_name='__main__')"
)


def free_port():
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return made.getsockname()[1]


def answers(address):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            return urllib.request.urlopen(address, timeout=10).status
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"{address} does not answer")


@pytest.mark.slow
def test_ctrl_c_ends_the_server_quietly():
    port = free_port()
    command = [sys.executable, "-c", START, "serve.py", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert answers(f"http://127.0.0.1:{port}/") == 200
            server.send_signal(signal.SIGINT)
            out, err = server.communicate(timeout=60)
        finally:
            server.kill()
    assert "(Ctrl-C stops)" in out
    assert (err, server.returncode) == ("", 0)


def wheel_file(folder, kind):
    """A folder with a file that is no wheel."""
    place = folder / ("x.whl" if kind == "a short name" else "a-1-py3-none-any.whl")
    if kind == "a folder":
        place.mkdir()
    elif kind == "text":
        place.write_text("no wheel")
    else:
        with zipfile.ZipFile(place, "w") as archive:
            archive.writestr("a/__init__.py", "x = 1\n" * 1000)
        if kind == "half a file":
            os.truncate(place, place.stat().st_size // 2)
    return place


@pytest.mark.parametrize("kind", ["a folder", "text", "a short name", "half a file"])
def test_a_file_that_is_no_wheel_is_said_in_a_line(capsys, tmp_path, kind):
    place = wheel_file(tmp_path, kind)
    assert serve.main(["--wheels", str(tmp_path), "--export", str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"serve.py: --wheels: {place} is no")
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_an_address_may_stand_in_brackets(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(serve, "make_site", lambda *_, **__: None)
    monkeypatch.setattr(serve, "listening", lambda host, port: asked.append((host, port)))
    monkeypatch.setattr(serve, "serve_forever", lambda *_: None)
    assert serve.main(["--host", "[::1]", "--port", "8123"]) == 0
    assert asked == [("::1", 8123)]
    assert "http://[::1]:8123 " in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--export", "--wheels"])
@pytest.mark.parametrize("given", ["", " "])
def test_a_folder_must_be_named(capsys, option, given):
    with pytest.raises(SystemExit):
        serve.main([option, given])
    assert f"argument {option}: expected a folder, received ''" in capsys.readouterr().err
