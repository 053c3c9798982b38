"""The utterances of an episode: its cues, and of cues that are paragraphs the sentences, each with a time of its own.

Some recognisers write what somebody says for a minute as one cue. A topic may change inside it, and what is said at its
end is not said at its beginning. Where they write no punctuation, sentences are those that its words make likely.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from indexer.core.named_tuples import NamedTuple
from indexer.core.positions.timeline import LONG_MS, Times
from indexer.core.positions.tokens import find_atoms
from search.exploration.chapters.sentence_starts import likely_starts
from search.exploration.counting.sentences import SENTENCE_END

if TYPE_CHECKING:
    from search.exploration.counting.words import Words


class Utterances(NamedTuple):
    """The utterances of an episode in order: when each is said and its first atom (`times`, which has an entry for each
    utterance as for a cue), its folded text, its speaker ("" where nobody is named), and the cue that it is of."""

    times: Times
    texts: Sequence[str]
    speakers: Sequence[str]
    cues: Sequence[int]


def utterances_of(words: Words, episode: int) -> Utterances:
    """Returns the utterances of an episode. Times inside a cue are as the transcript has them, or interpolated."""
    snapshot = words.snapshot
    times = snapshot.times(episode)
    texts, speakers = snapshot.text(episode)
    first: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    said: list[str] = []
    cues: list[int] = []
    for cue, text in enumerate(map(snapshot.folding.fold, texts)):
        atoms = range(times.first[cue], times.first[cue + 1])
        inside: list[tuple[int, int]] = []
        if times.durations[cue] >= LONG_MS:
            punctuated = SENTENCE_END.search(text) is not None
            inside = list(_sentences_inside(text, atoms) if punctuated else _likely_inside(words, episode, cue, text))
        begins = [times.starts[cue], *(times.at(atom) for _, atom in inside)]
        first += [atoms.start, *(atom for _, atom in inside)]
        starts += begins
        ends += [*begins[1:], times.end(cue)]
        said += [text[begin:end] for begin, end in pairwise([0, *(offset for offset, _ in inside), len(text)])]
        cues += [cue] * len(begins)
    durations = [end - start for start, end in zip(starts, ends, strict=True)]
    here = Times([*first, times.first[-1]], starts, durations)
    return Utterances(here, said, [speakers[cue] for cue in cues], cues)


def _sentences_inside(folded: str, atoms: range) -> Iterator[tuple[int, int]]:
    """The character and the atom at which each sentence of a cue begins, but the first."""
    offsets = [atom.start() for atom in find_atoms(folded)]
    before = 0
    for mark in SENTENCE_END.finditer(folded):
        place = bisect_left(offsets, mark.end())
        if before < place < min(len(atoms), len(offsets)):
            yield offsets[place], atoms[place]
            before = place


def _likely_inside(words: Words, episode: int, cue: int, folded: str) -> Iterator[tuple[int, int]]:
    """The character and the atom at which each sentence of a cue without punctuation probably begins, but the first."""
    times = words.snapshot.times(episode)
    atoms = range(times.first[cue], times.first[cue + 1])
    offsets = [atom.start() for atom in find_atoms(folded)]
    ((first, end),) = words.spans(episode, [(atoms.start, min(atoms.stop, atoms.start + len(offsets)))])
    starts = words.starts(episode)[first:end]
    said = [words.vocabulary[number] for number in words[episode][first:end]]
    for word in likely_starts(said, [times.at(atom) / 1000 for atom in starts], times.end(cue) / 1000):
        yield offsets[starts[word] - atoms.start], starts[word]
