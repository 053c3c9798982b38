"""For running text, few episodes are read: the likeliest, and those of the usual ranking; the moments are the same."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from support.library import Tools, spaced, write_lines
from support.remote.fetching import ONLY_SHOWN_WHOLE, set_sizes
from support.remote.remote_index import StandIn

from indexer.store.cluster.documents.layout import HAS_DECKS, HAS_TEXT_PARTS
from search import Library, open_library, searcher
from search.api import make_request
from search.backends.remote import Counted, Likeliest
from search.retrieval.remote.fetching import likeliest_episodes
from search.retrieval.remote.fetching.likeliest_episodes import LikeliestEpisodes
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.retrieval.sentences import sentence_windows
from search.scoring import SENTENCES
from search.searcher import Searcher

QUERY = "训练后模型里数据呢为啥下雨才有"
SAID = ("训练", "模型", "数据", "训练模型", "要用数据", "为什么", "这么多", "今天", "喝茶", "下雨", "散步")
ASKED = ("训练", "模型", "数据", "下雨")
EPISODES = 60


@pytest.fixture(scope="module")
def near(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Most episodes say much of the query within a window; every third says it more often, but never at once."""
    folder, chance = tmp_path_factory.mktemp("many"), random.Random(3)
    for number in range(EPISODES):
        lines = spaced(["".join(chance.choices(SAID, k=3)) for _ in range(60)])
        if number % 3 == 0:
            lines = spaced([chance.choice(ASKED) for _ in range(40)], step=40.0)
        write_lines(folder / f"{number:02}.srt", lines)
    return open_library(tools.index([folder], folder.parent / "many-index"))


@pytest.mark.parametrize("format", [1, 2, 3, 4])
@pytest.mark.parametrize(("beyond", "read"), [(20, 41), (0, EPISODES)], ids=["the likeliest", "all alike"])
def test_few_episodes_are_read_for_the_same_moments(
    near: Library, monkeypatch: pytest.MonkeyPatch, beyond: int, read: int, format: int
) -> None:
    few = SENTENCES._replace(episodes=5)
    set_sizes(monkeypatch, **ONLY_SHOWN_WHOLE, FIRST_BATCH=15, BATCH=10, _PARTIAL=1, RARE=0)
    monkeypatch.setattr(likeliest_episodes, "_EQUALS", beyond)
    monkeypatch.setattr(searcher, "SENTENCES", few)
    monkeypatch.setattr(sentence_windows, "SENTENCES", few)
    remote = StandIn(Path(near.folder), format)
    request = make_request(QUERY, limit=3, exact=True)
    found, expected = RemoteSearcher(remote, Searcher).search(request), near.search(request)
    assert [(one.episode.id, one.start, round(one.score, 9)) for one in found] == [
        (one.episode.id, one.start, round(one.score, 9)) for one in expected
    ]
    assert sum(asked.ranked is not None for asked in remote.questions) == 1
    assert len(remote.fetched) == read
    if format < HAS_DECKS:
        assert len(remote.whole) == read
    else:  # those shown, and those that a search for words would show
        opened = remote.lines if format >= HAS_TEXT_PARTS else remote.whole
        assert len({one.episode.id for one in expected}) <= len(opened) <= 2 * 3
        assert opened is remote.whole or not remote.whole


@pytest.mark.parametrize(
    ("filters", "read"),
    [("-show:zzz", 41), ("title:1", 30), ("speaker:nobody", 0), ("-speaker:nobody", EPISODES)],
    ids=["all pass", "some do", "none does", "the index cannot tell"],
)
def test_few_of_those_that_pass_a_filter_are_read(
    near: Library, monkeypatch: pytest.MonkeyPatch, filters: str, read: int
) -> None:
    few = SENTENCES._replace(episodes=5)
    set_sizes(monkeypatch, **ONLY_SHOWN_WHOLE, FIRST_BATCH=15, BATCH=10, _PARTIAL=1, RARE=0)
    for module in (searcher, sentence_windows):
        monkeypatch.setattr(module, "SENTENCES", few)
    remote = StandIn(Path(near.folder))
    request = make_request(f"{QUERY} {filters}", limit=3, exact=True)
    found, expected = RemoteSearcher(remote, Searcher).search(request), near.search(request)
    assert [(one.episode.id, one.start, round(one.score, 9)) for one in found] == [
        (one.episode.id, one.start, round(one.score, 9)) for one in expected
    ]
    assert len(remote.fetched) <= read
    assert not remote.asked["values"]


@pytest.mark.parametrize(
    ("scores", "known", "are_too_many"),
    [([3, 2], 2, False), ([3, 2, 2 - 1e-6, 1], 3, False), ([3] + [2] * 30, 22, True)],
    ids=["few", "alike but for rounding", "too many alike"],
)
def test_those_alike_but_for_rounding_are_among_the_first(scores: list[float], known: int, are_too_many: bool) -> None:
    episodes = LikeliestEpisodes(Likeliest((Counted(("训",), 1.0),), 1.0, 1.0, 2))
    assert episodes.question is not None
    assert not episodes.are_too_many
    best = [(score, str(number)) for number, score in enumerate(scores)]
    episodes.learn(best[: episodes.question.size])
    assert episodes.question is None
    assert (len(episodes.keys), episodes.are_too_many) == (known, are_too_many)
