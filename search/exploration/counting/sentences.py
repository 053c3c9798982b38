"""Finds sentence ends in transcripts that have punctuation. Most have none, which is detected at once."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from indexer.core.positions.tokens import find_atoms

if TYPE_CHECKING:
    from search.backends.snapshot import Snapshot

_MARKS = "。！？；!?;｡．.﹒﹔﹖﹗︒︔︕︖"
SENTENCE_END = re.compile(r"[。!?;]|(?<!\.)\.(?!\S)")
"""What ends a sentence in folded text. A full stop does so only before a space or at the end: not in 3.5, an address or
an ellipsis."""


def sentence_ends(snapshot: Snapshot, episode: int) -> list[int]:
    """The atoms of an episode that follow a sentence end, ascending."""
    texts, _ = snapshot.text(episode)
    ends: list[int] = []
    for cue in texts.holding(_MARKS):
        first = snapshot.times(episode).first[cue]
        folded = snapshot.folding.fold(texts[cue])
        begins = [atom.start() for atom in find_atoms(folded)]
        ends += sorted({first + bisect_left(begins, mark.start()) for mark in SENTENCE_END.finditer(folded)})
    return ends
