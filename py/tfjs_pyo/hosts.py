"""Notebooks and pages of others that show charts and pictures: IPython's kernels, marimo, PyScript."""

from __future__ import annotations

import base64
import importlib
import importlib.util
import sys
from collections.abc import Hashable
from typing import Any

from tfjs_pyo.later import html

OWN_TYPES = "application/vnd.tfjs-pyo."
"""How the MIME types begin that only our own page understands."""


def bundle_of(drawn: Any) -> dict[str, Any]:
    """Returns the forms of a drawing that others than our page understand, by MIME type."""
    if hasattr(drawn, "_repr_mimebundle_"):
        bundle = drawn._repr_mimebundle_()
        return {kind: data for kind, data in bundle.items() if not kind.startswith(OWN_TYPES)}
    return {"image/png": base64.b64encode(drawn._repr_png_()).decode(), "text/plain": repr(drawn)}


def markup_of(drawn: Any) -> str:
    """Returns a drawing as HTML."""
    bundle = bundle_of(drawn)
    for kind in ("text/html", "image/svg+xml"):
        if kind in bundle:
            return str(bundle[kind])
    text = html.escape(bundle["text/plain"])
    if "image/png" in bundle:
        return f'<img alt="{text}" src="data:image/png;base64,{bundle["image/png"]}">'
    return f"<pre>{text}</pre>"


class Host:
    """A place for drawings. What is drawn on a surface again while a cell runs takes the place of what it drew before."""

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self._made = 0
        self._cell: Any = None
        self._places: dict[Hashable, Any] = {}
        self._drawn: dict[Hashable, Any] = {}

    def cell(self) -> Any:
        """Returns what tells the cell that runs from others, and from itself when it runs again."""
        raise NotImplementedError

    def put(self, drawn: Any, place: Any) -> Any:
        """Shows a drawing at a place, or at a new one where that is None; returns the place."""
        raise NotImplementedError

    def show(self, drawn: Any) -> None:
        """Shows a drawing."""
        cell = self.cell()
        if cell != self._cell:
            self._cell, self._places, self._drawn = cell, {}, {}
        key = _key(drawn)
        place = self.put(drawn, self._places.get(key))
        if key is not None:
            self._places[key], self._drawn[key] = place, drawn

    def new_place(self) -> str:
        """Returns a name that nothing else has."""
        self._made += 1
        return f"tfjs-pyo-{self._made}"

    def shows(self, drawn: Any) -> bool:
        """Returns whether the cell that runs, or has just run, has shown a drawing."""
        cell = self.cell()
        return cell in (self._cell, None) and self._drawn.get(_key(drawn)) is drawn


def _key(drawn: Any) -> Hashable:
    """Returns the key of a drawing: one with the same key replaces it; None if tf.vis did not draw it."""
    if not hasattr(drawn, "surface"):
        return None
    return drawn.surface.key if drawn.surface is not None else id(drawn)


class IPythonKernel(Host):
    """Jupyter, JupyterLite, Colab, editors with notebooks. Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html"""

    def cell(self) -> Any:
        return self.machine.execution_count

    def put(self, drawn: Any, place: Any) -> Any:
        update = place is not None
        place = place or self.new_place()
        publish = importlib.import_module("IPython.display").publish_display_data
        publish(bundle_of(drawn), {}, transient={"display_id": place}, update=update)
        return place


class Marimo(Host):
    """marimo. Source: https://docs.marimo.io/api/outputs/"""

    def cell(self) -> Any:
        """Returns the outputs of the cell that runs: each run has a list of its own."""
        running = importlib.import_module("marimo._runtime.context").get_context().execution_context
        return None if running is None else _Same(running.output)

    def put(self, drawn: Any, place: Any) -> Any:
        cell = self.cell()
        if cell is None:
            return place  # a task that outlives its cell shows nothing any more
        index = len(cell.it) if place is None else place
        self.machine.output.replace_at_index(self.machine.Html(markup_of(drawn)), index)
        return index

    def echoed(self, *drawn: Any) -> Any:
        """Returns what stands for drawings that are a cell's last value: all that the cell has shown, where they are in it."""
        if drawn and all(map(self.shows, drawn)):
            return self._cell.it.stack()
        return self.machine.Html("".join(map(markup_of, drawn)))


class _Same:
    """Compares by identity."""

    def __init__(self, it: Any) -> None:
        self.it = it

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.it is self.it

    def __hash__(self) -> int:
        return id(self.it)


class PyScript(Host):
    """A page of PyScript. Source: https://docs.pyscript.net/latest/api/display/"""

    def cell(self) -> Any:
        return "page"

    def put(self, drawn: Any, place: Any) -> Any:
        show, html = self.machine.display, self.machine.HTML
        if place is None:
            place = self.new_place()
            show(html(f'<div id="{place}"></div>'), target=self._target())
        show(html(markup_of(drawn)), target=place, append=False)
        return place

    def _target(self) -> str:
        """Returns the element that the script shows its results in: a worker may have none, and then it is the body."""
        target = self.machine.context.current_target()
        document = self.machine.document
        if target and document.getElementById(target):
            return str(target)
        document.body.id = document.body.id or "tfjs-pyo-body"
        return str(document.body.id)


_known: list[Host] = []
"""The host that was found last: it knows what it has shown."""


def host() -> Host | None:
    """Returns the notebook or page of others that this program runs in, or None."""
    for find in (_ipython, _marimo, _pyscript):
        kind, machine = find()
        if machine is not None:
            if not _known or type(_known[0]) is not kind or _known[0].machine is not machine:
                _known[:] = [kind(machine)]
            return _known[0]
    return None


def echoed(*drawn: Any) -> Any:
    """Returns what marimo, which alone asks, shows of drawings that are a cell's last value."""
    found = host()
    return found.echoed(*drawn) if isinstance(found, Marimo) else list(map(repr, drawn))


def _ipython() -> tuple[type[Host], Any]:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return IPythonKernel, shell if hasattr(
        shell, "kernel"
    ) else None  # a terminal has none, and shows no pictures


def _marimo() -> tuple[type[Host], Any]:
    marimo = sys.modules.get("marimo")
    return Marimo, marimo if marimo is not None and marimo.running_in_notebook() else None


def _pyscript() -> tuple[type[Host], Any]:
    if any(importlib.util.find_spec(name) is None for name in ("pyodide_js", "pyscript")):
        return PyScript, None
    pyscript = importlib.import_module("pyscript")
    # A worker without shared memory has no document: asking what stands for it raises.
    return PyScript, None if type(pyscript.document).__name__ == "NotSupported" else pyscript
