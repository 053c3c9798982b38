"""What is new for a saved query: each moment once, whatever happens to its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.library import Tools, spaced, write_lines

import indexer
import search
from indexer.core.errors import IndexProblem
from indexer.core.types import Episode, Facts
from indexer.store.library.seen_moments import FILE, SAME_PLACE, Known, Place, SeenMoments, read_known, write_known
from search import Deadline, SearchRequest
from search.new_moments import News, look, only

QUERY = "月亮"

spans = st.tuples(st.integers(0, 200), st.integers(0, 20)).map(
    lambda pair: Place(pair[0], pair[0] + pair[1], str(pair))
)


@given(st.lists(st.lists(spans, max_size=4), max_size=4), spans)
def test_a_place_is_known_when_one_like_it_was_told(looks: list[list[Place]], place: Place) -> None:
    told = SeenMoments()
    for found in looks:
        told = told.with_places(found)
    near = any(
        other.start - SAME_PLACE <= place.end and place.start <= other.end + SAME_PLACE
        for found in looks
        for other in found
    )
    assert told.has(place) == near


def test_a_line_is_known_wherever_it_is_now() -> None:
    told = SeenMoments().with_places([Place(10.0, 14.0, "a")])
    assert told.has(Place(500.0, 504.0, "a"))
    assert not told.has(Place(500.0, 504.0, "b"))


def test_what_was_told_comes_back_from_its_file(tmp_path: Path) -> None:
    one = Episode("show/one", "one.srt", Facts(title="甲"), digest="d1")
    two = Episode("show/two", "two.srt", digest="d2")
    known = Known().updated([one, two], {"show/one": [Place(1.5, 4.0, "a"), Place(90.0, 91.0, "b")]})
    assert read_known(tmp_path) == {}
    write_known(tmp_path, {"~月亮": known, "=月亮": Known()})
    assert read_known(tmp_path) == {"~月亮": known, "=月亮": Known()}
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 2, "queries": {}}', '{"version": 1, "queries": {"~a": {"b": 1}}}']
)
def test_a_file_that_is_none_of_ours_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, "utf-8")
    with pytest.raises(IndexProblem, match=r"watch\.json: cannot be read .*: remove it") as problem:
        read_known(tmp_path)
    assert "\n" not in str(problem.value)


Put = Callable[..., None]
Tell = Callable[[], list[tuple[str, str]]]


@pytest.fixture
def show(tmp_path: Path) -> Path:
    return tmp_path.resolve() / "show"


@pytest.fixture
def put(tools: Tools, show: Path, tmp_path: Path) -> Put:
    """Writes an episode, None to remove it, and indexes."""

    def write(name: str, *texts: str, start: float = 0.0) -> None:
        if texts:
            write_lines(show / f"{name}.srt", [(start + a, start + b, text) for a, b, text in spaced(texts)])
        else:
            (show / f"{name}.srt").unlink()
        with tools.loaded():
            indexer.index_paths([show], tmp_path / "index", jobs=1, prune=True, unattended=True)

    return write


@pytest.fixture
def library(put: Put, tmp_path: Path) -> Iterator[search.Library]:
    put("one", "月亮出来了", *["没有人说话"] * 30, "月亮下去了")
    with search.open_library(tmp_path / "index") as library:
        yield library


@pytest.fixture
def news(library: search.Library) -> Tell:
    """The news since the last time, as (episode, first line with a match)."""
    saved = News([QUERY], exact=False)
    assert list(saved.of(library)) == []

    def tell() -> list[tuple[str, str]]:
        return [
            (moment.episode.id, next(cue.text for cue in moment.cues if cue.highlights))
            for _, moments in saved.of(library)
            for moment in moments
        ]

    assert tell() == []
    return tell


def test_a_new_episode_is_news_once(put: Put, news: Tell) -> None:
    put("two", "月亮真圆")
    assert news() == [("show/two", "月亮真圆")]
    assert news() == []


def test_of_a_changed_episode_only_what_was_not_there_is_news(put: Put, news: Tell) -> None:
    put("one", "月亮出来啦", *["没有人说话"] * 30, "月亮下去了", *["没有人说话"] * 30, "又见月亮")
    assert news() == [("show/one", "又见月亮")]


def test_an_episode_that_is_moved_in_time_is_no_news(put: Put, news: Tell) -> None:
    put("one", "月亮出来了", *["没有人说话"] * 30, "月亮下去了", start=600.0)
    assert news() == []


def test_what_goes_and_comes_back_is_no_news(put: Put, news: Tell) -> None:
    put("two", "月亮真圆")
    put("one")
    assert news() == [("show/two", "月亮真圆")]
    put("one", "月亮出来了", *["没有人说话"] * 30, "月亮下去了")
    assert news() == []


def test_a_file_with_another_name_is_no_news(put: Put, news: Tell, show: Path) -> None:
    put("two", "太阳")
    (show / "one.srt").rename(show / "three.srt")
    put("four", "月亮真圆")
    assert news() == [("show/four", "月亮真圆")]


def test_an_episode_that_passes_a_filter_after_its_facts_changed_is_news(
    library: search.Library, put: Put, show: Path
) -> None:
    saved = News(["月亮 title:夜"], exact=False)
    assert list(saved.of(library)) == []
    (show / "podcast.toml").write_text('episodes.one.title = "夜里"\n', "utf-8")
    put("two", "太阳")
    ((query, moments),) = saved.of(library)
    assert query == "月亮 title:夜"
    assert {moment.episode.title for moment in moments} == {"夜里"}


def test_news_that_nobody_took_is_told_again(library: search.Library, put: Put) -> None:
    saved = News([QUERY, "太阳"], exact=False)
    assert list(saved.of(library)) == []
    put("two", "月亮真圆", "太阳也圆")
    assert next(iter(saved.of(library)))[0] == QUERY
    assert [query for query, _ in saved.of(library)] == [QUERY, "太阳"]
    assert list(saved.of(library)) == []


def test_news_are_ranked_among_themselves(library: search.Library, put: Put) -> None:
    _, known = look(library, SearchRequest(QUERY), Known())
    put("two", "月亮", *["没有人说话"] * 30, "月亮月亮")
    moments, _ = look(library, SearchRequest(QUERY), known)
    assert [moment.rank for moment in moments] == [1, 2]
    assert moments[0].score >= moments[1].score


def test_a_search_may_be_kept_to_some_episodes(library: search.Library, put: Put) -> None:
    put("two", "月亮真圆")
    episodes = [episode for episode in library.episodes() if episode.id == "show/two"]
    assert [moment.episode.id for moment in library.search(QUERY, filters=[only(episodes)])] == ["show/two"]
    assert list(library.search("only:x")) == []


def test_a_search_that_was_stopped_goes_on_at_the_next_look(library: search.Library, put: Put) -> None:
    """Each moment is reported once all the same."""
    _, before = look(library, SearchRequest(QUERY), Known())
    for name in ("two", "three", "four"):
        put(name, "月亮真圆")
    told: list[str] = []
    known = before
    ticks = iter(range(10**6))
    for looks in (0, 1, 2, 10**6):
        deadline = Deadline(looks + 0.5, lambda: float(next(ticks)))
        moments, known = look(library, SearchRequest(QUERY, timeout=deadline), known)
        assert bool(deadline.reason) == (looks < 10**6)
        told += [moment.episode.id for moment in moments]
    assert sorted(told) == ["show/four", "show/three", "show/two"]
    assert look(library, SearchRequest(QUERY), known)[0] == []


def test_of_a_first_search_that_was_stopped_nothing_is_news_later(library: search.Library) -> None:
    saved = News([QUERY], exact=False, timeout=1e-9)
    assert list(saved.of(library)) == []
    assert saved.stopped == {QUERY: "stopped after 1e-09 s"}
    saved = News([QUERY], exact=False, known=saved.known)
    assert list(saved.of(library)) == []
    assert saved.stopped == {}
