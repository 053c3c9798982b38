"""Chapters that people called by an English question, asked as a question.

    python bench/chapter_questions.py FOLDER [--index DIR] [--half tune|held] [--meaning]

FOLDER has transcripts with chapters, as for bench/borders.py --sentences: they are cut into cues of a sentence and
indexed without the chapters. What is asked is each title of four words or more that ends with a question mark or begins
with a question word; right is a start within [-30, +60] s of the chapter. If the index has vectors, only the
recordings that have some are asked about, without vectors and with them; --meaning makes all that are missing.

Fair: strangers wrote the titles. Unfair: for readers of a list, not for a search.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from shared.border_truth import Truth, of_chapters

import search

ASKS = re.compile(
    "(?:what|why|how|when|where|who|which|whose|is|are|was|were|do|does|did|can|could|should|would|will|has|have)"
)
BEFORE, AFTER = 30.0, 60.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--half", choices=("tune", "held"))
    parser.add_argument("--meaning", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="podseek-bench-") as name:
        work = Path(name)
        truth = of_chapters(options.folder, options.index or work / "index", True, work)
        if not truth.borders:
            sys.exit(f"{options.folder}: no chapters by people")
        titles = dict(titles_of(work / "paragraphs"))
        if options.meaning:
            with search.open_library(truth.index) as library:
                library.add_meaning()
        report(truth.half(options.half), titles)


def titles_of(index: Path) -> Iterator[tuple[tuple[str, float], str]]:
    """(name of a transcript, start of a chapter) -> its title."""
    with search.open_library(index) as library:
        for episode in library.episodes():
            yield from (((Path(episode.path).stem, one.start), one.title) for one in episode.facts.chapters)


def is_question(title: str) -> bool:
    """
    >>> is_question("What is a good first question"), is_question("Why now?"), is_question("A history of questions")
    (True, False, False)
    """
    words = re.findall(r"[^\W_]+", title.lower())
    return len(words) >= 4 and (ASKS.fullmatch(words[0]) is not None or title.rstrip().endswith(("?", "？")))


def report(truth: Truth, titles: dict[tuple[str, float], str]) -> None:
    with search.open_library(truth.index) as library:
        space = library.explore.space
        numbers = {library.snapshot.episode(number).id: number for number in library.snapshot.episodes()}
        stems = {id_: Path(library.snapshot.episode(numbers[id_]).path).stem for id_ in truth.borders}
        asked = [
            (id_, start, titles[stems[id_], start])
            for id_, starts in truth.borders.items()
            if space is None or space.place(numbers[id_]) is not None
            for start in starts
            if is_question(titles[stems[id_], start])
        ]
        print(f"{len(asked)} questions about {len({id_ for id_, _, _ in asked})} recordings of {len(numbers)}")
        for meaning in (False, True)[: 1 + (space is not None)]:
            ranks = [rank(library, id_, start, title, meaning) for id_, start, title in asked]
            first, ten = (sum(0 < one <= most for one in ranks) / max(1, len(ranks)) for most in (1, 10))
            print(f"{('by words', 'with vectors')[meaning]:12}  S[-30,+60] {first:.3f} / {ten:.3f}")


def rank(library: search.Library, id_: str, start: float, title: str, meaning: bool) -> int:
    """The rank of the first right result of ten; 0 for none."""
    found = library.search(title, limit=10, meaning=meaning)
    right = (at for at, one in enumerate(found, 1) if one.episode.id == id_ and -BEFORE <= one.start - start <= AFTER)
    return next(right, 0)


if __name__ == "__main__":
    main()
