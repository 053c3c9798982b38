"""`podseek index` and `forget`: what is read, what is complained about, and what the exit code says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.front_ends.commands import called
from support.library import Run, podseek, spaced, write_lines
from support.transcripts.tiny import write_tiny

from search.frontends.formats.display import columns

BROKEN = """\
1
00:00:01,000 --> 00:00:03,000
月亮出来了

2
00:00:09,000 --> 00:00:07,500
月亮下去了
"""


pytestmark = pytest.mark.usefixtures("loaded_tools")


@pytest.fixture
def shows(tmp_path: Path) -> Path:
    return write_tiny(tmp_path.resolve() / "shows")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the index of a test goes."""
    return tmp_path / "index"


def ids(place: Path) -> list[str]:
    return [json.loads(line)["episode"] for line in called("episodes", "--format", "jsonl", index=place).lines]


def said(run: Run) -> str:
    """What was said last."""
    return run.err.splitlines()[-1]


def test_indexing_says_what_it_did_and_does_only_what_is_new(shows: Path, place: Path) -> None:
    first = podseek("index", shows, index=place)  # a process of its own, which loads what it needs
    assert (first.code, first.out) == (0, "")
    assert said(first) == "Episodes: 4 added (38 cues read)"
    again = called("index", shows, index=place)
    assert (again.code, said(again)) == (0, "Episodes: 4 unchanged")
    write_lines(shows / "tea" / "new.srt", spaced(["新的一集"]))
    write_lines(shows / "tea" / "radio.srt", spaced(["换了内容"]))
    third = called("index", shows, index=place)
    assert said(third) == "Episodes: 1 added, 1 read again, 3 unchanged (2 cues read)"
    (shows / "tea" / "new.srt").unlink()
    missing = called("index", shows, index=place)
    assert missing.err.splitlines() == [
        "Episodes: 4 unchanged",
        f"The file of 1 episode is gone ({shows.resolve()}/tea/new.srt): --prune removes it from the index",
    ]
    assert said(called("index", "--prune", shows, index=place)) == "Episodes: 4 unchanged, 1 removed"
    assert ids(place) == ["tea/kettle", "tea/radio", "bridge/sleep", "bridge/stone"]


def test_quiet_indexing_says_nothing(tmp_path: Path, place: Path) -> None:
    path = write_lines(tmp_path / "one.srt", spaced(["月亮"]))
    run = called("index", "-q", path, index=place)
    assert (run.code, run.out, run.err) == (0, "", "")


def test_a_dry_run_shows_what_would_be_read_and_writes_nothing(shows: Path, place: Path) -> None:
    (shows / "tea" / "broken.srt").write_text(BROKEN, "utf-8")
    run = called("index", "--dry-run", shows, index=place)
    assert run.code == 0
    assert not place.exists()
    rows = {Path(line.split()[-1]).name: line.split() for line in run.lines}
    assert rows["radio.srt"][:5] == ["read", "10", "cues", "00:00:40", "2025-01-15"]
    assert rows["sleep.srt"][:5] == ["read", "5", "cues", "00:03:23", "-"]
    assert len(rows) == 5
    assert run.err.startswith(f"{shows}/tea/broken.srt:6: ")


def test_a_dry_run_names_the_states_of_files_in_chinese(shows: Path, place: Path) -> None:
    (shows / "tea" / "empty.srt").write_text("", "utf-8")
    run = called("index", "--dry-run", shows, index=place, LANGUAGE="zh_CN")
    states = {Path(line.split()[-1]).name: line.split()[0] for line in run.lines}
    assert (states["radio.srt"], states["empty.srt"]) == ("可读", "没有字幕条")
    assert len({columns(line[: line.index("条字幕")]) for line in run.lines}) == 1


def test_a_run_over_the_whole_index_says_what_stays(shows: Path, place: Path) -> None:
    called("index", shows, index=place)
    assert said(called("index", "--prune", index=place)) == "Episodes: 4 unchanged"
    (shows / "tea" / "radio.srt").unlink()
    assert said(called("index", "--prune", index=place)) == "Episodes: 3 unchanged, 1 removed"


def test_a_dry_run_says_what_becomes_of_the_episodes(shows: Path, place: Path) -> None:
    called("index", shows, index=place)
    (shows / "tea" / "radio.srt").unlink()
    pruned = called("index", "--prune", "--dry-run", index=place)
    assert (pruned.code, said(pruned)) == (0, "Episodes: 3 unchanged, 1 to remove")
    assert pruned.out == f"remove   {shows.resolve()}/tea/radio.srt\n", "what would go is named"
    rebuilt = called("index", "--rebuild", "--dry-run", index=place)
    assert (rebuilt.code, len(rebuilt.lines)) == (0, 3)
    assert said(rebuilt) == "Episodes: 3 to read again, 1 whose files are gone (--prune removes them)"
    assert said(called("index", "--prune", "--dry-run", shows / "bridge", index=place)) == "Episodes: none to remove"
    assert len(ids(place)) == 4


