"""Chapters that people named, searched by their titles.

    python bench/chapter_questions.py FOLDER [--titles] [--index DIR] [--half tune|held] [--meaning]

FOLDER has transcripts with chapters, as for bench/borders.py --sentences: they are cut into cues of a sentence and
indexed without the chapters. What is asked is each title of four words or more that ends with a question mark or begins
with an English question word; with --titles every title of two characters or more, in any language. If the index has
vectors, only the recordings that have some are asked about, without vectors and with them; --meaning makes all that
are missing.

Reported, at rank 1 / among ten, with the mean reciprocal rank: a start within [-30, +60] s of the chapter, one in the
chapter (from 30 s before it), and the right recording. --half keeps half of the shows: tune on the first.

Fair: strangers wrote the titles. Unfair: for readers of a list, not for a search; many quote what is said late in the
chapter, and where this is found does not count as its start.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from shared.border_truth import Truth, of_chapters

import search

ASKS = re.compile(
    "(?:what|why|how|when|where|who|which|whose|is|are|was|were|do|does|did|can|could|should|would|will|has|have)"
)
BEFORE, AFTER = 30.0, 60.0
RIGHT = ("S[-30,+60]", "chapter", "recording")
"""What a result may be right in: its start, the chapter, the recording."""
NONE = {
    False: "no chapter that is asked about has an English question as its title: --titles searches all titles",
    True: "no chapter that is asked about has a title of two characters or more: name another folder",
}


@dataclass(frozen=True, slots=True)
class Chapter:
    """The id of a recording, the seconds at which a chapter begins and ends, and its title."""

    recording: str
    start: float
    end: float
    title: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--titles", action="store_true")
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
        report(truth.half(options.half), titles, options.titles)


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


def is_title(title: str) -> bool:
    """
    >>> is_title("访谈"), is_title("3."), is_title("-")
    (True, False, False)
    """
    return len(re.findall(r"[^\W_]", title)) >= 2


def report(truth: Truth, titles: dict[tuple[str, float], str], every_title: bool) -> None:
    is_asked = is_title if every_title else is_question
    with search.open_library(truth.index) as library:
        space = library.explore.space
        numbers = {library.snapshot.episode(number).id: number for number in library.snapshot.episodes()}
        asked = [
            chapter
            for id_, starts in truth.borders.items()
            if space is None or space.place(numbers[id_]) is not None
            for chapter in chapters(library, numbers[id_], starts, titles)
            if is_asked(chapter.title)
        ]
        if not asked:
            sys.exit(NONE[every_title])
        known = len({chapter.recording for chapter in asked})
        print(f"{len(asked)} {'titles' if every_title else 'questions'} of {known} recordings of {len(numbers)}")
        for meaning in (False, True)[: 1 + (space is not None)]:
            ranks = [ranks_of(library, chapter, meaning) for chapter in asked]
            shares = (figures(name, one) for name, one in zip(RIGHT, zip(*ranks, strict=True), strict=True))
            print(f"{('by words', 'with vectors')[meaning]:12}  {'  '.join(shares)}", flush=True)


def chapters(
    library: search.Library, number: int, starts: Sequence[float], titles: dict[tuple[str, float], str]
) -> Iterator[Chapter]:
    """The chapters of a recording that begin after its start."""
    episode = library.snapshot.episode(number)
    for start, end in pairwise((*starts, max(episode.duration, starts[-1]))):
        yield Chapter(episode.id, start, end, titles[Path(episode.path).stem, start])


def ranks_of(library: search.Library, chapter: Chapter, meaning: bool) -> tuple[int, int, int]:
    """The rank of the first of ten results that is right in each way of `RIGHT`; 0 for none."""
    found = library.search(chapter.title, limit=10, meaning=meaning)
    after = [one.start - chapter.start if one.episode.id == chapter.recording else None for one in found]
    length = chapter.end - chapter.start
    return (
        first(at is not None and -BEFORE <= at <= AFTER for at in after),
        first(at is not None and -BEFORE <= at < length for at in after),
        first(at is not None for at in after),
    )


def first(right: Iterable[bool]) -> int:
    """
    >>> first([False, True, True]), first([False])
    (2, 0)
    """
    return next((rank for rank, one in enumerate(right, 1) if one), 0)


def figures(name: str, ranks: Sequence[int]) -> str:
    one, ten = (sum(0 < rank <= most for rank in ranks) / len(ranks) for most in (1, 10))
    return f"{name} {one:.3f} / {ten:.3f} ({sum(1 / rank for rank in ranks if rank) / len(ranks):.3f})"


if __name__ == "__main__":
    main()
