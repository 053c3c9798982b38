"""Several libraries searched together rank like one library that holds all of their episodes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.front_ends.commands import ran
from support.library import CORPUS, Tools

import search
from search.api import SearchRequest
from search.several_libraries import Libraries


@pytest.fixture(scope="module")
def halves(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The sample corpus as two libraries; and `whole`, which has all of it."""
    folder = tmp_path_factory.mktemp("halves")
    files = sorted(CORPUS.glob("*.srt"))
    tools.index(files, folder / "whole")
    return {
        name: str(tools.index(part, folder / name)) for name, part in (("left", files[::2]), ("right", files[1::2]))
    }


@pytest.fixture
def configured_halves(halves: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The two libraries by name in the configuration."""
    config = tmp_path / "config.toml"
    config.write_text("[libraries]\n" + "".join(f'{name} = "{path}"\n' for name, path in halves.items()), "utf-8")
    monkeypatch.setenv("PODSEEK_CONFIG", str(config))


@pytest.fixture(scope="module")
def whole_library(halves: dict[str, str]) -> Iterator[search.Library]:
    with search.open_library(Path(halves["left"]).with_name("whole")) as library:
        yield library


@pytest.fixture(scope="module")
def joint(halves: dict[str, str]) -> Iterator[Libraries]:
    with Libraries(halves) as libraries:
        yield libraries


@pytest.mark.parametrize("query", ["电池", "强化学习 奖励", "开源 模型", "芯片 光 电池", '"的时候"'])
def test_moments_are_those_of_one_library(joint: Libraries, whole_library: search.Library, query: str) -> None:
    apart = joint.search(SearchRequest(query, exact=True, limit=8))
    whole = whole_library.search(query, exact=True, limit=8)
    assert apart.total == whole.total
    assert [moment.rank for moment in apart] == list(range(1, len(whole) + 1))
    scores = [moment.score for moment in apart]
    assert scores == sorted(scores, reverse=True)
    assert (apart[0].episode.id, apart[0].start) == (whole[0].episode.id, whole[0].start)
    for one in apart:
        for other in whole:
            if (other.episode.id, other.start) == (one.episode.id, one.start):
                assert weights(one) == weights(other)


def weights(moment: search.Moment) -> dict[str, float]:
    """The parts of a score that do not depend on how the other episodes of the library are."""
    return {name: round(value, 6) for name, value in moment.parts if name != "episode"}


def test_a_word_that_only_one_library_says_weighs_the_same_in_both(joint: Libraries) -> None:
    found = joint.search(SearchRequest("鲨鱼 光缆 芯片", limit=5))
    assert found[0].library in ("left", "right")
    assert "鲨鱼" in {match.text for match in found[0].matches}


def test_pages_go_on_where_the_one_before_ended(joint: Libraries) -> None:
    whole = joint.search(SearchRequest("电池", limit=6))
    second = joint.search(SearchRequest("电池", limit=3, offset=3))
    assert list(second) == list(whole[3:])


def test_pages_of_pasted_text_are_parts_of_one_list(joint: Libraries) -> None:
    """What follows the moments compared as sentences may score more than the last of these."""
    text = "我正想问这个名字怎么来的呢听说是三纳米"
    whole = list(joint.search(SearchRequest(text, limit=60)))
    assert [one.score for one in whole] != sorted((one.score for one in whole), reverse=True)
    for limit in (4, 10, 20):
        pages = [joint.search(SearchRequest(text, limit=limit, offset=at)) for at in range(0, 60, limit)]
        assert [moment for page in pages for moment in page] == whole


@pytest.mark.usefixtures("configured_halves")
def test_the_command_names_the_library_of_each_moment(capsys: pytest.CaptureFixture[str]) -> None:
    run = ran(capsys, "search", "-L", "left", "-L", "right", "电池", "--format", "jsonl", "-n", "0")
    assert run.code == 0
    assert '"library": "left"' in run.out
    assert '"library": "right"' in run.out
    assert "left: " in ran(capsys, "-L", "all", "search", "电池").out
    heading, *rows = ran(capsys, "-L", "all", "search", "-n", "0", "电池", "--format", "csv").out.splitlines()
    assert heading.split(",")[-2:] == ["period", "library"]
    assert {row.split(",")[-1] for row in rows} == {"left", "right"}
    assert "· left · " in ran(capsys, "-L", "all", "search", "电池", "--format", "markdown").out
    assert "library" not in ran(capsys, "-L", "left", "search", "电池", "--format", "tsv").out
    assert ran(capsys, "-L", "all", "search", '"没有这样的词呀"').code == 1
    assert ran(capsys, "-L", "all", "episodes").code == 2
    assert ran(capsys, "-L", "all", "search", "-c", "电池").code == 2
    assert '"library"' not in ran(capsys, "-L", "left", "search", "电池", "--format", "jsonl").out


@pytest.mark.usefixtures("configured_halves")
def test_why_nothing_was_found_is_said_with_commands_for_these_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    run = ran(capsys, "-L", "all", "search", '"电池 鲨鱼"')
    assert run.code == 1
    told = run.err.splitlines()
    assert told[0] == 'Nothing found for "电池 鲨鱼"'
    assert all(line.endswith("moments or more: `podseek search -L left -L right '电池 鲨鱼'`") for line in told[1:])
    assert {line.split(": ")[0] for line in told[1:]} <= {"left", "right"}
    assert ran(capsys, "-L", "all", "search", "-q", '"电池 鲨鱼"').err == ""


def test_the_command_shows_what_is_in_the_libraries_that_are_there(
    halves: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[libraries]\nleft = "{halves["left"]}"\ngone = "{tmp_path / "gone"}"\n', "utf-8")
    monkeypatch.setenv("PODSEEK_CONFIG", str(config))
    run = ran(capsys, "-L", "all", "search", "电池")
    assert "left: " in run.out
    assert run.err.startswith(f"Without the library gone: {tmp_path / 'gone'}: there is no index here")
    assert run.code == 2
    assert ran(capsys, "-L", "all", "search", '"没有这样的词呀"').code == 2
