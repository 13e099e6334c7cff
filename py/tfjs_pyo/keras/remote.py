"""`keras.callbacks.RemoteMonitor`: the numbers of each epoch, sent to a server."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from typing import Any

from tfjs_pyo import config
from tfjs_pyo.callbacks.base import KerasCallback, Logs
from tfjs_pyo.errors import StorageError
from tfjs_pyo.io.requests import fetch
from tfjs_pyo.later import urllib_parse


class RemoteMonitor(KerasCallback):
    """Sends the epoch's number, loss and metrics to a server after each epoch, by POST.

    In the page the server must allow other pages to send to it (CORS). A server that cannot be reached is a warning.

    Args:
        root: address of the server.
        path: below it.
        field: name of the form's field that has the numbers as JSON.
        headers: further headers.
        send_as_json: whether the body is the JSON itself, no form.

    Example:
        >>> from tfjs_pyo import keras
        >>> monitor = keras.callbacks.RemoteMonitor("https://example.org", path="/epochs", send_as_json=True)
        >>> monitor.root + monitor.path
        'https://example.org/epochs'
        >>> model.fit(x, y, callbacks=[monitor])  # doctest: +SKIP

    Source: https://keras.io/api/callbacks/remote_monitor/
    """

    root: str = config.field("http://localhost:9000")
    path: str = config.field("/publish/epoch/end/")
    field: str = config.field("data")
    headers: Mapping[str, str] | None = config.field(None)
    send_as_json: bool = config.field(False)

    async def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        numbers = json.dumps({"epoch": epoch, **{name: float(value) for name, value in logs.items()}})
        kind = "application/json" if self.send_as_json else "application/x-www-form-urlencoded"
        body = numbers if self.send_as_json else urllib_parse.urlencode({self.field: numbers})
        init: dict[str, Any] = {
            "method": "POST",
            "headers": {"Content-Type": kind, **(self.headers or {})},
            "body": body.encode(),
        }
        try:
            await fetch(self.root + self.path, init)
        except StorageError as error:
            warnings.warn(f"{self.display_name}: {error}", stacklevel=2)


__all__ = ["RemoteMonitor"]