def test_archives_that_cannot_be_opened_count_as_not_readable(shows: Path, place: Path) -> None:
    for name in ("a.srt.gz", "b.zip", "c.zip"):
        (shows / name).write_bytes(b"PK noise")
    run = called("index", shows, shows / "nowhere.srt", index=place)
    assert (run.code, said(run)) == (2, "Episodes: 4 added, 3 not readable (38 cues read)")


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_lexicon_that_is_not_text_is_refused(shows: Path, place: Path, more: tuple[str, ...]) -> None:
    words = shows / "words.bin"
    words.write_bytes("电池\n".encode() + bytes(range(1, 9)))
    run = called("index", "--lexicon", words, *more, shows, index=place)
    assert (run.code, len(run.err.splitlines())) == (2, 1)
    assert "(line 2 is not text)" in run.err


def test_a_complaint_names_the_file_and_line_and_what_was_done(tmp_path: Path, place: Path) -> None:
    path = tmp_path.resolve() / "broken.srt"
    path.write_text(BROKEN, "utf-8")
    run = called("index", path, index=place)
    assert run.code == 0
    complaint, counts = run.err.splitlines()
    assert complaint.startswith(f"{path}:6: start 00:00:09,000 is after end 00:00:07,500: ")
    assert counts == "Episodes: 1 added (2 cues read)"
    assert called("search", "-l", "月亮下去了", index=place).lines == ids(place)


def test_a_file_that_cannot_be_read_ends_with_2_after_the_rest_was_indexed(shows: Path, place: Path) -> None:
    (shows / "tea" / "cut.json").write_text('{"segments": [{"start": 0.5, "text": "月亮"', "utf-8")
    (shows / "tea" / "noise.srt").write_text("这里没有字幕\n", "utf-8")
    run = called("index", shows, shows / "none", index=place)
    assert run.code == 2
    assert f"{shows}/tea/cut.json:1: not JSON: " in run.err
    assert f"{shows}/tea/noise.srt:1: " in run.err
    assert f"{shows}/none: no such file or folder: left out" in run.err
    assert said(run) == "Episodes: 4 added, 1 without cues, 1 not readable (38 cues read)"
    assert called("search", "-l", "绿茶", index=place).code == 0
    quiet = called("index", "-q", shows, index=place)
    assert quiet.code == 2
    assert quiet.err.startswith(f"{shows}/tea/cut.json:1: not JSON: "), "quiet is not silent about errors"
    assert called("index", "--dry-run", shows, index=place).code == 2


def test_many_complaints_are_cut_short_unless_all_are_wanted(tmp_path: Path, place: Path) -> None:
    shows = tmp_path / "show"
    shows.mkdir()
    for number in range(25):
        (shows / f"{number}.srt").write_text(f"1\n00:00:05,000 --> 00:00:02,000\n第{number}句\n", "utf-8")
    short = called("index", shows, index=place).err.splitlines()
    full = called("index", "-v", shows, index=tmp_path / "other").err.splitlines()
    assert len(full) > len(short)
    assert "... and 5 more complaints: -v shows all of them" in short
    assert not any("more complaints" in line for line in full)


def test_a_fault_of_many_lines_is_one_complaint_with_the_number_of_places(tmp_path: Path, place: Path) -> None:
    shows = tmp_path.resolve() / "show"
    shows.mkdir()
    rows = "0:01,0:02,茶\n" + "".join(f",,第{n}句\n" for n in range(130)) + "0:05,0:04,水\n"
    (shows / "a.csv").write_text(f"start,end,text\n{rows}", "utf-8")
    (shows / "b.srt").write_text("1\n00:00:05,000 --> 00:00:02,000\n水\n", "utf-8")
    times, backward, other, _ = called("index", shows, index=place).err.splitlines()
    told = "no times: cue kept, times taken from its neighbours (the first of 130 places: -v shows more)"
    assert times == f"{shows}/a.csv:3: {told}"
    assert backward.startswith(f"{shows}/a.csv:133: start 5.000 s is after end 4.000 s: ")
    assert other.startswith(f"{shows}/b.srt:2: ")
    full = called("index", "-v", shows, index=tmp_path / "other").err
    assert f"{shows}/a.csv:4: no times: cue kept, times taken from its neighbours\n" in full


def test_a_folder_without_transcripts_is_said_to_have_none(tmp_path: Path, place: Path) -> None:
    (tmp_path / "empty").mkdir()
    run = called("index", tmp_path / "empty", index=place)
    assert (run.code, said(run)) == (0, "Episodes: no transcripts found")


