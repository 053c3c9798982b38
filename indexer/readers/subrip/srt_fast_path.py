"""The fast path for regular SubRip files: numbered cues with complete times and text, separated by blank lines.

Most files are regular throughout and read here in one pass. All others go to `srt_repair`, which would find the same
cues in a regular file in twice the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from indexer.core.types import Cue
from indexer.readers.subrip.damaged_times import is_certain
from indexer.readers.subrip.srt_times import MOST_MS, REGULAR_TIMES, full_seconds

_CUE = re.compile(rf"\d{{1,9}}\n{REGULAR_TIMES}\n((?:[^\n]+\n)+)\n+", re.ASCII)
_ODD = re.compile("[\r<{\\\\→＞\u200b-\u200f\u2060\ufeff]")
"""Other line ends, tags, possible arrows, and invisible characters."""


def read_regular(text: str) -> tuple[Cue, ...] | None:
    """The cues of a file that is regular throughout; None for any other file."""
    plain = text.replace("\r\n", "\n").rstrip("\n") + "\n\n"
    if not _CUE.match(plain) or _ODD.search(plain):
        return None
    cues: list[Cue] = []
    line, at, before, latest = 1, 0, 0, 0
    # Each match starts where the last ended, so every line is inspected once.
    while found := _CUE.match(plain, at):
        _, start, start_fraction, _, end, end_fraction, said = found.groups()
        begin, until = full_seconds(start) + int(start_fraction), full_seconds(end) + int(end_fraction)
        text = said.strip()
        if said.find("\n") < len(said) - 1:  # several lines
            lines = [kept for one in said.split("\n") if (kept := one.strip())]
            # After a line of spaces there may be a damaged time line.
            text = "\n".join(lines) if len(lines) == said.count("\n") else ""
        if not before <= begin <= until < MOST_MS or not text:
            return None
        cues.append(Cue(begin / 1000, until / 1000, text, line=line + 1))
        line, at, before, latest = line + found[0].count("\n"), found.end(), begin, max(latest, until)
    if _colons(plain) > 4 * len(cues) and any(map(is_certain, _lines_with_digits(cues))):
        return None
    is_whole = at == len(plain) and plain.count(">") == len(cues)
    return tuple(cues) if is_whole and latest and not cues[-1].text.endswith("|") else None


def _colons(text: str) -> int:
    return text.count(":") + text.count("：")


def _lines_with_digits(cues: Sequence[Cue]) -> Iterator[str]:
    """Yields the lines of text that may be damaged times; most files have none."""
    texts = (cue.text for cue in cues if _colons(cue.text) > 1)
    return (line for text in texts for line in text.split("\n") if _colons(line) > 1)
