"""`keras.utils`: pictures of models."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tfjs_pyo.config import positive_int
from tfjs_pyo.errors import OptionError
from tfjs_pyo.io.file_errors import storage_errors
from tfjs_pyo.rules import check_public
from tfjs_pyo.vis.graph_pictures import png_of
from tfjs_pyo.vis.model_graph import ModelGraph, model_graph


def model_to_dot(
    model: Any,
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = True,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: int = 200,  # noqa: ARG001 (drawn of lines)
    subgraph: bool = False,  # noqa: ARG001 (pydot's)
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    **kwargs: Any,  # noqa: ARG001 (pydot's)
) -> ModelGraph:
    """Returns the graph of a model as a picture, where Keras has a graph of pydot's.

    Args:
        model: a model whose shapes are known.
        show_shapes, show_dtype, show_layer_names, show_layer_activations, show_trainable: what boxes say.
        rankdir: where the graph leads: 'TB', from the top to the bottom, 'BT', 'LR' or 'RL'.
        expand_nested: whether models in models are opened.
        dpi, subgraph: have no effect on a drawing of lines.

    Example:
        >>> from tfjs_pyo import keras
        >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3), keras.layers.ReLU()], name="small")
        >>> keras.utils.model_to_dot(model, show_shapes=True)
        <graph of 'small': 2 layers, 1 connections>

    Source: https://keras.io/api/utils/model_plotting_utils/#modeltodot-function
    """
    graph: ModelGraph = model_graph(
        None, model, show_shapes=show_shapes, show_layer_names=show_layer_names, expand_nested=expand_nested,
        show_dtype=show_dtype, show_layer_activations=show_layer_activations, show_trainable=show_trainable, direction=rankdir,
    )  # fmt: skip
    return graph


def plot_model(
    model: Any,
    to_file: str | os.PathLike[str] | None = "model.png",
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = False,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: int = 200,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    splines: str = "ortho",  # noqa: ARG001 (pydot's)
    **kwargs: Any,
) -> ModelGraph:
    """Shows the graph of a model, as `tf.vis.show.model_graph` does, and writes it: the page and notebooks draw it.

    Pictures of pixels are drawn by Pillow in CPython, by the browser in the page.

    Args:
        model: a model whose shapes are known.
        to_file: name of a file that ends with '.png' or '.svg'; None for none.
        show_shapes, show_dtype, show_layer_names, rankdir, expand_nested, show_layer_activations, show_trainable: as for
            `model_to_dot`.
        dpi: dots of an inch, of which a unit of the drawing is a hundredth.
        splines, kwargs: have no effect on this drawing.

    Returns:
        The picture of the graph, which pages and notebooks draw.

    Raises:
        ArgumentError: that is no model.
        OptionError: a file of another kind.
        DeviceError: a picture of pixels, but Pillow is not installed.

    Example:
        >>> import os, tempfile
        >>> from tfjs_pyo import keras
        >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3), keras.layers.ReLU()], name="small")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     graph = keras.utils.plot_model(model, f"{folder}/model.svg", show_shapes=True)
        ...     os.listdir(folder)
        ['model.svg']
        >>> graph
        <graph of 'small': 2 layers, 1 connections>

    Source: https://keras.io/api/utils/model_plotting_utils/#plot_model-function
    """
    kind = None if to_file is None else Path(to_file).suffix.lower()
    if kind not in (None, ".png", ".svg"):
        raise OptionError(
            f"plot_model: expected to_file to end with '.png' or '.svg', received {str(to_file)!r}."
        )
    graph = model_to_dot(
        model, show_shapes, show_dtype, show_layer_names, rankdir, expand_nested, dpi, False, show_layer_activations,
        show_trainable, **kwargs,
    )  # fmt: skip
    if to_file is not None and kind == ".svg":
        graph.save(Path(to_file))
    elif to_file is not None:
        content = png_of(graph, positive_int("plot_model", "dpi", dpi) / 100)
        with storage_errors("plot_model", Path(to_file), "written"):
            Path(to_file).write_bytes(content)
    return graph


__all__ = ["model_to_dot", "plot_model"]
check_public(globals())
