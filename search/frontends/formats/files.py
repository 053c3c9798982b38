"""Writes a result to a file: completely or not at all, and over an existing file only on request."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from indexer.core.errors import PodseekProblem, placed
from indexer.core.files.atomic_write import whole_file
from indexer.core.messages import _
from search.frontends.formats.display import unsteered


class NotWritten(PodseekProblem):
    """A file that cannot, or must not, be written."""


def check_target(path: Path, replace: bool) -> None:
    """Raises NotWritten for a file that must not be replaced, a folder, or a file in a missing folder. Anything else,
    such as /dev/stdout, may always be written to."""
    if path.is_dir():
        raise NotWritten(_("{path}: is a folder: name a file in it").format(path=path))
    if path.is_file() and not replace:
        raise NotWritten(_("{path}: is there already: kept: --force overwrites it").format(path=path))
    if not path.parent.is_dir():
        raise NotWritten(
            _("{path}: there is no folder {parent}: make it, or name another").format(path=path, parent=path.parent)
        )


def write_lines(path: Path, lines: Iterable[str], marked: bool = False, replace: bool = False) -> None:
    """Writes lines in UTF-8; `marked` adds a byte order mark. A target that is not a regular file is written in place.
    Raises OSError that names the file, and NotWritten for one that must not be replaced."""
    encoding = "utf-8-sig" if marked else "utf-8"
    if path.exists() and not path.is_file():
        try:
            with path.open("w", encoding=encoding, errors="replace") as file:
                file.writelines(f"{unsteered(line)}\n" for line in lines)
        except OSError as error:
            raise placed(error, path) from None
        return
    check_target(path, replace)
    try:
        with whole_file(path, replace) as binary:
            text = io.TextIOWrapper(binary, encoding, errors="replace")
            text.writelines(f"{unsteered(line)}\n" for line in lines)
            text.flush()
            text.detach()
    except FileExistsError:
        check_target(path, replace)
        raise
    except FileNotFoundError:
        raise _no_file_there(path) from None


def _no_file_there(path: Path) -> NotWritten:
    """The problem of a folder in which no file can be made, such as /proc."""
    return NotWritten(
        _("{path}: no file can be made in {parent}: name another place").format(path=path, parent=path.parent)
    )


def write_bytes(path: Path, content: bytes, replace: bool = False) -> None:
    """Writes a binary file in the same way."""
    check_target(path, replace)
    try:
        with whole_file(path, replace) as file:
            file.write(content)
    except FileExistsError:
        check_target(path, replace)
        raise
    except FileNotFoundError:
        raise _no_file_there(path) from None
