"""Many different queries of a library in a cluster, each compared with a folder: how many take more than five requests
or 6 MB, and how many answers differ.

    python bench/cluster_many.py INDEX BACKEND [--queries 300] [--seed 1] [--limits 10 100]
        [--kinds "a regular expression"]

INDEX is an index in a folder of the same transcripts as the library at BACKEND. Kinds of queries come in turn: words,
fragments that no dictionary has, misheard words and sentences, pasted text, filters, operators, regular expressions,
questions, misspelt names; each is drawn from the index, and asked for one of the limits in turn. --kinds draws only
these. Prints each query that took more, or differs, and for each limit the sums, medians and maxima. An answer that
says that it is not of all episodes counts for what it took, but is not compared.

Fair: as `bench/cluster.py`. Unfair: fragments and misheard text are harder than what people type.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import cycle, islice

from cluster import Drawn, Measured, measured

from indexer.core.errors import PodseekProblem
from search.backends.snapshot import Snapshot
from search.library import open_library

MOST_REQUESTS, MOST_MEGABYTES = 5, 6.0
_SIGNS = re.compile(r'[/\[\]()*^|:"=~-]')
"""What a query does not take for text."""


class Mixed:
    """Queries of many kinds, drawn from an index."""

    def __init__(self, snapshot: Snapshot, seed: int) -> None:
        self._snapshot = snapshot
        self._chance = random.Random(seed)
        self._drawn = Drawn(snapshot, seed)
        self._names = [name for name in snapshot.names if len(name) > 4 and name.isascii() and name.isalpha()]
        self._alike = _by_sound(snapshot)

    def queries(self, kinds: Collection[str] = ()) -> Iterator[tuple[str, str]]:
        """Yields kind and query, without end; only of some kinds, if any are named."""
        for kind, draw in cycle([one for one in self._kinds() if not kinds or one[0] in kinds]):
            yield kind, draw()

    def _kinds(self) -> Sequence[tuple[str, Callable[[], str]]]:
        """The name of each kind, and a function that draws a query of it."""
        word, said, pick = self._drawn.word, self._said, self._chance.choice
        common, rarer = "common", "rarer"
        return (
            ("a word", lambda: word(pick(("very common", common, rarer)))),
            ("words", lambda: " ".join(word(pick((common, common, rarer))) for _ in range(pick((2, 3, 4))))),
            ("many words", lambda: " ".join(word(pick(("very common", common))) for _ in range(pick((5, 6, 7))))),
            ("fragments", lambda: " ".join(said(pick((2, 2, 3))) for _ in range(pick((2, 3, 4, 6))))),
            ("a piece of a sentence", lambda: said(pick((6, 9, 12, 16, 24)))),
            ("pasted text", lambda: said(pick((44, 60, 90, 120)))),
            ("misheard text", lambda: self._misheard(said(pick((8, 12, 20, 40))))),
            ("a misheard word", lambda: self._misheard(word(common))),
            ("a misheard word and another", lambda: f"{self._misheard(word(common))} {word(common)}"),
            ("a quote", lambda: f'"{said(pick((3, 4, 6)))}"'),
            ("a quote and a word", lambda: f'"{said(pick((4, 5)))}" {word(common)}'),
            ("a quote with one wrong", lambda: f'"{said(6)}某{said(5)}"'),
            ("OR", lambda: f"{word(common)} OR {word(rarer)} OR {word(common)}"),
            ("AND NOT", lambda: f"{word(common)} AND {word(common)} -{word(common)}"),
            ("brackets", lambda: f"({word(common)} OR {word(rarer)}) {word(common)}"),
            ("NEAR", lambda: f"{word(common)} NEAR/{pick((5, 20))}s {word(common)}"),
            ("a regular expression", lambda: f"/{said(1)}.{{0,3}}{said(2)}/"),
            ("exactly and loosely", lambda: f"={word(common)} ~{word(common)}"),
            ("the beginning of a word", lambda: f"{word(common)[0]}* {word(common)}"),
            ("a filter", lambda: f"{word(common)} {word(common)} {self._filter()}"),
            ("a sentence and a filter", lambda: f"{said(14)} {self._filter()}"),
            ("a question", lambda: f"{word(common)}{pick(('是什么', '怎么', '为什么'))}{word(common)}{word(rarer)}"),
            ("a name", lambda: pick(self._names)),
            ("a misspelt name", self._misspelt),
            ("a misspelt name and a word", lambda: f"{self._misspelt()} {word(common)}"),
            ("a percentage", lambda: f"{pick((3, 5, 10, 20, 30, 50))}% {word(common)}"),
        )

    def _said(self, size: int) -> str:
        return _SIGNS.sub(" ", self._drawn.said(size)).strip() or "说"

    def _misheard(self, text: str) -> str:
        """Text of which every fourth character, at least one, is another that sounds the same."""
        others = [at for at, character in enumerate(text) if len(self._alike.get(character, ())) > 1]
        for at in self._chance.sample(others, min(len(others), max(1, len(text) // 4))):
            text = text[:at] + self._chance.choice(self._alike[text[at]]) + text[at + 1 :]
        return text

    def _misspelt(self) -> str:
        name = self._chance.choice(self._names)
        at = self._chance.randrange(1, len(name) - 1)
        swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        other = name[:at] + self._chance.choice("aeioubdt") + name[at + 1 :]
        return self._chance.choice((name[:at] + name[at + 1 :], swapped, other))

    def _filter(self) -> str:
        episode = self._snapshot.episode(self._chance.choice(self._snapshot.episodes()))
        year = episode.period[:4] if episode.period else "2024"
        told = [
            f"show:{episode.show[:6]}",
            f"date:{year}",
            f"title:{episode.title[:2]}",
            f"-title:{episode.title[-1:]}",
        ]
        told += [f"speaker:{voice}" for voice in episode.speakers[:1]]
        return self._chance.choice([one for one in told if not _SIGNS.search(one.partition(":")[2]) and " " not in one])


def _by_sound(snapshot: Snapshot) -> dict[str, list[str]]:
    """Each character that is said often -> those that sound the same."""
    groups: defaultdict[int, list[str]] = defaultdict(list)
    often = (character for character in snapshot.characters() if snapshot.char_count(character) > 20)
    for character in often:
        for sound in snapshot.readings.classes_of(character):
            groups[sound].append(character)
    return {character: several for several in groups.values() for character in several}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index")
    parser.add_argument("backend")
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limits", type=int, nargs="+", default=[10, 100])
    parser.add_argument("--kinds", nargs="+", default=[])
    arguments = parser.parse_args()
    rows: defaultdict[int, list[Measured]] = defaultdict(list)
    with open_library(arguments.index) as near:
        drawn = islice(Mixed(near.snapshot, arguments.seed).queries(arguments.kinds), arguments.queries)
        turns = len(arguments.kinds or Mixed(near.snapshot, arguments.seed)._kinds())
        for number, (kind, query) in enumerate(drawn):
            limit = arguments.limits[(number % turns + number // turns) % len(arguments.limits)]
            try:
                row = measured(near, arguments.backend, query, exact=False, limit=limit)
            except PodseekProblem as problem:
                print(f"refused: {query}: {problem}")
                continue
            rows[limit].append(row)
            if told := _missed(row):
                took = f"{row.requests} requests, {row.megabytes:.2f} MB, {row.episodes} episodes"
                print(f"{', '.join(told)}: {kind}, limit {limit}: {took}: {query}", flush=True)
    for limit, several in rows.items():
        print(summed(limit, several))


def _missed(row: Measured) -> list[str]:
    """What a query missed of its goals."""
    different = row.is_whole and not row.is_same
    named = (different, "different"), (row.requests > MOST_REQUESTS, "requests"), (row.megabytes > MOST_MEGABYTES, "MB")
    return [name for is_so, name in named if is_so]


def summed(limit: int, rows: Sequence[Measured]) -> str:
    """A line about all queries with a limit."""
    missed = Counter(name for row in rows for name in _missed(row))
    sizes = [row.megabytes for row in rows]
    return (
        f"limit {limit}: {len(rows)} queries, {sum(row.is_whole for row in rows)} whole, "
        f"{missed['different']} different; "
        f"{missed['requests']} with more requests, {missed['MB']} with more MB; requests {_spread(rows)}; "
        f"MB {sum(sizes):.0f}, median {statistics.median(sizes):.2f}, most {max(sizes):.2f}"
    )


def _spread(rows: Sequence[Measured]) -> str:
    counts = sorted(Counter(row.requests for row in rows).items())
    return ", ".join(f"{requests}: {count}" for requests, count in counts)


if __name__ == "__main__":
    main()
