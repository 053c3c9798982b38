"""An exploration that is stopped: the result for what had been read by then, and the reason."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support.front_ends.commands import ran

from search import Deadline, Library, open_library
from search.exploration.counting.word_reader import WordReader
from search.exploration.explorer import Explorer
from search.exploration.similar import similar_moments
from search.frontends.cli.arguments.asking import report_part, report_stopped
from search.frontends.cli.output.console import ERROR, FOUND, NOTHING
from search.query.syntax import Filter

EPISODE = "电池"
ASKED: dict[str, Callable[[Library, Deadline | None], Any]] = {
    "terms": lambda library, limit: library.explore.terms(timeout=limit),
    "grams": lambda library, limit: library.explore.terms(sizes=(1, 3), limit=50, timeout=limit),
    "characters": lambda library, limit: library.explore.terms(sizes=(2, 4), characters=True, timeout=limit),
    "keywords": lambda library, limit: library.explore.keywords(
        [Filter("title", EPISODE)], sizes=(1, 3), timeout=limit
    ),
    "new words": lambda library, limit: library.explore.new_words(least=2, timeout=limit),
    "collocates": lambda library, limit: library.explore.collocates("我们", least=1, timeout=limit),
    "concordance": lambda library, limit: library.explore.concordance("我们 OR 今天", limit=None, timeout=limit),
    "tolerant": lambda library, limit: library.explore.concordance("语音 识别", tolerant=True, timeout=limit),
    "trend": lambda library, limit: library.explore.trend(["我们", "今天"], by="episode", timeout=limit),
    "dispersion": lambda library, limit: library.explore.dispersion(["我们", "今天"], timeout=limit),
    "outline": lambda library, limit: library.explore.outline(EPISODE, given=False, timeout=limit),
    "similar": lambda library, limit: library.explore.similar(EPISODE, timeout=limit),
    "similar moments": lambda library, limit: similar_moments(library, EPISODE, timeout=limit)[1],
    "summary": lambda library, limit: [library.explore.summary(timeout=limit)],
    "suspects": lambda library, limit: library.suspects(timeout=limit),
}
LOOKS = (0, 1, 2, 3, 5, 8, 13, 21, 34)


def clock() -> Callable[[], float]:
    """A second passes with every look at it."""
    ticks = count()
    return lambda: float(next(ticks))


@pytest.fixture
def fresh(sample_index: Path) -> Iterator[Library]:
    """The sample corpus, of which nothing has been counted."""
    with open_library(sample_index) as library:
        yield library


@pytest.mark.parametrize("name", ASKED)
def test_what_is_stopped_anywhere_gives_a_result_and_the_reason(fresh: Library, name: str) -> None:
    whole = [*ASKED[name](fresh, None)]
    for looks in LOOKS:
        fresh._explorer = None
        deadline = Deadline(looks + 0.5, clock())
        found = [*ASKED[name](fresh, deadline)]
        if looks < 2 or deadline.reason:
            assert deadline.reason in (f"stopped to keep within {looks + 0.5:g} s", f"stopped after {looks + 0.5:g} s")
        else:
            assert found == whole


@pytest.mark.parametrize("name", ASKED)
def test_time_that_is_enough_changes_nothing(sample: Library, name: str) -> None:
    deadline = Deadline(10**9, clock())
    assert [*ASKED[name](sample, deadline)] == [*ASKED[name](sample, None)]
    assert deadline.reason is None


@pytest.mark.parametrize("name", ASKED)
def test_a_cancelled_one_is_stopped(fresh: Library, name: str) -> None:
    deadline = Deadline()
    deadline.cancel()
    ASKED[name](fresh, deadline)
    assert deadline.reason == "cancelled"


def test_the_figures_of_a_stopped_count_are_those_of_what_was_read(fresh: Library) -> None:
    whole = fresh.explore.terms(limit=None, function_words=True)
    fresh._explorer = None
    stopped = fresh.explore.terms(limit=None, function_words=True, timeout=Deadline(40.5, clock()))
    assert 0 < stopped.words == sum(row.count for row in stopped) < whole.words


def test_words_that_are_only_counted_are_read_for_longer(fresh: Library) -> None:
    words = []
    for sizes in ((1, 1), (1, 2)):
        fresh._explorer = None
        words.append(
            fresh.explore.terms(sizes=sizes, limit=None, function_words=True, timeout=Deadline(24.5, clock())).words
        )
    assert words[0] > words[1] > 0


def test_a_stopped_trend_has_the_rates_of_the_episodes_it_looked_at(fresh: Library) -> None:
    whole = {rate.group: rate for rate in fresh.explore.trend("我们", by="episode")}
    stopped = fresh.explore.trend("我们", by="episode", timeout=Deadline(40.5, clock()))
    assert 0 < len(stopped) < len(whole)
    assert all(whole[rate.group] == rate for rate in stopped)


def test_reading_continues_where_it_was_stopped(fresh: Library) -> None:
    snapshot = fresh.explore.snapshot
    reader, read = WordReader(snapshot), 0
    while read < len(snapshot.episodes()):
        words = reader.read(Deadline(3.5, clock()))
        assert read < len(words.episodes) <= read + 4
        read = len(words.episodes)
    assert words is reader.read()
    whole = WordReader(snapshot).read()
    assert words.vocabulary == whole.vocabulary
    assert all(words[number] == whole[number] for number in snapshot.episodes())


def test_one_thread_that_waits_for_another_looks_at_its_own_deadline(fresh: Library) -> None:
    reader = WordReader(fresh.explore.snapshot)
    reader._reading.acquire()
    deadline = Deadline(0.0)
    assert len(reader.read(deadline).episodes) == 0
    assert deadline.reason


def test_the_needed_episode_is_read_in_any_case(fresh: Library) -> None:
    explore = Explorer(fresh.explore.snapshot)
    last = fresh.explore.snapshot.episodes()[-1]
    assert last in explore.read_words(Deadline(0.0), last).episodes


@pytest.mark.parametrize(
    "typed",
    [
        ["terms"],
        ["terms", "--new"],
        ["terms", "--title", EPISODE, "-g", "1-3"],
        ["collocates", "我们"],
        ["concordance", "我们"],
        ["trend", "我们"],
        ["dispersion", "我们"],
        ["similar", EPISODE],
        ["similar", EPISODE, "-l"],
        ["chapters", EPISODE],
        ["summary", "--misheard"],
        ["variants", "--discover"],
    ],
    ids=" ".join,
)
def test_a_command_reports_that_it_was_stopped_and_ends_with_an_error(
    sample_index: Path, capsys: pytest.CaptureFixture[str], typed: list[str]
) -> None:
    run = ran(capsys, *typed, "--timeout", "1e-9", "--index", str(sample_index))
    assert (run.code, "stopped" in run.err, "--timeout" in run.err) == (2, True, True), run.err
    for untrue in ("No episodes", "Nowhere", "0 of 0", "No word"):
        assert untrue not in run.out + run.err
    run = ran(capsys, *typed, "--timeout", "0", "--index", str(sample_index))
    assert "stopped" not in run.err


def test_a_stopped_count_says_how_much_was_read_and_how_long_all_of_it_takes(fresh: Library) -> None:
    snapshot, complaints = fresh.explore.snapshot, list[str]()
    context: Any = SimpleNamespace(complain=complaints.append)
    ended, whole = Deadline(4.5, clock()), Deadline(4000.5, clock())
    assert len(WordReader(snapshot).read(ended).episodes) == 4
    assert ended.progress == (4, snapshot.episode_count)
    WordReader(snapshot).read(whole)
    assert whole.progress is None
    assert report_part(context, whole, 0) == 0
    assert report_part(context, ended, 0) == ERROR
    needed = math.ceil(4.5 * snapshot.episode_count / 4)
    (complaint,) = complaints
    assert complaint == (
        f"The count was stopped after 4.5 s; the result covers 4 of {snapshot.episode_count} episodes. "
        f"All of them need about --timeout {needed} (0 for no limit)"
    )
    assert report_stopped(context, ended, 0) == ERROR
    assert f"after 4 of {snapshot.episode_count} episodes had been read" in complaints[-1]
    assert f"--timeout {needed} (" in complaints[-1]


def test_a_count_that_stops_after_reading_says_that_all_was_read(fresh: Library) -> None:
    complaints = list[str]()
    context: Any = SimpleNamespace(complain=complaints.append)
    fresh.explore.terms()
    every = fresh.explore.snapshot.episode_count
    for looks in range(every, 12 * every):
        limit = Deadline(looks + 0.5, clock())
        fresh.explore.terms(sizes=(2, 4), limit=50, timeout=limit)
        if not limit.progress:
            break
    assert report_part(context, limit, 0) == ERROR
    (complaint,) = complaints
    assert f"all {every} episodes were read, but not counted to the end" in complaint
    assert f"--timeout {2 * looks + 1} (" in complaint


def test_a_stopped_count_of_nothing_does_not_speak_of_a_result() -> None:
    complaints = list[str]()
    context: Any = SimpleNamespace(complain=complaints.append)
    limit = Deadline(0.5, clock())
    assert limit.is_over()
    assert report_part(context, limit, NOTHING) == ERROR
    assert report_part(context, limit, FOUND) == ERROR
    nothing, something = complaints
    assert "before it had counted anything" in nothing and "result" not in nothing
    assert "the result covers what had been read by then" in something


def test_a_stopped_concordance_counts_the_episodes_that_may_have_a_match(
    sample_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = ran(capsys, "concordance", "电池", "--timeout", "1e-9", "--index", str(sample_index))
    assert re.search(r"before it had read any of \d+ episodes? that may have a match\. ", run.err)


def test_of_several_stages_that_were_stopped_the_one_that_got_least_far_counts() -> None:
    limit = Deadline(0.5, clock())
    limit.note_progress(2, 20)
    assert limit.progress is None
    assert limit.is_over()
    limit.note_progress(12, 20)
    limit.note_progress(7, 12)
    assert limit.progress == (7, 20)


@pytest.mark.parametrize("name", ["concordance of a word", "trend", "terms"])
def test_what_is_stopped_notes_its_progress(fresh: Library, name: str) -> None:
    asked = {
        **ASKED,
        "concordance of a word": lambda library, limit: library.explore.concordance("我们", timeout=limit),
    }
    noted = []
    for looks in LOOKS:
        limit = Deadline(looks + 0.5, clock())
        list(asked[name](fresh, limit))
        noted += [limit.progress] if limit.progress else []
    assert noted
    assert all(0 <= done < of <= fresh.explore.snapshot.episode_count for done, of in noted)
