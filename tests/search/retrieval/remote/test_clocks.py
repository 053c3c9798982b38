"""Of episodes that are only counted no clock is fetched; of those that may compete it is, and the moments are those of
a folder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from support.library import Tools, spaced, write_lines
from support.remote.fetching import set_sizes
from support.remote.remote_index import StandIn

from indexer.core.positions.timeline import Times
from indexer.store import schema
from indexer.store.cluster.documents.layout import CLOCK
from search.api import SearchRequest, make_request
from search.backends.conditions import EVERY
from search.backends.remote import Stored
from search.library import Library, open_library
from search.retrieval.remote.held import unknown_times
from search.retrieval.remote.held.columns import COLUMNS, PARTIAL
from search.retrieval.remote.held.episode_body import Body
from search.retrieval.remote.held.held_episodes import HeldEpisodes
from search.retrieval.remote.held.kept_episodes import KeptEpisodes
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.searcher import Searcher

UNTIMED = tuple(name for name in PARTIAL if name != CLOCK)


class Noted(StandIn):
    """Keeps the columns that were fetched of each episode, by its id."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.columns: defaultdict[str, set[str]] = defaultdict(set)

    def _stored(self, number: int, columns: Sequence[str]) -> Stored:
        stored = super()._stored(number, columns)
        self.columns[stored.id].update(columns)
        return stored


def shown(library: Library | RemoteSearcher, request: SearchRequest) -> list[object]:
    result = library.search(request)
    assert result.incomplete is None
    return [(one.episode.id, one.start, round(one.score, 9), one.matches, one.cues) for one in result]


@cache
def expected(crowded: Library, request: SearchRequest) -> list[object]:
    """What the folder answers, asked once for all tests of this module."""
    return shown(crowded, request)


