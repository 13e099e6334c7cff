"""How `serve.py` ends."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request

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
