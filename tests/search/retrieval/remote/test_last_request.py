"""The last request that a question should need brings in advance what another might be needed for, if there is room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path

import pytest
from support.library import Tools, spaced, write_lines
from support.remote.fetching import set_sizes
from support.remote.remote_index import StandIn

from indexer.store import schema
from indexer.store.cluster.documents.layout import CLOCK
from search import Library, open_library
from search.api import SearchRequest, make_request
from search.backends.remote import Stored
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.searcher import Searcher


class Noted(StandIn):
    """Notes the columns that were fetched of each episode, and of how many at once."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.columns: defaultdict[str, set[str]] = defaultdict(set)

    def stored_of_each(self, groups: Sequence[tuple[Collection[str], Sequence[str]]]) -> list[Stored]:
        found = super().stored_of_each(groups)
        for one in found:
            self.columns[one.id].update(one.columns)
        return found


def shown(library: Library | RemoteSearcher, request: SearchRequest) -> list[object]:
    result = library.search(request)
    assert result.incomplete is None
    return [(one.episode.id, one.start, round(one.score, 9), one.matches, one.cues) for one in result]


@pytest.fixture(scope="module")
def near(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Episodes that say 雪花 and 音乐 at all distances, and others in which something sounds like one of them."""
    folder = tmp_path_factory.mktemp("last")
    for number in range(30):
        apart = [f"第{number}期", "雪花很白", *["我们接着聊"] * (number % 7), "音乐都好", "再见"]
        write_lines(folder / "shows" / f"a{number:02}.srt", spaced(apart))
        write_lines(folder / "shows" / f"b{number:02}.srt", spaced([f"第{number}期", "血花四溅", "我们接着聊", "再见"]))
    return open_library(tools.index([folder / "shows"], folder / "index"))


def asked(near: Library, request: SearchRequest) -> Noted:
    remote = Noted(Path(near.folder))
    assert shown(RemoteSearcher(remote, Searcher), request) == shown(near, request)
    return remote


QUERIES = ["雪花 音乐", "雪花 OR 音乐", '"雪花很白" 音乐', "雪花 -音乐", "我们接着聊音乐都好再见雪花"]
SMALL = {"ALL_AT_ONCE": 0, "FEW": 0, "FIRST_BATCH": 5, "BATCH": 5, "_PARTIAL": 1, "RARE": 0, "_MOST_CLOSE": 2}


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("limit", [2, 40])
@pytest.mark.parametrize(("most", "room"), [(1, 10**9), (3, 10**9), (3, 20_000), (100, 0)])
def test_the_moments_are_those_of_a_folder(
    near: Library, monkeypatch: pytest.MonkeyPatch, query: str, limit: int, most: int, room: int
) -> None:
    set_sizes(monkeypatch, **SMALL, MOST_REQUESTS=most, MOST_BYTES=room, TIMED_AT_ONCE=0)
    asked(near, make_request(query, limit=limit))


def test_clocks_and_what_may_be_shown_come_with_it_as_far_as_there_is_room(
    near: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetched(most: int, room: int) -> tuple[int, int]:
        set_sizes(monkeypatch, **SMALL, MOST_REQUESTS=most, MOST_BYTES=room)
        columns = asked(near, make_request("雪花 音乐", limit=2)).columns.values()
        return sum(CLOCK in one for one in columns), sum(schema.STREAM in one for one in columns)

    clocks, whole = fetched(100, 0)
    assert fetched(3, 0) == (clocks, whole)
    more_clocks, more_whole = fetched(3, 10**9)
    assert more_clocks >= clocks and more_whole > whole
