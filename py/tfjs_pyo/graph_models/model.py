"""`tf.loadGraphModel` and the models that it returns. Source: https://js.tensorflow.org/api/latest/#class:GraphModel"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tfjs_pyo import naming, ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtypes import STORED
from tfjs_pyo.errors import ArgumentError, DisposedError, DTypeError, FormatError, ShapeError
from tfjs_pyo.graph_models.executor import Known, Reader, Run, at_once, read_later, read_now
from tfjs_pyo.graph_models.folding import MOST
from tfjs_pyo.graph_models.graph import Graph, GraphNode, Input, dtype_of, graph_of, input_of, shape_of
from tfjs_pyo.io.artifacts import Artifacts, artifacts_of
from tfjs_pyo.io.handlers import call_handler, handler_for, loaded
from tfjs_pyo.io.weights import decode_weights
from tfjs_pyo.types import ModelSource

_STRUCTURED = "structuredOutputKeys"


@dataclass(frozen=True)
class TensorInfo:
    """What is known of an input or output: name of its node, shape (None: sizes that are free, or an unknown rank), dtype."""

    name: str
    shape: tuple[int | None, ...] | None
    dtype: str | None
    place: int = field(default=0, repr=False)
    """Number of the output of the node."""


@naming.spell_methods
class GraphModel:
    """A model that TensorFlow saved and the converter translated: it predicts, and cannot be trained.

    Args:
        artifacts: what a handler loads; `tf.loadGraphModel` makes models.
        model_url: where it was loaded from.

    Attributes:
        inputs, outputs: what is known of them.
        input_nodes, output_nodes: their keys in the signature, or the names of their nodes where there is none.
        model_url: where the model was loaded from.
        weights: lists of one tensor by name.
        metadata: what its maker noted.
        model_signature: the signature of model.json.
        model_structured_output_keys: the keys of a structured result, if it has one.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> node = {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}}}
        >>> topology = {"node": [node, {"name": "y", "op": "Square", "input": ["x"]}]}
        >>> model = asyncio.run(tf.loadGraphModel(tf.io.fromMemory({"modelTopology": topology})))
        >>> model.predict(tf.tensor1d([1, 2, 3])).array_sync()
        [1.0, 4.0, 9.0]
    """

    def __init__(self, artifacts: Artifacts, model_url: Any = None) -> None:
        self.model_url = model_url
        topology = artifacts.get("modelTopology")
        _refuse_layers(topology)
        self._artifacts = artifacts
        self._graph = graph_of(topology)
        self._constants = _weights(artifacts)
        self._known = Known()
        self._tables: dict[str, Any] = {}
        self._disposed = False
        for tensor in self._constants.values():
            if tensor.dtype == "int32" and tensor.size <= MOST:
                self._known.add(tensor, [int(value) for value in tensor.data_sync()])
        missing = [
            n.name for n in self._graph.nodes.values() if n.op == "Const" and n.name not in self._constants
        ]
        if missing:
            raise FormatError(f"loadGraphModel: expected weights for {missing[0]!r:.60}, received none.")
        noted = _mapping("userDefinedMetadata", artifacts.get("userDefinedMetadata"))
        self.metadata: Mapping[str, Any] = noted
        self.model_signature: Any = noted.get("signature") or artifacts.get("signature")
        self.model_structured_output_keys: Any = noted.get(_STRUCTURED)
        if self.model_structured_output_keys is not None:
            _check_keys(self.model_structured_output_keys)
        signature = _mapping("signature", self.model_signature)
        self._inputs = self._named(signature.get("inputs"), self._placeholders())
        self._outputs = self._named(signature.get("outputs"), self._ends())

    def _placeholders(self) -> list[str]:
        return [node.name for node in self._graph.nodes.values() if node.op == "Placeholder"]

    def _ends(self) -> list[str]:
        """Returns the names of the nodes that no other reads."""
        read = {each.name for node in self._graph.nodes.values() for each in node.inputs}
        return [
            name
            for name, node in self._graph.nodes.items()
            if name not in read and node.op not in {"Const", "NoOp"}
        ]

    def _named(self, signature: Any, found: Sequence[str]) -> dict[str, TensorInfo]:
        """Returns inputs or outputs by their keys in the signature; without one by the names of the nodes."""
        if not isinstance(signature, Mapping) or not signature:
            return {name: self._info(name, {}) for name in found}
        named = {}
        for key, info in signature.items():
            if not isinstance(info, Mapping) or input_of(info.get("name")).name not in self._graph.nodes:
                raise FormatError(
                    f"loadGraphModel: expected {key!r:.60} of the signature to name a node, received {info!r:.80}."
                )
            named[str(key)] = self._info(str(info["name"]), info)
        return named

    def _info(self, name: str, given: Mapping[str, Any]) -> TensorInfo:
        attrs = self._graph.nodes[input_of(name).name].attrs
        shape = shape_of(given["tensorShape"]) if "tensorShape" in given else attrs.get("shape")
        dtype = dtype_of(given["dtype"]) if "dtype" in given else attrs.get("dtype")
        if shape is not None and not (
            isinstance(shape, list) and all(isinstance(size, int) for size in shape)
        ):
            raise FormatError(f"loadGraphModel: expected a shape for {name!r:.60}, received {shape!r:.60}.")
        if dtype is not None and not isinstance(dtype, str):
            raise FormatError(f"loadGraphModel: expected a dtype for {name!r:.60}, received {dtype!r:.60}.")
        sizes = None if shape is None else tuple(None if size < 0 else size for size in shape)
        source = input_of(name)
        return TensorInfo(source.name, sizes, dtype, source.index)

    @property
    def inputs(self) -> list[TensorInfo]:
        """Name, shape and dtype of each input."""
        return list(self._inputs.values())

    @property
    def outputs(self) -> list[TensorInfo]:
        """Name, shape and dtype of each output."""
        return list(self._outputs.values())

    @property
    def input_nodes(self) -> list[str]:
        """The names of the inputs, in the order in which `predict` takes them."""
        return list(self._inputs)

    @property
    def output_nodes(self) -> list[str]:
        """The names of the outputs, in the order in which `predict` gives them."""
        return [f"{key}:{info.place}" if info.place else key for key, info in self._outputs.items()]

    def _source(self, name: str) -> Input:
        """Returns the output of a node that a key of the signature or a name means."""
        info = self._outputs.get(name) or dict(zip(self.output_nodes, self.outputs, strict=True)).get(name)
        return input_of(name) if info is None else Input(info.name, info.place)

    def load_sync(self) -> bool:
        """Does what `load` does, where nothing has to be waited for; `loadGraphModelSync` has done that.

        Returns:
            True.

        Example:
            >>> import tfjs_pyo as tf
            >>> node = {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}}}
            >>> ops = [{"name": "y", "op": "Square", "input": ["x"]}, {"name": "z", "op": "Neg", "input": ["y"]}]
            >>> model = tf.loadGraphModelSync({"modelTopology": {"node": [node, *ops]}})
            >>> model.loadSync()
            True
        """
        return at_once(self.load())

    @property
    def weights(self) -> dict[str, list[Tensor]]:
        """The weights by name, each in a list of one, as in TensorFlow.js."""
        return {name: [tensor] for name, tensor in self._constants.items()}

    @property
    def model_version(self) -> str:
        """The versions of its graph format: the producer's, and the least that a consumer needs."""
        versions = (self._artifacts.get("modelTopology") or {}).get("versions") or {}
        return f"{versions.get('producer', '')}.{versions.get('minConsumer', '')}"

    def __getattr__(self, name: str) -> Any:
        return naming.attribute(self, name)

    async def load(self) -> bool:
        """Runs what the graph initializes its tables with; `loadGraphModel` has done that.

        Returns:
            True.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> node = {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}}}
            >>> ops = [{"name": "y", "op": "Square", "input": ["x"]}, {"name": "z", "op": "Neg", "input": ["y"]}]
            >>> model = tf.loadGraphModelSync({"modelTopology": {"node": [node, *ops]}})
            >>> asyncio.run(model.load())
            True
        """
        given = self._artifacts.get("modelInitializer")
        if isinstance(given, Mapping) and given.get("node"):
            graph = graph_of(given)
            signature = _mapping("initializerSignature", self._artifacts.get("initializerSignature"))
            told = _mapping("initializerSignature.outputs", signature.get("outputs")).values()
            outputs = [input_of(_mapping("initializerSignature.outputs", info).get("name")) for info in told]
            read = {each.name for node in graph.nodes.values() for each in node.inputs}
            ends = outputs or [Input(name) for name in graph.nodes if name not in read]
            run = self._run(read_later)
            await run.compute(graph, {}, [each for each in ends if _node(graph, each).op != "NoOp"])
        return True

    def _run(self, reader: Reader) -> Run:
        if self._disposed:
            raise DisposedError("GraphModel: this model was disposed of. Load it again.")
        return Run(self._constants, self._tables, self._known, reader)

    def predict(self, inputs: Any, config: Mapping[str, Any] | None = None) -> Any:  # noqa: ARG002
        """Returns the outputs for inputs.

        Args:
            inputs: a tensor or an array, a list of them in the order of `inputs`, or a mapping of names to them.
            config: taken as TensorFlow.js takes it; nothing of it matters here.

        Returns:
            A tensor, a list of tensors, or a mapping if the model's result has structure.

        Raises:
            ArgumentError: inputs are missing or unknown, or an op has to wait for values: `predict_async` can.
            ShapeError, DTypeError: an input does not fit.

        Example:
            >>> import tfjs_pyo as tf
            >>> node = {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}}}
            >>> ops = [{"name": "y", "op": "Square", "input": ["x"]}, {"name": "z", "op": "Neg", "input": ["y"]}]
            >>> model = tf.loadGraphModelSync({"modelTopology": {"node": [node, *ops]}})
            >>> model.predict(tf.tensor1d([1, 2])).array_sync(), model.predict({"x": tf.scalar(3)}).array_sync()
            ([-1.0, -4.0], -9.0)
        """
        return self._shaped(self.execute(inputs))

    async def predict_async(self, inputs: Any, config: Mapping[str, Any] | None = None) -> Any:  # noqa: ARG002
        """Does what `predict` does and never blocks.

        Args:
            inputs, config: as for `predict`.

        Returns:
            What `predict` returns.

        Raises:
            ArgumentError: inputs are missing or unknown.
            ShapeError, DTypeError: an input does not fit.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> node = {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}}}
            >>> ops = [{"name": "y", "op": "Square", "input": ["x"]}, {"name": "z", "op": "Neg", "input": ["y"]}]
            >>> model = tf.loadGraphModelSync({"modelTopology": {"node": [node, *ops]}})
            >>> asyncio.run(model.predictAsync(tf.tensor1d([1, 2]))).array_sync()
            [-1.0, -4.0]
        """
        return self._shaped(await self.execute_async(inputs))

    def _shaped(self, result: Any) -> Any:
        keys = self.model_structured_output_keys
        if not keys:
            return result
        found = result if isinstance(result, list) else [result]
        named = dict(zip(self._outputs, found, strict=True))
        # The signature has outputs in no order, and those of equal shapes under the names of their nodes, which are
        # numbered in the order of the keys.
        rest = sorted(
            (key for key in named if key not in keys), key=lambda key: _natural(self._outputs[key].name)
        )
        others = iter(rest)
        pairs = [(key, key if key in named else next(others, None)) for key in keys]
        return {key: named[place] for key, place in pairs if place is not None}

    def execute(self, inputs: Any, outputs: str | Sequence[str] | None = None) -> Any:
        """Returns the values of nodes.

        Args:
            inputs: as for `predict`.
            outputs: the name of a node (or 'name:1' for a later output), or several; the model's outputs if none.

        Returns:
            A tensor, or a list of tensors for several outputs.

        Raises:
            ArgumentError: inputs are missing or unknown, an output is no node, or an op has to wait for values.

        Example:
            >>> import tfjs_pyo as tf
            >>> node = {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}}}
            >>> ops = [{"name": "y", "op": "Square", "input": ["x"]}, {"name": "z", "op": "Neg", "input": ["y"]}]
            >>> model = tf.loadGraphModelSync({"modelTopology": {"node": [node, *ops]}})
            >>> model.execute(tf.tensor1d([1, 2]), "y").array_sync()
            [1.0, 4.0]
            >>> [each.array_sync() for each in model.execute(tf.tensor1d([1, 2]), ["y", "z"])]
            [[1.0, 4.0], [-1.0, -4.0]]
        """
        graph, feeds, wanted = self._prepared(inputs, outputs)
        return self._told(at_once(self._run(read_now).compute(graph, feeds, wanted)))

    async def execute_async(self, inputs: Any, outputs: str | Sequence[str] | None = None) -> Any:
        """Does what `execute` does and never blocks.

        Args:
            inputs, outputs: as for `execute`.

        Returns:
            What `execute` returns.

        Raises:
            ArgumentError: inputs are missing or unknown, or an output is no node.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> node = {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}}}
            >>> ops = [{"name": "y", "op": "Square", "input": ["x"]}, {"name": "z", "op": "Neg", "input": ["y"]}]
            >>> model = tf.loadGraphModelSync({"modelTopology": {"node": [node, *ops]}})
            >>> asyncio.run(model.executeAsync(tf.tensor1d([1, 2]), "y")).array_sync()
            [1.0, 4.0]
        """
        graph, feeds, wanted = self._prepared(inputs, outputs)
        return self._told(await self._run(read_later).compute(graph, feeds, wanted))

    def _told(self, results: list[Any]) -> Any:
        return results[0] if len(results) == 1 else results

    def _prepared(
        self, inputs: Any, outputs: str | Sequence[str] | None
    ) -> tuple[Graph, dict[str, Tensor], list[Input]]:
        names = [outputs] if isinstance(outputs, str) else list(outputs or self._outputs)
        wanted = [self._source(name) for name in names]
        for each in wanted:
            if each.name not in self._graph.nodes:
                raise ArgumentError(
                    f"execute: expected the name of a node as an output, received {each.name!r:.60}."
                    f"{naming.suggestions(each.name, self._graph.nodes, str)}"
                )
        return self._graph, self._feeds(inputs), wanted

    def _feeds(self, inputs: Any) -> dict[str, Tensor]:
        if isinstance(inputs, Mapping):
            given = dict(inputs)
        else:
            listed = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
            if len(listed) != len(self._inputs):
                raise ArgumentError(
                    f"predict: expected {len(self._inputs)} inputs ({', '.join(self.input_nodes)}), received {len(listed)}."
                )
            given = dict(zip(self._inputs, listed, strict=True))
        feeds = {}
        for key, tensor in given.items():
            info = self._inputs.get(key) or next(
                (i for i in self.inputs if input_of(i.name).name == input_of(key).name), None
            )
            name = input_of(info.name if info else key).name
            if name not in self._graph.nodes:
                near = naming.suggestions(key, [*self._inputs, *self.input_nodes], str)
                raise ArgumentError(f"predict: {key!r:.60} is no input of this model.{near}")
            feeds[name] = _fitting(tensor, info or TensorInfo(name, None, None))
        return feeds

    async def save(self, handler_or_url: Any, config: Mapping[str, Any] | None = None) -> Any:  # noqa: ARG002
        """Hands the model's files to a handler or a place, as `model.save` of layers models does.

        Args:
            handler_or_url: a handler (`tf.io.withSaveHandler`), or a place such as 'memory://name' or 'file:///tmp/model'.
            config: accepted as TensorFlow.js takes it; it has no effect.

        Returns:
            What the handler returns, such as `modelArtifactsInfo`: when it was saved, and how many bytes the parts have.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> node = {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}}}
            >>> ops = [{"name": "y", "op": "Square", "input": ["x"]}, {"name": "z", "op": "Neg", "input": ["y"]}]
            >>> model = tf.loadGraphModelSync({"modelTopology": {"node": [node, *ops]}})
            >>> saved = asyncio.run(model.save(tf.io.withSaveHandler(lambda artifacts: list(artifacts))))
            >>> saved
            ['modelTopology']
        """
        return await call_handler(handler_for(handler_or_url, "save"), "save", self._artifacts)

    def dispose(self) -> None:
        """Frees the weights; the model cannot be used any more.

        Example:
            >>> import tfjs_pyo as tf
            >>> node = {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}}}
            >>> ops = [{"name": "y", "op": "Square", "input": ["x"]}, {"name": "z", "op": "Neg", "input": ["y"]}]
            >>> model = tf.loadGraphModelSync({"modelTopology": {"node": [node, *ops]}})
            >>> model.dispose()
            >>> model.predict(tf.scalar(1))
            Traceback (most recent call last):
                ...
            tfjs_pyo.errors.DisposedError: GraphModel: this model was disposed of. Load it again.
        """
        self._disposed = True
        for tensor in self._constants.values():
            tensor.dispose()
        self._tables.clear()

    def get_intermediate_tensors(self) -> dict[str, list[Tensor]]:
        """Returns nothing: values between inputs and outputs are freed as soon as nothing reads them.

        Example:
            >>> import tfjs_pyo as tf
            >>> node = {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}}}
            >>> ops = [{"name": "y", "op": "Square", "input": ["x"]}, {"name": "z", "op": "Neg", "input": ["y"]}]
            >>> model = tf.loadGraphModelSync({"modelTopology": {"node": [node, *ops]}})
            >>> _ = model.predict(tf.scalar(2))
            >>> model.getIntermediateTensors()
            {}
        """
        return {}

    def dispose_intermediate_tensors(self) -> None:
        """Does nothing: there are none.

        Example:
            >>> import tfjs_pyo as tf
            >>> node = {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}}}
            >>> ops = [{"name": "y", "op": "Square", "input": ["x"]}, {"name": "z", "op": "Neg", "input": ["y"]}]
            >>> model = tf.loadGraphModelSync({"modelTopology": {"node": [node, *ops]}})
            >>> model.disposeIntermediateTensors()
            >>> model.getIntermediateTensors()
            {}
        """


