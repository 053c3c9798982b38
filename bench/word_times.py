"""Accuracy of the estimated time of a word inside a long cue.

    python bench/word_times.py FOLDER [--seconds 20]

Cues of the transcripts in FOLDER are joined into paragraphs of so many seconds, as paragraph recognisers
write them, and each original cue is looked for in its paragraph: how far is the worked-out time from the
true one?

Fair: real speech with its pauses. Unfair: true times are themselves a recogniser's.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from indexer.core.positions.timeline import LONG_MS, lay_out
from indexer.core.text.folding import Folding, opencc_table
from indexer.core.types import Cue
from indexer.discovery.walk import find_transcripts
from indexer.readers import read_bytes
from search.retrieval.windows import EARLY_MS


def paragraphs(cues: tuple[Cue, ...], seconds: float) -> Iterator[list[Cue]]:
    """The cues in groups of so many seconds; a step back in time or a long silence begins a new one."""
    group: list[Cue] = []
    for cue in cues:
        if group and not (group[-1].start <= cue.start <= group[-1].end + 5 and cue.end - group[0].start <= seconds):
            yield group
            group = []
        group.append(cue)
    if group:
        yield group


def errors(cues: tuple[Cue, ...], seconds: float, folding: Folding) -> Iterator[tuple[float, float]]:
    """(worked-out time - true time, paragraph's start - true time) of each cue that is not the first of its
    paragraph, in seconds."""
    groups = [group for group in paragraphs(cues, seconds) if group[-1].end - group[0].start >= LONG_MS / 1000]
    joined = [Cue(group[0].start, group[-1].end, "，".join(cue.text for cue in group)) for group in groups]
    times = lay_out(joined, folding).times
    for number, group in enumerate(groups):
        sizes = [len(lay_out([cue], folding).units) for cue in group]
        for cue, before in list(zip(group, accumulate(sizes, initial=0), strict=False))[1:]:
            yield times.at(times.first[number] + before) / 1000 - cue.start, group[0].start - cue.start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    folding = Folding(opencc_table())
    found = [
        error
        for path in find_transcripts([options.folder], [])
        for error in errors(read_bytes(str(path), path.read_bytes()).cues, options.seconds, folding)
    ]
    if not found:
        sys.exit(f"{options.folder}: no transcript with cues to join")
    inside = sorted(abs(error) for error, _ in found)
    start = sorted(abs(error) for _, error in found)
    early = sum(error - EARLY_MS / 1000 <= 0 for error, _ in found) / len(found)
    for name, values in (("worked out", inside), ("start of the cue", start)):
        middle, most = values[len(values) // 2], values[len(values) * 9 // 10]
        print(f"{name:<17} error: median {middle:.2f} s, 90 % within {most:.2f} s")
    print(f"{len(found):,} places; playing {EARLY_MS / 1000} s earlier begins before the word in {early:.1%}")


if __name__ == "__main__":
    main()
