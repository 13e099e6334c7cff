"""The state of an optimizer as Keras's files have it, in the form that `Optimizer.set_weights` takes.

Source: https://github.com/keras-team/keras/blob/master/keras/src/optimizers/base_optimizer.py (`add_optimizer_variables`)
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.io.keras_files import state_name
from tfjs_pyo.optimizers.base import Optimizer
from tfjs_pyo.optimizers.nadam_optimizer import Nadam
from tfjs_pyo.optimizers.rmsprop_optimizer import RMSProp
from tfjs_pyo.optimizers.slots import AVERAGE
from tfjs_pyo.optimizers.wrapping import Wrapper

Groups = list[tuple[str, ...]]
"""Kinds of slots in the order of a file: those of a group take turns from variable to variable."""
_NUMBERS = ("iteration", "iter", "learning_rate")
_WHOLE = "step_counter"
"""An integer in Keras's files."""


def state_from_keras(
    optimizer: Optimizer, variables: Sequence[Variable], entries: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]] | None:
    """Returns the state for `set_weights`, and gives the optimizer the file's learning rate; None if it does not fit.

    Args:
        optimizer: built for no variable yet.
        variables: what it trains, in the order of the model.
        entries: name and tensor of each of the file's, in order.
    """
    if isinstance(optimizer, Wrapper):
        return _wrapped_state(optimizer, variables, entries)
    kinds = [_kind(entry) for entry in entries]
    known: tuple[str, ...] = _NUMBERS
    by_place = any(kind.isdigit() for kind in kinds[2:]) or any(
        entry["tensor"].shape for entry in entries[1:2]
    )
    if by_place and not isinstance(optimizer.given_rate, (int, float)):
        # Names are made up of places then, and a schedule is none of Keras's variables: slots begin one place sooner.
        known = tuple(kind for kind in _NUMBERS if kind != "learning_rate")
    numbers = {kind: entry["tensor"] for kind, entry in zip(kinds, entries, strict=True) if kind in known}
    slots = [entry["tensor"] for kind, entry in zip(kinds, entries, strict=True) if kind not in known]
    groups = _groups(optimizer)
    if not {"iteration", "learning_rate"} & set(kinds):  # files of Keras 2 have one kind after the other
        groups = [(kind,) for group in groups for kind in group]
    found = _dealt(optimizer, groups, variables, slots) if slots else {}  # none before the first step
    if found is None:
        return None
    given = getattr(optimizer, "given_rate", None)
    if "learning_rate" in numbers and isinstance(given, float):
        rate = float(numbers["learning_rate"].item())
        if abs(rate - given) > 1e-6 * rate:
            optimizer.learning_rate = rate
    if found and isinstance(optimizer, RMSProp):
        found.setdefault("momentum", [ops.zeros(list(variable.shape)) for variable in variables])
    steps = numbers.get("iteration", numbers.get("iter"))
    made = ops.scalar(0 if steps is None else int(steps.item()), "int32")
    return [
        {"name": "iter", "tensor": made},
        *({"name": f"w/{kind}", "tensor": slot} for kind, group in found.items() for slot in group),
    ]


async def state_for_keras(optimizer: Optimizer, variables: Sequence[Variable]) -> list[Any]:
    """Returns the state as Keras 3's files have it: steps, the rate unless it has a schedule, then slots.

    Args:
        optimizer: in Keras's form.
        variables: what it trains, in the order of the model.
    """
    if isinstance(optimizer, Wrapper):
        return await _state_of_wrapper(optimizer, variables)
    entries = await optimizer.state_of(variables)
    rate = getattr(optimizer, "given_rate", None)
    steps = int(entries[0]["tensor"].item())
    numbers = [steps, ops.scalar(float(rate))] if isinstance(rate, (int, float)) else [steps]
    slots: dict[str, list[Any]] = {}
    for entry in entries[1:]:
        slots.setdefault(_kind(entry), []).append(entry["tensor"])
    dealt = [
        slots[kind].pop(0) for kind, _ in _order(optimizer, _groups(optimizer), variables) if kind in slots
    ]
    return [
        *numbers,
        *dealt,
        *([ops.scalar(_momentum_so_far(optimizer, steps))] if isinstance(optimizer, Nadam) else []),
    ]


# Optimizers that hold others: their own numbers, then the state of each of the others.