def _node(graph: Graph, source: Input) -> GraphNode:
    if source.name not in graph.nodes:
        raise FormatError(f"loadGraphModel: the initializer has no node {source.name!r:.60}.")
    return graph.nodes[source.name]


def _natural(name: str) -> list[tuple[int, str]]:
    """Returns a key that sorts names by the numbers in them: 'a' before 'a_2' before 'a_10'."""
    return [
        (len(part.lstrip("0")), part.lstrip("0")) if part.isdigit() else (-1, part)
        for part in re.split(r"(\d+)", name.partition(":")[0])
    ]


def _refuse_layers(topology: Any) -> None:
    """Raises FormatError where what is loaded is a model of layers."""
    keys = ("class_name", "className", "model_config", "config")
    if isinstance(topology, Mapping) and "node" not in topology and any(key in topology for key in keys):
        raise FormatError("loadGraphModel: this is a model of layers. Load it with tf.loadLayersModel(...).")


def _mapping(key: str, value: Any) -> Mapping[str, Any]:
    """Returns a part of model.json that has keys; nothing where it is left out."""
    if value is not None and not isinstance(value, Mapping):
        raise FormatError(f"loadGraphModel: expected {key!r} to have keys, received {value!r:.60}.")
    return value or {}


def _check_keys(keys: Any) -> None:
    if not isinstance(keys, (list, tuple)) or not all(isinstance(key, str) for key in keys):
        raise FormatError(
            f"loadGraphModel: expected {_STRUCTURED!r} to be a list of names, received {keys!r:.60}."
        )


