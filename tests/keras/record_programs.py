"""Notes the losses of the programs of examples/keras as Keras 3 itself computes them.

    pip install keras==3.15.1 torch==2.13.0 tensorflow-cpu==2.21.0
    KERAS_BACKEND=torch python -m tests.keras.record_programs
    KERAS_BACKEND=tensorflow python -m tests.keras.record_programs

TensorFlow runs those whose train_step is written for it, and the U-Net, in which PyTorch fails ("grad_input must be contiguous");
PyTorch all others, as TensorFlow's gradients of embeddings are sparse, with which Adam computes something else.
"""

import inspect
import json
import sys

import keras

from tests.keras.programs import FOLDER, NAMES, RECORD, fixed_numbers, run

FOR_TENSORFLOW = {"actor_critic", "dcgan", "unet_segmentation", "variational_autoencoder"}


def random_initializers():
    """Keras's classes whose weights are random."""
    classes = {value for value in vars(keras.initializers).values() if inspect.isclass(value)}
    base = next(
        each for each in keras.initializers.RandomNormal.__mro__ if each.__name__ == "RandomInitializer"
    )
    return [each for each in classes if issubclass(each, base)]


def main(names):
    """Runs the programs and writes what they note."""
    record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.is_file() else {"programs": {}}
    losses = record["programs"]
    backend = keras.backend.backend()
    for name in names or [name for name in NAMES if (name in FOR_TENSORFLOW) == (backend == "tensorflow")]:
        path = FOLDER / f"{name}.py"
        keras.utils.clear_session()
        with fixed_numbers(keras, random_initializers(), "__call__"):
            found = [round(loss, 7) for loss in run(path.read_text(encoding="utf-8"), path)]
        losses[name] = {"backend": backend, "losses": found}
        record |= {
            "keras": keras.__version__,
            "programs": {each: losses[each] for each in NAMES if each in losses},
        }
        RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
