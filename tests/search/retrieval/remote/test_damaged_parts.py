"""Damaged decks, clocks and text parts of a library in a cluster: one line that says so, or an answer, and never a
traceback."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from support.remote.fetching import ONLY_SHOWN_WHOLE, set_sizes
from support.remote.remote_index import StandIn

from indexer.core.errors import IndexProblem
from indexer.core.positions.timeline import Times
from indexer.store import schema
from indexer.store.cluster.documents.decks import NAMES
from indexer.store.cluster.documents.layout import CLOCK, FORMAT, HAS_DECKS
from indexer.store.cluster.documents.text_parts import NAMES as TEXT_PARTS
from indexer.store.fields.clock import pack_clock, unpack_clock
from search.api import make_request
from search.backends.conditions import EVERY
from search.backends.remote import Stored
from search.retrieval.remote.held.columns import PARTIAL
from search.retrieval.remote.held.episode_body import Body
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.searcher import Searcher

Damage = Callable[[bytes], bytes]
PART = (*PARTIAL, *NAMES)
QUERIES = ("训练 数据", "模型 OR 数据", "模型 NEAR/9s 训练", "训炼 数据")


class Damaged(StandIn):
    """Some columns of every episode are damaged."""

    def __init__(self, folder: Path, columns: Sequence[str], damage: Damage, format: int = FORMAT) -> None:
        super().__init__(folder, format)
        self._damaged, self._damage = frozenset(columns), damage

    def _column(self, name: str, number: int) -> bytes:
        found = super()._column(name, number)
        return self._damage(found) if name in self._damaged and found else found


def missing(_: bytes) -> bytes:
    return b""


def cut(packed: bytes) -> bytes:
    return packed[: len(packed) // 2]


def longer(packed: bytes) -> bytes:
    return packed + b"\x01"


def other(_: bytes) -> bytes:
    return bytes(range(256))


@pytest.fixture(autouse=True)
def partial(monkeypatch: pytest.MonkeyPatch) -> None:
    set_sizes(monkeypatch, **ONLY_SHOWN_WHOLE)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize(
    ("columns", "damage"),
    [
        *(((CLOCK,), damage) for damage in (cut, longer, other)),
        *((NAMES, damage) for damage in (cut, longer, other)),
        *((TEXT_PARTS, damage) for damage in (missing, cut, other)),
    ],
)
def test_damage_is_one_line_that_names_the_library(
    sample_index: Path, query: str, columns: Sequence[str], damage: Damage
) -> None:
    remote = Damaged(sample_index, columns, damage)
    with pytest.raises(IndexProblem) as raised:
        list(RemoteSearcher(remote, Searcher).search(make_request(query)))
    (line,) = str(raised.value).splitlines()
    assert line.startswith(f"{remote.place}: the index cannot be read (")


@pytest.mark.parametrize("seed", range(40))
def test_no_damage_of_a_byte_is_a_traceback(sample_index: Path, seed: int) -> None:
    chance = random.Random(seed)

    def flipped(packed: bytes) -> bytes:
        at = chance.randrange(len(packed))
        return packed[:at] + bytes([packed[at] ^ 1 << chance.randrange(8)]) + packed[at + 1 :]

    columns = (CLOCK,) if seed % 8 == 0 else TEXT_PARTS if seed % 8 == 1 else NAMES
    remote = Damaged(sample_index, columns, flipped)
    for query in (*QUERIES, "训练", "三十", "gpu"):
        try:
            moments = list(RemoteSearcher(remote, Searcher).search(make_request(query)))
        except IndexProblem as problem:
            assert "\n" not in str(problem)
        else:
            assert not any("\x01" in cue.text for moment in moments for cue in moment.cues)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("more", [-1, 1, 1000, 2**31, 2**61])
def test_a_clock_of_another_text_is_no_traceback(sample_index: Path, query: str, more: int) -> None:
    def of_more_atoms(packed: bytes) -> bytes:
        times = unpack_clock(packed)
        first = [*times.first[:-1], times.first[-1] + more]
        return pack_clock(Times(first, times.starts, times.durations, times.timed, times.said, times.looks_inside))

    with suppress(IndexProblem):
        list(RemoteSearcher(Damaged(sample_index, (CLOCK,), of_more_atoms), Searcher).search(make_request(query)))


@pytest.mark.parametrize("lost", [schema.STREAM, schema.TEXT])
def test_a_column_that_was_not_written_is_one_line(sample_index: Path, lost: str) -> None:
    remote = Damaged(sample_index, (lost,), missing, HAS_DECKS)
    with pytest.raises(IndexProblem) as raised:
        list(RemoteSearcher(remote, Searcher).search(make_request("训练 数据")))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("query", ["训练 数据", "训练", "gpu", "我们 今天", "/模.{0,3}/"])
def test_the_text_of_another_episode_is_one_line(sample_index: Path, query: str) -> None:
    class Mixed(StandIn):
        """Each episode has the text of the next one."""

        def _column(self, name: str, number: int) -> bytes:
            return super()._column(name, (number + 1) % self.episode_count if name == schema.TEXT else number)

    with pytest.raises(IndexProblem, match=r"the text is that of another episode") as raised:
        list(RemoteSearcher(Mixed(sample_index, HAS_DECKS), Searcher).search(make_request(query)))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "query", [*QUERIES, "训练", "gpu", "我们今天聊聊模型是怎么训练出来的", "/模.{0,3}/", r"/[a-z]+\w/"]
)
def test_episodes_that_an_earlier_podseek_added_are_read_whole(sample_index: Path, query: str) -> None:
    class Older(StandIn):
        """Every second episode has neither a clock, nor decks, nor text parts."""

        def _column(self, name: str, number: int) -> bytes:
            return b"" if number % 2 and name in (CLOCK, *NAMES, *TEXT_PARTS) else super()._column(name, number)

    request = make_request(query)
    found, expected = (
        RemoteSearcher(one, Searcher).search(request) for one in (Older(sample_index), StandIn(sample_index))
    )
    assert [(one.episode.id, one.start, one.score, one.cues) for one in found] == [
        (one.episode.id, one.start, one.score, one.cues) for one in expected
    ]


def test_decks_of_a_longer_episode_are_refused(sample_index: Path) -> None:
    remote = StandIn(sample_index)
    one, another = remote.stored(remote.keys(EVERY)[:2], PART)
    bodies = [Body(stored, remote.folder) for stored in (one, another)]
    short, long = sorted(bodies, key=lambda body: body.times.first[-1])
    assert short.times.first[-1] < long.times.first[-1]
    decks = {name: long.column(name) for name in NAMES}
    mixed = Body(Stored("k", "id", {}, {**short.stored.columns, **decks}), remote.folder)
    for read in (lambda: mixed.stream, lambda: mixed.marks, lambda: mixed.sounds):
        with pytest.raises(IndexProblem, match="a deck is not as it was written"):
            read()
