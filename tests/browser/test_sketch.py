"""The pad: drawing with the mouse and with the keyboard, the pixels that arrive, errors, and the digits example."""

import pytest

READ = "seen = []; pad = tf.vis.sketch(lambda image: seen.append(image.array_sync()) or [1 - image.mean(), image.mean()], {})\n"


def pad_of(prompt, page, name, arguments):
    prompt.type(READ.format(f"{arguments}, name={name!r}"))
    page.locator(".sketch", has_text=name).wait_for()
    return page.locator(".sketch", has_text=name)


def drawn(page, canvas, *points):
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=5)
    page.mouse.up()


@pytest.mark.leaks("the pad keeps the image that it read last")
def test_what_the_mouse_draws_fills_the_image(prompt, page):
    pad = pad_of(prompt, page, "Strokes", "4")
    drawn(page, pad.locator("canvas"), (0.4, 0.3), (0.4, 0.7))
    pad.locator(".said", has_text="%").wait_for()
    assert pad.locator(".scores li").count() == 2
    page.locator("#terminal").click()
    prompt.type("print('rows', [[int(v[0] > 0.2) for v in row] for row in seen[-1][0]])\n")
    # A vertical stroke fills the height, and stands in the middle.
    prompt.wait(r"rows \[\[0, 1, 1, 0\], \[0, 1, 1, 0\], \[0, 1, 1, 0\], \[0, 1, 1, 0\]\]")


@pytest.mark.leaks("the pad keeps the image that it read last")
def test_the_keyboard_draws_and_clears(prompt, page):
    pad = pad_of(prompt, page, "Keys", "2, fit=False")
    pad.locator("canvas").focus()
    page.keyboard.press("ArrowLeft")
    assert pad.locator(".said").inner_text() == "Draw something."
    for key in ("Space", "ArrowUp", "ArrowUp", "Space"):
        page.keyboard.press(key)
    pad.locator(".said", has_text="%").wait_for()
    page.keyboard.press("Delete")
    pad.locator(".said", has_text="Draw something.").wait_for()
    assert pad.locator(".scores li").count() == 0


@pytest.mark.leaks("the pad keeps the image that it read last")
def test_what_the_function_raises_stands_beside_the_pad(prompt, page):
    prompt.type("pad = tf.vis.sketch(lambda image: 1 / 0, 2, name='Fault')\n")
    pad = page.locator(".sketch", has_text="Fault")
    pad.wait_for()
    drawn(page, pad.locator("canvas"), (0.5, 0.5), (0.6, 0.6))
    pad.locator(".said", has_text="ZeroDivisionError: division by zero").wait_for()


@pytest.mark.leaks("the pad keeps the model that reads it")
def test_the_digits_example_reads_what_is_drawn(prompt, page):
    prompt.type("_ = await examples.digits.train(examples.digits.build_mlp, 20)\n")
    prompt.wait(r"held-out images.*\n>>>")
    pad = page.locator(".sketch", has_text="Draw a digit for the mlp").last
    drawn(page, pad.locator("canvas"), (0.5, 0.1), (0.5, 0.9))
    pad.locator(".said", has_text="1,").wait_for()
    assert pad.locator(".scores li").count() == 10
    pad.get_by_role("button", name="Clear").click()
    drawn(page, pad.locator("canvas"), (0.3, 0.2), (0.7, 0.2), (0.4, 0.8))
    pad.locator(".said", has_text="7,").wait_for()
