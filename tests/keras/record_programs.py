"""Notes the losses of the programs of examples/keras as Keras 3 itself computes them.

    pip install keras==3.15.1 tensorflow-cpu==2.21.0
    KERAS_BACKEND=tensorflow python -m tests.keras.record_programs [name ...]

TensorFlow is the backend since two of the programs write their train_step for it. The rest runs on the others as well.
"""

import inspect
import json
import sys
from pathlib import Path

import keras

from tests.keras.programs import FOLDER, NAMES, fixed_numbers, run

RECORD = Path(__file__).with_name("programs.json")


def random_initializers():
    """Keras's classes whose weights are random."""
    classes = {value for value in vars(keras.initializers).values() if inspect.isclass(value)}
    base = next(
        each for each in keras.initializers.RandomNormal.__mro__ if each.__name__ == "RandomInitializer"
    )
    return [each for each in classes if issubclass(each, base)]


def main(names):
    """Runs the programs and writes what they note."""
    losses = json.loads(RECORD.read_text(encoding="utf-8"))["losses"] if RECORD.is_file() else {}
    for name in names or NAMES:
        path = FOLDER / f"{name}.py"
        keras.utils.clear_session()
        with fixed_numbers(keras, random_initializers(), "__call__"):
            losses[name] = [round(loss, 7) for loss in run(path.read_text(encoding="utf-8"), path)]
        kept = {each: losses[each] for each in NAMES if each in losses}
        record = {"keras": keras.__version__, "backend": keras.backend.backend(), "losses": kept}
        RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
