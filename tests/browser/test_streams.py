"""The camera and the microphone in the page: images and sound become tensors, the page says that they are on, and off they go."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def allowed(page, *what: str) -> Iterator[None]:
    page.context.grant_permissions(list(what))
    try:
        yield
    finally:
        page.context.clear_permissions()


def test_a_camera_gives_images_of_the_size_asked_for(pyo, page):
    with allowed(page, "camera"):
        found = pyo.run("""
camera = await tf.data.webcam(None, {"resizeWidth": 64, "resizeHeight": 48})
image = await camera.capture()
values = await image.data()
described = [image.shape, image.dtype, int(min(values)), int(max(values)), camera.width > 0]
image.dispose()
described
""")
        assert found[:2] == [[48, 64, 3], "int32"]
        assert 0 <= found[2] < found[3] <= 255
        assert found[4]
        card = page.locator(".media")
        assert "Camera on" in card.inner_text()
        assert card.locator("video").count() == 1
        pyo.run("camera.stop()")
        card.wait_for(state="detached")


def test_images_come_one_after_the_other_until_the_page_turns_the_camera_off(pyo, page):
    with allowed(page, "camera"):
        pyo.run("camera = await tf.data.webcam(resize_width=32, resize_height=32, center_crop=True)")
        found = pyo.run("""
shapes = []
async for image in camera:
    shapes.append(image.shape)
    image.dispose()
    if len(shapes) == 3:
        break
step = await camera.next()
step["value"].dispose()
[shapes, step["done"]]
""")
        assert found == [[[32, 32, 3]] * 3, False]
        page.get_by_role("button", name="Turn the camera off").click()
        error = pyo.raw("await camera.capture()")["error"]
        assert error["type"] == "DeviceError"
        assert "turned off" in error["message"]
        assert pyo.run(
            "image = await camera.start() or await camera.capture(); size = image.shape; image.dispose(); size"
        ) == [32, 32, 3]
        pyo.run("camera.stop()")
        assert pyo.run("await camera.next()") == {"value": None, "done": True}


def test_a_microphone_gives_spectrograms_and_waves(pyo, page):
    with allowed(page, "microphone"):
        found = pyo.run("""
listener = await tf.data.microphone(fft_size=256, num_frames_per_spectrogram=4, column_truncate_length=200, include_waveform=True)
heard = await listener.capture()
described = [heard["spectrogram"].shape, heard["waveform"].shape, listener.getSampleRate() >= 8000]
loud = float(heard["waveform"].abs().max().array_sync())
for tensor in heard.values():
    tensor.dispose()
listener.stop()
[*described, loud]
""")
        assert found[:3] == [[4, 200, 1], [1024, 1], True]
        assert 0 < found[3] < 1.2  # the tone is resampled, and may overshoot
        page.locator(".media").wait_for(state="detached")


def test_a_camera_that_is_not_allowed_is_an_error(pyo, page):
    page.context.clear_permissions()
    error = pyo.raw("await tf.data.webcam(resize_width=8, resize_height=8)")["error"]
    assert error["type"] == "DeviceError"
    assert "has to be allowed" in error["message"]
    assert page.locator(".media").count() == 0


def test_ctrl_c_turns_the_camera_off(pyo, page):
    with allowed(page, "camera"):
        pyo.run("camera = await tf.data.webcam(resize_width=8, resize_height=8)")
        page.locator(".media").wait_for()
        page.evaluate("window.pyo.interrupt()")
        page.locator(".media").wait_for(state="detached")
        error = pyo.raw("await camera.capture()")["error"]
        assert error["type"] == "DeviceError"
        assert "it was turned off" in error["message"]


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_what_says_that_the_camera_is_on_covers_nothing(pyo, page, size):
    before = page.viewport_size
    page.set_viewport_size({"width": size[0], "height": size[1]})
    with allowed(page, "camera"):
        pyo.run("camera = await tf.data.webcam(resize_width=8, resize_height=8)")
        card = page.locator(".media").bounding_box()
        others = [page.locator(part).bounding_box() for part in ("header", "#workspace", "footer")]
        pyo.run("camera.stop()")
    page.set_viewport_size(before)
    for other in others:
        assert other["y"] + other["height"] <= card["y"] or card["y"] + card["height"] <= other["y"]


def test_who_never_answers_is_not_waited_for(fresh_page, site_url):
    """The time runs faster for the page here, and nobody allows or forbids anything."""
    fresh_page.add_init_script("""
const {setTimeout} = window;
window.setTimeout = (then, ms, ...given) => setTimeout(then, ms === 60000 ? 1 : ms, ...given);
navigator.mediaDevices.getUserMedia = () => new Promise(() => {});
""")
    fresh_page.goto(site_url)
    fresh_page.evaluate("window.pyo.ready")
    source = "await tf.data.webcam(resize_width=8, resize_height=8)"
    error = fresh_page.evaluate("(source) => window.pyo.run(source, {namespace: 'test'})", source)["error"]
    assert error["type"] == "DeviceError"
    assert "nobody allowed it within 60 s" in error["message"]
