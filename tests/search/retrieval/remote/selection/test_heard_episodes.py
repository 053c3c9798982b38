"""Of episodes that only sound like running text somewhere, no more is fetched than tells that, unless they may have one
of the best windows; the moments are those of a folder."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.library import Tools, spaced, write_lines
from support.remote.fetching import ONLY_SHOWN_WHOLE, set_sizes
from support.remote.remote_index import StandIn

from indexer.store import schema
from search import Library, open_library, searcher
from search.api import SearchRequest, make_request
from search.backends.conditions import EVERY
from search.backends.remote import Answers, ByBound, Questions, Stored
from search.matching.terms import Alternative, NumberPattern, Pattern, RunPattern, Term
from search.retrieval.remote.fetching.listed_bounds import EpisodeLists
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.retrieval.remote.selection import heard_episodes
from search.retrieval.remote.selection.heard_episodes import most_beside
from search.retrieval.resolved_plan import ResolvedPlan
from search.retrieval.scorer import WeighedPlan
from search.retrieval.sentences import sentence_windows
from search.scoring import SENTENCES, WEIGHTS, Weights, saturated, window_score
from search.searcher import Searcher

QUERY = "训练模型数据选礼下雨为啥"
OTHERS = ("今天", "喝茶", "散步", "这么多", "出去")


class Noted(StandIn):
    """Notes the columns that were fetched of each episode."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.columns: defaultdict[str, set[str]] = defaultdict(set)

    def stored_of_each(self, groups: Sequence[tuple[Collection[str], Sequence[str]]]) -> list[Stored]:
        return self._noted(super().stored_of_each(groups))

    def answers(self, questions: Questions) -> Answers:
        answers = super().answers(questions)
        self._noted(list(answers.stored))
        return answers

    def _noted(self, found: list[Stored]) -> list[Stored]:
        for one in found:
            self.columns[one.id].update(one.columns)
        return found


