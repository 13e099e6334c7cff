"""Configured objects: fields, conversions, registries, round trips."""

import pytest

import tfjs_pyo as tf
from tfjs_pyo import config, layers
from tfjs_pyo.config import Configurable, choice, field, number, positive_int, positive_ints
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.optimizers.wrapping import LossScaleOptimizer, MultiOptimizer
from tfjs_pyo.registry import Registry

WRAPPERS = {LossScaleOptimizer, MultiOptimizer}


class Box(Configurable):
    """A thing with fields of every kind."""

    width: int = field(convert=positive_int)
    mode: str = field("plain_mode", choice("plain_mode", "other_mode"))
    share: float = field(0.5, number(0, 1, open_high=True))
    sizes: tuple[int, int] = field((1, 1), positive_ints(2))
    label_text: str | None = field(None, keyword_only=True)
    scratch: int = field(0, saved=False)


def test_fields_by_place_by_name_in_a_dict_and_mixed():
    expected = {"width": 3, "mode": "other_mode", "share": 0.25, "sizes": [2, 2], "label_text": None}
    made = [
        Box(3, "other_mode", 0.25, 2),
        Box({"width": 3, "mode": "otherMode", "share": 0.25, "sizes": [2, 2]}),
        Box(width=3, mode="OtherMode", share=0.25, sizes=(2, 2)),
        Box(3, {"mode": "other_mode", "share": 0.25}, sizes=2),
    ]
    assert [box.get_config() for box in made] == [expected] * 4


def test_a_round_trip_gives_an_equal_object():
    box = Box(3, labelText="x", scratch=9)
    again = Box.from_config(box.get_config())
    assert again.get_config() == box.get_config()
    assert again.label_text == "x"
    assert again.scratch == 0, "not part of the config"
    assert repr(box) == "Box(width=3, mode='plain_mode', share=0.5, sizes=[1, 1], label_text='x')"


def test_assignment_converts_and_checks_too():
    box = Box(3)
    box.mode = "otherMode"
    assert box.mode == "other_mode"
    with pytest.raises(OptionError, match="box: expected 'width' to be a positive integer, received 0"):
        box.width = 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Box(), "box: expected the argument 'width', which is missing"),
        (lambda: Box(1, "plainMode", 0.1, 1, 0, 7), "expected at most 5 positional arguments, received 6"),
        (lambda: Box(1, width=2), "'width' is given twice, by place and by name"),
        (lambda: Box({"width": 1, "wdth": 2}), "unknown argument 'wdth'. Did you mean 'width'"),
        (lambda: Box(1.5), "'width' to be a positive integer, received 1.5"),
        (lambda: Box(True), "'width' to be a positive integer, received True"),
        (lambda: Box(1, "none"), "'mode' to be one of 'plainMode', 'otherMode', received 'none'"),
        (lambda: Box(1, share=1), "'share' to be a number from 0 below 1, received 1"),
        (lambda: Box(1, share="0.5"), "'share' to be a number from 0 below 1, received '0.5'"),
        (
            lambda: Box(1, sizes=[1, 2, 3]),
            r"'sizes' to be a positive integer or 2 of them, received \[1, 2, 3\]",
        ),
        (lambda: Box(1, sizes=[1, 0.5]), r"received \[1, 0.5\]"),
    ],
)
def test_wrong_fields_say_what_was_expected_and_what_came(call, message):
    with pytest.raises((ArgumentError, OptionError), match=message):
        call()


def test_subclasses_inherit_and_override_fields():
    class Crate(Box):
        depth: int = field(2, positive_int)
        share: float = field(0.75, number(0, 1))

    crate = Crate({"width": 1})
    assert (crate.width, crate.depth, crate.share) == (1, 2, 0.75)
    assert Box(1).share == 0.5


def first(x):
    return x


class Second(Configurable):
    size: int = field(4, positive_int)


REGISTRY = Registry("thing", [first, Second], {"uno": "first"})


def test_a_registry_gives_items_for_names_configs_classes_and_themselves():
    assert REGISTRY.get("first") is REGISTRY.get("First") is REGISTRY.get("uno") is first
    assert REGISTRY.get("second").size == 4
    assert REGISTRY.get({"className": "Second", "config": {"size": 5}}).size == 5
    assert REGISTRY.get({"class_name": "second", "config": {"size": 6}}).size == 6
    assert REGISTRY.get(Second).size == 4
    made = Second(7)
    assert REGISTRY.get(made) is made


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("secnod", "here: there is no thing named 'secnod'. Did you mean 'second'"),
        ({"config": {}}, "here: expected a config of thing with 'className'"),
        (3, "here: expected thing to be a name, a config or an object, received 3 of type int"),
        (None, "received None of type NoneType"),
    ],
)
def test_a_registry_explains_what_it_cannot_find(value, message):
    with pytest.raises(OptionError, match=message):
        REGISTRY.get(value, "here")


def test_a_registry_takes_items_of_your_own():
    own = Registry("thing", [first])
    own.register(Second)
    own.register(lambda x: x, "my_own")
    assert own.get("Second").size == 4
    assert callable(own.get("myOwn"))


@pytest.mark.parametrize(
    "registry",
    [
        tf.initializers.INITIALIZERS,
        tf.regularizers.REGULARIZERS,
        tf.constraints.CONSTRAINTS,
        tf.train.OPTIMIZERS,
        tf.activations.ACTIVATIONS,
        tf.keras.losses.LOSSES,
        tf.metrics.METRICS,
    ],
    ids=lambda registry: registry.kind,
)
def test_everything_registered_round_trips_through_its_config(registry):
    for name, item in registry.items.items():
        if not item.__module__.startswith("tfjs_pyo") or item in WRAPPERS:
            continue  # what other tests register, and what is nothing without an optimizer inside
        made = registry.get(name)
        again = registry.get(config.serialized(made))
        assert config.serialized(again) == config.serialized(made)
        if isinstance(item, type):
            assert type(made) is item
            assert isinstance(made, type(again))  # TF.js writes l1 as L1L2, glorotNormal as VarianceScaling
        else:
            assert again is made is item


def test_configs_of_layers_hold_names_only():
    made = layers.Dense(
        units=2,
        activation="relu",
        kernel_initializer=tf.initializers.constant({"value": 2}),
        kernel_regularizer="l2",
        kernel_constraint=tf.constraints.maxNorm(),
        input_shape=[3],
    ).get_config()
    assert made["activation"] == "relu"
    assert made["kernel_initializer"] == {"class_name": "Constant", "config": {"value": 2.0}}
    assert made["kernel_regularizer"] == {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.01}}
    assert made["kernel_constraint"]["class_name"] == "MaxNorm"
    assert made["batch_input_shape"] == [None, 3]
