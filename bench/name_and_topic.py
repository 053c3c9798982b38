"""Ranking of a frequent name queried with a rare topic: the topic should decide.

    python bench/name_and_topic.py FOLDER [--index DIR] [--pairs 150]

Draws names (a common surname and two characters that nearly always stand together) and rare words from the transcripts
in FOLDER. *Apart*: nowhere is the name said within a minute of the word; the first result must be a place of the word.
*Together*: in one of the places of the word the name is said within 15 s, in the others not within a minute; the first
result must be that one. Right is a start from 20 s before to 10 s after. Not drawn are words whose places would not be
all of the right results: numbers (also written in figures), words whose characters also meet by chance where words
join, and words said where the transcript's times stand still. The index is kept in DIR and used again from there.
--misses prints the pairs that are missed, with what comes first.

Fair: drawn by rules, from what was transcribed, misheard words included. Unfair: rules take some words for names that
are none, and what sounds like a rare word may be the same word, misheard.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from questions import read_sources, recording_of, recordings
from transcribed_twice import AFTER, BEFORE, Source

import indexer
import search
from indexer.readers import read_bytes

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢钟姜崔谭陆范汪廖石金贾夏方侯邹熊孟秦白江阎薛尹段雷黎史陶贺顾毛郝龚邵万钱严赖武戴莫孔向汤柯"
)
NAMES, COMMON, TOGETHER = 20, 40, 0.7
"""Names drawn; times each is said at least; share of its first two characters, and of its last two, that are said
in it."""
RARE = (2, 6)
"""Times that a topic is said."""
NUMERALS = frozenset("〇零一二两三四五六七八九十百千万亿半")
NEAR, FAR = 15.0, 60.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What is typed, and the places (recording, second) of which one must come first."""

    text: str
    right: tuple[tuple[str, float], ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--pairs", type=int, default=150)
    parser.add_argument("--misses", action="store_true")
    arguments = parser.parse_args()
    files = recordings([arguments.folder])
    cues = {name: read_bytes(str(path), path.read_bytes()).cues for name, path in files.items()}
    sources = dict(read_sources({name: several for name, several in cues.items() if several}))
    with tempfile.TemporaryDirectory(prefix="podseek-bench-") as place:
        index = arguments.index or Path(place) / "index"
        if not index.exists():
            indexer.index_paths(list(files.values()), index)
        kinds = drawn(sources, arguments.pairs)
        if not any(kinds.values()):
            sys.exit(f"{arguments.folder}: no name is said {COMMON} times apart from a rare word or beside it")
        with search.open_library(index) as library:
            for kind, pairs in kinds.items():
                missed = [pair for pair in pairs if not is_first(library, pair)]
                print(f"{kind:9} n {len(pairs):3}  first {1 - len(missed) / max(1, len(pairs)):.3f}")
                for pair in missed if arguments.misses else ():
                    print(f"  {pair.text}: first {first_of(library, pair)}, right {pair.right}")


def drawn(sources: Mapping[str, Source], amount: int) -> dict[str, list[Pair]]:
    """Half of the pairs apart, half together."""
    chance = random.Random(5)
    names = {name: places_of(name, sources) for name in common_names(sources)}
    words = rare_words(sources)
    chance.shuffle(words)
    pairs: dict[str, list[Pair]] = {"apart": [], "together": []}
    for word, places in words:
        kinds: defaultdict[str, list[Pair]] = defaultdict(list)
        for name, said in names.items():
            if word in name or name in word:
                continue
            gaps = [distance(second, said.get(recording, ())) for recording, second in places]
            together = tuple(place for place, gap in zip(places, gaps, strict=True) if gap <= NEAR)
            beside = sum(gap <= FAR for gap in gaps)
            if not beside:
                kinds["apart"].append(Pair(f"{name} {word}", tuple(places)))
            elif len(together) == beside == 1:
                kinds["together"].append(Pair(f"{name} {word}", together))
        for kind, several in kinds.items():
            if len(pairs[kind]) < amount // 2:
                pairs[kind].append(chance.choice(several))
    return pairs


def common_names(sources: Mapping[str, Source]) -> list[str]:
    """The most frequent names."""
    runs: Counter[str] = Counter()
    for source in sources.values():
        text = source.timeline.units
        for at, character in enumerate(text):
            if character in SURNAMES:
                runs[text[at : at + 2]] += 1
                runs[text[at : at + 3]] += 1
    likely = (run for run, count in runs.most_common() if len(run) == 3 and count >= COMMON)
    kept = (run for run in likely if run.isalpha() and min(run) >= "一" and max(run) <= "鿿")
    fixed = [run for run in kept if runs[run] >= TOGETHER * runs[run[:2]]]
    texts = [source.timeline.units for source in sources.values()]
    return [run for run in fixed if runs[run] >= TOGETHER * sum(text.count(run[1:]) for text in texts)][:NAMES]


def rare_words(sources: Mapping[str, Source]) -> list[tuple[str, list[tuple[str, float]]]]:
    """The words that are said rarely, and nowhere written otherwise, with all their places; sorted."""
    counts: Counter[str] = Counter()
    for source in sources.values():
        for word, positions in source.words.items():
            if 3 <= len(word) <= 4 and min(word) >= "一" and max(word) <= "鿿" and not NUMERALS.intersection(word):
                counts[word] += len(positions)
    rare = (word for word in sorted(counts) if RARE[0] <= counts[word] <= RARE[1])
    known = ((word, _all_places(word, sources)) for word in rare)
    are_words = ((word, places) for word, places in known if len(places) == counts[word])
    return [
        (word, places) for word, places in are_words if not any(_stands_still(sources[at[0]], at[1]) for at in places)
    ]


def _stands_still(source: Source, second: float) -> bool:
    """True if another cue begins at this second, so that the times there tell nothing."""
    return source.timeline.times.starts.count(round(second * 1000)) > 1


def _all_places(word: str, sources: Mapping[str, Source]) -> list[tuple[str, float]]:
    return [(recording, second) for recording, seconds in places_of(word, sources).items() for second in seconds]


def places_of(run: str, sources: Mapping[str, Source]) -> dict[str, list[float]]:
    """recording -> the seconds at which a run of characters is said."""
    found = ((recording, list(_seconds(run, source))) for recording, source in sources.items())
    return {recording: seconds for recording, seconds in found if seconds}


def _seconds(run: str, source: Source) -> Iterator[float]:
    at = source.timeline.units.find(run)
    while at >= 0:
        yield source.seconds(at)
        at = source.timeline.units.find(run, at + 1)


def distance(second: float, others: Sequence[float]) -> float:
    """Seconds to the nearest of others, which are in order."""
    at = bisect_left(others, second)
    return min((abs(second - other) for other in others[max(0, at - 1) : at + 1]), default=float("inf"))


def first_of(library: search.Library, pair: Pair) -> str:
    """What comes first: the recording, its start and the matches."""
    found = library.search(pair.text, limit=1)
    matches = (f"{match.text} ({match.how}) {match.start:.0f}" for one in found for match in one.matches)
    return " ".join([*(f"{Path(one.episode.path).name} {one.start:.0f}" for one in found), *matches])


def is_first(library: search.Library, pair: Pair) -> bool:
    found = library.search(pair.text, limit=1)
    if not found:
        return False
    recording = recording_of(Path(found[0].episode.path).name)
    return any(recording == of and -BEFORE <= found[0].start - second <= AFTER for of, second in pair.right)


if __name__ == "__main__":
    main()
