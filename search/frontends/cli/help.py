"""`podseek help`: the help of a command, or all of it as a man page."""

from __future__ import annotations

import click

from indexer.core.messages import _
from search.frontends.cli.arguments.options import common
from search.frontends.cli.output.console import FOUND, Context, print_lines


@click.command("help")
@click.argument("names", nargs=-1, metavar="[COMMAND...]")
@click.option("--man", is_flag=True, help="All of it as a man page, for `man -l`.")
@common
def help(context: Context, names: tuple[str, ...], man: bool) -> int:
    """Show the help of podseek or of a command.

    \b
    Examples:
      podseek help search
      podseek help --man > ~/.local/share/man/man1/podseek.1
    """
    root = click.get_current_context().find_root()
    if man:
        if names:
            raise click.UsageError(_("--man is about all commands: leave {name} out").format(name=names[0]))
        from search.frontends.cli.help_pages.man_page import man_page

        print_lines(man_page(root))
        return FOUND
    ctx = root
    for name in names:
        group = ctx.command
        found = group.get_command(ctx, name) if isinstance(group, click.Group) else None
        if found is None:
            from search.frontends.cli.arguments.mistakes import no_such_command

            known = group.list_commands(ctx) if isinstance(group, click.Group) else []
            raise no_such_command(name, known, (ctx.info_name or "") if ctx is not root else "")
        ctx = click.Context(found, info_name=name, parent=ctx)
    print_lines([ctx.get_help()])
    return FOUND
