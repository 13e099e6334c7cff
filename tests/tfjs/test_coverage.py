"""Every public name of TensorFlow.js (names.mjs) is here, or stands in absent.json with the reason why it is not."""

import functools
import json
from collections import Counter
from pathlib import Path

import pytest

import tfjs_pyo as tf
from tests.ops import suite
from tfjs_pyo import naming
from tfjs_pyo.errors import NameNotFoundError

NAMES: dict[str, list[str]] = json.loads(Path(__file__).with_name("names.json").read_text(encoding="utf-8"))

ABSENT = json.loads(Path(__file__).with_name("absent.json").read_text(encoding="utf-8"))
"""The names, and whole namespaces, that this package goes without, by reasons; the documentation lists them, too."""
WITHOUT: dict[str, dict[str, str]] = ABSENT["names"]
NAMESPACES: dict[str, str] = ABSENT["namespaces"]

GRADIENTS = NAMES.pop("gradients")
"""Kernels that TensorFlow.js differentiates."""

CHECKED = [name for name in NAMES if not any(name in names.split() for names in NAMESPACES.values())]


def excused(owner: str) -> dict[str, str]:
    """Returns the names that an owner goes without, each with the reason."""
    return {name: reason for reason, names in WITHOUT.get(owner, {}).items() for name in names.split()}


def has(owner: str, name: str) -> bool:
    """Returns whether a name can be used here, as TensorFlow.js spells it."""
    instance = {"tf": tf, "Tensor": tf.ones([1]), "TensorBuffer": tf.buffer([1])}.get(owner)
    try:
        getattr(instance if instance is not None else getattr(tf, owner), name)
    except NameNotFoundError:
        return False
    return True


@pytest.mark.parametrize("owner", CHECKED)
def test_every_name_is_here_or_excused(owner):
    missing = {name for name in NAMES[owner] if not has(owner, name)}
    assert missing == set(excused(owner))


@pytest.mark.parametrize("owner", CHECKED)
def test_editors_and_type_checkers_see_the_spelling_of_tensorflow_js(owner):
    """Stubs list what `dir` does, and methods by `naming.camel`."""
    if owner in ("Tensor", "TensorBuffer"):
        listed = {naming.camel(naming.snake(name)) for name in NAMES[owner]}
    else:
        listed = set(dir(tf if owner == "tf" else getattr(tf, owner)))
    folded = {naming.fold(name) for name in listed}
    other = {name for name in NAMES[owner] if naming.fold(name) in folded and name not in listed}
    assert other <= {"MSE", "MAPE"}, "which TensorFlow.js has as `mse` and `mape`, too"


def test_excuses_name_what_exists():
    for owner in WITHOUT:
        assert set(excused(owner)) <= set(NAMES[owner])
    listed = [name for names in NAMESPACES.values() for name in names.split()]
    assert set(listed) <= set(NAMES)


CONSTANT = [
    "ArgMax",
    "ArgMin",
    "FloorDiv",
    "GreaterEqual",
    "IsFinite",
    "IsInf",
    "IsNan",
    "OneHot",
    "OnesLike",
    "ZerosLike",
]
"""Kernels whose gradient is zero there, and here too."""

OTHER_NAMES = {
    "BatchMatMul": "mat_mul", "Cast": "cast", "ComplexAbs": "abs", "Conv2DBackpropInput": "conv2d_transpose",
    "DepthwiseConv2dNative": "depthwise_conv2d", "FusedBatchNorm": "batch_norm", "GatherV2": "gather", "Identity": "clone",
    "LRN": "local_response_normalization", "Multiply": "mul", "Pack": "stack", "PadV2": "pad", "RealDiv": "div",
    "Select": "where", "SplitV": "split", "Unpack": "unstack",
}  # fmt: skip


@functools.cache
def compared() -> set[str]:
    """Returns what has its gradient compared: in the generic suite, or with what was recorded in TensorFlow.js."""
    generic = {name for name in suite.names() if any(call.differentiable for call in suite.calls(name))}
    recorded = {
        record["fn"].split(".")[-1]
        for path in Path(__file__).parent.glob("*.json")
        for records in [json.loads(path.read_text(encoding="utf-8"))]
        if isinstance(records, list)
        for record in records
        if record.get("gradients")
    }
    return {naming.fold(name) for name in generic | recorded} | {"clone", "cast", "reshape"}


@pytest.mark.parametrize("kernel", sorted(set(GRADIENTS) - set(CONSTANT)))
def test_what_is_differentiated_there_is_differentiated_here(kernel):
    assert naming.fold(OTHER_NAMES.get(kernel, kernel)) in compared()


def test_print_the_coverage(capsys):
    reasons: Counter[str] = Counter()
    total = 0
    for owner in CHECKED:
        total += len(NAMES[owner])
        reasons.update(excused(owner).values())
    with capsys.disabled():
        print(f"\nTensorFlow.js 4.22: {total - reasons.total()} of {total} public functions are here.")
        for reason, count in reasons.most_common():
            print(f"  {count:3} {reason}")
    assert reasons.total() < total / 3
