/**
 * Adds bytecode to a wheel: `node tools/compile_wheel.mjs IN.whl OUT.whl`. The page's Python compiles it, so that browsers need
 * not: that is half of the time that the import takes. Other Pythons pass over it.
 */

import {readFileSync, writeFileSync} from 'node:fs';
import {argv, exit} from 'node:process';
import {loadPyodide} from 'pyodide';

const [source, destination] = argv.slice(2);
const pyodide = await loadPyodide();
pyodide.FS.writeFile('/tmp/in.whl', new Uint8Array(readFileSync(source)));
await pyodide.runPythonAsync(`
import importlib.util
import py_compile
import sysconfig
import zipfile
from pathlib import Path

PLACE = sysconfig.get_path("purelib")  # where tracebacks look for the lines

def bytecode(name, text):
    path = Path("/tmp/source.py")
    path.write_bytes(text)
    py_compile.compile(
        str(path), "/tmp/out.pyc", f"{PLACE}/{name}", True,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    return Path("/tmp/out.pyc").read_bytes()

with zipfile.ZipFile("/tmp/in.whl") as given, zipfile.ZipFile("/tmp/out.whl", "w", zipfile.ZIP_DEFLATED) as made:
    for entry in given.infolist():
        if entry.filename.startswith("tfjs_pyo-stubs/"):
            continue  # for editors
        content = given.read(entry)
        made.writestr(entry, content, zipfile.ZIP_DEFLATED)
        if entry.filename.endswith(".py"):
            cached = importlib.util.cache_from_source(entry.filename)
            made.writestr(zipfile.ZipInfo(cached, entry.date_time), bytecode(entry.filename, content), zipfile.ZIP_DEFLATED)
`);
writeFileSync(destination, pyodide.FS.readFile('/tmp/out.whl'));
exit(0);
