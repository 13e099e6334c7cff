"""The digits learned in the page on WebGL2, while the page stays live."""

import re

import pytest

FRAME_MS = 1000 / 60
LONGEST_MISS_MS = 50
LONGEST_MISS_COMPILING_MS = 250
"""A kernel's compilation cannot be interrupted; without a GPU it shares the processor with the page's drawing."""
CLOCK_MS = 0.5
"""How far the times of frames are rounded."""

# Trains while a box moves with every frame of the page, and asks the prompt again and again.
_TRAIN = """async ([source, namespace]) => {
  const frames = async (count) => {
    for (let i = 0; i < count; i += 1) await new Promise(requestAnimationFrame);
  };
  const box = document.createElement('div');
  box.style.cssText = 'position: fixed; top: 0; width: 20px; height: 20px; background: red';
  document.body.append(box);
  let training = true;
  const heartbeat = {frames: 0, longestGap: 0};
  const beat = (last) => (now) => {
    box.style.left = `${(heartbeat.frames += 1) % 200}px`;
    heartbeat.longestGap = Math.max(heartbeat.longestGap, now - last);
    if (training) requestAnimationFrame(beat(now));
  };
  await frames(10);
  requestAnimationFrame((now) => requestAnimationFrame(beat(now)));
  const run = window.pyo.run(source, {namespace}).finally(() => (training = false));
  const answers = [];
  while (training) {
    const asked = performance.now();
    const {result, error} = await window.pyo.run('tf.memory()', {namespace: `${namespace}-prompt`});
    if (training) answers.push({ms: performance.now() - asked, result, error});
    await frames(6);
  }
  box.remove();
  await window.pyo.forget(`${namespace}-prompt`);
  return {run: await run, answers, heartbeat};
}"""


@pytest.fixture(scope="module")
def trained(browser, booted):
    """Each model trained once: what was printed, its accuracy, the prompt's answers, the heartbeat."""
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

    def test_no_frame_is_missed_by_more_than_50_ms(self, trained, model):
        heartbeat = trained(model)["heartbeat"]
        assert heartbeat["frames"] > 60
        assert heartbeat["longestGap"] <= FRAME_MS + LONGEST_MISS_MS + CLOCK_MS
        compiling = trained(f"{model}, compiling")["heartbeat"]
        assert compiling["longestGap"] <= FRAME_MS + LONGEST_MISS_COMPILING_MS

    def test_the_prompt_answers_meanwhile(self, trained, model):
        answers = trained(model)["answers"]
        assert len(answers) >= 3
        for answer in answers:
            assert answer["error"] is None
            assert answer["result"]["json"]["numTensors"] > 0


def test_seeded(pyo):
    program = "(await examples.digits.train(examples.digits.build_convnet, 1))[0]['loss']"
    assert pyo.run(program) == pyo.run(program)
