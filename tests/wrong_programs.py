"""Programs that learners get wrong, and what they are told; `test_wrong_programs.py` runs them here and in the page."""

from __future__ import annotations

from typing import NamedTuple

SETUP = {
    "tf": """
import tfjs_pyo as tf
X, Y = tf.ones([8, 3]), tf.zeros([8, 2])
def make(**options):
    made = tf.sequential({'name': 'm'})
    made.add(tf.layers.dense({'units': 4, 'inputShape': [3], 'activation': 'relu', 'name': 'hidden'}))
    made.add(tf.layers.dense({'units': 2, 'name': 'last'}))
    made.compile({'optimizer': 'sgd', 'loss': 'meanSquaredError', **options})
    return made
""",
    "keras": """
import keras
X, Y = keras.ops.ones((8, 3)), keras.ops.zeros((8, 2))
def make(**options):
    made = keras.Sequential([
        keras.layers.Input((3,)), keras.layers.Dense(4, activation='relu', name='hidden'), keras.layers.Dense(2, name='last'),
    ], name='m')
    made.compile(**{'optimizer': 'sgd', 'loss': 'mse', **options})
    return made
""",
}
"""What a program of each face begins with."""

WORKS = {
    "tf": "float((await make().fit(X, Y, {'epochs': 1})).history['loss'][0]) >= 0 and tf.ones([2]).sum().array_sync() == 2",
    "keras": "make().fit(X, Y, verbose=0).history['loss'][0] >= 0 and float(keras.ops.sum(keras.ops.ones(2))) == 2",
}
"""What is True at the same prompt after any of them."""


class Wrong(NamedTuple):
    """A wrong program.

    Attributes:
        name: of the mistake.
        program: what follows `SETUP`.
        error: the exception's class.
        words: a regular expression that the message, notes included, has: the op or layer, what came, what to do.
    """

    name: str
    program: str
    error: str
    words: str


