"""keras.utils, keras.tree, keras.backend, keras.config: Keras's recorded answers, and every public name of its modules."""

import json
import warnings
from collections import OrderedDict, defaultdict, deque
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from tests.keras.utils_calls import CALLS, answers, plain
from tfjs_pyo import keras
from tfjs_pyo.errors import OptionError, RangeError, ShapeError

RECORDED = json.loads((Path(__file__).parent / "utils.json").read_text())


def test_answers_are_those_of_keras():
    found = json.loads(json.dumps(answers(keras)))
    for call, own, recorded in zip(CALLS, found, RECORDED["answers"], strict=True):
        assert own == pytest.approx(recorded) if isinstance(recorded, float) else own == recorded, call


def test_columns_are_normalized():
    """Keras 3.15 divides rows by the norms of columns here."""
    x = np.float64([[3, 4], [1, -2]])
    assert keras.utils.normalize(x, 0, 1).tolist() == (x / [4, 6]).tolist()


def test_mistakes_are_named():
    with pytest.raises(OptionError, match="truncating"):
        keras.utils.pad_sequences([[1]], truncating="middle")
    with pytest.raises(ShapeError, match="sequence 1"):
        keras.utils.pad_sequences([[[1, 2]], [[3]]])
    with pytest.raises(RangeError, match="below 2"):
        keras.utils.to_categorical([0, 2], 2)
    with pytest.raises(AttributeError, match="GradientTape"):
        keras.backend.gradients  # noqa: B018
    with pytest.raises(OptionError, match="float32"):
        keras.config.set_floatx("float16")


def test_a_policy_of_half_precision_is_accepted_and_says_what_is_computed():
    with pytest.warns(UserWarning, match="float32 is computed"):
        keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        assert keras.mixed_precision.global_policy().name == "mixed_float16"
        assert keras.config.dtype_policy().compute_dtype == "float32"
    finally:
        keras.config.set_dtype_policy("float32")


def test_settings_hold_for_the_program():
    assert keras.backend.backend() == "tfjs_pyo"
    keras.config.set_epsilon(1e-3)
    keras.config.set_image_data_format("channels_first")
    try:
        assert keras.backend.epsilon() == 1e-3
        assert keras.ops.max_pool(np.zeros((1, 2, 4, 4), np.float32), 2).shape == (1, 2, 2, 2)
    finally:
        keras.config.set_epsilon(1e-7)
        keras.config.set_image_data_format("channels_last")


# keras.tree


def test_structures_are_mapped_and_compared():
    tree = keras.tree
    nest = {"a": [1, 2], "b": (3,)}
    assert tree.map_structure(lambda x, y: x + y, nest, nest) == {"a": [2, 4], "b": (6,)}
    assert tree.map_structure(lambda x: 0, [None, 1], none_is_leaf=False) == [None, 0]
    assert tree.map_structure_up_to({"a": 0}, len, {"a": [1, 2]}) == {"a": 2}
    seen = []
    tree.traverse(lambda part: seen.append(part), [(1, 2), [3]])
    assert seen == [[(1, 2), [3]], (1, 2), 1, 2, [3], 3]
    assert tree.traverse(lambda part: tree.MAP_TO_NONE if part == 1 else None, [1, [2, 1]]) == [
        None,
        [2, None],
    ]
    tree.assert_same_structure(nest, nest)
    for other in ({"a": [1], "b": (3,)}, {"a": [1, 2]}, [1]):
        with pytest.raises(ValueError, match=r"form|paths"):
            tree.assert_same_structure(nest, other)
    with pytest.raises(ValueError, match="paths"):
        tree.assert_same_paths({"a": 1}, {"b": 1})
    with pytest.raises(ValueError, match="leaves"):
        tree.pack_sequence_as([1, 2], [1])


