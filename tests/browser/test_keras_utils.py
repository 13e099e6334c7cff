"""Keras's data sets, files, random numbers, and `import tensorflow`, in the page and on WebGL2."""

import hashlib
import http.server
import random
import re
import threading

import pytest

from tests.faces import tensorflow_calls
from tests.faces.test_tensorflow import RECORD

LEFT_OUT = re.compile(
    r"\b(png|jpeg|bmp|path|table|lines|folder|example|records|s'?:)\b|svd|eigh|lstsq|pinv|matrix_rank|py_function|numpy_function|random|shuffle"
)
"""Expressions that need files or Pillow, or compare random numbers."""
SEED = 11
COUNT = 160
PREPARED = """
import numpy as np
import tensorflow as tf
SHOWING

generator = np.random.default_rng(0)
known = {
    "tf": tf, "np": np, "D": tf.data.Dataset, "show": shown,
    "x": np.arange(10.0, dtype="float32").reshape(5, 2), "y": np.arange(5),
    "m": np.array([[0.5, -1.0, 2.0], [3.0, 0.25, -0.5]], "float32"),
    "s": np.array([[2.0, 1.0], [1.0, 3.0]], "float32"),
    "i": generator.uniform(0.05, 0.95, (4, 5, 3)).astype("float32"),
    "u": generator.integers(0, 256, (2, 3, 3)).astype("uint8"),
    "big": generator.uniform(0, 1, (14, 13, 2)).astype("float32"),
    "uneven": lambda: tf.data.Dataset.from_generator(
        lambda: iter([[1], [2, 3, 4], [5], [6, 7]]), output_signature=tf.TensorSpec((None,), tf.int32)
    ),
}

def answered(text):
    try:
        return plain(eval(text, dict(known)))
    except Exception as error:
        return f"!! {type(error).__name__}: {error}"
"""


def source_of(*names):
    """The source of functions of tensorflow_calls, as they are sent to the page."""
    import inspect

    return "\n\n".join(inspect.getsource(getattr(tensorflow_calls, name)) for name in names)


def flat(value):
    if isinstance(value, list):
        return [leaf for part in value for leaf in flat(part)]
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in flat(part)]
    return [value]


@pytest.mark.parametrize("part", range(4))
@pytest.mark.usefixtures("numpy_in_page")
@pytest.mark.leaks(reason="datasets that cache and recorded functions keep tensors of the namespace")
def test_tensorflow_says_on_webgl2_what_tensorflow_says(pyo, part):
    texts = [text for text in RECORD["answers"] if not LEFT_OUT.search(text)]
    asked = random.Random(SEED).sample(texts, COUNT)[part::4]
    pyo.run(PREPARED.replace("SHOWING", source_of("plain", "shown")))
    answers = pyo.run(f"[answered(text) for text in {asked!r}]")
    wrong = []
    for text, answer in zip(asked, answers, strict=True):
        ours, theirs = flat(answer), flat(RECORD["answers"][text])
        same = len(ours) == len(theirs) and all(
            a == b
            or (
                not isinstance(a, str)
                and not isinstance(b, str)
                and a == pytest.approx(b, rel=1e-4, abs=1e-4, nan_ok=True)
            )
            for a, b in zip(ours, theirs, strict=True)
        )
        if not same:
            wrong.append((text, answer, RECORD["answers"][text]))
    assert not wrong, f"seed {SEED}: {wrong}"


@pytest.mark.usefixtures("numpy_in_page")
def test_digits_are_there_without_a_network_and_train(pyo):
    found = pyo.run(
        "from tensorflow import keras\n"
        "(x, y), (tx, ty) = keras.datasets.digits.load_data()\n"
        "keras.utils.set_random_seed(3)\n"
        "data = tf.data.Dataset.from_tensor_slices((x[:256].reshape(256, -1).astype('float32') / 255, y[:256])).batch(64)\n"
        "size = data.element_spec[0].shape[1]\n"
        "model = keras.Sequential([keras.Input((size,)), keras.layers.Dense(10, activation='softmax')])\n"
        "model.compile('adam', 'sparse_categorical_crossentropy')\n"
        "log = model.fit(data, epochs=3, verbose=0).history['loss']\n"
        "del model, data\n"
        "[list(x.shape[1:]), len(set(y.tolist())), log[0] > log[-1]]".replace(
            "tf.data", "__import__('tensorflow').data"
        )
    )
    assert found[1:] == [10, True]


def test_utilities_and_random_numbers(pyo):
    found = pyo.run(
        "import keras\n"
        "keras.utils.set_random_seed(5)\n"
        "first = keras.random.normal((3,)).tolist()\n"
        "keras.utils.set_random_seed(5)\n"
        "again = keras.random.normal((3,)).tolist()\n"
        "seeded = keras.random.uniform((2,), seed=keras.random.SeedGenerator(1)).tolist()\n"
        "same = keras.random.uniform((2,), seed=keras.random.SeedGenerator(1)).tolist()\n"
        "[first == again, seeded == same, keras.random.randint((50,), 2, 5).tolist().count(5)]"
    )
    assert found == [True, True, 0]


