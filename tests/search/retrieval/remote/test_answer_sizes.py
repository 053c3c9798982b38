"""How many episodes of a cluster are asked for in one request: as many as make an answer of about 32 MB."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest
from support.remote.remote_index import StandIn

from indexer.store import schema
from search.backends.remote import Stored
from search.retrieval.remote.held import held_episodes
from search.retrieval.remote.held.columns import COLUMNS
from search.retrieval.remote.held.held_episodes import HeldEpisodes
from search.retrieval.remote.held.kept_episodes import KeptEpisodes

Groups: TypeAlias = "Sequence[tuple[Collection[str], Sequence[str]]]"
KEYS = [f"{number:04}" for number in range(2000)]
MORE = ["x", "y", "z"]
WITH_SOUNDS = (*COLUMNS, schema.SOUNDS)


class Sized(StandIn):
    """An index of 2,000 episodes of so many atoms, of which only the first of each request have any bytes."""

    def __init__(self, folder: Path, atoms: int, first: int = 0, most: int = 0) -> None:
        super().__init__(folder)
        self._atoms, self._first, self._most = atoms, first, most
        self.requests: list[Groups] = []

    @property
    def episode_count(self) -> int:
        return 2000

    @property
    def total_atoms(self) -> int:
        return 2000 * self._atoms

    def stored_of_each(self, groups: Groups) -> list[Stored]:
        self.requests.append(groups)
        columns = {schema.STREAM: bytes(self._first - 1), schema.TIMES: b"t"} if self._first else {}
        return [Stored(key, key, {}, columns) for key in list(groups[0][0])[: self._most]]


def asked(remote: Sized, groups: Iterable[tuple[Sequence[str], Sequence[str]]]) -> list[int]:
    """The number of episodes in each request, after all were asked for once."""
    wanted = list(groups)
    HeldEpisodes(remote, KeptEpisodes()).fetch(wanted)
    told = [key for request in remote.requests for keys, _ in request for key in keys]
    assert told == [key for keys, _ in wanted for key in keys]
    assert all(len(keys) <= held_episodes._PART for request in remote.requests for keys, _ in request)
    return [sum(len(keys) for keys, _ in request) for request in remote.requests]


@pytest.mark.parametrize(("columns", "bytes_per_atom"), [(COLUMNS, 3.2), (WITH_SOUNDS, 4.2)])
def test_an_answer_with_episodes_of_two_hours_is_not_larger_than_32_mb(
    sample_index: Path, columns: Sequence[str], bytes_per_atom: float
) -> None:
    numbers = asked(Sized(sample_index, 40_000), [(KEYS, columns)])
    assert max(numbers) * 40_000 * bytes_per_atom <= 32 << 20
    assert min(numbers[:-1]) * 40_000 * bytes_per_atom > 31 << 20


def test_episodes_of_half_an_hour_are_one_request(sample_index: Path) -> None:
    assert asked(Sized(sample_index, 10_000), [(KEYS[:150], WITH_SOUNDS), (KEYS[150:900], COLUMNS)]) == [900]


def test_many_short_episodes_are_2000_at_most(sample_index: Path) -> None:
    assert asked(Sized(sample_index, 100), [(KEYS, COLUMNS)]) == [2000]
    assert asked(Sized(sample_index, 100), [([*KEYS, *MORE], COLUMNS)]) == [2000, 3]


def test_each_episode_that_is_too_large_alone_is_a_request(sample_index: Path) -> None:
    assert asked(Sized(sample_index, 100_000_000), [(KEYS[:3], COLUMNS)]) == [1, 1, 1]


def test_episodes_that_turn_out_larger_than_the_average_are_fewer_in_the_next_request(sample_index: Path) -> None:
    assert asked(Sized(sample_index, 10_000, 4 << 20, 2), [(KEYS[:1060], COLUMNS)])[:2] == [1048, 8]
