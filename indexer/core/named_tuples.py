"""A NamedTuple that is defined in half the time: `typing.NamedTuple` compiles the type of every field.

Type checkers see the original. A search defines fifty named tuples before it starts.
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
        """Base class for named tuples with typed fields; the last fields may have defaults."""
