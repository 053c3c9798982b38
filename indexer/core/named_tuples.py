"""Named tuples that are defined in half the time: `typing.NamedTuple` compiles the type of every field.

To a type checker they are the same. A search defines fifty of them before it begins.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:

    class _Definition(type):
        def __new__(cls, name: str, bases: tuple[type, ...], members: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, members)
            fields = members.pop("__annotations__", {})
            defaults = [members.pop(field) for field in fields if field in members]
            made = namedtuple(name, fields, defaults=defaults, module=members.pop("__module__"))
            members.pop("__qualname__")
            for member, value in members.items():
                setattr(made, member, value)
            return made

    class NamedTuple(metaclass=_Definition):
        """The base of a class of named fields with types, and with defaults for the last ones."""
