"""keras.datasets and keras.utils.get_file, from a server of this machine with files of the same form."""

import gzip
import hashlib
import io
import json
import pickle
import tarfile
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from tfjs_pyo import keras
from tfjs_pyo.errors import FormatError, OptionError, StorageError
from tfjs_pyo.keras.datasets import sources

RANDOM = np.random.RandomState(4)


def npz(path, **arrays):
    np.savez(path, **arrays)


def texts(count):
    found = np.empty(count, dtype=object)
    for place in range(count):
        found[place] = [int(word) for word in RANDOM.randint(1, 50, RANDOM.randint(1, 9))]
    return found


IMAGES = RANDOM.randint(0, 256, (6, 28, 28)).astype(np.uint8)
LABELS = RANDOM.randint(0, 10, 6).astype(np.uint8)
PICTURES = RANDOM.randint(0, 256, (4, 3072)).astype(np.uint8)
TEXTS, GOOD = texts(10), RANDOM.randint(0, 2, 10)
NUMBERS, PRICES = RANDOM.rand(20, 8), RANDOM.rand(20)


def archive(path, folder, files):
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"{folder}/{name}")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))


def written(folder):
    npz(folder / "mnist.npz", x_train=IMAGES[:4], y_train=LABELS[:4], x_test=IMAGES[4:], y_test=LABELS[4:])
    npz(folder / "imdb.npz", x_train=TEXTS[:6], y_train=GOOD[:6], x_test=TEXTS[6:], y_test=GOOD[6:])
    npz(folder / "reuters.npz", x=TEXTS, y=GOOD)
    npz(folder / "boston_housing.npz", x=NUMBERS, y=PRICES)
    npz(folder / "california_housing.npz", x=NUMBERS, y=PRICES)
    for name in ("imdb", "reuters"):
        (folder / f"{name}_word_index.json").write_text(json.dumps({"the": 1, "a": 2}))
    for part, own in (("train", slice(4)), ("t10k", slice(4, 6))):
        (folder / f"{part}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(b"." * 8 + LABELS[own].tobytes()))
        (folder / f"{part}-images-idx3-ubyte.gz").write_bytes(
            gzip.compress(b"." * 16 + IMAGES[own].tobytes())
        )

    def batch(**labels):
        return pickle.dumps({b"data": PICTURES, **{key.encode(): value for key, value in labels.items()}}, 2)

    ten = batch(labels=[1, 2, 3, 4])
    batches = {f"data_batch_{number}": ten for number in range(1, 6)}
    archive(folder / "cifar-10-python.tar.gz", "cifar-10-batches-py", {**batches, "test_batch": ten})
    hundred = batch(fine_labels=[1, 2, 3, 4], coarse_labels=[9, 8, 7, 6])
    archive(folder / "cifar-100-python.tar.gz", "cifar-100-python", {"train": hundred, "test": hundred})


class Quiet(SimpleHTTPRequestHandler):
    asked: list = []  # noqa: RUF012 (of the server of one test)

    def log_message(self, *args):
        pass

    def do_GET(self):
        self.asked.append(self.path)
        super().do_GET()


@pytest.fixture
def server(tmp_path, monkeypatch):
    """The folder of a server that has the data sets, and what it was asked for."""
    folder = tmp_path / "served"
    folder.mkdir()
    written(folder)
    Quiet.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{running.server_port}/"
        monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
        for name in sources.SOURCES:
            monkeypatch.setitem(sources.SOURCES, name, sources.Source(address))
        keras.config.disable_interactive_logging()
        yield address, folder, Quiet.asked
        keras.config.enable_interactive_logging()
        running.shutdown()


@pytest.mark.usefixtures("server")
def test_images_come_as_they_are():
    for module in (keras.datasets.mnist, keras.datasets.fashion_mnist):
        (x_train, y_train), (x_test, y_test) = module.load_data()
        np.testing.assert_array_equal(np.concatenate([x_train, x_test]), IMAGES)
        np.testing.assert_array_equal(np.concatenate([y_train, y_test]), LABELS)
        assert x_train.dtype == np.uint8


@pytest.mark.usefixtures("server")
def test_colour_images_have_their_channels_last():
    expected = PICTURES.reshape(4, 3, 32, 32).transpose(0, 2, 3, 1)
    (x_train, y_train), (x_test, y_test) = keras.datasets.cifar10.load_data()
    assert x_train.shape == (20, 32, 32, 3)
    np.testing.assert_array_equal(x_test, expected)
    assert y_test.tolist() == [[1], [2], [3], [4]]
    assert y_train.dtype == np.uint8
    for mode, first in (("fine", 1), ("coarse", 9)):
        (x_train, y_train), _ = keras.datasets.cifar100.load_data(mode)
        np.testing.assert_array_equal(x_train, expected)
        assert y_train[0, 0] == first
    with pytest.raises(OptionError, match="label_mode"):
        keras.datasets.cifar100.load_data("other")


@pytest.mark.usefixtures("server")
def test_texts_are_numbers_of_words():
    order = np.random.RandomState(113)
    places = np.arange(6)
    order.shuffle(places)
    (x_train, y_train), (x_test, _) = keras.datasets.imdb.load_data()
    assert [text[0] for text in x_train] == [1] * 6
    assert [text[1:] for text in x_train] == [[word + 3 for word in TEXTS[place]] for place in places]
    np.testing.assert_array_equal(y_train, GOOD[places])
    assert len(x_test) == 4
    (x_train, _), _ = keras.datasets.imdb.load_data(
        num_words=20, skip_top=6, oov_char=2, start_char=None, index_from=0
    )
    assert all(word == 2 or 6 <= word < 20 for text in x_train for word in text)
    (x_train, _), _ = keras.datasets.imdb.load_data(num_words=20, oov_char=None)
    assert max(word for text in x_train for word in text) < 20
    (x_train, y_train), (x_test, _) = keras.datasets.reuters.load_data(maxlen=6, test_split=0.5)
    assert all(len(text) < 6 for text in [*x_train, *x_test])
    assert len(x_train) == len(y_train)
    assert (
        keras.datasets.imdb.get_word_index() == keras.datasets.reuters.get_word_index() == {"the": 1, "a": 2}
    )
    assert len(keras.datasets.reuters.get_label_names()) == 46
    with pytest.raises(OptionError, match="maxlen"):
        keras.datasets.imdb.load_data(maxlen=1)


@pytest.mark.usefixtures("server")
def test_numbers_are_shuffled_by_their_seed():
    places = np.arange(20)
    np.random.RandomState(113).shuffle(places)
    for load in (keras.datasets.boston_housing.load_data, keras.datasets.california_housing.load_data):
        (x_train, y_train), (x_test, y_test) = load(test_split=0.25)
        np.testing.assert_array_equal(np.concatenate([x_train, x_test]), NUMBERS[places])
        np.testing.assert_array_equal(np.concatenate([y_train, y_test]), PRICES[places])
        assert len(x_test) == 5


def test_a_file_is_fetched_once_and_checked(server, tmp_path):
    address, folder, asked = server
    content = (folder / "mnist.npz").read_bytes()
    right = hashlib.sha256(content).hexdigest()
    path = keras.utils.get_file("m.npz", address + "mnist.npz", file_hash=right)
    assert Path(path).read_bytes() == content
    assert Path(path).parent == tmp_path / "home" / "datasets"
    keras.utils.get_file("m.npz", address + "mnist.npz", file_hash=right)
    assert len(asked) == 1
    keras.utils.get_file("m.npz", address + "mnist.npz", force_download=True)
    assert len(asked) == 2
    with pytest.raises(FormatError, match="hash"):
        keras.utils.get_file("n.npz", address + "mnist.npz", file_hash="0" * 64)
    assert not (Path(path).parent / "n.npz").exists()
    with pytest.raises(StorageError, match="404"):
        keras.utils.get_file("x", address + "nothing")


def test_archives_are_unpacked_within_their_folder(server, tmp_path):
    address, folder, _ = server
    with zipfile.ZipFile(folder / "z.zip", "w") as packed:
        packed.writestr("inner/a.txt", "hello")
    found = Path(keras.utils.get_file("z.zip", address + "z.zip", extract=True, cache_dir=tmp_path))
    assert (found / "inner" / "a.txt").read_text() == "hello"
    archive(folder / "bad.tar.gz", "..", {"escaped.txt": b"x"})
    with pytest.raises(FormatError, match="beyond"):
        keras.utils.get_file("bad.tar.gz", address + "bad.tar.gz", extract=True, cache_dir=tmp_path)
    assert not (tmp_path / "escaped.txt").exists()


def test_a_copy_of_ones_own_is_read_and_code_in_it_is_not_run(server, tmp_path):
    _, folder, asked = server
    own = tmp_path / "own.npz"
    own.write_bytes((folder / "mnist.npz").read_bytes())
    (x_train, _), _ = keras.datasets.mnist.load_data(path=own)
    assert len(x_train) == 4
    assert not asked

    class Evil:
        def __reduce__(self):
            return print, ("run",)

    wicked = np.empty(1, dtype=object)
    wicked[0] = Evil()
    np.savez(own, x=wicked, y=wicked)
    with pytest.raises(FormatError, match="no data set needs"):
        keras.datasets.reuters.load_data(path=own)
    own.write_bytes(b"no archive")
    with pytest.raises(FormatError, match="npz"):
        keras.datasets.mnist.load_data(path=own)


def test_the_digits_of_the_package_need_no_network():
    (x_train, y_train), (x_test, y_test) = keras.datasets.digits.load_data()
    assert (x_train.shape, x_test.shape) == ((1437, 8, 8), (360, 8, 8))
    assert (x_train.dtype, x_train.max(), y_train.dtype) == (np.uint8, 255, np.uint8)
    assert set(y_test) == set(range(10))


def test_progress_is_shown(server, capsys):
    address, folder, _ = server
    (folder / "large").write_bytes(bytes(3_000_000))
    keras.config.enable_interactive_logging()
    keras.utils.get_file("large", address + "large")
    shown = capsys.readouterr().out
    assert f"Downloading data from {address}large" in shown
    assert "3000000/3000000" in shown
    keras.config.disable_interactive_logging()
    keras.utils.get_file("again", address + "large")
    assert capsys.readouterr().out == ""
