"""Results in files, in every format, and playing them: `-o`, `read`, `episodes`, `play` in this process."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.front_ends.commands import called
from support.library import Run
from support.transcripts.tiny import EPISODES, RADIO

from indexer.readers import read_bytes
from search.frontends.cli.output import console


@pytest.fixture
def tiny_podseek(tiny_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, **variables: str) -> Run:
        return called(*arguments, index=tiny_index, **variables)

    return run


def test_a_file_is_written_in_the_format_of_its_suffix(tiny_podseek: Any, tmp_path: Path) -> None:
    run = tiny_podseek("search", "-n", "0", "晚安", "-o", "hits.json")
    assert (run.code, run.out, run.err) == (0, "", "")
    assert [found["rank"] for found in json.loads((tmp_path / "hits.json").read_text("utf-8"))] == [1, 2, 3, 4]
    assert [path.name for path in tmp_path.iterdir()] == ["hits.json"]


def test_a_spreadsheet_in_a_file_is_marked_as_utf_8(tiny_podseek: Any, tmp_path: Path) -> None:
    assert tiny_podseek("search", "晚安", "-o", "hits.csv").code == 0
    assert (tmp_path / "hits.csv").read_bytes().startswith(b"\xef\xbb\xbfrank,score")
    with (tmp_path / "hits.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["episode"] for row in csv.DictReader(file)] == ["bridge/sleep"] * 4
    assert not tiny_podseek("search", "--format", "csv", "晚安").out.startswith("\ufeff")


def test_a_format_that_is_named_comes_before_the_suffix(tiny_podseek: Any, tmp_path: Path) -> None:
    assert tiny_podseek("search", "-n", "1", "--format", "plain", "晚安", "-o", "hits.json").code == 0
    assert (tmp_path / "hits.json").read_text("utf-8") == "bridge/sleep:00:00:00: 晚安慢慢闭上眼睛\n"


def test_a_file_of_another_suffix_needs_a_format(tiny_podseek: Any, tmp_path: Path) -> None:
    run = tiny_podseek("search", "晚安", "-o", "hits.doc")
    assert (run.code, run.out) == (2, "")
    assert "hits.doc: no format has this suffix: name one with --format (text, plain, jsonl" in run.err
    assert list(tmp_path.iterdir()) == []


def test_a_failed_search_leaves_the_old_file(tiny_podseek: Any, tmp_path: Path) -> None:
    (tmp_path / "hits.chapters.json").write_text("old", "utf-8")
    run = tiny_podseek("search", "收音机", "-o", "hits.chapters.json", "--force")
    assert (run.code, run.err.count("\n")) == (2, 1)
    assert "chapters: are of one episode, these moments of 2" in run.err
    assert (tmp_path / "hits.chapters.json").read_text("utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["hits.chapters.json"]


def test_a_search_that_finds_nothing_writes_a_file_of_nothing(tiny_podseek: Any, tmp_path: Path) -> None:
    (tmp_path / "hits.json").write_text("old", "utf-8")
    assert tiny_podseek("search", "火星", "-o", "hits.json", "--force").code == 1
    assert json.loads((tmp_path / "hits.json").read_text("utf-8")) == []


def test_a_file_in_a_folder_that_is_not_there_is_one_line(tiny_podseek: Any) -> None:
    run = tiny_podseek("search", "晚安", "-o", "missing/hits.csv")
    assert (run.code, run.out, run.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("arguments", [["-c", "--format", "srt"], ["-l", "-o", "hits.m3u"]])
def test_counts_are_refused_in_a_format_that_cannot_hold_them(tiny_podseek: Any, arguments: list[str]) -> None:
    run = tiny_podseek("search", *arguments, "晚安")
    assert (run.code, run.out) == (2, "")
    assert "cannot hold this: take one of text, plain, jsonl, json, tsv, csv" in run.err


def test_counts_and_ids_are_tables_too(tiny_podseek: Any) -> None:
    assert tiny_podseek("search", "-c", "--format", "csv", "水开了").lines[:2] == [
        "moments,matches,episode",
        "1,3,tea/kettle",
    ]
    assert tiny_podseek("search", "-l", "--format", "tsv", "软件无线电").lines == ["episode", "tea/radio"]
    assert json.loads(tiny_podseek("search", "-l", "--format", "json", "软件无线电").out)[0]["episode"] == "tea/radio"


def test_all_moments_are_those_of_a_limited_search(tiny_podseek: Any) -> None:
    limited = tiny_podseek("search", "-n", "4", "--format", "jsonl", "晚安 月亮").out
    assert tiny_podseek("search", "-n", "0", "--format", "jsonl", "晚安 月亮").out == limited


@pytest.mark.parametrize("name", ["talk.srt", "talk.vtt"])
def test_an_episode_can_be_written_as_subtitles_and_read_again(tiny_podseek: Any, tmp_path: Path, name: str) -> None:
    assert tiny_podseek("read", "sleep", "--all", "-o", name).code == 0
    written = (tmp_path / name).read_bytes()
    if name.endswith(".vtt"):
        assert written.startswith(b"WEBVTT\n\nNOTE made by podseek\n\nNOTE Good Night\n")
        return
    assert [(one.start, one.end, one.text) for one in read_bytes(name, written).cues] == EPISODES["bridge/sleep"]


def test_an_episode_can_be_read_as_a_table_and_as_markdown(tiny_podseek: Any) -> None:
    rows = tiny_podseek("read", "radio", "--all", "--format", "tsv").lines
    assert rows[0].split("\t") == ["index", "start", "end", "time", "speaker", "text"]
    assert [row.split("\t")[-1] for row in rows[1:]] == RADIO
    heading = tiny_podseek("read", "radio", "--at", "0:16", "-C", "1", "--format", "markdown").lines[0]
    assert heading == "## [00:00:12 矿石收音机](<https://example.org/tea/radio.mp3#t=12>)"


def test_episodes_and_variants_are_tables_too(tiny_podseek: Any) -> None:
    assert tiny_podseek("episodes", "--format", "plain").lines == [
        "tea/kettle",
        "tea/radio",
        "bridge/sleep",
        "bridge/stone",
    ]
    header, *rows = csv.reader(tiny_podseek("episodes", "--format", "csv").lines)
    assert (header[:2], len(rows)) == (["schema", "episode"], 4)
    assert json.loads(tiny_podseek("variants", "--format", "json", "收音机").out)[0]["how"] == "exact"


# play


@pytest.mark.needs("sh")
@pytest.mark.parametrize(("arguments", "variables"), [(["--player", "vlc"], {}), ([], {"PODSEEK_PLAYER": "vlc"})])
def test_the_player_that_is_named_is_taken(
    tiny_podseek: Any, tmp_path: Path, arguments: list[str], variables: dict[str, str]
) -> None:
    for name in ("mpv", "vlc"):
        (tmp_path / name).write_text(f'#!/bin/sh\necho {name} "$@" > {tmp_path}/asked\n')
        (tmp_path / name).chmod(0o755)
    assert tiny_podseek("play", *arguments, '"软件无线电"', PATH=f"{tmp_path}:/usr/bin:/bin", **variables).code == 0
    assert (tmp_path / "asked").read_text().split()[:2] == ["vlc", "--start-time=16.000"]


@pytest.mark.parametrize(("arguments", "variables"), [(["--player", "winamp"], {}), ([], {"PODSEEK_PLAYER": "winamp"})])
def test_a_player_that_is_not_known_is_refused(
    tiny_podseek: Any, arguments: list[str], variables: dict[str, str]
) -> None:
    run = tiny_podseek("play", *arguments, "软件无线电", **variables)
    assert (run.code, run.out) == (2, "")
    assert "winamp: is no player podseek knows: take one of mpv, vlc, iina, ffplay, browser" in run.err


NO_DISPLAY = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "BROWSER": ""}


@pytest.mark.parametrize("arguments", [["--browser"], ["--player", "browser"], ["--browser", "--print"]])
def test_without_a_display_the_link_is_printed(tiny_podseek: Any, arguments: list[str]) -> None:
    run = tiny_podseek("play", *arguments, "软件无线电", **NO_DISPLAY)
    assert (run.code, run.lines) == (0, ["https://example.org/tea/radio.mp3#t=16"])


def test_without_any_player_the_link_is_what_remains(tiny_podseek: Any, tmp_path: Path) -> None:
    run = tiny_podseek("play", "软件无线电", PATH=str(tmp_path), **NO_DISPLAY)
    assert (run.code, run.lines) == (0, ["https://example.org/tea/radio.mp3#t=16"])


@pytest.mark.needs("sh")
def test_the_browser_is_opened_at_the_second(tiny_podseek: Any, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked\n')
    browser.chmod(0o755)
    assert tiny_podseek("play", "--browser", "软件无线电", BROWSER=f"{browser} %s").code == 0
    assert (tmp_path / "asked").read_text().strip() == "https://example.org/tea/radio.mp3#t=16"


def test_an_episode_of_which_nothing_is_known_cannot_be_opened_in_the_browser(tiny_podseek: Any) -> None:
    run = tiny_podseek("play", "--browser", "晚安")
    assert (run.code, run.out) == (2, "")
    assert "bridge/sleep: no link is known: name it in podcast.toml" in run.err


class Counted(io.StringIO):
    """Remembers how much was written at each flush."""

    def __init__(self) -> None:
        super().__init__()
        self.flushed: list[str] = []

    def flush(self) -> None:
        self.flushed.append(self.getvalue())


def test_lines_that_take_long_to_find_are_not_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, now = Counted(), [0.0]
    monkeypatch.setattr("sys.stdout", stream)
    monkeypatch.setattr(console, "monotonic", lambda: now[0])

    def found() -> Iterator[str]:
        yield "a"
        yield "b"
        now[0] += 5
        yield "c"
        yield "d"

    console.print_lines(found())
    assert stream.flushed == ["a\nb\nc\n", "a\nb\nc\nd\n"]