Point, Twin = (NamedTuple("Point", [("x", int), ("y", int)]) for _ in range(2))
UNLIKE = (
    ([1, 2], (1, 2)),
    ((1, 2), [1, 2]),
    ([], ()),
    ({"a": 1}, [1]),
    ([1, [2]], [1, (2,)]),
    (Point(1, 2), (1, 2)),
    (Point(1, 2), Twin(1, 2)),
    (deque([1]), [1]),
    ([1], 1),
    (1, [1]),
)


@pytest.mark.parametrize(("first", "second"), UNLIKE)
def test_lists_and_tuples_are_different_structures(first, second):
    for compare in (
        keras.tree.assert_same_structure,
        lambda a, b: keras.tree.map_structure(lambda x, y: x, a, b),
    ):
        with pytest.raises(ValueError, match="of one form"):
            compare(first, second)
    if isinstance(first, tuple | list | dict | deque):
        with pytest.raises(ValueError, match="of one form"):
            keras.tree.map_structure_up_to(first, lambda x: x, second)


def test_dicts_of_all_classes_are_alike_whatever_the_order_of_their_keys():
    tree = keras.tree
    for first, second in (
        ({"a": 1, "b": 2}, OrderedDict(b=20, a=10)),
        (OrderedDict(b=2, a=1), defaultdict(int, a=10, b=20)),
    ):
        tree.assert_same_structure(first, second)
        found = tree.map_structure(lambda x, y: x + y, first, second)
        assert type(found) is type(first)
        assert list(found) == list(first)
        assert found == {"a": 11, "b": 22}
    tree.assert_same_structure(deque([1]), deque([2], maxlen=3))
    tree.assert_same_paths([1, 2], (3, 4))


def test_none_beside_a_leaf_is_another_structure_where_it_is_no_leaf():
    tree = keras.tree
    for pair in ((None, 1), (1, None)):
        assert tree.map_structure(lambda x, y: (x, y), *pair) == pair
        with pytest.raises(ValueError, match="None"):
            tree.map_structure(lambda x, y: x, *pair, none_is_leaf=False)
    assert tree.map_structure(lambda x, y: x + y, [None, 1], [None, 2], none_is_leaf=False) == [None, 3]


# keras.backend of Keras 2


def test_functions_of_old_programs_are_those_of_ops():
    K = keras.backend  # noqa: N806 (programs call it so)
    x = np.float32([[1, 2, 3], [4, 5, 6]])
    for found, expected in (
        (K.mean(x, axis=-1), x.mean(-1)),
        (K.sum(K.square(x)), (x**2).sum()),
        (K.dot(x, x.T), x @ x.T),
        (K.batch_dot(x, x, axes=1), (x * x).sum(1)[:, None]),
        (K.batch_dot(np.stack([x, x]), np.stack([x.T, x.T])), np.stack([x @ x.T] * 2)),
        (K.l2_normalize(x, axis=1), x / np.linalg.norm(x, axis=1, keepdims=True)),
        (K.concatenate([x, x]), np.concatenate([x, x], -1)),
        (K.expand_dims(x), x[..., None]),
        (K.gather(x, [1]), x[[1]]),
        (K.batch_flatten(np.stack([x, x])), np.stack([x.ravel()] * 2)),
        (K.switch(x > 2, x, x * 0), np.where(x > 2, x, 0)),
        (K.clip(x, 2, 4), x.clip(2, 4)),
    ):
        np.testing.assert_allclose(found.numpy(), expected, rtol=1e-6)
    variable = K.variable([1, 2])
    K.set_value(variable, [3, 4])
    assert K.get_value(variable).tolist() == [3, 4]
    assert K.int_shape(variable) == (2,)
    assert K.random_normal((2, 3), seed=1).shape == (2, 3)


# Samples


