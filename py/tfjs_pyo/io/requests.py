"""Requests of HTTP: by urllib in a thread, in the page by fetch. They end: when they fail, stall, are cancelled or too long."""

from __future__ import annotations

import contextlib
import importlib
import json
import sys
import threading
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, TypeVar

from tfjs_pyo.errors import StorageError
from tfjs_pyo.later import asyncio, http_client, urllib_error, urllib_parse, urllib_request

_PAGE: bool = "pyodide" in sys.modules
T = TypeVar("T")
LIMIT_S = 60.0
"""How long a server may take to begin its answer, and then to send more of it."""
TOTAL_S = 3600.0
"""How long a whole answer may take: a server that sends a byte now and then never stalls."""
MOST_BYTES = 2**32
"""How long an answer may be where nothing else says it: one that tells no length may have no end."""
_BLOCK = 1 << 18
_SECRETS = ("authorization", "cookie", "proxy-authorization")
_KEPT = "!#$%&'()*+,/:;=?@[]~"
"""What browsers leave as it is in an address, too; the rest is written as %XX."""


class Response:
    """What a server answered.

    Attributes:
        status: number of HTTP.
        ok: whether it is a success.
        content: bytes of the body.
    """

    def __init__(self, status: int, content: bytes) -> None:
        self.status = status
        self.ok = 200 <= status < 300
        self.content = content

    def json(self) -> Any:
        """Returns the body as JSON."""
        return json.loads(self.content)

    def __repr__(self) -> str:
        return f"<Response {self.status}, {len(self.content)} bytes>"


def is_http_scheme(url: str) -> bool:
    """Returns whether an address begins with http:// or https://. Source: https://js.tensorflow.org/api/latest/#io

    >>> import tfjs_pyo as tf
    >>> tf.io.isHTTPScheme("https://example.org/model.json"), tf.io.isHTTPScheme("indexeddb://m")
    (True, False)
    """
    return url.startswith(("http://", "https://"))


async def fetch(
    url: str,
    init: Mapping[str, Any],
    most: int | None = None,
    told: Callable[[int, int | None], None] | None = None,
) -> Response:
    """Returns what a server answers, by what this platform has.

    Args:
        url: begins with http:// or https://; in the page it may be relative.
        init: 'method', 'headers', 'body', as `fetch` takes them.
        most: how many bytes the answer may have; None: `MOST_BYTES`.
        told: is called with how many bytes have come, and how many are expected, if the server says so.

    Raises:
        StorageError: no server, no whole answer, none in time, or one that is too long.
    """
    if not _PAGE and not is_http_scheme(url):
        raise StorageError(f"{url}: expected an address that begins with http:// or https://.")
    bounds = _Bounds(url, MOST_BYTES if most is None else most, told)
    return await (_fetched(url, init, bounds) if _PAGE else _Transfer(url, init, bounds).answer())


class _Bounds:
    """What an answer may be at most, from the moment on that this is made."""

    def __init__(self, url: str, most: int, told: Callable[[int, int | None], None] | None = None) -> None:
        self.url, self.most, self._told = url, most, told
        self.expected: int | None = None
        """How many bytes the server says that the answer has."""
        self._end = monotonic() + TOTAL_S

    def check(self, size: int) -> None:
        """Raises StorageError where an answer is too long, or takes too long."""
        if size > self.most:
            raise StorageError(
                f"{self.url}: expected an answer of at most {self.most} bytes, but the server sends more."
            )
        if monotonic() > self._end:
            raise StorageError(
                f"{self.url}: the server sent {size} bytes in {TOTAL_S:g} seconds, and still not all."
            )
        if self._told is not None:
            self._told(size, self.expected)

    def stalled(self) -> StorageError:
        """Returns the error of a server that says nothing."""
        return StorageError(f"{self.url}: the server sent nothing for {LIMIT_S:g} seconds.")


# By urllib


def sent_as(url: str) -> str:
    """Returns an address as it goes over the wire: ASCII, with %20 for a space and names of hosts in their ASCII form.

    >>> sent_as("http://example.org/größe/my model.json?v=1#top")
    'http://example.org/gr%C3%B6%C3%9Fe/my%20model.json?v=1'
    """
    parts = urllib_parse.urlsplit(url)
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    return urllib_parse.urlunsplit(
        (
            parts.scheme,
            host,
            urllib_parse.quote(parts.path, _KEPT),
            urllib_parse.quote(parts.query, _KEPT),
            "",
        )
    )


def _not_followed(url: str, target: str) -> StorageError:
    return StorageError(f"{url}: the server sends on to {target[:200]!r}, which is not followed.")


def _redirects() -> urllib_request.BaseHandler:
    """Returns what follows a server to other addresses: from HTTPS to HTTPS only, and with secrets only within the host."""

    class Redirects(urllib_request.HTTPRedirectHandler):
        def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
            target = sent_as(newurl)
            if not is_http_scheme(target) or (req.type == "https" and not target.startswith("https://")):
                if fp is not None:
                    fp.close()
                raise _not_followed(req.full_url, newurl)
            made = super().redirect_request(req, fp, code, msg, headers, target)
            if made is not None and made.host != req.host:
                for name in [name for name in made.headers if name.lower() in _SECRETS]:
                    made.remove_header(name)
            return made

    return Redirects()


