"""A search of a remote index whose time is over while it asks: it answers with what it has, and says so. Of an episode
that was not fetched whole, nothing is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from support.remote.disturbed import ENDS, Late
from support.remote.fetching import set_sizes
from support.remote.remote_index import StandIn

from indexer.store.cluster.documents.layout import HAS_DECKS
from search.api import CueLine, Moment, make_request
from search.library import Library
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.searcher import Searcher


def shown(moments: Iterable[Moment]) -> list[object]:
    return [(one.episode.id, one.start, round(one.score, 9), one.matches, one.cues, one.chapter) for one in moments]


def matches(moments: Iterable[Moment]) -> Iterator[object]:
    return ((one.episode.id, match.start, match.text) for one in moments for match in one.matches)


@cache
def read(near: Library, episode: str) -> tuple[Mapping[int, CueLine], str]:
    """The cues of an episode by their index, and all that is said in it."""
    cues = {cue.index: cue for cue in near.read(episode)[1]}
    return cues, "".join(cue.text for cue in cues.values())


def is_true(moment: Moment, near: Library) -> bool:
    """Whether the cues of a moment are what is said, and its matches are in it or are the title of a chapter."""
    cues, said = read(near, moment.episode.id)
    return (
        all(
            (one.text, one.start, one.speaker) == (cues[one.index].text, cues[one.index].start, cues[one.index].speaker)
            for one in moment.cues
        )
        and all(one.text in (said if one.where != "chapter" else one.text) for one in moment.matches)
        and (bool(moment.matches) or moment.chapter is not None)
    )


QUERIES = (
    *(
        "训练",
        "训练 数据",
        "训练 OR 数据",
        '"没有人说过这样的一句话呀"',
        "deep*",
        "/模.{1,3}练/",
        "训炼",
        "莫型 show:a",
    ),
    *("模型 -训练", "模型 NEAR/5s 训练", "我们今天聊聊模型是怎么训练出来的", '"模型的训练"', "三十", "xunlian"),
)

HEARD = {"训炼": "训练"}
"""What may have been heard for a text that is nowhere: two of its moments are shown, and which two is only known once
all times are."""


@cache
def of_folder(near: Library, query: str) -> tuple[list[object], frozenset[object]]:
    """The moments of a query, and the matches that an answer to a part of it may have."""
    first = list(near.search(query))
    every = near.search(HEARD.get(query, query), limit=None)
    return shown(first), frozenset(matches((*every, *near.search(query, limit=None), *first)))


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize(("format", "few"), [(2, 12), (3, 12), (3, 0), (4, 12), (4, 0)])
def test_a_search_that_runs_out_of_time_in_any_request_answers_with_what_it_has(
    query: str, end: str, format: int, few: int, sample: Library, sample_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_sizes(monkeypatch, FIRST_BATCH=3, FEW=few, _PARTIAL=1, RARE=0, ALL_AT_ONCE=0)
    whole, known = of_folder(sample, query)
    answers = 0
    for most in range(100):
        late = Late(StandIn(sample_index, format), most, end)
        searcher = RemoteSearcher(late, Searcher)  # type: ignore[arg-type]
        result = searcher.search(make_request(query, timeout=late.deadline))
        if result.incomplete is None:
            assert shown(result) == whole
            assert late.left >= 0 or (format < HAS_DECKS and end == "reading is over")  # which is not told apart there
        if late.left >= 0:
            assert result.incomplete is None
            break
        assert [one for one in result if not is_true(one, sample)] == [], most
        assert known.issuperset(matches(result)), most
        answers += bool(result)
    else:
        raise AssertionError("never in time")
    assert most >= 2
    if whole and end == "reading is over":
        assert answers > 0
