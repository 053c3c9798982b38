"""Where a text is: every place of a part of the corpus at which its atoms stand one after another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from indexer.core.errors import QueryProblem
from indexer.core.named_tuples import NamedTuple
from indexer.core.timeline import Times
from indexer.core.token_stream import Region
from indexer.core.tokens import split_atoms
from search.analysis.subcorpus import Part
from search.backends.embedded.snapshot import Snapshot
from search.matching.terms import RunSource
from search.matching.word_positions import within


class Occurrences(NamedTuple):
    """`places` has the atoms of each episode at which the text begins, in order, and no episode without any; `damped`
    counts those left out as loops and stock lines."""

    places: Mapping[int, Sequence[int]]
    damped: int


def find(snapshot: Snapshot, part: Part, text: str) -> Occurrences:
    """Every place of a part at which a text begins, whatever words and cues it crosses; those that overlap as well.

    Raises QueryProblem for a text with nothing to look for.
    """
    atoms = split_atoms(snapshot.folding.fold(text))
    if not atoms:
        raise QueryProblem(f"{text!r}: has no letter, digit or character to look for: name a word")
    source = RunSource(snapshot, atoms)
    places = {}
    damped = 0
    for episode in source.bounds:
        found = source.positions(episode)
        damped += len(within(found, part.damped.get(episode, ())))
        if kept := within(found, part.kept.get(episode, ())):
            places[episode] = kept
    return Occurrences(places, damped)


def size(regions: Iterable[Region]) -> int:
    """The atoms in some regions."""
    return sum(end - begin for begin, end in regions)


def seconds(times: Times, regions: Iterable[Region]) -> float:
    """How long some regions take to say, in seconds, each from its first atom to its last: pauses count, what lies
    between two regions does not."""
    return sum(max(0, times.until(end) - times.at(begin)) for begin, end in regions) / 1000


def line_at(snapshot: Snapshot, episode: int, place: int) -> str:
    """The text of the cue that holds an atom."""
    return snapshot.text(episode)[0][snapshot.times(episode).cue_at(place)]
