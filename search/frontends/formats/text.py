"""Results as text for terminals: a heading per moment, then its cues with times and highlights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from indexer.core.messages import _, ngettext
from indexer.core.time_format import clock, hours
from indexer.core.types import Episode
from search.api import CueLine, Moment
from search.frontends.formats.display import Page, Style, clean, columns, padded

if TYPE_CHECKING:
    from search.expansion.suspected_mishearings import Suspect
    from search.expansion.variants import Example, Variant
    from search.health import Status
    from search.results.counts import EpisodeCount

_LEAST_ROOM = 20
"""In columns. With less room, lines are not folded."""

_BOLD, _DIM, _MATCH, _TIME, _LABEL = "1", "2", "1;31", "36", "33"

HOW = {
    "exact": "原文",
    "homophone": "同音",
    "near-sound": "音近",
    "pinyin": "拼音",
    "spelling": "拼写",
    "number": "数字",
    "alias": "别名",
    "quorum": "大致",
    "unquoted": "去引号",
}
"""Display labels of `Match.how`."""

DAMPED = {"loop": "⟳ 循环", "stock": "⚠ 套话"}
"""Display labels of `CueLine.damped`: cues that the speech recogniser hallucinated."""


def moments(found: Iterable[Moment], page: Page) -> Iterator[str]:
    """Yields the moments, separated by empty lines; with `page.explain`, the parts of each score, too."""
    for number, moment in enumerate(found):
        if number:
            yield ""
        yield from moment_lines(moment, page.style)
        if page.explain:
            yield explanation(moment)


def stretch(found: Iterable[Moment], page: Page) -> Iterator[str]:
    """Yields, for each moment, the episode as a heading, then the cues."""
    for moment in found:
        yield from episode_heading(moment.episode, page.style)
        yield from cue_lines(moment.cues, page.style)


def counts(found: Iterable[EpisodeCount], page: Page) -> Iterator[str]:
    return count_lines(found, page.style)


def episodes(found: Sequence[Episode], page: Page) -> Iterator[str]:
    return episode_lines(found, page.style)


def variants(found: Sequence[Variant], page: Page) -> Iterator[str]:
    return variant_lines(found, page.style)


def suspects(found: Sequence[Suspect], page: Page) -> Iterator[str]:
    return suspect_lines(found, page.style)


def moment_lines(moment: Moment, style: Style) -> Iterator[str]:
    """Yields a heading with rank, time, title, date and show, then the cues."""
    episode = moment.episode
    time = style.paint(clock(moment.start), f"{_BOLD};{_TIME}")
    if style.links:
        from search.results.links import link_at

        time = style.link(time, link_at(episode, moment.start))
    title = style.paint(clean(episode.title or episode.id), _BOLD)
    facts = "  ".join(filter(None, (clean(episode.show), episode.date)))
    yield f"{moment.rank:>3}  {time}  {title}  {style.paint(facts, _DIM)}".rstrip()
    place = f"{clean(moment.library)}: " if moment.library else ""
    yield style.paint(f"     {place}{clean(episode.id)}", _DIM) + _chapter(moment, style)
    loose = (match for match in moment.matches if match.how != "exact")
    labels = dict.fromkeys(f"{HOW[match.how]} {clean(match.text)} ({clean(match.term)})" for match in loose)
    if labels:
        yield style.paint(f"     ≈ {'  '.join(labels)}", _LABEL)
    yield from cue_lines(moment.cues, style, indent=5)


def _chapter(moment: Moment, style: Style) -> str:
    """Returns the chapter titles that match the query, else the title of the moment's chapter; empty without one."""
    found = dict.fromkeys(match.text for match in moment.matches if match.where == "chapter")
    titles = found or dict.fromkeys(filter(None, (moment.chapter,)))
    return "".join(style.paint("  § ", _DIM) + style.paint(clean(t), _MATCH if found else _DIM) for t in titles)


def cue_lines(cues: Sequence[CueLine], style: Style, indent: int = 0) -> Iterator[str]:
    """Yields each cue with its start time; folds long lines at the width of the terminal."""
    for cue, repeats in _rounds(cues):
        speaker = f"{clean(cue.speaker)}: " if cue.speaker else ""
        head = f"{' ' * indent}{style.paint(clock(cue.start), _TIME)}  {style.paint(speaker, _DIM)}"
        room = style.width - indent - 10 - columns(speaker) if style.width else 0
        pieces = list(_folded(_marked(cue), room))
        label = DAMPED.get(cue.damped, "") + (f" ×{repeats}" if repeats > 1 else "")
        yield head + _painted(pieces[0], style) + (style.paint(f"  {label}", _DIM) if label else "")
        for piece in pieces[1:]:
            yield " " * (indent + 10 + columns(speaker)) + _painted(piece, style)


def _rounds(cues: Sequence[CueLine]) -> Iterator[tuple[CueLine, int]]:
    """Yields cues with their number of repetitions; merges consecutive damped cues of the same text."""
    for (kind, __), same in groupby(cues, key=lambda cue: (cue.damped, cue.text if cue.damped else cue.index)):
        round_ = list(same)
        yield round_[0], len(round_) if kind else 1


def _marked(cue: CueLine) -> list[tuple[str, bool]]:
    """Returns the printable characters of a cue; each with True if it is part of a match."""
    marked = [(character, False) for character in cue.text]
    for start, end in cue.highlights:
        marked[start:end] = [(character, True) for character, _ in marked[start:end]]
    if cue.text.isprintable():
        return marked
    return [(clean(character), matched) for character, matched in marked if clean(character)]


