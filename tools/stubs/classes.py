"""Classes as stubs: what users see of them, flat: bases of which users know nothing are left out, what they have stays."""

from __future__ import annotations

import ast
import dataclasses
import enum
import functools
import inspect
import sys
import textwrap
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.config import Configurable, Field, shown
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.forms import keras_form
from tfjs_pyo.keras import KerasTensor
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.layers.symbols import SymbolicTensor
from tfjs_pyo.models import Model, Sequential
from tools.stubs.fields import annotation_of, attribute_type, options_of
from tools.stubs.functions import (
    AS_IS,
    BOTH,
    KINDS,
    Signature,
    Spell,
    parameters_of,
    signature_of,
    write,
)
from tools.stubs.module import Module
from tools.stubs.rendering import IN_BOTH, Renderer, resolved

HIDDEN = {
    "__array_function__", "__class_getitem__", "__copy__", "__deepcopy__", "__del__", "__delattr__", "__dir__", "__format__",
    "__getattr__", "__getstate__", "__hash__", "__init_subclass__", "__new__", "__post_init__", "__reduce__", "__reduce_ex__",
    "__repr__", "__set_name__", "__setattr__", "__setstate__", "__str__",
}  # fmt: skip
"""Methods of Python's that users do not call; `__getattr__` would let every misspelt name pass."""

_BINARY = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor")
OPERATORS = (
    *(f"__{side}{name}__" for name in _BINARY for side in ("", "r")),
    *(f"__{name}__" for name in ("lt", "le", "gt", "ge")),
)
"""Operators with two operands."""
SEVERAL = {"return_state", "backward_layer", "function"}
"""Options of layers that may give several tensors."""
OF_ONE_CONFIG = {"tfjs_pyo.ops.fused"}
"""Modules whose functions take one config with all arguments, data too, in TF.js."""
OF_COMPILE = {"optimizer"}
"""Attributes that are None until `compile`, which programs call before they use them."""
OVERRIDDEN = ("build", "compute_mask", "compute_output_shape", "apply")


KERAS_FORMS = tuple(map(keras_form, IN_BOTH))


def _is_overridden(name: str) -> bool:
    """Returns whether a method is one that subclasses of users define, with names of parameters of their own."""
    return naming.snake(name) in OVERRIDDEN or naming.snake(name).startswith("on_")


def _by_place(signature: Signature) -> Signature:
    """Returns a signature whose parameters go by their places, so that subclasses may name them as they like."""
    kinds = (KINDS.POSITIONAL_ONLY, KINDS.POSITIONAL_OR_KEYWORD)
    parameters = [replace(p, kind=kinds[0]) if p.kind in kinds else p for p in signature.parameters]
    return replace(signature, parameters=parameters)


def is_keras(kind: type) -> bool:
    """Returns whether a class is of Keras's API, whose names have one spelling."""
    return getattr(kind, "dialect", None) is KERAS


def configs_of(function: Callable[..., Any]) -> list[int]:
    """Returns the places at which a function takes a config dict: after what is required and after data, or for everything."""
    data = vars(function).get("config_data")
    if data is None:
        return []
    parameters = [p for p in inspect.signature(function).parameters.values() if p.name != "self"]
    if not any(p.default is not p.empty for p in parameters):
        return [0] if parameters else []
    if parameters[-1].name == "options":
        return []  # which is a dict itself
    needed = sum(p.default is p.empty for p in parameters)
    leading = [at for at, p in enumerate(parameters) if p.name in data]
    place = max(leading[-1] + 1 if leading else 0, needed)
    return [0, place] if function.__module__ in OF_ONE_CONFIG else [place]


