"""Files of this machine come to Python: dropped on the page, or chosen."""

from tests.io.recorded import KERAS, arrays

DROP = """([name, content, target]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const dragged = new DataTransfer();
  dragged.items.add(new File([bytes], name));
  const place = document.querySelector(target);
  for (const type of ['dragover', 'drop']) {
    place.dispatchEvent(new DragEvent(type, {dataTransfer: dragged, bubbles: true, cancelable: true}));
  }
}"""


def shows(page, text):
    page.wait_for_function("(text) => window.pyo.text().replaceAll('\\n', '').includes(text)", arg=text)


def run(page, cell):
    answer = page.evaluate("(cell) => window.pyo.run(cell)", cell)
    assert not answer["error"], answer["error"]["traceback"]
    return answer["result"]["json"]


def test_a_model_that_is_dropped_on_the_page_can_be_loaded(fresh_page, site_url, numpy_in_page):
    page, record = fresh_page, KERAS["dense"]
    page.goto(site_url)
    page.evaluate("window.pyo.ready")
    page.locator(".cm-content").wait_for()
    before = page.locator(".cm-content").inner_text()
    page.evaluate(DROP, ["mine.h5", record["files"][".h5"], ".cm-content"])
    shows(page, "/home/pyodide/mine.h5 is there, 29 kB: await tf.loadLayersModel('mine.h5')")
    assert page.locator(".cm-content").inner_text() == before, "the editor leaves files alone"
    (x,), (expected,) = arrays(record["inputs"]), arrays(record["outputs"])
    found = run(page, f"(await tf.loadLayersModel('mine.h5')).predict(tf.tensor({x.tolist()})).array_sync()")
    assert abs(found[0][0] - expected[0][0]) < 1e-4
    assert "Load" not in page.evaluate("window.pyo.text()"), "what reads it is loaded without a word"


def test_files_are_chosen(fresh_page, site_url):
    page = fresh_page
    page.goto(site_url)
    page.evaluate("window.pyo.ready")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add files").click()
    table = {"name": "a table.csv", "mimeType": "text/csv", "buffer": b"x,y\n1,2\n"}
    other = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"text"}
    chooser.value.set_files([table, other])
    shows(page, "/home/pyodide/a table.csv is there, 8 bytes: tf.data.csv('a table.csv')")
    shows(page, "/home/pyodide/notes.txt is there, 4 bytes: open('notes.txt')")
    assert run(page, "await tf.data.csv('a table.csv').toArray()") == [{"x": 1, "y": 2}]
    assert run(page, "open('notes.txt').read()") == "text"