def _opener() -> urllib_request.OpenerDirector:
    """Returns what opens addresses of HTTP and no others."""
    opener = urllib_request.OpenerDirector()
    for handler in (
        urllib_request.ProxyHandler, urllib_request.HTTPHandler, urllib_request.HTTPSHandler, _redirects,
        urllib_request.HTTPErrorProcessor, urllib_request.HTTPDefaultErrorHandler, urllib_request.UnknownHandler,
    ):  # fmt: skip
        opener.add_handler(handler())
    return opener


def opened(url: str, init: Mapping[str, Any]) -> Any:
    """Returns the answer of a server, which is open; blocks, each time no longer than `LIMIT_S`."""
    made = urllib_request.Request(
        sent_as(url),
        data=init.get("body"),
        headers=dict(init.get("headers") or {}),
        method=str(init.get("method") or "GET").upper(),
    )
    try:
        return _opener().open(made, timeout=LIMIT_S)
    except urllib_error.HTTPError as error:
        target = error.headers.get("Location") if 300 <= error.code < 400 else None
        if target is None:
            raise
        error.close()
        raise _not_followed(url, target) from None


async def in_own_thread(function: Callable[[], T]) -> T:
    """Returns the result of a function that may block; if that is cancelled nobody waits for the thread, not even at the end."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def tell(result: Any, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)

    def work() -> None:
        result, failure = None, None
        try:
            result = function()
        except BaseException as error:  # noqa: BLE001 (raised where the result is awaited)
            failure = error
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
            loop.call_soon_threadsafe(tell, result, failure)

    threading.Thread(target=work, name="tfjs-pyo request", daemon=True).start()
    return await future


class _Transfer:
    """One request in a thread of its own, which nobody waits for once the request is cancelled."""

    def __init__(self, url: str, init: Mapping[str, Any], bounds: _Bounds) -> None:
        self.url, self.init, self.bounds = url, init, bounds
        self.cancelled = threading.Event()
        self.begun = threading.Event()

    async def answer(self) -> Response:
        """Returns the answer; a cancellation takes effect at once, and so does the end of the time for its beginning."""
        work = asyncio.ensure_future(in_own_thread(self._answer))
        try:
            await asyncio.wait([work], timeout=LIMIT_S)
            if not work.done() and not self.begun.is_set():
                raise self.bounds.stalled()
            return await work
        finally:
            self.cancelled.set()
            work.cancel()

    def _answer(self) -> Response:
        try:
            with opened(self.url, self.init) as answer:
                self.begun.set()
                return Response(answer.status, self._body(answer))
        except urllib_error.HTTPError as error:
            with error:
                return Response(error.code, self._body(error))
        except TimeoutError as error:
            raise self.bounds.stalled() from error
        except http_client.IncompleteRead as error:
            raise self._cut(len(error.partial), error.expected) from error
        except StorageError:
            raise
        except (OSError, ValueError, http_client.HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            if isinstance(reason, TimeoutError):
                raise self.bounds.stalled() from error
            raise StorageError(f"{self.url}: the request failed: {reason}.") from error

    def _body(self, answer: Any) -> bytes:
        told = str(answer.headers.get("Content-Length") or "")
        expected = int(told) if told.isascii() and told.isdigit() and len(told) < 20 else None
        self.bounds.expected = expected
        content = bytearray()
        while not self.cancelled.is_set():
            try:
                block = answer.read1(_BLOCK) if hasattr(answer, "read1") else answer.read(_BLOCK)
            except http_client.IncompleteRead as error:
                raise self._cut(len(content) + len(error.partial), error.expected) from error
            if not block:
                break
            content += block
            self.bounds.check(len(content))
        if expected is not None and len(content) < expected and self.init.get("method") != "HEAD":
            raise self._cut(len(content), expected - len(content))
        return bytes(content)

    def _cut(self, found: int, missing: int | None) -> StorageError:
        more = f", {missing} more were expected" if missing is not None else ""
        return StorageError(f"{self.url}: the download was interrupted after {found} bytes{more}.")


# By fetch

_REASONS = (
    "Browsers do not say why: the server may be away, or not allow this page to read from it (CORS: it has to answer with "
    "Access-Control-Allow-Origin), or it is another machine without https, which the page does not ask."
)


async def _fetched(url: str, init: Mapping[str, Any], bounds: _Bounds) -> Response:
    import js

    ffi, pyfetch = importlib.import_module("pyodide.ffi"), importlib.import_module("pyodide.http").pyfetch
    stop = js.AbortController.new()
    whole = False
    try:
        answer = await asyncio.wait_for(pyfetch(url, **{"signal": stop.signal, **init}), LIMIT_S)
        length = str(answer.headers.get("content-length") or "")
        packed = answer.headers.get("content-encoding")
        bounds.expected = int(length) if length.isascii() and length.isdigit() and not packed else None
        content = await _streamed(answer.js_response, bounds)
        whole = True
        return Response(answer.status, content)
    except TimeoutError as error:
        raise bounds.stalled() from error
    except StorageError:
        raise
    except (OSError, ArithmeticError, RuntimeError, ffi.JsException) as error:
        raise StorageError(f"{url}: the request failed: {error}. {_REASONS}") from error
    finally:
        if not whole:
            stop.abort()


async def _streamed(response: Any, bounds: _Bounds) -> bytes:
    if not response.body:
        return b""
    reader, content = response.body.getReader(), bytearray()
    while True:
        part = await asyncio.wait_for(reader.read(), LIMIT_S)
        if part.done:
            return bytes(content)
        content += part.value.to_bytes()
        bounds.check(len(content))


__all__ = ["Response", "fetch", "in_own_thread", "is_http_scheme", "opened", "sent_as"]