@pytest.fixture(scope="module")
def near(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A few episodes say much of the query at once, some a word of it; most only what sounds like a part of it."""
    folder, chance = tmp_path_factory.mktemp("heard"), random.Random(5)
    for number in range(60):
        texts = ["".join(chance.choices(OTHERS, k=3)) for _ in range(40)]
        texts[20] = "今天玄里去"
        if number % 5 == 0:
            texts[10 if number % 2 else 20] = "训练模型数据下雨为啥"
        elif number % 3 == 0:
            texts[21] = chance.choice(("训练模型", "数据下雨", "为啥"))
        write_lines(folder / f"{number:02}.srt", spaced(texts))
    return open_library(tools.index([folder], folder.parent / "heard-index"))


def few_windows(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Has the usual ranking of running text look for so many windows."""
    weigh = WeighedPlan.__init__

    def weighed(self: WeighedPlan, plan: ResolvedPlan, weights: Weights = WEIGHTS) -> None:
        weigh(self, plan, weights._replace(candidates_of_text=most))

    monkeypatch.setattr(WeighedPlan, "__init__", weighed)


def shown(library: Library | RemoteSearcher, request: SearchRequest) -> list[object]:
    return [(one.episode.id, one.start, round(one.score, 9), one.matches) for one in library.search(request)]


@pytest.mark.parametrize("windows", [5, 50, 500])
@pytest.mark.parametrize("limit", [1, 10])
def test_the_moments_are_those_of_a_folder(
    near: Library, monkeypatch: pytest.MonkeyPatch, windows: int, limit: int
) -> None:
    set_sizes(monkeypatch, **ONLY_SHOWN_WHOLE, FIRST_BATCH=5, BATCH=5, _PARTIAL=1)
    few_windows(monkeypatch, windows)
    request = make_request(QUERY, limit=limit)
    far = RemoteSearcher(Noted(Path(near.folder)), Searcher)
    for _ in range(2):  # the second time with what is kept
        assert shown(far, request) == shown(near, request)


def test_what_only_sounds_alike_and_cannot_compete_tells_no_more(
    near: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_sizes(monkeypatch, **ONLY_SHOWN_WHOLE, FIRST_BATCH=5, BATCH=5, _PARTIAL=1)
    few_windows(monkeypatch, 5)
    remote = Noted(Path(near.folder))
    request = make_request(QUERY, limit=2)  # with fewer windows than are looked for, loops are wanted, too
    assert shown(RemoteSearcher(remote, Searcher), request) == shown(near, request)
    ranked = {name for name, columns in remote.columns.items() if schema.TITLES in columns}
    heard = remote.columns.keys() - ranked
    assert len(heard) > 20
    assert max(len(remote.columns[name]) for name in heard) < min(len(remote.columns[name]) for name in ranked)


@given(
    counts=st.lists(st.integers(0, 9), min_size=1, max_size=6),
    said=st.lists(st.integers(0, 9), min_size=1, max_size=4),
    weights=st.lists(st.floats(0.01, 20.0), min_size=10, max_size=10),
)
def test_no_window_scores_more_than_its_passage_and_what_sounds_alike_allow(
    counts: list[int], said: list[int], weights: list[float]
) -> None:
    own, others = weights[: len(counts)], weights[6 : 6 + len(said)]
    passage = window_score(counts, own, 1.0)
    worth = sum(weight * saturated(count) for count, weight in zip(said, others, strict=True))
    window = window_score([*counts, *said], [*own, *others], 1.0)
    assert window <= most_beside(passage, worth, sum(others), 1 + WEIGHTS.saturation) * (1 + 1e-9)


def test_what_competes_only_by_what_sounds_alike_is_found(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two words and what sounds like a rare third are worth more than the four words of others, neither is alone: so
    nothing but the sum of both has the episode fetched."""
    texts = {f"others{number}": ["数据模型训练下雨"] for number in range(4)}
    texts |= {f"twice{number}": ["数据模型训练下雨"] * 2 for number in range(2)}
    texts |= {"heard": ["下雨数据", "今天玄里去"], "less": ["下雨玄里去"]}
    said = {name: spaced(["今天喝茶散步"] * 2 + few + ["这么多出去"] * 2) for name, few in texts.items()}
    set_sizes(monkeypatch, **ONLY_SHOWN_WHOLE, FIRST_BATCH=2, BATCH=1, _PARTIAL=1, RARE=0)
    few_windows(monkeypatch, 2)
    fewer = SENTENCES._replace(episodes=1, windows=1)
    for module in (searcher, sentence_windows):
        monkeypatch.setattr(module, "SENTENCES", fewer)
    with tools.library(said) as near:
        request = make_request("训练模型数据下雨选礼", limit=1)
        (best,) = near.search(request)
        assert best.episode.id.endswith("/heard")
        assert shown(RemoteSearcher(StandIn(Path(near.folder)), Searcher), request) == shown(near, request)


@pytest.mark.parametrize(
    ("patterns", "told"),
    [
        ([RunPattern(("bm",)), RunPattern(("看", "在"))], True),
        ([RunPattern((chr(0x4E00 + number), "在")) for number in range(300)], True),
        ([RunPattern((chr(0x4E00 + number), "在", "这")) for number in range(100)], False),
        ([NumberPattern(("五",))], False),
    ],
)
def test_passages_are_listed_in_which_something_stands_for_a_term(
    monkeypatch: pytest.MonkeyPatch, patterns: Sequence[Pattern], told: bool
) -> None:
    """A query has room for so many runs, but for any number of pairs. What a number is written like is not known."""
    keys = list(map(str, range(100)))
    monkeypatch.setattr(heard_episodes, "may_compete", lambda _asked, _known: iter(keys))
    terms = [Term("bml", (Alternative(pattern, "spelling"),), 1.0, 0) for pattern in patterns]
    weighed = SimpleNamespace(term_weights=[1.0] * len(terms))
    asked = SimpleNamespace(weighed=weighed, plan=SimpleNamespace(plan=SimpleNamespace(terms=terms)))
    gathered = SimpleNamespace(lists=EpisodeLists(), is_last=False)
    listed = ByBound((), 1.0, EVERY, 0)
    found = heard_episodes.competing(cast(Any, asked), listed, cast(Any, gathered))
    pending = gathered.lists.pending
    assert (list(found), pending is None) == (([], False) if told else (keys, True))
    assert pending is None or pending.among == tuple(dict.fromkeys(pattern.atoms for pattern in patterns))
