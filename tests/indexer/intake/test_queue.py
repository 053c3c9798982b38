"""The queue of episodes without a transcript, worked off by a stand-in for a recogniser."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.front_ends.commands import ran
from support.transcripts.feeds import Site, answer, rss

import search
from indexer.intake.queue import Queue, read_queue
from indexer.intake.recogniser import Recogniser
from indexer.intake.transcribing import AtWork, Outcome, transcribe_queue
from indexer.intake.updating import update_sources
from indexer.metadata.feeds.own_files import podcasts_folder
from indexer.store.library.recognition_failures import FILE
from indexer.store.library.sources import LibrarySource, add_sources

pytestmark = pytest.mark.usefixtures("loaded_tools")

WriteSrt = Callable[..., Path]

STAND_IN = """
import os, pathlib, sys, time
audio, folder, how = sys.argv[1:4]
print("loading a model")
sound = pathlib.Path(audio).read_text("utf-8")
if how == "fails":
    print("progress 10%\\rout of memory", file=sys.stderr)
    sys.exit(3)
if how == "shouts":
    print("\\x1b[31mno\\0 model\\x07\\x1b[0m", file=sys.stderr)
    sys.exit(1)
if how == "half":
    pathlib.Path(folder, "half.srt").write_text("1\\n00:00:00,000 --> 00:00:03,000\\n一半", "utf-8")
    os.kill(os.getpid(), 9)
if how == "sleeps":
    time.sleep(600)
cue = "1\\n00:00:00,000 --> 00:00:03,000\\n" + sound + "\\n"
if how == "prints":
    print(cue)
elif how == "nothing":
    pathlib.Path(folder, "notes.srt").write_text("", "utf-8")
else:
    pathlib.Path(folder, "out.srt").write_text(cue, "utf-8")
    pathlib.Path(folder, "log.txt").write_text("done", "utf-8")
