"""What saves a model: its JSON, and its weights with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from tfjs_pyo import naming
from tfjs_pyo.core import engine
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.later import Later, pathlib
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.models.saving.topology import TFJS, topology
from tfjs_pyo.models.saving.training_config import training_config
from tfjs_pyo.models.saving.weight_names import named_weights
from tfjs_pyo.types import ModelSource

if TYPE_CHECKING:
    from tfjs_pyo.io import artifacts, file_errors, files, handlers, hdf5_writing, weights, writing
    from tfjs_pyo.models.base import Model
    from tfjs_pyo.models.keras_files import archive, compiled, h5, objects, own
    from tfjs_pyo.models.loading import cudnn, load, matching, reviving
else:
    artifacts = Later("tfjs_pyo.io.artifacts")
    files = Later("tfjs_pyo.io.files")
    handlers = Later("tfjs_pyo.io.handlers")
    weights = Later("tfjs_pyo.io.weights")
    writing = Later("tfjs_pyo.io.writing")
    file_errors = Later("tfjs_pyo.io.file_errors")
    hdf5_writing = Later("tfjs_pyo.io.hdf5_writing")
    archive = Later("tfjs_pyo.models.keras_files.archive")
    compiled = Later("tfjs_pyo.models.keras_files.compiled")
    h5 = Later("tfjs_pyo.models.keras_files.h5")
    objects = Later("tfjs_pyo.models.keras_files.objects")
    own = Later("tfjs_pyo.models.keras_files.own")
    cudnn = Later("tfjs_pyo.models.loading.cudnn")
    load = Later("tfjs_pyo.models.loading.load")
    matching = Later("tfjs_pyo.models.loading.matching")
    reviving = Later("tfjs_pyo.models.loading.reviving")


@naming.spell_methods
class Saved(Layer):
    """The part of a model that saves it."""

    further: ClassVar[tuple[str, ...]] = ("user_defined_metadata",)
    user_defined_metadata: Any = None
    """What a user noted about the model; saved with it."""

    def to_json(self, unused: Any = None, return_string: bool = True) -> Any:  # noqa: ARG002 (TF.js's signature)
        """Returns the model without its weights as JSON, in TF.js's form; `tf.models.modelFromJSON` reads it.

        Args:
            unused: as in TF.js.
            return_string: whether to return text, or dicts and lists.

        Raises:
            ArgumentError: the model holds something that JSON cannot.

        Example:
            >>> import tfjs_pyo as tf
            >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [2]})]})
            >>> model.toJSON(None, False)["class_name"]
            'Sequential'

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.toJSON
        """
        told = topology(self)
        try:
            text = json.dumps(told, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise ArgumentError(
                f"{self.display_name}: a config holds something that JSON cannot: {error}."
            ) from error
        return text if return_string else json.loads(text)

    @classmethod
    def from_config(cls, config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Self:
        """Returns a model made from what `get_config` gave, with weights of its own.

        Args:
            config: also in the forms of Keras 2 and Keras 3.
            custom_objects: classes and functions that it names, by name.

        Raises:
            FormatError: the config is broken.
            OptionError: it names an unknown class or option.

        Example:
            >>> import tfjs_pyo as tf
            >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [2], "name": "last"})]})
            >>> tf.Sequential.fromConfig(model.getConfig()).getLayer(0).name
            'last'

        Source: https://keras.io/api/models/model_saving_apis/model_config_serialization/
        """
        owner = f"{naming.camel(cls.__name__)}.fromConfig"
        return reviving.Reviver(owner, custom_objects).of_class(cls, naming.require_config(owner, config))

    def set_user_defined_metadata(self, user_defined_metadata: Any) -> None:
        """Notes something about the model, which is saved with it.

        Args:
            user_defined_metadata: JSON values.

        Example:
            >>> import tfjs_pyo as tf
            >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [2], "name": "last"})]})
            >>> model.setUserDefinedMetadata({"trainedOn": "digits"})
            >>> model.getUserDefinedMetadata()
            {'trainedOn': 'digits'}

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.setUserDefinedMetadata
        """
        self.user_defined_metadata = user_defined_metadata

    def get_user_defined_metadata(self) -> Any:
        """Returns what was noted about the model.

        Example:
            >>> import tfjs_pyo as tf
            >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [2], "name": "last"})]})
            >>> model.getUserDefinedMetadata() is None
            True

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.getUserDefinedMetadata
        """
        return self.user_defined_metadata

    def load_weights(self, weights: Any, strict: bool = True) -> None:
        """Sets weights from tensors by name, such as 'dense_Dense1/kernel', or from a file.

        Weights of Keras's files go where Keras puts them: those of `.weights.h5` and `.keras` by classes of layers and how many
        of a class came before, those of `.h5` by the order of layers. Where names say otherwise there is a warning.

        Args:
            weights: tensors by name; or the path of a `.weights.h5`, `.h5` or `.safetensors` file, or its bytes.
            strict: whether every weight must be there, and no other.

        Raises:
            FormatError: weights are left over, and `strict`.
            ShapeError: a weight has another shape; nothing is changed then.

        Example:
            >>> import tfjs_pyo as tf
            >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [2], "name": "last"})]})
            >>> model.loadWeights({"last/kernel": tf.ones([2, 1]), "last/bias": tf.zeros([1])})
            >>> model.predict(tf.tensor2d([[1, 2]])).arraySync()
            [[3.0]]

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel
        """
        self._take_weights(weights, load.Way(strict))

    def _take_weights(self, weights: Any, way: load.Way) -> None:
        """Sets weights from tensors by name, or from a file."""
        owner = f"{self.display_name}: loadWeights"
        named = isinstance(weights, Mapping)
        found = load.Found(dict(weights), False, {}) if named else load.weights_in(self, weights, owner, way)
        given = list(cudnn.tensors_without_cudnn(found.weights).items())
        if way.skip:
            shapes = {name: tuple(weight.shape) for name, weight in named_weights(self)}
            given = [
                (name, value) for name, value in given if shapes.get(name, value.shape) == tuple(value.shape)
            ]
        held = own.own_variables(self) if found.stores else ()
        matching.assign_weights(self, given, way.strict, owner, found.exactly, held)
        own.load_own_variables(self, found.stores)

    async def _artifacts(
        self, include_optimizer: bool = False, trainable_only: bool = False
    ) -> artifacts.Artifacts:
        """Returns what is saved of the model, in TF.js's form.

        Args:
            include_optimizer: whether the optimizer and its state are part of it.
            trainable_only: whether weights that training leaves alone are left out.
        """
        self._require_built("save")
        result = artifacts.Artifacts(
            modelTopology=self.to_json(None, False),
            format="layers-model",
            generatedBy=f"TensorFlow.js tfjs-layers v{TFJS}",
            convertedBy=None,
        )
        trained = {id(weight) for weight in self.trainable_weights}
        named = [(n, w) for n, w in named_weights(self) if not trainable_only or id(w) in trained]
        optimizer = vars(self).get("optimizer") if include_optimizer else None
        with engine.exclusive:  # weights and state are of one moment, whoever trains meanwhile
            values = [{"name": name, "tensor": weight.read()} for name, weight in named]
            state = None if optimizer is None else await optimizer.state_of(self.trainable_weights)
        made = await weights.encode_weights(values)
        specs, data = made["specs"], made["data"]
        if state is not None:
            result["trainingConfig"] = training_config(cast("Model", self))
            encoded = await weights.encode_weights(state, "optimizer")
            specs, data = [*specs, *encoded["specs"]], data + encoded["data"]
        if self.user_defined_metadata is not None:
            result["userDefinedMetadata"] = self.user_defined_metadata
        result.update(weightSpecs=specs, weightData=data)
        return result

    def _require_built(self, what: str) -> None:
        if not self.built:
            raise ArgumentError(
                f"{self.display_name}: {what}: expected a model that is built; give its first layer 'inputShape', or call "
                "build(shape)."
            )

    @naming.takes_config(data=("handler_or_url",))
    async def save(
        self, handler_or_url: ModelSource, include_optimizer: bool = False, trainable_only: bool = False
    ) -> Any:
        """Saves the model with its weights.

        Args:
            handler_or_url: a path or `file://` path of a folder, a .json file, or a .keras or .h5 file, which Keras 3 opens;
                `http://` and `https://` of what takes a form; `memory://name`; in the page `indexeddb://name`,
                `localstorage://name`, `downloads://name`; or a handler, such as `tf.io.withSaveHandler` makes.
            include_optimizer: whether the optimizer and its state are saved.
            trainable_only: whether weights that training leaves alone are left out.

        Returns:
            What the handler tells: `{'modelArtifactsInfo': {...}}`.

        Raises:
            ArgumentError: no way to save there, or something that cannot be saved.
            StorageError: it could not be stored; what was there before is whole.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [2]})]})
            >>> asyncio.run(model.save("memory://small"))["modelArtifactsInfo"]["weightDataBytes"]
            12

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.save
        """
        path = files.path_of(handler_or_url)
        whole = path is not None and not path.name.endswith(".weights.h5")
        if path is not None and whole and path.suffix in (".keras", ".h5", ".hdf5"):
            return await self._save_for_keras(path, include_optimizer)
        handler = handlers.handler_for(handler_or_url, "save")
        return await handlers.call_handler(
            handler, "save", await self._artifacts(include_optimizer, trainable_only)
        )

    async def _save_for_keras(self, path: pathlib.Path, include_optimizer: bool) -> artifacts.Artifacts:
        """Writes a `.keras` or `.h5` file."""
        self._require_built("save")
        model = cast("Model", self)
        write = archive.keras_archive if path.suffix == ".keras" else h5.keras_h5
        with engine.exclusive:
            content = write(model, await compiled.keras_state(model) if include_optimizer else None)
        with file_errors.storage_errors("save", path, "written"):
            writing.write_atomically(path, content)
        weights = named_weights(self)
        specs = [{"name": name, "shape": list(each.shape), "dtype": each.dtype} for name, each in weights]
        info = artifacts.get_model_artifacts_info_for_json(
            artifacts.Artifacts(modelTopology=objects.saved_form(model), weightSpecs=specs)
        )
        info["weightDataBytes"] = sum(each.size * hdf5_writing.SIZES[each.dtype] for _, each in weights)
        return artifacts.Artifacts(modelArtifactsInfo=info)

    async def _save_weights_for_keras(self, path: pathlib.Path) -> None:
        """Writes a `.weights.h5` file."""
        self._require_built("save_weights")
        with engine.exclusive:
            content = archive.keras_weights(self)
        with file_errors.storage_errors("save_weights", path, "written"):
            writing.write_atomically(path, content)


__all__ = ["Saved"]
