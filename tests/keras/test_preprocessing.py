"""keras.preprocessing gives what Keras gives (preprocessing.json, by record_preprocessing.py): texts, sequences, images."""

import json
import pickle
import warnings
from pathlib import Path

import numpy as np
import pytest

from tests.keras.preprocessing_cases import CALLS, TEXTS, gallery, picture, pictures
from tfjs_pyo import keras
from tfjs_pyo.errors import (
    ArgumentError,
    DTypeError,
    FormatError,
    IndexingError,
    MissingFileError,
    OptionError,
    RangeError,
    ShapeError,
)

RECORD = json.loads(Path(__file__).with_name("preprocessing.json").read_text(encoding="utf-8"))
image, sequence, text = (getattr(keras.preprocessing, name) for name in ("image", "sequence", "text"))


@pytest.fixture(scope="module")
def found():
    """What is given here, by kind and name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return {kind: dict(calls(keras)) for kind, calls in CALLS.items()}


def plain(value):
    """A result with arrays, tuples and NumPy's numbers as JSON has them."""
    return json.loads(json.dumps(value, default=lambda each: each.item()))


def assert_like(found, recorded, where):
    if isinstance(recorded, dict):
        assert found.keys() == recorded.keys(), where
        for key in recorded:
            assert_like(found[key], recorded[key], f"{where}.{key}")
    elif isinstance(recorded, list):
        assert len(found) == len(recorded), where
        for number, (ours, theirs) in enumerate(zip(found, recorded, strict=True)):
            assert_like(ours, theirs, f"{where}[{number}]")
    elif isinstance(recorded, float):
        np.testing.assert_allclose(found, recorded, rtol=2e-5, atol=2e-4, err_msg=where)
    else:
        assert found == recorded, where


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in CALLS for name in RECORD[kind]])
def test_results_are_those_of_keras(found, kind, name):
    assert_like(plain(found[kind][name]), RECORD[kind][name], name)


def test_all_calls_are_recorded(found):
    assert {kind: list(names) for kind, names in found.items()} == {
        kind: list(RECORD[kind]) for kind in CALLS
    }


@pytest.mark.parametrize(
    "mode", ["nearest", "constant", "reflect", "wrap", "mirror", "grid-wrap", "grid-constant"]
)
def test_turning_four_times_gives_the_image_again(mode):
    x = turned = picture(6, 6)
    for _ in range(4):
        turned = image.apply_affine_transform(turned, 90, 0, 0, 0, 1, 1, 0, 1, 2, mode)
    np.testing.assert_allclose(turned[1:-1, 1:-1], x[1:-1, 1:-1], atol=1e-3)


def test_a_tokenizer_can_be_pickled():
    tokenizer = text.Tokenizer(num_words=5)
    tokenizer.fit_on_texts(TEXTS)
    again = pickle.loads(pickle.dumps(tokenizer))
    assert again.texts_to_sequences(TEXTS) == tokenizer.texts_to_sequences(TEXTS)
    again.fit_on_texts(["new words"])
    assert "words" in again.word_index


def test_windows_end():
    windows = sequence.TimeseriesGenerator(np.arange(10), np.arange(10), length=3, batch_size=4)
    assert [len(y) for _, y in windows] == [4, 3]
    assert json.loads(windows.to_json())["config"]["batch_size"] == 4


def test_images_are_read_by_threads_without_end(tmp_path):
    gallery(tmp_path)
    flow = image.ImageDataGenerator().flow_from_directory(tmp_path, target_size=(3, 3), batch_size=4)
    sizes = [len(y) for _, (_, y) in zip(range(7), flow, strict=False)]
    assert sizes == [4, 4, 2, 4, 4, 2, 4]
    flow.reset()
    assert len(next(flow)[0]) == 4


def test_batches_are_written_as_files(tmp_path):
    flow = image.ImageDataGenerator().flow(
        pictures(3), batch_size=3, save_to_dir=tmp_path, save_prefix="seen"
    )
    next(flow)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert [name[:6] for name in names] == ["seen_0", "seen_1", "seen_2"]
    assert image.load_img(tmp_path / names[0]).size == (4, 5)


