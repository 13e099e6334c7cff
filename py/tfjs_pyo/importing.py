"""`import keras` and `import tensorflow` for programs that know nothing of this package: an import hook."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING

from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.later import Later, difflib

if TYPE_CHECKING:
    from tfjs_pyo.keras import absent
else:
    absent = Later("tfjs_pyo.keras.absent")

FACES = {
    "keras": "tfjs_pyo.keras",
    "tf_keras": "tfjs_pyo.keras",
    "tensorflow": "tfjs_pyo.tensorflow",
}
"""The packages that programs import, and the modules that they get."""

_INSTEAD = {
    "src": "it is internal to Keras. Import the public name: 'from keras import layers', 'from keras.utils import ...'",
    "engine": "it belongs to Keras 1 and 2. 'keras.layers', 'keras.models' and 'keras.Input' have its classes",
    "python": "it is internal to TensorFlow. Import the public name: 'from tensorflow import keras'",
    "compat": "only the names of TensorFlow 2 are here. Write 'import tensorflow as tf'",
    "experimental": "it belongs to Keras 2. Its classes are in 'keras.optimizers', 'keras.layers' and so on",
    "contrib": "it belongs to TensorFlow 1. Look for the same layer in 'keras.layers'",
}
"""For modules of other versions: what to import."""


class _FaceLoader(Loader):
    """Gives the module that exists already under the name that a program imports."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def exec_module(self, module: ModuleType) -> None:
        # importlib allows a module to replace itself: so the one below keeps the name and spec under which it was made.
        sys.modules[module.__name__] = self._module
        # A module that is one file may hold others: `keras.optimizers.schedules`. importlib looks below packages only.
        if not hasattr(self._module, "__path__"):
            self._module.__path__ = []


class FaceFinder(MetaPathFinder):
    """Finds `keras`, `tf_keras` and `tensorflow`, and the modules below them.

    What lies below a module are the modules that its `__all__` names, and those of Keras 1 and 2 that it has taken up. There
    is one module under all of its names:
    `keras.layers`, `tf.keras.layers` and `tfjs_pyo.keras.layers` are the same object.

    Example:
        >>> FaceFinder().find_spec("keras").name
        'keras'
    """

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 (importlib's signature)
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Returns how a module is loaded, or None where the name is none of ours.

        Raises:
            ModuleNotFoundError: nothing of that name lies below one of our modules.
        """
        parent, _, child = fullname.rpartition(".")
        if fullname.partition(".")[0] not in FACES:
            return None
        module = self._below(parent, child) if parent else importlib.import_module(FACES[fullname])
        return ModuleSpec(fullname, _FaceLoader(module), is_package=True)

    def _below(self, parent: str, child: str) -> ModuleType:
        owner = importlib.import_module(parent)
        if absent.moved(owner.__name__, child):
            return owner
        found = getattr(owner, child, None) if child in owner.__all__ else None
        if isinstance(found, ModuleType):
            return found
        raise ModuleNotFoundError(_missing(parent, child, owner.__all__), name=f"{parent}.{child}")


class MissingNameFinder(MetaPathFinder):
    """The last of all finders: says what a face has instead of a name that a program imports from it.

    `from keras.layers import Name` looks for a module `tfjs_pyo.keras.layers.Name` where `keras.layers` has no such name. No
    other finder finds one, and Python would only say that the name cannot be imported.
    """

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 (importlib's signature)
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Returns how a namespace is loaded that is an object of its parent only; None for names that are none of ours.

        Raises:
            ModuleNotFoundError: a face has no such name.
        """
        parent, _, child = fullname.rpartition(".")
        if not any(parent == face or parent.startswith(f"{face}.") for face in FACES.values()):
            return None
        owner = importlib.import_module(parent)
        public = getattr(owner, "__all__", ())
        found = getattr(owner, child, None) if child in public else None
        if isinstance(found, ModuleType):
            return ModuleSpec(fullname, _FaceLoader(found), is_package=True)
        # Without a name of its own: from-imports overlook what they were looking for, and say less.
        raise ModuleNotFoundError(_missing(parent.removeprefix("tfjs_pyo."), child, public))


def _missing(parent: str, child: str, public: Sequence[str]) -> str:
    """Returns the message for what a program imports from a module that does not have it."""
    why = absent.reason(parent.removeprefix("tensorflow.").replace("tf_keras", "keras"), child)
    if why is not None:
        return f"No module named '{parent}.{child}': {why}."
    if child in _INSTEAD:
        return f"No module named '{parent}.{child}': {_INSTEAD[child]}."
    if child in public:
        return f"No module named '{parent}.{child}': it is no module. Write 'from {parent} import {child}'."
    close = difflib.get_close_matches(child, public, n=3, cutoff=0.6)
    hint = f" Did you mean {' or '.join(map(repr, close))}?" if close else ""
    return f"{parent} has no {child!r} in tfjs-pyo.{hint}"


def _is_ours(finder: object) -> bool:
    return isinstance(finder, (FaceFinder, MissingNameFinder))


def install(shadow: bool = False) -> None:
    """Lets `import keras`, `import tf_keras` and `import tensorflow` give this package's Keras API, in the whole process.

    The page does this when it starts; `python -m tfjs_pyo program.py` does it for one program.

    Args:
        shadow: whether to do so where Keras or TensorFlow is installed, which then cannot be imported any more.

    Raises:
        ArgumentError: one of them is installed and `shadow` is False, or was imported already.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.install(shadow=True)
        >>> import keras as imported
        >>> imported is keras
        True
        >>> keras.uninstall()

    Source: https://docs.python.org/3/library/importlib.html#importlib.abc.MetaPathFinder
    """
    if any(_is_ours(finder) for finder in sys.meta_path):
        return
    imported = [name for name in FACES if name in sys.modules]
    if imported:
        raise ArgumentError(
            f"keras.install: {imported[0]!r} was imported already. Call install before the first import of it."
        )
    installed = [] if shadow else [name for name in FACES if PathFinder.find_spec(name) is not None]
    if installed:
        raise ArgumentError(
            f"keras.install: {installed[0]!r} is installed, and would be hidden. Use install(shadow=True) to import this "
            "package instead of it, or 'from tfjs_pyo import keras' in your program."
        )
    sys.meta_path.insert(0, FaceFinder())
    sys.meta_path.append(MissingNameFinder())


def uninstall() -> None:
    """Takes back what `install` did: `import keras` means again what is installed. What programs hold stays usable.

    Example:
        >>> import sys
        >>> from tfjs_pyo import keras
        >>> keras.install(shadow=True)
        >>> keras.uninstall()
        >>> "keras" in sys.modules
        False

    Source: https://docs.python.org/3/library/sys.html#sys.meta_path
    """
    if not any(_is_ours(finder) for finder in sys.meta_path):
        return
    sys.meta_path[:] = [finder for finder in sys.meta_path if not _is_ours(finder)]
    for name in [name for name in sys.modules if name.partition(".")[0] in FACES]:
        del sys.modules[name]


__all__ = ["FaceFinder", "MissingNameFinder", "install", "uninstall"]
