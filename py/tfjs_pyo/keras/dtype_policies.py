"""`keras.dtype_policies`: which dtypes layers say that they have. Everything is computed in float32 here."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.documenting import complete
from tfjs_pyo.dtype_names import standardize_dtype
from tfjs_pyo.errors import FormatError, OptionError
from tfjs_pyo.keras.absent import require
from tfjs_pyo.options import shown
from tfjs_pyo.rules import check_public

_MIXED = {"mixed_float16": "float16", "mixed_bfloat16": "bfloat16"}


class DTypePolicy:
    """The dtypes of a layer: of its computations and its variables.

    Policies of half precision are accepted, so that programs run, and say once that float32 is computed: WebGL2 computes in
    float32, and results are only more exact.

    Args:
        name: 'float32', 'mixed_float16', 'mixed_bfloat16' or another dtype.

    Raises:
        OptionError: no such policy.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.DTypePolicy("float32").compute_dtype
        'float32'

    Source: https://keras.io/api/mixed_precision/policy/
    """

    def __init__(self, name: str | None = None) -> None:
        self._name = name or "float32"
        if self._name in _MIXED:
            self._asked = _MIXED[self._name], "float32"
        elif "int8" not in self._name and "float8" not in self._name:
            self._asked = (standardize_dtype(self._name),) * 2
        else:
            raise OptionError(
                f"DTypePolicy: quantized computations are not there, received {name!r}. Use 'float32'."
            )
        if self._asked[0] != "float32":
            warnings.warn(
                f"DTypePolicy: {self._name!r} is accepted, and float32 is computed: WebGL2 has no other floats.",
                stacklevel=2,
            )

    @property
    def name(self) -> str:
        """What was asked for."""
        return self._name

    @property
    def compute_dtype(self) -> str:
        """'float32', in which everything is computed."""
        return "float32"

    @property
    def variable_dtype(self) -> str:
        """'float32', in which everything is stored."""
        return "float32"

    @property
    def quantization_mode(self) -> None:
        """None: nothing is quantized."""
        return

    def get_config(self) -> dict[str, Any]:
        """Returns what `from_config` takes.

        Example:
            >>> from tfjs_pyo import keras
            >>> keras.DTypePolicy("float32").get_config()
            {'name': 'float32'}

        Source: https://keras.io/api/mixed_precision/policy/
        """
        return {"name": self._name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> DTypePolicy:
        """Returns a policy made from what `get_config` gave.

        Args:
            config: dict with 'name'.

        Raises:
            OptionError: no such policy.

        Example:
            >>> from tfjs_pyo import keras
            >>> keras.DTypePolicy.from_config({"name": "float32"})
            <DTypePolicy "float32">

        Source: https://keras.io/api/mixed_precision/policy/
        """
        return cls(**config)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DTypePolicy) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self._name)

    def __repr__(self) -> str:
        return f'<DTypePolicy "{self._name}">'


FloatDTypePolicy = DTypePolicy


class DTypePolicyMap(MutableMapping[str, DTypePolicy]):
    """Policies by the paths of layers, or by regular expressions that match the whole path.

    Args:
        default_policy: of all other layers; default: 'float32'.
        policy_map: first entries.

    Raises:
        OptionError: a path that several expressions match.

    Example:
        >>> from tfjs_pyo import keras
        >>> policies = keras.dtype_policies.DTypePolicyMap()
        >>> policies["encoder/.*"] = keras.DTypePolicy("float32")
        >>> policies["encoder/dense"].name
        'float32'

    Source: https://keras.io/api/mixed_precision/policy/
    """

    def __init__(self, default_policy: Any = None, policy_map: Mapping[str, Any] | None = None) -> None:
        self._default = get(default_policy)
        self._known = {name: get(policy) for name, policy in (policy_map or {}).items()}

    @property
    def default_policy(self) -> DTypePolicy:
        """The policy of layers that no entry matches."""
        return self._default

    def __getitem__(self, key: str) -> DTypePolicy:
        if key in self._known:
            return self._known[key]
        found = [pattern for pattern in self._known if re.fullmatch(pattern, key)]
        if len(found) > 1:
            raise OptionError(f"DTypePolicyMap: expected one policy for {key!r}, {found} match.")
        return self._known[found[0]] if found else self._default

    def __setitem__(self, key: str, policy: Any) -> None:
        self._known[key] = get(policy)

    def __delitem__(self, key: str) -> None:
        del self._known[key]

    def __len__(self) -> int:
        return len(self._known)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def get_config(self) -> dict[str, Any]:
        """Returns what `from_config` takes.

        Example:
            >>> from tfjs_pyo import keras
            >>> policies = keras.dtype_policies.DTypePolicyMap(policy_map={"encoder/.*": "float32"})
            >>> list(policies.get_config()["policy_map"])
            ['encoder/.*']

        Source: https://keras.io/api/mixed_precision/policy/
        """
        known = {name: serialize(policy) for name, policy in self._known.items()}
        return {"default_policy": serialize(self._default), "policy_map": known}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> DTypePolicyMap:  # noqa: ARG003
        """Returns a map made from what `get_config` gave.

        Args:
            config: dict with 'default_policy' and 'policy_map'.
            custom_objects: accepted as it is; it has no effect here.

        Raises:
            OptionError: an entry that is no policy.

        Example:
            >>> from tfjs_pyo import keras
            >>> first = keras.dtype_policies.DTypePolicyMap(policy_map={"encoder/.*": "float32"})
            >>> keras.dtype_policies.DTypePolicyMap.from_config(first.get_config())["encoder/dense"]
            <DTypePolicy "float32">

        Source: https://keras.io/api/mixed_precision/policy/
        """
        return cls(**config)


def get(identifier: Any) -> DTypePolicy:
    """Returns a policy for its name, its config, or itself.

    Raises:
        OptionError: neither a name, nor a config, nor a policy.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.dtype_policies.get("float32").variable_dtype
        'float32'

    Source: https://keras.io/api/mixed_precision/policy/
    """
    if isinstance(identifier, DTypePolicy):
        return identifier
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if identifier is not None and not isinstance(identifier, str):
        raise OptionError(
            f"DTypePolicy: expected a policy, its name or its config, received {shown(identifier)}."
        )
    return DTypePolicy(identifier)


def serialize(dtype_policy: DTypePolicy) -> dict[str, Any]:
    """Returns a policy as a config with its class.

    Raises:
        OptionError: no policy.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.dtype_policies.serialize(keras.DTypePolicy("float32"))["config"]
        {'name': 'float32'}

    Source: https://keras.io/api/mixed_precision/policy/
    """
    if not isinstance(dtype_policy, DTypePolicy):
        raise OptionError(f"serialize: expected a DTypePolicy, received {shown(dtype_policy)}.")
    return {"class_name": "DTypePolicy", "config": dtype_policy.get_config()}


def deserialize(config: dict[str, Any], custom_objects: Any = None) -> DTypePolicy:  # noqa: ARG001 (Keras's parameter)
    """Returns the policy of a config with its class.

    Raises:
        FormatError: the value is not the config of a policy.

    Example:
        >>> from tfjs_pyo import keras
        >>> config = {"class_name": "DTypePolicy", "config": {"name": "float32"}}
        >>> keras.dtype_policies.deserialize(config).name
        'float32'

    Source: https://keras.io/api/mixed_precision/policy/
    """
    inner = config.get("config")
    name = inner.get("name") if isinstance(inner, dict) else None
    if not isinstance(name, str):
        raise FormatError(
            f"deserialize: expected the config of a DTypePolicy with its name, received {shown(config)}."
        )
    return DTypePolicy(name)


def __getattr__(name: str) -> Any:
    require("keras.dtype_policies", name)
    raise AttributeError(f"keras.dtype_policies has no {name!r}.")


__all__ = ["DTypePolicy", "DTypePolicyMap", "FloatDTypePolicy", "deserialize", "get", "serialize"]
__dir__ = naming.public_dir(__name__)
check_public(globals())
complete(globals())
