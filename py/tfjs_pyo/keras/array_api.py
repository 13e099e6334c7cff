"""The array API's functions for tensors, which libraries ask tensors for: `t.__array_namespace__()`.

Source: https://data-apis.org/array-api/2023.12/
"""

import math
import sys
from types import ModuleType
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.errors import NameNotFoundError, OptionError
from tfjs_pyo.keras import array_linalg as linalg
from tfjs_pyo.keras.array_functions import ABSENT, DTYPES, FUNCTIONS, VERSIONS, Information
from tfjs_pyo.options import shown

CONSTANTS = {"e": math.e, "inf": math.inf, "nan": math.nan, "newaxis": None, "pi": math.pi}
__array_api_version__ = VERSIONS[-1]
__array_namespace_info__ = Information


def namespace(api_version: "str | None") -> ModuleType:
    """Returns the functions of a version of the array API.

    Raises:
        OptionError: it is not known here.
    """
    if api_version is not None and api_version not in VERSIONS:
        raise OptionError(
            f"__array_namespace__: expected one of the versions {', '.join(VERSIONS)}, received {shown(api_version)}."
        )
    return sys.modules[__name__]


def __getattr__(name: "str") -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    reason = f": {ABSENT[name]}." if name in ABSENT else f".{naming.suggestions(name, __all__, str)}"
    raise NameNotFoundError(f"the array API's functions for tensors have no {name!r}{reason}")


globals().update({**FUNCTIONS, **CONSTANTS, **{name: name for name in DTYPES}, "linalg": linalg})
__all__ = sorted(  # noqa: PLE0605 (names)
    {"__array_api_version__", "__array_namespace_info__", "linalg", *FUNCTIONS, *CONSTANTS, *DTYPES}
)
__dir__ = naming.public_dir(__name__)
