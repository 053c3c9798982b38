"""The outline of an episode: its given or proposed chapters, each with its typical words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from indexer.core.intervals import difference
from indexer.core.named_tuples import NamedTuple
from search.analysis.chapter_detection import find_borders, place_of
from search.analysis.listing import Listing
from search.analysis.measures import log_likelihood
from search.analysis.subcorpus import Part
from search.analysis.words import Words

TITLE_WORDS = 4


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter, in seconds: its title (given, or made of its typical words), those words, and its first line.

    `approximate` chapters are proposed; `depth` says how clearly (`search.analysis.chapter_detection`).
    """

    start: float
    end: float
    title: str
    words: str
    approximate: bool
    depth: float
    line: str


def outline(words: Words, episode: int, *, given: bool | None = None, most: int | None = None) -> Listing[Section]:
    """Returns the chapters of an episode in order: the given ones, or if there are none (or `given` is False) at most
    `most` proposed ones."""
    snapshot = words.snapshot
    facts = snapshot.episode(episode)
    chapters = [chapter for chapter in facts.facts.chapters if chapter.kind != "soundbite"]
    everything = _Counts(words, episode)
    if given is not False and (chapters or given):
        chapters.sort(key=lambda chapter: chapter.start)
        begins = [_Begin(one.start, place_of(snapshot, episode, one.start), one.title) for one in chapters]
    else:
        begins = _proposed(words, episode, most)
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


def _proposed(words: Words, episode: int, most: int | None) -> list[_Begin]:
    """The likeliest starts of sections in an episode that has any words."""
    times = words.snapshot.times(episode)
    if not words.snapshot.atoms(episode):
        return []
    borders = find_borders(words, episode, None if most is None else max(0, most - 1))
    rest = (_Begin(border.start, times.first[border.cue], depth=border.depth) for border in borders)
    return [_Begin(times.starts[0] / 1000, 0), *rest]


def _section(words: Words, everything: _Counts, here: _Begin, following: _Begin) -> Section:
    snapshot, episode, title = words.snapshot, everything.episode, here.title
    begin, end = here.atom, following.atom
    inside = difference([(begin, end)], everything.part.damped.get(episode, ())) if begin < end else []
    said: Counter[int] = Counter()
    for run in words.runs(Part({episode: inside} if inside else {}, {})):
        said.update(run)
    chosen = [words.vocabulary[number] for number in everything.typical(said)]
    line = snapshot.text(episode)[0][snapshot.times(episode).cue_at(begin)] if begin < end else ""
    typical = "、".join(chosen)
    return Section(here.second, following.second, title or typical or line, typical, not title, here.depth, line)


class _Counts:
    """The word counts of the whole corpus, computed once, as the reference for each section."""

    def __init__(self, words: Words, episode: int) -> None:
        self.episode = episode
        self.part = words.everything()
        self._all = words.counts(self.part)
        self._size = self._all.total()
        self._skipped = words.empty

    def typical(self, said: Counter[int]) -> list[int]:
        """The content words overrepresented in a section, most significant first (G2, `measures`)."""
        size = said.total()
        rest = max(1, self._size - size)
        scores = {
            number: log_likelihood(count, size, self._all[number] - count, rest)
            for number, count in said.items()
            if count > 1 and number not in self._skipped and count * rest > (self._all[number] - count) * size
        }
        return sorted(scores, key=lambda number: (-scores[number], number))[:TITLE_WORDS]
