"""Lines and tables: what is read from files, bytes and servers, as TensorFlow.js reads it."""

import asyncio
import io
from threading import Thread

import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError, OptionError, StorageError

TABLE = 'size,city,sold\n10,"Bonn, West",true\n20,Ulm,0\n,Köln,1\n'


def rows(config=None, text=TABLE):
    return asyncio.run(tf.data.csv(text.encode(), config).toArray())


def test_numbers_are_recognized_and_quotes_are_read():
    assert rows() == [
        {"size": 10.0, "city": "Bonn, West", "sold": "true"},
        {"size": 20.0, "city": "Ulm", "sold": 0.0},
        {"size": None, "city": "Köln", "sold": 1.0},
    ]


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (
            {"columnConfigs": {"sold": {"isLabel": True, "dtype": "bool"}, "size": {"default": -1}}},
            {"xs": {"size": -1, "city": "Köln"}, "ys": {"sold": 1}},
        ),
        ({"columnConfigs": {"city": {}}, "configuredColumnsOnly": True}, {"city": "Köln"}),
        ({"columnNames": ["a", "b", "c"]}, {"a": None, "b": "Köln", "c": 1.0}),
        ({"columnConfigs": {"sold": {"dtype": "string"}}}, {"size": None, "city": "Köln", "sold": "1"}),
    ],
)
def test_options(config, expected):
    assert rows(config)[-1] == expected


def test_dtypes():
    text = "i,f,b,t\n1.9,2.5,TRUE,7\n"
    config = {"columnConfigs": {"i": {"dtype": "int32"}, "b": {"dtype": "bool"}, "t": {"dtype": "string"}}}
    assert rows(config, text) == [{"i": 1, "f": 2.5, "b": 1, "t": "7"}]


def test_other_delimiters_and_no_header():
    assert rows({"delimiter": ";"}, "a;b\n1;2\n") == [{"a": 1.0, "b": 2.0}]
    assert rows({"delimWhitespace": True}, "a  b\n 1\t2 \n") == [{"a": 1.0, "b": 2.0}]
    assert rows({"hasHeader": False, "columnNames": ["p", "q"]}, "1,2\n3,4\n")[1] == {"p": 3.0, "q": 4.0}


def test_options_are_keywords_too_in_every_spelling():
    text = b"1;2\n3;4\n"
    spellings = [
        {"delimiter": ";", "hasHeader": False, "columnNames": ["p", "q"]},
        {"delimiter": ";", "has_header": False, "column_names": ["p", "q"]},
    ]
    for keywords in spellings:
        for make in (
            tf.data.csv,
            lambda t, **k: tf.data.CSVDataset(tf.data.FileDataSource(t, chunkSize=2), **k),
        ):
            assert asyncio.run(make(text, **keywords).toArray())[1] == {"p": 3.0, "q": 4.0}
    both = tf.data.csv(text, spellings[0], column_configs={"q": {"isLabel": True}})
    assert asyncio.run(both.toArray())[0] == {"xs": {"p": 1.0}, "ys": {"q": 2.0}}
    with pytest.raises(ArgumentError, match="unknown argument 'delimeter'"):
        tf.data.csv(text, delimeter=";")


def test_quotes_hold_line_ends_and_numbers_are_those_of_javascript():
    assert rows(None, 'a,b\n"x\ny",2\n') == [{"a": "x\ny", "b": 2.0}]
    assert rows(None, "a,b\n1_000,nan\n") == [{"a": "1_000", "b": "nan"}]
    assert rows(None, "a\n1e3\n.5\n-Infinity\n") == [{"a": 1000.0}, {"a": 0.5}, {"a": -float("inf")}]
    assert rows(None, "a\nx\u2028y\n") == [{"a": "x\u2028y"}]


def test_column_names():
    dataset = tf.data.csv(io.StringIO(TABLE), {"columnConfigs": {"city": {}}, "configuredColumnsOnly": True})
    assert asyncio.run(dataset.columnNames()) == ["city"]
    assert (
        len(asyncio.run(dataset.toArray())) == 3
    )  # an open file is read once, the dataset as often as wanted


def test_files(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(TABLE, encoding="utf-8")
    for source in (str(path), path, f"file://{path}", tf.data.FileDataSource(path)):
        assert asyncio.run(tf.data.csv(source).toArray())[1]["city"] == "Ulm"
    with path.open("rb") as file:
        assert len(asyncio.run(tf.data.csv(file).toArray())) == 3
    lines = asyncio.run(tf.data.TextLineDataset(tf.data.FileDataSource(path)).take(2).toArray())
    assert lines == TABLE.splitlines()[:2]


def test_servers():
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/t.csv" else 404)
            self.end_headers()
            self.wfile.write(TABLE.encode())

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        assert len(asyncio.run(tf.data.csv(f"{base}/t.csv").toArray())) == 3
        with pytest.raises(StorageError, match="the server answered 404"):
            asyncio.run(tf.data.csv(f"{base}/none.csv").toArray())
        server.shutdown()


@pytest.mark.parametrize(
    ("config", "text", "error", "message"),
    [
        (
            {"columnConfigs": {"size": {"required": True}}},
            TABLE,
            ArgumentError,
            "column 'size', .* is empty in line 4",
        ),
        ({}, "a,b\n1\n", ArgumentError, r"expected 2 values in line 2, received 1: \['1'\]"),
        (
            {"columnConfigs": {"siez": {}}},
            TABLE,
            OptionError,
            "'siez', which is no column. Did you mean 'size'",
        ),
        ({"columnNames": ["a"]}, TABLE, OptionError, "as the header has columns, 3, received 1"),
        ({}, "a,a\n1,2\n", OptionError, "every column name once, received 'a' again"),
        ({"hasHeader": False}, "1,2\n", OptionError, "expected 'columnNames' for a table without a header"),
        ({"configuredColumnsOnly": True}, TABLE, OptionError, "expected 'columnConfigs'"),
        ({"columnConfigs": {"size": {"dtype": "float64"}}}, TABLE, OptionError, "received 'float64'"),
        ({"header": True}, TABLE, ArgumentError, "unknown argument 'header'"),
        ({}, 'a\n"x\n', ArgumentError, "cannot be read"),
        (
            {"columnConfigs": {"city": {"dtype": "float32"}}},
            TABLE,
            ArgumentError,
            "expected a number in column 'city' in line 2, received 'Bonn, West'",
        ),
        ({"delimiter": ";", "delimWhitespace": True}, TABLE, OptionError, "received both"),
    ],
)
def test_errors(config, text, error, message):
    with pytest.raises(error, match=message):
        rows(config, text)


def test_a_file_that_is_not_there():
    with pytest.raises(StorageError, match="there is no such file"):
        asyncio.run(tf.data.csv(tf.data.FileDataSource("/nowhere.csv")).toArray())
