"""pyright's language server, which editors ask for completions."""

import json
import shutil
import subprocess
import sys

from tools.site import ROOT

PROGRAM = ROOT / "node_modules" / "pyright" / "langserver.index.js"
URI = (ROOT / "tests" / "stubs" / "programs" / "typed.py").as_uri()
HEAD = "import tfjs_pyo as tf\nfrom tfjs_pyo import keras\n"


class LanguageServer:
    """A server for one program that is being written."""

    def __enter__(self):
        command = [shutil.which("node"), str(PROGRAM), "--stdio"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        self.number = self.version = 0
        folders = [{"uri": ROOT.as_uri(), "name": "package"}]
        abilities = {"workspace": {"configuration": True}}
        self.ask(
            "initialize",
            processId=None,
            rootUri=ROOT.as_uri(),
            capabilities=abilities,
            workspaceFolders=folders,
        )
        self.send({"method": "initialized", "params": {}})
        return self

    def __exit__(self, *error):
        self.process.kill()
        self.process.communicate()

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def receive(self):
        length = 0
        while (line := self.process.stdout.readline().strip()) or not length:
            name, _, value = line.partition(b":")
            length = int(value) if name == b"Content-Length" else length
        return json.loads(self.process.stdout.read(length))

    def ask(self, method, **params):
        """Returns the answer to a request; answers what the server asks meanwhile."""
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        while True:
            message = self.receive()
            if "method" in message and "id" in message:
                asked = (
                    message["params"].get("items", [])
                    if message["method"] == "workspace/configuration"
                    else []
                )
                settings = [
                    {"pythonPath": sys.executable, "analysis": {}} if each["section"] == "python" else {}
                    for each in asked
                ]
                self.send({"id": message["id"], "result": settings or None})
            elif message.get("id") == self.number and "method" not in message:
                assert "error" not in message, message["error"]
                return message["result"]

    def completions(self, text):
        """Returns the names that are offered at the end of a line."""
        self.version += 1
        document = {"uri": URI, "version": self.version}
        if self.version == 1:
            self.send(
                {
                    "method": "textDocument/didOpen",
                    "params": {"textDocument": {**document, "languageId": "python", "text": HEAD + text}},
                }
            )
        else:
            change = {"textDocument": document, "contentChanges": [{"text": HEAD + text}]}
            self.send({"method": "textDocument/didChange", "params": change})
        place = {"line": HEAD.count("\n"), "character": len(text)}
        found = self.ask("textDocument/completion", textDocument={"uri": URI}, position=place)
        return [each["label"] for each in (found["items"] if isinstance(found, dict) else found)]
