"""Optimizers of Keras's that leave steps to others: one that scales losses, and one that shares out variables."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, MutableMapping, Sequence
from typing import Any, ClassVar

from tfjs_pyo import naming, ops
from tfjs_pyo.config import Order, field, positive_int
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.optimizers import base
from tfjs_pyo.optimizers.copying import Copied
from tfjs_pyo.optimizers.keras_optimizer import Optimizer
from tfjs_pyo.optimizers.known import OPTIMIZERS
from tfjs_pyo.optimizers.schedules import Rate, above_zero


def _absent(default: Any) -> Any:
    """Declares what the optimizers inside are told, and this one is not."""
    return field(default, argument="", saved=False)


class Wrapper(Optimizer, dialect=KERAS):
    """Base of optimizers that hold others, which have the state of variables."""

    _internal: ClassVar[tuple[str, ...]] = ("inner", "inner_places", "own_numbers", "variables_of")
    is_replayed: ClassVar[bool] = False

    learning_rate: Rate = _absent(0.0)
    weight_decay: float | None = _absent(None)
    clip_norm: float | None = _absent(None)
    clip_value: float | None = _absent(None)
    global_clip_norm: float | None = _absent(None)
    use_ema: bool = _absent(False)
    ema_momentum: float = _absent(0.99)
    ema_overwrite_frequency: int | None = _absent(None)
    gradient_accumulation_steps: int | None = _absent(None)

    own_numbers: ClassVar[tuple[str, ...]] = ()
    """The names of this optimizer's own numbers, in the order of Keras's files."""

    _made_whole = False  # what is set before is a default, for none of the optimizers inside

    def inner(self) -> Sequence[base.Optimizer]:
        """Returns the optimizers inside."""
        raise NotImplementedError

    def inner_places(self) -> list[str]:
        """Returns where Keras's files have the optimizers inside, below this one."""
        raise NotImplementedError

    def variables_of(self, optimizer: base.Optimizer, variables: Sequence[Variable]) -> list[Variable]:  # noqa: ARG002
        """Returns those of some variables that an optimizer inside updates."""
        return list(variables)

    @property
    def counts_steps(self) -> bool:
        return False

    def prepare(self) -> None:
        """Makes the numbers of this optimizer; it has no rate of its own."""

    def traits(self) -> Hashable:
        config = {k: v for k, v in self.get_config().items() if not isinstance(v, Mapping)}
        return repr(config), tuple(optimizer.traits() for optimizer in self.inner())

    def finalize_variable_values(self, var_list: Sequence[Variable]) -> None:
        for optimizer in self.inner():
            optimizer.finalize_variable_values(var_list)

    def variables_in_copies(self) -> Sequence[Variable]:
        inside = [variable for optimizer in self.inner() for variable in optimizer.variables_in_copies()]
        return [*super().variables_in_copies(), *inside]

    def counts_in_copies(self) -> Sequence[tuple[Copied, int]]:
        inside = [count for optimizer in self.inner() for count in optimizer.counts_in_copies()]
        return [*super().counts_in_copies(), *inside]

    @property
    def weights(self) -> list[Variable]:
        """The variables of this optimizer and of those inside."""
        return [*super().weights, *(weight for optimizer in self.inner() for weight in optimizer.weights)]

    @property
    def variables(self) -> list[Variable]:
        """The variables of this optimizer and of those inside."""
        return self.weights

    async def _with_inner(
        self, own: list[dict[str, Any]], states: Sequence[list[dict[str, Any]]]
    ) -> list[dict[str, Any]]:
        numbers = [{"name": name, "tensor": state.read()} for name, state in self._named.items()]
        inside = [
            {**entry, "name": f"inner_{place}/{entry['name']}"}
            for place, state in enumerate(states)
            for entry in state
        ]
        return [*own, *numbers, *inside]

    async def get_weights(self) -> list[dict[str, Any]]:
        own = await super().get_weights()
        return await self._with_inner(own[:1], [await each.get_weights() for each in self.inner()])

    async def state_of(self, variables: Sequence[Variable]) -> list[dict[str, Any]]:
        own = (await super().get_weights())[:1]
        states = [await each.state_of(self.variables_of(each, variables)) for each in self.inner()]
        return await self._with_inner(own, states)

    async def set_weights(self, weights: Sequence[Mapping[str, Any]]) -> None:
        entries = list(weights)
        await super().set_weights([entry for entry in entries if entry["name"] == "iter"])
        for name, state in self._named.items():
            found = [entry["tensor"] for entry in entries if entry["name"] == name]
            state.assign(found[0] if found else state)
        for place, optimizer in enumerate(self.inner()):
            prefix = f"inner_{place}/"
            inside = [
                {**entry, "name": entry["name"].removeprefix(prefix)}
                for entry in entries
                if entry["name"].startswith(prefix)
            ]
            await optimizer.set_weights(inside)

    def dispose(self) -> None:
        for optimizer in self.inner():
            optimizer.dispose()
        super().dispose()


