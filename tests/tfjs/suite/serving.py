"""Python's end of the pipe: JavaScript programs use the package's objects by number, and both sides call each other's functions.

A message is a line of JSON. `remote.js` is the other end and says what values look like on the way.
"""

from __future__ import annotations

import array
import asyncio
import base64
import datetime as dt
import functools
import inspect
import json
import math
import sys
import traceback
import types
import warnings
from collections.abc import Callable
from typing import Any, BinaryIO

import numpy as np

from tfjs_pyo import Tensor, naming
from tfjs_pyo.errors import NameNotFoundError, TfError

ARRAYS = {
    "Float32Array": np.float32,
    "Float64Array": np.float64,
    "Int32Array": np.int32,
    "Uint8Array": np.uint8,
    "Uint8ClampedArray": np.uint8,
    "Int8Array": np.int8,
    "Uint16Array": np.uint16,
    "Int16Array": np.int16,
    "Uint32Array": np.uint32,
}
_NAMES = {np.dtype(kind): name for name, kind in reversed(ARRAYS.items())} | {np.dtype(np.int8): "Uint8Array"}
BYTES_ARE = {
    "bytes": "Uint8Array",
    "bytesSync": "Uint8Array",
    "encodeString": "Uint8Array",
    "toPixels": "Uint8ClampedArray",
}
"""What JavaScript's functions give where Python's give bytes; others give buffers."""
IN_PLACE = {"shuffle", "shuffleCombo"}
"""Functions that change the lists that they are given."""
METHOD = {"$method": True}
"""Stands for a function that is called by the name it was asked for."""


class CallbackError(Exception):
    """A function of JavaScript's has thrown; the error itself waits there."""


class Promise:
    """What an asynchronous function of JavaScript's returned: nothing that Python can wait for here."""

    def __await__(self) -> Any:
        raise RuntimeError("the suite cannot wait for promises of JavaScript's from within Python")
        yield


def _encoded_strings(value: Any) -> Any:
    """Returns nested lists with bytes, which are strings in Python, in place of JavaScript's arrays of bytes."""
    if isinstance(value, list):
        return [_encoded_strings(item) for item in value]
    return value.tobytes() if isinstance(value, np.ndarray) and value.dtype == np.uint8 else value


