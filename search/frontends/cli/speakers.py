"""`podseek speakers`: who speaks, and giving a speaker the right name everywhere."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from indexer.core.messages import _, ngettext
from search.frontends.cli.arguments.options import common, completes, lines_of_json
from search.frontends.cli.output.console import ERROR, FOUND, NOTHING, Context, print_lines


@click.command()
@click.argument("names", nargs=-1, metavar="[OLD NEW]", shell_complete=completes("speaker"))
@click.option("--show", metavar="NAME", default="", shell_complete=completes("show"), help="Only in the show NAME.")
@lines_of_json
@common
def speakers(context: Context, names: tuple[str, ...], show: str, form: str | None) -> int:
    """List the speakers and their episodes, or rename OLD to NEW in all of them, also in those to come.

    Transcripts stay as they are.

    \b
    Examples:
      podseek speakers
      podseek speakers --json
      podseek speakers SPEAKER_00 老周 --show 回声机房
    """
    if len(names) not in (0, 2):
        raise click.UsageError(_("name a speaker and the new name, or none to list them"))
    if names and form is not None:
        raise click.UsageError(_("--format is for the list: leave it or the names out"))
    if names:
        return _rename(context, names[0].strip(), names[1].strip(), show)
    from search.frontends.formats.display import clean
    from search.frontends.formats.jsontext import to_json
    from search.results.records import SCHEMA

    with context.open_library() as library:
        shown = [one for one in library.episodes() if not show or one.show == show]
    found = Counter(name for episode in shown for name in episode.speakers)
    if form == "jsonl":
        records = ({"schema": SCHEMA, "speaker": name, "episodes": count} for name, count in found.most_common())
        print_lines(map(to_json, records))
    else:
        print_lines([clean(f"{count:>6,}  {name}") for name, count in found.most_common()])
    if not found:
        context.say(_("No speakers are named"))
    return FOUND if found else NOTHING


def _rename(context: Context, old: str, new: str, show: str) -> int:
    import indexer
    from indexer.core.configuration.paths import default_index
    from indexer.store.library.renamed_speakers import Rename, add_rename
    from search.frontends.cli.runs.progress_bar import progress_bar
    from search.frontends.cli.runs.run_report import tell_complaints

    if not new or not new.isprintable() or not old or old == new:
        raise click.UsageError(_("{old}: cannot be renamed to {new}").format(old=repr(old), new=repr(new)))
    folder = context.index or default_index()
    with context.open_library() as library:
        named = [one for one in library.episodes() if old in one.speakers and show in ("", one.show)]
    if not named:
        context.complain(_("{name}: no speaker has this name: `podseek speakers` lists them").format(name=old))
        return ERROR
    add_rename(folder, Rename(old, new, show))
    with progress_bar(context) as progress:
        report = indexer.index_paths([Path(one.path) for one in named], folder, remember=False, progress=progress)
    tell_complaints(context, report.complaints)
    message = ngettext("{old} is {new} in {n:,} episode", "{old} is {new} in {n:,} episodes", len(named))
    context.say(message.format(old=old, new=new, n=len(named)))
    return report.exit_code
