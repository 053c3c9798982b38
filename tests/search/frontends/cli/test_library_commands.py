"""`podseek read`, `play`, `episodes` and `status`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.front_ends.commands import called
from support.library import Run, Tools, podseek, spaced, write_lines
from support.transcripts.tiny import EPISODES, KETTLE, RADIO


@pytest.fixture
def tiny_podseek(tiny_index: Path) -> Any:
    def run(*arguments: object, **variables: str) -> Run:
        return called(*arguments, index=tiny_index, **variables)

    return run


# read


def test_reading_shows_the_episode_around_a_time(tiny_podseek: Any) -> None:
    run = tiny_podseek("read", "radio", "--at", "0:21", "-C", "5")
    assert run.lines == [
        "矿石收音机  两杯茶  2025-01-15",
        "00:00:16  RTL-SDR是一种便宜的软件",
        "00:00:20  无线电接收器",
        "00:00:24  插在USB口上就能听",
    ]


@pytest.mark.parametrize("time", ["100", "100s", "1:40", "0:01:40", "100.5", "100.5s"])
def test_a_time_can_be_written_in_several_ways(tiny_podseek: Any, time: str) -> None:
    assert tiny_podseek("read", "sleep", "--at", time, "-C", "1", "--format", "plain").lines == ["月亮说晚安"]


def test_a_whole_episode_can_be_read(tiny_podseek: Any) -> None:
    assert tiny_podseek("read", "kettle", "--all", "--format", "plain").lines == KETTLE
    cues = [json.loads(line) for line in tiny_podseek("read", "bridge/sleep", "--all", "--format", "jsonl").lines]
    assert [(cue["start"], cue["end"], cue["text"]) for cue in cues] == EPISODES["bridge/sleep"]
    assert set(cues[0]) == {"schema", "episode", "index", "start", "end", "speaker", "text", "highlights", "damped"}
    assert {cue["episode"] for cue in cues} == {"bridge/sleep"}


def test_a_transcript_whose_times_are_all_zero_can_be_read(tools: Tools, tmp_path: Path) -> None:
    write_lines(tmp_path / "show" / "flat.srt", [(0.0, 0.0, text) for text in KETTLE])
    index = tools.index([tmp_path / "show"], tmp_path / "index")
    assert called("read", "flat", "--all", "--format", "plain", index=index).lines == KETTLE


def test_reading_where_nothing_is_said_tells_where_the_episode_ends(tiny_podseek: Any) -> None:
    run = tiny_podseek("read", "radio", "--at", "1:00:00")
    assert (run.code, run.out) == (1, "")
    assert run.err == "tea/radio: nothing is said around 1:00:00; the episode ends at 00:00:40\n"


def test_a_name_that_fits_several_episodes_lists_them(tiny_podseek: Any) -> None:
    run = tiny_podseek("read", "bridge/")
    assert (run.code, run.out) == (2, "")
    assert "2 episodes fit (bridge/" in run.err


# play


def test_play_print_shows_the_command_and_where_it_is(tiny_podseek: Any) -> None:
    run = tiny_podseek("play", "--print", '"软件无线电"')
    assert run.code == 0
    (command,) = run.lines
    assert "https://example.org/tea/radio.mp3" in command
    assert "16.000" in command
    assert run.err.startswith("矿石收音机  00:00:16  https://example.org/tea/radio.mp3#t=16\n")


def test_a_link_is_printed_once(tiny_podseek: Any) -> None:
    run = tiny_podseek("play", "--print", "--browser", '"软件无线电"')
    assert run.lines == ["https://example.org/tea/radio.mp3#t=16"]
    assert run.err == "矿石收音机  00:00:16\n"


def test_play_at_begins_there(tiny_podseek: Any) -> None:
    run = tiny_podseek("play", "radio", "--at", "0:30", "--print")
    assert (run.code, "30.000" in run.out) == (0, True)


def test_an_episode_without_audio_says_how_to_name_it(tiny_podseek: Any) -> None:
    run = tiny_podseek("play", "晚安", "--print")
    assert (run.code, run.out) == (2, "")
    assert "bridge/sleep: no audio is known: name it in podcast.toml" in run.err


@pytest.mark.needs("sh")
@pytest.mark.parametrize(("result", "code"), [(0, 0), (3, 2)])
def test_play_starts_the_player_and_reports_its_failure(
    tiny_podseek: Any, tmp_path: Path, result: int, code: int
) -> None:
    """With a player that notes what it was asked to do."""
    player = tmp_path / "mpv"
    player.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked\nexit {result}\n')
    player.chmod(0o755)
    run = tiny_podseek("play", '"软件无线电"', PATH=f"{tmp_path}:/usr/bin:/bin")
    assert run.code == code
    assert (tmp_path / "asked").read_text().split() == ["--start=16.000", "--", "https://example.org/tea/radio.mp3"]


# episodes


def test_episodes_are_listed_by_show_and_date(tiny_podseek: Any) -> None:
    run = tiny_podseek("episodes")
    assert [line.split()[-1] for line in run.lines] == ["tea/kettle", "tea/radio", "bridge/sleep", "bridge/stone"]
    assert run.lines[1].split() == ["2025-01-15", "00:00:40", "10", "cues", "矿石收音机", "两杯茶", "tea/radio"]


def test_episodes_as_json_have_exactly_the_fields_of_the_contract(tiny_podseek: Any, tiny_files: Path) -> None:
    run = tiny_podseek("episodes", "--format", "jsonl", "--title", "收音机")
    assert [json.loads(line) for line in run.lines] == [
        {
            "schema": 1,
            "episode": "tea/radio",
            "path": str(tiny_files / "tea" / "radio.srt"),
            "show": "两杯茶",
            "title": "矿石收音机",
            "date": "2025-01-15",
            "period": "2025-01-15",
            "audio": "https://example.org/tea/radio.mp3",
            "link": "https://example.org/radio",
            "duration": 40.0,
            "cues": 10,
            "characters": sum(map(len, RADIO)),
        }
    ]


def test_episodes_as_tsv_have_a_header_and_one_line_each(tiny_podseek: Any) -> None:
    header, *rows = [line.split("\t") for line in tiny_podseek("episodes", "--format", "tsv").lines]
    assert header[:3] == ["schema", "episode", "path"]
    assert len(rows) == 4
    assert all(len(row) == len(header) for row in rows)


@pytest.mark.parametrize(
    ("options", "count"),
    [(["--show", "桥"], 2), (["--since", "2025"], 2), (["--speaker", "陈方"], 2)],
)
def test_episodes_can_be_filtered(tiny_podseek: Any, options: list[str], count: int) -> None:
    assert len(tiny_podseek("episodes", *options).lines) == count


def test_no_episodes_are_said_to_be_none(tiny_podseek: Any) -> None:
    run = tiny_podseek("episodes", "--show", "火星", "--format", "jsonl")
    told = 'show:"火星": no show has this name: there are 两杯茶, 橋上風景\n'
    assert (run.code, run.out, run.err) == (1, "", told)
    several = tiny_podseek("episodes", "--show", "茶", "--title", "night")
    assert several.err == 'No episode passes all of show:"茶" title:"night": leave one out\n'


# status


def test_the_status_tells_what_is_in_the_index(tiny_podseek: Any, tiny_index: Path) -> None:
    run = tiny_podseek("status", "--check")
    facts = dict(line.split(None, 1) for line in run.lines)
    assert facts["index"] == str(tiny_index)
    assert facts["episodes"] == "4 in 2 shows"
    assert facts["dates"].startswith("2024-11-02 to 2025-03-20; 1 episode has none (docs/transcripts.md")
    assert facts["health"] == "every episode is sound"
    assert "38 cues" in facts["speech"]
    assert run.err == ""


def test_the_status_tells_how_many_episodes_have_no_date(tools: Tools) -> None:
    dated, undated = {"2024-11-02 a": spaced(["茶"])}, {"b": spaced(["茶"]), "c": spaced(["水"])}
    for episodes, told in (
        (dated | undated, "2024-11-02 to 2024-11-02; 2 episodes have none (docs/transcripts.md"),
        (undated, "2 episodes have none (docs/transcripts.md"),
    ):
        with tools.library(episodes) as library:
            run = called("status", index=library.folder)
        assert dict(line.split(None, 1) for line in run.lines)["dates"].startswith(told)


def test_the_status_without_a_check_reads_no_episode(tiny_podseek: Any) -> None:
    assert "health" not in tiny_podseek("status").out


def test_playing_says_once_that_the_search_was_stopped(tiny_podseek: Any) -> None:
    run = tiny_podseek("play", "水 NEAR/10s 茶", "--print", "--timeout", "1e-9")
    assert (run.code, run.out) == (2, "")
    assert (run.err.count("\n"), "was stopped after 1e-09 s" in run.err, "Nothing" in run.err) == (1, True, False)


# lists as JSON


def test_every_list_for_people_is_there_for_programs(tiny_podseek: Any) -> None:
    (status,) = [json.loads(line) for line in tiny_podseek("status", "--json").lines]
    assert (status["episodes"], status["meaning"], status["faults"]) == (len(EPISODES), None, None)
    assert status["folder"] and status["seconds"] > 0 and status["cues"] == sum(map(len, EPISODES.values()))
    (checked,) = [json.loads(line) for line in tiny_podseek("status", "--check", "--format", "jsonl").lines]
    assert checked == {**status, "faults": []}
    for command in (["speakers"], ["queue"], ["sources"], ["saved"], ["history"], ["alias", "list"]):
        run = tiny_podseek(*command, "--json")
        assert run.code in (0, 1) and all(json.loads(line)["schema"] == 1 for line in run.lines)


def test_speakers_and_aliases_as_json(tools: Tools, tmp_path: Path) -> None:
    (tmp_path / "show").mkdir()
    (tmp_path / "show" / "a.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:03.000\n<v 林晚>今天聊茶\n", "utf-8")
    (tmp_path / "show" / "lexicon.toml").write_text('[[heard]]\nright = "茶"\nas = ["查"]\n', "utf-8")
    index = tools.index([tmp_path / "show"], tmp_path / "index")
    speaker = json.loads(called("speakers", "--json", index=index).out)
    assert speaker == {"schema": 1, "speaker": "林晚", "episodes": 1}
    alias = json.loads(called("alias", "list", "--json", index=index).out)
    assert alias == {"schema": 1, "right": "茶", "heard": "查", "path": str(tmp_path / "show" / "lexicon.toml")}
    refused = called("speakers", "林晚", "老周", "--json", index=index)
    assert (refused.code, refused.out) == (2, "")


def test_episodes_are_listed_by_words_of_their_titles_and_shows(tiny_podseek: Any) -> None:
    def listed(*words: str) -> list[str]:
        return [json.loads(line)["episode"] for line in tiny_podseek("episodes", "--format", "jsonl", *words).lines]

    assert listed("收音機") == ["tea/radio"]
    assert listed("两杯茶", "收音") == ["tea/radio"]
    assert listed("两杯茶", "--since", "2025") == ["tea/radio"]
    nothing = tiny_podseek("episodes", "收音机", "石桥")
    assert (nothing.code, nothing.err) == (1, "No episode has this in its title or show: 收音机 石桥\n")


def test_the_context_of_reading_is_in_seconds_with_or_without_their_sign(tiny_podseek: Any) -> None:
    plain = tiny_podseek("read", "tea/kettle", "--at", "14", "-C", "3")
    assert plain.code == 0
    assert tiny_podseek("read", "tea/kettle", "--at", "14", "-C", "3s") == plain
    assert tiny_podseek("read", "tea/kettle", "-C", "s").code == 2


# update


def test_what_lasts_is_named_once_and_then_counted(tmp_path: Path) -> None:
    show, state = tmp_path / "show", str(tmp_path / "state")
    for name in ("talk.zh", "talk.en", "night"):
        write_lines(show / f"{name}.srt", spaced(["月亮说晚安"]))

    def update(*options: str) -> str:
        return podseek("update", *options, index=tmp_path / "index", XDG_STATE_HOME=state).err

    first = podseek("index", show, index=tmp_path / "index", XDG_STATE_HOME=state).err
    left_out = "talk.en.srt: another transcript of talk.zh.srt: left out"
    assert left_out in first
    assert update() == "1 complaint as at the last run: -v shows it\nEpisodes: 2 unchanged\n"
    assert left_out in update("-v")
    (show / "empty.srt").write_text("", "utf-8")
    assert update("-q") == "", "nothing was told, so nothing is known"
    news = update().splitlines()
    assert "1 complaint as at the last run: -v shows it" in news
    assert sum("empty.srt: the file is empty" in line for line in news) == 1
    assert "2 complaints as at the last run" in update()
    (show / "talk.en.srt").rename(tmp_path / "talk.en.srt")
    assert "1 complaint as at the last run" in update()
    (tmp_path / "talk.en.srt").rename(show / "talk.en.srt")
    assert left_out in update(), "it is news again"
