"""Document frequency of words and n-grams: the number of episodes with each, and the first moment."""

from __future__ import annotations

import re
import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain, compress, count

from indexer.core.named_tuples import NamedTuple
from search.exploration.counting.grams import Gram, as_text
from search.exploration.counting.subcorpus import Part
from search.exploration.counting.words import Words
from search.query.deadline import Deadline

_FEW = 256
"""Up to this many words, searching a run for each (as characters) is faster than looking up each word of the run."""


class Spread(NamedTuple):
    """The number of episodes with a gram, and its first moment: episode id, seconds, and the text of its cues."""

    episodes: int
    episode: str
    start: float
    line: str


class Here(NamedTuple):
    """A run of an episode: the words from `first` on, with a 0 between sentences; and the positions of grams in it."""

    episode: int
    first: int
    run: array[int]
    grams: Iterator[tuple[Gram, int]]

    def word(self, at: int) -> int:
        """The episode's word number for a position in the run."""
        return self.first + at - self.run[:at].count(0)


def spread(words: Words, part: Part, grams: Iterable[Gram], deadline: Deadline | None = None) -> dict[Gram, Spread]:
    """The document frequency and first moment of those grams that occur in a part, as far as it is read by the
    deadline."""
    episodes: defaultdict[Gram, set[int]] = defaultdict(set)
    first: dict[Gram, tuple[int, int]] = {}
    for here in look_up(words, part, grams, deadline):
        for gram, at in here.grams:
            episodes[gram].add(here.episode)
            if gram not in first:
                first[gram] = here.episode, here.word(at)
    return {gram: Spread(len(episodes[gram]), *moment(words, *place, len(gram))) for gram, place in first.items()}


def episode_counts(words: Words, part: Part, grams: Iterable[Gram], deadline: Deadline | None = None) -> Counter[Gram]:
    """The number of episodes of a part with each gram, as far as it is read by the deadline."""
    wanted = set(grams)
    having: defaultdict[int, set[Gram]] = defaultdict(set)
    find = _which(wanted, words)
    sentences = any(len(gram) > 1 for gram in wanted)
    for episode, _, run in (deadline or Deadline()).within(_runs(words, part, sentences)):
        having[episode] |= find(run)
    return Counter(chain.from_iterable(having.values()))


def _which(grams: Collection[Gram], words: Words) -> Callable[[array[int]], set[Gram]]:
    """Returns the function that finds the grams in a run."""
    if len(grams) <= _FEW and len(words.vocabulary) <= sys.maxunicode:
        texts = [("".join(map(chr, gram)), gram) for gram in grams]

        def find(run: array[int]) -> set[Gram]:
            said = as_text(run)
            return {gram for text, gram in texts if text in said}

        return find
    sizes = {size: {gram for gram in grams if len(gram) == size} for size in set(map(len, grams))}
    return lambda run: {
        gram
        for size, wanted in sizes.items()
        for gram in wanted.intersection(zip(*(run[at:] for at in range(size)), strict=False))
    }


def _runs(words: Words, part: Part, sentences: bool) -> Iterator[tuple[int, int, array[int]]]:
    """Each run of a part: the episode, its first word, and its words, with `sentences` a 0 between two of them."""
    runs = words.runs(part, sentences)
    return ((episode, first, run) for (episode, first, _), run in zip(runs.places, runs, strict=True))


def look_up(
    words: Words, part: Part, grams: Iterable[Gram], deadline: Deadline | None = None, sentences: bool = False
) -> Iterator[Here]:
    """All positions of some grams, run by run, until the deadline. There is a 0 between sentences if a gram has several
    words, and with `sentences` in any case: to look for their ends, the texts of all episodes are read."""
    by_first: defaultdict[int, list[Gram]] = defaultdict(list)
    for gram in grams:
        by_first[gram[0]].append(gram)
        sentences = sentences or len(gram) > 1
    find = _finder(by_first, words)
    for episode, first, run in (deadline or Deadline()).within(_runs(words, part, sentences)):
        yield Here(episode, first, run, _places(by_first, run, find(run)))


def _finder(wanted: Collection[int], words: Words) -> Callable[[array[int]], Iterable[int]]:
    """Returns the function that finds the positions of some words in a run."""
    if not wanted:
        return lambda run: ()
    if len(wanted) > _FEW or len(words.vocabulary) > sys.maxunicode:
        is_wanted = frozenset(wanted).__contains__
        return lambda run: compress(count(), map(is_wanted, run))
    find = re.compile(f"[{re.escape(''.join(map(chr, wanted)))}]").finditer
    return lambda run: [match.start() for match in find(as_text(run))]


def _places(
    by_first: Mapping[int, Iterable[Gram]], run: array[int], places: Iterable[int]
) -> Iterator[tuple[Gram, int]]:
    for at in places:
        for gram in by_first[run[at]]:
            if len(gram) == 1 or tuple(run[at : at + len(gram)]) == gram:
                yield gram, at


def moment(words: Words, episode: int, word: int, length: int = 1) -> tuple[str, float, str]:
    """The id of an episode, the time of a word in seconds, and the text of the cues that hold `length` words from
    there."""
    snapshot, starts = words.snapshot, words.starts(episode)
    times = snapshot.times(episode)
    texts, _ = snapshot.text(episode)
    cues = range(times.cue_at(starts[word]), times.cue_at(starts[word + length - 1]) + 1)
    return snapshot.episode(episode).id, times.at(starts[word]) / 1000, " ".join(texts[cue] for cue in cues)
