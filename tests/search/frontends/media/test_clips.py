"""Clips: names, commands and subtitles, and what the real ffmpeg makes of them."""

from __future__ import annotations

import json
import shlex
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from support.front_ends.found import cue, episode, moment, nasty
from support.library import Run, Tools, podseek, spaced, write_lines

from indexer.core.errors import PodseekProblem
from indexer.readers import read_bytes
from search.frontends.media.clips import MOST_JOINED, clip_each, clip_joined, clip_to, stretches

ONE = moment(episode(), cue(4, "茶"), cue(5, "水"), start=17.5)


def test_a_clip_is_named_by_date_episode_and_time_and_cut_with_its_pad() -> None:
    (made,) = clip_each(stretches([(ONE, "/talks/radio.mp3")], pad=1.5), Path("out"))
    assert made.path == Path("out/2025-01-15_tea-radio_00-00-17.mp3")
    assert made.subtitles_path == Path("out/2025-01-15_tea-radio_00-00-17.srt")
    assert made.length == 9.5
    assert shlex.join(made.command()) == (
        "ffmpeg -nostdin -hide_banner -loglevel error -ss 16.000 -t 9.500 -i /talks/radio.mp3 -map 0:a:0 "
        "out/2025-01-15_tea-radio_00-00-17.mp3"
    )


def test_a_clip_does_not_begin_before_its_audio() -> None:
    (stretch,) = stretches([(moment(episode(), cue(0, "茶")), "a.mp3")], pad=3.0)
    assert (stretch.start, stretch.end) == (0.0, 7.0)


def test_the_subtitles_of_a_clip_begin_with_it() -> None:
    (made,) = clip_each(stretches([(ONE, "a.mp3")]), Path())
    assert [(one.start, one.end, one.text) for group in made.subtitles for one in group.cues] == [
        (0.0, 2.5, "茶"),
        (2.5, 6.5, "水"),
    ]


@pytest.mark.parametrize(
    ("audio", "suffix"),
    [
        ("/a/b.MP3", ".mp3"),
        ("/a/b.opus", ".opus"),
        ("/a/b.mp4", ".mp4"),
        ("https://a.org/b.webm", ".webm"),
        ("/a/b", ".m4a"),
        ("/a/b.part#1?.mp3", ".mp3"),
        ("https://a.org/b.mp3?token=x.y", ".mp3"),
        ("https://a.org/play?id=3", ".m4a"),
    ],
)
def test_a_clip_is_of_the_kind_of_its_audio(audio: str, suffix: str) -> None:
    (made,) = clip_each(stretches([(ONE, audio)]), Path())
    assert made.path.suffix == suffix


@pytest.mark.parametrize("copy", [False, True])
def test_a_clip_of_a_video_has_its_picture_and_one_of_audio_has_none(copy: bool) -> None:
    film, talk = clip_each(stretches([(ONE, "a.mp4"), (ONE, "a.mp3")]), Path(), copy)
    assert "-map 0:V:0? -map 0:a:0" in " ".join(film.command())
    assert "0:V" not in " ".join(talk.command())
    (stretch,) = stretches([(ONE, "a.mp4")])
    assert "0:V" not in " ".join(clip_to(stretch, Path("sound.mp3"), copy).command())
    assert "0:V" in " ".join(clip_to(stretch, Path("film.MKV"), copy).command())


def test_no_two_clips_have_one_name() -> None:
    other = moment(episode("tea-radio"), cue(4, "茶"), start=17.9)
    made = clip_each(stretches([(ONE, "a.mp3"), (other, "a.mp3"), (other, "a.mp3")]), Path())
    assert [one.path.stem[-10:] for one in made] == ["o_00-00-17", "00-00-17_2", "00-00-17_3"]


@given(name=nasty)
def test_a_name_is_safe_on_every_file_system(name: str) -> None:
    (made,) = clip_each(stretches([(moment(episode(f"../{name}/{'长' * 90}"), cue(0, "茶")), "a.mp3")]), Path("out"))
    assert made.path.parent == Path("out")
    assert len(made.path.name.encode()) < 230
    assert not set('/\\:*?"<>|\n\r\t') & set(made.path.name)
    assert not made.path.name.startswith((".", "-"))


@pytest.mark.parametrize(
    ("audio", "given"),
    [("concat:a|b", "file:concat:a|b"), ("-i.mp3", "file:-i.mp3"), ("https://a.org/1.mp3", "https://a.org/1.mp3")],
)
def test_no_name_is_an_option_or_a_protocol(audio: str, given: str) -> None:
    (made,) = clip_each(stretches([(ONE, audio)]), Path())
    assert made.command()[made.command().index("-i") + 1] == given


def test_too_many_moments_are_not_joined() -> None:
    with pytest.raises(PodseekProblem, match="at most 100 fit into one file: choose with -n"):
        clip_joined(stretches([(ONE, "a.mp3")] * (MOST_JOINED + 1)), Path("all.mp3"))


