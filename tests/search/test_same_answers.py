"""The same files give the same answers: neither the order in which episodes came into an index, nor its commits and
segments, nor what was in it and was removed shows in anything that is asked of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.library import Tools, spaced, write_lines
from support.transcripts.episodes import PIECES

import search
from indexer import forget, index_paths
from indexer.analyze import Job, prepare
from indexer.analyze import Tools as Prepares
from indexer.core.types import Chapter, Facts
from indexer.core.words.pronunciation import write_readings
from indexer.store.manifest import new_manifest, write_manifest
from indexer.store.prepared import PreparedEpisode
from indexer.store.segments import open_segments
from indexer.store.writer import IndexWriter
from search.frontends.formats import query_plans
from search.query.parse import parse

SAID = (
    "网络学习",
    "往络学习",
    "望洛学习",
    "强化学习",
    "Qwen",
    "Quin",
    "Koen",
    "Lucene",
    "Lucine",
    "三十个人",
    "30%的人",
    *PIECES,
)
TITLES = ("网络", "学习", "尾声")

QUERIES = (
    *("网络", "学习", "强化学习", "GPU", "qwen", "lucene", "的", "哈哈"),
    *("网络 学习", "强化 网络 GPU", "今天聊网络学习的", "wangluo", "30%", "三十"),
    *('"网络学习"', '"往络"', '"哈哈哈"', "g*", "q*", "网*", "=学习", "~学习"),
    *("网络 OR GPU", "网络 AND 学习", "学习 NOT GPU", "学习 -GPU 网络", "网络 NEAR/10s 学习", "的 NEAR/8 学习"),
)

Text = tuple[str, ...]
"""What an episode says, line by line."""


class Maker:
    """Makes indexes of episodes, each read and cut once."""

    def __init__(self, tools: Tools, place: Path) -> None:
        self._tools = tools
        self._place = place
        self._made = 0
        self.prepared = cache(self._prepare)

    def _prepare(self, name: str, text: Text) -> PreparedEpisode:
        path = write_lines(self._place / "files" / f"{name}.srt", spaced(text))
        chapters = tuple(Chapter(4.0 * at, title) for at, title in enumerate(TITLES) if at < len(text))
        facts = Facts(name, "ab"[len(text) % 2], f"2025-0{1 + len(text) % 3}-01", chapters=chapters)
        done = prepare(
            Job(str(path), name, facts, "made"),
            Prepares(self._tools.folding, self._tools.readings, self._tools.segmenter),
        )
        assert done.prepared is not None
        return done.prepared

    def index(self, commits: Iterable[Iterable[tuple[str, Text | None]]]) -> Path:
        """An index after these commits, each some episodes added, or put in the place of one of that name, or (None)
        removed."""
        self._made += 1
        folder = self._place / str(self._made)
        folder.mkdir()
        write_manifest(
            folder, new_manifest((), self._tools.folding.table, write_readings(folder, self._tools.readings))
        )
        known = set[str]()
        with closing(IndexWriter(folder)) as writer:
            for commit in commits:
                with writer.batch() as batch:
                    for name, text in commit:
                        if name in known:
                            batch.remove(name)
                        known.add(name)
                        if text is not None:
                            batch.add(self.prepared(name, text))
        return folder


@pytest.fixture(scope="module")
def maker(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Maker:
    return Maker(tools, tmp_path_factory.mktemp("same"))


def plain(value: Any) -> Any:
    """A value that can be compared, numbers to nine digits."""
    if isinstance(value, float):
        return round(value, 9)
    if is_dataclass(value) and not isinstance(value, type):
        return [plain(getattr(value, one.name)) for one in fields(value)]
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(one) for one in value]
    return value


def answers(folder: Path, queries: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """All that may be asked, with the answers."""
    with search.open_library(folder) as library:
        ids = [episode.id for episode in library.episodes()]
        yield "episodes", ids
        explore = library.explore
        for query in queries:
            for exact in (False, True):
                for limit in (3, 10, None):
                    result = library.search(query, limit=limit, exact=exact)
                    yield f"{query} {exact} {limit}", plain([tuple(result), result.total])
                    yield (
                        f"plan of {query} {exact}",
                        list(query_plans.plan(parse(query), library.resolved(result.plan))),
                    )
            yield f"count {query}", plain(library.count(query))
            for sort in ("time", "left", "right", "date", "episode"):
                found = explore.concordance(query, sort=sort, limit=7, tolerant=True)
                yield f"concordance {sort} {query}", plain([tuple(found), found.total, found.episodes])
            yield f"sample {query}", plain(tuple(explore.concordance(query, sample=3, seed=1)))
        for term in ("网络", "学习", "qwen", "lucene", "三十"):
            yield f"variants {term}", plain(library.variants(term))
            yield f"collocates {term}", plain(explore.collocates(term, least=1))
            yield f"trend {term}", plain(explore.trend(term))
            yield f"shows {term}", plain(explore.trend(term, by="show"))
            spread = explore.dispersion(term)
            yield f"dispersion {term}", plain([tuple(spread), spread.evenness])
        yield "suspects", plain(library.suspects())
        yield "terms", plain(explore.terms(limit=None))
        yield "n-grams", plain(explore.terms(sizes=(1, 3), limit=20, function_words=True))
        yield "new words", plain(explore.new_words(least=2))
        for name in ids:
            yield f"similar {name}", plain(explore.similar(name))
            yield f"outline {name}", plain([explore.outline(name), explore.outline(name, given=False, most=2)])
        yield "summary", plain(explore.summary())
        assert library.check() == []


def assert_same(one: Path, other: Path, queries: Sequence[str] = QUERIES) -> None:
    for (asked, expected), (again, found) in zip(answers(one, queries), answers(other, queries), strict=True):
        assert asked == again
        assert found == expected, asked


texts = st.lists(st.sampled_from(SAID), min_size=1, max_size=5).map("".join)
episodes = st.lists(texts, min_size=1, max_size=6).map(tuple)


@st.composite
def histories(draw: st.DrawFn) -> tuple[dict[str, Text], list[list[tuple[str, Text | None]]]]:
    """Some episodes, and commits after which an index has these and no others: in any order, some of them different at
    first, and with episodes that go again."""
    kept = draw(st.dictionaries(st.sampled_from("abcdefgh"), episodes, min_size=1, max_size=6))
    before = draw(st.dictionaries(st.sampled_from("abcdefghxyz"), episodes, max_size=6))
    first = [(name, text) for name, text in before.items()]
    gone: list[tuple[str, Text | None]] = [(name, None) for name in before if name not in kept]
    later = draw(st.permutations([*kept.items(), *gone]))
    commits = []
    for part in (draw(st.permutations(first)), later):
        while part:
            size = draw(st.integers(1, len(part)))
            commits.append(list(part[:size]))
            part = part[size:]
    return kept, commits


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories(), queries=st.lists(st.sampled_from(QUERIES), min_size=4, max_size=6, unique=True))
def test_answers_are_those_of_a_fresh_index_of_the_same_files(
    maker: Maker,
    history: tuple[dict[str, Text], list[list[tuple[str, Text | None]]]],
    queries: list[str],
) -> None:
    kept, commits = history
    fresh = maker.index([sorted(kept.items())])
    assert_same(fresh, maker.index(commits), queries)


ALIKE = ("强化学习和网络", "今天聊GPU", "网络 学习", "Qwen 和 Lucene")


def test_of_more_equals_than_fit_those_come_that_are_first_by_id(maker: Maker) -> None:
    names = [f"{number:03}" for number in range(36)]
    fresh = maker.index([[(name, ALIKE) for name in names]])
    backwards = maker.index([[(name, ALIKE) for name in reversed(names[at : at + 4])] for at in range(32, -1, -4)])
    for query in ("网络 学习", "网络", "qwen", "网络 OR qwen", "wangluo xuexi"):
        with search.open_library(backwards) as library:
            assert [moment.episode.id for moment in library.search(query, limit=10)] == names[:10], query
    assert_same(fresh, backwards, ("网络 学习", "网络", "GPU lucene", "网络 NEAR/10s 学习"))


def test_what_was_removed_counts_in_no_frequency_and_is_no_word(maker: Maker) -> None:
    kept: dict[str, Text] = {"a": ("今天聊网络",), "b": ("学习 Lucene",)}
    gone: dict[str, Text] = {f"x{number}": ("学习学习 Lucine Qwen", "网络网络的的") for number in range(2)}
    both = [*kept.items(), *gone.items(), *((f"y{number}", ("哈哈",)) for number in range(6))]
    removed = maker.index([both, [(name, None) for name in gone]])
    fresh = maker.index([[one for one in both if one[0] not in gone]])
    with closing(open_segments(removed)) as contents:  # else there would be nothing to prove
        assert [len(segment.deleted) for segment in contents.segments] == [2]
    with search.open_library(removed) as library:
        plan = library.resolved(library.plan("学习 网络 q* lucine"))
        assert [term.frequency for term in plan.terms if term.is_exact] == [1, 1, 0, 0]
        assert [variant.text for variant in library.variants("lucene")] == ["lucene"]
    assert_same(fresh, removed, QUERIES)


def test_forgetting_an_episode_leaves_the_answers_of_an_index_that_never_had_it(tools: Tools, tmp_path: Path) -> None:
    for number in range(6):
        write_lines(tmp_path / "show" / f"{number}.srt", spaced(["强化学习和网络", f"第{number}集聊GPU"]))
    for name in ("zebra", "alpha"):
        write_lines(tmp_path / "other" / f"{name}.srt", spaced(["网络网络网络学习 Qwen"]))
    fresh = tools.index([tmp_path / "show"], tmp_path / "fresh")
    index = tmp_path / "index"
    with tools.loaded():
        for path in (tmp_path / "other", *sorted((tmp_path / "show").iterdir(), reverse=True)):
            assert index_paths([path], index, jobs=1).exit_code == 0
    forget(["other/zebra", "other/alpha"], index)
    assert_same(fresh, index, QUERIES)
