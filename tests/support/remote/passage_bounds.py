"""Upper bounds of the windows in passages of episodes, by counting the terms in every passage of an index on this
machine."""

from __future__ import annotations

import struct
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from indexer.core.positions.token_stream import is_basic
from search.backends.remote import ByBound
from search.scoring import WEIGHTS, saturated
from support.remote.read_index import ReadIndex


def passage_bounds(index: ReadIndex, listed: ByBound, episodes: Iterable[int]) -> Iterator[tuple[float, int]]:
    """Yields (upper bound, episode) of the passages of some episodes that are to be listed."""
    terms, total = listed.terms, listed.total
    for number in episodes:
        passages: defaultdict[int, Counter[str]] = defaultdict(Counter)
        said = index.passages(number)
        for text in {text for term in terms for text in term.texts}:
            for at in (index.run((text,)) if is_basic(text) else index.word(text)).positions(number):
                passages[said[at]][text] += 1
                passages[said[at] - 1][text] += 1
        for run in {run for term in terms for run in term.runs}:
            for at in index.run(run).positions(number):
                passages[said[at]]["".join(run)] += 1
                passages[said[at] - 1]["".join(run)] += 1
        places = [said[at] for run in listed.among for at in index.run(run).positions(number)]
        among = {part for place in places for part in (place, place - 1)}
        for part, counts in passages.items():
            if listed.among and part not in among:
                continue
            score = covered = 0.0
            for term in terms:
                texts = (*term.texts, *map("".join, term.runs))
                own = [saturated(counts[text], WEIGHTS) for text in texts if counts[text]]
                score += term.weight * sum(own)
                covered += term.weight if own else 0.0
            bound = score * covered / total
            yield struct.unpack("f", struct.pack("f", bound))[0], number
