"""A restricted unpickler: numbers, strings, bytes and collections of them; never a class or a function.

Pickles that Whoosh deflates carry a checksum and are read directly. In others one wrong byte can store a value at a
huge memo index, for which Python allocates at once, so their reads are watched.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

try:  # the C implementation: importing `pickle` also defines the Python one, which takes longer than the work done here
    from _pickle import Unpickler, UnpicklingError
except ImportError:
    from pickle import Unpickler, UnpicklingError

__all__ = ["PlainUnpickler", "UnpicklingError", "Watched", "unpickle", "unpickle_first"]

_PUT, _LONG_PUT = b"p", b"r"
"""Opcodes that store a value at an arbitrary memo index."""
_FRAME, _BYTEARRAY = b"\x95", b"\x96"
"""The opcodes for a frame, which is read at once, and for a bytearray, which no index contains."""


class _Stream(BytesIO):
    """Unpickler input. With `peek`, unpickling is five times as fast."""

    def peek(self, _: int = 0) -> bytes:
        return self.getvalue()[self.tell() :]


class Watched(BytesIO):
    """Unpickler input that inspects each opcode: no memo index may exceed the number of bytes."""

    _before = b""

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        if size == 4 and self._before == _LONG_PUT and int.from_bytes(found, "little") > len(self.getbuffer()):
            raise UnpicklingError("it remembers more than it holds")
        if size == 8 and self._before == _BYTEARRAY:  # Python would allocate it before reading its bytes
            raise UnpicklingError("it is pickled in an unknown way")
        if size == 8 and self._before == _FRAME:
            found = bytes(8)  # disables framing: nothing is read ahead unwatched
        self._before = found
        return found

    def readline(self, size: int | None = -1, /) -> bytes:
        if self._before == _PUT:
            raise UnpicklingError("it is pickled in an unknown way")
        return super().readline(size)


class PlainUnpickler(Unpickler):
    """Reads one pickled value from a stream and leaves the rest. Raises UnpicklingError for any class or function."""

    def find_class(self, module: str, name: str) -> Any:
        raise UnpicklingError(f"it holds a {module}.{name}")


def unpickle(data: bytes, checked: bool = False) -> Any:
    """Unpickles a plain value; `checked` means that a checksum of `data` has been verified."""
    may_ask = not checked and any(asking in data for asking in (_LONG_PUT, _PUT, _BYTEARRAY))
    return PlainUnpickler(Watched(data) if may_ask else _Stream(data)).load()


def unpickle_first(data: bytes) -> tuple[Any, int]:
    """Unpickles the value at the beginning of `data`; returns it and its length in bytes."""
    stream = Watched(data)
    return PlainUnpickler(stream).load(), stream.tell()
