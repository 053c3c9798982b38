"""Merges rolling captions, as in automatic subtitles, where each cue repeats the last line of the one before.

YouTube repeats every line twice: alone for 10 milliseconds, and above the next line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from indexer.readers.subrip.srt_repair import Block

_FLASH_MS = 50
"""A cue this short only repeats a line."""
_MOST_LINES = 12
"""The most lines a rolling cue may have; captions have three."""


def unrolled(blocks: Sequence[Block], plain: Callable[[str], str]) -> tuple[list[Block], int]:
    """Removes lines that the previous block has shown; returns the blocks and the number of lines removed.

    Unless at least half of the blocks roll, the file is returned unchanged: people repeat themselves too. `plain`
    removes the markup from a line, which differs where words are timed.
    """
    shown = [[plain(line) for line in block.text] for block in blocks]
    repeats = [_repeated(before, after) for before, after in pairwise([[], *shown])]
    rolls = sum(_rolls(block, repeat) for block, repeat in zip(blocks, repeats, strict=True))
    if not rolls or rolls * 2 < len(blocks) - 1:
        return list(blocks), 0
    kept = []
    for block, repeat in zip(blocks, repeats, strict=True):
        text = block.text[repeat:]
        if text or not block.text:
            kept.append(block._replace(text=text))
    return kept, sum(repeats)


def _rolls(block: Block, repeated: int) -> bool:
    """True if the repetition is rolling: there is a new line as well, or too little time to read the old one."""
    return repeated > 0 and (len(block.text) > repeated or block.end - block.start <= _FLASH_MS)


def _repeated(before: Sequence[str], after: Sequence[str]) -> int:
    """The number of lines at the start of a block that end the previous one."""
    most = min(len(before), len(after), _MOST_LINES)
    return next((count for count in range(most, 0, -1) if list(before[-count:]) == list(after[:count])), 0)
