"""Asks random queries of the grammar and beyond, and checks what every answer promises. A command:

    PYTHONPATH=.:tests python tests/support/same_answers/queries.py INDEX --count 20000 --seed 7

Each query is answered, or refused in one line; its count, total, list and stream agree; its first page begins the list.
Prints a line for each that does not, then what it did as JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from indexer.core.errors import QueryProblem
from search import Filter, Library, Moment, open_library
from search.query.parse import parse

ODD = (
    *(
        "",
        " ",
        '"',
        '""',
        "“",
        "”",
        "「",
        "』",
        "(",
        ")",
        "()",
        "（",
        "-",
        "--",
        "~",
        "=",
        "*",
        "**",
        "/",
        "\\",
        "%",
        ":",
        "：",
    ),
    *(
        "AND",
        "OR",
        "NOT",
        "NEAR",
        "NEAR/",
        "NEAR/0s",
        "NEAR/-1s",
        "NEAR/9" + "9" * 60 + "s",
        "NEAR/3",
        "and",
        "NEAR/1.5s",
    ),
    *(
        "show:",
        "title:",
        "speaker:",
        "date:",
        "show:*",
        "date:..",
        "date:2025-06..",
        "date:9999-99",
        "only:x",
        "SHOW:a",
    ),
    *(
        "\x00",
        "\x1b[31m",
        "\x7f",
        "\x85",
        "\u202e",
        "\u200b",
        "\ufeff",
        "\ud800",
        "\U0010ffff",
        "e\u0301",
        "ﬁ",
        "İ",
        "ß",
        "㍿",
    ),
    *(
        "0",
        "-0",
        "1e9",
        "1.5",
        "３０％",
        "三十",
        "第三",
        "９" * 40,
        "9" * 400,
        "a" * 300,
        "的" * 300,
        "=*",
        "~*",
        "=~a",
        '="a"',
    ),
    *("'; DROP TABLE", "<script>", "${x}", "%s%n", "../../etc/passwd", "--help", "-rf"),
)
"""Pieces that no grammar expects."""


class Asker:
    """Makes queries of what an index holds."""

    def __init__(self, library: Library, chance: random.Random) -> None:
        self._chance = chance
        snapshot = library.explore.snapshot
        vocabulary = library.explore.words.vocabulary[1:]
        self._words = chance.sample(vocabulary, min(3000, len(vocabulary)))
        self._common = [row.term for row in library.explore.terms(limit=60, function_words=True)]
        self._texts = ["".join(snapshot.text(n)[0]) for n in snapshot.episodes() if snapshot.atoms(n)]
        episodes = library.episodes()
        facts = [*(e.show for e in episodes), *(e.title for e in episodes), *(s for e in episodes for s in e.speakers)]
        self._facts = [fact for fact in facts if fact]
        self._dates = [episode.period for episode in episodes if episode.period] or ["2025-01-01"]

    def word(self) -> str:
        chance = self._chance
        kind = chance.randrange(12)
        if kind < 4:
            return chance.choice(self._common)
        if kind < 9:
            return chance.choice(self._words)
        if kind == 9:
            return self.run()
        word = chance.choice(self._words)
        return chance.choice((f"{word[:1]}*", f"={word}", f"~{word}", f"-{word}", chance.choice(ODD)))

    def run(self) -> str:
        """A stretch of what somebody says."""
        text = self._chance.choice(self._texts)
        at = self._chance.randrange(len(text))
        return text[at : at + self._chance.choice((1, 2, 3, 5, 8, 20, 60))]

    def filter(self) -> str:
        fact = self._chance.choice(self._facts).replace('"', "")
        date = self._chance.choice(self._dates)
        return self._chance.choice(
            (
                f'show:"{fact}"',
                f"title:{fact[:2]}",
                f'speaker:"{fact}"',
                f"date:{date[:7]}",
                f"date:{date}..",
                f"date:..{date}",
            )
        )

    def tree(self, depth: int) -> str:
        chance = self._chance
        if depth <= 0 or chance.random() < 0.25:
            return self.word()
        one, other = self.tree(depth - 1), self.tree(depth - 1)
        joint = chance.choice(
            (
                " ",
                " ",
                " AND ",
                " OR ",
                " NOT ",
                " -",
                " NEAR ",
                " NEAR/8 ",
                f" NEAR/{chance.choice((0, 1, 5, 60, 9999))}s ",
            )
        )
        made = f"{one}{joint}{other}"
        return chance.choice((made, f"({made})", f"-({made})", f'"{one}" {other}', f"（{made}）"))

    def query(self) -> str:
        chance = self._chance
        kind = chance.randrange(20)
        if kind < 6:
            made = self.tree(chance.randrange(1, 4))
        elif kind < 10:
            made = " ".join(self.word() for _ in range(chance.choice((1, 2, 3, 4, 7))))
        elif kind < 12:
            made = chance.choice((self.run(), f'"{self.run()}"', f"“{self.run()}”"))
        elif kind < 14:
            made = chance.choice((" ", " OR ", " AND ")).join(self.word() for _ in range(chance.choice((20, 100))))
        elif kind < 16:
            made = f"{self.tree(2)} {self.filter()}"
        else:
            made = self.tree(2)
            for _ in range(chance.randrange(1, 5)):
                at = chance.randrange(len(made) + 1)
                made = made[:at] + chance.choice(ODD) + made[at + chance.randrange(3) :]
        return made


def shown(moment: Moment) -> tuple[Any, ...]:
    return moment.rank, moment.episode.id, moment.start, round(moment.score, 6)


def faults(library: Library, query: str, options: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the answers to a query."""
    whole = library.search(query, limit=None, **options)
    page = library.search(query, limit=5, **options)
    stream = list(library.each(query, **options)[1])
    counts = library.count(query, **options)
    totals = {
        "list": len(whole),
        "total": whole.total,
        "stream": len(stream),
        "counts": sum(count.moments for count in counts),
    }
    if options["exact"]:  # else a short page may be filled up
        totals["total of a page"] = page.total
    if len(set(totals.values())) != 1:
        yield f"{totals}"
    if list(map(shown, stream)) != list(map(shown, whole)):
        yield "the stream differs from the list"
    matches = Counter(moment.episode.id for moment in whole for _ in moment.matches)
    if matches != +Counter({count.episode.id: count.matches for count in counts}):
        yield "the matches counted differ from those shown"
    yield from _differs(page, whole, options["exact"])
    for moment in whole:
        if not moment.matches and not moment.chapter:
            yield "a moment without matches"
        if any(not 0 <= a < b <= len(cue.text) for cue in moment.cues for a, b in cue.highlights):
            yield "highlights outside the text"


