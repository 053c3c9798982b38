"""The episodes of a remote index that are held to answer one question: fetched for it, or kept from earlier ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeAlias

from indexer.store import schema
from indexer.store.cluster.documents.layout import CLOCK
from search.backends.conditions import EVERY
from search.backends.remote import RemoteIndex, Stored, WantedEpisodes
from search.retrieval.remote.held.columns import COLUMNS, TEXT_PARTS, lacking
from search.retrieval.remote.held.episode_body import Body
from search.retrieval.remote.held.kept_episodes import KeptEpisodes, size_of

_PART, _MOST, _PARTS = 500, 2000, 250
"""Episodes in one part of a request, and episodes and parts of one request, if its answer is not too large."""
ANSWER_BYTES = 32 << 20
"""Bytes of the episodes in one answer, about: a cut connection or a deadline loses no more, and memory holds it."""
_BYTES_PER_ATOM = 3.2
"""Of COLUMNS, in 907 real episodes 3.15; sounds take one more."""
_BYTES_PER_ATOM_OF_CLOCK, _BYTES_PER_ATOM_OF_TEXT, _BYTES_PER_ATOM_OF_DECK = 0.26, 0.13, 0.03
"""The same of a clock, of what the text has beside the atoms, and of a deck: the mean is .013, but a query wants
frequent sounds, a sentence mostly those of .02 to .045."""

_OF_EPISODE = 170.0
"""Bytes that are transferred of each episode beside its columns."""
_TRANSFERRED = {schema.STREAM: 1.2, schema.MARKS: 0.17, schema.TEXT: 0.18, CLOCK: 0.28, schema.SOUNDS: 0.77}
_BYTES_OF_TEXT_PART = 530.0
"""Of a text part, transferred as it is stored: in a million real cues 526."""
_TRANSFERRED_OF_DECK = 0.025
"""Bytes that are transferred for each atom of an episode, of the columns that are large, and of a deck of a sentence:
in a million real cues 1.13, .15, .16, .27, .76 and .024."""

Wanted: TypeAlias = "tuple[Sequence[str], Sequence[str]]"
"""Keys of episodes, and the columns that are wanted of each."""


class HeldEpisodes:
    """The episodes by key; `gone` are the keys of those that are no longer there."""

    def __init__(self, remote: RemoteIndex, kept: KeptEpisodes) -> None:
        self.remote = remote
        self._kept = kept
        self.bodies: dict[str, Body] = {}
        self.gone: set[str] = set()
        self._torn: dict[str, tuple[str, ...]] = {}
        """Keys of episodes that changed between two requests, with the columns that were fetched of them."""
        self._whole, self._whole_bytes = 0, 0
        """Episodes here with COLUMNS, and the bytes of these."""

    def is_read(self, key: str) -> bool:
        """Whether an episode needs not be fetched to be ranked: it is here with its times, or no longer there."""
        body = self.bodies.get(key)
        return key in self.gone if body is None else body.has_times and not body.is_only_heard

    def is_counted(self, key: str) -> bool:
        """Whether an episode is in memory, with more than tells where something sounds like a query."""
        body = self.bodies.get(key)
        return not body.is_only_heard if body is not None else self._kept.get(key) is not None

    def known(self, most: int) -> dict[str, Stored]:
        """The episodes in memory, by key: all that are here, and at most so many that were kept."""
        return {**self._kept.newest(most), **{key: body.stored for key, body in self.bodies.items()}}

    def fetch(self, groups: Sequence[Wanted]) -> None:
        """Fetches what is lacking of episodes, each column once, in one request if they are few; of an episode that is
        not here the columns of the first of its groups."""
        asked: defaultdict[str, set[str]] = defaultdict(set)
        wanted: list[Wanted] = []
        for keys, columns in groups:
            lacking: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
            new: list[str] = []
            for key in dict.fromkeys(keys):
                body = self.bodies.get(key)
                if body is None and key not in asked:
                    body = self._kept_body(key)
                    if body is None:
                        new.append(key)
                        continue
                    self._add(body)
                if body is None:
                    continue
                if missing := tuple(name for name in body.lacks(columns) if name not in asked[key]):
                    lacking[missing].append(key)
                    asked[key].update(missing)
            asked.update((key, set(columns)) for key in new)
            wanted += [(new, columns), *((several, missing) for missing, several in lacking.items())]
        self._learn(wanted)
        self.mend()
        older = [([key for key in keys if self._is_older(key, columns)], columns) for keys, columns in groups]
        if any(keys for keys, _ in older):  # which are only now known to be wanted whole
            self.fetch(older)

    def _is_older(self, key: str, columns: Sequence[str]) -> bool:
        """Whether an earlier podseek wrote an episode, of which something is lacking."""
        body = self.bodies.get(key)
        return body is not None and body.has_no_decks and bool(body.lacks(columns))

    def mend(self) -> None:
        """Fetches the episodes anew of which parts came from before and after a change."""
        while self._torn:
            torn, self._torn = self._torn, {}
            self._learn([(list(torn), tuple(dict.fromkeys(chain(*torn.values()))))])

    def _learn(self, wanted: Iterable[Wanted]) -> None:
        for several in self._in_requests(wanted):
            found = self.remote.stored_of_each(several)
            there = {stored.key for stored in found}
            learned = []
            for stored in found:
                if body := self._completed(self.bodies.get(stored.key), stored):
                    self._add(body)  # the next ones may be other columns of it
                    learned.append(body)
            for key in (key for keys, _ in several for key in keys if key not in there):
                self._drop(key)
                self.gone.add(key)
            self._kept.keep(body.stored for body in learned)

    def learn_one(self, stored: Stored) -> None:
        """Keeps an episode, or the columns of one that is here without them. Columns of one that is no longer in memory
        are what is known of it, until `fetch` fetches the rest."""
        here = self.bodies.get(stored.key)
        body = self._completed(here or self._kept_body(stored.key), stored)
        if body is None:
            return
        if here is not None or body.is_only_heard:
            self._add(body)
        self._kept.keep([body.stored])

    def _completed(self, known: Body | None, stored: Stored) -> Body | None:
        """An episode, if it is known with the columns fetched now beside the others; None if it has changed meanwhile:
        then it is fetched anew (`mend`)."""
        if known is None:
            return self._body(stored)
        if known.stored.record == stored.record:
            return known.with_columns(stored)
        if self._drop(stored.key):
            self._torn[stored.key] = (*known.stored.columns, *stored.columns)
        return None

    def _drop(self, key: str) -> bool:
        """Forgets an episode; False if it was not here, but only kept."""
        self._kept.drop(key)
        body = self.bodies.pop(key, None)
        self._count(body, -1)
        return body is not None

    def _kept_body(self, key: str) -> Body | None:
        """An episode that an earlier question fetched; None if it was not, or is no longer kept."""
        stored = self._kept.get(key)
        return None if stored is None else self._body(stored)

    def _body(self, stored: Stored) -> Body:
        return Body(stored, self.remote.place, self.remote.has_text_parts)

    def _add(self, body: Body) -> None:
        self._count(self.bodies.get(body.key), -1)
        self._count(body, 1)
        self.bodies[body.key] = body

    def _count(self, body: Body | None, sign: int) -> None:
        if body is not None and schema.STREAM in body.stored.columns:
            self._whole += sign
            self._whole_bytes += sign * (size_of(body.stored) - len(body.column(schema.SOUNDS)))

    def _in_requests(self, wanted: Iterable[Wanted]) -> Iterator[list[Wanted]]:
        """Yields what to ask for in each request: as much as is expected to fit in ANSWER_BYTES, but at least one
        episode. What was fetched before a request counts for the size of the next."""
        several: list[Wanted] = []
        room, left = float(ANSWER_BYTES), _MOST
        for keys, columns in wanted:
            at = 0
            while at < len(keys):
                one = self.expected_bytes(columns)
                size = min(_PART, left, int(room / one), len(keys) - at)
                if several and (size < 1 or len(several) == _PARTS):
                    yield several
                    several, room, left = [], float(ANSWER_BYTES), _MOST
                else:
                    size = max(1, size)
                    several.append((keys[at : at + size], columns))
                    room -= size * one
                    left -= size
                    at += size
        if several:
            yield several

    def expected_bytes(self, columns: Sequence[str]) -> float:
        """The bytes of these columns of an episode: of the average one of the index, or of those read for this
        question if they are larger."""
        atoms = max(1.0, self.remote.total_atoms / max(1, self.remote.episode_count))
        text = _BYTES_PER_ATOM * atoms
        if self._whole:
            text = max(text, self._whole_bytes / self._whole)
            atoms = text / _BYTES_PER_ATOM
        return _bytes_of(columns, text, atoms)

    def transferred(self, keys: Iterable[str], columns: Sequence[str]) -> float:
        """The bytes, compressed, of what is lacking of these columns in some episodes, each of average length."""
        average = max(1.0, self.remote.total_atoms / max(1, self.remote.episode_count))
        lacking = (columns if (body := self.bodies.get(key)) is None else body.lacks(columns) for key in keys)
        return sum(_transferred(each, average) for each in lacking if each)


def _transferred(columns: Sequence[str], atoms: float) -> float:
    """The same of an episode of so many atoms that lacks these columns."""
    size = _OF_EPISODE
    for name in columns:
        if name in TEXT_PARTS:
            size += _BYTES_OF_TEXT_PART
            continue
        size += atoms * _TRANSFERRED.get(name, 0.0 if name in COLUMNS else _TRANSFERRED_OF_DECK)
    return size


def _bytes_of(columns: Sequence[str], text: float, atoms: float) -> float:
    """The bytes of these columns of an episode of so many atoms, of which COLUMNS are the bytes of its `text`."""
    sounds = atoms if schema.SOUNDS in columns else 0.0
    decks = len(columns) - sum(name in columns for name in (schema.SOUNDS, *COLUMNS, CLOCK))
    if schema.STREAM in columns:
        return text + sounds + decks * atoms * _BYTES_PER_ATOM_OF_DECK
    clock = atoms * _BYTES_PER_ATOM_OF_CLOCK if CLOCK in columns else 0.0
    signs = atoms * _BYTES_PER_ATOM_OF_TEXT if schema.TEXT in columns else 0.0
    return max(1.0, sounds + clock + signs + decks * atoms * _BYTES_PER_ATOM_OF_DECK)


def wanted_of(known: Mapping[str, Mapping[str, bytes]], columns: Collection[str]) -> Iterator[WantedEpisodes]:
    """What episodes lack of some columns, of which these are known, by key."""
    those: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, of_one in known.items():
        if missing := lacking(of_one, columns):
            those[missing].append(key)
    for missing, keys in those.items():
        yield WantedEpisodes((EVERY,), (), tuple(keys), True, missing, len(keys))
