"""Questions and titles in people's own words, over real transcripts that are not in the repository.

    python bench/questions.py FOLDER [FOLDER ...] [--index DIR] [--half tune|held|both] [--guards] [--misses]
        [--no-meaning]

bench/questions.tsv has 212 questions, 196 chapter titles and 40 questions in English. Each names a recording by the
name of its file, the second at which the answer starts, and what a listener may type. FOLDER holds transcripts of some
of these recordings; entries of others, and of recordings that DIR has not indexed, are skipped. Half of the recordings
are for tuning, the other half are held out: tune on the first only. A file that holds a recording again (`_raw`, a
translation) counts as the same recording, and is indexed only if no other does. The index is kept in DIR and used again
from there, else made anew in a temporary folder.

Reported: how often the first result, and any of ten, is of the right recording (episode@1, episode@10), and how often
one of them starts within [-30, +60] s and within [-90, +60] s of the answer (S@1, S@10); also of those entries alone
that have a Latin word among the Chinese ones.

--guards adds what must not get worse: three of the ten rarest words within 18 s, runs of twelve characters, both as in
bench/transcribed_twice.py, from the recordings that have questions, and the words again with 10, 20 and 30 % of all
characters replaced by homophones (bench/shared/noise.py). --misses prints the entries that are not found at rank 1. If
the index in DIR has vectors (podseek index --meaning), questions use them, unless --no-meaning is given.

Fair: the questions were written while reading the transcripts around places drawn at random, without trying a search.
Unfair: one person wrote them, knowing the answer, so they share more words with it than those of strangers would.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from shared.noise import Noise
from transcribed_twice import BEFORE, Query, Source, keywords, sentences

import indexer
import search
from indexer.core.positions.timeline import lay_out
from indexer.core.text.folding import Folding, opencc_table
from indexer.core.types import Cue
from indexer.readers import read_bytes
from indexer.segmentation.pinyin import pypinyin_readings
from indexer.segmentation.segmenter import Segmenter
from indexer.segmentation.words import place_words

ENGLISH = "english"
"""The kind of questions in English."""
QUESTIONS = Path(__file__).resolve().parent / "questions.tsv"
RANGES = ((30.0, 60.0), (90.0, 60.0))
"""Seconds before and after the answer within which a start is right."""
GUARDS, NOISE = 200, (10, 20, 30)
SUFFIXES = (".srt", ".vtt", ".csv", ".md", ".lrc", ".json", ".txt")


@dataclass(frozen=True, slots=True)
class Question:
    kind: str
    recording: str
    start: float
    text: str

    @property
    def half(self) -> str:
        """All entries of a recording are in the same half."""
        return ("tune", "held")[crc32(self.recording.encode()) % 2]

    @property
    def is_mixed(self) -> bool:
        """True if Latin and Chinese words are side by side."""
        return self.kind != ENGLISH and any(character.isascii() and character.isalpha() for character in self.text)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found: per result whether the recording is right, and the start relative to the answer."""

    results: tuple[tuple[bool, float], ...]
    seconds: float

    def rank(self, before: float, after: float) -> int:
        """The rank of the first right result; 0 for none."""
        right = (at for at, (same, start) in enumerate(self.results, 1) if same and -before <= start <= after)
        return next(right, 0)

    def episode(self) -> int:
        return next((at for at, (same, _) in enumerate(self.results, 1) if same), 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--index", type=Path)
    parser.add_argument("--half", choices=("tune", "held", "both"), default="both")
    parser.add_argument("--guards", action="store_true")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--no-meaning", action="store_true")
    arguments = parser.parse_args()
    files = recordings(arguments.folders)
    questions = [one for one in read_questions() if one.recording in files]
    asked = [one for one in questions if arguments.half in ("both", one.half)]
    if not asked:
        sys.exit(f"{arguments.folders[0]}: has none of the recordings in {QUESTIONS.name}: name their folder")
    with tempfile.TemporaryDirectory(prefix="podseek-bench-") as place:
        index = arguments.index or Path(place) / "index"
        if not index.exists():
            indexer.index_paths(list(files.values()), index)
        with search.open_library(index) as library:
            indexed = {recording_of(Path(episode.path).name) for episode in library.episodes()}
            asked = [one for one in asked if one.recording in indexed]
            print(f"{len(indexed)} recordings, {len(asked)} questions and titles, {arguments.half}")
            report(library, asked, arguments.misses, not arguments.no_meaning)
        if arguments.guards:
            guard(index, {name: files[name] for name in sorted({one.recording for one in questions})}, Path(place))


def read_questions() -> Iterator[Question]:
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Question(row["kind"], row["recording"], float(row["start"]), row["text"])


def recordings(folders: Iterable[Path]) -> dict[str, Path]:
    """recording -> its file; of several, the corrected one and the bilingual one."""
    found: dict[str, Path] = {}
    for folder in folders:
        paths = sorted(folder.rglob("*")) if folder.is_dir() else [folder]
        for path in paths:
            if path.suffix in SUFFIXES and path.is_file():
                name = recording_of(path.name)
                known = found.get(name)
                if known is None or _preference(path) > _preference(known):
                    found[name] = path
    return found


def recording_of(name: str) -> str:
    """The name of a recording, from a file's.

    >>> recording_of("talk7_raw.csv"), recording_of("talk7 .csv"), recording_of("a.zh-CN-dual-double.srt")
    ('talk7', 'talk7', 'a')
    """
    stem = name.rpartition(".")[0] or name
    return stem.removesuffix(".zh-CN-dual-double").removesuffix("_raw").strip()


def _preference(path: Path) -> tuple[bool, bool]:
    return (not path.stem.endswith("_raw"), path.stem.endswith("-dual-double"))


def report(library: search.Library, questions: Sequence[Question], misses: bool, meaning: bool) -> None:
    by_kind: defaultdict[str, list[tuple[Question, Answer]]] = defaultdict(list)
    for question in questions:
        found = answer(library, question.recording, question.start, question.text, meaning)
        by_kind[question.kind].append((question, found))
    for kind, answered in sorted(by_kind.items()):
        print(f"{kind:18} {figures([one for _, one in answered])}")
        if mixed := [one for question, one in answered if question.is_mixed]:
            print(f"{'  two languages':18} {figures(mixed)}")
    if misses:
        for kind, answered in sorted(by_kind.items()):
            for question, one in answered:
                rank = one.rank(*RANGES[0])
                if rank != 1:
                    print(f"{kind:9} rank {rank or '-':>2} episode {one.episode() or '-':>2} {question.text}")


def answer(library: search.Library, recording: str, start: float, text: str, meaning: bool = True) -> Answer:
    before = time.process_time()
    found = library.search(text, limit=10, meaning=meaning)
    seconds = time.process_time() - before
    results = ((recording_of(Path(one.episode.path).name) == recording, one.start - start) for one in found)
    return Answer(tuple(results), seconds)


def figures(answers: Sequence[Answer]) -> str:
    """One line: the shares of right answers, and the CPU that they took."""
    amount = len(answers)
    parts = [_shares("episode", [one.episode() for one in answers])]
    for before, after in RANGES:
        parts.append(_shares(f"S[-{before:g},+{after:g}]", [one.rank(before, after) for one in answers]))
    mean = 1000 * sum(one.seconds for one in answers) / amount
    return f"n {amount:3}  {'  '.join(parts)}  CPU {mean:.0f} ms"


def _shares(name: str, ranks: Sequence[int]) -> str:
    first, ten = (sum(0 < rank <= most for rank in ranks) / len(ranks) for most in (1, 10))
    return f"{name} {first:.3f} / {ten:.3f}"


def guard(index: Path, files: Mapping[str, Path], place: Path) -> None:
    """Prints the figures of what must not get worse."""
    cues = {name: read_bytes(str(path), path.read_bytes()).cues for name, path in files.items()}
    sources = dict(read_sources(cues))
    words, runs = list(keywords(sources, GUARDS)), list(sentences(sources, GUARDS))
    with search.open_library(index) as library:
        print(f"{'three keywords':18} {guarded(library, words)}")
        print(f"{'12 characters':18} {guarded(library, runs)}")
    table = opencc_table()
    folding = Folding(table)
    noise = Noise(pypinyin_readings(table), (folding.fold(cue.text) for several in cues.values() for cue in several))
    for percent in NOISE:
        folder = corrupted(cues, place / f"noisy-{percent}", noise, folding, percent)
        indexer.index_paths([folder], place / f"index-{percent}")
        with search.open_library(place / f"index-{percent}") as library:
            print(f"{f'keywords, {percent} %':18} {guarded(library, words)}")
            print(f"{f'12 chars, {percent} %':18} {guarded(library, runs)}")


def read_sources(cues: Mapping[str, Sequence[Cue]]) -> Iterator[tuple[str, Source]]:
    folding, segmenter = Folding(opencc_table()), Segmenter()
    for name, several in cues.items():
        timeline = lay_out(several, folding)
        yield name, Source(timeline, place_words(timeline, segmenter).positions())


def guarded(library: search.Library, queries: Sequence[Query]) -> str:
    """Right as in bench/transcribed_twice.py: within 20 s before and 10 s after."""
    answers = [answer(library, query.stem, query.start, query.text) for query in queries]
    shares = _shares("S[-20,+10]", [one.rank(BEFORE, 10.0) for one in answers])
    return f"n {len(queries):3}  {shares}  CPU {1000 * sum(one.seconds for one in answers) / len(answers):.0f} ms"


def corrupted(cues: Mapping[str, Sequence[Cue]], place: Path, noise: Noise, folding: Folding, percent: int) -> Path:
    """The recordings as SubRip with so many of 100 characters replaced."""
    place.mkdir()
    chance = random.Random(percent)
    for name, several in cues.items():
        lines = (
            f"{number}\n{_stamp(cue.start)} --> {_stamp(cue.end)}\n"
            f"{noise.corrupt(folding.fold(cue.text), percent / 100, chance)}\n"
            for number, cue in enumerate(several, 1)
        )
        (place / f"{name}.srt").write_text("\n".join(lines), "utf-8")
    return place


def _stamp(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3600000:02}:{whole // 60000 % 60:02}:{whole // 1000 % 60:02},{whole % 1000:03}"


if __name__ == "__main__":
    main()
