"""Moments and cues as text for terminals: a heading per moment, then its cues with times and highlights.

At a terminal lines fit its width; elsewhere (`Style.width` 0) they are as long as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from indexer.core.messages import N_, _
from indexer.core.time_format import clock
from search.api import CueLine, Match, Moment
from search.frontends.formats.display import Page, Style, beginning, clean, columns, ending

_LEAST_ROOM = 20
"""In columns. With less room, lines are not wrapped."""

_BOLD, _DIM, _MATCH, _TIME, _LABEL = "1", "2", "1;31", "36", "33"

HOW = {
    "exact": N_("exact"),
    "homophone": N_("same sound"),
    "near-sound": N_("similar sound"),
    "pinyin": N_("pinyin"),
    "spelling": N_("spelling"),
    "number": N_("number"),
    "alias": N_("alias"),
    "quorum": N_("most of it"),
    "unquoted": N_("without the quotes"),
    "meaning": N_("near in meaning"),
}
"""Display labels of `Match.how`, to be translated."""

GUESSED = ("homophone", "near-sound", "spelling")
"""Values of `Match.how` that may be wrong: what a listener would call misheard."""

DAMPED = {"loop": N_("⟳ loop"), "stock": N_("⚠ stock line")}
"""Display labels of `CueLine.damped`: cues that the speech recogniser hallucinated."""


def moments(found: Iterable[Moment], page: Page) -> Iterator[str]:
    """Yields the moments, separated by empty lines, guesses under a heading of their own; with `page.explain`, the
    parts of each score, too."""
    before = ""
    if page.head:
        yield page.style.paint(page.head, _DIM)
        yield ""
    for number, moment in enumerate(found):
        if number:
            yield ""
        heading = _("possibly misheard") if page.guessed else heading_of(moment, page.lacking)
        if heading != before:
            yield page.style.paint(_("{heading}:").format(heading=heading or _("as typed")), _LABEL)
        before = heading
        yield from moment_lines(moment, page.style, page.whole, page.twins.get(moment.rank, ()))
        if page.explain:
            yield explanation(moment)


def heading_of(moment: Moment, lacking: Sequence[str] = ()) -> str:
    """Returns the heading under which a moment is listed: empty for one with a match as typed, else what kind of guess
    it is. `lacking` are the words of the query, folded, that are nowhere in the index: a match of their parts is none
    as typed."""
    parts = {match.term: word for match in moment.matches for word in reversed(lacking) if _is_part(match.term, word)}
    whole = [match for match in moment.matches if match.term not in parts]
    if all(map(_is_guess, whole or moment.matches)):
        return _("possibly misheard")
    if not whole:
        return _("only part of {word}").format(word=clean(next(iter(parts.values()))))
    return ""


def _is_part(term: str, word: str) -> bool:
    return term != word and term in word


def _is_guess(match: Match) -> bool:
    return match.how in GUESSED and not _is_respelled(match.text, match.term)


def _is_respelled(text: str, term: str) -> bool:
    """True if two texts differ in spaces, signs and case only: Deep Seek and DeepSeek."""
    return [c for c in text.lower() if c.isalnum()] == [c for c in term.lower() if c.isalnum()]


def moment_lines(moment: Moment, style: Style, whole: bool = True, twins: Sequence[Moment] = ()) -> Iterator[str]:
    """Yields a heading with rank, time, title, date and show, then the cues; unless `whole`, those around the matches.
    `twins` are the same moment in other transcripts of its recording, each with its own number."""
    yield from _heading(moment, style)
    for twin in twins:
        place = f"= {clock(twin.start)}  {clean(twin.episode.id)}"
        yield style.paint(f"{twin.rank:>3}  {ending(place, columns_left(style, 5))}", _DIM)
    loose = (match for match in moment.matches if match.how != "exact")
    labels = dict.fromkeys(map(_label, loose))
    if labels:
        yield style.paint(f"     ≈ {beginning('  '.join(labels), columns_left(style, 7))}", _LABEL)
    if whole:
        yield from cue_lines(moment.cues, style, indent=5)
        return
    from search.frontends.formats.folded_cues import folded, shortened_cue

    for cues, left_out in folded(moment.cues):
        yield from cue_lines([shortened_cue(cue) for cue in cues], style, indent=5)
        if left_out:
            yield style.paint(f"     ⋯ +{left_out}", _DIM)


def _label(match: Match) -> str:
    """How a match is alike; the text of a line near in meaning is highlighted in the cues, and too long for a label."""
    how = _(HOW[match.how])
    return how if match.how == "meaning" else f"{how} {clean(match.text)} ({clean(match.term)})"


def _heading(moment: Moment, style: Style) -> Iterator[str]:
    """Yields rank, time, title, show and date on a line, and the id, with the chapter, where it fits: beside them on a
    wide terminal, else below."""
    episode = moment.episode
    time = style.paint(clock(moment.start), f"{_BOLD};{_TIME}")
    if style.links:
        from search.results.links import link_at

        time = style.link(time, link_at(episode, moment.start))
    name, facts = clean(episode.title or episode.id), "  ".join(filter(None, (clean(episode.show), episode.date)))
    left = columns_left(style, 15)
    if columns(name) + columns(facts) + 2 > left:
        facts = (episode.date or "") if columns(facts) * 2 > left else facts
        name = beginning(name, left - columns(facts) - 2)
    line = f"{moment.rank:>3}  {time}  {style.paint(name, _BOLD)}  {style.paint(facts, _DIM)}".rstrip()
    place = f"{clean(moment.library)}: " if moment.library else ""
    used, where, chapter = 17 + columns(name) + columns(facts), f"{place}{clean(episode.id)}", _chapter(moment, style)
    if style.width and used + 2 + columns(where) <= style.width:
        yield line + style.paint(f"  {where}", _DIM)
        if chapter:
            yield f"   {chapter}"
        return
    yield line
    yield style.paint(f"     {ending(where, columns_left(style, 5))}", _DIM) + chapter


def columns_left(style: Style, used: int = 0) -> int:
    """The columns left on a line of which some are used; many where the width is unknown."""
    return style.width - used if style.width else 1_000_000


def _chapter(moment: Moment, style: Style) -> str:
    """Returns the chapter titles that match the query, else the title of the moment's chapter; empty without one."""
    found = dict.fromkeys(match.text for match in moment.matches if match.where == "chapter")
    titles = found or dict.fromkeys(filter(None, (moment.chapter,)))
    return "".join(style.paint("  § ", _DIM) + style.paint(clean(t), _MATCH if found else _DIM) for t in titles)


