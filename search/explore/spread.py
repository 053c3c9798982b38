"""Where words are, alone or in a row: how many episodes have them, and the first moment."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, compress, count
from typing import NamedTuple

from search.explore.grams import Gram
from search.explore.part import Part
from search.explore.words import Words


class Spread(NamedTuple):
    """How many episodes have a gram, and the first moment: the id of the episode, the second, and the text of the
    cues."""

    episodes: int
    episode: str
    start: float
    line: str


class Here(NamedTuple):
    """A run of an episode, of whose words it has those from `first` on, with a 0 between two sentences; and the grams
    in it with their places."""

    episode: int
    first: int
    run: array[int]
    grams: Iterator[tuple[Gram, int]]

    def word(self, at: int) -> int:
        """Which word of the episode is at a place of the run."""
        return self.first + at - self.run[:at].count(0)


def spread(words: Words, part: Part, grams: Iterable[Gram]) -> dict[Gram, Spread]:
    """The spread of those of the grams that are in a part."""
    episodes: defaultdict[Gram, set[int]] = defaultdict(set)
    first: dict[Gram, tuple[int, int]] = {}
    for here in look_up(words, part, grams):
        for gram, at in here.grams:
            episodes[gram].add(here.episode)
            if gram not in first:
                first[gram] = here.episode, here.word(at)
    return {gram: Spread(len(episodes[gram]), *moment(words, *place, len(gram))) for gram, place in first.items()}


def episode_counts(words: Words, part: Part, grams: Iterable[Gram]) -> Counter[Gram]:
    """How many episodes of a part have each gram."""
    wanted = set(grams)
    alone = {gram[0]: gram for gram in wanted if len(gram) == 1}
    longer = [gram for gram in wanted if len(gram) > 1]
    having: dict[int, set[Gram]] = {episode: set() for episode in part.kept}
    for here in look_up(words, part, longer):
        having[here.episode].update(map(alone.__getitem__, alone.keys() & set(here.run)))
        having[here.episode].update(gram for gram, _ in here.grams)
    return Counter(chain.from_iterable(having.values()))


def look_up(words: Words, part: Part, grams: Iterable[Gram]) -> Iterator[Here]:
    """Every place of some grams, run by run."""
    by_first: defaultdict[int, list[Gram]] = defaultdict(list)
    for gram in grams:
        by_first[gram[0]].append(gram)
    for episode, regions in part.kept.items():
        for first, end in words.spans(episode, regions):
            run = words.sentences(episode, first, end)
            yield Here(episode, first, run, _places(by_first, run))


def _places(by_first: Mapping[int, Iterable[Gram]], run: array[int]) -> Iterator[tuple[Gram, int]]:
    for at in compress(count(), map(by_first.__contains__, run)):
        for gram in by_first[run[at]]:
            if len(gram) == 1 or tuple(run[at : at + len(gram)]) == gram:
                yield gram, at


def moment(words: Words, episode: int, word: int, length: int = 1) -> tuple[str, float, str]:
    """The id of an episode, the second in which a word of it is said, and the text of the cues that hold it and those
    after it."""
    postings, starts = words.postings, words.starts(episode)
    times = postings.times(episode)
    texts, _ = postings.text(episode)
    cues = range(times.cue_at(starts[word]), times.cue_at(starts[word + length - 1]) + 1)
    return postings.episode(episode).id, times.at(starts[word]) / 1000, " ".join(texts[cue] for cue in cues)
