"""`keras.utils.FeatureSpace`: the columns of a table as the numbers of one vector."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.keras import layers
from tfjs_pyo.keras.utils import feature_files


@dataclass
class Feature:
    """How one column is read and encoded.

    Attributes:
        dtype: of the values: 'float32', 'int32' or 'string'.
        preprocessor: the layer that makes numbers of them.
        output_mode: 'float', 'int' or 'one_hot'.
    """

    dtype: str
    preprocessor: Any
    output_mode: str


@dataclass
class Cross:
    """Columns that are encoded together.

    Attributes:
        feature_names: of the columns.
        crossing_dim: how many numbers the pairs of their values are hashed into.
        output_mode: 'int' or 'one_hot'.
    """

    feature_names: Sequence[str]
    crossing_dim: int
    output_mode: str = "one_hot"

    @property
    def name(self) -> str:
        """The names of the columns, with X between them."""
        return "_X_".join(self.feature_names)


class FeatureSpace:
    """Makes vectors of tables: each column by a layer of its own, which `adapt` fits to data.

    Args:
        features: for each column its kind: 'float', 'float_normalized', 'float_rescaled', 'float_discretized',
            'integer_categorical', 'string_categorical', 'integer_hashed', 'string_hashed', or what a class method made.
        output_mode: 'concat' for one vector, 'dict' for a dict of them.
        crosses: tuples of names of columns that are encoded together, or what `cross` made.
        crossing_dim, hashing_dim, num_discretization_bins: sizes where kinds are names.
        name: of the space.

    Raises:
        OptionError: no columns, or an unknown kind or mode.
        ArgumentError: it was not adapted, or is given no dict.

    Example:
        >>> from tfjs_pyo import keras
        >>> space = keras.utils.FeatureSpace({"height": "float", "colour": "string_categorical"})
        >>> space.adapt({"height": [1.0, 2.0, 3.0], "colour": ["red", "blue", "red"]})
        >>> space({"height": [5.0], "colour": ["blue"]}).tolist()
        [[0.0, 0.0, 1.0, 5.0]]

    Source: https://keras.io/api/utils/feature_space/
    """

    _KINDS: ClassVar[tuple[str, ...]] = (
        "float", "float_normalized", "float_rescaled", "float_discretized", "integer_categorical", "string_categorical",
        "integer_hashed", "string_hashed",
    )  # fmt: skip

    def __init__(
        self,
        features: Mapping[str, Any],
        output_mode: str = "concat",
        crosses: Iterable[Any] | None = None,
        crossing_dim: int = 32,
        hashing_dim: int = 32,
        num_discretization_bins: int = 32,
        name: str | None = None,
    ) -> None:
        if not features:
            raise OptionError(
                "FeatureSpace: expected `features`, a dict with a kind for each column, received none."
            )
        if output_mode not in ("concat", "dict"):
            raise OptionError(
                f"FeatureSpace: expected `output_mode` of 'concat' or 'dict', received {output_mode!r}."
            )
        self.name, self.output_mode, self.crossing_dim = name, output_mode, crossing_dim
        self.hashing_dim, self.num_discretization_bins = hashing_dim, num_discretization_bins
        self.features = {column: self._feature(column, kind) for column, kind in features.items()}
        self.crosses = [self._cross(each) for each in crosses or ()]
        self.preprocessors = {column: feature.preprocessor for column, feature in self.features.items()}
        self.crossers = {
            cross.name: layers.HashedCrossing(cross.crossing_dim, name=cross.name) for cross in self.crosses
        }
        self._inputs: dict[str, Any] | None = None
        self._encoded: Any = None
        self._adapted = not self._adaptable()

    # Kinds of columns

    @classmethod
    def cross(cls, feature_names: Sequence[str], crossing_dim: int, output_mode: str = "one_hot") -> Cross:
        """Returns columns that are encoded together.

        Args:
            feature_names: of the columns.
            crossing_dim: number of bins into which combinations of values are hashed.
            output_mode: 'one_hot', or 'int' for the number of the bin.

        Example:
            >>> from tfjs_pyo import keras
            >>> kind = keras.utils.FeatureSpace
            >>> columns = {"day": kind.integer_hashed(7), "hour": kind.integer_hashed(24)}
            >>> space = kind(columns, crosses=[kind.cross(["day", "hour"], crossing_dim=50)], output_mode="dict")
            >>> encoded = space({"day": [1], "hour": [8]})
            >>> {name: part.shape for name, part in encoded.items()}
            {'day': (1, 7), 'hour': (1, 24), 'day_X_hour': (1, 50)}
        """
        return Cross(feature_names, crossing_dim, output_mode)

    @classmethod
    def feature(cls, dtype: str, preprocessor: Any, output_mode: str) -> Feature:
        """Returns a column that a layer of one's own encodes.

        Args:
            dtype: of the column: 'float32', 'int32' or 'string'.
            preprocessor: the layer, or any function.
            output_mode: 'float', 'int' or 'one_hot': what the layer gives, and what becomes of it.

        Example:
            >>> from tfjs_pyo import keras
            >>> kind = keras.utils.FeatureSpace
            >>> half = kind.feature("float32", keras.layers.Rescaling(0.5), "float")
            >>> kind({"price": half})({"price": [3.0, 8.0]}).tolist()
            [[1.5], [4.0]]
        """
        return Feature(dtype, preprocessor, output_mode)

    @classmethod
    def float(cls, name: str | None = None) -> Feature:
        """Returns a column of numbers as they are.

        Args:
            name: of the layer; default: made up.

        Example:
            >>> from tfjs_pyo import keras
            >>> kind = keras.utils.FeatureSpace
            >>> kind({"height": kind.float()})({"height": [1.5, 2.0]}).tolist()
            [[1.5], [2.0]]
        """
        return Feature("float32", layers.Identity(name=_called(name)), "float")

    @classmethod
    def float_rescaled(cls, scale: Any = 1.0, offset: Any = 0.0, name: str | None = None) -> Feature:
        """Returns a column of numbers that are scaled and shifted.

        Args:
            scale: factor.
            offset: added after that.
            name: of the layer; default: made up.

        Example:
            >>> from tfjs_pyo import keras
            >>> kind = keras.utils.FeatureSpace
            >>> kind({"grey": kind.float_rescaled(scale=0.5, offset=-1)})({"grey": [2.0, 8.0]}).tolist()
            [[0.0], [3.0]]
        """
        return Feature("float32", layers.Rescaling(scale, offset, name=_called(name)), "float")

    @classmethod
    def float_normalized(cls, name: str | None = None) -> Feature:
        """Returns a column of numbers that get mean 0 and deviation 1.

        Args:
            name: of the layer; default: made up.

        Example:
            >>> from tfjs_pyo import keras
            >>> kind = keras.utils.FeatureSpace
            >>> space = kind({"height": kind.float_normalized()})
            >>> space.adapt({"height": [1.0, 3.0]})
            >>> space({"height": [1.0, 2.0, 3.0]}).round().tolist()
            [[-1.0], [0.0], [1.0]]
        """
        return Feature("float32", layers.Normalization(axis=-1, name=_called(name)), "float")

    @classmethod
    def float_discretized(
        cls, num_bins: int, bin_boundaries: Any = None, output_mode: str = "one_hot", name: str | None = None
    ) -> Feature:
        """Returns a column of numbers as the numbers of bins.

        Args:
            num_bins: how many; `adapt` finds where they begin.
            bin_boundaries: where they begin, in place of `num_bins`.
            output_mode: 'one_hot', or 'int' for the number of the bin.
            name: of the layer; default: made up.

        Example:
            >>> from tfjs_pyo import keras
            >>> kind = keras.utils.FeatureSpace
            >>> space = kind({"age": kind.float_discretized(3, bin_boundaries=[18.0, 65.0])})
            >>> space({"age": [10.0, 40.0, 70.0]}).tolist()
            [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
        """
        sizes = {"bin_boundaries": bin_boundaries} if bin_boundaries is not None else {"num_bins": num_bins}
        return Feature("float32", layers.Discretization(**sizes, name=_called(name)), output_mode)

    @classmethod
    def integer_categorical(
        cls,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        output_mode: str = "one_hot",
        name: str | None = None,
    ) -> Feature:
        """Returns a column of integers as their places in a vocabulary.

        Args:
            max_tokens: most places, those of unknown values included; default: as many as there are values.
            num_oov_indices: places of unknown values, which come first.
            output_mode: 'one_hot', or 'int' for the place.
            name: of the layer; default: made up.

        Example:
            >>> from tfjs_pyo import keras
            >>> kind = keras.utils.FeatureSpace
            >>> space = kind({"rooms": kind.integer_categorical()})
            >>> space.adapt({"rooms": [4, 4, 2]})
            >>> space({"rooms": [4, 2, 9]}).tolist()
            [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
        """
        lookup = layers.IntegerLookup(max_tokens, num_oov_indices, name=_called(name))
        return Feature("int32", lookup, output_mode)

    @classmethod
    def string_categorical(
        cls,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        output_mode: str = "one_hot",
        name: str | None = None,
    ) -> Feature:
        """Returns a column of texts as their places in a vocabulary.

        Args:
            max_tokens: most places, those of unknown values included; default: as many as there are values.
            num_oov_indices: places of unknown values, which come first.
            output_mode: 'one_hot', or 'int' for the place.
            name: of the layer; default: made up.

        Example:
            >>> from tfjs_pyo import keras
            >>> kind = keras.utils.FeatureSpace
            >>> space = kind({"colour": kind.string_categorical(num_oov_indices=0)})
            >>> space.adapt({"colour": ["red", "blue", "red"]})
            >>> space({"colour": ["red", "blue"]}).tolist()
            [[1.0, 0.0], [0.0, 1.0]]
        """
        lookup = layers.StringLookup(max_tokens, num_oov_indices, name=_called(name))
        return Feature("string", lookup, output_mode)

    @classmethod
    def string_hashed(cls, num_bins: int, output_mode: str = "one_hot", name: str | None = None) -> Feature:
        """Returns a column of texts that are hashed into bins.

        Args:
            num_bins: how many.
            output_mode: 'one_hot', or 'int' for the number of the bin.
            name: of the layer; default: made up.

        Example:
            >>> from tfjs_pyo import keras
            >>> kind = keras.utils.FeatureSpace
            >>> rows = kind({"city": kind.string_hashed(4)})({"city": ["Bonn", "Rome"]})
            >>> rows.shape, rows.sum(1).tolist()
            ((2, 4), [1.0, 1.0])
        """
        return Feature("string", layers.Hashing(num_bins, name=_called(name)), output_mode)

    @classmethod
    def integer_hashed(cls, num_bins: int, output_mode: str = "one_hot", name: str | None = None) -> Feature:
        """Returns a column of integers that are hashed into bins.

        Args:
            num_bins: how many.
            output_mode: 'one_hot', or 'int' for the number of the bin.
            name: of the layer; default: made up.

        Example:
            >>> from tfjs_pyo import keras
            >>> kind = keras.utils.FeatureSpace
            >>> rows = kind({"code": kind.integer_hashed(4)})({"code": [53111, 10115]})
            >>> rows.shape, rows.sum(1).tolist()
            ((2, 4), [1.0, 1.0])
        """
        return Feature("int32", layers.Hashing(num_bins, name=_called(name)), output_mode)

    def _feature(self, column: str, kind: Any) -> Feature:
        if isinstance(kind, Feature):
            return kind
        if kind not in self._KINDS:
            raise OptionError(
                f"FeatureSpace: expected the kind of {column!r} to be one of {', '.join(self._KINDS)}, received {kind!r}."
            )
        sizes = {"float_discretized": self.num_discretization_bins}
        sizes |= dict.fromkeys(("integer_hashed", "string_hashed"), self.hashing_dim)
        make = getattr(self, kind)
        made: Feature = make(sizes[kind], name=column) if kind in sizes else make(name=column)
        return made

    def _cross(self, given: Any) -> Cross:
        cross = given if isinstance(given, Cross) else Cross(tuple(given), self.crossing_dim)
        unknown = [column for column in cross.feature_names if column not in self.features]
        if unknown:
            raise OptionError(
                f"FeatureSpace: expected `crosses` of columns in `features`, received {unknown}."
            )
        return cross

    # Fitting to data

    def _adaptable(self) -> list[str]:
        """Returns the columns whose layers are fitted to data."""
        return [
            column
            for column, layer in self.preprocessors.items()
            if hasattr(layer, "adapt")
            and getattr(layer, "input_mean", getattr(layer, "mean", None)) is None
            and not getattr(layer, "bin_boundaries", None)
            and not getattr(layer, "vocabulary", None)
        ]

    def adapt(self, dataset: Any) -> None:
        """Fits the layers of columns to data.

        Args:
            dataset: a dict of arrays, or a dataset of such dicts: rows or batches of them.

        Example:
            >>> from tfjs_pyo import keras
            >>> space = keras.utils.FeatureSpace({"colour": "string_categorical"})
            >>> space.adapt({"colour": ["red", "blue", "red"]})
            >>> space.preprocessors["colour"].get_vocabulary()
            ['[UNK]', 'red', 'blue']
        """
        columns = self._adaptable()
        if isinstance(dataset, Mapping):
            found = {column: _plain(dataset[column]) for column in columns}
        else:
            found = {column: [] for column in columns}
            for element in dataset:
                for column in columns:
                    values = _plain(element[column])
                    found[column] += values if isinstance(values, list) else [values]
        for column, values in found.items():
            self.preprocessors[column].adapt(_column(values, self.features[column].dtype))
        self._adapted = True

    # Files

    def get_config(self) -> dict[str, Any]:
        """Returns what `from_config` takes, with what layers learned from data.

        Example:
            >>> from tfjs_pyo import keras
            >>> config = keras.utils.FeatureSpace({"height": "float"}).get_config()
            >>> list(config["features"]), config["output_mode"]
            (['height'], 'concat')
        """
        features = {
            column: feature_files.told(
                "Feature",
                {**vars(feature), "preprocessor": feature_files.layer_config(feature.preprocessor)},
            )
            for column, feature in self.features.items()
        }
        crosses = [
            feature_files.told("Cross", {**vars(cross), "feature_names": list(cross.feature_names)})
            for cross in self.crosses
        ]
        return {
            "features": features, "output_mode": self.output_mode, "crosses": crosses, "crossing_dim": self.crossing_dim,
            "hashing_dim": self.hashing_dim, "num_discretization_bins": self.num_discretization_bins,
        }  # fmt: skip

    @classmethod
    def from_config(
        cls, config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
    ) -> FeatureSpace:
        """Returns a space of a config.

        Args:
            config: of `get_config`.
            custom_objects: classes of your own that it names, by name.

        Example:
            >>> from tfjs_pyo import keras
            >>> kind = keras.utils.FeatureSpace
            >>> space = kind({"grey": kind.float_rescaled(0.5)})
            >>> kind.from_config(space.get_config())({"grey": [2.0]}).tolist()
            [[1.0]]
        """
        given = dict(config)
        given["features"] = {
            column: _revived(feature, Feature, custom_objects)
            for column, feature in config["features"].items()
        }
        given["crosses"] = [_revived(cross, Cross, custom_objects) for cross in config.get("crosses") or ()]
        return cls(**given)

    def save(self, filepath: str | os.PathLike[str]) -> None:
        """Writes the space, with what it learned, to a `.keras` file, which `keras.models.load_model` reads.

        Args:
            filepath: ends with '.keras'.

        Raises:
            ArgumentError: a file of another form.
            StorageError: it cannot be written.

        Example:
            >>> import tempfile
            >>> from tfjs_pyo import keras
            >>> space = keras.utils.FeatureSpace({"colour": "string_categorical"})
            >>> space.adapt({"colour": ["red", "blue", "red"]})
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     space.save(f"{folder}/space.keras")
            ...     again = keras.models.load_model(f"{folder}/space.keras")
            >>> again({"colour": ["blue"]}).tolist()
            [[0.0, 0.0, 1.0]]
        """
        feature_files.save(self, filepath)

    # Encoding

    def get_inputs(self) -> dict[str, Any]:
        """Returns symbolic inputs, one for each column, for a model of raw columns. Texts stay outside of models here.

        Example:
            >>> from tfjs_pyo import keras
            >>> space = keras.utils.FeatureSpace({"height": "float", "width": "float"})
            >>> {name: each.shape for name, each in space.get_inputs().items()}
            {'height': (None, 1), 'width': (None, 1)}
        """
        if self._inputs is None:
            self._inputs = {
                column: layers.Input((1,), dtype=feature.dtype, name=column)
                for column, feature in self.features.items()
            }
        return self._inputs

    def get_encoded_features(self) -> Any:
        """Returns what the symbolic inputs become.

        Example:
            >>> from tfjs_pyo import keras
            >>> space = keras.utils.FeatureSpace({"height": "float", "width": "float"})
            >>> encoded = space.get_encoded_features()
            >>> keras.Model(space.get_inputs(), keras.layers.Dense(1)(encoded)).count_params()
            3
        """
        if self._encoded is None:
            self._encoded = self._encode(self.get_inputs())
        return self._encoded

    def __call__(self, data: Any) -> Any:
        """Returns the vectors of a dict of columns, or the vector of one of single values."""
        if not isinstance(data, Mapping):
            raise ArgumentError(f"FeatureSpace: expected a dict of columns, received {type(data).__name__}.")
        given = {
            column: value
            if isinstance(value, Tensor)
            else ops.tensor(_plain(value), dtype=self.features[column].dtype)
            for column, value in data.items()
            if column in self.features
        }
        single = all(len(value.shape) == 0 for value in given.values())
        rows = {
            column: ops.reshape(value, [-1, 1]) if len(value.shape) < 2 else value
            for column, value in given.items()
        }
        encoded = self._encode(rows)
        if not single:
            return encoded
        if isinstance(encoded, dict):
            return {column: ops.squeeze(value, [0]) for column, value in encoded.items()}
        return ops.squeeze(encoded, [0])

    def _encode(self, columns: Mapping[str, Any]) -> Any:
        if not self._adapted:
            raise ArgumentError(
                "FeatureSpace: expected adapt(data) to be called before, as columns are fitted to data."
            )
        made = {column: self.preprocessors[column](columns[column]) for column in self.features}
        crossed = {
            cross.name: self.crossers[cross.name]([made[column] for column in cross.feature_names])
            for cross in self.crosses
        }
        modes = {column: feature.output_mode for column, feature in self.features.items()}
        modes |= {cross.name: cross.output_mode for cross in self.crosses}
        encoded = {
            column: self._hot(column, value) if modes[column] == "one_hot" else value
            for column, value in [*sorted(made.items()), *sorted(crossed.items())]
        }
        if self.output_mode == "dict":
            return encoded
        for column, value in encoded.items():
            if modes[column] == "int" or (isinstance(value, Tensor) and value.dtype != "float32"):
                raise OptionError(
                    f"FeatureSpace: the column {column!r} is of dtype {value.dtype} and cannot be part of one vector. Use "
                    "output_mode='one_hot' for it, or output_mode='dict'."
                )
        values = list(encoded.values())
        return values[0] if len(values) == 1 else layers.Concatenate(axis=-1)(values)

    def _hot(self, column: str, value: Any) -> Any:
        layer: Any = self.preprocessors.get(column) or self.crossers.get(column)
        count = layer.vocabulary_size() if hasattr(layer, "vocabulary_size") else None
        count = count or getattr(layer, "num_tokens", None) or getattr(layer, "num_bins", None)
        if count is None and getattr(layer, "bin_boundaries", None) is not None:
            count = len(layer.bin_boundaries) + 1
        if count is None:
            raise OptionError(
                f"FeatureSpace: how many values the column {column!r} has is not known, so that it cannot be one-hot. Use "
                "output_mode='int'."
            )
        return layers.CategoryEncoding(int(count), "multi_hot")(value)


def _revived(told: Any, kind: type[Any], custom_objects: Mapping[str, Any] | None) -> Any:
    """Returns a feature or a cross of a file; kinds by their names stay."""
    if not isinstance(told, Mapping):
        return told
    config = dict(told["config"])
    if "preprocessor" in config:
        config["preprocessor"] = feature_files.deserialize_keras_object(
            config["preprocessor"], custom_objects
        )
    return kind(**config)


def _called(name: str | None) -> str | None:
    return f"{name}_preprocessor" if name else None


def _plain(values: Any) -> Any:
    """Returns values of an array or a tensor as Python's."""
    return (
        values.tolist()
        if hasattr(values, "tolist")
        else list(values)
        if isinstance(values, tuple)
        else values
    )


def _column(values: Sequence[Any], dtype: str) -> Any:
    """Returns values as a tensor of one column."""
    nested = bool(values) and isinstance(values[0], list)
    return ops.tensor(list(values) if nested else [[value] for value in values], dtype=dtype)


__all__ = ["FeatureSpace"]
