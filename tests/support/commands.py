"""The commands as click knows them, run in this process, for the tests that try all of them."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from cli import COMMANDS, main, podseek
from support.library import Run

__all__ = ["COMMANDS", "commands", "ran", "valued"]


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
