"""The command line: each command validates its arguments, calls the library once, and prints."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import Any


class _Postponed(ModuleType):
    """Stands for a module, which is imported when one of its attributes is first used."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


# click imports `inspect`, a tenth of all that a search imports, but needs it only for help and in a few rare cases. It
# imports `uuid`, and with that `platform`, only to name a parameter type that no option here has.
sys.modules.setdefault("inspect", _Postponed("inspect"))
_uuid = _Postponed("uuid")
vars(_uuid)["UUID"] = object
sys.modules.setdefault("uuid", _uuid)

# Before any other import: a search is over before garbage collection could pay off, and the collection at exit would
# take a seventh of its time. Longer-running commands turn it on again.
gc.disable()
atexit.register(gc.freeze)

import click  # noqa: E402

del vars(_uuid)["UUID"]  # click has been imported: from here on, it is Python's own
if sys.modules["uuid"] is _uuid:
    del sys.modules["uuid"]

from indexer.core.configuration.config_place import config_file  # noqa: E402
from indexer.core.errors import explained  # noqa: E402
from indexer.core.messages import ENGLISH, N_, VARIABLE, _, language, named_language, preferred_language, use_language  # noqa: E402
from search.frontends.cli.arguments.command_classes import Commands, option  # noqa: E402
from search.frontends.cli.arguments.options import common  # noqa: E402
from search.frontends.cli.output.console import ERROR, FAULT, FOUND, Context, print_lines, version  # noqa: E402

GROUPS = (
    (N_("Make a library"), ("add", "update", "queue", "sources", "remove", "index", "watch", "forget")),
    (N_("Find and listen"), ("search", "read", "play", "clip", "save", "saved", "history")),
    (N_("Explore"), ("episodes", "chapters", "summary", "terms", "collocates", "similar")),
    (N_("Words in their places"), ("concordance", "trend", "dispersion", "variants", "alias", "speakers")),
    (N_("On a page, for an assistant"), ("serve", "mcp")),
    (N_("Keep in order"), ("status", "doctor", "config", "help")),
)
"""The commands, grouped by what people want to do. The code of each is the module of that name in
`search.frontends.cli`."""
COMMANDS = tuple(name for __, names in GROUPS for name in names)
_WRITING = {*GROUPS[0][1], "speakers"}
"""The commands that may have changed the index when they are interrupted."""

EXAMPLES = N_("""\
podseek finds what was said in podcasts and lands on the second it was said.

  podseek add ~/podcasts              read the transcripts in a folder, or of a feed
  podseek search 强化学习 推理         the best moments, with the lines around them
  podseek search '"注意力就是你所"'     an exact run of text, wherever cues break it

More: podseek --help, podseek search --help
""")


def _version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        known = version()
        print_lines([f"podseek {known}" if known else _("podseek, not installed")])
        ctx.exit()


@click.group(
    cls=Commands, groups=GROUPS, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@option("-V", "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
@common
def podseek(context: Context) -> None:
    """Search what was said in podcasts, land on the second it was said."""
    ctx = click.get_current_context()
    command = ctx.invoked_subcommand
    if command != "search":
        gc.enable()
    path = config_file()
    if command is not None and path is not None and os.path.exists(path):  # noqa: PTH110 - a search imports no pathlib
        from indexer.core.configuration.settings import Config, read_settings
        from search.frontends.cli.arguments.defaults import color_default, option_defaults

        try:
            settings = Config() if command == "config" else read_settings()
            if not settings.is_checked:
                from search.frontends.cli.arguments.defaults_check import check

                check(settings, lambda name: podseek.get_command(ctx, name))
        except Exception as problem:
            from indexer.core.errors import PodseekProblem

            if not isinstance(problem, PodseekProblem):
                raise
            if command not in ("doctor", "help"):  # these two help to mend the file
                ctx.meta[FAULT] = problem  # the help of a command works
            settings = Config()
        ctx.default_map = {command: option_defaults(command, settings, lambda name: podseek.get_command(ctx, name))}
        context.color = ctx.params["color"] or color_default(settings)
    if command is None:
        print_lines(_(EXAMPLES).splitlines())


def main(arguments: list[str] | None = None) -> None:
    """Runs a command and exits with 0 (found, or done), 1 (nothing found) or 2 (error). Without `arguments`, runs the
    command line of this process, and ends the process afterwards."""
    from indexer.core.errors import PodseekProblem

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # file names need not be valid text
    use_language(preferred_language(os.environ, _configured_language()))
    say = Context(None, "auto", False, False).complain
    if (named := os.environ.get(VARIABLE)) and named_language(named) is None:
        say(_("{name}={value}: no language of podseek: use en or zh").format(name=VARIABLE, value=named))
    try:
        code = _program().main(arguments, "podseek", standalone_mode=False)
    except click.ClickException as error:
        from search.frontends.cli.arguments.mistakes import explained_mistake

        say(explained_mistake(error))
        code = ERROR
    except click.exceptions.Exit as exit_:
        code = exit_.exit_code
    except (click.Abort, KeyboardInterrupt):
        message, given = _("Interrupted"), sys.argv[1:] if arguments is None else arguments
        if next(filter(COMMANDS.__contains__, given), "") in _WRITING:
            message = _("Interrupted: what was committed before is in the index; run the same command again to go on")
        say(message)
        code = ERROR
    except Exception as error:
        if os.environ.get("PODSEEK_DEBUG") and not isinstance(error, OSError | PodseekProblem):
            raise
        say(explained(error))
        code = ERROR
    code = code if isinstance(code, int) else FOUND
    use_language(ENGLISH)
    if arguments is None and not gc.isenabled():  # a search: other commands have switched it on
        _end(code)
    sys.exit(code)


def _configured_language() -> str | None:
    """The language set in the configuration file; None without one. A fault in the file is reported by the code that
    reads the settings later."""
    path = config_file()
    if path is None or not os.path.exists(path):  # noqa: PTH110 - a search imports no pathlib
        return None
    from indexer.core.configuration.settings import read_settings
    from indexer.core.errors import PodseekProblem

    try:
        return str(read_settings().get("language", "auto"))
    except PodseekProblem:
        return None


def _program() -> click.Command:
    """All commands, with help in the language in use."""
    if language() == ENGLISH:
        return podseek
    from search.frontends.cli.help_pages.localised import localised

    return localised(podseek)


def _end(code: int) -> None:
    """Ends the process of a search at once: the system frees memory faster than Python would."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # the reader is gone
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
