"""How many episodes have some words in a row, and where they are first."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from search.explore.grams import Gram
from search.explore.part import Part
from search.explore.words import Words
from search.postings import Postings


@dataclass(frozen=True, slots=True)
class Place:
    """A moment: the id of its episode, when it is said, in seconds, and the text of the cue."""

    episode: str
    start: float
    line: str


@dataclass(slots=True)
class Spread:
    """The number of episodes, and the first place: an episode and a position in atoms."""

    episodes: int
    first: tuple[int, int]


def spread(words: Words, part: Part, grams: Iterable[Gram]) -> dict[Gram, Spread]:
    """The spread of grams over the episodes of a part; of all that are there."""
    by_first: defaultdict[int, list[Gram]] = defaultdict(list)
    for gram in grams:
        by_first[gram[0]].append(gram)
    found: dict[Gram, Spread] = {}
    for episode, regions in part.kept.items():
        here: dict[Gram, int] = {}
        for first, end in words.spans(episode, regions):
            run = words[episode][first:end]
            for word in by_first.keys() & set(run):
                for gram in by_first[word]:
                    if gram not in here and (at := _find(gram, run)) >= 0:
                        here[gram] = first + at
        for gram, at in here.items():
            if gram in found:
                found[gram].episodes += 1
            else:
                found[gram] = Spread(1, (episode, words.starts(episode)[at]))
    return found


def _find(gram: Gram, run: array[int]) -> int:
    """Where the words of a gram stand first in a run, -1 for nowhere."""
    at = -1
    while True:
        try:
            at = run.index(gram[0], at + 1)
        except ValueError:
            return -1
        if len(gram) == 1 or tuple(run[at : at + len(gram)]) == gram:
            return at


def place(postings: Postings, episode: int, position: int) -> Place:
    """The moment of an atom."""
    times = postings.times(episode)
    line = postings.text(episode)[0][times.cue_at(position)]
    return Place(postings.episode(episode).id, times.at(position) / 1000, line)
