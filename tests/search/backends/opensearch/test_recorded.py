"""A library in Elasticsearch 7.10.2 gives the moments that an index in a folder gives: its answers were recorded. So
does one whose answers have the form of Elasticsearch 8, of which there was no node to record."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from support.library import Tools
from support.nodes import recorded

from indexer.core.errors import IndexProblem
from search.api import Moment, make_request
from search.library import Library
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.searcher import Searcher

QUERIES = (
    *("绿茶", "水", "收音机", "Kettle", '"十七"', "没有的词", "红茶 水温", "电池 天线", "石桥 水声 录音"),
    *(
        '"水开了"',
        '"便宜的软件"',
        "绿茶 OR 收音机",
        "水 -绿茶",
        "红茶 NEAR/10s 滚水",
        "RTL*",
        "~绿茶",
        "lvcha",
        "shui",
        "律茶",
    ),
    *("水 show:shows", "今天聊怎么烧一壶好水泡茶"),
)


@pytest.fixture(scope="module", params=["elasticsearch 7", "elasticsearch 8"])
def far(
    request: pytest.FixtureRequest, tools: Tools, tiny_files: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RemoteSearcher]:
    with pytest.MonkeyPatch.context() as patch, tools.loaded():
        patch.setenv("PODSEEK_BACKEND_FOLDER", str(tmp_path_factory.mktemp("local")))
        scene = recorded.indexed(tiny_files, tiny_files.parent / "index")
        index, _replayed = recorded.opened(scene, as_8=request.param == "elasticsearch 8")
        yield RemoteSearcher(index, Searcher)


def shown(moments: Iterator[Moment]) -> list[object]:
    return [(one.episode.id, one.start, round(one.score, 9), one.matches, one.cues, one.chapter) for one in moments]


def test_elasticsearch_gives_the_same_moments(tiny: Library, far: RemoteSearcher) -> None:
    """In one test: what a query asks depends on those before it, and only this order was recorded."""
    for query, (limit, exact) in product(QUERIES, ((3, False), (100, True))):
        request = make_request(query, limit=limit, exact=exact)
        result = far.search(request)
        assert (shown(iter(result)), result.incomplete) == (shown(iter(tiny.search(request))), None), query


def test_elasticsearch_without_the_library_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PODSEEK_BACKEND_FOLDER", str(tmp_path))
    with pytest.raises(IndexProblem, match="there is no library"):
        recorded.opened(recorded.Scene("absent"))
