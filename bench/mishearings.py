"""Precision of matches by sound, measured on recordings that were transcribed twice.

    python bench/mishearings.py RECOGNISED CORRECTED [--words 6000]

RECOGNISED and CORRECTED hold .srt files of the same names: what a recogniser wrote, and the same corrected by
people. Words of the corrected files are searched by sound in the recogniser's; a hit is right if the corrected
file has the word at the same place. This is the source of the figures behind search/expansion/admission_rules.py:
right and wrong hits by syllables, exact occurrences, likeness, and the shape of the text found.

Fair: only places that both transcripts have are judged. Unfair: people leave some errors in, and words that
were cut out count as nothing.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rapidfuzz.distance import Levenshtein

import indexer
from indexer.core.positions.timeline import Timeline, lay_out
from indexer.core.text.folding import Folding, opencc_table
from indexer.readers import read_bytes
from indexer.segmentation.segmenter import Segmenter
from indexer.segmentation.words import place_words
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.expansion.similarity.phonetic import PhoneticMatcher, SoundLikeness
from search.matching.sources import RunSource

LEAST_ALIKE = 0.7
"""Transcripts of which less corresponds are of different recordings, or much was cut out."""
LONGEST_CHANGE = 6
"""Atoms: longer changes are rewriting, not correction."""

Judge: TypeAlias = tuple[str, Mapping[int, int]]
"""The corrected stream, and recogniser's position -> corrected position."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recognised", type=Path)
    parser.add_argument("corrected", type=Path)
    parser.add_argument("--words", type=int, default=6000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="podseek-bench-") as place:
        indexer.index_paths([arguments.recognised], place)
        snapshot = EmbeddedSnapshot(Path(place))
        judges, words = read_judges(arguments.corrected, snapshot)
        print(f"{len(judges)} recordings, {len(words)} words")
        chosen = random.Random(1).sample(words, min(arguments.words, len(words)))
        for key, (right, wrong) in sorted(count(chosen, judges, snapshot).items()):
            print(*key, f"right {right} wrong {wrong} share {right / (right + wrong):.2f}", sep="  ")


def read_judges(corrected: Path, snapshot: EmbeddedSnapshot) -> tuple[dict[int, Judge], list[str]]:
    """episode -> its judge, and the Chinese words of two to four characters in the corrected files."""
    folding, segmenter = Folding(opencc_table()), Segmenter()
    numbers = {snapshot.episode(number).stem: number for number in snapshot.episodes()}
    judges: dict[int, Judge] = {}
    words: set[str] = set()
    for path in sorted(corrected.glob("*.srt")):
        if path.stem not in numbers:
            continue
        timeline: Timeline = lay_out(read_bytes(str(path), path.read_bytes()).cues, folding)
        number = numbers[path.stem]
        recognised = snapshot.stream(number).units()
        places = dict(aligned(recognised, timeline.units))
        if len(places) < LEAST_ALIKE * len(timeline.units):
            continue
        judges[number] = timeline.units, places
        words.update(w for w in place_words(timeline, segmenter).positions() if 2 <= len(w) <= 4 and not w.isascii())
    return judges, sorted(words)


def aligned(recognised: str, corrected: str) -> Iterator[tuple[int, int]]:
    """(position, position) of the atoms that correspond."""
    for change in Levenshtein.opcodes(recognised, corrected):
        size = change.src_end - change.src_start
        if change.tag == "equal" or (change.tag == "replace" and size <= LONGEST_CHANGE):
            for offset in range(size):
                yield change.src_start + offset, change.dest_start + offset


def count(
    words: list[str], judges: Mapping[int, Judge], snapshot: EmbeddedSnapshot
) -> dict[tuple[object, ...], list[int]]:
    """(syllables, exact occurrences, likeness, shape) -> right and wrong hits."""
    matcher = PhoneticMatcher(snapshot)
    counts: defaultdict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0])
    for word in words:
        sounds = matcher.sounds(word)
        if sounds is None:
            continue
        exact = RunSource(snapshot, tuple(word)).count
        group = "0" if not exact else "1-5" if exact <= 5 else "6-30" if exact <= 30 else "more"
        for heard in matcher.match(sounds, SoundLikeness.NEAR):
            if heard.atoms == word:
                continue
            key = (len(word), group, heard.likeness.name, heard.shape.name)
            for episode, positions in heard.places.items():
                if episode in judges:
                    text, places = judges[episode]
                    for position in positions:
                        if position in places:
                            at = places[position]
                            counts[key][text[at : at + len(word)] != word] += 1
    return {key: found for key, found in counts.items() if sum(found)}


if __name__ == "__main__":
    main()