def test_windows_of_a_time_series_have_their_targets():
    series = np.arange(12)
    dataset = keras.utils.timeseries_dataset_from_array(
        series, series * 10, 3, sequence_stride=2, sampling_rate=2, batch_size=2
    )
    batches = [(x.tolist(), y.tolist()) for x, y in dataset]
    assert batches == [
        ([[0, 2, 4], [2, 4, 6]], [0, 20]),
        ([[4, 6, 8], [6, 8, 10]], [40, 60]),
    ]
    assert len(dataset) == 2
    part = keras.utils.timeseries_dataset_from_array(
        series, None, 2, start_index=3, end_index=7, batch_size=None
    )
    assert [x.tolist() for x in part] == [[3, 4], [4, 5], [5, 6]]
    mixed = keras.utils.timeseries_dataset_from_array(series, None, 2, shuffle=True, seed=3, batch_size=None)
    assert sorted(x.tolist() for x in mixed) == [[i, i + 1] for i in range(11)]


@pytest.mark.parametrize(
    ("left", "right", "sizes"),
    [(0.75, None, (6, 2)), (None, 0.25, (6, 2)), (3, 2, (3, 2)), (5, None, (5, 3))],
)
def test_a_dataset_is_split(left, right, sizes):
    x, y = np.arange(16).reshape(8, 2), np.arange(8)
    first, last = keras.utils.split_dataset((x, y), left, right)
    assert (len(first), len(last)) == sizes
    assert [int(target.item()) for _, target in first] == list(range(sizes[0]))
    assert [int(target.item()) for _, target in last] == list(range(8 - sizes[1], 8))
    with pytest.raises(OptionError, match="neither"):
        keras.utils.split_dataset((x, y))


def test_batches_by_number_train_a_model():
    class Batches(keras.utils.Sequence):
        def __len__(self):
            return 3

        def __getitem__(self, index):
            return np.full((4, 2), index, "float32"), np.full((4, 1), index, "float32")

    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    assert len(model.fit(Batches(), epochs=2, verbose=0).history["loss"]) == 2


# Images and folders

PIL = pytest.importorskip("PIL.Image", reason="Pillow is not installed")


def test_images_go_to_arrays_and_files_and_back(tmp_path):
    x = np.random.RandomState(1).randint(0, 256, (5, 4, 3)).astype("float32")
    picture = keras.utils.array_to_img(x, scale=False)
    np.testing.assert_array_equal(keras.utils.img_to_array(picture), x)
    path = tmp_path / "x.png"
    keras.utils.save_img(path, x, scale=False)
    np.testing.assert_array_equal(keras.utils.img_to_array(keras.utils.load_img(path)), x)
    assert keras.utils.load_img(path, color_mode="grayscale", target_size=(3, 2)).size == (2, 3)
    assert keras.utils.img_to_array(picture, "channels_first").shape == (3, 5, 4)
    with pytest.raises(ShapeError, match="rank 3"):
        keras.utils.array_to_img(x[0])


@pytest.fixture
def folders(tmp_path):
    for label, name in enumerate(("cats", "dogs")):
        for number in range(4):
            (tmp_path / name / "inner").mkdir(parents=True, exist_ok=True)
            keras.utils.save_img(
                tmp_path / name / f"{number}.png", np.full((6, 6, 3), 100 * label + number), scale=False
            )
            (tmp_path / name / f"{number}.txt").write_text(f"{name} {number}", encoding="utf-8")
    return tmp_path


def test_images_of_folders_come_with_their_classes(folders, capsys):
    dataset = keras.utils.image_dataset_from_directory(
        folders, image_size=(4, 4), batch_size=3, shuffle=False
    )
    assert "Found 8 files belonging to 2 classes." in capsys.readouterr().out
    assert dataset.class_names == ["cats", "dogs"]
    batches = [(x.numpy(), y.tolist()) for x, y in dataset]
    assert [len(y) for _, y in batches] == [3, 3, 2]
    assert [label for _, y in batches for label in y] == [0, 0, 0, 0, 1, 1, 1, 1]
    assert [int(image[0, 0, 0]) for x, _ in batches for image in x] == [0, 1, 2, 3, 100, 101, 102, 103]
    both = keras.utils.image_dataset_from_directory(
        folders,
        validation_split=0.25,
        subset="both",
        seed=1,
        image_size=(4, 4),
        label_mode="categorical",
        verbose=False,
    )
    assert [sum(len(y.tolist()) for _, y in part) for part in both] == [6, 2]
    assert set(both[0].file_paths).isdisjoint(both[1].file_paths)
    with pytest.raises(OptionError, match="seed"):
        keras.utils.image_dataset_from_directory(folders, validation_split=0.25, subset="training")


