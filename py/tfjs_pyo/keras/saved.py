"""What models of Keras's face have to be saved and loaded: synchronous, and with Keras's arguments."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tfjs_pyo.core.blocking import wait
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.io.files import path_of
from tfjs_pyo.models.loading.load import Way
from tfjs_pyo.models.saved import Saved


class Saving(Saved):
    """Keras's methods of saving, in place of TensorFlow.js's of the same names."""

    def save(  # type: ignore[override]
        self,
        filepath: Any,
        overwrite: bool = True,
        zipped: bool | None = None,
        include_optimizer: bool = True,
    ) -> None:
        """Saves the model: what it is made of, its weights, how it was compiled, and the optimizer's state.

        Args:
            filepath: a path that ends in `.keras`, or in `.h5` for the older form, which Keras opens. Other places are those of
                TensorFlow.js's `save`: a folder, a `.json` file, in the page `indexeddb://name` and its kin.
            overwrite: whether a file that is there may be replaced.
            zipped: True, or None; Keras's form of a folder is not written.
            include_optimizer: whether the optimizer's state is saved.

        Raises:
            ArgumentError: there is such a file and `overwrite` is False, or the place is of another form.

        Example:
            >>> import tempfile
            >>> from tfjs_pyo import keras
            >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     model.save(f"{folder}/small.keras")
            ...     keras.models.load_model(f"{folder}/small.keras").count_params()
            3

        Source: https://keras.io/api/models/model_saving_apis/model_saving_and_loading/
        """
        require_place(filepath, overwrite, f"{self.display_name}: save")
        if str(path_of(filepath) or "").endswith(".weights.h5"):
            raise ArgumentError(
                f"{self.display_name}: save: expected a path of a whole model, such as 'model.keras'; save_weights writes files "
                "that end in '.weights.h5'."
            )
        if zipped is False:
            raise ArgumentError(
                f"{self.display_name}: save: expected zipped to be None or True, received False: only whole files are written."
            )
        wait(super().save(filepath, include_optimizer=include_optimizer))

    def save_weights(
        self, filepath: Any, overwrite: bool = True, max_shard_size: float | None = None
    ) -> None:
        """Saves the weights of the model.

        Args:
            filepath: a path that ends in `.weights.h5`, which Keras 3 opens.
            overwrite: whether a file that is there may be replaced.
            max_shard_size: None; the weights are written to one file.

        Raises:
            ArgumentError: another ending, or there is such a file and `overwrite` is False.

        Example:
            >>> import tempfile
            >>> from tfjs_pyo import keras
            >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     model.save_weights(f"{folder}/small.weights.h5")
            ...     model.load_weights(f"{folder}/small.weights.h5")

        Source: https://keras.io/api/models/model_saving_apis/weights_saving_and_loading/
        """
        owner = f"{self.display_name}: save_weights"
        path = path_of(filepath)
        if path is None or not path.name.endswith(".weights.h5"):
            raise ArgumentError(
                f"{owner}: expected a path that ends in '.weights.h5', received {str(filepath)[:200]!r}."
            )
        if max_shard_size is not None:
            raise ArgumentError(
                f"{owner}: expected max_shard_size to be None: weights are written to one file."
            )
        require_place(filepath, overwrite, owner)
        wait(self._save_weights_for_keras(path))

    def load_weights(  # type: ignore[override]
        self, filepath: Any, skip_mismatch: bool = False, by_name: bool = False, **_options: Any
    ) -> None:
        """Sets the weights to those of a file.

        Args:
            filepath: of a `.weights.h5`, `.keras`, `.h5` or `.safetensors` file; or tensors by name.
            skip_mismatch: whether weights of other shapes are left as they are, with a warning.
            by_name: whether only layers of the same names get weights, as in Keras 2's `.h5` files.

        Raises:
            FormatError: weights are missing, or left over.
            ShapeError: a weight has another shape; nothing is changed then.

        Example:
            >>> import tempfile
            >>> from tfjs_pyo import keras
            >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
            >>> other = keras.models.clone_model(model)
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     model.save_weights(f"{folder}/small.weights.h5")
            ...     other.load_weights(f"{folder}/small.weights.h5")
            >>> bool((other.get_weights()[0] == model.get_weights()[0]).all())
            True

        Source: https://keras.io/api/models/model_saving_apis/weights_saving_and_loading/
        """
        given = filepath if isinstance(filepath, Mapping) else path_of(filepath) or filepath
        self._take_weights(given, Way(not (skip_mismatch or by_name), by_name, skip_mismatch))

    def export(self, filepath: Any, format: str = "tfjs") -> None:
        """Writes the model in TensorFlow.js's form: a model.json, and its weights beside it.

        Args:
            filepath: of a folder or a `.json` file.
            format: 'tfjs'; Keras's other forms need another runtime.

        Raises:
            ArgumentError: another form.

        Example:
            >>> import tempfile
            >>> from tfjs_pyo import keras
            >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     model.export(f"{folder}/small")

        Source: https://keras.io/api/models/model_saving_apis/export/
        """
        if format != "tfjs":
            raise ArgumentError(
                f"{self.display_name}: export: expected format 'tfjs' (TensorFlow.js's model.json), received {format!r}."
            )
        wait(super().save(filepath))


def require_place(filepath: Any, overwrite: bool, owner: str) -> None:
    """Raises ArgumentError where a model is not to be written."""
    path = path_of(filepath)
    if path is not None and not overwrite and os.path.lexists(Path(path)):
        raise ArgumentError(f"{owner}: there is a file {str(path)[:200]!r}, and overwrite is False.")


__all__ = ["Saving", "require_place"]
