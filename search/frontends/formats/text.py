"""Moments and cues as text for terminals: a heading per moment, then its cues with times and highlights.

At a terminal lines fit its width; elsewhere (`Style.width` 0) they are as long as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, pairwise

from indexer.core.messages import N_, _
from indexer.core.text.time_format import clock
from search.api import CueLine, Match, Moment
from search.frontends.formats.display import (
    BOLD,
    DIM,
    LABEL,
    MATCH,
    TIME,
    Page,
    Style,
    beginning,
    clean,
    columns,
    ending,
)

_LEAST_ROOM = 20
"""In columns. With less room, lines are not wrapped."""
_MOST_CUES = 8
"""A moment of more cues is folded to those around its matches."""
_SMALL_GAP = 2
"""Cues between two that are shown: leaving them out would save nothing."""
_LONG_CUE, _AROUND = 160, 40
"""In characters: a longer cue of a folded moment is cut to so many around each match."""


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
        yield page.style.paint(page.head, DIM)
        yield ""
    for number, moment in enumerate(found):
        if number:
            yield ""
        heading = _("possibly misheard") if page.guessed else heading_of(moment, page.lacking)
        if heading != before:
            yield page.style.paint(_("{heading}:").format(heading=heading or _("as typed")), LABEL)
        before = heading
        twins, parts = page.twins.get(moment.rank, ()), page.unsaid.get(moment.rank)
        unsaid = unsaid_label(parts) if parts else ""
        yield from moment_lines(moment, page.style, page.whole, twins, unsaid)
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
        word = next(iter(parts.values()))
        if not _has_whole(moment, word):
            return _("only part of {word}").format(word=clean(word))
        if any(map(_is_guess, moment.matches)):
            return _("possibly misheard")
    return ""


def unsaid_label(parts: Sequence[str]) -> str:
    """The label of a moment with most of a sentence, but not these parts of it."""
    return _("most of it, but not {text}").format(text=clean(" … ".join(parts)))


def _has_whole(moment: Moment, word: str) -> bool:
    """True if the matches of the parts of a word follow one another where they are said."""
    heard = word
    for match in moment.matches:
        heard = heard.replace(match.term, match.text.lower(), 1)
    return heard in "".join("".join(cue.text for cue in moment.cues).lower().split())


def _is_part(term: str, word: str) -> bool:
    return term != word and term in word


def _is_guess(match: Match) -> bool:
    return match.how in GUESSED and not _is_respelled(match.text, match.term)


def _is_respelled(text: str, term: str) -> bool:
    """True if two texts differ in spaces, signs and case only: Deep Seek and DeepSeek."""
    return [c for c in text.lower() if c.isalnum()] == [c for c in term.lower() if c.isalnum()]


def moment_lines(
    moment: Moment, style: Style, whole: bool = True, twins: Sequence[Moment] = (), unsaid: str = ""
) -> Iterator[str]:
    """Yields a heading with rank, time, title, date and show, then the cues; unless `whole`, those around the matches.
    `twins` are the same moment in other transcripts of its recording, each with its own number; `unsaid` is a label
    for what it lacks of a sentence."""
    yield from _heading(moment, style)
    for twin in twins:
        place = f"= {clock(twin.start)}  {clean(twin.episode.id)}"
        yield style.paint(f"{twin.rank:>3}  {ending(place, columns_left(style, 5))}", DIM)
    loose = (match for match in moment.matches if match.how != "exact")
    labels = dict.fromkeys([*map(_label, loose), *filter(None, [unsaid])])
    if labels:
        yield style.paint(f"     ≈ {beginning('  '.join(labels), columns_left(style, 7))}", LABEL)
    if whole:
        yield from cue_lines(moment.cues, style, indent=5)
        return
    for cues, left_out in folded(moment.cues):
        yield from cue_lines([shortened_cue(cue) for cue in cues], style, indent=5)
        if left_out:
            yield style.paint(f"     ⋯ +{left_out}", DIM)


def _label(match: Match) -> str:
    """How a match is alike; the text of a line near in meaning is highlighted in the cues, and too long for a label."""
    how = _(HOW[match.how])
    return how if match.how == "meaning" else f"{how} {clean(match.text)} ({clean(match.term)})"


def _heading(moment: Moment, style: Style) -> Iterator[str]:
    """Yields rank, time, title, show and date on a line, and the id, with the chapter, where it fits: beside them on a
    wide terminal, else below."""
    episode = moment.episode
    time = style.paint(clock(moment.start), f"{BOLD};{TIME}")
    if style.links:
        from search.results.links import link_at

        time = style.link(time, link_at(episode, moment.start))
    name, facts = clean(episode.title or episode.id), "  ".join(filter(None, (clean(episode.show), episode.period)))
    left = columns_left(style, 15)
    if columns(name) + columns(facts) + 2 > left:
        facts = (episode.period or "") if columns(facts) * 2 > left else facts
        name = beginning(name, left - columns(facts) - 2)
    line = f"{moment.rank:>3}  {time}  {style.paint(name, BOLD)}  {style.paint(facts, DIM)}".rstrip()
    place = f"{clean(moment.library)}: " if moment.library else ""
    used, where, chapter = 17 + columns(name) + columns(facts), f"{place}{clean(episode.id)}", _chapter(moment, style)
    if style.width and used + 2 + columns(where) <= style.width:
        yield line + style.paint(f"  {where}", DIM)
        if chapter:
            yield f"   {chapter}"
        return
    yield line
    yield style.paint(f"     {ending(where, columns_left(style, 5))}", DIM) + chapter


def columns_left(style: Style, used: int = 0) -> int:
    """The columns left on a line of which some are used; many where the width is unknown."""
    return style.width - used if style.width else 1_000_000


def _chapter(moment: Moment, style: Style) -> str:
    """Returns the chapter titles that match the query, else the title of the moment's chapter; empty without one."""
    found = dict.fromkeys(match.text for match in moment.matches if match.where == "chapter")
    titles = found or dict.fromkeys(filter(None, (moment.chapter,)))
    return "".join(style.paint("  § ", DIM) + style.paint(clean(t), MATCH if found else DIM) for t in titles)