def _fitting(value: Any, info: TensorInfo) -> Tensor:
    if not isinstance(value, Tensor):
        value = _tensor(value, info)
    if info.dtype is not None and value.dtype != info.dtype:
        raise DTypeError(
            f"predict: expected {info.dtype} for {info.name!r:.60}, received {value.dtype}. tf.cast changes dtypes."
        )
    fits = info.shape is None or (
        len(info.shape) == value.rank
        and all(e in (None, s) for e, s in zip(info.shape, value.shape, strict=True))
    )
    if not fits:
        raise ShapeError(
            f"predict: expected shape {info.shape} for {info.name!r:.60}, received {value.shape}."
        )
    return value


def _tensor(value: Any, info: TensorInfo) -> Tensor:
    """Returns numbers, lists or an array as a tensor of the dtype that is asked for, where that holds all of them."""
    found: Tensor = ops.tensor(value)
    if info.dtype == found.dtype or info.dtype not in STORED or found.dtype not in STORED:
        return found
    whole = found.dtype != "float32" or all(number.is_integer() for number in found.data_sync())
    return (
        ops.cast(found, info.dtype) if info.dtype == "float32" or (info.dtype == "int32" and whole) else found
    )


def _weights(artifacts: Artifacts) -> dict[str, Tensor]:
    specs, data = artifacts.get("weightSpecs"), artifacts.get("weightData")
    if not specs:
        return {}
    if data is None:
        raise FormatError("loadGraphModel: expected 'weightData' with 'weightSpecs', received none.")
    return dict(decode_weights(data, specs))


