"""Where an index is when none is named, also for a user without a home, as containers and services have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import indexer
import search
from indexer.core.configuration.paths import default_cache
from indexer.core.errors import PodseekProblem

pwd = pytest.importorskip("pwd", reason="who a user is, as POSIX tells it")


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system knows nothing of this user but a number."""

    def nobody(number: int) -> None:
        raise KeyError(number)

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    for name in ("HOME", "PODSEEK_INDEX", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("homeless")
def test_without_a_home_the_index_must_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for ask in (lambda: indexer.index_paths([tmp_path]), search.open_library):
        with pytest.raises(PodseekProblem, match="no home folder for an index: name one with --index or PODSEEK_INDEX"):
            ask()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("loaded_tools", "homeless")
def test_an_index_that_is_named_needs_no_home(tmp_path: Path, write_srt: Callable[..., Path]) -> None:
    assert default_cache() is None
    report = indexer.index_paths([write_srt(tmp_path / "a.srt", "今天聊茶")], tmp_path / "index", jobs=1)
    assert (report.added, report.exit_code) == (1, 0)


@pytest.mark.usefixtures("homeless")
def test_a_home_that_platformdirs_only_guesses_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: "~/.cache/podseek")
    assert default_cache() is None
