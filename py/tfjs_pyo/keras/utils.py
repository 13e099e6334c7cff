"""`tf.keras.utils`."""

from typing import Any

from tfjs_pyo import naming, ops
from tfjs_pyo.core.rng import set_seed
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.keras.packing import pack_x_y_sample_weight, unpack_x_y_sample_weight
from tfjs_pyo.vis.model_graph import ModelGraph, model_graph


def set_random_seed(seed: int) -> None:
    """Makes everything random that follows reproducible. Source: https://keras.io/api/utils/python_utils/#set_random_seed-function"""
    set_seed(seed)


def to_categorical(x: Tensor, num_classes: int) -> Tensor:
    """Returns one-hot rows for class numbers. Source: https://keras.io/api/utils/python_utils/#to_categorical-function"""
    return ops.one_hot(ops.cast(x, "int32"), num_classes, dtype="float32")


def plot_model(
    model: Any,
    to_file: str | None = None,
    *,
    show_shapes: bool = False,
    show_layer_names: bool = False,
    expand_nested: bool = False,
) -> ModelGraph:
    """Shows the graph of a model, as `tf.vis.show.model_graph` does; the page and notebooks draw it.

    Args:
        model: a model whose shapes are known.
        to_file: where the picture is written, too: a name that ends with '.svg'.
        show_shapes, show_layer_names, expand_nested: as `tf.vis.show.model_graph` has them.

    Raises:
        ArgumentError: that is no model, or the file is to be no SVG.

    Source: https://keras.io/api/utils/model_plotting_utils/#plot_model-function
    """
    shown = {"show_shapes": show_shapes, "show_layer_names": show_layer_names, "expand_nested": expand_nested}
    graph: ModelGraph = model_graph(None, model, **shown)
    if to_file is not None:
        graph.save(to_file)
    return graph


__all__ = [
    "pack_x_y_sample_weight",
    "plot_model",
    "set_random_seed",
    "to_categorical",
    "unpack_x_y_sample_weight",
]
__getattr__, __dir__ = naming.module_names(__name__)
