"""How the corpus writes the words that an exploration counted folded: GRPO for grpo, 動力 where the corpus is
traditional.

A sample is looked at: up to ENOUGH occurrences of each, from episodes in a random order that is always the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from random import Random

from search.exploration.counting.document_frequency import look_up
from search.exploration.counting.grams import Gram
from search.exploration.counting.subcorpus import Part
from search.exploration.counting.words import Words
from search.query.deadline import Deadline, OutOfTime
from search.results.characters import Characters
from search.results.joined_text import joined, one_line

ENOUGH = 24
"""Occurrences of a gram that are looked at."""
_OF_ALL = 10_000
"""Occurrences of all grams that are looked at, if they are many; but one of each in any case."""
_OF_ONE_EPISODE = 6
"""At most so many of them in one episode: it may write a word in its own way."""
_FIRST_EPISODES = 8
"""Looked at before it is asked what lacks occurrences; then twice as many each time."""


def written_forms(
    words: Words, part: Part, grams: Iterable[Gram], deadline: Deadline | None = None
) -> Callable[[Gram], str]:
    """Returns the function that gives a gram as a part most often writes it, its words joined as `Words.text` joins
    them; the folded text of what was not found by the deadline."""
    found: dict[Gram, Counter[str]] = {gram: Counter() for gram in grams}
    deadline = deadline or Deadline()
    episodes = list(part.kept)
    Random(0).shuffle(episodes)
    lacking, begin, size = set(found), 0, _FIRST_EPISODES
    while lacking and begin < len(episodes):
        some = episodes[begin : begin + size]
        try:
            _look(words, Part({episode: part.kept[episode] for episode in some}, {}), lacking, found, deadline)
        except OutOfTime:
            break
        if deadline.reason:
            break
        lacking = {gram for gram in lacking if found[gram].total() < _enough(len(found))}
        begin, size = begin + size, 2 * size
    return lambda gram: found[gram].most_common(1)[0][0] if found.get(gram) else words.text(gram)


def _enough(grams: int) -> int:
    """How many occurrences of each of so many grams are looked at."""
    return max(1, min(ENOUGH, _OF_ALL // max(1, grams)))


def _look(
    words: Words, part: Part, grams: Iterable[Gram], found: Mapping[Gram, Counter[str]], deadline: Deadline
) -> None:
    """Adds how the grams are written in a part, as far as they lack occurrences."""
    here, seen = -1, Counter[Gram]()
    enough = _enough(len(found))
    for episode, first, run, places in look_up(words, part, grams, deadline):
        if episode != here:
            here, seen, read = episode, Counter(), None
        borders, counted = 0, 0
        for gram, at in places:
            if seen[gram] == _OF_ONE_EPISODE or found[gram].total() >= enough:
                continue
            read = read or _Reader(words, episode)
            seen[gram] += 1
            borders, counted = borders + run[counted:at].count(0), at
            begin = first + at - borders
            found[gram][read.text(range(begin, begin + len(gram)))] += 1


class _Reader:
    """Reads words of an episode as they are written."""

    def __init__(self, words: Words, episode: int) -> None:
        snapshot = words.snapshot
        self._words, self._starts, self._atoms = words, words.starts(episode), snapshot.atoms(episode)
        self._texts, _speakers = snapshot.text(episode)
        self._characters = Characters(self._texts, snapshot.times(episode), snapshot.folding)

    def text(self, places: range) -> str:
        """The words at these places of the episode."""
        return ("" if self._words.characters else " ").join(map(self._word, places))

    def _word(self, at: int) -> str:
        end = self._starts[at + 1] if at + 1 < len(self._starts) else self._atoms
        pieces = self._characters.pieces(self._starts[at], end)
        return joined(one_line(self._texts[cue][start:stop]) for cue, start, stop in pieces)
