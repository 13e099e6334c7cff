"""A backend for tests: plans run by the processor's side of web/webgl, in Node."""

import base64
import itertools
import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from tfjs_pyo.compiler.tuning import TABLE

_SERVE = Path(__file__).with_name("serve.mjs")
_STORED = {"float32": np.float32, "int32": np.int32, "bool": np.int8}


def _text(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode()


class ProcessorBackend:
    """Values lie here as texels of 32-bit words and cross over for each run."""

    name = "processor"
    lowering = "glsl"
    renderer = "SwiftShader"
    targets = 8
    uniforms = 224
    scatters = True

    def __init__(self) -> None:
        self._node = subprocess.Popen(
            ["node", str(_SERVE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._values: dict[int, tuple[np.ndarray, str, int]] = {}
        self._handles = itertools.count(1)

    def close(self) -> None:
        """Ends Node."""
        self._node.stdin.close()
        self._node.wait()
        self._node.stdout.close()

    def _ask(self, request: dict[str, Any]) -> Any:
        self._node.stdin.write(json.dumps(request) + "\n")
        self._node.stdin.flush()
        answer = json.loads(self._node.stdout.readline())
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer["result"]

    def _keep(self, words: np.ndarray, dtype: str, size: int) -> int:
        handle = next(self._handles)
        self._values[handle] = words, dtype, size
        return handle

    def upload(self, data: Any, dtype: str, size: int) -> int:
        given = np.frombuffer(data, _STORED[dtype], size)
        words = np.zeros(max(1, -(-size // 4)) * 4, np.float32 if dtype == "float32" else np.int32)
        words[:size] = given
        return self._keep(words.view(np.int32), dtype, size)

    def read(self, handle: int) -> memoryview:
        words, dtype, size = self._values[handle]
        values = words.view(np.float32 if dtype == "float32" else np.int32)[:size].astype(_STORED[dtype])
        return memoryview(values.tobytes())

    def free(self, handle: int) -> None:
        del self._values[handle]

    def copy(self, handle: int) -> int:
        words, dtype, size = self._values[handle]
        return self._keep(words.copy(), dtype, size)

    def overwrite(self, handle: int, source: int) -> None:
        self._values[handle] = self._values[source]

    def load(self, lowered: Any) -> Any:
        request = {
            "plan": lowered.encode().tolist(),
            "sources": [launch.source for launch in lowered.launches],
            "names": [launch.name for launch in lowered.launches],
        }
        dtypes = {slot: dtype for launch in lowered.launches for slot, dtype, _ in launch.outputs}
        names = ["float32", "int32", "bool"]
        return self._ask(request), [names[dtypes[slot]] for slot in lowered.outputs], lowered.output_sizes

    def unload(self, executable: Any) -> None:
        """Nothing: Node ends with the tests."""

    def run(self, executable: Any, inputs: Any, scalars: Any) -> list[int]:
        number, dtypes, sizes = executable
        texts = [_text(self._values[handle][0]) for handle in inputs]
        numbers = _text(np.array(scalars, np.float64))
        outputs = self._ask({"run": number, "inputs": texts, "scalars": numbers})
        found = [np.frombuffer(base64.b64decode(text), np.int32).copy() for text in outputs]
        return [self._keep(*each) for each in zip(found, dtypes, sizes, strict=True)]

    def number_of(self, executable: Any) -> int:
        return executable[0]


__all__ = ["TABLE", "ProcessorBackend"]
