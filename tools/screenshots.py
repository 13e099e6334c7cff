"""Pictures of the page's main states: `make screenshots` writes them into build/screenshots/, and the README's into docs/."""

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Page

from tools.browser import BrowserThread
from tools.docs.blocks import share_link
from tools.server import running
from tools.site import ROOT, make_site, wheel_folder

FOLDER = ROOT / "build" / "screenshots"
PICTURE = ROOT / "docs" / "page.webp"
"""The picture in the README and on the first page of the documentation."""
Scheme = Literal["light", "dark"]
DESKTOP, PHONE = (1280, 800), (390, 844)
WAIT_MS = 60_000

MODEL = """
model = tf.sequential([tf.layers.dense({'units': 32, 'activation': 'relu', 'inputShape': [8]}), tf.layers.dense({'units': 1})])
model.compile({'optimizer': 'adam', 'loss': 'meanSquaredError', 'metrics': ['mae']})
x = tf.randomNormal([4000, 8]); y = x.sum(1, True)
"""
RESULTS = """
tf.vis.render.confusionMatrix({'name': 'Confusion'}, {'values': [[8, 1], [2, 9]], 'tickLabels': ['cat', 'dog']})
tf.vis.show.modelSummary({'name': 'Summary'}, model)
class Note:
    def _repr_html_(self): return '<h3>HTML</h3><p>of <b>any</b> kind, in a frame of its own</p>'

display(Note())
"""
PROGRAM = """\
# Reads handwritten digits, in Keras's spelling
import keras
from keras import layers

(x, y), (x_test, y_test) = keras.datasets.digits.load_data()
x, x_test = x / 255, x_test / 255

keras.utils.set_random_seed(1)
model = keras.Sequential([
    keras.Input((8, 8)),
    layers.Flatten(),
    layers.Dense(64, activation='relu'),
    layers.Dense(32, activation='relu'),
    layers.Dense(10, activation='softmax'),
])
model.compile(
    optimizer=keras.optimizers.Adam(0.01),
    loss='sparse_categorical_crossentropy',
    metrics=['accuracy'],
)
model.fit(x, y, epochs=6, batch_size=256, validation_split=0.2, verbose=2)
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f'accuracy on {len(y_test)} held-out digits: {accuracy:.1%}')
"""
NETWORK = """
image = tf.input(shape=[16, 16, 3], name='image')
first = tf.layers.conv2d(filters=8, kernelSize=5, padding='same', activation='relu', name='first').apply(image)
second = tf.layers.conv2d(filters=8, kernelSize=3, padding='same', name='second').apply(first)
joined = tf.layers.add(name='joined').apply([first, second])
ends = tf.layers.dense(units=10, activation='softmax', name='end').apply(tf.layers.flatten(name='flat').apply(joined))
network = tf.model(inputs=image, outputs=ends)
tf.vis.show.modelGraph('Network', network)
tf.vis.show.weights('Filters', network.getLayer('first'))
"""


def show(page: Page, part: str) -> None:
    """Chooses a part of the page, where they lie behind one another."""
    tab = page.locator(f"#{part}-tab")
    if tab.is_visible():
        tab.click()


def lines(page: Page, source: str) -> None:
    """Types lines at the prompt."""
    show(page, "prompt")
    page.locator("#terminal").click()
    for line in source.strip("\n").split("\n"):
        page.keyboard.type(line)
        page.keyboard.press("Enter")


def said(page: Page, pattern: str) -> None:
    """Waits for a text in the terminal."""
    page.wait_for_function(
        "([pattern]) => new RegExp(pattern).test(window.pyo.text())", arg=[pattern], timeout=WAIT_MS
    )


def ready(page: Page) -> None:
    """Waits until the prompt and the editor can be used."""
    page.evaluate("window.pyo.ready")
    page.locator("#run:enabled").wait_for()


def loading(page: Page) -> None:
    """While Python is loading."""
    page.locator("#progress-step").filter(has_text=re.compile("Python")).wait_for()


def prompt(page: Page) -> None:
    """Tensors and help at the prompt, and how something is called."""
    ready(page)
    lines(page, "x = tf.tensor2d([[1, 2], [3, 4]])\nx.matMul(x)\nhelp(tf.matMul)\n")
    said(page, r"Source: https")
    page.keyboard.type("model = tf.sequential(); model.add(tf.layers.dense(")
    page.keyboard.press("Tab")
    said(page, r"dense\(units, ")