async def _state_of_wrapper(optimizer: Wrapper, variables: Sequence[Variable]) -> list[Any]:
    steps = int((await optimizer.state_of(variables))[0]["tensor"].item())
    optimizer.prepare()
    numbers = [getattr(optimizer, name).read().item() for name in optimizer.own_numbers]
    found = [steps, ops.scalar(0.0)]  # Keras gives them a learning rate that nothing reads
    found += [
        int(each) if name == _WHOLE else ops.scalar(each)
        for name, each in zip(optimizer.own_numbers, numbers, strict=True)
    ]
    for state in (await inner_states(optimizer, variables)).values():
        found += state
    return found


async def inner_states(optimizer: Optimizer, variables: Sequence[Variable]) -> dict[str, list[Any]]:
    """Returns the states of the optimizers inside one, by their places in a file; of others nothing."""
    if not isinstance(optimizer, Wrapper):
        return {}
    return {
        place: await state_for_keras(each, optimizer.variables_of(each, variables))
        for place, each in zip(optimizer.inner_places(), optimizer.inner(), strict=True)
    }


def _wrapped_state(
    optimizer: Wrapper, variables: Sequence[Variable], entries: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]] | None:
    optimizer.prepare()
    parts = {each: optimizer.variables_of(each, variables) for each in optimizer.inner()}
    sizes = [_size(each, own) for each, own in parts.items()]
    first = 2 + len(optimizer.own_numbers)
    if len(entries) != first + sum(sizes):
        return None
    tensors = [entry["tensor"] for entry in entries]
    found = [{"name": "iter", "tensor": ops.cast(tensors[0], "int32")}]
    for name, tensor in zip(optimizer.own_numbers, tensors[2:first], strict=True):
        found.append({"name": name, "tensor": ops.cast(tensor, "float32")})
    for place, (each, size) in enumerate(zip(parts, sizes, strict=True)):
        own = [
            {"name": state_name(number), "tensor": t}
            for number, t in enumerate(tensors[first : first + size])
        ]
        state = state_from_keras(each, parts[each], own)
        if state is None:
            return None
        found += [{**entry, "name": f"inner_{place}/{entry['name']}"} for entry in state]
        first += size
    return found


def _size(optimizer: Optimizer, variables: Sequence[Variable]) -> int:
    """Returns how many entries the state of an optimizer has in a file."""
    numbers = 1 + isinstance(optimizer.given_rate, (int, float)) + isinstance(optimizer, Nadam)
    return numbers + len(_order(optimizer, _groups(optimizer), variables))


def _momentum_so_far(optimizer: Nadam, steps: int) -> float:
    """Returns the product of the momenta of all steps, which Keras's Nadam keeps."""
    made = min(steps // (optimizer.gradient_accumulation_steps or 1), 100_000)
    return math.prod(optimizer.beta1 * (1 - 0.5 * 0.96**step) for step in range(1, made + 1))


def _kind(entry: Mapping[str, Any]) -> str:
    return str(entry["name"]).rpartition("/")[2].partition(":")[0]


def _has(optimizer: Optimizer, variable: Variable, kind: str) -> bool:
    """Returns whether an optimizer keeps a slot of a kind for this variable."""
    return kind == AVERAGE or kind in optimizer.slots_of(variable)


def _groups(optimizer: Optimizer) -> Groups:
    return [*([(AVERAGE,)] if optimizer.use_ema else []), *optimizer.slot_groups()]


def _order(optimizer: Optimizer, groups: Groups, variables: Sequence[Variable]) -> list[tuple[str, Variable]]:
    """Returns the kind and the variable of each slot, in the order of a file."""
    return [
        (kind, variable)
        for group in groups
        for variable in variables
        for kind in group
        if _has(optimizer, variable, kind)
    ]


def _dealt(
    optimizer: Optimizer, groups: Groups, variables: Sequence[Variable], slots: Sequence[Tensor]
) -> dict[str, list[Tensor]] | None:
    """Returns the slots by their kinds; None if they are not as many, or of other shapes."""
    order = _order(optimizer, groups, variables)
    extra = slots[len(order) :]
    fits = len(slots) >= len(order) and all(each.size == 1 for each in extra)
    if not fits or any(
        slot.shape != optimizer.slot_shape(variable, kind)
        for slot, (kind, variable) in zip(slots, order, strict=False)
    ):
        return None
    found: dict[str, list[Tensor]] = {}
    for slot, (kind, _) in zip(slots, order, strict=False):
        found.setdefault(kind, []).append(slot)
    return found
