"""What happens when a layer is called: on symbolic tensors, which makes a part of a graph, or on tensors."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, cast
from weakref import WeakKeyDictionary

from tfjs_pyo import naming, nests
from tfjs_pyo.core import context, engine
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, ShapeError, TfError
from tfjs_pyo.layers import trials
from tfjs_pyo.layers.input_spec import (
    InputSpec,
    array_arguments,
    as_tensors,
    build_arguments,
    dict_argument,
    named_arguments,
)
from tfjs_pyo.layers.members import Members
from tfjs_pyo.layers.passing import activity, masks_of, note_penalty, set_masks
from tfjs_pyo.layers.symbols import LayerCall, SymbolicTensor, is_symbol, symbols_of
from tfjs_pyo.options import shown
from tfjs_pyo.shapes import batch_advice
from tfjs_pyo.types import Result

if TYPE_CHECKING:
    from tfjs_pyo.layers.base import Layer


def _is_tensor(value: Any) -> bool:
    return isinstance(value, Tensor)


_signatures: WeakKeyDictionary[Any, Mapping[str, inspect.Parameter]] = WeakKeyDictionary()
"""By the functions of methods: asking Python takes longer than many a layer."""


def _parameters(method: Any) -> Mapping[str, inspect.Parameter]:
    """Returns the parameters of a method, without `self`."""
    function = getattr(method, "__func__", None)
    if type(function) is not FunctionType:
        return inspect.signature(method).parameters
    found = _signatures.get(function)
    if found is None:
        found = _signatures[function] = inspect.signature(method).parameters
    return found


class Calling(Members):
    """The part of a layer that is called: checks inputs, builds, runs `call`, and finds shapes."""

    input: Any  # `__getattr__` finds these four, so that subclasses may have attributes and options of their names
    output: Any
    input_shape: Any
    output_shape: Any
    call: Callable[..., Any]
    build: Callable[..., None]
    compute_output_shape: Callable[[Any], Any]
    _spread_trainable: Callable[[], None]
    set_weights: Callable[[Any], None]
    name: Any
    trainable: Any
    built: bool
    building: int
    _several_inputs: ClassVar[bool]
    supports_masking: ClassVar[bool]
    _shapes_by_calling: bool
    input_spec: InputSpec | Sequence[InputSpec] | None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Applies the layer to symbolic or concrete tensors; the inputs may come by name as well."""
        if not args:
            first = next(iter(_parameters(self.call)), "inputs")
            name = next((each for each in (first, "inputs", self._first_argument) if each in kwargs), None)
            if name is None:
                raise ArgumentError(f"{self.display_name}: expected inputs, received none.")
            args = (kwargs.pop(name),)
        return self.apply(*args, **kwargs)

    _first_argument: ClassVar[str] = "inputs"
    """What Keras calls the first argument."""

    def apply(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Applies the layer to a tensor or a structure of them.

        Args:
            inputs: symbolic tensors, when a model is put together, or tensors; several as a list or a dict.
            args, kwargs: what else `call` takes, such as `training=True`, or further tensors; also as a dict.

        Returns:
            Tensors of tensors, symbolic tensors of symbolic ones.

        Raises:
            ArgumentError: `call` takes no such arguments, or one tensor where a list is given.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.flatten()
            >>> layer.apply(tf.ones([2, 3, 4])).shape, layer.apply(tf.input({"shape": [3, 4]})).shape
            ((2, 12), (None, 12))

        Source: https://js.tensorflow.org/api/latest/#tf.layers.Layer.apply
        """
        arguments = array_arguments(self._named_arguments(args, kwargs))
        inputs = self._one_or_several(as_tensors(inputs, self._takes_a_list()))
        items = list(nests.leaves(inputs))
        symbolic = [isinstance(item, SymbolicTensor) for item in items]
        if any(symbolic) or any(map(is_symbol, nests.leaves(arguments))):
            if any(symbolic) and not all(symbolic):
                raise ArgumentError(
                    f"{self.display_name}: expected only symbolic tensors or only tensors, received both."
                )
            return self._record(inputs, arguments)
        if not all(isinstance(item, Tensor) for item in items):
            kinds = ", ".join(type(item).__name__ for item in items)
            raise ArgumentError(
                f"{self.display_name}: expected a tensor or a symbolic tensor, received {kinds}."
            )
        return self._run(inputs, arguments)

    @property
    def _dtype_of_inputs(self) -> str:
        """The dtype of inputs whose dtype nobody says, as in a stack that the layer begins."""
        return self.dtype

    def _takes_a_list(self) -> bool:
        """Returns whether inputs are always a list of tensors, so that a list of numbers is no tensor."""
        return False

    def _argument_names(self) -> list[str]:
        """Returns the names of what the layer may be given after the inputs, in the order of their places."""
        parameters = list(_parameters(self.call).values())[1:]
        return [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]

    def _named_arguments(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Returns what is given besides the inputs, by name."""
        return named_arguments(self.display_name, self._argument_names(), args, kwargs)

    def _one_or_several(self, inputs: Any) -> Any:
        """Returns the inputs: of a layer of one input the tensor itself, also where it comes as a list of one.

        Raises:
            ArgumentError: several tensors for a layer of one input.
        """
        if not self._several_inputs and isinstance(inputs, Mapping):
            raise ArgumentError(f"{self.display_name}: expected one tensor, received a dict.")
        if self._several_inputs or not isinstance(inputs, (list, tuple)):
            return inputs
        if len(inputs) != 1 and all(isinstance(item, (Tensor, SymbolicTensor)) for item in inputs):
            raise ArgumentError(
                f"{self.display_name}: expected one tensor, received a list of {len(inputs)}."
            )
        return inputs[0] if len(inputs) == 1 else inputs

    def _run(self, inputs: Any, arguments: Mapping[str, Any]) -> Any:
        """Builds the layer if need be and calls it on tensors; errors name the layer."""
        inputs = self._one_or_several(inputs)
        if self.input_spec is not None:
            self._check_inputs(list(nests.leaves(inputs)))
        if not self.built:
            given = nests.take(arguments, _is_tensor).values
            with trials.built_for(cast("Layer", self), inputs):
                self._ensure_built(trials.shapes_of(inputs), trials.shapes_of(arguments) if given else None)
        told = arguments.get("mask")
        mask = masks_of(inputs) if told is None else told
        if self._call_hook is not None:
            self._call_hook(inputs, dict(arguments))
        try:
            outputs = self._invoke(inputs, arguments, mask)
        except TfError as error:
            error.add_note(
                f"In layer {self.name!r} ({type(self).__name__}), called with inputs of shape {trials.shapes_of(inputs)}."
            )
            raise
        self._require_output(outputs)
        self._note_activity(outputs)
        if mask is not None or self._makes_masks:
            set_masks(outputs, self.compute_mask(inputs, mask))
        return outputs

    def _invoke(self, inputs: Any, arguments: Mapping[str, Any], mask: Any = None) -> Any:
        """Returns what `call` gives for inputs, with those of the arguments that it takes."""
        return self.call(inputs, **self._accepted(arguments, mask))

    _makes_masks: ClassVar[bool] = False
    """Whether outputs may have a mask although the inputs have none."""

    def compute_mask(self, inputs: Any, mask: Any = None) -> Result:  # noqa: ARG002 (what subclasses take)
        """Returns the mask of the outputs: bool [batch, steps], or None.

        Args:
            inputs: what the layer was called with.
            mask: that of the inputs, for several inputs a list.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.masking()
            >>> layer.computeMask(tf.tensor3d([[[1], [0]]])).arraySync()
            [[True, False]]

        Source: https://js.tensorflow.org/api/latest/#tf.layers.Layer.computeMask
        """
        return mask if self.supports_masking and not isinstance(mask, (list, Mapping)) else None

    def _note_activity(self, outputs: Any) -> None:
        penalty = vars(self).get("activity_regularizer")
        if penalty is not None:
            for output in nests.leaves(outputs):
                self._add_penalty(penalty(output) / output.shape[0])

    def _add_penalty(self, penalty: Tensor) -> None:
        """Adds a scalar to the loss for the call that is under way."""
        note_penalty(penalty)

    def _accepted(self, arguments: Mapping[str, Any], mask: Any = None) -> dict[str, Any]:
        """Returns the arguments that `call` takes; `training` and the masks of tensors are offered to every layer."""
        parameters = _parameters(self.call)
        if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
            return dict(arguments)
        place = dict_argument(parameters)
        if place is not None:
            return {place: {**arguments, **({} if mask is None else {"mask": mask})}}
        first, known = next(iter(parameters), ""), [name for name in parameters if name != "inputs"]
        wanted = {k: v for k, v in arguments.items() if k != "training" or "training" in parameters}
        accepted = naming.keyword_arguments(self.display_name, wanted, known)
        further = [name for name, value in accepted.items() if isinstance(value, Tensor)]
        masks = {"mask": mask, f"{first}_mask": mask if further else None}
        masks |= {f"{name}_mask": masks_of(accepted[name]) for name in further}
        for name, value in masks.items():
            if value is not None and name in parameters and accepted.get(name) is None:
                accepted[name] = value
        return accepted

    # Building

    def _ensure_built(self, input_shape: Any, further: Mapping[str, Any] | None = None) -> None:
        """Makes the weights unless they exist.

        Args:
            input_shape: of the inputs: a shape, or a list or dict of them.
            further: the shapes of other tensors that the layer is given, by the names of the arguments.
        """
        if not self.built:
            with engine.exclusive:
                self._build_once(input_shape, further)

    def _build_once(self, input_shape: Any, further: Mapping[str, Any] | None) -> None:
        """Makes the weights, unless another thread did meanwhile."""
        if self.built:
            return
        self._building += 1
        try:
            with context.outside_traces():
                shape, others = trials.shapes_to_build((input_shape, further or {}))
                self.build(*build_arguments(self.display_name, self.build, self.call, shape, others))
                self._after_build()
        finally:
            self._building -= 1

    def _after_build(self) -> None:
        """Does what follows when weights were made."""
        if not self.trainable:
            self._spread_trainable()
        if self._first_weights is not None:
            self.set_weights(self._first_weights)
        self.built = True

    # Symbols

    def _record(self, inputs: Any, arguments: dict[str, Any]) -> Any:
        """Returns the symbolic tensors that the layer gives for symbolic ones."""
        call = LayerCall(cast("Layer", self), inputs, arguments)
        items = [item for item in nests.leaves(inputs) if isinstance(item, SymbolicTensor)]
        self._check_inputs(items)
        masked = self._shapes_by_calling and any(name.endswith("mask") for name in self._argument_names())
        specs, others = call.given([trials.spec_of(symbol, masked) for symbol in call.inputs])
        several = len(items) < len(call.inputs)
        with trials.built_for(cast("Layer", self), specs):
            self._ensure_built(trials.shapes_of(specs), trials.shapes_of(others) if several else None)
        call.result, given = nests.take(self._specs_of_call(specs, others))
        outputs = call.give([(spec.shape, spec.dtype) for spec in given])
        self._note_call(call)
        return nests.fill(call.result, outputs)

    def __getattr__(self, name: str) -> Any:
        what = naming.snake(name)
        if what in ("input", "output", "input_shape", "output_shape"):  # unless an option has this name
            own = hasattr(type(self), what)
            return getattr(self, what) if own else symbols_of(self, what, self._uses())
        return super().__getattr__(name)

    def _specs_of_call(self, inputs: Any, arguments: Mapping[str, Any]) -> Any:
        """Returns what the layer gives, with a Spec for each tensor.

        Args:
            inputs: a Spec, or a structure of them.
            arguments: what else `call` is given, with Specs for tensors.
        """
        if self._shapes_by_calling:
            return trials.outputs_of(cast("Layer", self), inputs, arguments)
        first = next(nests.leaves(inputs), None)
        dtype = first.dtype if isinstance(first, trials.Spec) else "float32"
        return trials.specs_of(self._shapes_of_call(trials.shapes_of(inputs), arguments), dtype)

    def _shapes_of_call(self, input_shape: Any, arguments: Mapping[str, Any]) -> Any:
        """Returns what `compute_output_shape` does; layers whose arguments ask for further outputs say so here.

        A shape is a tuple, a list is one of several outputs; layers of users may give a single shape as a list.
        """
        if self._shapes_by_calling:
            return trials.shapes_of(
                trials.outputs_of(cast("Layer", self), trials.specs_of(input_shape, "float32"), arguments)
            )
        return trials.as_shapes(self.compute_output_shape(input_shape))

    def _call_for_shapes(self, inputs: Any, arguments: Mapping[str, Any]) -> Any:
        """Calls a layer that is built on tensors that have no values; what it adds to the loss is not kept."""
        with activity():
            return self._invoke(inputs, {"training": False, **arguments}, masks_of(inputs))

    # Checks

    def _check_inputs(self, items: Sequence[Any]) -> None:
        """Raises unless inputs are as `input_spec` says."""
        if self.input_spec is None:
            return
        specs = [self.input_spec] if isinstance(self.input_spec, InputSpec) else list(self.input_spec)
        if len(specs) != len(items):
            raise ArgumentError(f"{self.display_name}: expected {len(specs)} inputs, received {len(items)}.")
        for spec, item in zip(specs, items, strict=True):
            spec.check(self.display_name, item.shape, item.dtype)

    def _require_tensors(self, inputs: Any) -> None:
        """Raises ArgumentError where what the layer is given holds no tensor, or nothing at all beside one."""
        leaves = list(nests.leaves(inputs))
        wrong = [each for each in leaves if each is None or type(each) is object]
        if not leaves or len(wrong) == len(leaves):
            raise ArgumentError(f"{self.display_name}: expected a tensor, received {shown(inputs)}.")

    def _require_output(self, outputs: Any) -> None:
        """Raises ArgumentError where `call` returned nothing."""
        if outputs is None:
            raise ArgumentError(
                f"{self.display_name}: expected call to return a tensor, received None. Is there a `return` at its end?"
            )

    def _require_rank(self, input_shape: Any, rank: int, meaning: str) -> None:
        """Raises ShapeError unless inputs have this rank."""
        if len(input_shape) != rank:
            raise ShapeError(
                f"{self.display_name}: expected inputs of rank {rank} {meaning}, received shape {tuple(input_shape)}."
                f"{batch_advice(input_shape, rank)}"
            )

    def _require_known(self, dim: int | None, meaning: str, input_shape: Any) -> int:
        """Returns a dimension that must be known to make weights."""
        if dim is None:
            raise ShapeError(
                f"{self.display_name}: expected {meaning} to be known, received shape {tuple(input_shape)}."
            )
        return dim


__all__ = ["Calling"]
