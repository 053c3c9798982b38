"""A search that is stopped: what it has found by then, and how it says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from support.library import podseek

from search import Deadline, Library, Moment
from search.api import DEFAULT_CONTEXT
from search.query.deadline import OutOfTime, TwoStages
from search.query.syntax import Filter
from search.results.snippets import SURELY
from search.results.tally import count_matches, episodes_of_contexts
from search.retrieval.moments import find_moments

QUERIES = (
    "今天",
    "我们 今天",
    '"我们"',
    "我们 AND 今天",
    "我们 OR 今天",
    "我们 NEAR/20s 今天",
    "我们 NEAR/20s (今天 AND 的 OR 电池)",
    "我们 -今天",
    "~语音 识别",
)


def clock() -> Callable[[], float]:
    """A second passes with every look at it."""
    ticks = count()
    return lambda: float(next(ticks))


def after(looks: int) -> Deadline:
    """A deadline that is over when it was looked at so many times."""
    return Deadline(looks + 0.5, clock())


def shown(moment: Moment) -> tuple[str, float, float]:
    return moment.episode.id, moment.start, round(moment.score, 9)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("limit", [3, None])
def test_a_stopped_search_has_found_less_and_says_so_in_the_right_order(
    sample: Library, query: str, limit: int | None
) -> None:
    whole = sample.search(query, limit=limit)
    assert whole.incomplete is None
    known = {shown(moment)[:2] for moment in sample.search(query, limit=None)}
    for looks in range(4):
        deadline = after(looks)
        part = sample.search(query, limit=limit, timeout=deadline)
        assert part.incomplete == deadline.reason == f"stopped after {looks + 0.5:g} s"
        assert [moment.score for moment in part] == sorted((moment.score for moment in part), reverse=True)
        assert [moment.rank for moment in part] == list(range(1, len(part) + 1))
        assert {moment.episode.id for moment in part} <= {episode for episode, _ in known}
    assert [shown(moment) for moment in sample.search(query, limit=limit, timeout=after(10**6))] == [*map(shown, whole)]


@pytest.mark.parametrize("query", QUERIES)
def test_what_was_found_before_the_end_is_there(sample: Library, query: str) -> None:
    """All episodes but the last are looked at, so something must be found."""
    sample.plan(query)  # which is then known
    looked = Deadline(10**6, ticking := clock())
    everything = sample.search(query, limit=None, timeout=looked)
    looks = int(ticking()) - 1
    assert looked.reason is None
    part = sample.search(query, limit=None, timeout=after(looks - 1))
    assert part.incomplete
    assert 0 < len(part) <= len(everything)


def test_a_plan_that_was_cut_short_is_not_kept(sample: Library) -> None:
    """The same question with more time has what stands for its words."""
    for other in ("今天", "明天", "昨天", "后天"):  # the last plans are kept
        sample.plan(other)
    short = sample.search("~语音 识别", limit=None, timeout=after(0))
    assert short.incomplete
    assert not short.plan.stand_ins
    assert sample.search("~语音 识别", limit=None).plan.stand_ins


def test_counts_are_stopped_too(sample: Library) -> None:
    deadline = after(2)
    part = sample.count("我们 OR 今天", timeout=deadline)
    assert deadline.reason
    assert sum(one.moments for one in part) < sum(one.moments for one in sample.count("我们 OR 今天"))


def test_all_moments_one_by_one_are_stopped_while_they_are_sought(sample: Library) -> None:
    deadline = after(2)
    _, moments = sample.each("我们 OR 今天", timeout=deadline)
    assert 0 < len(list(moments)) < len(sample.search("我们 OR 今天", limit=None))
    assert deadline.reason


def test_the_total_has_as_much_time_again(sample: Library) -> None:
    result = sample.search("我们 今天", limit=1, timeout=Deadline(10**6, clock()))
    assert result.total == len(sample.search("我们 今天", limit=None))


def test_a_deadline_can_be_cancelled(sample: Library) -> None:
    deadline = Deadline()
    deadline.cancel()
    result = sample.search("我们 OR 今天", timeout=deadline)
    assert (len(result), result.incomplete) == (0, "cancelled")
    assert deadline.again() is deadline


@pytest.mark.parametrize("stages", [1, 2, 3])
def test_cancelling_ends_the_stages_of_stages_too(stages: int) -> None:
    deadline = stage = Deadline(60.0)
    for _ in range(stages):
        stage = stage.share(0.5)
    assert stage.left() > 0
    deadline.cancel()
    assert stage.is_over()
    assert stage.reason == "cancelled"
    with pytest.raises(OutOfTime):
        TwoStages(stage, 0.5).left()


def test_without_a_limit_nothing_stops(sample: Library) -> None:
    assert sample.search("我们 OR 今天", limit=None, filters=[Filter("title", "")]).incomplete is None


# --- the command ---------------------------------------------------------------------------------------

STOPPED = "The search was stopped after 1e-09 s"


@pytest.mark.parametrize(
    "options", [[], ["-c"], ["-l"], ["-n", "0"], ["--sort", "time"], ["--format", "jsonl"], ["--format", "json"]]
)
def test_the_command_says_that_it_was_stopped_and_ends_with_an_error(sample_index: Path, options: list[str]) -> None:
    run = podseek("search", "我们 OR 今天", "--timeout", "1e-9", *options, index=sample_index)
    assert run.code == 2
    assert STOPPED in run.err
    assert "--timeout" in run.err
    for line in run.lines if "jsonl" in options else ():
        json.loads(line)


def test_time_that_is_enough_changes_nothing(sample_index: Path) -> None:
    for seconds in ("0", "600"):
        run = podseek("search", "我们 OR 今天", "--timeout", seconds, index=sample_index)
        assert (run.code, run.err) == (0, "")


def test_a_time_below_nothing_is_refused(sample_index: Path) -> None:
    assert podseek("search", "我们", "--timeout", "-1", index=sample_index).code == 2


def test_near_without_end_is_near_anywhere(sample: Library) -> None:
    """400 digits are more than a number holds."""
    far = sample.search(f"我们 NEAR/{'9' * 400}s 今天", limit=None)
    assert [*map(shown, far)] == [*map(shown, sample.search("我们 NEAR/1000000s 今天", limit=None))]
    assert len(far)


def test_a_stream_ends_with_its_deadline(sample: Library) -> None:
    """Each moment is made when it is asked for, and that takes time as well."""
    deadline = Deadline()
    _, moments = sample.each("的", timeout=deadline)
    stream = iter(moments)
    shown = [next(stream)]
    deadline.cancel()
    shown += stream
    assert deadline.reason == "cancelled"
    assert len(shown) == SURELY < sample.search("的").total


def test_the_time_in_which_a_stream_is_read_does_not_count() -> None:
    now = [0.0]
    deadline = Deadline(10.0, lambda: now[0])
    for _ in deadline.waiting(range(5)):
        now[0] += 30.0  # somebody reads
    assert not deadline.is_over()
    now[0] += 10.0
    assert deadline.is_over()


def test_counting_ends_with_its_deadline(sample: Library) -> None:
    """Finding and ranking leave much to do: which of the windows share a moment, and what is said in it."""
    resolved = sample._open.resolved(sample.plan("的 OR 我们"))
    snapshot, margin = sample._open.snapshot, DEFAULT_CONTEXT
    found = list(find_moments(resolved, snapshot).found)
    assert len(found) > 2 * SURELY
    over = Deadline(0.0)
    assert len(episodes_of_contexts(found, resolved, snapshot, margin, over)) <= SURELY
    assert over.reason
    over = Deadline(0.0)
    assert len(list(count_matches(found, resolved, snapshot, margin, over))) <= SURELY
    assert over.reason
    in_time = Deadline(None)
    assert len(episodes_of_contexts(found, resolved, snapshot, margin, in_time)) == len(
        sample.search("的 OR 我们", limit=None)
    )
    assert in_time.reason is None
