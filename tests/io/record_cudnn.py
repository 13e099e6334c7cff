"""Records models with CuDNNLSTM and CuDNNGRU as Keras 2 saves them, and what Keras predicts once LSTM and GRU have their weights.

`pip install tensorflow-cpu==2.16.* tf_keras==2.16.*`, then `python tests/io/record_cudnn.py` writes cudnn.json.
"""

import base64
import json
import tempfile
import zlib
from pathlib import Path

import numpy as np
import tf_keras as keras
from tf_keras.src.layers.rnn.cudnn_gru import CuDNNGRU
from tf_keras.src.layers.rnn.cudnn_lstm import CuDNNLSTM

layers = keras.layers


def stacked(fast, shape, *made):
    return keras.Sequential(
        [layers.InputLayer(shape, name="x"), *(each(fast) for each in made)], name="stack"
    )


def lstm(fast, name="cu_dnnlstm", **options):
    return CuDNNLSTM(name=name, **options) if fast else layers.LSTM(name=name, **options)


def gru(fast, name="cu_dnngru", **options):
    return CuDNNGRU(name=name, **options) if fast else layers.GRU(name=name, **options)


def graph(fast):
    x = layers.Input((4, 3), name="x")
    whole, state_h, state_c = lstm(fast, units=2, return_sequences=True, return_state=True)(x)
    inner = keras.Sequential([layers.InputLayer((4, 2)), gru(fast, units=3, name="inner_gru")], name="inner")
    return keras.Model(x, [inner(whole), state_h, state_c], name="graph")


MODELS = {
    "lstm": lambda fast: stacked(fast, (5, 3), lambda f: lstm(f, units=2), lambda f: layers.Dense(2, name="dense")),
    "gru": lambda fast: stacked(fast, (5, 2), lambda f: gru(f, units=3, return_sequences=True, go_backwards=True)),
    "square": lambda fast: stacked(fast, (3, 4), lambda f: lstm(f, units=4), lambda f: layers.Reshape((2, 2), name="r"),
                                   lambda f: gru(f, units=2)),
    "both ways": lambda fast: stacked(fast, (4, 2), lambda f: layers.Bidirectional(gru(f, units=2), name="bidirectional")),
    "graph": graph,
}  # fmt: skip


def packed(path):
    return base64.b64encode(zlib.compress(path.read_bytes(), 9)).decode()


def main():
    rng, found = np.random.default_rng(3), {}
    with tempfile.TemporaryDirectory() as folder:
        for name, make in MODELS.items():
            fast, plain = make(True), make(False)
            fast.set_weights([rng.normal(size=weight.shape) * 0.5 for weight in fast.get_weights()])
            path, weights = Path(folder, "m.h5"), Path(folder, "w.h5")
            fast.save(path)
            fast.save_weights(weights)
            plain.load_weights(weights)
            x = rng.normal(size=(2, *fast.input_shape[1:])).astype("float32").round(2)
            result = plain.predict(x, verbose=0)
            outputs = result if isinstance(result, list) else [result]
            found[name] = {
                "h5": packed(path), "weights": packed(weights),
                "config": json.loads(plain.to_json()), "x": x.tolist(), "outputs": [each.tolist() for each in outputs],
                "values": [[w.name, weight.tolist()] for w, weight in zip(fast.weights, fast.get_weights(), strict=True)],
            }  # fmt: skip
    Path(__file__).with_name("cudnn.json").write_text(json.dumps(found))


main()
