"""The commands as click knows them, run in this process, for the tests that try all of them."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import click
import pytest

from cli import COMMANDS, main, podseek
from support.library import Run

__all__ = ["COMMANDS", "called", "commands", "ran", "valued", "working_in"]


def commands() -> Iterator[tuple[list[str], click.Command]]:
    """The words that name each command, and those below a group."""
    for name in COMMANDS:
        command = podseek.get_command(click.Context(podseek), name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from (([name, below], one) for below, one in command.commands.items())
        else:
            yield [name], command


def valued(command: click.Command) -> list[str]:
    """The options of a command that take a value."""
    options = (one for one in command.params if isinstance(one, click.Option))
    return [one.opts[-1] for one in options if not one.is_flag]


def ran(capsys: pytest.CaptureFixture[str], *words: str) -> Run:
    """Runs a command in this process, which takes a tenth of the time of a separate one."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    told = capsys.readouterr()
    code = ended.value.code
    assert isinstance(code, int)
    return Run(code, told.out, told.err)


def called(*arguments: object, index: Path | None = None, merged: bool = False, **variables: str) -> Run:
    """The same as `support.library.podseek` in this process: for what does not depend on a process of its own. `merged`
    as by `2>&1`: `out` has everything in the order of printing, `err` nothing."""
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "PODSEEK_INDEX")}
    environment |= {**({"PODSEEK_INDEX": str(index)} if index else {}), **variables}
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with (
        patch.dict(os.environ, environment, clear=True),
        patch("sys.stdin", io.StringIO()),
        redirect_stdout(out),
        redirect_stderr(out if merged else err),
        pytest.raises(SystemExit) as ended,
    ):
        main(list(map(str, arguments)))
    code = ended.value.code
    assert isinstance(code, int)
    return Run(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Makes a folder the current one (contextlib.chdir of Python 3.11)."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
