"""The web server: the site over HTTP, with the headers that the page needs."""

import asyncio
import contextlib
import ipaddress
import mimetypes
import re
import socket
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import h11
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from tools.compression import Gzipped, version
from tools.site import Site

REQUEST_S = 10
"""How long the head of a request may take to arrive."""

HOST = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::\d*)?")
"""A Host header: a name or an address, and perhaps a port."""

# What the page may do. Scripts come from us alone, and no JavaScript is made from strings; WebAssembly must be compiled
# (Pyodide). xterm.js writes its own style elements. Programs may fetch data and models from any server that allows it
# (without encryption from this machine only), and from Pyodide's CDN; pictures that a program shows arrive as data: or blob:
# addresses, its markup as srcdoc, which is no address of a frame.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self' https: http://localhost:* http://127.0.0.1:* data: blob:",
        "frame-src 'none'",
        "frame-ancestors 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
)

HEADERS = {
    # These two make the page cross-origin isolated: it gets SharedArrayBuffer, and so a stop button for endless loops.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(), usb=(), serial=(), hid=(), payment=()",
    "Cache-Control": "no-cache",  # asks us each time whether a file has changed; unchanged ones are not sent again
}

TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".whl": "application/zip",
    ".webmanifest": "application/manifest+json",
    ".frag": "text/plain",
    ".vert": "text/plain",
    ".glsl": "text/plain",
    ".py": "text/x-python",
    ".gz": "application/gzip",
}


def _media_type(name: str) -> str:
    suffix = "." + name.rpartition(".")[2]
    return TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def host_is_ours(header: str, names: Collection[str]) -> bool:
    """Whether a request's Host header names this server.

    Another site's page can make its own name point to this machine (DNS rebinding) and would then be read as the same
    origin; an address cannot be made to point elsewhere.

    Args:
        header: as it came, perhaps with a port.
        names: under which the server is known besides localhost and addresses; '*' is any.
    """
    found = HOST.fullmatch(header.strip().lower())
    if "*" in names or found is None:
        return "*" in names
    host = found[1].strip("[]").removesuffix(".")
    if host == "localhost" or host.endswith(".localhost") or host in names:
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _has(tags: str, tag: str) -> bool:
    """Whether an If-None-Match header names a tag: '*', or a list of tags, each perhaps a weak one."""
    return tags.strip() == "*" or tag in {each.strip().removeprefix("W/") for each in tags.split(",")}


def _accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header takes gzip, and does not take it back by q=0."""
    takes = {}
    for item in header.lower().split(","):
        coding, _, quality = item.replace(" ", "").partition(";q=")
        takes[coding] = quality.strip("0.") != "" or not quality
    return takes.get("gzip", takes.get("*", False))


def make_app(site: Site, headers: Mapping[str, str] = HEADERS, names: Collection[str] = ()) -> Starlette:
    """The ASGI application that serves a site.

    Args:
        site: the site; its files are compressed now, once.
        headers: what goes out with every answer.
        names: under which the server is known, see `host_is_ours`.
    """
    gzipped = Gzipped(site)

    def found(place: str, packed: bool) -> tuple[bytes | Path, dict[str, str]] | None:
        content = site.find(place)
        if content is None:
            return None
        tag = version(content)
        copy = gzipped.find(content) if packed else None
        if copy is not None:
            return copy, {"ETag": f'"{tag}-gzip"', "Content-Encoding": "gzip"}
        return content.encode() if isinstance(content, str) else content, {"ETag": f'"{tag}"'}

    async def answer(request: Request) -> Response:
        place = request.scope["path"]
        host = request.headers.get("host", "")
        if not host_is_ours(host, names):
            text = f"This server does not know the host {host!r}; `serve.py --allow-host NAME` makes a name known.\n"
            return PlainTextResponse(text, status_code=421, headers=headers)
        packed = _accepts_gzip(request.headers.get("accept-encoding", ""))
        answered = await run_in_threadpool(found, place, packed)
        if answered is None:
            return PlainTextResponse(f"Not found: {place}\n", status_code=404, headers=headers)
        content, own = answered
        sent = {**headers, **own, "Vary": "Accept-Encoding"}
        if _has(request.headers.get("if-none-match", ""), own["ETag"]):
            sent.pop("Content-Encoding", None)
            return Response(status_code=304, headers=sent)
        kind = _media_type("index.html" if place.endswith("/") else place)
        if isinstance(content, bytes):
            return Response(content, media_type=kind, headers=sent)
        return FileResponse(content, media_type=kind, headers=sent)

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "HEAD"])])


class _Protocol(H11Protocol):
    """uvicorn's protocol, which closes connections on which a request begins and does not end."""

    _limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._begin()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self._begin()
        else:
            self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        super().connection_lost(exc)

    def _begin(self) -> None:
        if self._limit is None:
            self._limit = self.loop.call_later(REQUEST_S, self.transport.close)

    def _end(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None


def _config(app: Starlette, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app, host=host, port=port, log_level="warning", access_log=False, lifespan="off", http=_Protocol
    )


def listening(host: str, port: int) -> socket.socket:
    """Returns a socket that listens: from now on requests wait until they are answered.

    Raises:
        OSError: the port is taken, or the address is not this machine's.
    """
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen()
    except OSError:
        made.close()
        raise
    return made


def serve_forever(site: Site, listener: socket.socket, host: str, names: Collection[str] = ()) -> None:
    """Serve until Ctrl-C, under these names, see `host_is_ours`."""
    known = {host.lower(), socket.gethostname().lower(), *(name.lower() for name in names)}
    config = _config(make_app(site, names=known), host, listener.getsockname()[1])
    with contextlib.suppress(
        KeyboardInterrupt
    ):  # uvicorn raises it once more when it has closed its connections
        uvicorn.Server(config).run(sockets=[listener])


@contextlib.contextmanager
def running(site: Site, headers: Mapping[str, str] = HEADERS) -> Iterator[str]:
    """A server on a free port of this machine, in a thread, for as long as the block runs; gives its address."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server = uvicorn.Server(_config(make_app(site, headers), "127.0.0.1", port))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="site", daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + 10
        while not server.started:
            if time.monotonic() > deadline or not thread.is_alive():
                raise RuntimeError("the server did not start within 10 s")
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
