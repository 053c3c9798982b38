"""Precision of the mishearings that `podseek variants --discover` proposes, judged by a person.

    python bench/proposed_mishearings.py INDEX [--first 50] [--places 3]   prints them with what is said around them
    python bench/proposed_mishearings.py INDEX --judged FILE                   counts those that FILE calls right

FILE is a table that the person writes, outside this repository, since it quotes real transcripts: a line for each pair,
`heard`, `right` and `y` or `n`, separated by tabs. A pair is right if most of the printed places say `right` when they
are read aloud. Pairs that are not judged are printed again, and count as wrong.

Fair: the pairs as a user gets them. Unfair: one judge, not blind, who reads and does not listen.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import search
from search.expansion.mishearings.suspects import Suspect

BEFORE, AFTER = 6.0, 8.0
"""Seconds of speech printed around the start of a cue."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--first", type=int, default=50, help="pairs")
    parser.add_argument("--places", type=int, default=3, help="places of each that are printed")
    parser.add_argument("--judged", type=Path, help="the table of judgements")
    arguments = parser.parse_args()
    judged = read_judged(arguments.judged) if arguments.judged else {}
    with search.open_library(arguments.index) as library:
        suspects = library.suspects(arguments.first)
        for rank, suspect in enumerate(suspects, 1):
            if (suspect.heard, suspect.right) not in judged:
                print(f"{rank}\t{suspect.heard} ({suspect.heard_count})\t{suspect.right} ({suspect.right_count})")
                for line in places(library, suspect, arguments.places):
                    print(f"\t{line}")
    if judged:
        marks = [judged.get((suspect.heard, suspect.right)) for suspect in suspects]
        print(
            f"first {len(marks)}: right {marks.count(True)}, wrong {marks.count(False)}, "
            f"not judged {marks.count(None)}, precision {marks.count(True) / max(1, len(marks)):.2f}"
        )


def read_judged(path: Path) -> Mapping[tuple[str, str], bool]:
    """(heard, right) -> whether it is a mishearing. Exits with the line that is no judgement."""
    judged = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        cells = line.split("\t")
        if len(cells) != 3 or cells[2] not in ("y", "n"):
            raise SystemExit(f"{path}:{number}: not heard, right and y or n, separated by tabs")
        judged[cells[0], cells[1]] = cells[2] == "y"
    return judged


def places(library: search.Library, suspect: Suspect, most: int) -> Iterator[str]:
    """What is said around the first place of what was heard, and around others, also inside longer words."""
    example = suspect.example.episode.id, suspect.example.start
    others = library.search(f'="{suspect.heard}"', limit=most, exact=True)
    found = dict.fromkeys([example, *((moment.episode.id, moment.matches[0].start) for moment in others)])
    for episode, at in list(found)[:most]:
        said = library.read(episode, max(0.0, at - BEFORE), at + AFTER)[1]
        yield f"{episode} {at:.0f} s: " + " / ".join(cue.text for cue in said)


if __name__ == "__main__":
    main()
