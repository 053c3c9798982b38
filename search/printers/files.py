"""Writes a result to a file: whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from search.printers.display import unsteered


def write_lines(path: Path, lines: Iterable[str], marked: bool = False) -> None:
    """Writes the lines in UTF-8 to a file beside `path`, which then takes its place; `marked` puts a byte order mark
    before them. What is no plain file, such as /dev/stdout, is written as it is. Raises OSError."""
    encoding = "utf-8-sig" if marked else "utf-8"
    if path.exists() and not path.is_file():
        with path.open("w", encoding=encoding, errors="replace") as file:
            file.writelines(f"{unsteered(line)}\n" for line in lines)
        return
    with _beside(path) as part, part.open("x", encoding=encoding, errors="replace") as file:
        file.writelines(f"{unsteered(line)}\n" for line in lines)


def write_bytes(path: Path, content: bytes) -> None:
    """Writes a file that is no text, in the same way. Raises OSError."""
    with _beside(path) as part, part.open("xb") as file:
        file.write(content)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A file beside another one, whose place it takes when it is written. Errors name the one that was asked for."""
    target = path.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(target)
    except BaseException as error:
        with suppress(OSError):
            part.unlink()
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise
