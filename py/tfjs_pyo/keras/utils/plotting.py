"""`keras.utils`: pictures of models."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from tfjs_pyo.vis.model_graph import ModelGraph, model_graph


def model_to_dot(
    model: Any,
    show_shapes: bool = False,
    show_dtype: bool = False,  # noqa: ARG001 (layers compute in float32)
    show_layer_names: bool = True,
    rankdir: str = "TB",  # noqa: ARG001 (from top to bottom)
    expand_nested: bool = False,
    dpi: int = 200,  # noqa: ARG001 (drawn of lines)
    subgraph: bool = False,  # noqa: ARG001 (pydot's)
    show_layer_activations: bool = False,  # noqa: ARG001 (boxes tell the class)
    show_trainable: bool = False,  # noqa: ARG001 (frozen layers are drawn differently in any case)
    **kwargs: Any,  # noqa: ARG001 (pydot's)
) -> ModelGraph:
    """Returns the graph of a model as a picture, where Keras has a graph of pydot's.

    Args:
        model: a model whose shapes are known.
        show_shapes, show_layer_names, expand_nested: what boxes say, and whether models in models are opened.
        show_dtype, rankdir, dpi, subgraph, show_layer_activations, show_trainable: have no effect on this drawing.

    Source: https://keras.io/api/utils/model_plotting_utils/#modeltodot-function
    """
    shown = {"show_shapes": show_shapes, "show_layer_names": show_layer_names, "expand_nested": expand_nested}
    graph: ModelGraph = model_graph(None, model, **shown)
    return graph


def plot_model(
    model: Any,
    to_file: str | None = None,
    show_shapes: bool = False,
    show_dtype: bool = False,
    **options: Any,
) -> ModelGraph:
    """Shows the graph of a model, as `tf.vis.show.model_graph` does; the page and notebooks draw it.

    Args:
        model: a model whose shapes are known.
        to_file: where the picture is written, too. Pictures are SVG: for another ending one with '.svg' is written, and said.
        show_shapes, show_dtype: as for `model_to_dot`.
        **options: as for `model_to_dot`.

    Raises:
        ArgumentError: that is no model.

    Source: https://keras.io/api/utils/model_plotting_utils/#plot_model-function
    """
    options = {"show_layer_names": False, **options}
    graph = model_to_dot(model, show_shapes, show_dtype, **options)
    if to_file is not None:
        path = Path(to_file)
        if path.suffix.lower() != ".svg":
            path = path.with_suffix(".svg")
            warnings.warn(f"plot_model: pictures are SVG here; written to {str(path)!r}.", stacklevel=2)
        graph.save(path)
    return graph


__all__ = ["model_to_dot", "plot_model"]
