"""What programs write to import Keras and TensorFlow, and what they must get. For CPython and for the page."""

SAME = {
    "import keras": "keras is tf.keras",
    "import keras as K": "K is tf.keras",
    "import tf_keras": "tf_keras is tf.keras",
    "import tensorflow as t": "t.keras is tf.keras",
    "from tensorflow import keras as k": "k is tf.keras",
    "from keras import layers": "layers is tf.keras.layers",
    "from tensorflow.keras import layers, models": "layers is tf.keras.layers and models is tf.keras.models",
    "import keras.layers": "keras.layers is tf.keras.layers",
    "import keras.layers as L": "L is tf.keras.layers",
    "import tensorflow.keras.optimizers": "tensorflow.keras.optimizers is tf.keras.optimizers",
    "from keras.models import Sequential, Model": "Sequential is tf.keras.Sequential and Model is tf.keras.Model",
    "from tensorflow.keras.models import Sequential": "Sequential is tf.keras.Sequential",
    "from tensorflow.keras.layers import Dense, LSTM": "Dense is tf.keras.layers.Dense and LSTM is tf.keras.layers.LSTM",
    "from keras.optimizers import Adam": "Adam is tf.keras.optimizers.Adam",
    "from keras.optimizers.schedules import PolynomialDecay": "PolynomialDecay.__name__ == 'PolynomialDecay'",
    "from keras.callbacks import EarlyStopping": "EarlyStopping is tf.keras.callbacks.EarlyStopping",
    "from keras import Input, Model, Sequential": "Input is tf.keras.Input",
    "import tensorflow.nn": "tensorflow.nn.relu([-1.0, 2.0]).tolist() == [0, 2]",
    "from tensorflow import data as d": "d.Dataset.range(2).cardinality() == 2",
    "import tensorflow.data as d": "d.Dataset.range(2).cardinality() == 2",
    "import tensorflow.strings as s": "s.lower(['A']).tolist() == ['a']",
    "from tensorflow.math import reduce_sum": "reduce_sum([1.0, 2.0]).item() == 3",
}
"""Import statements, and what holds after them; `tf` is `tfjs_pyo`."""

MISSING = {
    "import keras.src": "internal to Keras.*from keras import layers",
    "from keras.src.layers import Dense": "internal to Keras",
    "from keras.layers.core import Dense": "keras.layers has no 'core'",
    "import keras.forms": "keras has no 'forms'",
    "import keras.importing": "keras has no 'importing'",
    "import keras.layer": r"Did you mean 'layers'",
    "import keras.Sequential": "no module. Write 'from keras import Sequential'",
    "import keras.utils.np_utils": "from keras.utils import to_categorical",
    "import tensorflow.compat.v1 as tf": "names of TensorFlow 2",
    "from tensorflow.python.keras import layers": "internal to TensorFlow",
    "from tensorflow.contrib import rnn": "TensorFlow 1",
    "from keras.layers import Dence": "keras.layers has no 'Dence' in tfjs-pyo. Did you mean 'Dense'",
    "from keras.optimizers.schedules import CosineDecai": "Did you mean 'CosineDecay'",
    "from keras import layerz": "keras has no 'layerz' in tfjs-pyo. Did you mean 'layers'",
    "from tensorflow import reduce_men": "tensorflow has no 'reduce_men' in tfjs-pyo. Did you mean 'reduce_mean'",
    "from tensorflow.random import uniforn": "tensorflow.random has no 'uniforn' in tfjs-pyo. Did you mean 'uniform'",
    "from tensorflow.nn import softmaxx": "tensorflow.nn has no 'softmaxx' in tfjs-pyo. Did you mean .*'softmax'",
    "import tensorflow.keras.nothing": "tensorflow.keras has no 'nothing'",
}
"""Import statements that cannot be obeyed, and what the ImportError says."""
