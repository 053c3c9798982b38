"""What a person at a terminal gets: a heading, numbers that other commands take, a pager for what is long."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from support.front_ends.commands import ran
from support.library import Run, Tools, spaced, unlike, write_lines
from support.remote.remote_index import StandIn

import cli
from search.backends.opensearch import index as opensearch
from search.frontends.cli.output import pager, recent
from search.frontends.cli.output.console import Context
from search.frontends.formats.display import columns

Screen = Callable[..., Run]


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "podseek"


@pytest.fixture
def pipe(tiny_index: Path, state: Path, capsys: pytest.CaptureFixture[str]) -> Screen:
    """Runs a command in this process."""

    def run(*arguments: object, index: Path = tiny_index) -> Run:
        with pytest.raises(SystemExit) as end:
            cli.main(["--index", str(index), *map(str, arguments)])
        assert isinstance(end.value.code, int)
        return Run(end.value.code, *capsys.readouterr())

    return run


@pytest.fixture
def terminal(pipe: Screen, monkeypatch: pytest.MonkeyPatch) -> Screen:
    """Runs a command as if at a terminal of 80 columns and 50 lines."""
    monkeypatch.setattr(Context, "is_seen", True)
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((80, 50)))
    monkeypatch.setenv("NO_COLOR", "1")
    return pipe


def test_a_heading_says_how_much_there_is(terminal: Screen) -> None:
    assert terminal("search", "-n", "2", "晚安").lines[:2] == ["2 of 4 moments in 1 episode", ""]
    assert terminal("search", "晚安").lines[0] == "4 moments in 1 episode"
    assert terminal("search", "-n", "1", "--offset", "1", "晚安").lines[0] == "1 of 4 moments in 1 episode"


def test_a_pipe_has_no_heading_and_keeps_no_list(pipe: Screen, state: Path) -> None:
    assert pipe("search", "晚安").lines[0].startswith("  1  00:00:00")
    assert not state.exists()


def test_the_numbers_of_the_last_list_are_taken(terminal: Screen) -> None:
    assert terminal("search", "晚安").code == 0
    assert terminal("read", "3", "-C", "0").lines[0].startswith("Good Night")
    assert "00:01:40" in terminal("play", "3", "--print").err
    assert "bridge/sleep: no audio is known" in terminal("clip", "1", "3-4").err
    assert terminal("search", "收音机").code == 0
    clip = terminal("clip", "--print", "1").out
    assert "-ss" in clip
    assert "radio.mp3" in clip
    assert terminal("similar", "1", "-l").code in (0, 1)


def test_the_numbers_are_those_of_the_list_on_the_screen(terminal: Screen, sample_index: Path) -> None:
    terminal("search", "-n", "2", "电池", index=sample_index)
    shown = terminal("similar", "1", "-n", "2", "--no-pager", index=sample_index)
    number, time, *_ = next(line for line in shown.lines if line.startswith("  2  ")).split()
    assert f"  {time}" in terminal("play", number, "--print", index=sample_index).err
    terminal("similar", "1", "--format", "jsonl", index=sample_index)
    terminal("similar", "1", "-l", index=sample_index)
    assert f"  {time}" in terminal("play", number, "--print", index=sample_index).err
    assert len(terminal("search", "-n", "0", "晚安").lines) > 4
    assert "00:01:40" in terminal("play", "3", "--print").err


def test_a_number_that_is_not_in_the_list_is_explained(terminal: Screen, tiny_index: Path, sample_index: Path) -> None:
    run = terminal("play", "1")
    assert (run.code, run.err.count("\n")) == (2, 1)
    assert "there is none: search at a terminal first" in run.err
    terminal("search", "晚安")
    assert "9: the last list, for 晚安, has the numbers 1 to 4" in terminal("play", "9").err
    run = terminal("read", "1", index=sample_index)
    assert (run.code, run.out) == (2, "")
    assert f"1: the last list is of another index, {tiny_index}: name it with --index" in run.err


def test_a_number_leads_to_its_library(
    terminal: Screen, state: Path, tiny_index: Path, sample_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = state.parent / "config.toml"
    config.write_text(f'[libraries]\ntiny = "{tiny_index}"\nsample = "{sample_index}"\n', "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PODSEEK_CONFIG", str(config))
        patch.setenv("PODSEEK_INDEX", str(state / "none"))
        run = ran(capsys, "-L", "all", "search", "-n", "6", "晚安 电池")
        assert re.fullmatch(r"6 of \d+ moments in \d+ episodes", run.lines[0])
        headings = [line for line in run.lines if re.match(r"  \d  00:", line)]
        assert set(re.findall(r"  (tiny|sample): ", run.out)) == {"tiny", "sample"}
        for number, heading in enumerate(headings, 1):
            title = heading.split("  ")[3].rstrip("…")
            assert ran(capsys, "read", str(number)).out.startswith(title)
        assert "-ss" in ran(capsys, "clip", "--print", "4-6").out
        assert "the last list is of another index" in ran(capsys, "-L", "tiny", "read", "6").err
        assert ran(capsys, "history").lines[0].endswith(f"晚安 电池  {run.lines[0]}")
        patch.delenv("PODSEEK_INDEX")
        ran(capsys, "-L", "tiny", "search", "晚安")
        assert ran(capsys, "read", "1").out.startswith("Good Night")


def test_a_number_leads_to_its_library_in_a_cluster(
    terminal: Screen, tiny_index: Path, sample_index: Path, capsys: pytest.CaptureFixture[str], state: Path
) -> None:
    opened: list[str] = []

    def open_index(address: str) -> StandIn:
        opened.append(address)
        return StandIn(tiny_index)

    address = "http://127.0.0.1:9200/talks"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opensearch, "open_index", open_index)
        patch.setenv("PODSEEK_INDEX", str(sample_index))
        assert ran(capsys, "--backend", address, "search", "收音机").code == 0
        assert json.loads((state / recent.LAST).read_text("utf-8"))["index"] == address
        for named in (("--backend", address), ("--backend", f"{address}/")):
            assert "-ss" in ran(capsys, *named, "clip", "--print", "1").out
        other = ran(capsys, "--backend", "http://127.0.0.1:9200/other", "read", "1")
        assert f"1: the last list is of another index, {address}: name it with --index" in other.err
        assert "the last list is of another index" in ran(capsys, "read", "1").err
        patch.setenv("PODSEEK_BACKEND", address)
        assert ran(capsys, "read", "1").code == 0
        patch.delenv("PODSEEK_BACKEND")
        patch.delenv("PODSEEK_INDEX")
        for words in (("read", "1"), ("play", "1", "--print"), ("save", "1"), ("similar", "1", "-l")):
            assert ran(capsys, *words).code in (0, 1), words
    assert set(opened) == {address}


def test_a_moment_whose_episode_is_gone_is_explained(terminal: Screen, state: Path, tiny_index: Path) -> None:
    state.mkdir(mode=0o700)
    gone = {"index": str(tiny_index), "query": "x", "moments": [[1, "tea/gone", 0.0, 1.0]]}
    (state / recent.LAST).write_text(json.dumps(gone), "utf-8")
    for command in ("play", "read", "clip", "similar"):
        run = terminal(command, "1")
        assert (run.code, run.out) == (2, "")
        assert "1: tea/gone is no longer in this index: search again" in run.err


@pytest.mark.parametrize("content", ["", "[]", '{"index": 3}', '{"moments": [[1]]}', "\x00"])
def test_a_damaged_list_is_none(terminal: Screen, state: Path, content: str) -> None:
    state.mkdir(mode=0o700)
    (state / recent.LAST).write_text(content, "utf-8")
    assert "there is none" in terminal("play", "1").err


def test_the_state_is_private_and_a_search_does_without_it(
    terminal: Screen, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal("search", "晚安")
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in state.iterdir()} == {0o600}
    assert {path.name for path in state.iterdir()} == {recent.LAST, recent.HISTORY}
    monkeypatch.setenv("XDG_STATE_HOME", str(state / recent.LAST))  # a file
    assert terminal("search", "晚安").code == 0
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.delenv("HOME")
    assert terminal("search", "晚安").code == 0


def test_the_history_is_bounded(monkeypatch: pytest.MonkeyPatch, state: Path) -> None:
    monkeypatch.setattr(recent, "_LONGEST_HISTORY", 2000)
    for number in range(100):
        recent.remember({"": "index"}, f"词{number}", [], "1 moment")
    assert (state / recent.HISTORY).stat().st_size < 2000
    assert [one.query for one in recent.searched()][:3] == ["词99", "词98", "词97"]
    monkeypatch.setenv(recent.OFF, "0")
    recent.remember({"": "index"}, "秘密", [], "1 moment")
    assert next(recent.searched()).query == "词99"


def test_what_is_long_goes_through_the_pager(terminal: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = tmp_path / "seen"
    monkeypatch.setenv("PAGER", f"sh -c 'cat > {seen}'")
    assert terminal("search", "晚安").lines[0] == "4 moments in 1 episode"
    assert not seen.exists()
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((80, 5)))
    assert terminal("search", "晚安").out == ""
    assert seen.read_text("utf-8").startswith("4 moments in 1 episode\n")
    assert terminal("search", "--no-pager", "晚安").lines[0] == "4 moments in 1 episode"
    assert terminal("search", "--format", "jsonl", "晚安").lines[0].startswith("{")
    monkeypatch.setenv("TERM", "dumb")
    assert terminal("search", "晚安").lines[0] == "4 moments in 1 episode"


def test_a_pager_that_ends_early_ends_nothing_else(terminal: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((80, 5)))
    monkeypatch.setenv("PAGER", "true")
    assert terminal("search", "-n", "0", "晚安").code == 0


@pytest.mark.parametrize("named", ["", "cat", "no-such-pager", "'"])
def test_no_pager_is_one_too(named: str, terminal: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((80, 5)))
    monkeypatch.setenv("PAGER", named)
    assert pager.pager_command() is None
    assert len(terminal("search", "晚安").lines) > 5


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (["3"], [3]),
        (["2", "5-7"], [2, 5, 6, 7]),
        (["12"], [12]),
        (["2024"], None),
        (["05"], None),
        (["0"], None),
        (["3", "电池"], None),
        (["7-5"], None),
        (["３"], None),
        ([], None),
    ],
)
def test_numbers_are_told_from_queries(words: list[str], numbers: list[int] | None) -> None:
    assert recent.numbers_in(words) == numbers


def test_a_moment_is_saved_with_its_words(terminal: Screen, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(state.parent / "data"))
    assert terminal("saved").code == 1
    terminal("search", "软件无线电")
    assert terminal("save", "1", "--note", "for the {article} & more").err == "1 moment saved, 1 in all\n"
    file = state.parent / "data" / "podseek" / "bookmarks.jsonl"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "RTL-SDR是一种便宜的软件无线电接收器插在USB口上就能听" in terminal("saved").out
    markdown = terminal("saved", "--format", "markdown").lines
    assert markdown[0] == "## [00:00:16 矿石收音机](<https://example.org/tea/radio.mp3#t=16>)"
    assert "for the {article} \\& more" in markdown
    assert terminal("save", "1", "--note", "again").err == "1 moment was saved before: the note is replaced\n"
    assert terminal("save", "1", "1").err == "1 moment was saved before\n"
    assert len(terminal("saved", "--format", "jsonl").lines) == 1
    assert "     again" in terminal("saved").lines
    assert "矿石收音机 [Audio podcast episode]. (2025, January 15)." in terminal("saved", "--format", "apa").out
    assert "  title = {{矿石收音机}}," in terminal("saved", "--format", "bibtex").lines
    (item,) = json.loads(terminal("saved", "--format", "csl-json").out)
    assert (item["type"], item["issued"]) == ("broadcast", {"date-parts": [[2025, 1, 15]]})
    assert json.loads(terminal("saved", "--format", "jsonl").out)["query"] == "软件无线电"
    assert "there is no such bookmark" in terminal("saved", "--remove", "2").err
    assert terminal("saved", "--remove", "1").code == 0
    assert json.loads(terminal("saved", "--format", "csl-json").out) == []
    assert terminal("save", "radio").code == 2
    file.write_text("{}\n", "utf-8")
    assert "bookmarks.jsonl:1: is no bookmark" in terminal("saved").err


def test_the_history_lists_queries_and_can_be_removed(terminal: Screen) -> None:
    assert (terminal("history").code, terminal("history").err) == (1, "There is no history\n")
    terminal("search", "晚安")
    assert terminal("history").lines[0].endswith("  晚安  4 moments in 1 episode")
    assert terminal("history", "--clear").code == 0
    assert terminal("history").code == 1


def test_the_words_by_which_something_is_similar_fit_the_terminal(terminal: Screen, sample_index: Path) -> None:
    run = terminal("similar", "电池", "-l", index=sample_index)
    said = run.err.splitlines()
    assert len(said) > 1
    assert max(map(columns, said)) <= 80
    assert said[0].endswith(",")


@pytest.fixture(scope="module")
def light(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of an episode about the moon, which its title says in other words, and one that has these words."""
    folder = tmp_path_factory.mktemp("light")
    for name, said in (("月亮 与 六便士", "今天聊一本小说"), ("夜谈", "月亮升起来，口袋里有六便士")):
        write_lines(folder / "show" / f"{name}.srt", spaced([said, unlike(len(name))]))
    return tools.index([folder / "show"], folder / "index")


def test_an_episode_whose_title_was_typed_is_told_unless_it_is_shown(terminal: Screen, light: Path) -> None:
    command = f"`podseek read --index {light} show/月亮-与-六便士`"
    told = f"“月亮 与 六便士” is the title of an episode: {command} shows it"
    assert told in terminal("search", "月亮 六便士", index=light).err
    assert told not in terminal("search", "-q", "月亮 六便士", index=light).err
    assert "title of an episode" not in terminal("search", "夜谈 口袋", index=light).err
    assert "title of an episode" not in terminal("search", "-n", "1", "收音机").err  # its episode is the first


def test_a_script_is_not_told_of_titles(pipe: Screen, light: Path) -> None:
    assert pipe("search", "月亮 六便士", index=light).err == ""
