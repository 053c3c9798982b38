"""`podseek config`: the configuration file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from indexer.core.messages import _
from search.frontends.cli.arguments.command_classes import Group
from search.frontends.cli.arguments.options import common
from search.frontends.cli.output.console import ERROR, FOUND, NOTHING, Context, print_lines


@click.group(cls=Group, invoke_without_command=True)
@common
def config(context: Context) -> int:
    """Show and change the configuration file: libraries, recognisers, name patterns, defaults of options.

    What is typed comes before the variables of the environment, these before the file.

    \b
    Examples:
      podseek config set libraries.work ~/meetings-index
      podseek config set search.limit 20
      podseek config check
    """
    ctx = click.get_current_context()
    return _show() if ctx.invoked_subcommand is None else FOUND


@config.command("show")
@common
def config_show(context: Context) -> int:
    """Print every setting that the file has, as `config set` takes them.

    \b
    Example:
      podseek config show
    """
    return _show()


def _show() -> int:
    from indexer.core.configuration.settings_edit import written
    from indexer.core.configuration.settings_file import SECRETS, flat, parse, read_text

    path = _path()
    if not path.exists():
        what = _("No configuration: `podseek config set NAME VALUE` makes {path}")
        print_lines([what.format(path=path)], err=True)
        return NOTHING
    values = flat(parse(read_text(str(path)), str(path)))
    print_lines([f"{name} = {written('***' if name in SECRETS else value)}" for name, value in values])
    return FOUND


@config.command("path")
@common
def config_path(context: Context) -> int:
    """Print the path of the file, which need not exist.

    \b
    Example:
      podseek config path
    """
    print_lines([str(_path())])
    return FOUND


@config.command("get")
@click.argument("name", metavar="NAME")
@common
def config_get(context: Context, name: str) -> int:
    """Print the value of a setting; a list as one text a line.

    \b
    Example:
      podseek config get libraries.work
    """
    path = _path()
    values = _values(path)
    if name not in values:
        _known(name)
        context.say(_("{name} is not set in {path}").format(name=name, path=path))
        return NOTHING
    value = values[name]
    print_lines([_plain(one) for one in (value if isinstance(value, list) else [value])])
    return FOUND


@config.command("set", context_settings={"ignore_unknown_options": True})
@click.argument("name", metavar="NAME")
@click.argument("texts", nargs=-1, required=True, metavar="VALUE...", type=click.UNPROCESSED)
@common
def config_set(context: Context, name: str, texts: tuple[str, ...]) -> int:
    """Set NAME to VALUE; several make a list. Comments in the file stay.

    \b
    Examples:
      podseek config set search.limit 20
      podseek config set names.patterns '{show}/{date} {title}'
      podseek config set recognisers.mine.command my-asr '{audio}' '{folder}'
    """
    value = _typed(name, texts)
    if name == "names.patterns":
        for _setting, problem in _at_odds({"names": {"patterns": value}}):
            raise click.UsageError(f"{name}: {problem}")
    _change(name, value)
    context.say(_("{path}: {name} is set").format(path=_path(), name=name))
    return FOUND


@config.command("unset")
@click.argument("name", metavar="NAME")
@common
def config_unset(context: Context, name: str) -> int:
    """Remove a setting from the file, so that its default counts again.

    \b
    Example:
      podseek config unset search.limit
    """
    path = _path()
    values = _values(path)
    if name not in values:
        context.say(_("{name} is not set in {path}").format(name=name, path=path))
        return NOTHING
    _change(name, None)
    context.say(_("{path}: {name} is not set any more").format(path=path, name=name))
    return FOUND


@config.command("check")
@common
def config_check(context: Context) -> int:
    """Look for faults in the file: what is unknown, or does not fit.

    \b
    Example:
      podseek config check
    """
    from indexer.core.configuration.settings_file import faults, line_of, parse, read_text
    from search.frontends.cli.arguments.defaults_check import commands_of_program, misfits

    path = _path()
    if not path.exists():
        context.say(_("{path}: is not there, so that everything has its default").format(path=path))
        return FOUND
    text = read_text(str(path))
    values = parse(text, str(path))
    found = [*faults(values), *misfits(values, commands_of_program()), *_at_odds(values)]
    for name, problem in found:
        context.complain(f"{path}:{line_of(text, name)}: {name}: {problem}")
    if not found:
        context.say(_("{path}: nothing wrong with it").format(path=path))
    return ERROR if found else FOUND


def _at_odds(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Settings that name what is not there, or that cannot be read."""
    from indexer.core.configuration.settings import Config
    from indexer.metadata.name_patterns import PatternProblem, compiled

    settings, found = Config(str(_path()), values), []
    for pattern in settings.get("names.patterns", ()):
        try:
            compiled([str(pattern)])
        except PatternProblem as problem:
            found.append(("names.patterns", str(problem)))
    name = settings.get("library")
    if name is not None and name not in settings.libraries:
        found.append(("library", _("{name} is no library: name one of [libraries]").format(name=name)))
    return found