TF = [
    Wrong(
        "a batch of another shape",
        "make().predict(tf.ones([8, 5]))",
        "ShapeError",
        r"'m': expected input 'hidden_input' to have shape \[batch, 3\], received shape \[8, 5\]",
    ),
    Wrong(
        "one sample without its batch",
        "make().predict(tf.ones([3]))",
        "ShapeError",
        r"received shape \[3\]\. If this is a single sample, give it a batch axis, x\[None\]",
    ),
    Wrong(
        "no await before fit",
        "make().fit(X, Y).history",
        "NotAwaitedError",
        r"expected `await` before the call",
    ),
    Wrong(
        "an option of a layer",
        "tf.layers.dense({'unit': 4})",
        "ArgumentError",
        "dense: .*'unit'.* mean 'units'",
    ),
    Wrong(
        "an option of fit",
        "await make().fit(X, Y, {'epoch': 3})",
        "ArgumentError",
        "fit: .*'epoch'.* mean 'epochs'",
    ),
    Wrong(
        "no units",
        "tf.layers.dense({'inputShape': [3]})",
        "ArgumentError",
        "dense: expected the argument 'units'",
    ),
    Wrong(
        "no compile",
        "m = tf.sequential([tf.layers.dense({'units': 1, 'inputShape': [3]})])\nawait m.fit(X, Y)",
        "ArgumentError",
        r"fit: expected a compiled model; call model\.compile",
    ),
    Wrong(
        "more targets than outputs",
        "await make().fit(X, tf.ones([8, 3]))",
        "ShapeError",
        r"targets for output 'last' of shape \[batch, 2\], received shape \[batch, 3\]",
    ),
    Wrong(
        "more targets than samples",
        "await make().fit(X, tf.ones([9, 2]))",
        "ShapeError",
        r"same number of samples, received shapes \(8, 3\), \(9, 2\)",
    ),
    Wrong(
        "a loss of shares for class numbers",
        "await make(loss='categoricalCrossentropy').fit(X, tf.ones([8, 1]))",
        "ShapeError",
        "For class numbers use sparseCategoricalCrossentropy",
    ),
    Wrong(
        "a loss of class numbers for shares",
        "await make(loss='sparseCategoricalCrossentropy').fit(X, Y)",
        "ShapeError",
        "(?s)For one-hot targets use categoricalCrossentropy.*In the loss of output 'last'",
    ),
    Wrong(
        "a class that there is not",
        "await make(loss='sparseCategoricalCrossentropy').fit(X, tf.fill([8, 1], 2))",
        "OptionError",
        r"class numbers from 0 to 1 as targets of output 'last'.*received 2\. Number the classes from 0",
    ),
    Wrong(
        "such a class in validation data",
        "await make(loss='sparseCategoricalCrossentropy').fit(X, tf.zeros([8, 1]), "
        "{'validationData': [X, tf.fill([8, 1], 2)]})",
        "OptionError",
        "validationData: expected class numbers from 0 to 1",
    ),
    Wrong(
        "such a class in evaluate",
        "make(loss='sparseCategoricalCrossentropy').evaluate(X, tf.fill([8, 1], -1))",
        "OptionError",
        "evaluate: expected class numbers from 0 to 1.*received -1",
    ),
    Wrong(
        "labels as words",
        "await make().fit(X, ['cat', 'dog'] * 4)",
        "DTypeError",
        r"numbers as targets of output 'last', received strings, such as 'cat'\. Give each class a number",
    ),
    Wrong(
        "a loss's name",
        "make(loss='meanSquareError')",
        "OptionError",
        "no loss named.* mean 'meanSquaredError'",
    ),
    Wrong(
        "an activation's name",
        "tf.layers.dense({'units': 2, 'activation': 'rellu'})",
        "OptionError",
        "dense: 'activation': .* mean 'relu'",
    ),
    Wrong(
        "a layer's class", "tf.layers.dens({'units': 2})", "NameNotFoundError", "'dens'. Did you mean 'dense'"
    ),
    Wrong("an op's name", "tf.ones([2]).summ()", "NameNotFoundError", "'summ'. Did you mean 'sum'"),
    Wrong(
        "a layer's name", "make().getLayer('hiden')", "NameNotFoundError", "'hiden'. There are: hidden, last"
    ),
    Wrong("gaps in data", "tf.tensor([[1, None], [2, 3]])", "DTypeError", "expected numbers, received None"),
    Wrong(
        "ragged rows",
        "tf.tensor2d([[1, 2, 3], [4, 5]])",
        "ShapeError",
        "equal lengths, received 3 .* and 2 elements in list 1",
    ),
    Wrong(
        "use after dispose",
        "x = tf.ones([2])\nx.dispose()\nx + 1",
        "DisposedError",
        r"(?s)it was disposed.*Keep it alive with tf\.keep.*passed to add",
    ),
    Wrong(
        "a model after dispose",
        "m = make()\nm.dispose()\nm.predict(X)",
        "DisposedError",
        "(?s)'hidden/kernel.*it was disposed.*In layer 'hidden'",
    ),
    Wrong(
        "no such file",
        "await tf.loadLayersModel('file://no/such/model.json')",
        "MissingFileError",
        "no/such/model.json.* No such file",
    ),
    Wrong("no address", "await tf.loadLayersModel('http://[')", "StorageError", r"http://\["),
    Wrong(
        "matrices that do not fit",
        "tf.matMul(tf.ones([2, 3]), tf.ones([2, 3]))",
        "ShapeError",
        r"mat_mul: expected equal inner dimensions, received shapes \(2, 3\) and \(2, 3\)",
    ),
    Wrong(
        "shapes that do not broadcast",
        "tf.ones([2, 3]) + tf.ones([2])",
        "ShapeError",
        r"add: .* received \(2, 3\) and \(2,\)\. Aligned at the right",
    ),
    Wrong(
        "images without channels",
        "tf.sequential([tf.layers.conv2d({'filters': 2, 'kernelSize': 3, 'inputShape': [28, 28], 'name': 'eye'})])",
        "ShapeError",
        r"conv2d \(layer 'eye'\): .*\[batch, height, width, channels\], received shape \(None, 28, 28\)",
    ),
    Wrong(
        "a window larger than the image",
        "tf.sequential([tf.layers.maxPooling2d({'poolSize': 5, 'inputShape': [3, 3, 1], 'name': 'pool'})])",
        "ShapeError",
        r"\(layer 'pool'\): expected windows that fit, received a window of 5 over 3",
    ),
    Wrong(
        "dense behind a convolution without flatten",
        "m = tf.sequential([tf.layers.conv2d({'filters': 2, 'kernelSize': 3, 'inputShape': [8, 8, 1]}), "
        "tf.layers.dense({'units': 2})])\n"
        "m.compile({'optimizer': 'sgd', 'loss': 'meanSquaredError'})\nawait m.fit(tf.ones([4, 8, 8, 1]), tf.ones([4, 2]))",
        "ShapeError",
        r"\[batch, 6, 6, 2\], received shape \[batch, 2\]\. .*flatten",
    ),
    Wrong(
        "an axis that there is not",
        "tf.ones([2, 3]).sum(2)",
        "OptionError",
        "sum: expected axis between -2 and 1.*received 2",
    ),
    Wrong(
        "if on a value in a loss",
        "m = make(loss=lambda y, p: (p - y).square().mean() if float(y.sum()) > 0 else p.mean())\nawait m.fit(X, Y)",
        "TraceError",
        r"(?s)use tf\.where for conditions.*In the loss of output 'last'",
    ),
    Wrong(
        "a loss that forgets the predictions",
        "await make(loss=lambda y, p: y.mean()).fit(X, Y)",
        "GradientError",
        r"depends on none of the 4\. .*from the predictions",
    ),
    Wrong(
        "two layers of one name",
        "tf.sequential([tf.layers.dense({'units': 1, 'name': 'a', 'inputShape': [1]}), "
        "tf.layers.dense({'units': 1, 'name': 'a'})])",
        "ArgumentError",
        "2 are named 'a'. Give each a name of its own",
    ),
    Wrong(
        "a model of values",
        "tf.model({'inputs': X, 'outputs': Y})",
        "ArgumentError",
        r"symbolic tensors, made by tf\.input",
    ),
    Wrong(
        "outputs of other inputs",
        "a, b = tf.input({'shape': [3], 'name': 'a'}), tf.input({'shape': [3], 'name': 'b'})\n"
        "tf.model({'inputs': a, 'outputs': tf.layers.dense({'units': 1}).apply(b)})",
        "ArgumentError",
        "needs the input 'b'",
    ),
    Wrong(
        "layers as text",
        "tf.sequential({'layers': 'dense'})",
        "ArgumentError",
        "expected a list of layers, received 'dense'",
    ),
    Wrong(
        "a class in place of a layer",
        "tf.sequential([tf.layers.Flatten])",
        "ArgumentError",
        r"received the class Flatten\. Did you mean Flatten\(\.\.\.\)",
    ),
    Wrong(
        "validation data of another shape",
        "await make().fit(X, Y, {'validationData': [tf.ones([2, 4]), tf.ones([2, 2])]})",
        "ShapeError",
        r"\[batch, 3\], received shape \[2, 4\]",
    ),
    Wrong(
        "too few weights",
        "make().setWeights([tf.ones([3, 4])])",
        "ArgumentError",
        "'m': expected 4 weights, received 1",
    ),
    Wrong(
        "an event's name",
        "await make().fit(X, Y, {'callbacks': {'onEpochsEnd': print}})",
        "ArgumentError",
        "'onEpochsEnd'. Did you mean 'onEpochEnd'",
    ),
    Wrong(
        "a rate as text",
        "tf.train.adam('0.01')",
        "OptionError",
        "adam: expected 'learningRate' to be a number.*received '0.01'",
    ),
    Wrong(
        "an index that there is not",
        "tf.gather(tf.ones([3]), [3])",
        "RangeError",
        "gather: .* between 0 and 2, received 3",
    ),
    Wrong(
        "an index between two",
        "tf.gather(tf.ones([3]), [0.5])",
        "RangeError",
        "gather: expected whole numbers as indices, received 0.5",
    ),
]