def _differs(page: Sequence[Moment], whole: Sequence[Moment], is_exact: bool) -> Iterator[str]:
    """What of a page is not in the list. Unless all `is_exact`, a page that would be short is filled up with moments
    without the quotes."""
    known = {(moment.episode.id, match.start, match.text): moment for moment in whole for match in moment.matches}
    for moment in page:
        there = next(
            (known[key] for m in moment.matches if (key := (moment.episode.id, m.start, m.text)) in known), None
        )
        if moment.matches and there is None and is_exact:
            yield f"a moment of the first page is not in the list: {moment.episode.id} {moment.start}"
        elif there is not None and there.start == moment.start and len(there.cues) == len(moment.cues):
            exact, all_exact = (sum(m.how == "exact" for m in one.matches) for one in (moment, there))
            if exact != all_exact:
                yield f"{exact} exact matches on the page, {all_exact} in the list: {moment.episode.id} {moment.start}"


def campaign(library: Library, count: int, seed: int) -> tuple[list[str], Counter[str]]:
    """Returns what is wrong, and counts of what was asked."""
    chance = random.Random(seed)
    asker = Asker(library, chance)
    wrong: list[str] = []
    done: Counter[str] = Counter()
    for number in range(count):
        query = asker.query()
        options: dict[str, Any] = {"exact": chance.random() < 0.3, "damping": chance.random() < 0.8}
        if chance.random() < 0.1:
            options["filters"] = [Filter(chance.choice(("show", "title", "speaker", "date", "only")), asker.run())]
        try:
            try:
                parse(query)
                problems = list(faults(library, query, options))
                done["answered"] += 1
            except QueryProblem as problem:
                problems = [] if "\n" not in str(problem) else [f"more than one line: {problem}"]
                done["refused"] += 1
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            problems = [f"{type(error).__name__}: {error} at {Path(place.filename).name}:{place.lineno}"]
        wrong += [f"{number} {query!r} {options}: {problem}" for problem in dict.fromkeys(problems)]
    return wrong, done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with open_library(arguments.index) as library:
        wrong, done = campaign(library, arguments.count, arguments.seed)
    for line in wrong:
        print(line.encode("utf-8", "backslashreplace").decode())
    print(json.dumps({"queries": dict(done), "wrong": len(wrong)}))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
