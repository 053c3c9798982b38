"""Of an episode that is shown, a search fetches the lines around its matches, and of an exploration all of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.library import Tools, write_lines
from support.remote.disturbed import ENDS, Late
from support.remote.fetching import ONLY_SHOWN_WHOLE, set_sizes
from support.remote.remote_index import StandIn

from indexer.store.cluster.documents.layout import HAS_TEXT_PARTS
from search.api import make_request
from search.library import Library, open_library
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.searcher import Searcher

CUES, EPISODES = 400, 30


@pytest.fixture(scope="module")
def near(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Episodes of 400 cues, of which the 200th is about a kettle, and in every third the last one, too."""
    folder = tmp_path_factory.mktemp("long")
    for number in range(EPISODES):
        texts = [f"今天说的第{cue}件小事" for cue in range(CUES)]
        texts[200] = "水壶里的水开了"
        texts[-1] = "水壶" if number % 3 == 0 else "再见"
        write_lines(folder / f"{number:02}.srt", [(3 * cue, 3 * cue + 3, text) for cue, text in enumerate(texts)])
    return open_library(tools.index([folder], folder.parent / "long-index"))


@pytest.fixture(autouse=True)
def partial(monkeypatch: pytest.MonkeyPatch) -> None:
    set_sizes(monkeypatch, **ONLY_SHOWN_WHOLE, _MOST_LISTED_WHOLE=0)


def shown(library: Library | RemoteSearcher, query: str, limit: int | None = 100) -> list[tuple[object, ...]]:
    result = library.search(make_request(query, limit=limit))
    return [(one.episode.id, one.start, round(one.score, 9), one.matches, one.cues) for one in result]


@pytest.mark.parametrize("query", ["水壶", "水壶 水开", "水壶 OR 再见", "水壶里的水开了"])
def test_only_the_parts_with_lines_that_are_shown_are_fetched(near: Library, query: str) -> None:
    remote = StandIn(Path(near.folder))
    assert shown(RemoteSearcher(remote, Searcher), query) == shown(near, query)
    assert not remote.whole
    assert len(remote.lines) == EPISODES
    assert max(remote.lines.values()) <= 4  # of 13: those around two places, of which each may lie at a border


def test_before_there_were_parts_each_episode_that_is_shown_came_whole(near: Library) -> None:
    remote = StandIn(Path(near.folder), HAS_TEXT_PARTS - 1)
    assert shown(RemoteSearcher(remote, Searcher), "水壶 水开") == shown(near, "水壶 水开")
    assert (len(remote.whole), len(remote.lines)) == (EPISODES, 0)


def test_what_shows_more_of_an_episode_than_a_few_parts_fetches_it_whole(
    near: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_sizes(monkeypatch, _MOST_PARTS=3)
    remote = StandIn(Path(near.folder))
    assert shown(RemoteSearcher(remote, Searcher), "小事", limit=None) == shown(near, "小事", limit=None)
    assert len(remote.whole) == EPISODES


def test_lines_that_were_fetched_do_for_the_next_question(near: Library) -> None:
    remote = StandIn(Path(near.folder))
    searcher = RemoteSearcher(remote, Searcher)
    shown(searcher, "水壶 水开", limit=5)
    before = sum(remote.lines.values())
    assert shown(searcher, "水壶 水开", limit=5) == shown(near, "水壶 水开", limit=5)
    assert sum(remote.lines.values()) == before


@pytest.mark.parametrize("end", ENDS)
def test_an_answer_whose_time_is_over_has_no_line_that_did_not_come(near: Library, end: str) -> None:
    expected = shown(near, "水壶 OR 再见")
    for most in range(8):
        late = Late(StandIn(Path(near.folder)), most, end)
        request = make_request("水壶 OR 再见", limit=100, timeout=late.deadline)
        result = RemoteSearcher(late, Searcher).search(request)  # type: ignore[arg-type]
        texts = {cue.text for moment in result for cue in moment.cues}
        assert texts <= {cue.text for *_, cues in expected for cue in cues}  # type: ignore[attr-defined]
