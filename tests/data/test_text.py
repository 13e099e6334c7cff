"""Text by blocks: wherever blocks end, rows and lines are those of the whole; only a block of them is held."""

import asyncio
import contextlib
import csv
import io
import sys
import tracemalloc
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tfjs_pyo as tf
from tfjs_pyo.data import blocks
from tfjs_pyo.data.rows import Rows
from tfjs_pyo.errors import ArgumentError, FormatError, OptionError, StorageError

CELLS = st.text(st.sampled_from('ab ,;"\r\n€😀é\u20280.'), max_size=6)
PIECES = st.sampled_from(['"', '""', ",", "\n", "\r\n", "\r", "x", '"y"', "ü€😀", " ", '"a\nb"', "\u2028"])
SIZES = st.integers(1, 9)


def listed(dataset):
    return asyncio.run(dataset.toArray())


def read(text, size, delimiter=","):
    source = tf.data.FileDataSource(text.encode(), {"chunkSize": size})
    names = [f"c{i}" for i in range(3)]
    config = {"hasHeader": False, "columnNames": names, "delimiter": delimiter}
    config["columnConfigs"] = {name: {"dtype": "string", "default": ""} for name in names}
    return [list(row.values()) for row in listed(tf.data.CSVDataset(source, config))]


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    table=st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5),
    size=SIZES,
    ends=st.sampled_from(["\n", "\r\n", "\r"]),
    delimiter=st.sampled_from(",;\t"),
    quote_all=st.booleans(),
    mark=st.booleans(),
)
def test_what_python_writes_is_read_wherever_blocks_end(table, size, ends, delimiter, quote_all, mark):
    file = io.StringIO(newline="")
    # The module leaves a "\r" without quotes where lines end in "\n" only.
    quoting = csv.QUOTE_ALL if quote_all or ends != "\r\n" else csv.QUOTE_MINIMAL
    csv.writer(file, delimiter=delimiter, lineterminator=ends, quoting=quoting).writerows(table)
    assert read("\ufeff" * mark + file.getvalue(), size, delimiter) == table


@settings(deadline=None, derandomize=True, max_examples=400)
@given(
    parts=st.lists(PIECES, max_size=20),
    cuts=st.lists(st.integers(1, 7), min_size=1),
    delimiter=st.sampled_from(",;"),
)
def test_any_text_gives_the_rows_or_the_error_of_the_csv_module(parts, cuts, delimiter):
    text = "".join(parts)

    def expected():
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        yield from ((reader.line_num, row) for row in reader if row)

    def found():
        rows, rest = Rows(delimiter), text
        for at_least in cuts * len(text):
            cut = at_least + (rest[at_least - 1 : at_least + 1] == "\r\n")
            yield from rows.of(rest[:cut])
            rest = rest[cut:]
        yield from rows.of("", last=True)

    def outcome(rows, error):
        got = []
        try:
            got.extend(rows)
        except error:
            got.append("cannot be read")
        return got

    theirs, ours = outcome(expected(), csv.Error), outcome(found(), ArgumentError)
    assert ours == theirs


@settings(deadline=None, derandomize=True)
@given(
    parts=st.lists(st.sampled_from(["a", "\n", "\r\n", "\r", "é", "😀", "\u2028", ""]), max_size=12),
    size=SIZES,
)
def test_lines_are_those_of_the_whole_text(parts, size):
    text = "".join(parts)
    expected = [line.removesuffix("\r") for line in text.split("\n")]
    lines = tf.data.TextLineDataset(tf.data.FileDataSource(text.encode(), {"chunkSize": size}))
    assert listed(lines) == (expected if expected[-1] or text[-1:] == "\r" else expected[:-1])
    assert listed(lines) == listed(lines)


def test_white_space_between_values_and_blocks_that_end_in_it():
    text = "a  b\n 1\t 2 \r\n\n3 4"
    for size in range(1, 9):
        source = tf.data.FileDataSource(text.encode(), {"chunk_size": size})
        assert listed(tf.data.csv(source, {"delimWhitespace": True})) == [{"a": 1, "b": 2}, {"a": 3, "b": 4}]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_errors_name_the_line_wherever_blocks_end(ends):
    content = ends.join(["a,b", '1,"x', 'y"', "", "3", ""]).encode()
    for size in range(1, 12):
        source = tf.data.FileDataSource(content, {"chunkSize": size})
        with pytest.raises(ArgumentError, match=r"expected 2 values in line 5, received 1: \['3'\]"):
            listed(tf.data.csv(source))


class Blob:
    """What of a page's File is needed."""

    def __init__(self, content):
        self.content = content
        self.size = len(content)
        self.most = 0

    def slice(self, start, end):
        self.most = max(self.most, end - start)
        return Blob(self.content[start:end])

    async def arrayBuffer(self):  # noqa: N802 (the page's name)
        return memoryview(self.content)


class OnlyReads:
    def __init__(self, content):
        self.content = content

    def read(self):
        content, self.content = self.content, None
        return content


