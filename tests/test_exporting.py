"""What an export leaves in a folder, and where it writes nothing."""

import gzip
import json
import shutil
import urllib.request

import pytest

import serve
from tools.export import export
from tools.server import running
from tools.site import ROOT, Folder, Site


@pytest.mark.parametrize("place", ["web/x", "web", "py/tfjs_pyo/site", "examples/../web/x"])
def test_export_into_the_sources_is_refused(capsys, place):
    assert serve.main(["--export", str(ROOT / place)]) == 1
    error = capsys.readouterr().err
    assert "among the sources" in error
    assert error.count("\n") == 1
    assert not (ROOT / "web" / "x").exists()


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_export_onto_an_older_site_leaves_nothing_of_it_and_all_of_others(tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    (source / "old").mkdir(parents=True)
    (source / "index.html").write_text("<p>")
    (source / "old" / "gone.js").write_text("gone;" * 1000)
    (source / "shrinks.js").write_text("long;" * 1000)
    site = Site({"": Folder(source)}, {}, {"site.json": "{}"})
    export(site, out)
    assert {"old/gone.js", "old/gone.js.gz", "shrinks.js.gz"} <= files(out)
    (out / "CNAME").write_text("mine")
    shutil.rmtree(source / "old")
    (source / "shrinks.js").write_text("1")
    export(site, out)
    assert files(out) == {"index.html", "shrinks.js", "site.json", ".nojekyll", ".export.json", "CNAME"}
    assert not (out / "old").exists()
    with running(Site({"": Folder(out)})) as address:
        assert urllib.request.urlopen(f"{address}shrinks.js").read() == b"1"


def test_a_list_of_an_export_that_was_tampered_with_removes_nothing_elsewhere(tmp_path):
    outside, out = tmp_path / "thesis.txt", tmp_path / "out"
    outside.write_text("mine")
    (out / "folder").mkdir(parents=True)
    (out / "link").symlink_to(tmp_path)
    names = ["../thesis.txt", str(outside), "link/thesis.txt", "folder", "", 3]
    (out / ".export.json").write_text(json.dumps(names))
    export(Site({}, {}, {"site.json": "{}"}), out)
    assert outside.read_text() == "mine"
    assert (out / "folder").is_dir()
    for text in ("{", "3", '{"a": 1}'):
        (out / ".export.json").write_text(text)
        assert export(Site({}, {}, {"site.json": "{}" * 1000}), out) == 1
    assert gzip.decompress((out / "site.json.gz").read_bytes()) == b"{}" * 1000