"""


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path.resolve() / "library"


@pytest.fixture
def stand_in(tmp_path: Path) -> Callable[..., Recogniser]:
    script = tmp_path / "stand in.py"
    script.write_text(STAND_IN, "utf-8")

    def make(how: str = "writes", **options: object) -> Recogniser:
        command = (sys.executable, str(script), "{audio}", "{folder}", how)
        return Recogniser("mine", command, **{"timeout": 300.0, **options})  # type: ignore[arg-type]

    return make


@pytest.fixture
def audio(tmp_path: Path, index: Path) -> Path:
    """A folder of two recordings, one of which has a transcript, in the index."""
    folder = tmp_path.resolve() / "tea $(touch hacked); '\"{folder}"
    folder.mkdir()
    (folder / "2025-06-08 茶 & 水.mp3").write_text("今天的茶是热的", "utf-8")
    (folder / "done.mp3").write_text("x", "utf-8")
    (folder / "done.zh.srt").write_text("1\n00:00:00,000 --> 00:00:03,000\n写好了\n", "utf-8")
    add_sources(index, [LibrarySource(str(folder))])
    update_sources(index, jobs=1)
    return folder


def run(index: Path, recogniser: Recogniser, most: int | None = None, retry: bool = False) -> list[Outcome]:
    return list(transcribe_queue(index, recogniser, most=most, retry=retry, show=lambda *_: None))


def titles(queue: Queue) -> tuple[list[str], list[str]]:
    return [one.title for one in queue.waiting], [one.title for one in queue.failed]


def found(index: Path, query: str) -> list[str]:
    with search.open_library(index) as library:
        return [Path(moment.episode.path).name for moment in library.search(query)]


def test_a_recording_of_the_user_gets_its_transcript_beside_it(
    index: Path, audio: Path, stand_in: Callable[..., Recogniser]
) -> None:
    assert titles(read_queue(index)) == (["茶 & 水"], [])
    (outcome,) = run(index, stand_in())
    assert outcome.path == audio / "2025-06-08 茶 & 水.srt"
    assert found(index, "热的") == ["2025-06-08 茶 & 水.srt"]
    assert titles(read_queue(index)) == ([], [])
    assert run(index, stand_in()) == []
    assert not list(audio.parent.rglob("hacked"))
    assert not (podcasts_folder(index) / ".work").exists()


@pytest.mark.parametrize("how", ["prints", "writes"])
def test_a_transcript_may_be_printed_or_written(
    index: Path, audio: Path, stand_in: Callable[..., Recogniser], how: str
) -> None:
    (outcome,) = run(index, stand_in(how))
    assert outcome.path is not None
    assert "今天的茶是热的" in outcome.path.read_text("utf-8")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("fails", "ended with 3: out of memory"),
        ("shouts", "ended with 1: no model"),
        ("half", "ended with -9"),
        ("nothing", "wrote no transcript with cues"),
    ],
)
def test_what_fails_stays_in_the_queue_with_its_last_line(
    index: Path, audio: Path, stand_in: Callable[..., Recogniser], how: str, said: str
) -> None:
    (outcome,) = run(index, stand_in(how))
    assert outcome.path is None
    assert said in outcome.problem
    assert [one.failure.line for one in read_queue(index).failed if one.failure] == [outcome.problem]
    assert sorted(path.suffix for path in audio.iterdir()) == [".mp3", ".mp3", ".srt"]
    assert run(index, stand_in()) == [], "what failed is not tried again by itself"
    assert run(index, stand_in(), retry=True)[0].path is not None
    assert titles(read_queue(index)) == ([], [])


def test_a_recogniser_that_takes_too_long_is_ended(
    index: Path, audio: Path, stand_in: Callable[..., Recogniser]
) -> None:
    (outcome,) = run(index, stand_in("sleeps", timeout=0.3))
    assert "more than 0.3 s" in outcome.problem


def test_a_killed_run_leaves_nothing_that_the_next_one_minds(
    index: Path, audio: Path, stand_in: Callable[..., Recogniser]
) -> None:
    work = podcasts_folder(index) / ".work" / "transcript"
    work.mkdir(parents=True)
    (work / "half.srt").write_text("1\n00:00:00,000 --> 00:00:03,000\n一半\n", "utf-8")
    (outcome,) = run(index, stand_in())
    assert outcome.path is not None
    assert "一半" not in outcome.path.read_text("utf-8")


def test_two_do_not_work_off_one_queue(index: Path, audio: Path, stand_in: Callable[..., Recogniser]) -> None:
    pytest.importorskip("fcntl")
    first = transcribe_queue(index, stand_in(), most=None, retry=False, show=lambda *_: None)
    next(first)
    with pytest.raises(AtWork):
        run(index, stand_in())
    first.close()
    assert run(index, stand_in()) == []


def test_an_episode_of_a_feed_is_downloaded_transcribed_and_indexed(
    index: Path, site: Site, stand_in: Callable[..., Recogniser]
) -> None:
    parts = [
        f"<title>{name}</title><guid>{name}</guid><pubDate>Sun, {day:02} Jun 2025 08:00:00 +0800</pubDate>"
        f'<enclosure url="{site.url(f"/{name}.mp3")}" type="audio/mpeg"/>'
        for name, day in (("sharks", 8), ("battery", 15), ("lost", 22))
    ]
    site.pages["/echo.xml"] = rss(*parts)
    for name, text in (("sharks", "鲨鱼会咬光缆"), ("battery", "固态电池")):
        site.pages[f"/{name}.mp3"] = lambda request, text=text: answer(request, text.encode())
    feed = site.url("/echo.xml")
    add_sources(index, [LibrarySource(feed, True)])
    update_sources(index, jobs=1)
    assert titles(read_queue(index)) == (["lost", "battery", "sharks"], [])
    assert [outcome.entry.title for outcome in run(index, stand_in(), most=2)] == ["lost", "battery"]
    queue = read_queue(index)
    assert titles(queue) == (["sharks"], ["lost"])
    assert "404" in (queue.failed[0].failure.line if queue.failed[0].failure else "")
    with search.open_library(index) as library:
        (moment,) = library.search("固态电池")
    facts = moment.episode.facts
    assert (facts.title, facts.show, facts.date) == ("battery", "回声机房", "2025-06-15")
    assert facts.audio == site.url("/battery.mp3"), "the download was only for the recogniser"
    assert not list(podcasts_folder(index).rglob("*.mp3"))
    assert update_sources(index, jobs=1).report.unchanged == 1
    site.pages["/echo.xml"] = rss(
        parts[1] + f'<podcast:transcript url="{site.url("/battery.srt")}" type="application/srt"/>', *parts[:1]
    )
    assert update_sources(index, jobs=1).report.unchanged == 1, "what was made here stays"


def test_audio_of_the_user_that_is_an_item_of_a_feed_waits_once(
    index: Path, audio: Path, site: Site, stand_in: Callable[..., Recogniser]
) -> None:
    date = "<pubDate>Sun, 08 Jun 2025 08:00:00 +0800</pubDate>"
    sound = f'<enclosure url="{site.url("/1.mp3")}" type="audio/mpeg"/>'
    site.pages["/echo.xml"] = rss(f"<title>茶 &amp; 水</title><guid>1</guid>{date}{sound}", f"<title>光</title>{sound}")
    add_sources(index, [LibrarySource(site.url("/echo.xml"), True)])
    update_sources(index, [site.url("/echo.xml")], jobs=1)
    entries = read_queue(index).waiting
    assert sorted((entry.title, entry.item is None) for entry in entries) == [("光", False), ("茶 & 水", True)]
    assert run(index, stand_in(), most=1)[0].path == audio / "2025-06-08 茶 & 水.srt"
    with search.open_library(index) as library:
        assert library.search("热的")[0].episode.show == "回声机房"
    assert titles(read_queue(index))[0] == ["光"]


def test_the_transcript_of_a_name_is_taken(index: Path, audio: Path, stand_in: Callable[..., Recogniser]) -> None:
    (outcome,) = run(index, stand_in(transcript="{stem}.srt"))
    assert "wrote no transcript" in outcome.problem
    assert run(index, stand_in(transcript="out.srt"), retry=True)[0].path is not None


def test_a_damaged_list_of_failures_is_told(index: Path, audio: Path) -> None:
    (index / FILE).write_text(json.dumps({"version": 1, "failed": {}}), "utf-8")
    with pytest.raises(Exception, match=r"queue\.json: cannot be read"):
        read_queue(index)


def test_hidden_folders_and_the_files_of_podseek_are_not_in_the_queue(index: Path, audio: Path) -> None:
    for name in (".hidden/a.mp3", ".b.mp3"):
        path = audio / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    own = podcasts_folder(index) / "feed" / "c.mp3"
    own.parent.mkdir(parents=True)
    own.write_text("x")
    add_sources(index, [LibrarySource(str(audio.parent))])
    assert titles(read_queue(index))[0] == ["茶 & 水"]
    assert os.listdir(audio)  # noqa: PTH208


def test_what_failed_is_no_empty_queue(
    capsys: pytest.CaptureFixture[str], index: Path, audio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    failing = json.dumps([sys.executable, "-c", "raise SystemExit(1)", "{audio}"])
    (tmp_path / "config.toml").write_text(f"[recognisers.mine]\ncommand = {failing}\n", "utf-8")
    monkeypatch.setenv("PODSEEK_CONFIG", str(tmp_path / "config.toml"))
    command = ("--index", str(index), "queue", "--run", "--with", "mine")
    assert ran(capsys, *command).code == 2
    again = ran(capsys, *command)
    assert again.code == 1
    assert "0 wait, 1 failed: `podseek queue --run --retry`" in again.err
