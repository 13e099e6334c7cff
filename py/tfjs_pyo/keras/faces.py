"""What files may name, where Keras's face reads them: its own models besides everything else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tfjs_pyo.dialects import KERAS
from tfjs_pyo.keras.applications import scaling
from tfjs_pyo.models.classes import MODELS
from tfjs_pyo.serialization import custom_objects


def with_faces(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Returns what a file may name, with the models of this face."""
    faces = {
        name: form
        for name, kind in MODELS.items.items()
        for form in kind.__subclasses__()
        if form.__name__ == name and form.dialect is KERAS
    }
    if "Functional" not in faces and "Model" in faces:
        faces["Functional"] = faces["Model"]
    return {**faces, **scaling.LAYERS, **custom_objects(), **(given or {})}


__all__ = ["with_faces"]