class OnlyText:
    async def text(self):
        return "ä\nb\n"


class Pipe(io.BytesIO):
    def seekable(self):
        return False

    def read(self, size=-1):
        return super().read(min(size, 1))


def inputs(folder):
    path = folder / "lines.txt"
    path.write_bytes("ä\nb\n".encode())
    skipped = io.StringIO("not this\nä\nb\n")
    skipped.readline()
    return {
        "path": path,
        "string": f"file://{path}",
        "bytes": "ä\nb\n".encode(),
        "view": memoryview("ä\nb\n".encode()),
        "binary": io.BytesIO("ä\nb\n".encode()),
        "text": io.StringIO("ä\nb\n"),
        "from its place": skipped,
        "blob": Blob("ä\nb\n".encode()),
        "reads": OnlyReads("ä\nb\n"),
        "awaits": OnlyText(),
    }


@pytest.mark.parametrize(
    "name",
    ["path", "string", "bytes", "view", "binary", "text", "from its place", "blob", "reads", "awaits"],
)
@pytest.mark.parametrize("size", [1, 2, 100])
def test_every_kind_of_file_is_read_as_often_as_wanted(tmp_path, name, size):
    source = tf.data.FileDataSource(inputs(tmp_path)[name], {"chunkSize": size})
    lines = tf.data.TextLineDataset(source)
    assert listed(lines) == listed(lines) == ["ä", "b"]
    assert listed(tf.data.zip([lines, lines.skip(1)])) == [["ä", "b"]]  # two readers of one open file
    assert asyncio.run(source.text()) == "ä\nb\n"


def test_blobs_are_sliced():
    blob = Blob(b"abcdefgh")
    assert asyncio.run(tf.data.FileDataSource(blob, {"chunkSize": 3, "offset": 1}).text()) == "bcdefgh"
    assert blob.most == 3


def test_a_pipe_is_read_once():
    lines = tf.data.TextLineDataset(tf.data.FileDataSource(Pipe(b"abc\nd"), {"offset": 2}))
    assert listed(lines) == ["c", "d"]
    with pytest.raises(StorageError, match="was read already and cannot go back"):
        listed(lines)


def test_blocks_as_tensorflow_js_gives_them():
    async def run():
        source = tf.data.FileDataSource("aé€".encode(), {"chunkSize": 4})
        chunks = await (await source.iterator()).toArray()
        pieces = await (await source.iterator()).decodeUTF8().split("é").toArray()
        return chunks, pieces

    assert asyncio.run(run()) == (["aé".encode() + b"\xe2", b"\x82\xac"], ["a", "€"])
    with pytest.raises(ArgumentError, match="split: expected a separator"):
        asyncio.run(tf.data.FileDataSource(b"a").iterator()).decode_utf8().split("")


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: tf.data.FileDataSource(b"ab\xffcd", {"chunkSize": 1}),
            FormatError,
            "UTF-8, received the byte 0xff at 2 ",
        ),
        (
            lambda: tf.data.FileDataSource("é€".encode()[:-1]),
            FormatError,
            r"received the byte 0xe2 at 2 \(unexpected end",
        ),
        (lambda: tf.data.FileDataSource(7), ArgumentError, "a path, a file or bytes, received int"),
        (lambda: tf.data.FileDataSource(OnlyReads(7)), ArgumentError, "expected bytes or text, received int"),
        (
            lambda: tf.data.FileDataSource(b"", {"chunkSize": 0}),
            OptionError,
            "'chunkSize' to be an integer from 1, received 0",
        ),
        (lambda: tf.data.FileDataSource(b"", {"size": 0}), ArgumentError, "unknown argument 'size'"),
        (lambda: tf.data.URLDataSource("ftp://x/y"), StorageError, "begins with http:// or https://"),
        (lambda: tf.data.URLDataSource("http://127.0.0.1:1/"), StorageError, "the request failed: .*refused"),
    ],
)
def test_errors(make, error, message):
    with pytest.raises(error, match=message):
        asyncio.run(make().text())


def test_a_quote_that_nobody_ends_does_not_take_all_memory():
    taken = []

    def endless():
        yield b'a,b\n1,"'
        while True:
            taken.append(1)
            yield b"x" * 9999 + b"\n"

    class Endless(io.RawIOBase):
        blocks = endless()

        def readable(self):
            return True

        def seekable(self):
            return False

        def read(self, _size=-1):
            return next(self.blocks)

    with pytest.raises(ArgumentError, match=r"line 1?\d cannot be read: field larger than field limit"):
        listed(tf.data.csv(Endless()))
    assert len(taken) < 20


ROWS = 12_000
LINE = b'1234.5,some words,"in quotes, with\nline ends",0\n'


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    path = tmp_path_factory.mktemp("large") / "table.csv"
    path.write_bytes(b"a,b,c,d\n" + LINE * ROWS)
    return path


