"""The outline of an episode: its given or proposed chapters, each with its typical words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.core.named_tuples import NamedTuple
from indexer.core.positions.intervals import difference
from indexer.core.types import damped_kinds
from search.exploration.chapters.chapter_detection import find_borders, place_of
from search.exploration.chapters.chapter_titles import best_phrase
from search.exploration.counting.measures import log_likelihood
from search.exploration.counting.subcorpus import Part
from search.exploration.counting.words import Words
from search.exploration.listing import Listing
from search.results.characters import Characters

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot
    from search.retrieval.meaning.space import Space

TYPICAL_WORDS, TITLE_WORDS = 4, 24
"""Typical words that are shown, and those that a title is chosen by."""


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter, in seconds: its title (given, or a short phrase of its text), its typical words, and its first line.

    `approximate` chapters are proposed; `depth` says how clearly (`search.exploration.chapters.chapter_detection`).
    """

    start: float
    end: float
    title: str
    words: str
    approximate: bool
    depth: float
    line: str


def outline(
    words: Words,
    episode: int,
    *,
    given: bool | None = None,
    most: int | None = None,
    space: Space | None = None,
) -> Listing[Section]:
    """Returns the chapters of an episode in order: the given ones, or if there are none (or `given` is False) at most
    `most` proposed ones. `space` has the vectors of the index, if there are any."""
    snapshot = words.snapshot
    facts = snapshot.episode(episode)
    chapters = [chapter for chapter in facts.facts.chapters if chapter.kind != "soundbite"]
    everything = _Counts(words, episode)
    if given is not False and (chapters or given):
        chapters.sort(key=lambda chapter: chapter.start)
        begins = [_Begin(one.start, place_of(snapshot, episode, one.start), one.title) for one in chapters]
    else:
        begins = _proposed(words, episode, most, space)
    ends = [*begins[1:], _Begin(facts.duration, snapshot.atoms(episode))][: len(begins)]
    rows = [_section(words, everything, begin, end) for begin, end in zip(begins, ends, strict=True)]
    kept = everything.part.kept.get(episode, ())
    return Listing(rows, words.size({episode: kept}), words.size(everything.part.damped))


class _Begin(NamedTuple):
    """The start of a section, in seconds and as its first atom: in transcripts with unusable times the seconds mean
    nothing."""

    second: float
    atom: int
    title: str = ""
    depth: float = 0.0


def _proposed(words: Words, episode: int, most: int | None, space: Space | None) -> list[_Begin]:
    """The likeliest starts of sections in an episode that has any words."""
    times = words.snapshot.times(episode)
    if not words.snapshot.atoms(episode):
        return []
    borders = find_borders(words, episode, None if most is None else max(0, most - 1), space)
    rest = (_Begin(border.start, border.atom, depth=border.depth) for border in borders)
    return [_Begin(times.starts[0] / 1000, 0), *rest]


def _section(words: Words, everything: _Counts, here: _Begin, following: _Begin) -> Section:
    snapshot, episode, title = words.snapshot, everything.episode, here.title
    begin, end = here.atom, following.atom
    inside = difference([(begin, end)], everything.part.damped.get(episode, ())) if begin < end else []
    said: Counter[int] = Counter()
    for run in words.runs(Part({episode: inside} if inside else {}, {})):
        said.update(run)
    weights = {words.vocabulary[number]: weight for number, weight in everything.typical(said)}
    typical = "、".join(list(weights)[:TYPICAL_WORDS])
    texts = _texts(snapshot, episode, begin, end)
    line = texts[0] if texts else ""
    if not title:
        damped = damped_kinds(snapshot.damped_cues(episode))
        times, begins = snapshot.times(episode), snapshot.marks(episode).begins
        first = times.cue_at(begin) if texts else 0
        kept = (
            _from_a_word_on(text, begins[max(begin, times.first[cue]) : min(end, times.first[cue + 1])])
            for cue, text in enumerate(texts, first)
            if cue not in damped
        )
        proposed = best_phrase(kept, weights, snapshot.folding.fold) or typical or line
    return Section(here.second, following.second, title or proposed, typical, not title, here.depth, line)


def _texts(snapshot: Snapshot, episode: int, begin: int, end: int) -> Sequence[str]:
    """The texts of the atoms [begin, end), cue by cue."""
    if begin >= end:
        return ()
    times, texts = snapshot.times(episode), snapshot.text(episode)[0]
    first, last = times.cue_at(begin), times.cue_at(end - 1)
    found = [texts[cue] for cue in range(first, last + 1)]
    characters = Characters(texts, times, snapshot.folding)
    if end < times.first[last + 1]:
        ((_, offset, _),) = characters.pieces(end, end + 1)
        found[-1] = found[-1][:offset]
    if begin > times.first[first]:
        ((_, offset, _),) = characters.pieces(begin, begin + 1)
        found[0] = found[0][offset:]
    return found


def _from_a_word_on(text: str, begins: str) -> tuple[str, str]:
    """A cue text and the marks of its atoms, without the rest of a Chinese word that the cue before begins."""
    place = max(0, begins.find("1"))
    return text.lstrip()[place:], begins[place:]


class _Counts:
    """The word counts of the whole corpus, computed once, as the reference for each section."""

    def __init__(self, words: Words, episode: int) -> None:
        self.episode = episode
        self.part = words.everything()
        self._all = words.counts(self.part)
        self._size = self._all.total()
        self._skipped = words.empty

    def typical(self, said: Counter[int]) -> list[tuple[int, float]]:
        """The content words overrepresented in a section, most significant first, with their G2 (`measures`)."""
        size = said.total()
        rest = max(1, self._size - size)
        scores = {
            number: log_likelihood(count, size, self._all[number] - count, rest)
            for number, count in said.items()
            if count > 1 and number not in self._skipped and count * rest > (self._all[number] - count) * size
        }
        return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:TITLE_WORDS]