@naming.takes_config(data=("model_url",), mappings=("request_init",))
async def load_graph_model(
    model_url: ModelSource,
    from_tf_hub: bool = False,
    on_progress: Callable[[float], Any] | None = None,
    request_init: Mapping[str, Any] | None = None,
    fetch_func: Callable[..., Any] | None = None,
    weight_path_prefix: str | None = None,
    weight_url_converter: Callable[[str], Any] | None = None,
    stream_weights: bool = False,
) -> GraphModel:
    """Returns a model that the converter of TensorFlow.js made of a SavedModel.

    Args:
        model_url: a path of a model.json or its folder; its address; `memory://name` and the other places of
            `tf.loadLayersModel`; or a handler, such as `tf.io.browserFiles` and `tf.io.fromMemory` make.
        from_tf_hub: whether the address is one of tfhub.dev's, without the file.
        on_progress: called with shares from 0 to 1.
        request_init, fetch_func: how files are fetched.
        weight_path_prefix, weight_url_converter: where weights are.
        stream_weights: whether one file is fetched after the other.

    Raises:
        FormatError: the files do not hold what they promise.
        OptionError: an unknown option.
        StorageError: a file cannot be fetched.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> topology = {"node": [{"name": "x", "op": "Placeholder"}, {"name": "y", "op": "Relu", "input": ["x"]}]}
        >>> model = asyncio.run(tf.loadGraphModel(tf.io.fromMemory({"modelTopology": topology})))
        >>> model.execute({"x": tf.tensor1d([-1, 2])}, "y").array_sync()
        [0.0, 2.0]

    Source: https://js.tensorflow.org/api/latest/#loadGraphModel
    """
    told = {
        "on_progress": on_progress, "request_init": request_init, "fetch_func": fetch_func,
        "weight_path_prefix": weight_path_prefix, "weight_url_converter": weight_url_converter,
        "stream_weights": stream_weights or None,
    }  # fmt: skip
    given = {name: value for name, value in told.items() if value is not None}
    if from_tf_hub and isinstance(model_url, str):
        model_url = f"{model_url.rstrip('/')}/model.json?tfjs-format=file"
    artifacts = await loaded(handler_for(model_url, "load", given), "loadGraphModel")
    model = GraphModel(artifacts, model_url)
    await model.load()
    return model


@naming.spelled
def load_graph_model_sync(model_source: ModelSource) -> GraphModel:
    """Returns the model of artifacts that are in memory.

    Args:
        model_source: a handler whose `load` returns artifacts at once, or artifacts.

    Raises:
        ArgumentError: it is neither.
        FormatError: the artifacts do not hold what they promise.

    Example:
        >>> import tfjs_pyo as tf
        >>> topology = {"node": [{"name": "x", "op": "Placeholder"}, {"name": "y", "op": "Neg", "input": ["x"]}]}
        >>> tf.loadGraphModelSync({"modelTopology": topology}).predict(tf.scalar(2.0)).array_sync()
        -2.0

    Source: https://js.tensorflow.org/api/latest/#loadGraphModelSync
    """
    load = getattr(model_source, "load", None)
    artifacts = artifacts_of(load() if callable(load) else model_source)
    if artifacts is None:
        raise ArgumentError(
            f"loadGraphModelSync: expected artifacts or a handler that loads at once, received {type(model_source).__name__}."
        )
    model = GraphModel(artifacts, model_source)
    at_once(model.load())
    return model
