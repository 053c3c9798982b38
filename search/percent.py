"""Numbers that a % sign follows. The sign is no atom, so the original text tells."""

from __future__ import annotations

from indexer.atoms import find_atoms
from search.postings import Postings
from search.terms import PlacesSource, Source


def before_percent(source: Source, postings: Postings) -> PlacesSource:
    """The places of a source whose last atom a % sign follows."""
    places = {}
    for episode in source.episodes:
        kept = [at for at in source.positions(episode) if _follows(postings, episode, at + source.length - 1)]
        if kept:
            places[episode] = kept
    return PlacesSource(source.length, places)


def _follows(postings: Postings, episode: int, position: int) -> bool:
    times = postings.times(episode)
    cue = times.cue_at(position)
    folded = postings.folding.fold(postings.text(episode)[0][cue])
    ends = [match.end() for match in find_atoms(folded)]
    return folded[ends[position - times.first[cue]] :].lstrip().startswith("%")