def test_records_examples_and_sounds_in_the_page(pyo):
    found = pyo.run(
        "import tensorflow as tf\n"
        "def written(number):\n"
        "    feature = {'x': tf.train.Feature(float_list=tf.train.FloatList(value=[number / 2, 1.0])),\n"
        "               'label': tf.train.Feature(int64_list=tf.train.Int64List(value=[number]))}\n"
        "    return tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString()\n"
        "with tf.io.TFRecordWriter('/tmp/some.tfrecord', 'GZIP') as writer:\n"
        "    for number in range(5): writer.write(written(number))\n"
        "wanted = {'x': tf.io.FixedLenFeature([2], tf.float32), 'label': tf.io.FixedLenFeature([], tf.int64)}\n"
        "data = tf.data.TFRecordDataset('/tmp/some.tfrecord', 'GZIP')\n"
        "data = data.map(lambda each: tf.io.parse_single_example(each, wanted))\n"
        "labels, sums = zip(*[(each['label'].tolist(), each['x'].numpy().sum()) for each in data])\n"
        "content = open('/tmp/some.tfrecord', 'rb').read()\n"
        "with open('/tmp/some.tfrecord', 'wb') as file: _ = file.write(content[:-20])\n"
        "try:\n"
        "    list(data)\n"
        "except Exception as error:\n"
        "    told = type(error).__name__\n"
        "sound = tf.audio.decode_wav(tf.audio.encode_wav([[0.5], [-0.25]], 8000)).audio.tolist()\n"
        "del data\n"
        "[labels, [float(each) for each in sums], told, sound]"
    )
    assert found == [[0, 1, 2, 3, 4], [1.0, 1.5, 2.0, 2.5, 3.0], "FormatError", [[0.5], [-0.25]]]


def test_pictures_of_models_are_drawn_in_the_page(pyo):
    found = pyo.run(
        "import keras\n"
        "model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, name='only')])\n"
        "graph = keras.utils.plot_model(model, '/tmp/model.png', show_layer_names=True, dpi=100)\n"
        "content = open('/tmp/model.png', 'rb').read()\n"
        "del model\n"
        "[content[:8].hex(), int.from_bytes(content[16:20], 'big'), int.from_bytes(content[20:24], 'big'), len(content) > 800,"
        " 'only' in graph._repr_svg_()]"
    )
    assert found[0] == "89504e470d0a1a0a"
    assert found[1] > 50
    assert found[2] > 50
    assert found[3:] == [True, True]


class Serving(http.server.BaseHTTPRequestHandler):
    """A file for pages of other servers, and how often it was asked for."""

    content = bytes(range(256)) * 4000
    asked = 0

    def do_GET(self):
        type(self).asked += 1
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Cross-Origin-Resource-Policy", "cross-origin")
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *args):
        pass


def test_files_are_kept_in_the_browsers_database(pyo):
    Serving.asked = 0
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Serving) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/file.bin"
        expected = hashlib.sha256(Serving.content).hexdigest()
        get = f"keras.utils.get_file('file.bin', {address!r}, file_hash={expected!r})"
        told = pyo.raw(f"import hashlib, os, keras\npath = {get}\nlen(open(path, 'rb').read())")
        assert told["error"] is None, told["error"]
        assert (told["result"]["json"], Serving.asked) == (len(Serving.content), 1)
        assert f"Downloading data from {address}" in told["stdout"]
        assert f"{len(Serving.content)}/{len(Serving.content)}" in told["stdout"]
        # The next visit has no file, but the database has it; with force_download it is fetched anew.
        assert pyo.run(f"os.remove(path)\nhashlib.sha256(open({get}, 'rb').read()).hexdigest()") == expected
        assert Serving.asked == 1
        pyo.run(get.replace("file_hash", "force_download=True, file_hash"))
        assert Serving.asked == 2
        pyo.run(
            "from tfjs_pyo.io.indexed_db import keep_file\n"
            f"await keep_file({address!r}, None)\nos.remove(path)"
        )
        server.shutdown()


def test_the_start_loads_nothing_of_tensorflow(fresh_page, site_url):
    """What a start costs for the face that no program has asked for."""
    fresh_page.goto(site_url)
    fresh_page.evaluate("window.pyo.ready")
    answer = fresh_page.evaluate(
        "window.pyo.run(`import sys\\n[m for m in sys.modules if m.startswith('tfjs_pyo.tensorflow.')]`)"
    )
    assert answer["result"]["json"] == []