# The command


TALK = ["大家好", "今天聊茶", "再聊水", "说完了", *["……"] * 4, "中间说话", *["……"] * 3, "最后还是茶", "再见"]


@pytest.fixture(scope="module")
def talks(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two episodes, one with audio of 40 s beside it, and `index`."""
    folder = tmp_path_factory.mktemp("talks")
    write_lines(folder / "show" / "talk.srt", spaced(TALK))
    write_lines(folder / "show" / "mute.srt", spaced(["没有声音的茶"]))
    (folder / "show" / "talk.mp3").write_bytes(b"")
    tools.index([folder / "show"], folder / "index")
    return folder


def clip(talks: Path, out: Path, *arguments: object, **variables: str) -> Run:
    return podseek("clip", "-C", "0", *arguments, index=talks / "index", cwd=out, **variables)


@pytest.mark.parametrize("variables", [{}, {"PATH": ""}], ids=["as it is", "without ffmpeg"])
def test_print_shows_the_commands_and_cuts_nothing(talks: Path, tmp_path: Path, variables: dict[str, str]) -> None:
    run = clip(talks, tmp_path, "--print", "今天聊茶", "-o", "clips", **variables)
    assert (run.code, run.err) == (0, "")
    (command,) = run.lines
    assert shlex.split(command)[0] == "ffmpeg"
    assert shlex.split(command)[-1] == "clips/show-talk_00-00-04.mp3"
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_named_for_one_clip_and_a_folder_for_several(talks: Path, tmp_path: Path) -> None:
    run = clip(talks, tmp_path, "--print", "今天聊茶", "-o", "x.MP3")
    assert shlex.split(run.lines[0])[-1] == "x.MP3"
    run = clip(talks, tmp_path, "--print", "--title", "talk", "茶", "-o", "x.mp3")
    assert (run.code, "2 clips do not fit into one file: name a folder" in run.err) == (2, True)
    (tmp_path / "notes").write_text("")
    run = clip(talks, tmp_path, "--print", "今天聊茶", "-o", "notes")
    assert (run.code, "-o notes: is a file: name a folder" in run.err) == (2, True)
    (tmp_path / "dir.mp3").mkdir()
    run = clip(talks, tmp_path, "--print", "今天聊茶", "-o", "dir.mp3")
    assert shlex.split(run.lines[0])[-1].startswith("dir.mp3/show-talk")


def test_without_ffmpeg_the_commands_are_printed_and_it_is_an_error(talks: Path, tmp_path: Path) -> None:
    run = clip(talks, tmp_path, "今天聊茶", PATH=str(tmp_path))
    assert run.code == 2
    assert run.lines[0].startswith("ffmpeg ")
    assert run.err == "ffmpeg is not installed: nothing was cut: these are the commands\n"


@pytest.mark.parametrize("pad", ["x", "-1", "1m", "99999"])
def test_a_pad_that_is_no_time_is_refused(talks: Path, tmp_path: Path, pad: str) -> None:
    run = clip(talks, tmp_path, f"--pad={pad}", "茶")
    assert (run.code, run.out) == (2, "")
    assert "is no number of seconds" in run.err


def test_nothing_found_cuts_nothing(talks: Path, tmp_path: Path) -> None:
    run = clip(talks, tmp_path, "火星")
    assert (run.code, run.out, run.err) == (1, "", "Nothing found for 火星\n")


needs_ffmpeg = pytest.mark.needs("ffmpeg", "ffprobe")


@pytest.fixture(scope="module")
def sounding(talks: Path) -> Path:
    """The same with audio: 40 s in which each second is a tone of its own (100 Hz, 200 Hz, ...)."""
    tone = "aevalsrc=sin(2*PI*100*(floor(t)+1)*t):d=40:s=16000"
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", tone, str(talks / "show" / "talk.mp3")]
    subprocess.run(command, check=True)
    return talks


def seconds(path: Path) -> float:
    probe = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "json", str(path)]
    return float(json.loads(subprocess.run(probe, capture_output=True, check=True).stdout)["format"]["duration"])


def tones(path: Path) -> list[int]:
    """The pitch (in 100 Hz) in the middle of each second of a file."""
    decode = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "s16le", "-ac", "1", "-ar", "16000", "-"]
    raw = memoryview(subprocess.run(decode, capture_output=True, check=True).stdout).cast("h")
    found = []
    for second in range(int(len(raw) / 16000 + 0.1)):
        middle = raw[second * 16000 + 4000 : second * 16000 + 12000].tolist()
        rising = sum(before < 0 <= after for before, after in pairwise(middle))
        found.append(round(rising / 50))
    return found


@needs_ffmpeg
def test_a_clip_has_the_sound_and_the_cues_of_its_moment(sounding: Path, tmp_path: Path) -> None:
    run = clip(sounding, tmp_path, '"今天聊茶"', "--pad", "1s")
    assert (run.code, run.lines, run.err) == (0, ["show-talk_00-00-04.mp3"], "")
    assert tones(tmp_path / "show-talk_00-00-04.mp3") == [4, 5, 6, 7, 8, 9]
    cues = read_bytes("a.srt", (tmp_path / "show-talk_00-00-04.srt").read_bytes()).cues
    assert [(one.start, one.end, one.text) for one in cues] == [(1.0, 5.0, "今天聊茶")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["show-talk_00-00-04.mp3", "show-talk_00-00-04.srt"]


@needs_ffmpeg
def test_a_copied_clip_has_the_same_sound(sounding: Path, tmp_path: Path) -> None:
    assert clip(sounding, tmp_path, "--copy", '"今天聊茶"').code == 0
    assert tones(tmp_path / "show-talk_00-00-04.mp3") == [5, 6, 7, 8]


@needs_ffmpeg
def test_clips_are_joined_in_order_with_subtitles_that_run_on(sounding: Path, tmp_path: Path) -> None:
    run = clip(sounding, tmp_path, "--sort", "time", "--join", "all.m4a", '"大家好" OR "中间说话"')
    assert (run.code, run.lines) == (0, ["all.m4a"])
    assert tones(tmp_path / "all.m4a") == [1, 2, 3, 4, 33, 34, 35, 36]
    cues = read_bytes("a.srt", (tmp_path / "all.srt").read_bytes()).cues
    assert [(one.start, one.text) for one in cues] == [(0.0, "大家好"), (4.0, "中间说话")]


@needs_ffmpeg
@pytest.mark.parametrize("picture", [True, False])
def test_a_video_gives_a_video_if_it_has_a_picture(tools: Tools, tmp_path: Path, picture: bool) -> None:
    write_lines(tmp_path / "show" / "film.srt", spaced(["开始", "这是红茶", "完了"]))
    seen = ["-f", "lavfi", "-i", "color=size=32x32:rate=5:duration=12"] if picture else []
    sound = ["-f", "lavfi", "-i", "sine=duration=12", str(tmp_path / "show" / "film.mp4")]
    subprocess.run(["ffmpeg", "-v", "error", *seen, *sound], check=True)
    tools.index([tmp_path / "show"], tmp_path / "index")
    run = podseek("clip", "-C", "0", '"这是红茶"', index=tmp_path / "index", cwd=tmp_path)
    assert (run.code, run.lines, run.err) == (0, ["show-film_00-00-04.mp4"], "")
    probe = ["ffprobe", "-v", "error", "-show_entries", "stream=codec_type", "-of", "json", run.lines[0]]
    streams = json.loads(subprocess.run(probe, capture_output=True, check=True, cwd=tmp_path).stdout)["streams"]
    assert [one["codec_type"] for one in streams] == ["video", "audio"][not picture :]
    assert seconds(tmp_path / run.lines[0]) == pytest.approx(4.0, abs=0.2)


@needs_ffmpeg
def test_no_file_is_overwritten_without_force(sounding: Path, tmp_path: Path) -> None:
    path = tmp_path / "show-talk_00-00-04.srt"
    path.write_text("mine", "utf-8")
    run = clip(sounding, tmp_path, '"今天聊茶"')
    assert (run.code, run.out) == (2, "")
    assert run.err == "show-talk_00-00-04.srt: is there already: kept: --force overwrites it\n"
    assert path.read_text("utf-8") == "mine"
    assert clip(sounding, tmp_path, "--force", '"今天聊茶"').code == 0
    assert "今天聊茶" in path.read_text("utf-8")


@needs_ffmpeg
def test_what_cannot_be_cut_is_told_and_the_rest_is_done(sounding: Path, tmp_path: Path) -> None:
    """One episode has no audio, and one moment is said after the end of the audio."""
    run = clip(sounding, tmp_path, "-n", "0", "--sort", "time", "茶")
    assert run.code == 2
    assert run.lines == ["show-talk_00-00-04.mp3"]
    assert sorted(run.err.splitlines()) == [
        "show-talk_00-00-48.mp3: the audio ends before it: not made",
        "show/mute: no audio is known: name it in podcast.toml (audio = ...) or put the file beside the transcript",
    ]


@needs_ffmpeg
def test_a_clip_that_the_audio_cuts_short_is_kept_and_told(sounding: Path, tmp_path: Path) -> None:
    run = clip(sounding, tmp_path, "--pad", "12s", "最后还是茶")
    assert run.code == 2
    assert "the audio ends before: kept as it is" in run.err
    assert seconds(tmp_path / run.lines[0]) == pytest.approx(4.0, abs=0.2)


@needs_ffmpeg
def test_a_failure_of_ffmpeg_leaves_no_file(sounding: Path, tmp_path: Path) -> None:
    run: Any = clip(sounding, tmp_path, "--join", "all.nonsense", "今天聊茶")
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("all.nonsense: ")
    assert list(tmp_path.iterdir()) == []