class ClassWriter:
    """Writes the stub of one class.

    Args:
        module: where it goes.
        kind: the class.
        public: the classes that have stubs: those among the bases are named, others are made flat.
    """

    def __init__(self, module: Module, kind: type, public: set[type]) -> None:
        self.module = module
        self.kind = kind
        self.bases = self._public_bases(public)
        self.spells: tuple[Spell, ...] = AS_IS if is_keras(kind) else BOTH
        self.renderer = Renderer(module)
        self.inherited = {base for each in self.bases for base in each.__mro__}
        self.written: set[str] = set()

    def _public_bases(self, public: set[type]) -> list[type]:
        """Returns the nearest bases that have stubs, of the same API."""
        found: list[type] = []
        for base in self.kind.__mro__[1:]:
            if base not in public or any(issubclass(each, base) for each in found):
                continue
            if is_keras(self.kind) and not is_keras(base) and issubclass(base, Configurable):
                continue
            found.append(base)
        return found

    def text(self) -> str:
        """Returns the class."""
        kind = self.kind
        if issubclass(kind, tuple) and hasattr(kind, "_fields"):
            return self._named_tuple()
        bases = [self.module.refer_to(base) for base in self.bases]
        if issubclass(kind, enum.Enum):
            bases = [self.module.refer("enum", "IntEnum" if issubclass(kind, enum.IntEnum) else "Enum")]
        bases += [self.renderer.given(base) for base in _abstract_bases(kind)]
        outer = next((b for b in kind.__mro__ if b.__module__ == "builtins" and b is not object), None)
        if not bases and outer is not None:
            bases = [outer.__name__]
        head = f"class {kind.__name__}" + (f"({', '.join(bases)})" if bases else "") + ":"
        members = [self._doc(), *self._members()]
        return head + "\n" + ("".join(filter(None, members)) or "    ...\n")

    def _doc(self) -> str:
        doc = inspect.cleandoc(self.kind.__doc__ or "") if "__doc__" in vars(self.kind) else ""
        if not doc:
            return ""
        escaped = doc.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        return textwrap.indent(f'"""{escaped}\n"""\n' if "\n" in doc else f'"""{escaped}"""\n', "    ")

    def _named_tuple(self) -> str:
        base = self.module.refer("typing", "NamedTuple")
        lines = [
            f"    {name}: {self.renderer.given(annotation_of(self.kind, name))}\n"
            for name in self.kind._fields  # type: ignore[attr-defined]
        ]
        return f"class {self.kind.__name__}({base}):\n{self._doc()}{''.join(lines)}"

    def own(self) -> Iterator[tuple[str, Any, type]]:
        """Yields what the class has besides its public bases: name, attribute, and the class that defines it."""
        for base in self.kind.__mro__:
            if base in self.inherited or base.__module__.partition(".")[0] != "tfjs_pyo":
                continue
            for name, value in vars(base).items():
                spelled = (
                    is_keras(self.kind) and name != naming.snake(name) and naming.snake(name) in vars(base)
                )
                if self._is_shown(name, value) and not spelled:
                    yield name, value, base

    def _is_shown(self, name: str, value: Any) -> bool:
        if name.startswith("__") and name.endswith("__"):
            return name not in HIDDEN and isinstance(value, types.FunctionType)
        return bool(naming.visible(self.kind, [name]))

    def _members(self) -> Iterator[str]:
        yield from self._constructor()
        if self.kind is Tensor or self.kind is SymbolicTensor:
            yield from self._operations()
        for name, value, base in self.own():
            if name in self.written or name == "__init__":
                continue
            yield from self._member(name, value, base)
        yield from self._attributes()
        if issubclass(self.kind, Layer) and self.kind not in (Layer, keras_form(Layer)):
            yield from self._narrower_calls()

    def _narrower_calls(self) -> Iterator[str]:
        """Yields how a layer is called where it gives more, or fewer, tensors than others."""
        if self._gives_several() or issubclass(self.kind, Model):
            names = ("__call__",) if is_keras(self.kind) else ("__call__", "apply")
            yield from (self._call(name, "") for name in names if self._take(name))
        if self.kind is Sequential:
            signature = replace(self._signature(Sequential.predict), result=Tensor, doc="")
            yield write(self.module, "predict", signature, self.spells, "    ")

    def _gives_several(self) -> bool:
        """Returns whether this is a layer that gives several tensors if an option says so."""
        fields: dict[str, Field] = getattr(self.kind, "fields", {})
        return bool(SEVERAL & set(fields))

    def _signature(self, function: Callable[..., Any]) -> Signature:
        """Returns what there is to say of a method."""
        signature = signature_of(function, configs=configs_of(function))
        return replace(signature, parameters=signature.parameters[1:], first="self")

    def _spellings(self, name: str) -> Iterator[tuple[str, tuple[Spell, ...]]]:
        """Yields the spellings of a member, each with those of its keywords."""
        if len(self.spells) == 1 or name.startswith("__"):
            yield name, AS_IS if name.startswith("__") else self.spells
            return
        snake, camel = naming.snake(name), naming.camel(name)
        if snake == camel:
            yield snake, BOTH
        else:
            yield snake, (naming.snake,)
            yield camel, (naming.camel,)
        if name not in (snake, camel):
            yield name, (naming.camel,)

    def _take(self, name: str) -> bool:
        """Returns whether a name is still to be written."""
        if name in self.written:
            return False
        self.written.add(name)
        return True

    # Methods and properties

    def _member(self, name: str, value: Any, base: type) -> Iterator[str]:
        if isinstance(value, Field):
            yield from self._attribute(name, attribute_type(self.kind, value))
        elif isinstance(value, (property, functools.cached_property, shown)):
            yield from self._property(name, value, base)
        elif name == "call" and issubclass(self.kind, Layer):
            if self.kind is Layer or self.kind is keras_form(Layer):
                yield from self._attribute(name, Callable[..., Any])
        elif isinstance(value, (types.FunctionType, classmethod, staticmethod)):
            for spelled, spells in self._spellings(name):
                if self._take(spelled):
                    yield self._method(spelled, value, spells)
        elif issubclass(self.kind, enum.Enum):
            if isinstance(value, self.kind) and self._take(name):
                yield f"    {name} = {value.value!r}\n"
        elif name in inspect.get_annotations(base):
            yield from self._attribute(name, annotation_of(base, name))
        elif not isinstance(value, type):
            yield from self._attribute(name, type(value) if type(value) in (bool, int, str, float) else Any)

    def _method(self, name: str, value: Any, spells: tuple[Spell, ...]) -> str:
        decorator = {classmethod: "classmethod", staticmethod: "staticmethod"}.get(type(value), "")
        function = value.__func__ if decorator else value
        signature = signature_of(function, configs=configs_of(function))
        signature = replace(signature, result=specialized(signature.result, type_arguments(self.kind)))
        if decorator != "staticmethod":
            signature = replace(signature, parameters=signature.parameters[1:])
        first = "" if decorator == "staticmethod" else "cls" if decorator else "self"
        signature = replace(signature, first=first, decorator=decorator)
        if name in ("__call__", "apply") and issubclass(self.kind, Layer):
            return self._call(name, signature.doc)
        if name in OPERATORS and issubclass(self.kind, Tensor):
            return self._operator(name)
        if naming.snake(name) == "minimize":  # which gives the cost where it is asked for
            results = {typing.Literal[True]: Tensor, typing.Literal[False] | Sequence[Variable]: None}
            return self._by_flag(name, signature, spells, "return_cost", results)
        arms = typing.get_args(signature.result)
        dicts = [arm for arm in arms if typing.get_origin(arm) is dict]
        if dicts and any(p.name == "return_dict" for p in signature.parameters):
            either = {typing.Literal[True]: dicts[0], typing.Literal[False]: Any}
            return self._by_flag(name, signature, spells, "return_dict", either)
        if _is_overridden(name) and len(spells) > 1:
            signature, spells = _by_place(signature), (naming.snake,)
        text = write(self.module, name, signature, spells, "    ")
        return (
            text.replace(":\n", ":  # type: ignore[override]\n", 1) if name in ("__eq__", "__ne__") else text
        )

    def _call(self, name: str, doc: str) -> str:
        """Returns how layers are called: tensors give tensors, symbolic tensors symbolic ones."""
        module, shared = self.module, self.renderer.shared
        any_ = module.refer("typing", "Any")
        rest = f"*args: {any_}, **kwargs: {any_}"
        overload = module.refer("typing", "overload")
        several = issubclass(self.kind, Model) and not issubclass(self.kind, Sequential)
        symbolic = any_ if several or self._gives_several() else shared("SymbolicResult")
        result = any_ if self._gives_several() else shared("Result")
        if issubclass(self.kind, Sequential):
            symbolic, result = module.refer_to(SymbolicTensor), module.refer_to(Tensor)
        body = f'\n        """{doc.splitlines()[0]}"""' if doc else " ..."
        return (
            f"    @{overload}\n    def {name}(self, inputs: {shared('Symbols')}, {rest}) -> {symbolic}:{body}\n"
            f"    @{overload}\n    def {name}(self, inputs: {shared('Data')}, {rest}) -> {result}: ...\n"
        )

    def _by_flag(
        self,
        name: str,
        signature: Signature,
        spells: tuple[Spell, ...],
        flag: str,
        results: Mapping[Any, Any],
    ) -> str:
        """Returns a method whose result depends on an option.

        Args:
            name: of the method.
            signature: what there is to say otherwise.
            spells: of its keywords.
            flag: the option, which is False where it is not given.
            results: by the type of what is given for it.
        """
        at = next(at for at, p in enumerate(signature.parameters) if p.name == flag)
        before, (told, *after) = signature.parameters[:at], signature.parameters[at:]
        follows = any(p.default is not KINDS.empty for p in before)
        texts = []
        for asked, result in results.items():
            is_told = asked == typing.Literal[True]
            rest = [replace(told, hint=asked, default=KINDS.empty if is_told else False), *after]
            if is_told and follows:  # what has no default goes by name where it comes after others
                rest = [replace(p, kind=KINDS.KEYWORD_ONLY) for p in rest]
            made = replace(signature, parameters=[*before, *rest], result=result)
            texts.append(write(self.module, name, made, spells, "    "))
        return self._overloaded(texts)

    def _overloaded(self, texts: list[str]) -> str:
        """Returns functions of one name as overloads."""
        mark = f"    @{self.module.refer('typing', 'overload')}\n"
        return "".join(text if text.startswith(mark) else mark + text for text in texts)

    def _operator(self, name: str) -> str:
        """Returns an operator of Python's, which takes symbolic tensors as well."""
        module, like = self.module, self.renderer.shared("TensorLike")
        tensor, symbol = module.refer_to(Tensor), module.refer_to(SymbolicTensor)
        overload = module.refer("typing", "overload")
        return (
            f"    @{overload}\n    def {name}(self, other: {like}, /) -> {tensor}: ...\n"
            f"    @{overload}\n    def {name}(self, other: {symbol}, /) -> {symbol}: ...\n"
        )

    def _symbolic_operators(self) -> Iterator[str]:
        """Yields the operators of symbolic tensors."""
        like, symbol = self.renderer.shared("TensorLike"), self.module.refer_to(SymbolicTensor)
        for name in OPERATORS:
            yield f"    def {name}(self, other: {like} | {symbol}, /) -> {symbol}: ...\n"
        for name in ("__neg__", "__abs__", "__invert__", "__pos__"):
            yield f"    def {name}(self) -> {symbol}: ...\n"

    def _property(self, name: str, value: Any, base: type) -> Iterator[str]:
        function = next(
            getattr(value, part)
            for part in ("fget", "func", "text")
            if getattr(value, part, None) is not None
        )
        hint = inspect.signature(function).return_annotation if function else Any
        scope = getattr(inspect.unwrap(function), "__globals__", {})
        hint = Any if hint is inspect.Signature.empty else resolved(hint, scope)
        settable = getattr(value, "fset", None) is not None or not isinstance(value, property)
        if hint is Any and settable:
            yield from self._attribute(name, annotation_of(base, name))
            return
        text = self.renderer.given(hint)
        doc = inspect.cleandoc(function.__doc__ or "")
        for spelled, _ in self._spellings(name):
            if not self._take(spelled):
                continue
            body = f'\n        """{doc.splitlines()[0]}"""' if doc else " ..."
            yield f"    @{self.module.builtin('property')}\n    def {spelled}(self) -> {text}:{body}\n"
            if settable:
                yield f"    @{spelled}.setter\n    def {spelled}(self, value: {text}) -> None: ...\n"

    def _attribute(self, name: str, hint: Any) -> Iterator[str]:
        text = self.renderer.given(hint)
        for spelled, _ in self._spellings(name):
            if self._take(spelled):
                yield f"    {spelled}: {text}\n"

    def _operations(self) -> Iterator[str]:
        """Yields the ops that are methods of tensors."""
        symbolic = self.kind is SymbolicTensor
        if symbolic:
            self.written.update((*OPERATORS, "__neg__", "__abs__", "__invert__", "__pos__"))
            yield from self._symbolic_operators()
        for name, function in sorted(Tensor.methods.items()):
            if name in vars(self.kind):
                continue
            signature = signature_of(function)
            parameters = [replace(p, hint=p.hint) for p in signature.parameters[1:]]
            signature = replace(
                signature, parameters=parameters, first="self", doc="" if symbolic else signature.doc
            )
            for spelled, spells in self._spellings(name):
                if self._take(spelled):
                    yield self._operation(spelled, signature, spells, symbolic)

    def _operation(self, name: str, signature: Signature, spells: tuple[Spell, ...], symbolic: bool) -> str:
        if not symbolic:
            return write(self.module, name, signature, spells, "    ")
        return write(self.module, name, replace(signature, symbolic=True), spells, "    ")

    # Constructors and attributes of instances

    def _constructor(self) -> Iterator[str]:
        signature = constructor_of(self.kind)
        if self.kind is SymbolicTensor:  # which is `keras.KerasTensor`, too
            signature = Signature(parameters_of(KerasTensor.__new__)[1:])
        if signature is None:
            return
        self.written.add("__init__")
        signature = replace(signature, first="self", result=None, doc="", title=self.kind.__name__)
        text = write(self.module, "__init__", signature, self.spells, "    ")
        if self.kind in IN_BOTH and signature.configs:  # subclasses hand on what they were given
            config = f"{self.module.refer('collections.abc', 'Mapping')}[str, {self.module.refer('typing', 'Any')}]"
            text += f"    @{self.module.refer('typing', 'overload')}\n    def __init__(self, config_: {config}, /) -> None: ...\n"
        elif self.kind in KERAS_FORMS:  # likewise, by name
            mark = f"    @{self.module.refer('typing', 'overload')}\n"
            text = text if text.startswith(mark) else mark + text
            text += (
                f"{mark}    def __init__(self, **kwargs: {self.module.refer('typing', 'Any')}) -> None: ...\n"
            )
        yield text

    def _attributes(self) -> Iterator[str]:
        """Yields what constructors set, and what classes say that they have."""
        for base in self.kind.__mro__:
            if base in self.inherited or base.__module__.partition(".")[0] != "tfjs_pyo":
                continue
            for name in inspect.get_annotations(base):
                if self._is_shown(name, None) and name not in vars(base):
                    yield from self._attribute(name, annotation_of(base, name))
            for name, hint in set_by_init(base):
                if self._is_shown(name, None):
                    yield from self._attribute(name, without_none(hint) if name in OF_COMPILE else hint)
        if issubclass(self.kind, Configurable):
            for name in self.kind.further:
                if not any(name in vars(base) for base in self.inherited):
                    yield from self._attribute(name, annotation_of(self.kind, name))


