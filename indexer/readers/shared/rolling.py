"""Rolling captions, as of automatic subtitles: each shows the last line of the one before again; merged here.

YouTube writes every line twice more than it is said: alone for 10 milliseconds, and above the next line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from indexer.readers.shared.srt_repair import Block

_FLASH_MS = 50
"""A cue as short as this only hands a line on."""
_MOST_LINES = 12
"""Of a cue that may roll. Captions have three."""


def unrolled(blocks: Sequence[Block], plain: Callable[[str], str]) -> tuple[list[Block], int]:
    """The blocks without lines that the one before has shown already, and how many lines that were.

    A file is left as it is unless at least half of its blocks roll: people, too, say things twice.
    `plain` takes the markup off a line, which differs where the words of a line are timed.
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
    """True where repeating says that captions roll: there is a new line as well, or no time to read the old one."""
    return repeated > 0 and (len(block.text) > repeated or block.end - block.start <= _FLASH_MS)


def _repeated(before: Sequence[str], after: Sequence[str]) -> int:
    """How many of the first lines of a block are the last lines of the one before."""
    most = min(len(before), len(after), _MOST_LINES)
    return next((count for count in range(most, 0, -1) if list(before[-count:]) == list(after[:count])), 0)