def completion(page: Page) -> None:
    """Completions in the editor."""
    ready(page)
    show(page, "editor")
    page.locator("#editor .cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("tf.layers.con")
    page.locator(".cm-tooltip-autocomplete").wait_for()
    page.locator(".cm-completionInfo").wait_for(state="attached")  # on a phone there is no room to show it


def error(page: Page) -> None:
    """Two tracebacks."""
    ready(page)
    lines(page, "tf.layers.dense({'units': -1})\ntf.ones([2, 3]).matMul(tf.ones([2, 3]))")
    said(page, r"Error(.|\n)*Error")


def gallery(page: Page) -> None:
    """The examples."""
    ready(page)
    page.locator("#examples").click()
    page.locator("#gallery li").first.wait_for()
    page.locator("#gallery img").evaluate_all(
        "(images) => Promise.all(images.map((image) => { image.loading = 'eager'; return image.decode(); }))"
    )


def training(page: Page) -> None:
    """A fit that is running."""
    ready(page)
    lines(page, MODEL + "h = await model.fit(x, y, epochs=100000, batchSize=400, verbose=0)")
    show(page, "results")
    page.locator(".fit .plot canvas").first.wait_for()
    page.locator(".fit .facts", has_text="steps/s").wait_for()


def trained(page: Page) -> None:
    """Two fits that have ended, the former laid under the latter."""
    ready(page)
    fit = "h = await model.fit(x, y, epochs=8, batchSize=100, validationSplit=0.2, verbose=1)\n"
    for count, source in enumerate([MODEL + fit, fit]):
        lines(page, source)
        show(page, "results")
        page.locator(".fit[data-state=done]").nth(count).wait_for(timeout=WAIT_MS)
    page.locator(".fit").last.get_by_label("former runs").check()
    page.locator(".fit").last.get_by_label("log scale").check()
    page.locator(".fit").last.scroll_into_view_if_needed()


def program(page: Page) -> None:
    """A program in the editor that has run: what the README shows."""
    page.goto(page.url + share_link(PROGRAM))
    page.locator("#file-note", has_text="From a link").wait_for()
    ready(page)
    page.locator("#run").click()
    said(page, "held-out digits: ")
    show(page, "results")
    page.locator(".fit[data-state=done]").wait_for(timeout=WAIT_MS)


def results(page: Page) -> None:
    """Charts, tables and HTML."""
    ready(page)
    lines(page, MODEL + RESULTS)
    show(page, "results")
    page.locator("iframe").wait_for()


def model(page: Page) -> None:
    """The graph of a model, and its filters."""
    ready(page)
    lines(page, NETWORK)
    show(page, "results")
    page.locator("iframe").nth(1).wait_for()
    page.locator("#displays .card").first.scroll_into_view_if_needed()


def pad(page: Page) -> None:
    """A digit that was drawn, and what the model makes of it."""
    ready(page)
    lines(page, "_ = await examples.digits.train(examples.digits.build_mlp, 20)")
    paper = page.locator(".sketch canvas")
    show(page, "results")
    paper.wait_for(timeout=WAIT_MS)
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    if box is None:
        raise RuntimeError("the pad is not to be seen")
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    for x, y in ((0.7, 0.2), (0.5, 0.5), (0.4, 0.8)):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=8)
    page.mouse.up()
    page.locator(".sketch .said", has_text="%").wait_for()


def machine(page: Page) -> None:
    """The kernels of a running fit, timed."""
    training(page)
    page.locator("[data-opens=machine-dialog]").click()
    page.locator("#time-kernels:enabled").click()
    page.locator("#kernels-note", has_text="ms one by one").wait_for()


def problem(page: Page) -> None:
    """Python could not be loaded."""
    page.locator("#problems .problem").first.wait_for(timeout=WAIT_MS)


STATES: dict[str, Callable[[Page], None]] = {
    "loading": loading,
    "prompt": prompt,
    "completion": completion,
    "error": error,
    "gallery": gallery,
    "training": training,
    "trained": trained,
    "program": program,
    "results": results,
    "model": model,
    "pad": pad,
    "machine": machine,
    "no-server": problem,
}


def take(browser: BrowserThread, url: str, name: str, size: tuple[int, int], scheme: Scheme) -> Path:
    """Brings a page of its own into a state, and takes its picture."""
    context = browser.browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, has_touch=size == PHONE
    )
    page = context.new_page()
    if name == "no-server":
        page.route("**/*.wasm", lambda route: route.abort())
    try:
        page.goto(url)
        STATES[name](page)
        path = FOLDER / f"{name}-{size[0]}-{scheme}.png"
        page.screenshot(path=path)
    finally:
        context.close()
    return path


def main(arguments: list[str] | None = None) -> int:
    """Takes the pictures; returns the exit status."""
    parser = argparse.ArgumentParser(prog="tools/screenshots.py", description=__doc__)
    parser.add_argument("states", nargs="*", metavar="STATE", help=f"only these of {', '.join(STATES)}")
    chosen = parser.parse_args(arguments).states or list(STATES)
    if unknown := sorted(set(chosen) - set(STATES)):
        parser.error(f"expected states of {', '.join(STATES)}, received {', '.join(unknown)}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    kinds: list[tuple[tuple[int, int], Scheme]] = [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light")]
    with running(make_site(wheel_folder())) as url, BrowserThread() as browser:
        for name in chosen:
            for size, scheme in kinds:
                taken = browser.call(take, browser, url, name, size, scheme)
                print(taken.relative_to(ROOT), flush=True)
                if (name, size, scheme) == ("program", DESKTOP, "light"):
                    Image.open(taken).save(PICTURE, quality=80, method=6)
    return 0


if __name__ == "__main__":
    sys.exit(main())