def _folded(marked: list[tuple[str, bool]], room: int) -> Iterator[list[tuple[str, bool]]]:
    """Splits the characters into lines of at most `room` columns; does not split if `room` is _LEAST_ROOM or less."""
    if room <= _LEAST_ROOM:
        yield marked
        return
    line: list[tuple[str, bool]] = []
    used = 0
    for character, matched in marked:
        if used + columns(character) > room:
            yield line
            line, used = [], 0
        line.append((character, matched))
        used += columns(character)
    yield line


def _painted(marked: list[tuple[str, bool]], style: Style) -> str:
    """Returns the line with its matches coloured."""
    pieces: list[tuple[str, bool]] = []
    for character, matched in marked:
        if pieces and pieces[-1][1] == matched:
            pieces[-1] = (pieces[-1][0] + character, matched)
        else:
            pieces.append((character, matched))
    return "".join(style.paint(text, _MATCH) if matched else text for text, matched in pieces)


def explanation(moment: Moment) -> str:
    """Returns a line with a score and its parts, which add up to it."""
    parts = " + ".join(f"{name} {value:.3f}" for name, value in moment.parts)
    return f"     {moment.score:.3f} = {parts}"


def episode_heading(episode: Episode, style: Style) -> Iterator[str]:
    """Yields the title, show and date of an episode on one line."""
    yield style.paint("  ".join(filter(None, (clean(episode.title), clean(episode.show), episode.date))), _BOLD)


def count_lines(counts: Iterable[EpisodeCount], style: Style) -> Iterator[str]:
    """Yields the number of moments and matches of each episode."""
    for count in counts:
        moments = padded(ngettext("{n:>5} moment", "{n:>5} moments", count.moments).format(n=count.moments), 13)
        matches = padded(ngettext("{n:>5} match", "{n:>5} matches", count.matches).format(n=count.matches), 13)
        yield f"{moments}  {matches}  {style.paint(clean(count.episode.id), _BOLD)}  {clean(count.episode.title)}"


def episode_lines(episodes: Sequence[Episode], style: Style) -> Iterator[str]:
    """Yields an aligned line per episode: date, length, cues, title, show and id."""
    title = min(40, max((columns(clean(e.title)) for e in episodes), default=0))
    show = min(20, max((columns(clean(e.show)) for e in episodes), default=0))
    for e in episodes:
        facts = f"{e.date or '-':<10}  {clock(e.duration)}  {_('{n:>6} cues').format(n=e.cues)}"
        names = f"{padded(clean(e.title), title)}  {padded(clean(e.show), show)}"
        yield f"{facts}  {names}  {style.paint(clean(e.id), _DIM)}"


def variant_lines(variants: Sequence[Variant], style: Style) -> Iterator[str]:
    """Yields an aligned line per variant: kind, count, text, and an example."""
    width = max((columns(clean(variant.text)) for variant in variants), default=0)
    for v in variants:
        head = f"{HOW[v.how]}  {v.count:>6,}  {style.paint(padded(clean(v.text), width), _MATCH)}"
        yield f"{head}  {_place(v.example, style)}"


def suspect_lines(suspects: Sequence[Suspect], style: Style) -> Iterator[str]:
    """Yields an aligned line per likely mishearing: the transcribed text, what was probably said, and an example."""
    heard = max((columns(clean(s.heard)) for s in suspects), default=0)
    right = max((columns(clean(s.right)) for s in suspects), default=0)
    for s in suspects:
        pair = f"{style.paint(padded(clean(s.heard), heard), _MATCH)} {s.heard_count:>5,}  ->  "
        pair += f"{padded(clean(s.right), right)} {s.right_count:>6,}"
        yield f"{pair}  {_place(s.example, style)}"


def _place(example: Example, style: Style) -> str:
    """Returns an example on one line: time, truncated cue, episode."""
    time, episode = style.paint(clock(example.start), _TIME), style.paint(clean(example.episode.id), _DIM)
    return f"{time}  {_plain_line(example.line)}  {episode}"


_LONGEST_LINE = 40


def _plain_line(line: str) -> str:
    """Returns the text of a cue truncated to _LONGEST_LINE columns."""
    text = clean(line)
    return text if columns(text) <= _LONGEST_LINE else padded(text, _LONGEST_LINE)


def status_lines(status: Status) -> Iterator[str]:
    """Yields a line per fact about an index."""
    yield fact(_("index"), str(status.folder))
    shows = ngettext("{episodes:,} in {n:,} show", "{episodes:,} in {n:,} shows", status.shows)
    yield fact(_("episodes"), shows.format(episodes=status.episodes, n=status.shows))
    told = _("{length}, {cues:,} cues, {characters:,} characters")
    yield fact(_("speech"), told.format(length=hours(status.seconds), cues=status.cues, characters=status.characters))
    if status.first_date:
        yield fact(_("dates"), _("{first} to {last}").format(first=status.first_date, last=status.last_date))
    yield fact(_("size"), f"{status.size / 1e6:.1f} MB")
    if status.missing:
        told = ngettext(
            "{n} transcript file is gone: `podseek index --prune` removes its episode",
            "{n} transcript files are gone: `podseek index --prune` removes their episodes",
            status.missing,
        )
        yield fact(_("missing"), told.format(n=status.missing))


def fact(name: str, value: str, width: int = 11) -> str:
    """Returns a line with a name and what is known of it, which begins at column `width`."""
    return padded(name, width) + value


def plural(count: int, noun: str) -> str:
    """Returns the noun in singular or plural: 1 moment, 2 moments, 2 matches."""
    if count == 1:
        return noun
    return noun + ("es" if noun.endswith("ch") else "s")
