"""When a watch looks at the files, and what it looks away from."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from indexer.core.processes.interrupts import hold_interrupts
from indexer.discovery.watching import PATIENCE, QUIET, Agenda, matters, places

SHOW = Path("/podcasts/.kept/show")
INDEX = SHOW / "index"


def test_nothing_is_due_before_something_changes() -> None:
    assert not Agenda().is_due(1e9)


def test_a_change_is_due_when_it_was_quiet_for_a_while() -> None:
    agenda = Agenda()
    agenda.changed(10.0)
    agenda.changed(10.0 + QUIET / 2)
    assert not agenda.is_due(10.0 + QUIET)
    assert agenda.is_due(10.0 + QUIET * 1.5)
    agenda.clear()
    assert not agenda.is_due(1e9)


def test_changes_that_never_end_are_due_at_last() -> None:
    agenda = Agenda()
    now = 0.0
    while not agenda.is_due(now):
        agenda.changed(now)
        now += QUIET / 4
    assert now >= PATIENCE


def test_what_failed_is_due_again_without_a_change() -> None:
    agenda = Agenda()
    agenda.repeat(12.0)
    assert not agenda.is_due(11.9)
    assert agenda.is_due(12.0)


@pytest.mark.parametrize("name", ["one.srt", "one.txt", "deep/podcast.toml", "lexicon.toml", "deep", "feed.xml"])
def test_whatever_an_index_may_be_made_of_matters(name: str) -> None:
    assert matters(SHOW / name, [SHOW], INDEX)


@pytest.mark.parametrize(
    "name", [".one.srt.swp", ".git/HEAD", "one.mp3", "deep/one.M4A", "one.mkv", "index/_MAIN_1.toc"]
)
def test_hidden_files_sounds_and_the_index_do_not_matter(name: str) -> None:
    assert not matters(SHOW / name, [SHOW], INDEX)


def test_a_file_that_was_named_matters_whatever_its_name() -> None:
    assert matters(SHOW / ".hidden.srt", [SHOW / ".hidden.srt"], INDEX)
    assert not matters(SHOW / "other.srt", [SHOW / "one.srt"], INDEX)


def test_a_path_made_anew_is_another_place(tmp_path: Path) -> None:
    path = tmp_path / "one.srt"
    assert places([path]) == {path: None}
    path.write_text("1")
    before = places([path])
    (tmp_path / "two.srt").write_text("2")
    (tmp_path / "two.srt").replace(path)
    assert places([path]) != before


def test_ctrl_c_within_a_run_is_known_around_it() -> None:
    with hold_interrupts(terminate=True) as outer:
        with hold_interrupts() as inner:
            signal.raise_signal(signal.SIGTERM)
            assert inner.wanted
        assert outer.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
