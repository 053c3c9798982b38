"""Which terms that a recogniser misheard in one transcript are found there, among all others.

    python bench/misheard_terms.py INDEX TRANSCRIPT TERMS [--first 10]

TERMS is a table that a person writes, outside this repository: on each line a term, a tab, and what the transcript has
instead, several divided by `|`. Each term is searched in INDEX; it is found if a moment of TRANSCRIPT (a part of its
path) has a match at a place of what was heard, among the first results and among all. Even lines are for tuning, odd
ones held out. A term that is nowhere in the index may have two guesses; terms with more are counted.

Fair: the words that people would type. Unfair: few terms of one transcript, known to who writes the rules.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import search

NEAR = 0.5
"""Seconds between a match and a place of what was heard."""
GUESSES = 2


@dataclass(frozen=True, slots=True)
class Found:
    """A term, the ranks of the first moments at each of its places (None: in no result), and its exact moments."""

    term: str
    ranks: Sequence[int | None]
    exact: int
    results: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("transcript", help="a part of the path of the transcript")
    parser.add_argument("terms", type=Path)
    parser.add_argument("--first", type=int, default=10)
    arguments = parser.parse_args()
    groups: defaultdict[str, list[Found]] = defaultdict(list)
    with search.open_library(arguments.index) as library:
        for number, line in enumerate(arguments.terms.read_text("utf-8").splitlines()):
            term, _, heard = line.partition("\t")
            found = looked_for(library, term, heard.split("|"), arguments.transcript)
            print(f"{term}\t{heard}\tranks {found.ranks}\texact moments {found.exact}\tresults {found.results}")
            script = "Latin" if term.isascii() else "Han"
            groups[script].append(found)
            groups[f"{script}, {('tuning', 'held out')[number % 2]}"].append(found)
    for name, several in groups.items():
        first = share(any(rank and rank <= arguments.first for rank in one.ranks) for one in several)
        everywhere = share(any(one.ranks) for one in several)
        print(f"{name}: {len(several)} terms, found among the first {arguments.first} {first}, among all {everywhere}")
    nowhere = [one for one in groups["Han"] + groups["Latin"] if not one.exact]
    print(
        f"nowhere exactly: {len(nowhere)}, with more than {GUESSES} results {sum(one.results > 2 for one in nowhere)}"
    )


def looked_for(library: search.Library, term: str, heard: Iterable[str], transcript: str) -> Found:
    places = [
        match.start
        for text in heard
        for moment in library.search(f'"{text}"', limit=None, exact=True)
        if transcript in moment.episode.path
        for match in moment.matches
    ]
    moments = library.search(term, limit=None)
    exact = sum(all(match.how == "exact" for match in moment.matches) for moment in moments)
    ranks = [
        next((m.rank for m in moments if transcript in m.episode.path and is_at(m, place)), None)
        for place in sorted(set(places))
    ]
    return Found(term, ranks, exact, len(moments))


def is_at(moment: search.Moment, place: float) -> bool:
    return any(abs(match.start - place) <= NEAR for match in moment.matches)


def share(hits: Iterable[bool]) -> str:
    counted = list(hits)
    return f"{sum(counted) / max(1, len(counted)):.2f}"


if __name__ == "__main__":
    main()
