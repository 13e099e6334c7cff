"""Models on servers."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.errors import ArgumentError, StorageError
from tfjs_pyo.io.artifacts import Artifacts, get_model_artifacts_info_for_json, settled
from tfjs_pyo.io.buffers import CompositeArrayBuffer
from tfjs_pyo.io.handlers import Handler, register_load_router, register_save_router
from tfjs_pyo.io.keras_files import keras_artifacts
from tfjs_pyo.io.manifest import get_model_artifacts_for_json, groups_of, model_json, parse_model_json
from tfjs_pyo.io.requests import Response, fetch, is_http_scheme
from tfjs_pyo.io.weights import Spec, most_bytes
from tfjs_pyo.later import asyncio, secrets
from tfjs_pyo.options import shown

_AT_ONCE = 6
"""Requests under way at the same time, as browsers have it."""
_SLACK = 2**16
"""How many bytes more than their specs say weights may have: so much is read, and told of by those who decode them."""


async def _fetch_by_js(function: Any, url: str, init: Mapping[str, Any]) -> Any:
    """Returns what a function of JavaScript gives, such as `js.fetch`."""
    ffi, js = importlib.import_module("pyodide.ffi"), importlib.import_module("js")
    try:
        return await settled(function(url, ffi.to_js(dict(init), dict_converter=js.Object.fromEntries)))
    except ffi.JsException as error:
        raise StorageError(f"{url}: the request failed: {error}.") from None


async def _response(given: Any, url: str) -> Response:
    """Returns what a user's `fetchFunc` gave: bytes, text, or an object with them."""
    if isinstance(given, Response):
        return given
    if isinstance(given, (bytes, bytearray, memoryview, str)):
        return Response(200, given.encode() if isinstance(given, str) else bytes(given))
    status = int(getattr(given, "status", getattr(given, "status_code", 200)))
    for name in ("bytes", "content", "body", "array_buffer", "arrayBuffer", "read"):
        part = getattr(given, name, None)
        if part is not None:
            content = await settled(part() if callable(part) else part)
            content = (
                content.to_bytes()
                if hasattr(content, "to_bytes") and not isinstance(content, bytes)
                else content
            )
            return Response(status, content.encode() if isinstance(content, str) else bytes(content))
    raise StorageError(
        f"{url}: expected fetchFunc to give bytes, text, or an object with bytes(), received {type(given).__name__}."
    )


class HTTPHandler(Handler):
    """Downloads a model.json and its weights; uploads both as a form.

    Args:
        path: address of the model.json, or a list of it and of the weights' folder.
        options: of loading; 'request_init' and 'fetch_func' are those of uploads, too.
    """

    def __init__(self, path: Any, options: Mapping[str, Any] | None = None) -> None:
        two = isinstance(path, (list, tuple)) and len(path) == 2 and all(isinstance(p, str) for p in path)
        if not (two or (isinstance(path, str) and path)):
            raise ArgumentError(
                f"http: expected an address, or two (of model.json and of weights), received {shown(path)}."
            )
        self.path: Any = path
        self.options = Artifacts(options or {})
        self.init: dict[str, Any] = dict(self.options.get("requestInit") or {})
        if self.init.get("body") is not None:
            raise ArgumentError("http: expected 'requestInit' without a body.")
        fetch = self.options.get("fetchFunc")
        if fetch is not None and not callable(fetch):
            raise ArgumentError(
                f"http: expected 'fetchFunc' to be a function, received {type(fetch).__name__}."
            )
        self._fetch: Callable[..., Any] | None = fetch

    async def _get(self, url: str, init: Mapping[str, Any], most: int | None = None) -> Response:
        if self._fetch is None:
            return await fetch(url, init, most)
        if hasattr(self._fetch, "js_id"):
            return await _response(await _fetch_by_js(self._fetch, url, init), url)
        return await _response(await settled(self._fetch(url, dict(init))), url)

    async def downloaded(self, url: str, most: int | None = None) -> bytes:
        """Returns the bytes at an address.

        Args:
            url: the address.
            most: how many there may be; None: 4 GiB.
        """
        answer = await self._get(url, self.init, most)
        if not answer.ok:
            raise StorageError(
                f"{url}: the server answered with status {answer.status}. Is the address right?"
            )
        return answer.content

    async def save(self, artifacts: Artifacts) -> Artifacts:
        """Uploads the model: a form with model.json and model.weights.bin, as TF.js sends it."""
        url = self.path if isinstance(self.path, str) else self.path[0]
        parts = [("model.json", "application/json", model_json(artifacts, ["./model.weights.bin"]).encode())]
        if artifacts.get("weightData") is not None:
            data = CompositeArrayBuffer.join(artifacts["weightData"])
            parts.append(("model.weights.bin", "application/octet-stream", data))
        kind, body = _form(parts)
        headers = {**dict(self.init.get("headers") or {}), "Content-Type": kind}
        answer = await self._get(url, {"method": "POST", **self.init, "headers": headers, "body": body})
        if not answer.ok:
            raise StorageError(f"save: {url}: the server answered with status {answer.status}.")
        return Artifacts(modelArtifactsInfo=get_model_artifacts_info_for_json(artifacts), responses=[answer])

    async def load(self) -> Artifacts:
        """Downloads the model."""
        url = self.path if isinstance(self.path, str) else self.path[0]
        content = await self.downloaded(url)
        found = keras_artifacts(url.partition("?")[0], content)
        if found is not None:
            return found
        told = parse_model_json(content, url)
        return await get_model_artifacts_for_json(told, self._load_weights)

    async def _urls(self, names: Sequence[str]) -> list[str]:
        convert = self.options.get("weightUrlConverter")
        if convert is not None:
            return [str(await settled(convert(name))) for name in names]
        base, mark, query = str(self.path if isinstance(self.path, str) else self.path[1]).partition("?")
        prefix = self.options.get("weightPathPrefix") or base[: base.rfind("/") + 1]
        return [f"{prefix}{name.removeprefix('./')}{mark}{query}" for name in names]

    async def _load_weights(self, manifest: Any) -> tuple[list[Spec], list[bytes]]:
        groups = groups_of(manifest, str(self.path))
        urls = await self._urls([path for group in groups for path in group["paths"]])
        progress = self.options.get("onProgress") or (lambda share: None)
        free = asyncio.Semaphore(1 if self.options.get("streamWeights") else _AT_ONCE)
        done = 0

        specs = [spec for group in groups for spec in group["weights"]]
        size = most_bytes(specs)

        async def piece(url: str) -> bytes:
            nonlocal done
            async with free:
                content = await self.downloaded(url, None if size is None else size + _SLACK)
            done += 1
            progress(done / len(urls))
            return content

        progress(0.0)
        works = [asyncio.ensure_future(piece(url)) for url in urls]
        try:
            pieces = await asyncio.gather(*works)
        finally:
            for work in works:  # where one fails the others are of no use
                work.cancel()
        return specs, list(pieces)