def without_none(hint: Any) -> Any:
    """Returns a type without None."""
    arms = [each for each in typing.get_args(hint) if each is not type(None)]
    return functools.reduce(lambda one, other: one | other, arms) if arms else hint


def type_arguments(kind: type) -> dict[Any, Any]:
    """Returns what the type variables of a class's generic bases stand for in it."""
    found: dict[Any, Any] = {}
    for base in reversed(kind.__mro__):
        for generic in vars(base).get("__orig_bases__", ()):
            variables = getattr(typing.get_origin(generic), "__parameters__", ())
            scope = vars(sys.modules[base.__module__])
            given = [
                resolved(each.__forward_arg__, scope) if isinstance(each, typing.ForwardRef) else each
                for each in typing.get_args(generic)
            ]
            found.update({v: specialized(hint, found) for v, hint in zip(variables, given, strict=False)})
    return found


def specialized(hint: Any, arguments: Mapping[Any, Any]) -> Any:
    """Returns a type with what its type variables stand for."""
    if isinstance(hint, typing.TypeVar):
        return arguments.get(hint, hint)
    variables = getattr(hint, "__parameters__", ())
    if isinstance(hint, type) or not variables:
        return hint
    return hint[tuple(arguments.get(each, each) for each in variables)]


def _abstract_bases(kind: type) -> list[Any]:
    """Returns the bases of a class that are Python's, with the types of what they hold."""
    return [
        base
        for base in getattr(kind, "__orig_bases__", kind.__bases__)
        if getattr(typing.get_origin(base), "__module__", "") == "collections.abc"
    ]


