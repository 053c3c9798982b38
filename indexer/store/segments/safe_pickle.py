"""Unpickles plain values: numbers, texts, bytes and collections of them, and never a class or a function.

Pickles that Whoosh deflates carry a checksum and are read as they are. In the others a single wrong byte may ask
Python to remember a value as the four-billionth, for which it makes room at once: their reads are watched.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

try:  # where `pickle` has them from; it defines them in Python as well, which takes longer than what is done here
    from _pickle import Unpickler, UnpicklingError
except ImportError:
    from pickle import Unpickler, UnpicklingError

__all__ = ["PlainUnpickler", "UnpicklingError", "Watched", "unpickle", "unpickle_first"]

_PUT, _LONG_PUT = b"p", b"r"
"""The instructions that remember a value under a number of any size."""
_FRAME, _BYTEARRAY = b"\x95", b"\x96"
"""The instructions before what is to be read at once, and before a value of a kind that no index holds."""


class _Stream(BytesIO):
    """Bytes to unpickle from. What can look ahead is unpickled five times as fast."""

    def peek(self, _: int = 0) -> bytes:
        return self.getvalue()[self.tell() :]


class Watched(BytesIO):
    """Bytes to unpickle from, instruction by instruction: no value may be remembered under a number greater than that
    of all bytes."""

    _before = b""

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        if size == 4 and self._before == _LONG_PUT and int.from_bytes(found, "little") > len(self.getbuffer()):
            raise UnpicklingError("it remembers more than it holds")
        if size == 8 and self._before == _BYTEARRAY:  # Python makes room for it before it looks for its bytes
            raise UnpicklingError("it is pickled in an unknown way")
        if size == 8 and self._before == _FRAME:
            found = bytes(8)  # nothing is read at once, where it could not be watched
        self._before = found
        return found

    def readline(self, size: int | None = -1, /) -> bytes:
        if self._before == _PUT:
            raise UnpicklingError("it is pickled in an unknown way")
        return super().readline(size)


class PlainUnpickler(Unpickler):
    """Reads one pickled value from a stream, and nothing after it."""

    def find_class(self, module: str, name: str) -> Any:
        raise UnpicklingError(f"it holds a {module}.{name}")


def unpickle(data: bytes, checked: bool = False) -> Any:
    """The plain value that is pickled in `data`; `checked` tells that its bytes are as they were written."""
    may_ask = not checked and any(asking in data for asking in (_LONG_PUT, _PUT, _BYTEARRAY))
    return PlainUnpickler(Watched(data) if may_ask else _Stream(data)).load()


def unpickle_first(data: bytes) -> tuple[Any, int]:
    """The plain value with which `data` begin, and how many bytes it takes."""
    stream = Watched(data)
    return PlainUnpickler(stream).load(), stream.tell()
