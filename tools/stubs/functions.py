"""Functions and methods as stubs: in each spelling, for tensors and for symbolic tensors, with keywords and with config dicts."""

from __future__ import annotations

import inspect
import math
import re
import textwrap
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tfjs_pyo import documenting, naming
from tfjs_pyo.core.graph import Node
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import Dialect
from tfjs_pyo.types import DTypeLike, TensorLike
from tools.stubs.module import OVERLOAD, Module
from tools.stubs.rendering import Renderer, resolved

Spell = Callable[[str], str]
KINDS = inspect.Parameter
BOTH: tuple[Spell, ...] = (naming.camel, naming.snake)
AS_IS: tuple[Spell, ...] = (str,)


@dataclass(frozen=True)
class Parameter:
    """A parameter with the type that its annotation stands for."""

    name: str
    hint: Any
    kind: Any = KINDS.POSITIONAL_OR_KEYWORD
    default: Any = KINDS.empty
    spelled: bool = True

    @property
    def required(self) -> bool:
        return self.default is KINDS.empty and self.kind not in (KINDS.VAR_KEYWORD, KINDS.VAR_POSITIONAL)

    @property
    def is_tensor(self) -> bool:
        return holds_tensor(self.hint)


@dataclass(frozen=True)
class Signature:
    """What a stub says of a function.

    Attributes:
        parameters: without `self`.
        result: the type that it gives.
        symbolic: whether it makes layers of symbolic tensors, as ops do.
        configs: places at which a dict may stand for all further arguments.
        asynchronous: whether it is a coroutine function.
        first: 'self' or 'cls' of methods.
        decorator: 'classmethod' or 'staticmethod'.
        title: what its config is named after: the name of the function where there is none.
    """

    parameters: Sequence[Parameter]
    result: Any = Any
    symbolic: bool = False
    configs: Sequence[int] = ()
    asynchronous: bool = False
    first: str = ""
    decorator: str = ""
    title: str = ""
    doc: str = field(default="", repr=False)


def holds_tensor(hint: Any) -> bool:
    """Returns whether a type is that of tensors, or of lists of them."""
    if hint in (Node, Tensor) or hint is TensorLike:
        return True
    if typing.get_origin(hint) is typing.Annotated or _is_callable(hint):
        return False
    return any(holds_tensor(each) for each in typing.get_args(hint) if not isinstance(each, list))


def _is_callable(hint: Any) -> bool:
    return getattr(typing.get_origin(hint), "__name__", "") == "Callable"


def parameters_of(function: Callable[..., Any], names: Mapping[str, Any] | None = None) -> list[Parameter]:
    """Returns the parameters of a function with their types.

    Args:
        function: whose annotations say them; of those without one the default does.
        names: those of its module.
    """
    scope = scope_of(function) if names is None else names
    tensors = getattr(function, "tensors", ())
    found = []
    for p in inspect.signature(function).parameters.values():
        hint = Any if p.annotation is p.empty else resolved(p.annotation, scope)
        if p.name in tensors and hint is Any:
            hint = TensorLike
        elif p.annotation is p.empty or (hint is Any and tensors):
            hint = _by_default(p)
        if p.default is not p.empty and (p.name.startswith("_") or hint is Dialect):
            continue  # of the package's own
        found.append(Parameter(p.name, hint, p.kind, p.default, spelled=p.name[0] != "_"))
    return found


def scope_of(function: Callable[..., Any]) -> Mapping[str, Any]:
    """Returns the names that the annotations of a function use."""
    scope: Mapping[str, Any] = getattr(inspect.unwrap(function), "__globals__", {})
    return scope


def _by_default(p: inspect.Parameter) -> Any:
    """Returns what the name and default of a parameter without a type say of it."""
    if p.name == "dtype":
        return DTypeLike
    if p.name in ("axis", "axes") and (p.default is None or isinstance(p.default, int)):
        return int | Sequence[int] | None
    if p.annotation is p.empty and isinstance(p.default, (bool, int, float, str)):
        return type(p.default)
    return Any


def signature_of(
    function: Callable[..., Any], symbolic: bool = False, configs: Sequence[int] = ()
) -> Signature:
    """Returns what a stub says of a function."""
    inner = inspect.unwrap(function)
    hint = inspect.signature(function).return_annotation
    result = Any if hint is inspect.Signature.empty else resolved(hint, scope_of(function))
    return Signature(
        parameters_of(function),
        result,
        symbolic,
        configs,
        inspect.iscoroutinefunction(inner),
        doc=inspect.cleandoc(function.__doc__ or ""),
    )


def write(module: Module, name: str, signature: Signature, spells: Sequence[Spell], indent: str = "") -> str:
    """Returns the stub of a function.

    Args:
        module: that it goes to.
        name: in the spelling that is written.
        signature: what there is to say.
        spells: the spellings of its keywords.
        indent: before each line.
    """
    forms = list(dict.fromkeys(_forms(module, name, signature, spells)))
    head = "async def" if signature.asynchronous else "def"
    lines = []
    for number, (taken, result) in enumerate(forms):
        if len(forms) > 1:
            lines.append(f"@{module.refer(*OVERLOAD)}")
        if signature.decorator:
            lines.append(f"@{signature.decorator}")
        documented = number in (0, len(forms) - 1)  # editors show the first overload, or the last
        doc = spelled_doc(signature.doc, spells[0], signature.parameters) if documented else ""
        lines.append(f"{head} {name}({taken}) -> {result}:{_body(doc)}")
    return textwrap.indent("\n".join(lines) + "\n", indent)


def _body(doc: str) -> str:
    if not doc:
        return " ..."
    escaped = doc.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return "\n" + textwrap.indent(f'"""{escaped}\n"""' if "\n" in doc else f'"""{escaped}"""', "    ")


