"""Which backend computes, and what it says of itself. Source: https://js.tensorflow.org/api/latest/#Backends"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core import backends, debug, profiling
from tfjs_pyo.core import engine as _engine
from tfjs_pyo.core.scopes import dispose_variables, end_scope, keep, memory, start_scope, tidy
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import OptionError


def get_backend() -> str:
    """Returns the name of the backend in use: 'webgl' or 'numpy', 'none' where neither can compute.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.getBackend()
        'numpy'
    """
    return _engine.backend_name()


@naming.bridge
async def set_backend(name: str) -> bool:
    """Makes another backend compute from now on; tensors made before move to it when they are used. Returns True.

    A page that can have NumPy loads it for 'numpy'; where the GPU was lost for good, 'webgl' asks for it once more.

    Args:
        name: 'webgl' or 'numpy'.

    Raises:
        DeviceError: there is no such backend here, or it cannot be opened.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> asyncio.run(tf.setBackend("numpy"))
        True
        >>> tf.getBackend()
        'numpy'

    Source: https://js.tensorflow.org/api/latest/#setBackend
    """
    if name == "webgl":
        await backends.open_device()
    if name == "numpy":
        await backends.find_numpy()
    _engine.use_backend(name)
    return True


async def ready() -> None:
    """Returns when a backend can compute; in a page that is not ours it opens WebGL2 first.

    Browsers that can wait within Python (JSPI) open it without this as well, when it is needed first.

    Raises:
        DeviceError: there is none; the message says what is missing.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> asyncio.run(tf.ready())
        >>> tf.getBackend()
        'numpy'

    Source: https://js.tensorflow.org/api/latest/#ready
    """
    await backends.open_device()
    _engine.backend()


@naming.bridge
def version() -> dict[str, str]:
    """Returns the versions of this package and of the TensorFlow.js whose API it follows.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.version()["tfjs"]
        '4.22.0'
    """
    return {"tfjs_pyo": VERSION, "tfjs": "4.22.0"}


VERSION = "0.1.0"


def device_stats() -> dict[str, Any]:
    """Returns what the WebGL2 device has alive and has done (launches, programs, calls); empty on NumPy.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.deviceStats()
        {}
    """
    device = getattr(_engine.backend(), "device", None)
    if device is None:
        return {}
    return dict(device.stats().object_entries().to_py())


def enable_debug_mode() -> None:
    """Checks every result from now on and warns (`tf.NumericWarning`) of data and of the op that first have NaN or infinity.

    Compiled training steps are checked op by op as well, which makes them slow; `tf.env().set('DEBUG', False)` ends it.

    Example:
        >>> import warnings
        >>> import tfjs_pyo as tf
        >>> tf.enableDebugMode()
        >>> with warnings.catch_warnings(record=True) as caught:
        ...     warnings.simplefilter("always")
        ...     _ = tf.log(-1.0).arraySync()
        >>> caught[0].category.__name__
        'NumericWarning'
        >>> tf.env().set("DEBUG", False)

    Source: https://js.tensorflow.org/api/latest/#enableDebugMode
    """
    debug.enable()


_production = {"PROD": False}


def _set_production(on: bool) -> None:
    _production["PROD"] = bool(on)


def enable_prod_mode() -> None:
    """Turns debug mode off. What else TensorFlow.js leaves out in production is not here: checks of shapes cost no step time.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.enableDebugMode()
        >>> tf.enableProdMode()
        >>> tf.env().get("DEBUG")
        False
        >>> tf.env().reset()

    Source: https://js.tensorflow.org/api/latest/#enableProdMode
    """
    debug.enable(False)
    _set_production(True)


def disable_deprecation_warnings() -> None:
    """Does nothing: nothing here is deprecated, so there are no such warnings; programs of TensorFlow.js call it.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.disableDeprecationWarnings()

    Source: https://js.tensorflow.org/api/latest/#disableDeprecationWarnings
    """


def _limit(name: str) -> Callable[[], Any]:
    def read() -> Any:
        device = backends.js_device()
        return getattr(device.limits(), name) if device is not None else 0

    return read


def _forwards() -> bool:
    device = backends.js_device()
    return device is not None and str(device.placement.where) != "gpu"


def _forward(value: bool) -> None:
    device = backends.js_device()
    if device is not None:
        device.placement.where = "cheaper" if value else "gpu"


_FLAGS: dict[str, Callable[[], Any]] = {
    "DEBUG": debug.enabled,
    "CHECK_COMPUTATION_FOR_ERRORS": debug.enabled,
    "PROD": lambda: _production["PROD"],
    "IS_BROWSER": lambda: importlib.util.find_spec("pyodide_js") is not None,
    "IS_NODE": lambda: False,
    "HAS_WEBGL": lambda: backends.js_device() is not None,
    "WEBGL_VERSION": lambda: 2 if backends.js_device() is not None else 0,
    "WEBGL_MAX_TEXTURE_SIZE": _limit("maxTextureSize"),
    "WEBGL_RENDER_FLOAT32_ENABLED": lambda: backends.js_device() is not None,
    "WEBGL_CPU_FORWARD": _forwards,
}
"""Flags of TF.js that mean something here, with what reads them."""

_SETTERS: dict[str, Callable[[bool], None]] = {
    "PROD": _set_production,
    "DEBUG": debug.enable,
    "CHECK_COMPUTATION_FOR_ERRORS": debug.enable,
    "WEBGL_CPU_FORWARD": _forward,
}
"""What sets flags. The last one says whether plans may run on the processor; it has a meaning beside WebGL2 only."""

_AT_FIRST = {"WEBGL_CPU_FORWARD": True}
"""What flags are in the beginning that are not off."""


class Environment:
    """What this machine can do, and the switches that there are, under TF.js's names.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.env().getBool("IS_BROWSER")
        False

    Source: https://js.tensorflow.org/api/latest/#class:Environment
    """

    @property
    def flags(self) -> dict[str, Any]:
        """Every flag with its value."""
        return {name: read() for name, read in _FLAGS.items()}

    features = flags

    def get(self, flag: str) -> Any:
        """Returns the value of a flag.

        Args:
            flag: its name in TensorFlow.js, such as 'IS_BROWSER'.

        Raises:
            OptionError: there is no such flag here.

        Example:
            >>> import tfjs_pyo as tf
            >>> tf.env().get("WEBGL_VERSION")
            0
        """
        return _FLAGS[_known("get", flag, _FLAGS)]()

    def get_bool(self, flag: str) -> bool:
        """Returns whether a flag is set.

        Args:
            flag: its name in TensorFlow.js, such as 'IS_BROWSER'.

        Raises:
            OptionError: there is no such flag here.

        Example:
            >>> import tfjs_pyo as tf
            >>> tf.env().getBool("IS_BROWSER")
            False
        """
        return bool(self.get(flag))

    def get_number(self, flag: str) -> float:
        """Returns the number that a flag stands for.

        Args:
            flag: its name in TensorFlow.js, such as 'IS_BROWSER'.

        Raises:
            OptionError: there is no such flag here.

        Example:
            >>> import tfjs_pyo as tf
            >>> tf.env().getNumber("WEBGL_MAX_TEXTURE_SIZE")
            0
        """
        value: float = self.get(flag)
        return value

    def get_string(self, flag: str) -> str:
        """Returns the text that a flag stands for.

        Args:
            flag: its name in TensorFlow.js, such as 'IS_BROWSER'.

        Raises:
            OptionError: there is no such flag here.

        Example:
            >>> import tfjs_pyo as tf
            >>> tf.env().getString("WEBGL_VERSION")
            '0'
        """
        return str(self.get(flag))

    def get_flags(self) -> dict[str, Any]:
        """Returns every flag with its value.

        Example:
            >>> import tfjs_pyo as tf
            >>> flags = tf.env().getFlags()
            >>> flags["DEBUG"], flags["IS_BROWSER"]
            (False, False)
        """
        return self.flags

    async def get_async(self, flag: str) -> Any:
        """Returns the value of a flag, as `get` does.

        Args:
            flag: its name in TensorFlow.js, such as 'IS_BROWSER'.

        Raises:
            OptionError: there is no such flag here.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> asyncio.run(tf.env().getAsync("IS_BROWSER"))
            False
        """
        return self.get(flag)

    @property
    def platform_name(self) -> str:
        """'browser' in a page, else 'python'."""
        return "browser" if self.get("IS_BROWSER") else "python"

    def set_flags(self, flags: Mapping[str, bool]) -> None:
        """Sets several flags, by their names.

        Args:
            flags: values by names.

        Raises:
            OptionError: there is no such flag here, or it only tells what the machine is; then none is set.

        Example:
            >>> import tfjs_pyo as tf
            >>> tf.env().setFlags({"DEBUG": True, "PROD": False})
            >>> tf.env().getBool("DEBUG")
            True
            >>> tf.env().reset()
        """
        for flag in flags:
            _known("set_flags", flag, _SETTERS)
        for flag, value in flags.items():
            self.set(flag, value)

    def reset(self) -> None:
        """Sets every flag that can be set as it was in the beginning: off, but for WEBGL_CPU_FORWARD.

        Example:
            >>> import tfjs_pyo as tf
            >>> tf.env().set("DEBUG", True)
            >>> tf.env().reset()
            >>> tf.env().getBool("DEBUG")
            False

        Source: https://js.tensorflow.org/api/latest/#env
        """
        for flag in _SETTERS:
            self.set(flag, _AT_FIRST.get(flag, False))

    def set(self, flag: str, value: bool) -> None:
        """Sets a flag.

        Args:
            flag: one of DEBUG, CHECK_COMPUTATION_FOR_ERRORS, PROD, and WEBGL_CPU_FORWARD: whether graphs that cost less on the
                processor run there, steps of `fit` as well.
            value: whether it is on.

        Raises:
            OptionError: there is no such flag here, or it only tells what the machine is.

        Example:
            >>> import tfjs_pyo as tf
            >>> tf.env().set("DEBUG", True)
            >>> tf.env().getBool("DEBUG")
            True
            >>> tf.env().set("DEBUG", False)
        """
        _SETTERS[_known("set", flag, _SETTERS)](value)

    def __getattr__(self, name: str) -> Any:
        return naming.attribute(self, name)

    def __dir__(self) -> list[str]:
        return naming.spellings(super().__dir__())


def _known(method: str, flag: str, flags: Iterable[str]) -> str:
    if flag not in flags:
        raise OptionError(f"env.{method}: expected one of {', '.join(flags)}, received {flag!r}.")
    return flag


_environment = Environment()


def env() -> Environment:
    """Returns the environment: what this machine can do.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.env().getBool("DEBUG")
        False
        >>> tf.env().set("DEBUG", True)
        >>> tf.env().getBool("DEBUG")
        True
        >>> tf.env().set("DEBUG", False)

    Source: https://js.tensorflow.org/api/latest/#env
    """
    return _environment


class Engine:
    """The parts of TF.js's engine that programs use: scopes, memory, variables, backends.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.engine().startScope()
        >>> x = tf.ones([2])
        >>> tf.engine().endScope()
        >>> x.isDisposed
        True

    Source: https://js.tensorflow.org/api/latest/#engine
    """

    start_scope = staticmethod(start_scope)
    end_scope = staticmethod(end_scope)
    tidy = staticmethod(tidy)
    keep = staticmethod(keep)
    memory = staticmethod(memory)
    time = staticmethod(profiling.time)
    profile = staticmethod(profiling.profile)
    dispose_variables = staticmethod(dispose_variables)

    @property
    def backend_name(self) -> str:
        return get_backend()

    @property
    def backend_names(self) -> list[str]:
        """The backends available here."""
        return _engine.backend_names()

    @property
    def registered_variables(self) -> dict[str, Variable]:
        """The living variables by name."""
        return {variable.unique_name: variable for variable in Variable.living()}

    def __getattr__(self, name: str) -> Any:
        return naming.attribute(self, name)

    def __dir__(self) -> list[str]:
        return naming.spellings(super().__dir__())


_the_engine = Engine()


def engine() -> Engine:
    """Returns the engine.

    Example:
        >>> import tfjs_pyo as tf
        >>> before = tf.engine().memory()["numTensors"]
        >>> x = tf.ones([2])
        >>> tf.engine().memory()["numTensors"] - before
        1

    Source: https://js.tensorflow.org/api/latest/#engine
    """
    return _the_engine
