"""What is indexed and searched while nodes die (`kills.chaos`): transcripts that change, and those who search."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from pathlib import Path

from indexer.core.errors import PodseekProblem, QueryProblem
from indexer.readers import read_bytes
from search import Library, open_library
from search.api import Moment, make_request
from support.library import CORPUS, spaced, write_lines
from support.same_answers.queries import Asker

MARKS = "甲乙丙丁戊己庚辛"
"""Of the versions of a transcript, in turn: the last character of each of its lines."""
EPISODES, LINES = 24, 120
QUERIES = 40


class World:
    """The transcripts of both libraries, below a folder, and what the first must answer."""

    def __init__(self, home: Path, growing: str, steady: str, index: Path, chance: random.Random) -> None:
        """`steady` is the address of a library of what the folder `index` has; `growing` that of one to be made."""
        self.home = home
        self.steady = steady
        self.growing = growing
        self._chance = chance
        self._said = [
            cue.text for path in sorted(CORPUS.glob("*.srt")) for cue in read_bytes("", path.read_bytes()).cues
        ]
        self.versions: dict[str, dict[str, list[str]]] = {}
        """Episode -> mark -> the lines of that version."""
        self._made: Counter[str] = Counter()
        for number in range(EPISODES):
            self._write(number)
        with open_library(index) as library:
            asker = Asker(library, chance)
            self.queries = [asker.query() for _ in range(QUERIES)]
            self.expected = {query: answered(library, query)[0] for query in self.queries}

    @property
    def corpus(self) -> Path:
        return self.home / "corpus"

    def change(self) -> None:
        """Writes some transcripts anew, which brings those back that were removed, and removes one."""
        for number in self._chance.sample(range(EPISODES), EPISODES // 3):
            self._write(number)
        gone = self._path(self._chance.randrange(EPISODES))
        if gone.exists():
            gone.unlink()

    def _write(self, number: int) -> None:
        name = f"show{number % 4}/{number}"
        mark = MARKS[self._made[name] % len(MARKS)]
        self._made[name] += 1
        lines = [f"{said.strip()}{mark}" for said in self._chance.choices(self._said, k=LINES)]
        self.versions.setdefault(name, {})[mark] = lines
        write_lines(self._path(number), spaced(lines))

    def _path(self, number: int) -> Path:
        return self.corpus / f"show{number % 4}" / f"{number}.srt"

    def is_mixed(self, moment: Moment) -> bool:
        """True if a moment is not of one version of its episode."""
        versions = self.versions.get(moment.episode.id, {})
        return not any(
            all(cue.index < len(lines) and lines[cue.index] == cue.text for cue in moment.cues)
            for lines in list(versions.values())
        )


class Asking(threading.Thread):
    """One who searches both libraries until told to stop."""

    def __init__(self, world: World, seed: int) -> None:
        super().__init__(daemon=True)
        self._world = world
        self._chance = random.Random(seed)
        self._over = threading.Event()
        self._libraries: dict[str, Library] = {}
        self.done: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.longest = 0.0

    def stop(self) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        while not self._over.wait(0.05):
            address = self._chance.choice((self._world.steady, self._world.growing))
            query, began = self._chance.choice(self._world.queries), time.monotonic()
            try:
                outcome = self._asked(address, query)
            except PodseekProblem as problem:
                outcome = "refused"
                if "\n" in str(problem):
                    self.wrong.append(f"{query}: not one line: {problem}")
            except Exception as error:
                outcome = "failed"
                self.wrong.append(f"{query}: {type(error).__name__}: {error}")
            self.done[f"{address.rpartition('/')[2]} {outcome}"] += 1
            self.longest = max(self.longest, time.monotonic() - began)
        for library in self._libraries.values():
            library.close()

    def _asked(self, address: str, query: str) -> str:
        """What came of a search, which every third time has nothing in its memory. Raises PodseekProblem."""
        if address in self._libraries and self._chance.random() < 1 / 3:
            self._libraries.pop(address).close()
        if address not in self._libraries:
            self._libraries[address] = open_library(address)
        found, incomplete = answered(self._libraries[address], query)
        if address == self._world.growing:
            if isinstance(found, str):
                return "refused"
            mixed = [moment.episode.id for moment in found if self._world.is_mixed(moment)]
            self.wrong += [f"{query}: a moment of {episode} is of no version of it" for episode in mixed]
        elif not incomplete and shown(found) != shown(self._world.expected[query]):
            self.wrong.append(f"{query[:60]}: another answer, and not marked incomplete: {str(shown(found))[:200]}")
        return "incomplete" if incomplete else "whole"


def answered(library: Library, query: str) -> tuple[list[Moment] | str, str]:
    """The moments of a query, or what is wrong with it; and the complaints about missing parts. Raises IndexProblem."""
    try:
        result = library.search(make_request(query, limit=10))
    except QueryProblem as problem:
        return str(problem), ""
    return list(result), str(result.incomplete or "")


def shown(found: list[Moment] | str) -> object:
    if isinstance(found, str):
        return found
    return [(one.episode.id, one.start, round(one.score, 9), one.matches, one.cues, one.chapter) for one in found]
