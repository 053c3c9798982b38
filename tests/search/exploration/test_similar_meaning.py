"""Where an index has vectors, more like a moment is also what is near it in meaning."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.front_ends.commands import ran
from support.library import Line, Tools, write_lines
from support.transcripts.topics import amid_other_talk, index_with_vectors

import search
from indexer.store.vectors import open_vectors
from search.exploration.similar import similar_moments
from search.query.syntax import Filter
from search.retrieval.meaning import space

pytestmark = pytest.mark.needs("numpy")

AT = 164.0
"""Seconds: the middle of each talk."""


def talk(ending: str, *lines: str) -> list[Line]:
    """Eight rounds of the lines in the middle of four minutes of other talk; they differ, or they were loops."""
    rounds = [f"{line}{ending * number}" for number in range(8) for line in lines]
    return amid_other_talk(rounds)


@pytest.fixture(scope="module")
def made(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with vectors. Nothing but its topic joins `phone` and `car`. Read it, never write it."""
    talks = {
        "phone": talk("好", "手机用一会儿就没电", "手机的屏幕太亮", "手机一直在充电"),
        "car": talk("啊", "车子的续航缩短了", "冬天要多带一个插头", "路上先看看电池"),
        "shop": talk("呢", "手机的屏幕碎了", "手机店今天休息", "手机壳很便宜"),
        "sleep": talk("吧", "昨天又熬夜", "睡不着就起来看书", "还是得早点休息"),
    }
    return index_with_vectors(tools, tmp_path_factory.mktemp("similar"), talks)


@pytest.fixture(scope="module")
def library(made: Path) -> Iterator[search.Library]:
    with search.open_library(made) as opened:
        yield opened


def names(found: list[search.Moment]) -> list[str]:
    return [moment.episode.id.rpartition("/")[2] for moment in found]


def test_a_moment_near_in_meaning_is_found_without_a_word_in_common(library: search.Library) -> None:
    _, found = similar_moments(library, "phone", AT)
    at = names(found).index("car")
    assert "meaning" in {match.how for match in found[at].matches}
    assert any(cue.highlights for cue in found[at].cues)
    assert [moment.rank for moment in found] == list(range(1, len(found) + 1))
    for moment in found:
        assert sum(value for _, value in moment.parts) == pytest.approx(moment.score)
    _, of_words = similar_moments(library, "phone", AT, meaning=False)
    assert "car" not in names(of_words) and "shop" in names(of_words)


def test_the_moment_itself_is_never_like_itself(library: search.Library) -> None:
    for seconds in (AT, None):
        _, found = similar_moments(library, "phone", seconds)
        assert found
        assert not [one for one in found if one.episode.id.endswith("phone") and (seconds is None or one.start < 250)]


def test_filters_choose_and_the_limit_holds(library: search.Library) -> None:
    _, found = similar_moments(library, "phone", AT, filters=[Filter("title", "sleep")])
    assert set(names(found)) <= {"sleep"}
    _, found = similar_moments(library, "phone", AT, limit=1)
    assert len(found) == 1


def test_an_episode_near_in_meaning_comes_with_those_of_its_words(library: search.Library) -> None:
    found = library.explore.similar("phone", seconds=AT)
    assert found.by_meaning
    near = {row.episode.rpartition("/")[2]: row.nearness for row in found}
    assert near["car"] > near.get("sleep", -9.0)  # type: ignore[operator]
    without = library.explore.similar("phone", seconds=AT, meaning=False)
    assert not without.by_meaning
    assert {row.nearness for row in without} == {None}


def test_without_vectors_of_the_episode_its_words_decide(made: Path, tmp_path: Path) -> None:
    index = shutil.copytree(made, tmp_path / "index")
    write_lines(tmp_path / "show" / "new.srt", talk("好", "手机没电了", "手机的屏幕不亮", "手机坏了"))
    import indexer

    indexer.index_paths([tmp_path / "show"], index, jobs=1)
    with search.open_library(index) as library:
        _, found = similar_moments(library, "new", AT)
        assert found == similar_moments(library, "new", AT, meaning=False)[1]


def test_the_vectors_are_opened_once_for_exploring(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []

    def counting(*arguments: Any) -> Any:
        opened.append(arguments)
        return open_vectors(*arguments)

    monkeypatch.setattr(space, "open_vectors", counting)
    with search.open_library(made) as library:
        library.search("手机为什么没电了")
        assert len(opened) == 1
        assert library.explore.space is not None
    assert len(opened) == 1


def test_the_command_uses_vectors_unless_it_is_told_not_to(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed = ("similar", "phone", "--at", "2:44", "--format", "jsonl", "--index", str(made))

    def hows(*options: str) -> set[str]:
        run = ran(capsys, *typed, *options)
        assert run.code == 0, run.err
        return {match["how"] for line in run.out.splitlines() for match in json.loads(line)["matches"]}

    assert "meaning" in hows()
    assert "meaning" not in hows("--no-meaning")


def test_damaged_vectors_are_told_and_the_words_answer(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = shutil.copytree(made, tmp_path / "index")
    path = next(index.glob("meaning-*.vec"))
    path.write_bytes(path.read_bytes()[:-1])
    typed = ("similar", "phone", "--at", "2:44", "--format", "jsonl", "--index", str(index))
    run, of_words = ran(capsys, *typed), ran(capsys, *typed, "--no-meaning")
    assert (run.code, run.out) == (0, of_words.out)
    assert "Answered without meaning: " in run.err and "--meaning --rebuild" in run.err
    assert "Answered without meaning" not in of_words.err
