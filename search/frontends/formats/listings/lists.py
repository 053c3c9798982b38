"""Lists as text for terminals: counts, episodes, variants, likely mishearings, and the facts of an index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from indexer.core.messages import _, ngettext
from indexer.core.text.time_format import clock, hours
from indexer.core.types import Episode
from search.frontends.formats.display import (
    BOLD,
    DIM,
    MATCH,
    TIME,
    Page,
    Style,
    beginning,
    clean,
    columns,
    ending,
    padded,
)
from search.frontends.formats.text import HOW

if TYPE_CHECKING:
    from search.expansion.mishearings.suspects import Suspect
    from search.expansion.variants import Example, Variant
    from search.results.counts import EpisodeCount
    from search.results.health import Status
    from search.retrieval.meaning.coverage import Coverage

_LEAST_NAME, _LEAST_ID, _NARROW = 12, 8, 45
"""In columns: titles are cut to no less, ids to no less; with less room for all names shows are left out."""


def counts(found: Iterable[EpisodeCount], page: Page) -> Iterator[str]:
    """Yields the number of moments and matches of each episode."""
    style = page.style
    for count in found:
        moments = padded(ngettext("{n:>5} moment", "{n:>5} moments", count.moments).format(n=count.moments), 13)
        matches = padded(ngettext("{n:>5} match", "{n:>5} matches", count.matches).format(n=count.matches), 13)
        name, title = clean(count.episode.id), clean(count.episode.title)
        if style.width:
            room = max(_LEAST_NAME, style.width - columns(f"{moments}  {matches}  ") - 2)
            title = beginning(title, max(_LEAST_NAME, room - columns(name)))
            name = ending(name, room - columns(title))
        yield f"{moments}  {matches}  {style.paint(name, BOLD)}  {title}"


def episodes(found: Sequence[Episode], page: Page) -> Iterator[str]:
    """Yields an aligned line per episode: date, length, cues, title, show and id."""
    style = page.style
    cues = [ngettext("{n:>6} cue ", "{n:>6} cues", e.cues).format(n=e.cues) for e in found]
    facts = [f"{e.period or '-':<10}  {clock(e.duration)}  {n}" for e, n in zip(found, cues, strict=True)]
    used = max(map(columns, facts), default=0)
    title, show, name = _episode_columns(found, style.width, used) if found else (0, 0, 0)
    for e, known in zip(found, facts, strict=True):
        names = [
            padded(clean(e.title), title),
            padded(clean(e.show), show),
            style.paint(ending(clean(e.id), name), DIM),
        ]
        widths = (title, show, name)
        yield "  ".join(
            (padded(known, used), *(text for text, width in zip(names, widths, strict=True) if width))
        ).rstrip()


def _episode_columns(episodes: Sequence[Episode], width: int, used: int) -> tuple[int, int, int]:
    """The columns of titles, shows and ids on lines of this width (0: any) after `used` columns; 0 for what has no
    room."""
    title, show, name = (
        max((columns(clean(text)) for text in texts), default=0)
        for texts in zip(*((e.title, e.show, e.id) for e in episodes), strict=True)
    )
    show = min(20, show)
    if not width:
        return min(40, title), show, name
    room = max(_LEAST_NAME, width - used - 2)
    if title + show + name + 4 <= room:
        return title, show, name
    if room < _NARROW:
        show = 0
    title = min(title, max(_LEAST_NAME, room - (show + 2 if show else 0) - min(name, room // 3) - 2))
    name = room - title - 2 - (show + 2 if show else 0)
    return min(title, room), show, name if name >= _LEAST_ID else 0


def variants(found: Sequence[Variant], page: Page) -> Iterator[str]:
    """Yields an aligned line per variant: kind, count, text, and an example."""
    style = page.style
    width = max((columns(clean(variant.text)) for variant in found), default=0)
    how = max((columns(_(HOW[variant.how])) for variant in found), default=0)
    for v in found:
        head = f"{padded(_(HOW[v.how]), how)}  {v.count:>6,}  {style.paint(padded(clean(v.text), width), MATCH)}"
        yield f"{head}  {_place(v.example, style, 12 + how + width)}"


def suspects(found: Sequence[Suspect], page: Page) -> Iterator[str]:
    """Yields an aligned line per likely mishearing: the transcribed text, what was probably said, and an example."""
    style = page.style
    heard = max((columns(clean(s.heard)) for s in found), default=0)
    right = max((columns(clean(s.right)) for s in found), default=0)
    for s in found:
        pair = f"{style.paint(padded(clean(s.heard), heard), MATCH)} {s.heard_count:>5,}  ->  "
        pair += f"{padded(clean(s.right), right)} {s.right_count:>6,}"
        yield f"{pair}  {_place(s.example, style, 22 + heard + right)}"


def _place(example: Example, style: Style, used: int) -> str:
    """Returns an example on one line: time, truncated cue, episode; `used` columns come before it."""
    line = beginning(clean(example.line), _LONGEST_LINE)
    return placed(example.start, line, example.episode.id, style, used)


def placed(start: float, line: str, episode: str, style: Style, used: int) -> str:
    """Returns a time, a clean line and the id of its episode, cut to what a terminal has room for after `used` columns;
    the id is left out where little of it would be seen."""
    time, name = style.paint(clock(start), TIME), clean(episode)
    if style.width:
        room = max(_LEAST_NAME, style.width - used - len("00:00:00  "))
        line = beginning(line, room)
        name = ending(name, max(0, room - columns(line) - 2)) if room - columns(line) >= _LEAST_NAME else ""
    return f"{time}  {line}  {style.paint(name, DIM)}".rstrip()


_LONGEST_LINE = 40


def status_lines(status: Status) -> Iterator[str]:
    """Yields a line per fact about an index."""
    yield fact(_("index"), str(status.folder))
    shows = ngettext("{episodes:,} in {n:,} show", "{episodes:,} in {n:,} shows", status.shows)
    yield fact(_("episodes"), shows.format(episodes=status.episodes, n=status.shows))
    value = _("{length}, {cues:,} cues, {characters:,} characters")
    yield fact(_("speech"), value.format(length=hours(status.seconds), cues=status.cues, characters=status.characters))
    if status.first_period:
        value = _("{first} to {last}").format(first=status.first_period, last=status.last_period)
        yield fact(_("dates"), value + (f"; {_without_dates(status.undated)}" if status.undated else ""))
    elif status.episodes:
        yield fact(_("dates"), _without_dates(status.undated))
    yield fact(_("size"), f"{status.size / 1e6:.1f} MB")
    if status.meaning is not None:
        yield from _meaning(status.meaning)
    if status.missing:
        value = ngettext(
            "{n} transcript file is gone: `podseek index --prune` removes its episode",
            "{n} transcript files are gone: `podseek index --prune` removes their episodes",
            status.missing,
        )
        yield fact(_("missing"), value.format(n=status.missing))


def _without_dates(count: int) -> str:
    value = ngettext("{n:,} episode has none", "{n:,} episodes have none", count).format(n=count)
    return _("{facts} (docs/transcripts.md tells where they come from)").format(facts=value)


def _meaning(found: Coverage) -> Iterator[str]:
    if found.problem is not None:
        yield fact(_("meaning"), found.problem)
        return
    value = _("vectors of {length} by {model}")
    yield fact(_("meaning"), value.format(length=hours(found.seconds), model=clean(found.model)))
    if found.left:
        value = _("{length} without: `podseek index --meaning` makes them")
        if found.estimate is not None:
            value = _("{length} without: `podseek index --meaning` makes them, in about {time}")
        yield fact("", value.format(length=hours(found.left), time=hours(max(60.0, found.estimate or 0.0))))


def fact(name: str, value: str, width: int = 11) -> str:
    """Returns a line with a name and what is known of it, which begins at column `width`."""
    return padded(name, width) + value
