"""Writes ctc.json: Keras's losses of connectionist temporal classification, their gradients, and what is decoded.

`pip install keras==3.15.1 torch` in an environment of its own, then `KERAS_BACKEND=torch python -m tests.keras.record_ctc`.
"""

import json
from pathlib import Path

import keras
import numpy as np
import torch

from tests.keras.ctc_cases import CASES, drawn
from tests.waves import seen


def recorded(number):
    """The losses of a case, the gradient of their sum, and what both strategies decode."""
    true, logits = drawn(number)
    x = torch.tensor(logits, requires_grad=True)
    each = keras.losses.ctc(torch.tensor(true), x)
    each.sum().backward()
    lengths = np.full(len(logits), logits.shape[1])
    lengths[0] -= 1
    steps = torch.tensor(lengths, dtype=torch.int32)
    shorter = keras.ops.ctc_loss(true, logits, (true != 0).sum(1).astype("int32"), steps)
    paths, scores = keras.ops.ctc_decode(logits, steps, strategy="greedy", mask_index=0)
    return {
        "losses": [float(value) for value in each],
        "gradient": seen(x.grad.numpy()),
        "reduced": float(keras.losses.CTC()(torch.tensor(true), torch.tensor(logits))),
        "shorter": [float(value) for value in shorter],
        "greedy": [paths.numpy().tolist(), scores.numpy().tolist()],
    }


def main():
    record = {"version": keras.__version__, "cases": [recorded(number) for number in range(len(CASES))]}
    Path(__file__).with_name("ctc.json").write_text(
        json.dumps(record, separators=(",", ":")), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