async def peak(dataset):
    """The most bytes that Python held at once while all elements were read, and how many these were."""
    tracemalloc.start()
    try:
        count = 0
        async for _ in dataset:
            count += 1
        return tracemalloc.get_traced_memory()[1], count
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_large_files_are_not_held(large):
    size = large.stat().st_size
    source = tf.data.FileDataSource(large, {"chunkSize": 1 << 12})
    most, count = asyncio.run(peak(tf.data.csv(source)))
    assert count == ROWS
    assert most < size / 3
    most, count = asyncio.run(peak(tf.data.TextLineDataset(source).prefetch(2)))
    assert count == 2 * ROWS + 1
    assert most < size / 3


def test_names_need_the_header_only(large):
    blob = Blob(large.read_bytes()[:100])
    blob.size = 1 << 40  # a file of which nobody has room
    assert asyncio.run(tf.data.csv(tf.data.FileDataSource(blob, {"chunkSize": 90})).columnNames()) == list(
        "abcd"
    )


@pytest.fixture(scope="module")
def server(large):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            kind = self.path.strip("/")
            self.send_response(404 if kind == "none" else 200)
            self.send_header("Connection", "close")
            if kind == "chunked":
                self.send_header("Transfer-Encoding", "chunked")
            else:
                self.send_header("Content-Length", str(large.stat().st_size if kind != "none" else 0))
            self.end_headers()
            with large.open("rb") as file, contextlib.suppress(ConnectionError):
                while (part := file.read(7777)) and kind != "none" and (kind != "cut" or file.tell() < 70000):
                    around = (f"{len(part):x}\r\n".encode(), b"\r\n") if kind == "chunked" else (b"", b"")
                    self.wfile.write(part.join(around))
                if kind == "chunked":
                    self.wfile.write(b"0\r\n\r\n")

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("kind", ["whole", "chunked"])
def test_addresses_are_read_as_they_come(server, large, kind):
    source = tf.data.URLDataSource(f"{server}/{kind}", {"chunkSize": 1 << 12})
    most, count = asyncio.run(peak(tf.data.csv(source)))
    assert count == ROWS
    assert most < large.stat().st_size / 3
    first = {"a": 1234.5, "b": "some words", "c": "in quotes, with\nline ends", "d": 0.0}
    assert listed(tf.data.csv(f"{server}/{kind}").take(2)) == [first, first]
    after = tf.data.URLDataSource(f"{server}/{kind}", {"chunkSize": 3, "offset": 7})
    assert listed(tf.data.TextLineDataset(after).take(2)) == ["", '1234.5,some words,"in quotes, with']


def test_addresses_that_fail(server):
    with pytest.raises(StorageError, match="the server answered 404"):
        listed(tf.data.csv(f"{server}/none"))
    with pytest.raises(StorageError, match=r"interrupted after 69993 bytes: \d+ more were expected"):
        listed(tf.data.csv(f"{server}/cut"))


class Page:
    """What of Pyodide's modules is needed to fetch: parts of an answer, the last of which may be an error."""

    class JsException(Exception):  # noqa: N818 (the page's name)
        pass

    def __init__(self, parts, ok=True):
        self.parts = iter(parts)
        self.ok = ok
        self.status = 200 if ok else 404
        self.canceled = False
        self.js_response = self.body = self

    async def pyfetch(self, url, **options):
        self.asked = url, options
        return self

    def getReader(self):  # noqa: N802 (the page's name)
        return self

    async def read(self):
        part = next(self.parts, None)
        if isinstance(part, Exception):
            raise part
        self.done, self.value = part is None, self
        self.to_bytes = lambda: part
        return self

    async def cancel(self):
        self.canceled = True


@pytest.fixture
def page_of(monkeypatch):
    def use(*given, **options):
        page = Page(*given, **options)
        monkeypatch.setattr(blocks, "IN_PAGE", True)
        monkeypatch.setitem(sys.modules, "pyodide.http", page)
        monkeypatch.setitem(sys.modules, "pyodide.ffi", page)
        return page

    return use


def test_the_page_reads_what_it_fetches_as_it_comes(page_of):
    page = page_of([b"a,b\n1", b",2\n3,\xc3", b"\xa9\n"])
    source = tf.data.URLDataSource("table.csv", {"headers": {"X": "1"}, "chunkSize": 5})
    assert listed(tf.data.csv(source)) == [{"a": 1, "b": 2}, {"a": 3, "b": "é"}]
    assert page.asked == ("table.csv", {"headers": {"X": "1"}})
    assert not page.canceled

    page = page_of([b"one\ntwo\nth", b"ree\n"])
    assert listed(tf.data.TextLineDataset(tf.data.URLDataSource("x")).take(1)) == ["one"]
    assert page.canceled


def test_what_the_page_cannot_fetch(page_of):
    page_of([], ok=False)
    with pytest.raises(StorageError, match=r"x\.csv: the server answered 404"):
        listed(tf.data.csv("x.csv"))
    page_of([b"a\n1\n", Page.JsException("network")])
    with pytest.raises(StorageError, match="interrupted after 4 bytes: network"):
        listed(tf.data.csv("x.csv"))
