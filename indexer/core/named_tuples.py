"""A NamedTuple that is defined in a fifth of the time: a search defines fifty before it starts, and makes some of them.

`typing.NamedTuple` compiles the type of every field, and `collections.namedtuple` a constructor for every class; here
a constructor is compiled for each number of fields. Type checkers see the original.
"""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar

try:
    from _collections import _tuplegetter as _getter  # type: ignore[import-not-found]  # as `collections` does
except ImportError:

    def _getter(index: int, doc: str) -> Any:
        return property(itemgetter(index), doc=doc)


_T = TypeVar("_T", bound=type)

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:

    class _Named(tuple):
        """What all named tuples share; the methods are those of `collections.namedtuple`."""

        __slots__ = ()
        _fields = ()
        _field_defaults = {}  # noqa: RUF012

        def __new__(cls, /, *values, **named):
            owner = next(one for one in cls.__mro__ if "_fields" in vars(one))
            owner.__new__ = _constructor(owner)
            return owner.__new__(cls, *values, **named)

        @classmethod
        def _make(cls, iterable):
            return cls(*iterable)

        def _replace(self, /, **named):
            made = self._make(map(named.pop, self._fields, self))
            if named:
                raise ValueError(f"Got unexpected field names: {list(named)!r}")
            return made

        __replace__ = _replace

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            values = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({values})"

        def __getnewargs__(self):
            return tuple(self)

    @lru_cache(None)
    def _template(size):
        """The `__new__` of a class of so many fields."""
        values = "".join(f"_{number}, " for number in range(size))
        return eval(f"lambda _cls, {values}: _new(_cls, ({values}))", {"_new": tuple.__new__, "__builtins__": {}})

    def _constructor(owner):
        """The `__new__` of a class, with its fields as parameters."""
        template = _template(len(owner._fields))
        code = template.__code__.replace(co_varnames=("_cls", *owner._fields))
        made = FunctionType(code, template.__globals__, "__new__", tuple(owner._field_defaults.values()))
        made.__qualname__ = f"{owner.__qualname__}.__new__"
        return staticmethod(made)

    class _Definition(type):
        def __new__(cls, name: str, bases: tuple[type, ...], members: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, members)
            fields = tuple(members.get("__annotations__", ()))
            members["_field_defaults"] = {field: members.pop(field) for field in fields if field in members}
            members["_fields"] = members["__match_args__"] = fields
            members["__slots__"] = ()
            for index, field in enumerate(fields):
                members[field] = _getter(index, "")
            return type(name, (_Named,), members)

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

    for name, method in (("__eq__", is_equal), ("__ne__", is_unequal), ("__hash__", tuple.__hash__)):
        setattr(kind, name, method)
    return kind
