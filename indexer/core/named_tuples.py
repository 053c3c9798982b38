"""A NamedTuple that is defined in half the time: `typing.NamedTuple` compiles the type of every field.

Type checkers see the original. A search defines fifty named tuples before it starts.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any, TypeVar

_T = TypeVar("_T", bound=type)

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


def distinct(kind: _T) -> _T:
    """Makes the values of a named tuple equal only to values of the same class: for classes of which one value or
    another may stand in the same place. Otherwise named tuples are equal if their fields are, whatever their classes.

    >>> @distinct
    ... class One(NamedTuple):
    ...     number: int
    >>> @distinct
    ... class Other(NamedTuple):
    ...     number: int
    >>> One(1) == One(1), One(1) == Other(1), One(1) == (1,)
    (True, False, False)
    """

    def is_equal(self: tuple[Any, ...], other: object) -> bool:
        return self.__class__ is other.__class__ and tuple.__eq__(self, other)

    def is_unequal(self: tuple[Any, ...], other: object) -> bool:
        return not is_equal(self, other)

    def hash_of(self: tuple[Any, ...]) -> int:
        return hash((kind, *self))

    for name, method in (("__eq__", is_equal), ("__ne__", is_unequal), ("__hash__", hash_of)):
        setattr(kind, name, method)
    return kind
