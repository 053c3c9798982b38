"""Questions and titles over transcripts with recognition errors, by their words and by their meaning.

    python bench/noisy_questions.py FOLDER [FOLDER ...] [--percent 0 10 20 30] [--recordings 20] [--meaning]

Takes the recordings in FOLDER that have the most entries of bench/questions.tsv for an hour of speech, replaces so many
of 100 characters of their transcripts by homophones (noise.py), indexes them, and asks their questions and titles as
bench/questions.py does. Prints a table: for each percentage how often a start within [-30, +60] s of the answer is at
rank 1 / among the first ten. With --meaning, vectors are made of the corrupted text, and all is asked without and with
them: 10 s of CPU for each hour of speech and each percentage.

Fair: segmenter and model see the same wrong text. Unfair: few recordings; homophones know nothing of how recognisers
err by context.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from questions import QUESTIONS, RANGES, Question, answer, corrupted, read_questions, recordings
from shared.noise import Noise

import indexer
import search
from indexer.core.text.folding import Folding, opencc_table
from indexer.core.types import Cue
from indexer.readers import read_bytes
from indexer.segmentation.pinyin import pypinyin_readings

KINDS = "question", "title"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--percent", type=int, nargs="+", default=[0, 10, 20, 30])
    parser.add_argument("--recordings", type=int, default=20)
    parser.add_argument("--meaning", action="store_true")
    arguments = parser.parse_args()
    files = recordings(arguments.folders)
    known = [one for one in read_questions() if one.recording in files and one.kind in KINDS]
    names = sorted({one.recording for one in known})
    read = {name: read_bytes(str(files[name]), files[name].read_bytes()).cues for name in names}
    cues = {name: several for name, several in read.items() if several and several[-1].end}
    known = [one for one in known if one.recording in cues]
    if not known:
        sys.exit(f"{arguments.folders[0]}: has none of the recordings in {QUESTIONS.name}: name their folder")
    chosen = densest(known, cues, arguments.recordings)
    asked = [one for one in known if one.recording in chosen]
    hours = sum(cues[name][-1].end for name in chosen) / 3600
    print(f"{len(asked)} questions and titles, {len(chosen)} recordings of {hours:.1f} h")
    print("| noise | ranking | questions | titles |")
    print("|---|---|---|---|")
    for percent in arguments.percent:
        for row in rows(asked, {name: cues[name] for name in chosen}, percent, arguments.meaning):
            print(row, flush=True)


def densest(questions: Sequence[Question], cues: Mapping[str, Sequence[Cue]], most: int) -> list[str]:
    """The recordings with the most questions for their length."""
    amounts = Counter(one.recording for one in questions)
    return sorted(amounts, key=lambda name: (-amounts[name] / cues[name][-1].end, name))[:most]


def rows(asked: Sequence[Question], cues: Mapping[str, Sequence[Cue]], percent: int, meaning: bool) -> Iterator[str]:
    """A row by words and, with `meaning`, one with vectors, for transcripts with so much noise."""
    table = opencc_table()
    folding = Folding(table)
    noise = Noise(pypinyin_readings(table), (folding.fold(cue.text) for several in cues.values() for cue in several))
    with tempfile.TemporaryDirectory(prefix="podseek-bench-") as place:
        folder, index = corrupted(cues, Path(place) / "noisy", noise, folding, percent), Path(place) / "index"
        indexer.index_paths([folder], index)
        if meaning:
            with search.open_library(index) as library:
                library.add_meaning()
        with search.open_library(index) as library:
            for way in (False, True)[: 1 + meaning]:
                cells = " | ".join(shares(library, asked, kind, way) for kind in KINDS)
                yield f"| {percent} % | {('words', 'vectors')[way]} | {cells} |"


def shares(library: search.Library, asked: Sequence[Question], kind: str, meaning: bool) -> str:
    several = [one for one in asked if one.kind == kind]
    answers = (answer(library, one.recording, one.start, one.text, meaning) for one in several)
    ranks = [one.rank(*RANGES[0]) for one in answers]
    first, ten = (sum(0 < rank <= most for rank in ranks) / max(1, len(ranks)) for most in (1, 10))
    return f"{first:.3f} / {ten:.3f} ({len(ranks)})"


if __name__ == "__main__":
    main()
