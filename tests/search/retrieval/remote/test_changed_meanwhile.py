"""Episodes that change, or are deleted, between two requests of a search: its answer is that of one state or of the
other, and no part of one is taken for a part of the other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from support.library import Tools, spaced, write_lines
from support.remote.disturbed import Changing
from support.remote.fetching import ONLY_SHOWN_WHOLE, set_sizes
from support.remote.remote_index import StandIn

from indexer import index_paths
from indexer.store.cluster.documents.layout import CLOCK
from search.api import make_request
from search.backends.conditions import EVERY
from search.backends.remote import Questions
from search.library import Library, open_library
from search.retrieval.remote.fetching.fetched_episodes import Gathered
from search.retrieval.remote.held.columns import PARTIAL
from search.retrieval.remote.held.kept_episodes import KeptEpisodes
from search.retrieval.remote.remote_searcher import RemoteSearcher
from search.searcher import Searcher

UNTIMED = tuple(name for name in PARTIAL if name != CLOCK)
SAID = ("我们今天聊聊模型", "训练数据很重要", "模型的训练要很久", "数据和模型都要看", "训练完了再说")


@pytest.fixture
def states(tools: Tools, tmp_path: Path) -> tuple[Path, Path]:
    """Two indexes: in the second the cues of every third episode stand the other way round, with one more."""
    folders = tmp_path / "before", tmp_path / "after"
    for number in range(18):
        lines = list(SAID[number % 5 :] + SAID[: number % 5])
        changed = ["再加一句模型", *reversed(lines)] if number % 3 == 0 else lines
        for folder, said in zip(folders, (lines, changed), strict=True):
            write_lines(folder / "show" / f"{number:02}.srt", spaced(said))
    with tools.loaded():
        for folder in folders:
            index_paths([folder / "show"], folder / "index")
    return folders[0] / "index", folders[1] / "index"


def shown(searcher: RemoteSearcher | Library, query: str) -> list[tuple[str, Sequence[str]]]:
    found = searcher.search(make_request(query, limit=5))
    return [(one.episode.id, tuple(cue.text for cue in one.cues)) for one in found]


@pytest.mark.parametrize("query", ["模型 训练", "训练 OR 数据", "莫型 数剧", "模型", "我们今天聊聊模型 训练数据很重要"])
def test_no_parts_of_two_states_are_mixed(
    states: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    set_sizes(monkeypatch, **ONLY_SHOWN_WHOLE)
    said = {}
    for folder in states:
        with open_library(folder) as library:
            for episode in library.episodes():
                text = "".join(cue.text for cue in library.read(episode.id)[1])
                said.setdefault(episode.id, []).append(text)
    for at in range(8):
        searcher = RemoteSearcher(Changing(*states, at), Searcher)
        for _ in range(2):  # the second reads what the first has kept
            for name, cues in shown(searcher, query):
                assert any("".join(cues) in text for text in said[name]), (at, name)


def test_an_episode_that_was_deleted_meanwhile_is_not_asked_for_its_clock(sample_index: Path) -> None:
    remote = StandIn(sample_index)
    gone, here = remote.keys(EVERY)[:2]
    gathered = Gathered(remote, KeptEpisodes())
    gathered.fetch([here], UNTIMED)
    gathered.clocks = [gone, here]
    gathered.ask(Questions())
    assert [one.known for one in remote.questions[0].also] == [(here,)]
    assert gathered.is_read(here)