def constructor_of(kind: type) -> Signature | None:
    """Returns what a class is made of; None where it is inherited, or no class that users make."""
    own = vars(kind).get("__init__")
    if issubclass(kind, Configurable):
        made = next(vars(base)["__init__"] for base in kind.__mro__ if "__init__" in vars(base))
        of_fields = _is_open(made) and hasattr(kind, "__signature__")
        parameters = options_of(kind) if of_fields else [] if _is_open(made) else parameters_of(made)[1:]
        configs = [] if is_keras(kind) or not parameters else [0]
        return Signature(parameters, configs=configs)
    if dataclasses.is_dataclass(kind):
        scope = vars(sys.modules[kind.__module__])
        return Signature([replace(p, hint=resolved(p.hint, scope)) for p in parameters_of(kind, scope)])
    if own is None or not isinstance(own, types.FunctionType):
        return None
    if kind is Tensor or kind is SymbolicTensor:
        return None
    return Signature(parameters_of(own)[1:])


def _is_open(function: Callable[..., Any]) -> bool:
    """Returns whether a constructor takes everything: what it means is said by the fields."""
    kinds = [p.kind for p in inspect.signature(function).parameters.values()]
    return KINDS.VAR_KEYWORD in kinds and KINDS.VAR_POSITIONAL in kinds


