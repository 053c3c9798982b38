"""The command line: each command checks what it was given, calls the library once, and prints."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from search.printers.console import ERROR, FOUND, NOTHING, Context, Group, QueryCommand, common

if TYPE_CHECKING:
    from indexer.build import Report
    from search import Library, Margin, Moment
    from search.query.plan import Plan
    from search.query.tree import Filter

EXAMPLES = """\
podseek finds what was said in podcasts and lands on the second it was said.

  podseek index ~/podcasts            read the transcripts in a folder
  podseek search 强化学习 推理         the best moments, with the lines around them
  podseek search '"注意力就是你所"'     an exact run of text, wherever cues break it

More: podseek --help, podseek search --help
"""


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib import metadata

        try:
            click.echo(f"podseek {metadata.version('podseek')}")
        except metadata.PackageNotFoundError:
            click.echo("podseek, not installed")
        ctx.exit()


@click.group(cls=Group, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
@common
def podseek(context: Context) -> None:
    """Search what was said in podcasts, land on the second it was said."""
    if click.get_current_context().invoked_subcommand is None:
        click.echo(EXAMPLES, nl=False)


@podseek.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--dry-run", is_flag=True, help="Show what would be read, and every complaint. Writes nothing.")
@click.option("--prune", is_flag=True, help="Remove episodes below PATH (all, without PATH) whose files are gone.")
@click.option(
    "--rebuild", is_flag=True, help="Read all known episodes again, with the words of the lexicons as they are now."
)
@click.option(
    "--lexicon",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Words to keep whole and aliases (else lexicon.toml or lexicon.txt in PATH).",
)
@click.option("-j", "--jobs", type=click.IntRange(1), help="Processes. Default: one per core.")
@common
def index(
    context: Context,
    paths: tuple[Path, ...],
    dry_run: bool,
    prune: bool,
    rebuild: bool,
    lexicon: Path | None,
    jobs: int | None,
) -> int:
    """Read transcripts into the index. Only new and changed files are read.

    \b
    Examples:
      podseek index ~/podcasts
      podseek index --dry-run messy.srt
      podseek index --prune
    """
    if not (paths or prune or rebuild):
        raise click.UsageError("name a file or folder of transcripts, such as: podseek index ~/podcasts")
    if dry_run:
        return _preview(context, paths)
    import indexer

    with _progress(context) as progress:
        report = indexer.index_paths(
            paths, context.index, jobs=jobs, prune=prune, rebuild=rebuild, lexicon=lexicon, progress=progress
        )
    _tell(context, report)
    return report.exit_code


def _preview(context: Context, paths: Iterable[Path]) -> int:
    from indexer.preview import preview
    from search.printers.display import clean, clock

    failed = False
    for entry in preview(paths):
        if entry.path is not None:
            size = f"{entry.state:<8} {entry.cues:>6} cues  {clock(entry.duration)}"
            line = f"{size}  {entry.facts.date or '-':<10}  {entry.facts.title}  {entry.path}"
            context.print_lines([clean(line)])
        for complaint in entry.complaints:
            context.complain(str(complaint))
            failed = failed or complaint.fatal
    return ERROR if failed else FOUND


@contextmanager
def _progress(context: Context) -> Iterator[Callable[[int, int, str], None] | None]:
    """A progress bar, on a terminal only; the length is known when the first file is done."""
    if context.quiet or not sys.stderr.isatty():
        yield None
        return
    bar: Any = None

    def show(done: int, total: int, name: str) -> None:
        nonlocal bar
        if bar is None:
            bar = click.progressbar(length=total, label="Indexing", file=sys.stderr, item_show_func=lambda item: item)
            bar.__enter__()
        bar.update(1)

    try:
        yield show
    finally:
        if bar is not None:
            bar.__exit__(None, None, None)


SHOWN_COMPLAINTS = 20


def _tell(context: Context, report: Report) -> None:
    """The complaints (the first ones, unless all are wanted) and what was done."""
    fatal = [complaint for complaint in report.complaints if complaint.fatal]
    others = [complaint for complaint in report.complaints if not complaint.fatal]
    shown = others if context.verbose else others[:SHOWN_COMPLAINTS]
    for complaint in fatal:
        context.complain(str(complaint))
    for complaint in shown:
        context.say(str(complaint))
    if len(others) > len(shown):
        context.say(f"... and {len(others) - len(shown)} more complaints: -v shows all of them")
    counts = (
        (report.added, "added"),
        (report.changed, "read again"),
        (report.unchanged, "unchanged"),
        (report.removed, "removed"),
        (report.without_cues, "without cues"),
        (report.failed, "not readable"),
    )
    said = ", ".join(f"{count:,} {what}" for count, what in counts if count) or "no transcripts found"
    context.say(f"Episodes: {said}" + (f" ({report.cues:,} cues read)" if report.cues else ""))
    if report.missing:
        context.say(f"The files of {report.missing} episodes are gone: --prune removes them from the index")
    if report.interrupted:
        context.say("Interrupted: what was read is in the index; run the same command again to go on")


@podseek.command(cls=QueryCommand)
@click.argument("query", nargs=-1, required=True)
@click.option(
    "-n", "--limit", type=click.IntRange(0), default=10, show_default=True, help="Moments to show; 0 for all."
)
@click.option(
    "-C",
    "--context",
    "margin",
    default="5s",
    show_default=True,
    metavar="AMOUNT",
    help="Context: seconds (8s) or cues (2).",
)
@click.option("-l", "--episodes", "list_episodes", is_flag=True, help="Only the ids of the episodes with a moment.")
@click.option("-c", "--count", is_flag=True, help="Only how many moments and matches each episode has.")
@click.option("--show", metavar="TEXT", help="Only shows whose name has TEXT.")
@click.option("--title", metavar="TEXT", help="Only episodes whose title has TEXT.")
@click.option("--speaker", metavar="NAME", help="Only episodes in which NAME speaks.")
@click.option("--since", metavar="DATE", help="Only episodes from DATE on (2025, 2025-06 or 2025-06-08).")
@click.option("--until", metavar="DATE", help="Only episodes up to DATE.")
@click.option(
    "--sort", type=click.Choice(["score", "date", "time"]), default="score", help="Order of the moments shown."
)
@click.option("--exact", is_flag=True, help="Nothing but exact matches: none by sound, spelling, number or alias.")
@click.option("--explain", is_flag=True, help="Show how the query was understood, and the parts of each score.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "jsonl", "tsv", "plain"]),
    default="text",
    show_default=True,
    help="How to print.",
)
@common
def search(
    context: Context,
    query: tuple[str, ...],
    limit: int,
    margin: str,
    list_episodes: bool,
    count: bool,
    form: str,
    **options: Any,
) -> int:
    """Find the moments in which something was said.

    \b
    强化 学习             ranked: moments that say much of it come first
    "强化学习"            an exact run of text, across cues
    AND OR NOT ( ) -word  in one moment; word*  begins so
    A NEAR/10s B          within 10 seconds; NEAR/8 within 8 characters
    =word  ~word          only exactly; in any form that sounds or is spelled alike
    show: title: speaker: date:2025-06..    filters

    \b
    Examples:
      podseek search 强化学习 推理
      podseek search '"大模型" -幻觉' --since 2025-03
      podseek search --format jsonl -n 0 GRPO > hits.jsonl
    """
    from search.printers import output
    from search.query.parse import parse

    text = " ".join(query)
    filters = _filters(options)
    style = context.style()
    with context.open_library() as library:
        exact = options["exact"]
        if count or list_episodes:
            found: Sequence[Any] = library.count(text, filters=filters, exact=exact)
            plan = library.plan(text, filters, exact)
            lines = output.counts(found, form, style, numbers=count)
        else:
            result = library.search(text, limit=limit or None, context=_margin(margin), filters=filters, exact=exact)
            found, plan = result, result.plan
            lines = output.moments(_sorted(result, options["sort"]), form, style, options["explain"])
        if options["explain"]:
            context.print_lines(output.plan(parse(text), plan), err=True)
        context.print_lines(lines)
        _tell_instead(context, library, text, plan, bool(found))
    return FOUND if found else NOTHING


_SHOWN = 80
"""Characters of a query that are repeated to the user."""


def _tell_instead(context: Context, library: Library, text: str, plan: Plan, found: bool) -> None:
    """Says what was looked for instead of what is nowhere exactly, or what could be."""
    from search.printers import output

    if found:
        for line in output.instead(plan):
            context.say(line)
        return
    context.say(f"Nothing found for {text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}")
    loose = library.loosely(text)
    for line in output.instead(loose) if loose is not None else ():
        context.say(f"Without quotes, = and --exact: {line}")


def _filters(options: dict[str, Any]) -> list[Filter]:
    """The filters given as options."""
    from indexer.errors import QueryProblem
    from search.filters import check_filter
    from search.query.tree import Filter

    given = [(field, options[field]) for field in ("show", "title", "speaker") if options[field] is not None]
    if options["since"] is not None:
        given.append(("date", f"{options['since']}.."))
    if options["until"] is not None:
        given.append(("date", f"..{options['until']}"))
    for field, value in given:
        problem = check_filter(field, value)
        if problem:
            raise QueryProblem(problem)
    return [Filter(field, value) for field, value in given]


MOST_CONTEXT = 3600


def _margin(amount: str) -> Margin:
    from search import Margin

    match = re.fullmatch(r"(\d+(?:\.\d+)?)(s?)", amount.strip())
    if match is None:
        raise click.BadParameter(f"{amount!r} is neither seconds (8s) nor cues (2)", param_hint="-C")
    amount_given = float(match[1])
    if amount_given > MOST_CONTEXT:
        raise click.BadParameter(f"at most {MOST_CONTEXT} seconds or cues", param_hint="-C")
    return Margin(amount_given, cues=not match[2])


def _sorted(moments: Iterable[Moment], order: str) -> list[Moment]:
    """The moments by score, by date (newest first), or in the order in which they were said."""
    if order == "date":
        return sorted(moments, key=lambda m: m.episode.date or "", reverse=True)
    if order == "time":
        return sorted(moments, key=lambda m: (m.episode.date or "", m.episode.id, m.start))
    return list(moments)


@podseek.command()
@click.argument("episode")
@click.option("--at", metavar="TIME", default="0", help="Around this time: seconds, mm:ss or hh:mm:ss.")
@click.option(
    "-C",
    "--context",
    "seconds",
    type=click.FloatRange(0),
    default=30.0,
    show_default=True,
    help="Seconds before and after.",
)
@click.option("--all", "whole", is_flag=True, help="The whole episode.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl", "plain"]), default="text", show_default=True)
@common
def read(context: Context, episode: str, at: str, seconds: float, whole: bool, form: str) -> int:
    """Print an episode around a time.

    \b
    Examples:
      podseek read corpus/05-speech-recognition --at 0:50
      podseek read corpus/05-speech-recognition --all --format plain
    """
    from search.printers import output

    middle = _seconds(at)
    with context.open_library() as library:
        found, cues = library.read(episode) if whole else library.read(episode, middle - seconds, middle + seconds)
    if not cues:
        context.say(f"{found.id}: nothing is said around {at}; the episode has {found.duration:.0f} seconds")
        return NOTHING
    context.print_lines(output.cues(found, cues, form, context.style()))
    return FOUND


def _seconds(time: str) -> float:
    """Seconds from `90`, `1:30`, `1:02:03` or `1:02:03.5`."""
    match = re.fullmatch(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)", time.strip())
    if match is None:
        raise click.BadParameter(f"{time!r} is not a time such as 90, 12:30 or 1:02:03", param_hint="--at")
    return (int(match[1] or 0) * 60 + int(match[2] or 0)) * 60 + float(match[3])


@podseek.command()
@click.argument("target")
@click.option("--at", metavar="TIME", default=None, help="TARGET is an episode: play it from this time.")
@click.option("--print", "only_print", is_flag=True, help="Print the command and the link, start nothing.")
@common
def play(context: Context, target: str, at: str | None, only_print: bool) -> int:
    """Play the best moment for a query, or an episode from a time.

    \b
    Examples:
      podseek play '"语音识别"'
      podseek play corpus/05-speech-recognition --at 0:50
    """
    import shlex
    import subprocess

    from search.player import find_audio, play_command
    from search.printers.display import address, clean, clock

    with context.open_library() as library:
        if at is not None:
            episode, second = library.find_episode(target), _seconds(at)
        else:
            best = next(iter(library.search(target, limit=1)), None)
            if best is None:
                context.say(f"Nothing found for {target}")
                return NOTHING
            episode, second = best.episode, best.start
    audio = find_audio(episode)
    context.say(f"{episode.title}  {clock(second)}  {address(episode, second) or ''}".rstrip())
    if audio is None:
        cure = "name it in podcast.toml (audio = ...) or put the file beside the transcript"
        context.complain(f"{episode.id}: no audio is known: {cure}")
        return ERROR
    command, installed = play_command(audio, second)
    if only_print or not installed:
        if not installed and not only_print:
            context.say("No player found (mpv, vlc, iina, ffplay); with mpv it would be:")
        context.print_lines([clean(shlex.join(command))])
        return FOUND
    return FOUND if subprocess.run(command, check=False).returncode == 0 else ERROR


@podseek.command()
@click.option("--show", metavar="TEXT", help="Only shows whose name has TEXT.")
@click.option("--title", metavar="TEXT", help="Only episodes whose title has TEXT.")
@click.option("--speaker", metavar="NAME", help="Only episodes in which NAME speaks.")
@click.option("--since", metavar="DATE", help="Only episodes from DATE on.")
@click.option("--until", metavar="DATE", help="Only episodes up to DATE.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl", "tsv"]), default="text", show_default=True)
@common
def episodes(context: Context, form: str, **options: Any) -> int:
    """List the episodes in the index.

    \b
    Examples:
      podseek episodes --since 2025
      podseek episodes --format jsonl
    """
    from search.printers import output

    with context.open_library() as library:
        found = library.episodes(_filters(options))
    context.print_lines(output.episodes(found, form, context.style()))
    if not found:
        context.say("No episodes")
        return NOTHING
    return FOUND


@podseek.command()
@click.argument("term", required=False)
@click.option("--discover", is_flag=True, help="Propose the likeliest mishearings of the whole index.")
@click.option("-n", "--limit", type=click.IntRange(1), default=50, show_default=True, help="How many to list at most.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl", "tsv"]), default="text", show_default=True)
@common
def variants(context: Context, term: str | None, discover: bool, limit: int, form: str) -> int:
    """List what here sounds or is spelled like TERM, or likely mishearings.

    \b
    Examples:
      podseek variants Lucene
      podseek variants --discover -n 20
    """
    from search.printers import output

    if (term is None) != discover:
        raise click.UsageError("name a term, such as: podseek variants Lucene, or let --discover propose some")
    with context.open_library() as library:
        if term is None:
            suspects = library.suspects(limit)
            context.print_lines(output.suspects(suspects, form, context.style()))
            found = bool(suspects)
        else:
            known = library.variants(term)[:limit]
            context.print_lines(output.variants(known, form, context.style()))
            found = bool(known)
    if not found:
        context.say(f"Nothing sounds or is spelled like {term}" if term else "No likely mishearings")
    return FOUND if found else NOTHING


@podseek.group(cls=Group)
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
    """Find HEARD as well when RIGHT is searched. Written to lexicon.toml.

    \b
    Example:
      podseek alias add 高熵 高商
    """
    from indexer.lexicon import add_alias

    with context.open_library() as library:
        library.check_alias(right, heard)
        path = library.alias_file
    new = add_alias(path, right, heard)
    context.say(f"{path}: {right} {'is also' if new else 'was already'} found as {'、'.join(new or heard)}")
    return FOUND


@alias.command("list")
@common
def alias_list(context: Context) -> int:
    """List the aliases and the files they are in. To remove one, edit its file.

    \b
    Example:
      podseek alias list
    """
    from indexer.lexicon import read_lexicon
    from search.printers.records import to_tsv

    with context.open_library() as library:
        files = [path for path in library.lexicons if path.is_file()]
    lines = [to_tsv(right, heard, path) for path in files for right, heard in read_lexicon(path).aliases]
    context.print_lines(lines)
    if not lines:
        context.say("No aliases: `podseek alias add RIGHT HEARD` makes one")
    return FOUND if lines else NOTHING


@podseek.command()
@click.argument("names", nargs=-1, required=True, metavar="EPISODE...")
@common
def forget(context: Context, names: tuple[str, ...]) -> int:
    """Remove episodes from the index, by id or path. Their files stay.

    \b
    Example:
      podseek forget corpus/05-speech-recognition
    """
    import indexer

    removed, unknown = indexer.forget(names, context.index)
    for episode in removed:
        context.say(f"{episode.id}: forgotten")
    for name in unknown:
        context.complain(f"{name}: no episode has this id or path: `podseek episodes` lists them")
    return ERROR if unknown else FOUND


@podseek.command()
@click.option("--check", is_flag=True, help="Read every episode whole and compare its parts.")
@common
def status(context: Context, check: bool) -> int:
    """Show what is in the index, and whether it is sound.

    \b
    Example:
      podseek status --check
    """
    from search.printers import text

    with context.open_library() as library:
        context.print_lines(text.status_lines(library.status()))
        if not check:
            return FOUND
        faults = library.check()
    for fault in faults:
        context.complain(fault)
    context.print_lines([f"health     {len(faults)} faults" if faults else "health     every episode is sound"])
    return ERROR if faults else FOUND


def main(arguments: list[str] | None = None) -> None:
    """Runs a command and exits: 0 found or done, 1 nothing found, 2 error."""
    from indexer.errors import PodseekProblem

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # file names need not be text
    say = Context(None, "auto", False, False).complain
    try:
        code = podseek.main(arguments, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = ERROR
    except click.exceptions.Exit as exit_:
        code = exit_.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("Interrupted: what was committed before is in the index; run the same command again to go on")
        code = ERROR
    except PodseekProblem as problem:
        say(str(problem))
        code = ERROR
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        say(f"{place}{error.strerror or error}: mend that and run the same command again")
        code = ERROR
    except Exception as error:
        if os.environ.get("PODSEEK_DEBUG"):
            raise
        say(f"{type(error).__name__}: {error}: a damaged index (`podseek status --check` tells), or a fault of podseek")
        code = ERROR
    sys.exit(code if isinstance(code, int) else FOUND)


if __name__ == "__main__":
    main()
