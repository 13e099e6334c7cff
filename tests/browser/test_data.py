"""`tf.data` in the page: tables and lines from addresses, from files that were chosen, and from Pyodide's file system."""

import pytest

TABLE = "x,y,name\n" + "".join(f'{i},{2 * i + 1},"row {i}\nof ä table"\n' for i in range(2000))
READ = """
async def told(dataset):
    count, total, last = 0, 0, None
    async for row in dataset:
        count, total, last = count + 1, total + row["x"], row["name"]
    return [count, total, last]
"""
EXPECTED = [2000, sum(range(2000)), "row 1999\nof ä table"]


@pytest.fixture
def address(page, browser, site_url):
    """An address on the page's site where the table lies, in pieces that the network chooses."""
    pattern = "**/data/table.csv"
    browser.call(
        page.context.route, pattern, lambda route: route.fulfill(body=TABLE.encode(), content_type="text/csv")
    )
    yield f"{site_url}data/table.csv"
    browser.call(page.context.unroute, pattern)


def test_a_table_is_read_from_an_address(pyo, address):
    pyo.run(READ)
    assert pyo.run(f"await told(tf.data.csv({address!r}))") == EXPECTED
    assert pyo.run(f"await told(tf.data.csv(tf.data.URLDataSource({address!r})))") == EXPECTED, "and again"
    assert pyo.run(f"await tf.data.csv({address!r}).columnNames()") == ["x", "y", "name"]


def test_a_table_is_read_from_a_file_that_was_chosen(pyo):
    pyo.run(READ + f"import js\nfrom pyodide.ffi import to_js\ntable = {TABLE!r}")
    pyo.run("file = js.File.new(to_js([table]), 'table.csv')")
    source = "tf.data.FileDataSource(file, {'chunkSize': 1000})"
    assert pyo.run(f"await told(tf.data.CSVDataset({source}))") == EXPECTED
    assert pyo.run(f"len(await tf.data.TextLineDataset({source}).toArray())") == TABLE.count("\n")


def test_a_table_in_pyodides_files_trains_a_model(pyo):
    pyo.run(
        "open('/tmp/table.csv', 'w').write('x,y\\n' + ''.join(f'{i / 100},{2 * i / 100 + 1}\\n' for i in range(200)))"
    )
    pyo.run(
        """
table = tf.data.csv("/tmp/table.csv", {"columnConfigs": {"y": {"isLabel": True}}})
rows = table.map(lambda row: {"xs": list(row["xs"].values()), "ys": list(row["ys"].values())})
model = tf.sequential(layers=[tf.layers.dense(units=1, inputShape=[1])])
model.compile(optimizer=tf.train.sgd(0.1), loss="meanSquaredError")
history = await model.fitDataset(rows.shuffle(50, 7).batch(20), {"epochs": 30, "verbose": 0})
"""
    )
    assert pyo.run("history.history['loss'][-1]") < 1e-2
    pyo.run("model.dispose()")


def test_an_address_that_fails_is_an_error(pyo, page, browser, site_url):
    pattern = "**/data/gone.csv"
    browser.call(page.context.route, pattern, lambda route: route.abort("connectionreset"))
    answer = pyo.raw(f"await tf.data.csv('{site_url}data/gone.csv').toArray()")
    browser.call(page.context.unroute, pattern)
    assert answer["error"]["type"] == "StorageError"
    assert "gone.csv" in answer["error"]["message"]


def test_batches_are_uploaded_while_the_device_computes(pyo):
    """All eight are asked for, and on their way, before anything waits for what the device computes."""
    pyo.run(
        """
from tfjs_pyo.core import engine
device, events = engine.backend(), []
def noted(name):
    read = getattr(device, name)
    def call(handle):
        events.append("waits")
        return read(handle)
    setattr(device, name, call)
L = tf.layers
image = L.conv2d(inputShape=[48, 48, 8], kernelSize=5, filters=64)
model = tf.sequential(layers=[image, L.globalAveragePooling2d(), L.dense(units=1)])
model.compile(optimizer="sgd", loss="meanSquaredError")
zeros = [[0]] * 16
values = [0.5] * (16 * 48 * 48 * 8)
def batches():
    for _ in range(8):
        events.append("asked")
        yield tf.tensor(values, [16, 48, 48, 8]), tf.tensor(zeros)
noted("read"), noted("read_async")
try:
    await model.fitDataset(batches, {"epochs": 1, "verbose": 0})
finally:
    del device.read, device.read_async
"""
    )
    events = pyo.run("events")
    assert events[:8] == ["asked"] * 8
    assert set(events[8:]) == {"waits"}
    pyo.run("model.dispose()")


def test_iterators_prefetch_no_more_than_they_say(pyo):
    found = pyo.run(
        """
asked = []
def numbers():
    for i in range(20):
        asked.append(i)
        yield i
it = await tf.data.generator(numbers).prefetch(3).iterator()
first = await it.next()
ahead = len(asked)
rest = [step async for step in it]
[first["value"], ahead <= 1 + 3 + 1, rest == list(range(1, 20))]
"""
    )
    assert found == [0, True, True]