def set_by_init(kind: type) -> list[tuple[str, Any]]:
    """Returns the attributes that a class sets in `__init__`, with their types as far as they are said."""
    own = vars(kind).get("__init__")
    if not isinstance(own, types.FunctionType):
        return []
    inner = inspect.unwrap(own)
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(inner)))
    except (OSError, TypeError):
        return []
    taken = {p.name: p.hint for p in parameters_of(inner)}
    scope = inner.__globals__
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and _of_self(node.target):
            found.append((node.target.attr, resolved(ast.unparse(node.annotation), scope)))  # type: ignore[union-attr]
        elif isinstance(node, ast.Assign):
            found += [(t.attr, _value_type(node.value, taken, scope)) for t in node.targets if _of_self(t)]  # type: ignore[attr-defined]
    return found


def _of_self(target: ast.AST) -> bool:
    return (
        isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"
    )


def _value_type(value: ast.expr, taken: dict[str, Any], scope: dict[str, Any]) -> Any:
    """Returns the type of what is assigned, where it is plain."""
    if isinstance(value, ast.Name):
        return taken.get(value.id, Any)
    if isinstance(value, ast.Constant) and type(value.value) in (bool, int, float, str):
        return type(value.value)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        made = scope.get(value.func.id)
        return made if isinstance(made, type) else Any
    return Any


__all__ = ["ClassWriter", "configs_of", "constructor_of", "is_keras"]