G = image.ImageDataGenerator
WRONG = {
    "n": (OptionError, "2 or more", lambda _: text.hashing_trick("a", 1)),
    "hash": (OptionError, "'md5' or a function", lambda _: text.hashing_trick("a", 5, "sha")),
    "split": (OptionError, "between words", lambda _: text.text_to_word_sequence("a", split="")),
    "argument": (ArgumentError, "no argument 'words'", lambda _: text.Tokenizer(words=3)),
    "text": (ArgumentError, "expected texts", lambda _: text.Tokenizer().fit_on_texts([3])),
    "mode": (OptionError, "binary, count", lambda _: text.Tokenizer(5).sequences_to_matrix([[1]], "tf")),
    "unfit": (OptionError, "fit_on_texts", lambda _: text.Tokenizer().sequences_to_matrix([[1]])),
    "negative": (RangeError, "received -1", lambda _: text.Tokenizer(5).sequences_to_matrix([[-1]])),
    "json": (FormatError, "Tokenizer.to_json", lambda _: text.tokenizer_from_json("{}")),
    "targets": (ShapeError, "each of 2", lambda _: sequence.TimeseriesGenerator([1, 2], [1], 1)),
    "window": (OptionError, "a window of 3", lambda _: sequence.TimeseriesGenerator([1, 2], [1, 2], 3)),
    "length": (OptionError, "`length`", lambda _: sequence.TimeseriesGenerator([1, 2], [1, 2], 0)),
    "batch": (IndexingError, "1 batches", lambda _: sequence.TimeseriesGenerator([1, 2], [1, 2], 1)[1]),
    "size": (OptionError, "1 or more", lambda _: sequence.make_sampling_table(0)),
    "vocabulary": (OptionError, "2 or more", lambda _: sequence.skipgrams([1, 2], 1)),
    "table": (RangeError, "the word 5", lambda _: sequence.skipgrams([5], 9, sampling_table=[1.0])),
    "rank": (ShapeError, "rank 3", lambda _: image.apply_affine_transform(np.ones((2, 2)), 3)),
    "axes": (
        OptionError,
        "channels first or last",
        lambda _: image.apply_affine_transform(picture(), 3, row_axis=2),
    ),
    "fill": (
        OptionError,
        "nearest, constant",
        lambda _: image.apply_affine_transform(picture(), 3, fill_mode="x"),
    ),
    "order": (OptionError, "no splines", lambda _: image.apply_affine_transform(picture(), 3, order=3)),
    "range": (OptionError, "two numbers", lambda _: image.random_zoom(picture(), (1,))),
    "brightness": (OptionError, "two numbers", lambda _: G(brightness_range=2)),
    "zoom": (OptionError, "`zoom_range`", lambda _: G(zoom_range=[1, 2, 3])),
    "share": (OptionError, "between 0 and 1", lambda _: G(validation_split=1.5)),
    "images": (ShapeError, "rank 4", lambda _: G().flow(picture())),
    "fit": (ShapeError, "rank 4", lambda _: G().fit(picture())),
    "rows": (ShapeError, "5 rows", lambda _: G().flow(pictures(), [1, 2])),
    "subset": (OptionError, "'training', 'validation'", lambda _: G().flow(pictures(), subset="test")),
    "classes": (
        OptionError,
        "same classes",
        lambda _: G(validation_split=0.4).flow(pictures(), [0, 0, 1, 1, 1], subset="training"),
    ),
    "number": (IndexingError, "there are 1 batches", lambda _: G().flow(pictures())[1]),
    "batch size": (OptionError, "1 or more", lambda _: G().flow(pictures(), batch_size=0)),
    "folder": (MissingFileError, "no folder", lambda path: G().flow_from_directory(path / "x")),
    "class mode": (OptionError, "'categorical'", lambda path: G().flow_from_directory(path, class_mode="x")),
    "color mode": (OptionError, "'rgb'", lambda path: G().flow_from_directory(path, color_mode="x")),
    "target size": (
        OptionError,
        "height and width",
        lambda path: G().flow_from_directory(path, target_size=(3,)),
    ),
    "columns": (
        DTypeError,
        "to be a list",
        lambda _: G().flow_from_dataframe({"filename": [], "class": []}, class_mode="multi_output"),
    ),
    "labels": (
        DTypeError,
        "values of str or list",
        lambda _: G().flow_from_dataframe({"filename": ["a.png"], "class": [3]}),
    ),
    "binary": (
        OptionError,
        "two classes",
        lambda _: G().flow_from_dataframe({"filename": ["a.png"], "class": ["a"]}, class_mode="binary"),
    ),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_mistakes_are_named(tmp_path, name):
    kind, words, call = WRONG[name]
    with pytest.raises(kind, match=words):
        call(tmp_path)


@pytest.mark.parametrize(
    ("words", "call"),
    [
        ("no folder 'd'", lambda path: G().flow_from_directory(path, classes=["a", "d"])),
        (
            "1 of the files",
            lambda path: G().flow_from_dataframe({"filename": ["x.png"], "class": ["a"]}, path),
        ),
        ("1, 3 or 4 channels", lambda _: G().flow(np.ones((2, 3, 4, 5)))),
        ("samplewise_center=True", lambda _: G(samplewise_std_normalization=True)),
        ("before a call of fit", lambda _: next(G(featurewise_center=True).flow(pictures()))),
    ],
)
def test_warnings(tmp_path, words, call):
    gallery(tmp_path)
    with pytest.warns(UserWarning, match=words):
        call(tmp_path)
