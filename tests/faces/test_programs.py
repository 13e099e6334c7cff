"""The programs of examples/keras on this package: they run unchanged, and their losses are those of Keras 3."""

import json
import os
import re
import subprocess
import sys

import pytest

import tfjs_pyo as tf
from tests.keras.programs import FOLDER, NAMES, RECORD, losses_here

RECORDED = json.loads(RECORD.read_text(encoding="utf-8"))
LOSSES = {name: program["losses"] for name, program in RECORDED["programs"].items()}

PRINTED = {
    "actor_critic": r"episode 12: upright for \d+ steps",
    "dcgan": r"after epoch 3:",
    "denoising_autoencoder": r"   ",
    "digits_convnet": r"Test accuracy: 0\.9",
    "forecasting": r"Forecast: \[",
    "reviews_lstm": r"the film was great: (0\.[5-9]|1\.0)",
    "sequence_to_sequence": r"[a-e]{4} -> [a-e]+",
    "siamese_network": r"Test loss 0\.\d+, accuracy 0\.[5-9]",
    "transfer_learning": r"Weights that are trained: 2 of 10",
    "transformer_classifier": r"Validation accuracy: (0\.9|1\.0)",
    "unet_segmentation": r"Overlap with the true discs: 0\.\d",
    "variational_autoencoder": r"Nine digits of the plane: \(9, 8, 8, 1\)",
}
"""What each prints when it has run as it is."""


@pytest.fixture
def hook():
    """`import keras` gives this package."""
    tf.keras.install()
    yield
    tf.keras.uninstall()


def test_every_program_is_recorded():
    assert [*LOSSES] == [*PRINTED] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_losses_are_those_of_keras(name, hook, capsys):
    """From the same weights and draws: in all epochs, the first of them to five digits."""
    losses = losses_here(tf, name)
    capsys.readouterr()
    assert losses[0] == pytest.approx(LOSSES[name][0], rel=2e-5)
    # How NumPy multiplies depends on the processor: the rounding of each step goes on to the next ones, however small the loss.
    assert losses == pytest.approx(LOSSES[name], rel=2e-3, abs=1e-3 * losses[0])


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_programs_run_unchanged(name, tmp_path):
    command = [sys.executable, "-m", "tfjs_pyo", str(FOLDER / f"{name}.py")]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False, env=environment
    )
    assert ended.returncode == 0, ended.stderr
    assert re.search(PRINTED[name], ended.stdout), ended.stdout[-2000:]


def test_a_fleet_says_the_same_as_a_tab():
    """The program on eight devices, by Keras on JAX."""
    fleet = RECORDED["data_parallel"]
    assert fleet["devices"] == 8
    assert fleet["losses"] == pytest.approx(LOSSES[fleet["program"]], rel=2e-3)
