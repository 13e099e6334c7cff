"""What the page shows of a value: its repr, a MIME bundle, or JSON for the program that asked."""

import base64
import json
import math
from typing import Any

LONGEST_REPR = 20_000
LARGEST_JSON = 1_000_000
_BUNDLE_METHODS = {
    "text/html": "_repr_html_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "image/jpeg": "_repr_jpeg_",
}


def plain(value: object) -> Any:
    """`value` made of what JSON has; floats that JSON lacks become {"$float": "nan"}.

    >>> plain({"a": (1, 2.5), "b": float("inf")})
    {'a': [1, 2.5], 'b': {'$float': 'inf'}}

    Raises:
        TypeError: `value` has no such form.
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if abs(value) > 2**53:
            raise TypeError("an integer beyond 2**53 is not exact in JavaScript")
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {"$float": str(float(value))}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("JSON's keys are strings")
        return {key: plain(item) for key, item in value.items()}
    if getattr(value, "size", 0) > LARGEST_JSON:
        raise TypeError("too large to be worth handing over as JSON")
    for method in ("array_sync", "tolist"):  # a tensor; NumPy's arrays and numbers
        if not isinstance(value, type) and callable(getattr(value, method, None)):
            return plain(getattr(value, method)())
    raise TypeError(f"{type(value).__name__} has no JSON form")


def bundle(value: object) -> dict[str, str]:
    """The MIME bundle of a value, as Jupyter's front ends take it: MIME type to text, pictures in base64."""
    shown: dict[str, str] = {}
    if isinstance(value, type):
        return shown
    whole = getattr(value, "_repr_mimebundle_", None)
    if callable(whole):
        made = whole()
        data = made[0] if isinstance(made, tuple) else made
        shown.update({str(kind): _as_text(item) for kind, item in data.items()})
    for kind, name in _BUNDLE_METHODS.items():
        method = getattr(value, name, None)
        if kind not in shown and callable(method):
            item = method()
            if item is not None:
                shown[kind] = _as_text(item)
    return shown


def _as_text(item: object) -> str:
    if isinstance(item, bytes):
        return base64.b64encode(item).decode("ascii")
    return item if isinstance(item, str) else json.dumps(item)


def short_repr(value: object) -> str:
    """repr(value), its middle left out where it is very long."""
    text = repr(value)
    if len(text) <= LONGEST_REPR:
        return text
    half = LONGEST_REPR // 2
    return f"{text[:half]}\n... {len(text) - LONGEST_REPR} characters left out ...\n{text[-half:]}"