def _values(path: Path) -> dict[str, Any]:
    """The settings in a configuration file by dotted name; none if there is no file."""
    from indexer.core.configuration.settings_file import flat, parse, read_text

    return dict(flat(parse(read_text(str(path)), str(path)))) if path.exists() else {}


def _path() -> Path:
    """The configuration file. Raises ConfigProblem if the user has no home folder."""
    from indexer.core.configuration.config_place import VARIABLE, config_file
    from indexer.core.configuration.settings_file import ConfigProblem

    path = config_file()
    if path is None:
        what = _("this user has no home folder for a configuration: name a file with {variable}")
        raise ConfigProblem(what.format(variable=VARIABLE))
    return Path(path)


def _known(name: str) -> None:
    """Raises UsageError for a setting that does not exist."""
    from indexer.core.configuration.settings_file import SETTINGS, is_of_command, kind_of, unknown
    from search.frontends.cli.arguments.defaults import option_names
    from search.frontends.cli.arguments.defaults_check import commands_of_program

    if not name.isprintable():
        raise click.UsageError(_("{name}: a name has no line breaks or control characters").format(name=repr(name)))
    if kind_of(name) is not None:
        return
    if not is_of_command(name):
        raise click.UsageError(f"{name}: {unknown(name, SETTINGS)}")
    table, _dot, option = name.partition(".")
    command = commands_of_program()(table)
    if command is None:
        raise click.UsageError(
            _("{name}: {table} is no command, and no table of settings").format(name=name, table=table)
        )
    names = option_names(command)
    if option not in names:
        raise click.UsageError(f"{name}: {unknown(option, names)}")


def _typed(name: str, texts: tuple[str, ...]) -> Any:
    """The value for a setting. Raises UsageError if it does not fit."""
    from indexer.core.configuration.library_address import is_address
    from indexer.core.configuration.settings_file import FOLDER, LIST, kind_of, misfit
    from search.frontends.cli.arguments.defaults import option_names
    from search.frontends.cli.arguments.defaults_check import commands_of_program
    from search.frontends.cli.arguments.defaults_check import misfit as option_misfit

    _known(name)
    kind = kind_of(name)
    if kind is not None:
        if kind[0] != LIST and len(texts) > 1:
            raise click.UsageError(_("{name} is one text: put it in quotes").format(name=name))
        value: Any = list(texts) if kind[0] == LIST else texts[0]
        if kind[0] == FOLDER and not (value.startswith("~") or (name != "index" and is_address(value))):
            value = str(Path(value).absolute())
        problem = misfit(value, kind)
    else:
        table, _dot, option = name.partition(".")
        command = commands_of_program()(table)
        taken = option_names(command)[option] if command is not None else None
        assert taken is not None
        value = list(texts) if taken.multiple else _number_or_text(taken, texts)
        problem = option_misfit(taken, value)
    if problem is not None:
        raise click.UsageError(f"{name}: {problem}")
    return value


def _number_or_text(option: click.Option, texts: tuple[str, ...]) -> Any:
    text = " ".join(texts)
    if option.is_flag and text in ("true", "false"):
        return text == "true"
    for kind, make in ((type(click.INT), int), (type(click.FLOAT), float)):
        if isinstance(option.type, kind):
            try:
                return make(text)
            except ValueError:
                return text
    return text


def _plain(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _change(name: str, value: Any) -> None:
    """Sets or (None) removes a setting; other processes doing so wait for each other."""
    from indexer.core.configuration.settings_edit import with_value
    from indexer.core.configuration.settings_file import read_text
    from indexer.core.files.atomic_write import alone_in, make_folder, write_whole

    path = _path()
    make_folder(path.parent)
    with alone_in(path.parent):
        text = read_text(str(path)) if path.exists() else ""
        write_whole(path, with_value(text, name, value, str(path)).encode())