@pytest.fixture(scope="module")
def crowded(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """One episode in which 雪花 and 音乐 are said together, and others in which something sounds like one of them."""
    folder = tmp_path_factory.mktemp("crowded")
    write_lines(folder / "shows" / "a.srt", spaced(["今天讲雪花和音乐", "雪花音乐都好", "再见"]))
    for number in range(40):
        write_lines(folder / "shows" / f"b{number}.srt", spaced([f"第{number}期", "血花四溅", "我们接着聊", "再见"]))
    for number in range(45):
        write_lines(folder / "shows" / f"c{number}.srt", spaced([f"第{number}期", "雪花很白", "我们接着聊", "再见"]))
    return open_library(tools.index([folder / "shows"], folder / "index"))


def test_no_clock_of_an_episode_that_cannot_compete_is_fetched(
    crowded: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_sizes(monkeypatch, ALL_AT_ONCE=0, FEW=0, FIRST_BATCH=1, BATCH=2, _PARTIAL=1, RARE=0, MOST_REQUESTS=40)
    remote = Noted(Path(crowded.folder))
    request = make_request("雪花 音乐")
    assert shown(RemoteSearcher(remote, Searcher), request) == expected(crowded, request)
    timed = {name for name, columns in remote.columns.items() if CLOCK in columns or schema.TIMES in columns}
    assert {name[:7] for name in remote.columns} == {"shows/a", "shows/b", "shows/c"}
    assert {name[:7] for name in timed} == {"shows/a", "shows/c"}


@pytest.mark.parametrize("limit", [1, 3, 10, 50])
@pytest.mark.parametrize("query", ["雪花 音乐", "雪花 因乐", "雪化 再见", "血花 聊", '"雪花很北我们接着"', "雪花"])
@pytest.mark.parametrize("first", [1, 100])
def test_the_moments_are_those_of_a_folder(
    crowded: Library, monkeypatch: pytest.MonkeyPatch, query: str, limit: int, first: int
) -> None:
    set_sizes(monkeypatch, ALL_AT_ONCE=0, FEW=0, FIRST_BATCH=first, BATCH=first, _PARTIAL=1, RARE=0)
    searcher = RemoteSearcher(Noted(Path(crowded.folder)), Searcher)
    request = make_request(query, limit=limit)
    for _ in range(2):  # the second time with what is kept, of some without their clocks
        assert shown(searcher, request) == expected(crowded, request)


@pytest.mark.parametrize("query", ["二十", "五", "二十 雪花", "NOT 二十 AND 雪花"])
def test_a_number_ends_before_a_pause_as_in_a_folder(
    tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    """Only the clock tells whether 二十 and 五 are one number in episodes of which it is not fetched otherwise."""
    for number in range(12):
        later = 2.0 + 30 * (number % 3)
        lines = [(0.0, 2.0, "来了二十"), (later, later + 2, "五个苹果"), (99.0, 101.0, "雪花")]
        write_lines(tmp_path / "shows" / f"{number:02}.srt", lines)
    set_sizes(monkeypatch, ALL_AT_ONCE=0, FEW=0, FIRST_BATCH=1, BATCH=2, _PARTIAL=1, RARE=0, MOST_REQUESTS=40)
    request = make_request(query, limit=None)
    with open_library(tools.index([tmp_path / "shows"], tmp_path / "index")) as folder:
        moments = shown(folder, request)
        assert shown(RemoteSearcher(Noted(tmp_path / "index"), Searcher), request) == moments
        assert moments


def test_a_body_without_its_clock_asks_for_it_once_its_times_are_read(sample_index: Path) -> None:
    remote = StandIn(sample_index)
    (key,) = remote.keys(EVERY)[:1]
    timed, untimed = (Body(remote.stored([key], columns)[0], "") for columns in (PARTIAL, UNTIMED))
    assert len(untimed.stream) == len(timed.stream) == untimed.episode.atoms
    assert untimed.said([0, 9]) == [0, 0]
    bounding = untimed.bounding_times
    assert bounding.at(len(timed.stream) - 1) == bounding.at(0)
    assert not untimed.wants_clock
    assert list(untimed.times.at_all([0, 1])) != list(timed.times.at_all([0, 1]))
    assert untimed.wants_clock
    known = untimed.with_columns(remote.stored([key], (CLOCK,))[0])
    assert list(known.times.starts) == list(timed.times.starts)
    assert known.said([0, 99]) == timed.said([0, 99])
    assert not known.wants_clock


def test_several_groups_of_one_request_complete_the_same_episode(sample_index: Path) -> None:
    remote = StandIn(sample_index)
    (key,) = remote.keys(EVERY)[:1]
    held = HeldEpisodes(remote, KeptEpisodes())
    held.fetch([([key], (*UNTIMED, "d01"))])
    assert not held.is_read(key)
    held.fetch([([key], ("d02",)), ([key], (CLOCK,))])
    assert held.bodies[key].lacks((*PARTIAL, "d01", "d02")) == ()
    assert held.is_read(key)


def test_times_in_place_of_unknown_ones_bound_them_from_both_sides() -> None:
    known = Times((0, 3, 7), (0, 2000), (2000, 1500))
    near, far = unknown_times.all_at_once(7), unknown_times.FarApart(7)
    for first in range(7):
        for last in range(first + 1, 7):
            apart = known.at(last) - known.at(first)
            assert near.at(last) - near.at(first) <= apart
            assert far.at_all([first, last])[1] - far.at_all([first, last])[0] > 24 * 3600 * 1000
    assert far.cue_at(4) == 4
    assert len(far) == far.first[-1] == 7


def test_an_episode_without_decks_is_not_whole_before_its_times_are_here(sample_index: Path) -> None:
    remote = StandIn(sample_index)
    (key,) = remote.keys(EVERY)[:1]
    (stored,) = remote.stored([key], COLUMNS)
    without = {name: column for name, column in stored.columns.items() if name != schema.TIMES}
    body = Body(stored._replace(columns={**without, CLOCK: b""}), "")
    assert not body.is_whole
    texts, _ = body.text
    assert len(texts)
    assert body.is_wanted
    assert body.with_columns(remote.stored([key], (schema.TIMES,))[0]).is_whole
