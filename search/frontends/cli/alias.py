"""`podseek alias`: confirmed mishearings."""

from __future__ import annotations

import click

from indexer.core.messages import _, enumeration
from search.frontends.cli.arguments.command_classes import Group
from search.frontends.cli.arguments.options import common, lines_of_json
from search.frontends.cli.output.console import FOUND, NOTHING, Context, print_lines


@click.group(cls=Group)
@common
def alias(context: Context) -> None:
    """Confirm what the recogniser wrote for what was said.

    \b
    Example:
      podseek alias add 高熵 高商
    """


@alias.command("add")
@click.argument("right")
@click.argument("heard", nargs=-1, required=True)
@common
def alias_add(context: Context, right: str, heard: tuple[str, ...]) -> int:
    """Find HEARD as well when RIGHT is searched. Written to lexicon.toml, or with --backend into the library.

    \b
    Example:
      podseek alias add 高熵 高商
    """
    from indexer.core.words.lexicon import add_alias

    with context.open_library() as library:
        library.check_alias(right, heard)
        if context.backend is None:
            place = str(library.alias_file)
            new = add_alias(library.alias_file, right, heard)
        else:
            from indexer.cluster.operations import add_alias_in_cluster

            place = context.backend
            new = add_alias_in_cluster(right, heard, context.backend)
    message = (
        _("{path}: {right} is also found as {heard}") if new else _("{path}: {right} was already found as {heard}")
    )
    context.say(message.format(path=place, right=right, heard=enumeration(new or heard)))
    return FOUND


@alias.command("list")
@lines_of_json
@common
def alias_list(context: Context, form: str | None) -> int:
    """List the aliases and the files they are in. To remove one, edit its file.

    \b
    Example:
      podseek alias list
    """
    from indexer.core.words.lexicon import read_lexicon
    from search.frontends.formats.jsontext import to_json
    from search.frontends.formats.tables import to_tsv
    from search.results.records import SCHEMA

    with context.open_library() as library:
        files = [path for path in library.lexicons if path.is_file()]
    found = [(right, heard, path) for path in files for right, heard in read_lexicon(path).aliases]
    if form == "jsonl":
        records = ({"schema": SCHEMA, "right": r, "heard": h, "path": str(path)} for r, h, path in found)
        print_lines(map(to_json, records))
    else:
        print_lines([to_tsv(*one) for one in found])
    if not found:
        context.say(_("No aliases: `podseek alias add RIGHT HEARD` makes one"))
    return FOUND if found else NOTHING