class Server:
    """Answers what JavaScript asks for until its end of the pipe is closed."""

    def __init__(self, module: types.ModuleType, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self._kept = 1
        self._bytes_are: str | None = None
        self._in, self._out = incoming, outgoing
        self._objects: dict[int, Any] = {0: module}
        self._numbers: dict[int, int] = {id(module): 0}

    def serve(self) -> None:
        """Serves requests."""
        while (message := self._receive()) is not None:
            self._send(self._answer(message))

    def _receive(self) -> dict[str, Any] | None:
        line = self._in.readline()
        return json.loads(line) if line else None

    def _send(self, message: dict[str, Any]) -> None:
        self._out.write(json.dumps(message).encode() + b"\n")
        self._out.flush()

    def _answer(self, message: dict[str, Any]) -> dict[str, Any]:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            answer = self._answered(message)
        return {**answer, "warnings": [str(each.message) for each in warned]} if warned else answer

    def _answered(self, message: dict[str, Any]) -> dict[str, Any]:
        try:
            value = getattr(self, f"do_{message['do']}")(message)
            self._bytes_are = BYTES_ARE.get(message.get("name"))
            return {"value": self.encoded(value)}
        except Exception as error:  # noqa: BLE001 (it is told to the other side)
            return {"error": self._told(error)}

    def _told(self, error: BaseException) -> dict[str, Any]:
        if isinstance(error, CallbackError):
            return {"callback": True}
        return {
            "name": type(error).__name__,
            "message": str(error),
            "ours": isinstance(error, TfError) and not isinstance(error, NameNotFoundError),
            "trace": "".join(traceback.format_exception(error)[-3:]),
        }

    # What can be asked for

    def do_get(self, message: dict[str, Any]) -> Any:
        """The attribute of an object: a function only says that it is one."""
        value = _attribute(self._objects[message["of"]], message["name"])
        return METHOD if _is_function(value) else value

    def do_call(self, message: dict[str, Any]) -> Any:
        """What a method, or an object without a name, returns."""
        target = self._objects[message["of"]]
        function = _attribute(target, message["name"]) if message["name"] is not None else target
        args = [self.decoded(value) for value in message["args"]]
        if "string" in message["args"]:
            args = [_encoded_strings(value) for value in args]
        result = function(*args)
        return {"$changed": args} if message["name"] in IN_PLACE else result

    def do_set(self, message: dict[str, Any]) -> None:
        """Sets an attribute."""
        setattr(self._objects[message["of"]], message["name"], self.decoded(message["value"]))

    def do_isinstance(self, message: dict[str, Any]) -> bool:
        """Whether an object is of a class."""
        return isinstance(self._objects[message["value"]], self._objects[message["of"]])

    def do_equal(self, message: dict[str, Any]) -> bool:
        """Whether two objects are one, or tensors with the same values."""
        one, other = (self._objects[number] for number in message["of"])
        if not (isinstance(one, Tensor) and isinstance(other, Tensor)):
            return one is other
        known = [(each.shape, each.dtype, list(each.data_sync())) for each in (one, other)]
        return known[0] == known[1]

    def do_keep(self, _message: dict[str, Any]) -> int:
        """Keeps what there is now for good; returns the first number of what comes."""
        self._kept = len(self._objects)
        return self._kept

    def do_forget(self, _message: dict[str, Any]) -> None:
        """Lets what came since go: a file of tests has ended."""
        self._objects = {n: value for n, value in self._objects.items() if n < self._kept}
        self._numbers = {id(value): n for n, value in self._objects.items()}

    # Values

    def encoded(self, value: Any) -> Any:
        """Returns a value as JSON."""
        if value is None or value is METHOD or isinstance(value, str | bool):
            return value
        if isinstance(value, int | np.integer):
            return int(value)
        if isinstance(value, float | np.floating):
            number = float(value)
            return number if math.isfinite(number) else {"$number": str(number)}
        if isinstance(value, array.array):
            return self._array(np.asarray(value))
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, bytes | bytearray | memoryview):
            data = base64.b64encode(bytes(value)).decode()
            return (
                {"$array": self._bytes_are, "data": data, "bytes": True}
                if self._bytes_are
                else {"$buffer": data}
            )
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            named = {naming.camel(k): self.encoded(v) for k, v in value._asdict().items()}
            return {"$object": named, "list": [self.encoded(item) for item in value]}
        if isinstance(value, list | tuple):
            return [self.encoded(item) for item in value]
        if isinstance(value, dict) and "$changed" in value:
            return {"$changed": self.encoded(value["$changed"])}
        if isinstance(value, dt.datetime):
            return {"$date": value.timestamp() * 1000}
        if isinstance(value, dict):
            return {"$object": {str(k): self.encoded(v) for k, v in value.items()}}
        if inspect.isawaitable(value):
            return {"$promise": self._settled(value)}
        return self._remote(value)

    def _array(self, value: np.ndarray) -> Any:
        if value.dtype == bool:
            value = value.astype(np.uint8)
        if value.dtype == np.complex64:
            value = value.reshape(-1).view(np.float32)
        if value.dtype not in _NAMES:
            return [self.encoded(item) for item in value.tolist()]
        data = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return {"$array": _NAMES[value.dtype], "data": data}

    def _settled(self, awaitable: Any) -> dict[str, Any]:
        """Waits, in a loop of its own: the one that a callback came from may be running."""

        async def wait() -> Any:
            return await awaitable

        outer = asyncio._get_running_loop()
        asyncio._set_running_loop(None)
        try:
            return {"value": self.encoded(asyncio.run(wait()))}
        except Exception as error:  # noqa: BLE001 (it is told to the other side)
            return {"error": self._told(error)}
        finally:
            asyncio._set_running_loop(outer)

    def _remote(self, value: Any) -> dict[str, Any]:
        number = self._numbers.get(id(value))
        if number is None:
            number = self._numbers[id(value)] = len(self._objects)
            self._objects[number] = value
        known: dict[str, Any] = {"$remote": number}
        if isinstance(value, Tensor) and not value.is_disposed:
            known["shape"], known["dtype"] = list(value.shape), value.dtype
        return {**known, "callable": isinstance(value, type) or _is_function(value)}

    def decoded(self, value: Any) -> Any:
        """Returns what JSON stands for."""
        if isinstance(value, list):
            return [self.decoded(item) for item in value]
        if not isinstance(value, dict):
            return value
        if "$number" in value:
            return float(value["$number"])
        if "$remote" in value:
            return self._objects[value["$remote"]]
        if "$array" in value:
            return np.frombuffer(base64.b64decode(value["data"]), ARRAYS[value["$array"]]).copy()
        if "$buffer" in value:
            return base64.b64decode(value["$buffer"])
        if "$date" in value:
            return dt.datetime.fromtimestamp(value["$date"] / 1000, dt.UTC)
        if "$function" in value:
            return self._function(value["$function"])
        if "$promise" in value:
            return Promise()
        return {key: self.decoded(item) for key, item in value["$object"].items()}

    def _function(self, number: int) -> Callable[..., Any]:
        def function(*args: Any) -> Any:
            self._send({"call": number, "args": [self.encoded(arg) for arg in args]})
            while True:
                message = self._receive()
                if message is None:
                    sys.exit(1)
                if "returned" in message:
                    return self.decoded(message["returned"])
                if "thrown" in message:
                    raise CallbackError
                self._send(self._answer(message))

        return function


def _attribute(target: Any, name: str) -> Any:
    if isinstance(target, dict):
        return target[name]
    return getattr(target, name)


def _is_function(value: Any) -> bool:
    plain = types.FunctionType | types.MethodType | types.BuiltinFunctionType
    return isinstance(value, (plain, functools.partial))
