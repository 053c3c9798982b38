"""Questions and titles over transcripts with recognition errors, by their words and by their meaning.

    python bench/noisy_questions.py FOLDER [FOLDER ...] [--percent 0 20] [--recordings 8] [--half tune|held|both]
        [--meaning]

Takes the recordings in FOLDER that have the most entries in bench/questions.tsv, replaces so many of 100 characters of
their transcripts by homophones (noise.py), indexes them, and asks their questions and titles as bench/questions.py
does. With --meaning, vectors are made of the corrupted text, and all is asked without and with them: 10 s of CPU for
each hour of speech and each percentage.

Fair: segmenter and model see the same wrong text. Unfair: few recordings; homophones know nothing of how recognisers
err by context.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from noise import Noise
from questions import QUESTIONS, corrupted, read_questions, recordings, report

import indexer
import search
from indexer.core.folding import Folding, opencc_table
from indexer.readers import read_bytes
from indexer.segmentation.pinyin import pypinyin_readings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--percent", type=int, nargs="+", default=[0, 20])
    parser.add_argument("--recordings", type=int, default=8)
    parser.add_argument("--half", choices=("tune", "held", "both"), default="both")
    parser.add_argument("--meaning", action="store_true")
    arguments = parser.parse_args()
    files = recordings(arguments.folders)
    known = [one for one in read_questions() if one.recording in files and arguments.half in ("both", one.half)]
    chosen = [name for name, _ in Counter(one.recording for one in known).most_common(arguments.recordings)]
    asked = [one for one in known if one.recording in chosen]
    if not asked:
        sys.exit(f"{arguments.folders[0]}: has none of the recordings in {QUESTIONS.name}: name their folder")
    cues = {name: read_bytes(str(files[name]), files[name].read_bytes()).cues for name in chosen}
    table = opencc_table()
    folding = Folding(table)
    noise = Noise(pypinyin_readings(table), (folding.fold(cue.text) for several in cues.values() for cue in several))
    with tempfile.TemporaryDirectory(prefix="podseek-bench-") as place:
        for percent in arguments.percent:
            folder = corrupted(cues, Path(place) / f"noisy-{percent}", noise, folding, percent)
            index = Path(place) / f"index-{percent}"
            indexer.index_paths([folder], index)
            if arguments.meaning:
                with search.open_library(index) as library:
                    library.add_meaning()
            with search.open_library(index) as library:
                for meaning in (False, True)[: 1 + arguments.meaning]:
                    print(f"{percent} % noise, {len(chosen)} recordings, {('by words', 'with vectors')[meaning]}")
                    report(library, asked, False, meaning)


if __name__ == "__main__":
    main()
