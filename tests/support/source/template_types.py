"""Infers the types of the expressions of a Jinja template from those of its variables, so that a template that reads
an attribute which no class has any more, or calls a method with other arguments, fails without being rendered."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from jinja2 import Environment, nodes

Types = dict[str, Any]
"""The types of variables by name; Any for one that is not checked."""


def faults_of(source: str, types: Mapping[str, Any], modules: Mapping[str, Any] | None = None) -> list[str]:
    """One line for each attribute that is missing and each call that does not fit in a template. `types` are those of
    its variables and of the parameters of its macros; `modules` has names that classes only import for type checkers.
    """
    checker = _Checker(modules or {})
    checker.body(Environment().parse(source).body, dict(types))
    return checker.faults


class _Checker:
    def __init__(self, modules: Mapping[str, Any]) -> None:
        self.faults: list[str] = []
        self._modules = modules

    def body(self, body: Iterable[nodes.Node], names: Types) -> None:
        """Goes through statements in order; `names` gets the variables that these set."""
        for node in body:
            if isinstance(node, nodes.For):
                self._for(node, names)
            elif isinstance(node, nodes.Assign):
                self._bind(node.target, self._type(node.node, names), names)
            elif isinstance(node, nodes.Macro):
                self.body(node.body, dict(names))
            elif isinstance(node, nodes.Expr):
                self._type(node, names)
            else:
                self.body(node.iter_child_nodes(), names)

    def _for(self, node: nodes.For, names: Types) -> None:
        inner = {**names, "loop": Any}
        self._bind(node.target, _item(self._type(node.iter, names)), inner)
        self.body([*([node.test] if node.test else []), *node.body], inner)
        self.body(node.else_, names)

    def _bind(self, target: nodes.Node, kind: Any, names: Types) -> None:
        if isinstance(target, nodes.Tuple):
            parts = get_args(kind) if get_origin(kind) is tuple else ()
            for number, one in enumerate(target.items):
                self._bind(one, parts[number] if len(parts) == len(target.items) else Any, names)
        elif isinstance(target, nodes.Name):
            names[target.name] = kind

    def _type(self, node: nodes.Node, names: Types) -> Any:
        """The type of an expression; all expressions in it are checked."""
        if isinstance(node, nodes.Name):
            return names.get(node.name, _Untyped)
        if isinstance(node, nodes.Const):
            return type(node.value)
        if isinstance(node, nodes.Tuple):
            return tuple[tuple(self._type(one, names) for one in node.items)]  # type: ignore[misc]
        if isinstance(node, nodes.Getattr):
            return self._member(self._type(node.node, names), node)
        if isinstance(node, nodes.Call):
            return self._call(node, names)
        kinds = [self._type(child, names) for child in node.iter_child_nodes()]
        if isinstance(node, nodes.Getitem):
            return Any if isinstance(node.arg, nodes.Slice) else _item(kinds[0])
        return Any

    def _call(self, node: nodes.Call, names: Types) -> Any:
        function = self._type(node.node, names)
        for child in [*node.args, *(pair.value for pair in node.kwargs)]:
            self._type(child, names)
        if not inspect.isfunction(function):
            return _item_pairs(function)
        try:
            inspect.signature(function).bind(None, *node.args, **{pair.key: pair.value for pair in node.kwargs})
        except TypeError as error:
            self.faults.append(f"line {node.lineno}: {function.__qualname__}: {error}")
        return self._hints(function).get("return", Any)

    def _member(self, owner: Any, node: nodes.Getattr) -> Any:
        """The type of an attribute, as Jinja finds it: of an object, else the item of a mapping."""
        if owner is Any:
            return Any
        if owner is _Untyped:
            self.faults.append(f"line {node.lineno}: .{node.attr} is read of a variable whose type is not listed")
            return Any
        for kind in _without_none(owner):
            known = get_origin(kind) or kind
            if known is Any or known is object:
                return Any
            if issubclass(known, Mapping):
                return _Items(get_args(kind)) if node.attr == "items" else Any
            if node.attr in (hints := self._hints(known)):
                return hints[node.attr]
            member = inspect.getattr_static(known, node.attr, None)
            if member is None:
                if node.attr not in _set_by_init(known):
                    self.faults.append(f"line {node.lineno}: {known.__name__} has no {node.attr}")
                return Any
            function = getattr(member, "fget", None) or getattr(member, "func", None)
            if isinstance(member, (property, cached_property)) and function:
                return self._hints(function).get("return", Any)
            return member if inspect.isfunction(member) else Any
        return Any

    def _hints(self, owner: Any) -> dict[str, Any]:
        return get_type_hints(owner, localns=dict(self._modules)) if getattr(owner, "__module__", "") else {}


def _set_by_init(owner: type) -> Collection[str]:
    """Names that `__init__` of a class reads or sets: of attributes without an annotation."""
    code = getattr(inspect.getattr_static(owner, "__init__"), "__code__", None)
    return () if code is None else code.co_names


class _Untyped:
    """The type of a variable that is not listed."""


class _Items(tuple[Any, ...]):
    """The method `items` of a mapping with keys and values of these types."""


def _item_pairs(function: Any) -> Any:
    return Iterable[tuple[function]] if isinstance(function, _Items) and function else Any  # type: ignore[misc, valid-type]


def _without_none(kind: Any) -> Iterator[Any]:
    several = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    return (one for one in several if one is not type(None))


def _item(kind: Any) -> Any:
    """The type of the items of a sequence, or of the values of a mapping."""
    for one in _without_none(kind):
        arguments = get_args(one)
        if get_origin(one) is Callable or not arguments or (get_origin(one) is tuple and arguments[-1] is not ...):
            return Any
        return arguments[1] if issubclass(get_origin(one), Mapping) else arguments[0]
    return Any
