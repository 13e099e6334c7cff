"""Models whose summaries are compared, in Keras's spelling, with the ways in which they are printed."""


def models(keras):
    """Returns models by name."""
    layers = keras.layers
    convnet = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu", name="convolution"),
            layers.MaxPooling2D(2, name="max_pooling_of_a_long_name"),
            layers.Flatten(name="flatten"),
            layers.BatchNormalization(name="normalize"),
            layers.Dense(10, name="dense"),
        ],
        name="convnet",
    )
    frozen = keras.Sequential(
        [keras.Input((8,)), layers.Dense(4, name="frozen"), layers.Dense(2, name="free")],
        name="partly_frozen",
    )
    frozen.layers[0].trainable = False
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    shared = layers.Dense(3, name="shared")
    joined = layers.Concatenate(name="joined")([shared(a), shared(b)])
    inner = keras.Sequential([layers.Dense(2, name="in1"), layers.Dense(2, name="in2")], name="inner")
    graph = keras.Model([a, b], [inner(joined), joined], name="graph")
    unbuilt = keras.Sequential(
        [layers.Dense(3, name="first"), layers.Dense(2, name="second")], name="unbuilt"
    )

    class Net(keras.Model):
        def __init__(self):
            super().__init__(name="net")
            self.hidden = layers.Dense(3, name="hidden")
            self.block = keras.Sequential([layers.Dense(2, name="inside")], name="block")

        def call(self, x):
            return self.block(self.hidden(x))

    seen = Net()
    seen(keras.ops.zeros((2, 5)))
    big = keras.Sequential([keras.Input((1000,)), layers.Dense(100000, name="wide")], name="big")
    return {
        "convnet": convnet,
        "frozen": frozen,
        "graph": graph,
        "unbuilt": unbuilt,
        "net": Net(),
        "seen": seen,
        "big": big,
    }


WAYS = {
    "plain": {},
    "narrow": {"line_length": 60},
    "positions": {"line_length": 80, "positions": [0.4, 0.7, 1.0]},
    "trainable": {"show_trainable": True},
    "nested": {"expand_nested": True, "show_trainable": True},
    "range": {"layer_range": ["shared", "joined"]},
}


def texts(keras):
    """Returns what is printed of each model in each way that fits it."""
    found = {}
    for name, model in models(keras).items():
        for way, options in WAYS.items():
            if (way == "range" and name != "graph") or (way == "positions" and name == "graph"):
                continue
            lines = []
            model.summary(print_fn=lambda text, lines=lines, **_: lines.append(text), **options)
            found[f"{name}, {way}"] = "".join(lines)
    return found