def cue_lines(cues: Sequence[CueLine], style: Style, indent: int = 0) -> Iterator[str]:
    """Yields each cue with its start time, its speaker where another has spoken before; wraps long lines at the width
    of the terminal."""
    before = ""
    for cue, repeats in _rounds(cues):
        speaker = f"{clean(cue.speaker)}: " if cue.speaker and cue.speaker != before else ""
        before = cue.speaker
        head = f"{' ' * indent}{style.paint(clock(cue.start), _TIME)}  "
        room = style.width - indent - 10 if style.width else 0
        label = (_(DAMPED[cue.damped]) if cue.damped in DAMPED else "") + (f" ×{repeats}" if repeats > 1 else "")
        tail = style.paint(f"  {label}", _DIM) if label else ""
        if _is_one_line(len(speaker) + len(cue.text), room) and (not style.color or cue.text.isprintable()):
            yield head + style.paint(speaker, _DIM) + _painted_cue(cue, style) + tail
            continue
        pieces = list(_wrapped([*((character, False) for character in speaker), *_marked(cue)], room))
        yield head + style.paint(speaker, _DIM) + _painted(pieces[0][len(speaker) :], style) + tail
        for piece in pieces[1:]:
            yield " " * (indent + 10) + _painted(piece, style)


def _is_one_line(characters: int, room: int) -> bool:
    """True for so many characters that surely fit, or where lines are not wrapped."""
    return room <= _LEAST_ROOM or 2 * characters <= room  # no character takes more than two columns


def _painted_cue(cue: CueLine, style: Style) -> str:
    """Returns the text of a cue on one line, with its matches coloured; it is printable if there is colour."""
    text = cue.text
    if not style.color:
        return clean(text)
    painted, reached = "", 0
    for start, end in cue.highlights:
        painted += text[reached:start] + style.paint(text[start:end], _MATCH)
        reached = end
    return painted + text[reached:]


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


def _wrapped(marked: list[tuple[str, bool]], room: int) -> Iterator[list[tuple[str, bool]]]:
    """Splits the characters into lines of at most `room` columns, at a space within words of letters; does not split
    if `room` is _LEAST_ROOM or less."""
    if _is_one_line(len(marked), room):
        yield marked
        return
    line: list[tuple[str, bool]] = []
    used = 0
    for character, matched in marked:
        if used + columns(character) > room:
            kept = _last_space(line) if _is_latin(character) else len(line)
            yield line[:kept]
            line = line[kept:]
            used = sum(columns(piece) for piece, _ in line)
        line.append((character, matched))
        used += columns(character)
    yield line


def _last_space(line: list[tuple[str, bool]]) -> int:
    """Where to break a line before a letter: after its last space, if no more than a word follows; else at its end."""
    for at in range(len(line), max(0, len(line) - _LEAST_ROOM), -1):
        if line[at - 1][0] == " ":
            return at
        if not _is_latin(line[at - 1][0]):
            break
    return len(line)


def _is_latin(character: str) -> bool:
    return character.isalnum() and columns(character) == 1


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