def spelled_doc(doc: str, spell: Spell, parameters: Sequence[Parameter]) -> str:
    """Returns a docstring with the names of its Args section in a spelling."""
    names = {p.name: spell(p.name) for p in parameters if p.spelled}
    return documenting.spelled_doc(doc, names) if any(old != new for old, new in names.items()) else doc


def _forms(
    module: Module, name: str, signature: Signature, spells: Sequence[Spell]
) -> Iterator[tuple[str, str]]:
    """Yields parameters and result of each overload, as text."""
    for spell in spells:
        for renderers in _tensor_forms(module, signature):
            last = renderers[-1]
            yield _listed(signature, spell, renderers), last.given(signature.result)
    for place in signature.configs:
        for spell in spells:
            yield _config_form(module, signature.title or name, signature, spell, place)


def _tensor_forms(module: Module, signature: Signature) -> list[list[Renderer]]:
    """Returns what writes each parameter, and the result, for each combination of tensors and symbolic tensors."""
    concrete = Renderer(module)
    symbol, either = Renderer(module, symbolic=True), Renderer(module, symbolic=True, mixed=True)
    count = len(signature.parameters)
    forms = [[concrete] * (count + 1)]
    places = [at for at, p in enumerate(signature.parameters) if p.is_tensor and p.required]
    if not signature.symbolic or not places:
        return forms
    first = signature.parameters[places[0]]
    listed = typing.get_origin(first.hint) is not None and first.hint is not TensorLike
    forms.append([either] * (count + 1))
    if not listed:
        forms[-1][places[0]] = symbol
    if len(places) == 2:
        forms.append([either] * (count + 1))
        forms[-1][places[0]], forms[-1][places[1]] = concrete, symbol
    elif len(places) > 2:
        forms.append([either] * (count + 1))
    return forms


def _listed(signature: Signature, spell: Spell, renderers: Sequence[Renderer]) -> str:
    """Returns the list of parameters as text."""
    parts = [signature.first] if signature.first else []
    starred = False
    for p, renderer in zip(signature.parameters, renderers, strict=False):
        if p.kind is KINDS.KEYWORD_ONLY and not starred:
            parts.append("*")
            starred = True
        starred = starred or p.kind is KINDS.VAR_POSITIONAL
        parts.append(parameter_text(p, spell, renderer))
        following = signature.parameters[signature.parameters.index(p) + 1 :]
        if p.kind is KINDS.POSITIONAL_ONLY and (not following or following[0].kind is not p.kind):
            parts.append("/")
    return ", ".join(parts)


def parameter_text(p: Parameter, spell: Spell, renderer: Renderer) -> str:
    """Returns a parameter as text."""
    name = spell(p.name) if p.spelled else p.name
    stars = {KINDS.VAR_POSITIONAL: "*", KINDS.VAR_KEYWORD: "**"}.get(p.kind, "")
    hint = renderer.taken(p.hint)
    if p.default is None and "None" not in re.findall(r"\w+", hint) and hint != "Any":
        hint = f"{hint} | None"
    text = f"{stars}{name}: {hint}"
    return text if p.default is KINDS.empty else f"{text} = {default_text(p.default)}"


def default_text(value: Any) -> str:
    """Returns a default as text; `...` where it is no literal."""
    if isinstance(value, float) and not math.isfinite(value):
        return "..."
    if value is None or type(value) in (bool, int, float, str):
        return repr(value)
    if type(value) is tuple and all(default_text(each) != "..." for each in value):
        return repr(value)
    return "..."


def _config_form(
    module: Module, name: str, signature: Signature, spell: Spell, place: int
) -> tuple[str, str]:
    """Returns the overload in which a dict stands for the parameters from a place on."""
    before, inside = signature.parameters[:place], signature.parameters[place:]
    config = config_type(module, name, inside, spell)
    parts = [signature.first] if signature.first else []
    parts += [parameter_text(replace(p, default=KINDS.empty), spell, Renderer(module)) for p in before]
    parts += [f"config_: {config}", "/"]
    if not any(p.required for p in inside):
        parts.append(f"**further: {module.refer('typing', 'Unpack')}[{config}]")
    return ", ".join(parts), Renderer(module).given(signature.result)


def config_type(module: Module, name: str, parameters: Sequence[Parameter], spell: Spell) -> str:
    """Returns the name of a TypedDict for options, which it defines in the module."""
    pascal = re.sub(r"(?:^|_)([a-z])", lambda found: found[1].upper(), name)
    differs = any(naming.camel(p.name) != naming.snake(p.name) for p in parameters)
    title = f"_{pascal}{'SnakeConfig' if spell is naming.snake and differs else 'Config'}"
    renderer = Renderer(module)
    required = module.refer("typing", "Required") if any(p.required for p in parameters) else ""
    lines = []
    for p in parameters:
        _, _, hint = parameter_text(
            replace(p, default=None if p.default is None else KINDS.empty), spell, renderer
        ).partition(": ")
        hint = hint.removesuffix(" = None")
        lines.append(
            f'    "{spell(p.name)}": {required}[{hint}],' if p.required else f'    "{spell(p.name)}": {hint},'
        )
    fields = "\n".join(lines)
    if (title, fields) not in module.configs:
        known = title
        while known in module.configs.values():
            known += "_"
        module.configs[title, fields] = known
        typed = module.refer("typing", "TypedDict")
        module.add(f'{known} = {typed}("{known}", {{\n{fields}\n}}, total=False)\n')
    return module.configs[title, fields]


__all__ = ["AS_IS", "BOTH", "Parameter", "Signature", "Spell", "parameters_of", "signature_of", "write"]