def folded(cues: Sequence[CueLine]) -> list[tuple[Sequence[CueLine], int]]:
    """Splits the cues of a moment into the runs to show, each with the number of cues left out after it.

    A moment of at most _MOST_CUES cues is shown whole. Of others the cues with a match are shown, and those beside
    them unless they are too many; at most _MOST_CUES.
    """
    if len(cues) <= _MOST_CUES:
        return [(cues, 0)]
    marked = [at for at, cue in enumerate(cues) if cue.highlights] or [0]
    kept: list[int] = []
    for reach in (1, 0):
        near = sorted({at + step for at in marked for step in range(-reach, reach + 1) if 0 <= at + step < len(cues)})
        between = (range(one + 1, other) for one, other in pairwise(near) if other - one <= _SMALL_GAP + 1)
        kept = sorted({*near, *chain.from_iterable(between)})
        if len(kept) <= _MOST_CUES:
            break
    kept = kept[:_MOST_CUES]
    runs = []
    for place, at in enumerate(kept):
        if place == 0 or at != kept[place - 1] + 1:
            runs.append((at, at + 1))
        else:
            runs[-1] = (runs[-1][0], at + 1)
    nexts = [begin for begin, _ in runs[1:]] + [len(cues)]
    # What comes after the last match is context, which nobody misses; matches are missed.
    gaps = [after - end for (_, end), after in zip(runs, nexts, strict=True)]
    if not any(cue.highlights for cue in cues[runs[-1][1] :]):
        gaps[-1] = 0
    return [(cues[begin:end], gap) for (begin, end), gap in zip(runs, gaps, strict=True)]


def shortened_cue(cue: CueLine) -> CueLine:
    """Returns a cue of more than _LONG_CUE characters cut to those around its matches, else to its beginning."""
    if len(cue.text) <= _LONG_CUE:
        return cue
    spans: list[tuple[int, int]] = []
    for begin, end in cue.highlights or ((0, _AROUND),):
        low, high = max(0, begin - _AROUND), min(len(cue.text), end + _AROUND)
        if spans and low <= spans[-1][1] + 2:
            low = spans.pop()[0]
        spans.append((low, high))
    text, marks = "", list[tuple[int, int]]()
    for low, high in spans:
        text += "…" if low else ""
        shift = len(text) - low
        marks += [(begin + shift, end + shift) for begin, end in cue.highlights if low <= begin and end <= high]
        text += cue.text[low:high]
    return cue._replace(text=text + ("…" if spans[-1][1] < len(cue.text) else ""), highlights=tuple(marks))


def cue_lines(cues: Sequence[CueLine], style: Style, indent: int = 0) -> Iterator[str]:
    """Yields each cue with its start time, its speaker where another has spoken before; wraps long lines at the width
    of the terminal."""
    before = ""
    for cue, repeats in _rounds(cues):
        speaker = f"{clean(cue.speaker)}: " if cue.speaker and cue.speaker != before else ""
        before = cue.speaker
        head = f"{' ' * indent}{style.paint(clock(cue.start), TIME)}  "
        room = style.width - indent - 10
        room = room if room > _LEAST_ROOM else 0
        label = (_(DAMPED[cue.damped]) if cue.damped in DAMPED else "") + (f" ×{repeats}" if repeats > 1 else "")
        characters = len(speaker) + len(cue.text) + len(label) + 2
        if _is_one_line(characters, room) and (not style.color or cue.text.isprintable()):
            tail = style.paint(f"  {label}", DIM) if label else ""
            yield head + style.paint(speaker, DIM) + _painted_cue(cue, style) + tail
            continue
        from search.frontends.formats.wrapped import wrapped_cue  # late: few cues are so long

        first, *others = wrapped_cue(speaker, cue, label, style, room)
        yield head + first
        for line in others:
            yield " " * (indent + 10) + line


def _is_one_line(characters: int, room: int) -> bool:
    """True for so many characters that surely fit, or where lines are not wrapped."""
    return not room or 2 * characters <= room  # no character takes more than two columns


def _painted_cue(cue: CueLine, style: Style) -> str:
    """Returns the text of a cue on one line, with its matches coloured; it is printable if there is colour."""
    text = cue.text
    if not style.color:
        return clean(text)
    painted, reached = "", 0
    for start, end in cue.highlights:
        painted += text[reached:start] + style.paint(text[start:end], MATCH)
        reached = end
    return painted + text[reached:]


def _rounds(cues: Sequence[CueLine]) -> Iterator[tuple[CueLine, int]]:
    """Yields cues with their number of repetitions; merges consecutive damped cues of the same text."""
    for (kind, __), same in groupby(cues, key=lambda cue: (cue.damped, cue.text if cue.damped else cue.index)):
        round_ = list(same)
        yield round_[0], len(round_) if kind else 1


def explanation(moment: Moment) -> str:
    """Returns a line with a score and its parts, which add up to it."""
    parts = " + ".join(f"{name} {value:.3f}" for name, value in moment.parts)
    return f"     {moment.score:.3f} = {parts}"