def _form(parts: Sequence[tuple[str, str, bytes]]) -> tuple[str, bytes]:
    """Returns content type and body of a form with files: name, type and bytes of each."""
    mark = secrets.token_hex(16)
    lines = []
    for name, kind, content in parts:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
        lines += [head.encode(), content, b"\r\n"]
    return f"multipart/form-data; boundary={mark}", b"".join([*lines, f"--{mark}--\r\n".encode()])


def http_request(
    path: Any,
    load_options: Mapping[str, Any] | None = None,
    *,
    request_init: Mapping[str, Any] | None = None,
    fetch_func: Callable[..., Any] | None = None,
    weight_path_prefix: str | None = None,
    weight_url_converter: Callable[[str], Any] | None = None,
    on_progress: Callable[[float], Any] | None = None,
    stream_weights: bool | None = None,
) -> Handler:
    """Returns a handler that downloads and uploads models.

    A request ends in a StorageError where the server does not answer within a minute, sends nothing for one, has not sent all
    after an hour, or sends more than 4 GiB; of weights, more than the model.json says.

    Args:
        path: address of the model.json, or a list of it and of the weights' folder; to save, of what takes the form.
        load_options: the options that follow, in a dict.
        request_init: of requests, such as `{'headers': {...}}`.
        fetch_func: takes address and request, gives bytes or a response, perhaps awaited; in the page also one of JavaScript.
        weight_path_prefix: what the addresses of weights begin with.
        weight_url_converter: takes the name of a file of weights, gives its address, perhaps awaited.
        on_progress: called with shares from 0 to 1.
        stream_weights: whether one file is fetched after the other.

    Raises:
        ArgumentError: no address, or an unknown option.

    Example:
        >>> import tfjs_pyo as tf
        >>> handler = tf.io.http("https://example.org/model.json", {"requestInit": {"headers": {"X-Token": "secret"}}})

    Source: https://js.tensorflow.org/api/latest/#io.http
    """
    given = {
        "request_init": request_init, "fetch_func": fetch_func, "weight_path_prefix": weight_path_prefix,
        "weight_url_converter": weight_url_converter, "on_progress": on_progress, "stream_weights": stream_weights,
    }  # fmt: skip
    options = naming.keyword_arguments("http", load_options or {}, given)
    return HTTPHandler(path, {**options, **{k: v for k, v in given.items() if v is not None}})


def _router(url: Any, options: Mapping[str, Any] | None = None) -> Handler | None:
    urls = url if isinstance(url, (list, tuple)) else [url]
    return (
        HTTPHandler(url, options)
        if urls and all(isinstance(u, str) and is_http_scheme(u) for u in urls)
        else None
    )


register_save_router(_router)
register_load_router(_router)
__all__ = ["HTTPHandler", "Response", "http_request", "is_http_scheme"]