def test_texts_of_folders_are_strings(folders):
    dataset = keras.utils.text_dataset_from_directory(
        folders, batch_size=8, shuffle=False, label_mode="binary", verbose=False
    )
    (texts, labels), = list(dataset)  # fmt: skip
    assert texts.tolist()[:2] == ["cats 0", "cats 1"]
    assert labels.tolist() == [[0.0]] * 4 + [[1.0]] * 4


def test_sounds_of_folders_are_samples(tmp_path):
    import wave

    for name in ("high", "low"):
        (tmp_path / name).mkdir()
        with wave.open(str(tmp_path / name / "x.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(np.int16([0, 16384, -32768]).tobytes())
    dataset = keras.utils.audio_dataset_from_directory(
        tmp_path, output_sequence_length=4, shuffle=False, verbose=False
    )
    ((sounds, labels),) = list(dataset)
    assert sounds.tolist() == [[[0.0], [0.5], [-1.0], [0.0]]] * 2
    assert labels.tolist() == [0, 1]


def test_pictures_of_a_model(tmp_path):
    inputs = keras.Input((2,))
    sides = [keras.layers.Dense(3, name=name)(inputs) for name in ("left", "right")]
    model = keras.Model(inputs, keras.layers.Add()(sides))
    graph = keras.utils.plot_model(model, str(tmp_path / "model.svg"), show_shapes=True)
    assert (tmp_path / "model.svg").read_text() == graph._repr_svg_()
    sizes = []
    for dpi in (100, 200):
        keras.utils.plot_model(model, tmp_path / "model.png", show_shapes=True, dpi=dpi)
        with PIL.open(tmp_path / "model.png") as image:
            sizes.append(image.size)
            colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 20)}
        assert {(255, 255, 255), (0x8A, 0x93, 0xA5), (0x5C, 0x65, 0x77)} <= colours
    assert np.allclose(np.array(sizes[1]), 2 * np.array(sizes[0]), atol=2)
    with pytest.raises(OptionError, match=r"to end with '\.png' or '\.svg', received 'model\.gif'"):
        keras.utils.plot_model(model, "model.gif")


def test_plain_tells_apart():
    with warnings.catch_warnings():
        assert plain(((1,), [2])) == {"tuple": [{"tuple": [1]}, [2]]}


@pytest.mark.parametrize(
    ("size", "interpolation", "data_format", "first"),
    [
        ((3, 4), "bilinear", "channels_last", [10.125, 11.375, 12.625, 13.875]),
        ((4, 2), "nearest", "channels_last", [1.0, 3.0, 11.0, 13.0]),
        ((3, 3), "bilinear", "channels_first", [7.0, 8.666667, 10.333333, 15.333333]),
    ],
)
def test_resizing_that_keeps_proportions(size, interpolation, data_format, first):
    """Numbers of Keras 3.15."""
    x = np.arange(70, dtype=np.float32).reshape(2, 7, 5, 1)
    x = x if data_format == "channels_last" else x.transpose(0, 3, 1, 2)
    made = keras.preprocessing.image.smart_resize(x, size, interpolation, data_format)
    assert made.shape == ((2, *size, 1) if data_format == "channels_last" else (2, 1, *size))
    np.testing.assert_allclose(made.reshape(-1)[:4], first, rtol=1e-5)
