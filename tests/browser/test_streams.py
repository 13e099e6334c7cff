"""The camera and the microphone in the page: images and sound become tensors, the page says that they are on, and off they go."""

from collections.abc import Iterator
from contextlib import contextmanager


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
