"""All moments in rank order, scored as late as can be, are those of a ranking of all windows."""

from __future__ import annotations

import pytest

from search import Deadline, Library
from search.api import make_request
from search.results import ranked_stream
from search.results.snippets import contexts
from search.retrieval.moments import find_moments
from search.retrieval.unranked import can_be_unranked


@pytest.mark.parametrize(
    "query",
    [
        "我们",
        "我*",
        "/我./",
        "/我./ OR /今./",
        "/我./ OR 的",
        "我们 今天 的",
        "我们今天聊的是开源模型和数据的关系",
        "我们 OR 今天 OR 的 OR 是",
        "我们 AND 的",
        "的 NEAR/6s 是",
        "(的 OR 是) -我们",
        "我们 -今天",
    ],
)
@pytest.mark.parametrize("context", [5.0, 60.0])
def test_all_moments_come_in_the_order_of_a_ranking(sample: Library, query: str, context: float) -> None:
    searcher = sample._open
    request = make_request(query, limit=None, context=context, exact=True)
    plan = searcher.resolved(searcher.expanded(request, Deadline()))
    assert can_be_unranked(plan)
    ranked = find_moments(plan, searcher.snapshot).found
    assert list(sample.each(request)[1]) == list(contexts(ranked, plan, searcher.snapshot, request.context, None))


def test_parts_without_a_moment_end_the_list(sample: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranked_stream, "_scored", lambda part: [])
    assert list(sample.each(make_request("我们", limit=None, exact=True))[1]) == []