def optimizer_of(owner: str, name: str, value: Any) -> base.Optimizer:
    """Returns an optimizer, which may come as its name or config and is none of these; a conversion for fields."""
    found = OPTIMIZERS.in_keras.get(value, f"{owner}: {name!r}")
    if not isinstance(found, base.Optimizer) or isinstance(found, Wrapper):
        raise OptionError(
            f"{owner}: expected {name!r} to be an optimizer such as keras.optimizers.Adam(), received {value!r}."
        )
    return found


class LossScaleOptimizer(Wrapper, dialect=KERAS):
    """Multiplies losses by a scale and divides gradients by it, for those that would be too small numbers.

    Steps with gradients that are not finite change nothing and halve the scale; it doubles after `dynamic_growth_steps` others.

    Args:
        inner_optimizer: what makes the steps.
        initial_scale: first scale.
        dynamic_growth_steps: steps after which it doubles.
        name: of the optimizer.

    Example:
        >>> from tfjs_pyo import keras
        >>> optimizer = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.5), initial_scale=8.0)
        >>> w = keras.Variable(1.0)
        >>> optimizer.apply([w * 8.0], [w])
        >>> float(w), float(optimizer.dynamic_scale)
        (0.5, 8.0)

    Source: https://keras.io/api/optimizers/loss_scale_optimizer/
    """

    order: ClassVar[Order] = ("inner_optimizer", "initial_scale", "dynamic_growth_steps", "name", ...)

    own_numbers = ("step_counter", "dynamic_scale")

    loss_scale_factor: float | None = _absent(None)
    inner_optimizer: Any = field(convert=optimizer_of)
    initial_scale: float = field(2.0**15, above_zero)
    dynamic_growth_steps: int = field(2000, positive_int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inner_optimizer.loss_scale_factor = None
        self.inner_optimizer._steps_on_device = True
        self._made_whole = True

    @property
    def learning_rate(self) -> Any:
        """That of the optimizer inside."""
        return self.inner_optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        if self._made_whole:
            self.inner_optimizer.learning_rate = value

    @property
    def given_rate(self) -> Rate:
        rate: Rate = self.inner_optimizer.given_rate
        return rate

    @property
    def rate(self) -> Tensor:
        rate: Tensor = self.inner_optimizer.rate
        return rate

    @property
    def iterations(self) -> Any:
        """How many steps the optimizer inside has made."""
        return self.inner_optimizer.iterations

    @property
    def dynamic_scale(self) -> Variable:
        """The present scale."""
        return self.state("dynamic_scale", self.initial_scale)

    @property
    def step_counter(self) -> Variable:
        """How many steps were made since the scale changed."""
        return self.state("step_counter", 0.0)

    def inner(self) -> Sequence[base.Optimizer]:
        return (self.inner_optimizer,)

    def inner_places(self) -> list[str]:
        return ["inner_optimizer"]

    def prepare(self) -> None:
        _ = self.step_counter, self.dynamic_scale

    def build(self, variables: Sequence[Variable]) -> None:
        super().build(variables)
        self.inner_optimizer.build(variables)

    def scale_loss(self, loss: Tensor) -> Tensor:
        return ops.cast(loss, "float32") * self.dynamic_scale

    def take(self, gradients: Sequence[Tensor], variables: Sequence[Variable]) -> None:
        scale, steps, optimizer = self.dynamic_scale, self.step_counter, self.inner_optimizer
        finite = ops.all(ops.stack([ops.all(ops.is_finite(g)) for g in gradients]))
        before = [(variable, variable.read()) for variable in (*variables, *optimizer.weights)]
        optimizer.take([g / scale for g in gradients], variables)
        for variable, value in before:
            variable.assign(ops.where(finite, variable, value))
        enough = ops.equal(steps, float(self.dynamic_growth_steps - 1))
        scale.assign(ops.where(finite, ops.where(enough, scale * 2.0, scale), scale * 0.5))
        goes_on = ops.logical_and(finite, ops.logical_not(enough))
        steps.assign(ops.where(goes_on, steps + 1.0, 0.0))


class OptimizerMap(MutableMapping[str, Any]):
    """Optimizers by the paths of variables, or by regular expressions that match the whole path.

    Args:
        default_optimizer: of all other variables.
        optimizer_map: first entries.

    Raises:
        OptionError: what is no optimizer, or a key that is there already.
        ArgumentError: a path that several expressions match.

    Example:
        >>> from tfjs_pyo import keras
        >>> optimizers = keras.optimizers.OptimizerMap(keras.optimizers.SGD())
        >>> optimizers["encoder/.*"] = keras.optimizers.Adam()
        >>> type(optimizers["encoder/kernel"]).__name__, type(optimizers["decoder/kernel"]).__name__
        ('Adam', 'SGD')

    Source: https://keras.io/api/optimizers/
    """

    def __init__(self, default_optimizer: Any, optimizer_map: Mapping[str, Any] | None = None) -> None:
        self.default_optimizer = optimizer_of("OptimizerMap", "default_optimizer", default_optimizer)
        self._known: dict[str, base.Optimizer] = {}
        for pattern, optimizer in (optimizer_map or {}).items():
            self[pattern] = optimizer

    def __getitem__(self, key: str) -> base.Optimizer:
        if key in self._known:
            return self._known[key]
        found = [pattern for pattern in self._known if re.fullmatch(pattern, key)]
        if len(found) > 1:
            raise ArgumentError(f"OptimizerMap: expected one optimizer for {key!r}, {found} match.")
        return self._known[found[0]] if found else self.default_optimizer

    def __setitem__(self, key: str, optimizer: Any) -> None:
        if key in self._known:
            raise OptionError(f"OptimizerMap: {key!r} has {self._known[key]!r} already; delete it first.")
        self._known[key] = optimizer_of("OptimizerMap", key, optimizer)

    def __delitem__(self, key: str) -> None:
        del self._known[key]

    def __len__(self) -> int:
        return len(self._known)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __call__(self, variable: Variable) -> base.Optimizer:
        """Returns the optimizer of a variable."""
        return self[getattr(variable, "path", variable.original_name)]

    def get_config(self) -> dict[str, Any]:
        """Returns what `from_config` takes, as JSON values.

        Example:
            >>> from tfjs_pyo import keras
            >>> optimizers = keras.optimizers.OptimizerMap(keras.optimizers.SGD(), {"encoder/.*": keras.optimizers.Adam()})
            >>> config = optimizers.get_config()
            >>> config["default_optimizer"]["class_name"], list(config["optimizer_map"])
            ('SGD', ['encoder/.*'])

        Source: https://keras.io/api/optimizers/
        """
        known = {key: _config(optimizer) for key, optimizer in self._known.items()}
        return {"default_optimizer": _config(self.default_optimizer), "optimizer_map": known}

    @classmethod
    def from_config(cls, config: Mapping[str, Any], custom_objects: Any = None) -> OptimizerMap:  # noqa: ARG003
        """Returns a map made from what `get_config` gave.

        Args:
            config: dict with 'default_optimizer' and 'optimizer_map'.
            custom_objects: accepted as it is; it has no effect here.

        Raises:
            OptionError: an entry that is no optimizer.

        Example:
            >>> from tfjs_pyo import keras
            >>> first = keras.optimizers.OptimizerMap(keras.optimizers.SGD(), {"encoder/.*": keras.optimizers.Adam()})
            >>> second = keras.optimizers.OptimizerMap.from_config(first.get_config())
            >>> type(second["encoder/kernel"]).__name__
            'Adam'

        Source: https://keras.io/api/optimizers/
        """
        return cls(**config)


def _config(optimizer: base.Optimizer) -> dict[str, Any]:
    return _told(optimizer.saved_class_name(), optimizer.get_config())


def _told(name: str, config: dict[str, Any]) -> dict[str, Any]:
    return {"module": "keras.optimizers", "class_name": name, "config": config, "registered_name": None}


def _map_of(owner: str, name: str, value: Any) -> Callable[[Variable], Any]:
    if isinstance(value, Mapping) and not isinstance(value, OptimizerMap):
        return OptimizerMap.from_config(value.get("config", value))
    if not callable(value):
        raise OptionError(
            f"{owner}: expected {name!r} to be an OptimizerMap or a function of a variable, received {value!r}."
        )
    return value


class MultiOptimizer(Wrapper, dialect=KERAS):
    """Leaves each variable to an optimizer of its own.

    Args:
        optimizer_map: an OptimizerMap, or a function that returns the optimizer of a variable.
        loss_scale_factor: what losses are multiplied by before gradients are taken.
        name: of the optimizer.

    Raises:
        OptionError: a function that gives no optimizer.

    Example:
        >>> from tfjs_pyo import keras
        >>> slow, fast = keras.Variable(1.0, name="slow"), keras.Variable(1.0, name="fast")
        >>> sgd = keras.optimizers.SGD
        >>> optimizer = keras.optimizers.MultiOptimizer(lambda v: sgd(0.5 if v.name == "fast" else 0.25))
        >>> optimizer.apply([slow * 1.0, fast * 1.0], [slow, fast])
        >>> float(slow), float(fast)
        (0.75, 0.5)

    Source: https://keras.io/api/optimizers/
    """

    order: ClassVar[Order] = ("optimizer_map", "loss_scale_factor", "name", ...)

    optimizer_map: Any = field(convert=_map_of)
    loss_scale_factor: float | None = field(None, above_zero)

    def __init__(
        self, optimizer_map: Any, loss_scale_factor: float | None = None, name: str | None = None
    ) -> None:
        self._inner: list[base.Optimizer] = []
        self._chosen: dict[int, base.Optimizer] = {}
        # By name: a mapping in the last place would be taken for a config.
        super().__init__(optimizer_map=optimizer_map, loss_scale_factor=loss_scale_factor, name=name)
        if isinstance(self.optimizer_map, OptimizerMap):
            for optimizer in (*self.optimizer_map.values(), self.optimizer_map.default_optimizer):
                self._note(optimizer)
        self._made_whole = True

    @property
    def learning_rate(self) -> Any:
        """There is none: each of `optimizers` has its own."""
        raise AttributeError("learning_rate")  # Python then asks __getattr__

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        if self._made_whole:
            raise AttributeError(
                f"MultiOptimizer: the learning rate cannot be set to {value!r}; set that of the optimizers inside."
            )

    @property
    def given_rate(self) -> Rate:
        """There is none."""
        raise AttributeError("given_rate")

    def __getattr__(self, name: str) -> Any:
        if name in ("learning_rate", "given_rate"):
            raise AttributeError(
                "MultiOptimizer: there is no one learning rate. Ask the optimizers inside: "
                "optimizer.optimizers[0].learning_rate."
            )
        return super().__getattr__(name)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        if isinstance(self.optimizer_map, OptimizerMap):
            config["optimizer_map"] = _told("OptimizerMap", self.optimizer_map.get_config())
        return config

    @property
    def optimizers(self) -> list[base.Optimizer]:
        """The optimizers inside."""
        return self._inner

    def inner(self) -> Sequence[base.Optimizer]:
        return self._inner

    def inner_places(self) -> list[str]:
        kinds = [naming.keras_snake(type(optimizer).__name__) for optimizer in self._inner]
        counts = [kinds[:place].count(kind) for place, kind in enumerate(kinds)]
        return [
            f"optimizers/{kind}{f'_{count}' * bool(count)}" for kind, count in zip(kinds, counts, strict=True)
        ]

    def variables_of(self, optimizer: base.Optimizer, variables: Sequence[Variable]) -> list[Variable]:
        return [variable for variable in variables if self._of(variable) is optimizer]

    def _note(self, optimizer: base.Optimizer) -> None:
        if all(known is not optimizer for known in self._inner):
            optimizer.loss_scale_factor = self.loss_scale_factor
            self._inner.append(optimizer)

    def _of(self, variable: Variable) -> base.Optimizer:
        if variable.id not in self._chosen:
            found = optimizer_of(
                self.display_name, f"optimizer_map({variable.name})", self.optimizer_map(variable)
            )
            self._note(found)
            self._chosen[variable.id] = found
        return self._chosen[variable.id]

    def build(self, variables: Sequence[Variable]) -> None:
        super().build(variables)
        for variable in variables:
            self._of(variable).build([variable])

    def take(self, gradients: Sequence[Tensor], variables: Sequence[Variable]) -> None:
        given = list(zip(gradients, variables, strict=True))
        for optimizer in self._inner:
            own = [(gradient, variable) for gradient, variable in given if self._of(variable) is optimizer]
            if own:
                optimizer.take([gradient for gradient, _ in own], [variable for _, variable in own])
                optimizer.note_step()


__all__ = ["LossScaleOptimizer", "MultiOptimizer", "OptimizerMap", "Wrapper"]
