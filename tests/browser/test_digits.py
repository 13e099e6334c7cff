"""The digits learned in the page on WebGL2, while the page stays live."""

import re

import pytest

FRAME_MS = 1000 / 60
ALLOWED_MISS_MS = 50
ALLOWED_MISS_COMPILING_MS = 250
"""A kernel's compilation cannot be interrupted; without a GPU it shares the processor with the page's drawing."""

# A box moves with every frame of the page, which asks the prompt again and again: for 90 frames at rest, then while it trains.
_TRAIN = """async ([source, namespace]) => {
  const frames = async (count) => {
    for (let i = 0; i < count; i += 1) await new Promise(requestAnimationFrame);
  };
  const box = document.createElement('div');
  box.style.cssText = 'position: fixed; top: 0; width: 20px; height: 20px; background: red';
  document.body.append(box);
  const watch = async (goesOn) => {
    const gaps = [];
    const answers = [];
    const beat = (last) => (now) => {
      box.style.left = `${gaps.push(now - last) % 200}px`;
      if (goesOn(gaps)) requestAnimationFrame(beat(now));
    };
    requestAnimationFrame((now) => requestAnimationFrame(beat(now)));
    while (goesOn(gaps)) {
      const answer = await window.pyo.run('tf.memory()', {namespace: `${namespace}-prompt`});
      if (goesOn(gaps)) answers.push(answer);
      await frames(6);
    }
    return {gaps, answers};
  };
  await frames(10);
  const resting = await watch((gaps) => gaps.length < 90);
  let training = true;
  const run = window.pyo.run(source, {namespace}).finally(() => (training = false));
  const working = await watch(() => training);
  box.remove();
  await window.pyo.forget(`${namespace}-prompt`);
  return {run: await run, resting, working};
}"""


def usual_miss(gaps: list[float]) -> float:
    """By how much frames are late, but for one in twenty: on a busy machine any frame may be, whatever the page does."""
    return max(0, sorted(gaps)[int(0.95 * len(gaps))] - FRAME_MS)


@pytest.fixture(scope="module")
def trained(browser, booted):
    """Each model trained once: what was printed, its accuracy, the prompt's answers, the gaps between frames."""
    reports = {}

    def train(model: str):
        if model not in reports:
            namespace = f"digits-{model}"
            for key, epochs in ((f"{model}, compiling", "1"), (model, "")):
                source = f"await examples.digits.{model}({epochs})"
                reports[key] = browser.call(booted.page.evaluate, _TRAIN, [source, namespace])
            browser.call(booted.page.evaluate, "(name) => window.pyo.forget(name)", namespace)
        return reports[model]

    return train


@pytest.mark.parametrize("model", ["mlp", "convnet"])
class TestDigits:
    def test_accuracy_on_the_held_out_fifth(self, trained, model):
        run = trained(model)["run"]
        assert run["error"] is None, run["error"]["traceback"]
        assert run["result"]["json"] >= 0.96

    def test_loss_and_accuracy_are_printed_for_each_epoch(self, trained, model):
        lines = trained(model)["run"]["stdout"].splitlines()
        shown = [re.fullmatch(r"epoch +(\d+) of (\d+): loss (\S+), accuracy (\S+) %", line) for line in lines]
        epochs = [match for match in shown if match]
        assert [int(match[1]) for match in epochs] == list(range(1, int(epochs[0][2]) + 1))
        assert float(epochs[-1][3]) < float(epochs[0][3])
        assert "held-out" in lines[-1]

    def test_frames_come_as_without_training(self, trained, model):
        for key, allowed in ((model, ALLOWED_MISS_MS), (f"{model}, compiling", ALLOWED_MISS_COMPILING_MS)):
            resting, working = (trained(key)[when]["gaps"] for when in ("resting", "working"))
            assert usual_miss(working) <= allowed + 3 * usual_miss(resting), (key, resting, working)

    def test_the_prompt_answers_meanwhile(self, trained, model):
        answers = trained(model)["working"]["answers"]
        assert len(answers) >= 3
        assert [answer["error"] for answer in answers] == [None] * len(answers)
        counts = [answer["result"]["json"]["numTensors"] for answer in answers]
        assert sum(count > 0 for count in counts) >= 3, counts  # at the two ends there may be none


def test_seeded(pyo):
    program = "(await examples.digits.train(examples.digits.build_convnet, 1))[0]['loss']"
    assert pyo.run(program) == pyo.run(program)
