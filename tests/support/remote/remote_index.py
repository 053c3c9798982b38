"""A remote index without a network: answers as one does, from an index on this machine, by trying every episode."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property, partial
from itertools import takewhile
from pathlib import Path
from zlib import crc32

from indexer.store import schema
from indexer.store.cluster.documents.layout import FORMAT, HAS_DECKS, HAS_TEXT_PARTS
from indexer.store.cluster.documents.text_parts import NAMES as TEXT_PARTS
from search.backends.conditions import Condition, Disjunction, HasSounds
from search.backends.remote import (
    FIRST_SINGLE,
    Answers,
    ByBound,
    Cost,
    Frequencies,
    Frequency,
    Likeliest,
    Peak,
    Questions,
    RemoteIndex,
    Spelled,
    Stored,
    WantedEpisodes,
)
from support.remote.passage_bounds import passage_bounds
from support.remote.read_index import read_index
from support.remote.remote_conditions import counts_of, meets, values_of

_STANDING = {"place", "folder", "copies", "commit", "episode_count", "total_atoms", "has_titles", "has_decks"}
_STANDING |= {"has_text_parts", "is_current", "newest", "close", "within", "cost", "unanswered"}
ASKED = {name for name in vars(RemoteIndex) if not name.startswith("_")} - _STANDING
"""The methods that send requests."""


class StandIn:
    """Implements `search.backends.remote.RemoteIndex` over an index in a folder."""

    def __init__(self, folder: Path, format: int = FORMAT) -> None:
        self._index = read_index(folder)
        self._snapshot = self._index.snapshot
        self.format = format
        self.asked: Counter[str] = Counter()
        """Requests by the name of their method."""
        self.questions: list[Questions] = []
        """What was asked at once, in each request with several questions."""
        self.fetched: Counter[str] = Counter()
        self.whole: Counter[str] = Counter()
        """How often each episode was fetched, by its key; and whole."""
        self.lines: Counter[str] = Counter()
        """How many text parts of each were."""

    place = "https://search.example.org:9200/sample"

    @property
    def folder(self) -> str:
        return str(self._snapshot.folder)

    @property
    def copies(self) -> str:
        return self.folder

    @property
    def commit(self) -> int:
        return self._snapshot.commit

    @property
    def episode_count(self) -> int:
        return self._snapshot.episode_count

    @property
    def total_atoms(self) -> int:
        return self._snapshot.total_atoms

    @property
    def has_titles(self) -> bool:
        return bool(self._snapshot.titles)

    @property
    def has_decks(self) -> bool:
        return self.format >= HAS_DECKS

    @property
    def has_text_parts(self) -> bool:
        return self.format >= HAS_TEXT_PARTS

    def is_current(self) -> bool:
        return self._snapshot.is_current()

    def newest(self) -> StandIn:
        return StandIn(Path(self.folder))

    def close(self) -> None:
        self.asked["close"] += 1

    def within(self, left: Callable[[], float]) -> AbstractContextManager[None]:
        return nullcontext()

    def cost(self) -> Cost:
        return Cost(sum(self.asked.values()), 0)

    def unanswered(self) -> Sequence[str]:
        return ()

    def frequencies(self, terms: Collection[str]) -> Mapping[str, Frequency]:
        self.asked["frequencies"] += 1
        return self._frequencies(terms)

    def _frequencies(self, terms: Iterable[str]) -> Mapping[str, Frequency]:
        return {term: found for term in terms if (found := self._index.frequency(term))}

    def _counts(self, term: str) -> Mapping[int, int]:
        return counts_of(self._snapshot, term)

    def all_frequencies(
        self,
        terms: Collection[str],
        runs: Sequence[tuple[str, ...]],
        spelled: Sequence[Spelled] = (),
        with_names: bool = False,
        fields: Sequence[str] = (),
    ) -> Frequencies:
        self.asked["all_frequencies"] += 1
        names = self._frequencies(takewhile(lambda word: word < FIRST_SINGLE, self._index.words))
        words = [self._frequencies(filter(partial(_is_spelled, way), self._index.words)) for way in spelled]
        rare = [
            {word: one for word, one in each.items() if one.count <= way.most}
            for each, way in zip(words, spelled, strict=True)
        ]
        found, counted = self._frequencies(terms), self._run_frequencies(runs)
        return Frequencies(found, counted, rare, names if with_names else None, {one: self._all(one) for one in fields})

    def _run_frequencies(self, runs: Sequence[tuple[str, ...]]) -> Sequence[Frequency]:
        return [Frequency(found.count, len(found.counts)) for found in map(self._index.run, runs)]

    def episodes_with(self, condition: Condition) -> int:
        self.asked["episodes_with"] += 1
        return len(self._meeting(condition))

    def words(self, prefix: str, first: str = "", until: str | None = None) -> Iterator[tuple[str, Frequency]]:
        self.asked["words"] += 1
        for word in self._snapshot.words(prefix):
            if first <= word and (until is None or word < until):
                counts = self._snapshot.word_episodes(word)
                yield word, Frequency(sum(counts.values()), len(counts))

    def characters(self) -> Iterator[str]:
        return self._snapshot.characters()

    def values(self, field: str) -> Sequence[str]:
        self.asked["values"] += 1
        return self._all(field)

    def _all(self, field: str) -> Sequence[str]:
        """The values of a field."""
        snapshot = self._snapshot
        return sorted({value for number in snapshot.episodes() for value in values_of(snapshot, field, number)})

    def keys(self, condition: Condition) -> list[str]:
        self.asked["keys"] += 1
        return [self._key(number) for number in self._in_order(condition)]

    def answers(self, questions: Questions) -> Answers:
        self.asked["answers"] += 1
        self.questions.append(questions)
        asked = questions
        keys = [[self._key(number) for number in self._in_order(one)][: asked.most] for one in asked.conditions]
        stored = [stored for one in asked.also for stored in self._wanted(one)]
        having = [self._holding(*one) for one in asked.words]
        sounding = [self._sounding(ways, asked.most) for ways in asked.sounding]
        passages = self._passages(asked.listed) if asked.listed is not None else []
        likeliest = self._likely(asked.ranked) if asked.ranked is not None else []
        frequencies = self._run_frequencies(asked.runs)
        return Answers(keys, stored, passages, likeliest, having, frequencies, sounding)

    def _sounding(self, ways: Sequence[HasSounds], most: int) -> dict[str, list[HasSounds]]:
        found = {way: self._meeting(way) for way in ways}
        numbers = sorted(set().union(*found.values()))[:most]
        return {self._key(number): [way for way in ways if number in found[way]] for number in numbers}

    def _wanted(self, one: WantedEpisodes) -> list[Stored]:
        found = self._meeting(Disjunction(one.having)) - self._meeting(Disjunction(one.lacking))
        numbers = [number for number in sorted(found) if (self._key(number) in one.known) == one.is_known]
        return [self._stored(number, one.columns) for number in numbers[: one.size]]

    def _key(self, number: int) -> str:
        return f"key-{crc32(self._snapshot.ids[number].encode('utf-8', 'surrogatepass')):08x}"

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {self._key(number): number for number in self._snapshot.episodes()}

    def _passages(self, listed: ByBound) -> list[tuple[float, str]]:
        best: defaultdict[str, float] = defaultdict(float)
        for bound, number in passage_bounds(self._index, listed, self._meeting(listed.condition)):
            best[self._key(number)] = max(best[self._key(number)], bound)
        return sorted(((bound, key) for key, bound in best.items()), reverse=True)[: listed.size]

    def _likely(self, ranked: Likeliest) -> list[tuple[float, str]]:
        scores: defaultdict[int, float] = defaultdict(float)
        for term in ranked.terms:
            counts = self._counts(term.run[0]) if len(term.run) == 1 else self._index.run(term.run).counts
            for number in self._meeting(ranked.condition).intersection(counts):
                count = counts[number]
                norm = ranked.base + ranked.slope * self._snapshot.atoms(number)
                scores[number] += term.weight * count / (count + norm)
        return sorted(((score, self._key(number)) for number, score in scores.items()), reverse=True)[: ranked.size]

    def peaks(
        self, run: tuple[str, ...], condition: Condition, size: int, first: int, columns: Sequence[str]
    ) -> tuple[list[Peak], list[Stored]]:
        self.asked["peaks"] += 1
        known = [number for number in self._index.run(run).counts if self._meets(condition, number)]
        peaks = {number: self._index.peak(run, number) for number in known}
        order = sorted(known, key=lambda number: (-peaks[number], self._snapshot.episode(number).id))[:size]
        found = [Peak(peaks[number], self._snapshot.episode(number).id, self._key(number)) for number in order]
        return found, [self._stored(number, columns) for number in order[:first]]

    def listed(self, condition: Condition) -> Iterator[Stored]:
        self.asked["listed"] += 1
        for number in self._meeting(condition):
            yield self._stored(number, ())

    def stored(self, keys: Collection[str], columns: Sequence[str]) -> list[Stored]:
        return self.stored_of_each([(keys, columns)])

    def stored_of_each(self, groups: Sequence[tuple[Collection[str], Sequence[str]]]) -> list[Stored]:
        self.asked["stored"] += 1
        numbers = self._numbers
        return [self._stored(numbers[key], columns) for keys, columns in groups for key in keys if key in numbers]

    def _stored(self, number: int, columns: Sequence[str]) -> Stored:
        if columns:
            self.fetched[self._key(number)] += 1
        if schema.STREAM in columns:
            self.whole[self._key(number)] += 1
        if parts := sum(name in TEXT_PARTS for name in columns):
            self.lines[self._key(number)] += parts
        values = {name: self._column(name, number) for name in columns}
        episode = self._snapshot.episode(number)
        return Stored(self._key(number), episode.id, self._snapshot.record(number), values)

    def _column(self, name: str, number: int) -> bytes:
        return self._index.column(name, number)

    def _holding(self, word: str, keys: Collection[str]) -> list[str]:
        counts = self._snapshot.word_episodes(word)
        return [key for key in keys if self._numbers.get(key) in counts]

    def counts(self, terms: Sequence[str]) -> Sequence[Mapping[str, int]]:
        self.asked["counts"] += 1
        return [{self._key(number): count for number, count in self._counts(term).items()} for term in terms]

    def _in_order(self, condition: Condition) -> list[int]:
        return sorted(self._meeting(condition), key=self._snapshot.ids.__getitem__)

    def _meeting(self, condition: Condition) -> set[int]:
        return {number for number in self._snapshot.episodes() if self._meets(condition, number)}

    def _meets(self, condition: Condition, number: int) -> bool:
        return meets(self._snapshot, condition, number, self._index.run)


def _is_spelled(way: Spelled, word: str) -> bool:
    return len(word) == len(way.characters) and all(map(str.__contains__, way.characters, word))
