"""The outline of an episode: its given chapters, or proposed ones, each with what is typical of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from search.explore.borders import find_borders, place_of
from search.explore.listing import Listing
from search.explore.measures import log_likelihood
from search.explore.part import Part, choose, minus
from search.explore.words import Words

TITLE_WORDS = 4


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter, in seconds: its title, given or made of its typical words, those words, and its first line.

    `approximate` ones are proposed by the words, `depth` telling how surely (`search.explore.borders`).
    """

    start: float
    end: float
    title: str
    words: str
    approximate: bool
    depth: float
    line: str


def outline(words: Words, episode: int, *, given: bool | None = None, most: int | None = None) -> Listing[Section]:
    """The chapters of an episode in order: as they are given, or else (or where `given` is False) proposed ones, `most`
    of them."""
    postings = words.postings
    facts = postings.episode(episode)
    chapters = [chapter for chapter in facts.facts.chapters if chapter.kind != "soundbite"]
    everything = _Counts(words, episode)
    if given is not False and (chapters or given):
        begins = [(chapter.start, chapter.title, 0.0) for chapter in sorted(chapters, key=lambda one: one.start)]
    else:
        times = postings.times(episode)
        borders = find_borders(words, episode, None if most is None else most - 1)
        first = times.starts[0] / 1000 if len(times) else 0.0
        begins = [(first, "", 0.0), *((border.start, "", border.depth) for border in borders)]
    ends = [*(start for start, _, _ in begins[1:]), facts.duration][: len(begins)]
    rows = [
        _section(words, everything, (start, end), title, depth)
        for (start, title, depth), end in zip(begins, ends, strict=True)
    ]
    kept = everything.part.kept.get(episode, ())
    return Listing(rows, words.size({episode: kept}), words.size(everything.part.damped))


def _section(words: Words, everything: _Counts, span: tuple[float, float], title: str, depth: float) -> Section:
    postings, episode = words.postings, everything.episode
    begin, end = (place_of(postings, episode, second) for second in span)
    inside = minus([(begin, end)], everything.part.damped.get(episode, ())) if begin < end else []
    said: Counter[int] = Counter()
    for run in words.runs(Part({episode: inside} if inside else {}, {})):
        said.update(run)
    chosen = [words.vocabulary[number] for number in everything.typical(said)]
    line = postings.text(episode)[0][postings.times(episode).cue_at(begin)] if begin < end else ""
    return Section(*span, title or "、".join(chosen) or line, "、".join(chosen), not title, depth, line)


class _Counts:
    """The words of the whole corpus, counted once, against which each section of an episode is held."""

    def __init__(self, words: Words, episode: int) -> None:
        self.episode = episode
        self.part = choose(words.postings)
        self._all = words.counts(self.part)
        self._size = self._all.total()
        self._skipped = words.empty

    def typical(self, said: Counter[int]) -> list[int]:
        """The content words that a section has more of than the rest, the surest first (G2, `measures`)."""
        size = said.total()
        rest = max(1, self._size - size)
        scores = {
            number: log_likelihood(count, size, self._all[number] - count, rest)
            for number, count in said.items()
            if count > 1 and number not in self._skipped and count * rest > (self._all[number] - count) * size
        }
        return sorted(scores, key=lambda number: (-scores[number], number))[:TITLE_WORDS]
