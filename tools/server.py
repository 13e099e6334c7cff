"""The web server: the site over HTTP, with the headers that the page needs."""

import contextlib
import mimetypes
import socket
import threading
import time
from collections.abc import Iterator, Mapping

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from tools.site import Site

# What the page may do. Scripts come from us alone, and no JavaScript is made from strings; WebAssembly must be compiled
# (Pyodide). xterm.js writes its own style elements. Programs may fetch data and models from any server that allows it,
# and from Pyodide's CDN; pictures that a program shows arrive as data: or blob: addresses.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self' https: data: blob:",
        "frame-src 'self'",
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


def make_app(site: Site, headers: Mapping[str, str] = HEADERS) -> Starlette:
    """The ASGI application that serves a site; `headers` go out with every answer."""

    async def answer(request: Request) -> Response:
        place = request.scope["path"]
        found = await run_in_threadpool(site.find, place)
        if found is None:
            return PlainTextResponse(f"Not found: {place}\n", status_code=404, headers=headers)
        if isinstance(found, str):
            return Response(found, media_type=_media_type(place), headers=headers)
        status = found.stat()
        tag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={**headers, "ETag": tag})
        return FileResponse(found, media_type=_media_type(found.name), headers={**headers, "ETag": tag})

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "HEAD"])])


def _config(app: Starlette, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(app, host=host, port=port, log_level="warning", access_log=False, lifespan="off")


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def serve_forever(site: Site, host: str, port: int) -> None:
    """Serve until Ctrl-C."""
    uvicorn.Server(_config(make_app(site), host, port)).run()


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
