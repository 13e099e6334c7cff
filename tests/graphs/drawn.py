"""Models of the drawn descriptions in graphs_by_tfjs.json, made with whatever has Keras's names: this library, or Keras."""

import json
from pathlib import Path

import numpy as np

from tests.io.record_keras import filled

FOLDER = Path(__file__).parent
WIDTH = 3


def records():
    """The drawn graphs, and what TensorFlow.js made of them."""
    return json.loads((FOLDER / "graphs_by_tfjs.json").read_text(encoding="utf-8"))["records"]


class Drawn:
    """A model of a description.

    Args:
        graph: the description.
        keras: what has Keras's names.
        unnamed: whether layers get the names that the library makes up, whatever the description says.

    Attributes:
        model: the model.
        ids: those of its layers, inner ones too.
    """

    def __init__(self, graph, keras, unnamed=False):
        self.keras, self.unnamed = keras, unnamed
        self.ids = {}
        self.model = self._graph(graph)

    def order(self, model):
        """The ids of a model's layers, in its order."""
        return [self.ids[layer] for layer in model.layers]

    def models(self, outer=None):
        """The model and those in it: (id, model)."""
        outer = outer or self.model
        found = [(self.ids[outer], outer)]
        return found + [
            each for layer in outer.layers if hasattr(layer, "layers") for each in self.models(layer)
        ]

    def leaves(self):
        """Layers that are no models, in the order of their ids."""
        found = {self.ids[layer]: layer for _, model in self.models() for layer in model.layers}
        return [layer for _, layer in sorted(found.items()) if not hasattr(layer, "layers")]

    def fill(self):
        """Gives each weight numbers of its own, as record_graphs.mjs does."""
        seed = 0
        for layer in self.leaves():
            values = []
            for number, weight in enumerate(layer.get_weights()):
                seed += 1
                value = filled(tuple(weight.shape), seed)
                values.append(
                    abs(value) if type(layer).__name__ == "BatchNormalization" and number == 3 else value
                )
            layer.set_weights(values)

    def _name(self, described, more=""):
        unnamed = self.unnamed or "name" not in described
        return {} if unnamed else {"name": described["name"] + more}

    def _noted(self, layer, name):
        self.ids[layer] = name
        return layer

    def _plain(self, described):
        kind, layers, name = described["kind"], self.keras.layers, self._name(described)
        return {
            "dense": lambda: layers.Dense(WIDTH, activation="tanh", **name),
            "batch": lambda: layers.BatchNormalization(**name),
            "prelu": lambda: layers.PReLU(**name),
            "dropout": lambda: layers.Dropout(0.5, **name),
            "lstm": lambda: layers.LSTM(WIDTH, return_state=True, recurrent_activation="sigmoid", **name),
            "add": lambda: layers.Add(**name),
            "average": lambda: layers.Average(**name),
            "maximum": lambda: layers.Maximum(**name),
            "concatenate": lambda: layers.Concatenate(**name),
        }[kind]()

    def _layer(self, described):
        if described["kind"] == "graph":
            return self._graph(described)
        if described["kind"] == "stack":
            stack = self.keras.Sequential(**self._name(described))
            stack.add(self.keras.Input((WIDTH,)))
            for each in described["stack"]:
                stack.add(self._noted(self._plain(each), each["id"]))
            return self._noted(stack, described["id"])
        return self._noted(self._plain(described), described["id"])

    def _graph(self, graph):
        tensors = []
        for each in graph["inputs"]:
            tensor = self.keras.Input((WIDTH,), **self._name(each))
            self._noted(tensor.layer if hasattr(tensor, "layer") else tensor._keras_history[0], each["id"])
            tensors.append(tensor)
        inputs, made = tensors[:], {}
        for step in graph["steps"]:
            described = graph["layers"][step["layer"]]
            if described["id"] not in made:
                made[described["id"]] = self._layer(described)
            given = [tensors[number] for number in step["inputs"]]
            if described["kind"] == "lstm":
                repeat = self.keras.layers.Reshape((1, WIDTH), **self._name(described, "_repeat"))
                given = [self._noted(repeat, f"{described['id']}/repeat")(given[0])]
            result = made[described["id"]](given if len(given) > 1 else given[0])
            if described["kind"] == "concatenate":
                narrow = self.keras.layers.Dense(WIDTH, **self._name(described, "_narrow"))
                result = self._noted(narrow, f"{described['id']}/narrow")(result)
            tensors += result if isinstance(result, (list, tuple)) else [result]
        outputs = [tensors[number] for number in graph["outputs"]]
        one = lambda items: items if len(items) > 1 else items[0]  # noqa: E731
        return self._noted(self.keras.Model(one(inputs), one(outputs), **self._name(graph)), graph["id"])


def inputs_of(graph):
    """What is given to the model of a description: arrays."""
    given = [filled((4, WIDTH), 500 + number) for number in range(len(graph["inputs"]))]
    return given if len(given) > 1 else given[0]


def outputs_of(predicted):
    """Predictions as a list of arrays."""
    return [np.asarray(each) for each in (predicted if isinstance(predicted, (list, tuple)) else [predicted])]
