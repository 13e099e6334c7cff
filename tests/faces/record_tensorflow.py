"""Notes what TensorFlow says to the expressions of tensorflow_calls.py.

pip install tensorflow-cpu==2.21.0
python -m tests.faces.record_tensorflow
"""

import json
from pathlib import Path

import tensorflow as tf

from tests.faces.tensorflow_calls import answers

if __name__ == "__main__":
    record = {"tensorflow": tf.__version__, "answers": answers(tf)}
    Path(__file__).with_name("tensorflow.json").write_text(
        json.dumps(record, indent=0) + "\n", encoding="utf-8"
    )
