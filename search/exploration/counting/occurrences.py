"""Finds the occurrences of a text in a part of the corpus."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING

from indexer.core.errors import QueryProblem
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.native import within
from indexer.core.positions.timeline import Times
from indexer.core.positions.token_stream import Region
from indexer.core.positions.tokens import split_atoms
from search.exploration.counting.subcorpus import Part
from search.matching.sources import RunSource
from search.query.deadline import Deadline, OutOfTime

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot


class Occurrences(NamedTuple):
    """`places` maps episodes to the ascending positions of the text, without empty lists; `damped` counts occurrences
    left out as the recogniser's loops and stock lines."""

    places: Mapping[int, Sequence[int]]
    damped: int


def find(
    snapshot: Snapshot, part: Part, texts: Iterable[str], deadline: Deadline | None = None
) -> tuple[dict[str, Occurrences], Part]:
    """Returns all occurrences of each text in a part, across words and cues, including overlapping ones; and the part,
    as far as it was searched by the deadline.

    Raises QueryProblem for a text with nothing to look for.
    """
    sources = {text: _source(snapshot, text) for text in texts}
    places: dict[str, dict[int, Sequence[int]]] = {text: {} for text in sources}
    damped = dict.fromkeys(sources, 0)
    episodes = dict.fromkeys(chain(part.kept, part.damped))
    searched = set()
    with suppress(OutOfTime):
        for episode in (deadline or Deadline()).within(episodes):
            # Not the source's own positions, which it keeps: lists of integers take ten times the memory.
            stream = snapshot.stream(episode)
            said = {text: stream.find(one.atoms) for text, one in sources.items() if episode in one.bounds}
            searched.add(episode)
            for text, found in said.items():
                damped[text] += len(within(found, part.damped.get(episode, ())))
                if kept := within(found, part.kept.get(episode, ())):
                    places[text][episode] = array("I", kept)
    if deadline is not None:
        deadline.note_progress(len(searched), len(episodes))
    occurrences = {text: Occurrences(places[text], damped[text]) for text in sources}
    return occurrences, part if len(searched) == len(episodes) else part.within(searched)


def _source(snapshot: Snapshot, text: str) -> RunSource:
    atoms = split_atoms(snapshot.folding.fold(text))
    if not atoms:
        raise QueryProblem(_("{text!r}: has no letter, digit or character to look for: name a word").format(text=text))
    return RunSource(snapshot, atoms)


def size(regions: Iterable[Region]) -> int:
    """The number of atoms in some regions."""
    return sum(end - begin for begin, end in regions)


def seconds(times: Times, regions: Iterable[Region]) -> float:
    """The duration of some regions in seconds, each from its first atom to its last: includes pauses, excludes the gaps
    between regions."""
    return sum(max(0, times.until(end) - times.at(begin)) for begin, end in regions) / 1000


def line_at(snapshot: Snapshot, episode: int, place: int) -> str:
    """The text of the cue that holds an atom."""
    return snapshot.text(episode)[0][snapshot.times(episode).cue_at(place)]
