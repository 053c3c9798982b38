"""Text parts: the text of an episode a few cues at a time, so that a search fetches the lines that it shows and no
others (docs/design/opensearch-stored.md).

A part is deflated UTF-8: the texts of its cues, one a record, then, if anybody is named, who says them.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from indexer.core.files.inflate import inflate
from indexer.core.named_tuples import NamedTuple
from indexer.store.fields.text import RECORD, SECTION

_MOST = 128
"""Parts of an episode at most."""
NAMES = tuple(f"t{number:02x}" for number in range(_MOST))
"""The names of all parts, in the order of their cues."""
_LEAST_CUES = 32
"""Cues of a part, at least: of fewer, deflating takes off less."""
_LONGEST = 1 << 28
"""Limit on an inflated part in bytes, as of all texts of an episode."""


class PartLines(NamedTuple):
    """The text and the speaker of each cue of a part, in parallel."""

    texts: Sequence[str]
    speakers: Sequence[str]


def size_of(cues: int) -> int:
    """How many cues each part but the last has, of an episode with `cues` cues.

    >>> size_of(1081), size_of(10_000)
    (32, 79)
    """
    return max(_LEAST_CUES, -(-cues // _MOST))


def name_of(cue: int, cues: int) -> str:
    """The name of the part that holds a cue of an episode with `cues` cues."""
    return NAMES[cue // size_of(cues)]


def pack_parts(texts: Sequence[str], speakers: Sequence[str]) -> dict[str, bytes]:
    """The parts by name, of the texts and speakers of all cues of an episode, neither with control characters."""
    size = size_of(len(texts))
    return {
        NAMES[at // size]: zlib.compress(_joined(texts[at : at + size], speakers[at : at + size]), 9)
        for at in range(0, len(texts), size)
    }


def _joined(texts: Sequence[str], speakers: Sequence[str]) -> bytes:
    joined = RECORD.join(texts)
    return (joined + SECTION + RECORD.join(speakers) if any(speakers) else joined).encode()


def unpack_part(packed: bytes, cues: int) -> PartLines:
    """The lines of a part with `cues` cues. Raises ValueError or zlib.error if it is damaged or has another number."""
    texts, _, speakers = inflate(packed, _LONGEST).decode().partition(SECTION)
    lines = PartLines(texts.split(RECORD), speakers.split(RECORD) if speakers else [""] * cues)
    if not len(lines.texts) == len(lines.speakers) == cues:
        raise ValueError("a part of the text has another number of cues")
    return lines