def test_audio_without_a_transcript_is_told(tmp_path: Path, place: Path) -> None:
    (tmp_path / "show").mkdir()
    (tmp_path / "show" / "one.mp3").write_bytes(b"ID3")
    (tmp_path / "show" / "two.mp3").write_bytes(b"ID3")
    waiting = "2 episodes have no transcript: `podseek queue` shows them and has them transcribed"
    assert called("index", tmp_path / "show", index=place).err.splitlines()[1:] == [waiting]
    write_lines(tmp_path / "show" / "one.srt", spaced(["月亮"]))
    assert called("index", tmp_path / "show", index=place).err.splitlines()[1].startswith("1 episode has no transcript")
    assert called("index", "-q", tmp_path / "show", index=place).err == ""


def test_an_index_without_a_path_is_refused_with_an_example(place: Path) -> None:
    run = called("index", index=place)
    assert (run.code, run.out) == (2, "")
    assert "podseek index ~/podcasts" in run.err
    assert not place.exists()


def test_new_words_of_a_lexicon_need_a_rebuild(tmp_path: Path, place: Path) -> None:
    show = tmp_path / "show"
    write_lines(show / "one.srt", spaced(["今天聊火星茶壶"]))
    assert called("index", show, index=place).code == 0
    (show / "lexicon.txt").write_text("火星茶壶\n", "utf-8")
    refused = called("index", show, index=place)
    assert refused.code == 2
    assert "lexicon.txt: 1 word is new" in refused.err
    assert "--rebuild" in refused.err
    rebuilt = called("index", "--rebuild", show, index=place)
    assert (rebuilt.code, said(rebuilt)) == (0, "Episodes: 1 read again (1 cue read)")


def test_forgotten_episodes_are_gone_and_their_files_stay(shows: Path, place: Path) -> None:
    called("index", "-q", shows, index=place)
    run = called("forget", "tea/radio", str(shows / "bridge" / "sleep.srt"), index=place)
    assert (run.code, run.out) == (0, "")
    *forgotten, files = run.err.splitlines()
    assert forgotten == ["tea/radio: forgotten", "bridge/sleep: forgotten"]
    assert files.startswith("2 files are still there")
    assert ids(place) == ["tea/kettle", "bridge/stone"]
    assert called("search", "晚安", index=place).code == 1
    assert (shows / "tea" / "radio.srt").exists()
    assert called("status", "--check", index=place).code == 0
    unknown = called("forget", "tea/radio", "tea/kettle", index=place)
    assert unknown.code == 2
    assert "tea/radio: no episode has this id or path" in unknown.err
    assert ids(place) == ["bridge/stone"]


def test_ignored_files_stay_out_until_they_are_named(shows: Path, place: Path) -> None:
    called("index", "-q", shows, index=place)
    kettle, radio = shows / "tea" / "kettle.srt", shows / "tea" / "radio.srt"
    assert called("forget", "tea/radio", index=place).code == 0
    assert called("forget", "--ignore", "tea/kettle", radio, index=place).code == 0  # one is out already
    called("index", "-q", shows, index=place)
    assert not {"tea/kettle", "tea/radio"}.intersection(ids(place))
    called("index", "-q", kettle, index=place)
    assert "tea/kettle" in ids(place)


# --- into a cluster -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", ["127.0.0.1:1/lib", "me:s3cret@127.0.0.1:1/lib", "https://me:s3cret@127.0.0.1:1/lib", "ftp://host/lib"]
)
def test_a_backend_that_is_not_an_address_is_not_passed_over(shows: Path, place: Path, value: str) -> None:
    called("index", shows, index=place)
    for words in (("index", "-v", shows), ("index", "--dry-run", "-v", shows), ("forget", ids(place)[0])):
        ended = called(*words, index=place, PODSEEK_BACKEND=value)
        assert (ended.code, len(ended.err.splitlines()), "s3cret" in ended.err) == (2, 1, False), ended.err
    assert len(ids(place)) == 4


@pytest.mark.parametrize(
    "words",
    [
        ("--part", "1/2"),
        ("--shards", "2"),
        ("--backend", "http://127.0.0.1:1/lib", "--meaning"),
        ("--backend", "http://127.0.0.1:1/lib", "--name", "a.srt"),
    ],
)
def test_a_preview_refuses_options_as_the_run_does(shows: Path, place: Path, words: tuple[str, ...]) -> None:
    preview, run = (called("index", shows, *words, *more, index=place) for more in (["--dry-run"], []))
    assert (preview.code, preview.err) == (run.code, run.err) and run.code == 2