KERAS = [
    Wrong(
        "a batch of another shape",
        "make().predict(keras.ops.ones((8, 5)))",
        "ShapeError",
        r"'m': .*shape \[batch, 3\], received shape \[8, 5\]",
    ),
    Wrong(
        "one sample without its batch",
        "make().predict(keras.ops.ones((3,)))",
        "ShapeError",
        r"received shape \[3\]\. If this is a single sample, give it a batch axis, x\[None\]",
    ),
    Wrong(
        "an option of a layer",
        "keras.layers.Dense(4, activations='relu')",
        "ArgumentError",
        "dense: .* mean 'activation'",
    ),
    Wrong(
        "an option of fit",
        "make().fit(X, Y, epoch=3)",
        "ArgumentError",
        "fit: .*'epoch'. Did you mean 'epochs'",
    ),
    Wrong(
        "no compile",
        "m = keras.Sequential([keras.layers.Dense(1)])\nm.fit(X, Y)",
        "ArgumentError",
        r"fit: expected a compiled model; call model\.compile",
    ),
    Wrong(
        "labels as words",
        "make(loss='sparse_categorical_crossentropy').fit(X, ['cat', 'dog'] * 4)",
        "DTypeError",
        "targets of output 'last', received strings, such as 'cat'. Give each class a number",
    ),
    Wrong(
        "a loss of shares for class numbers",
        "make(loss='categorical_crossentropy').fit(X, [0, 1] * 4)",
        "ShapeError",
        r"\[batch, 2\], received shape \[batch, 1\]\. .*For class numbers use",
    ),
    Wrong(
        "a loss of class numbers for shares",
        "make(loss='sparse_categorical_crossentropy').fit(X, Y)",
        "ShapeError",
        "(?s)For one-hot targets use categorical_crossentropy.*In the loss of output 'last'",
    ),
    Wrong(
        "a class that there is not",
        "make(loss='sparse_categorical_crossentropy').fit(X, [2] * 8)",
        "OptionError",
        "class numbers from 0 to 1 as targets of output 'last'.*received 2. Number the classes from 0",
    ),
    Wrong(
        "a loss's name",
        "make(loss='mean_square_error')",
        "OptionError",
        "no loss named.* mean 'mean_squared_error'",
    ),
    Wrong(
        "a metric's name",
        "make(metrics=['acuracy']).fit(X, Y)",
        "OptionError",
        "no metric named 'acuracy'. Did you mean 'accuracy'",
    ),
    Wrong(
        "a layer's class", "keras.layers.Dence(3)", "NameNotFoundError", r"'Dence'. Did you mean 'Dense'\?"
    ),
    Wrong(
        "no return",
        "class Own(keras.layers.Layer):\n    def call(self, inputs):\n        inputs * 2\nOwn()(X)",
        "ArgumentError",
        r"\(layer 'own.*expected call to return a tensor, received None\. Is there a `return`",
    ),
    Wrong(
        "no super",
        "class Own(keras.Model):\n    def __init__(self):\n        self.d = keras.layers.Dense(1)\n"
        "    def call(self, inputs):\n        return self.d(inputs)\nOwn()(X)",
        "NameNotFoundError",
        r"Own: .*super\(\).__init__\(\) first",
    ),
    Wrong(
        "no call",
        "class Own(keras.Model):\n    def forward(self, inputs):\n        return inputs\nOwn()(X)",
        "ArgumentError",
        r"a subclass that defines call\(inputs\)",
    ),
    Wrong(
        "a layer's name", "make().get_layer('hiden')", "NameNotFoundError", "'hiden'. There are: hidden, last"
    ),
    Wrong(
        "no such file",
        "keras.models.load_model('missing.keras')",
        "MissingFileError",
        "'missing.keras' could not be read: No such file",
    ),
    Wrong(
        "a file of another kind",
        "with open('notes.keras', 'w') as file:\n    _ = file.write('hello')\nkeras.models.load_model('notes.keras')",
        "FormatError",
        r"'notes.keras' is no \.keras file: it begins with b'hello'",
    ),
    Wrong(
        "weights of another model",
        "make().save_weights('a.weights.h5')\n"
        "keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(5)]).load_weights('a.weights.h5')",
        "ShapeError",
        r"kernel': expected shape \[3, 5\], received \[3, 4\]",
    ),
    Wrong(
        "more targets than samples",
        "make().fit(X, keras.ops.ones((9, 2)))",
        "ShapeError",
        r"received shapes \(8, 3\), \(9, 2\)",
    ),
    Wrong(
        "images without channels",
        "keras.Sequential([keras.layers.Input((28, 28)), keras.layers.Conv2D(2, 3, name='eye')])",
        "ShapeError",
        r"\(layer 'eye'\): .*\[batch, height, width, channels\], received shape \(None, 28, 28\)",
    ),
    Wrong(
        "a concatenation of other lengths",
        "a, b = keras.Input((3, 2)), keras.Input((4, 2))\nkeras.layers.Concatenate(name='both')([a, b])",
        "ShapeError",
        r"\(layer 'both'\): .*along axis 2 only, received \[\(None, 3, 2\), \(None, 4, 2\)\]",
    ),
    Wrong(
        "a sum of other shapes",
        "a, b = keras.Input((3,)), keras.Input((4,))\nkeras.layers.Add(name='sum')([a, b])",
        "ShapeError",
        r"\(layer 'sum'\): .*broadcast together, received \[\(None, 3\), \(None, 4\)\]",
    ),
    Wrong(
        "steps missing",
        "keras.Sequential([keras.layers.Input((3,)), keras.layers.LSTM(2, name='memory')])",
        "ShapeError",
        r"\(layer 'memory'\): .*\[batch, steps, features\], received shape \(None, 3\)",
    ),
    Wrong(
        "another size",
        "keras.Sequential([keras.layers.Input((6,)), keras.layers.Reshape((4,), name='form')])",
        "ShapeError",
        r"\(layer 'form'\): expected a shape of 6 elements.*received shape \(4,\)",
    ),
    Wrong(
        "a model in place of units",
        "keras.layers.Dense(make())",
        "OptionError",
        "dense: expected 'units' to be a positive integer",
    ),
    Wrong(
        "a number as activation",
        "keras.layers.Dense(2, activation=3)",
        "OptionError",
        "dense: 'activation': .*received 3",
    ),
    Wrong(
        "percent in place of a share",
        "keras.layers.Dropout(20)",
        "OptionError",
        "dropout: expected 'rate' to be .*below 1, received 20",
    ),
]

TABLE = [("tf", wrong) for wrong in TF] + [("keras", wrong) for wrong in KERAS]
"""Each program with its face."""

WARNS = [
    ("tf", "await make().fit(tf.fill([8, 3], float('nan')), Y)"),
    ("keras", "_ = make().fit(X * float('nan'), Y, verbose=0)"),
]
"""Programs whose data are no numbers: training goes on, and a NumericWarning says it."""
