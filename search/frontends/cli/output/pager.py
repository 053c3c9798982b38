"""Long output at a terminal, one screenful at a time: `PAGER`, else less or more."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain

from search.frontends.formats.display import columns, unsteered, unstyled

_LESS = {"LESS": "FRX", "LESSCHARSET": "utf-8"}
"""Settings of less where the environment has none: colours are shown, and what was read stays on the screen."""


def print_paged(lines: Iterable[str], styled: bool, print_lines: Callable[..., None]) -> None:
    """Prints the lines, by `print_lines` or, if they do not fit on the screen, through a pager. Lines are taken as the
    reader goes on. When the reader ends the pager, the rest is not printed; that is no error."""
    size = os.get_terminal_size()
    rest, first = iter(lines), list[str]()
    rows = 0
    for line in rest:
        first.append(line)
        rows += max(1, -(-columns(unstyled(line)) // max(1, size.columns)))
        if rows >= size.lines:
            break
    command = pager_command() if rows >= size.lines else None
    if command is None or not _piped(command, chain(first, rest), styled):
        print_lines(chain(first, rest), styled=styled)


def pager_command() -> list[str] | None:
    """The pager and its arguments: `PAGER`, else less or more; None for none, which `PAGER=` or `PAGER=cat` asks for,
    and for one that is not installed."""
    import shlex
    import shutil

    named = os.environ.get("PAGER")
    if named is None:
        return next(([name] for name in ("less", "more") if shutil.which(name)), None)
    try:
        command = shlex.split(named)
    except ValueError:
        return None
    return command if command and command != ["cat"] and shutil.which(command[0]) else None


def _piped(command: Sequence[str], lines: Iterable[str], styled: bool) -> bool:
    """Writes the lines to a pager and waits for its end; False, with no line taken, if it cannot be started."""
    import subprocess

    try:
        pager = subprocess.Popen(command, stdin=subprocess.PIPE, env={**_LESS, **os.environ})
    except OSError:
        return False
    assert pager.stdin is not None
    with _uninterrupted():
        with suppress(BrokenPipeError), pager.stdin as pipe:
            for line in lines:
                pipe.write(f"{unsteered(line, styled)}\n".encode("utf-8", "replace"))
        pager.wait()
    return True


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Leaves Ctrl-C to the pager, which stays."""
    import signal

    try:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # not the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
