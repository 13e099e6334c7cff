"""Models of a user's own that hold layers in attributes, lists, tuples, dicts and within each other: in Keras and here."""


def holding(fill):
    """A function that makes a model of Keras, or of Keras's face: `fill` gives it layers, and returns them in order."""

    def make(keras):
        class Holding(keras.Model):
            def __init__(self):
                super().__init__()
                self.order = None
                order = fill(self, keras.layers, keras)
                object.__setattr__(self, "_order_of_calls", lambda: order)

            def call(self, inputs):
                for each in self._order_of_calls():
                    inputs = each(inputs)
                return inputs

        return Holding()

    return make


def attributes(self, layers, keras):
    self.second, self.first = layers.Dense(2), layers.Dense(3)
    self._private = layers.Dense(2)
    return [self.first, self.second, self._private]


def lists(self, layers, keras):
    self.blocks = [layers.Dense(3), layers.LayerNormalization(), layers.Dense(2)]
    self.pair = (layers.Dense(2), layers.Dense(2))
    return [*self.blocks, *self.pair]


def dicts(self, layers, keras):
    self.heads = {"z": layers.Dense(3), "a": layers.Dense(2), "m": layers.LayerNormalization()}
    return list(self.heads.values())


def appended(self, layers, keras):
    self.blocks = []
    for units in (3, 4, 2):
        self.blocks.append(layers.Dense(units))
    self.heads = {}
    self.heads["b"] = layers.Dense(2)
    self.heads["a"] = layers.Dense(2)
    return [*self.blocks, *self.heads.values()]


def nested(self, layers, keras):
    self.grid = [
        [layers.Dense(2), layers.Dense(3)],
        (layers.Dense(2),),
        5,
        [],
        layers.Dense(2),
        ["text", [layers.Dense(2)]],
    ]
    self.tree = {
        "b": {"c": layers.Dense(3), "a": [layers.LayerNormalization(), layers.Dense(2)]},
        "n": None,
        "a": (layers.Dense(2), {}),
    }
    grid, tree = self.grid, self.tree
    return [*grid[0], grid[2 - 1][0], grid[4], grid[5][1][0], tree["b"]["c"], *tree["b"]["a"], tree["a"][0]]


def names(self, layers, keras):
    class Container(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.Dense, self.dense_1, self.B, self.a = (layers.Dense(2) for _ in range(4))

        def build(self, input_shape):  # noqa: ARG002 (Keras's signature)
            for each in (self.Dense, self.dense_1, self.B, self.a):
                each.build((None, 2))

        def call(self, inputs):
            return self.a(self.B(self.dense_1(self.Dense(inputs))))

    self.Upper, self.lower, self.m_1, self.m_10, self.m_2 = (layers.Dense(2) for _ in range(5))
    self.mixed = [[layers.Dense(2)], Container(), {"k": layers.Dense(2)}, Container()]
    mixed = [self.mixed[0][0], self.mixed[1], self.mixed[2]["k"], self.mixed[3]]
    return [self.Upper, self.lower, self.m_1, self.m_10, self.m_2, *mixed]


def shared(self, layers, keras):
    self.one = layers.Dense(2)
    self.again = [layers.Dense(2), self.one, layers.Dense(2)]
    self.by_name = {"x": self.one, "y": layers.Dense(2)}
    return [self.one, *self.again, self.by_name["y"]]


def within(self, layers, keras):
    class Block(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.parts = [layers.Dense(2), layers.Dense(2)]
            self.by_name = {"gate": layers.Dense(2), "norm": layers.LayerNormalization()}

        def build(self, input_shape):  # noqa: ARG002 (Keras's signature)
            for each in (*self.parts, *self.by_name.values()):
                each.build((None, 2))

        def call(self, inputs):
            for each in (*self.parts, *self.by_name.values()):
                inputs = each(inputs)
            return inputs

    self.blocks = [Block(), Block()]
    self.last = {"block": Block(), "dense": layers.Dense(1)}
    return [*self.blocks, *self.last.values()]


def models(self, layers, keras):
    self.inner = keras.Sequential([layers.Dense(3), layers.Dense(2)])
    x = keras.Input((2,))
    self.graphs = {"g": keras.Model(x, layers.Dense(2)(layers.Dense(4)(x)))}
    self.stacks = [keras.Sequential([layers.Dense(2)]), keras.Sequential([layers.Dense(2)])]
    return [self.inner, self.graphs["g"], *self.stacks]


MODELS = {
    fill.__name__: holding(fill)
    for fill in (attributes, lists, dicts, appended, nested, names, shared, within, models)
}
