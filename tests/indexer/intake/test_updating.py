"""Sources are remembered, listed, brought up to date and removed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.front_ends.commands import ran
from support.transcripts.feeds import Site, answer, rss, srt

import indexer
from indexer.core.errors import IndexProblem
from indexer.core.types import Complaint
from indexer.intake.audio import AudioFetchers, Downloads, download_all, used, wanted_audio
from indexer.intake.listing import list_sources, remove_source
from indexer.intake.updating import NoSource, find, remembered, update_sources
from indexer.runs.known_episodes import known_paths
from indexer.store.library.ignored import change_ignored, read_ignored
from indexer.store.library.sources import FILE, LibrarySource, add_sources, read_sources
from search import open_library
from search.frontends.cli.output.console import Context
from search.frontends.cli.runs.rounds import Rounds

pytestmark = pytest.mark.usefixtures("loaded_tools")

WriteSrt = Callable[..., Path]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path.resolve() / "library"


@pytest.fixture
def show(tmp_path: Path, write_srt: WriteSrt) -> Path:
    folder = tmp_path.resolve() / "tea"
    write_srt(folder / "one.srt", "今天的茶是热的")
    return folder


def item(site: Site, name: str, *, transcript: bool = True, day: int = 8) -> str:
    linked = f'<podcast:transcript url="{site.url(f"/{name}.srt")}" type="application/srt"/>' if transcript else ""
    sound = f'<enclosure url="{site.url(f"/{name}.mp3")}" type="audio/mpeg"/>'
    date = f"<pubDate>Sun, {day:02} Jun 2025 08:00:00 +0800</pubDate>"
    return f"<title>{name}</title><guid>{name}</guid>{date}{sound}{linked}"


@pytest.fixture
def feed(site: Site) -> str:
    site.pages["/echo.xml"] = rss(item(site, "sharks"), item(site, "battery", transcript=False, day=15))
    site.pages["/sharks.srt"] = srt("我听说鲨鱼会咬光缆")
    for name in ("sharks", "battery"):
        site.pages[f"/{name}.mp3"] = lambda request: answer(request, b"sound" * 100, ETag='"1"', Content_Length="500")
    return site.url("/echo.xml")


def names(index: Path) -> list[str]:
    return sorted(Path(path).name for path in known_paths(index))


def test_what_index_was_given_is_what_update_reads(index: Path, show: Path, write_srt: WriteSrt) -> None:
    indexer.index_paths([show], index, jobs=1)
    assert read_sources(index) == [LibrarySource(str(show))]
    write_srt(show / "two.srt", "语音识别的原理")
    report = update_sources(index, jobs=1).report
    assert (report.added, report.unchanged) == (1, 1)


def test_a_folder_takes_the_place_of_those_in_it_and_files_stay(index: Path, show: Path) -> None:
    hidden = show / ".old" / "in"
    hidden.mkdir(parents=True)
    add_sources(index, [LibrarySource(str(show / "one.srt")), LibrarySource(str(hidden)), LibrarySource(str(show))])
    add_sources(index, [LibrarySource(str(show.parent))])
    assert [Path(one.place).name for one in read_sources(index)] == ["one.srt", "in", show.parent.name]


def test_standard_input_is_no_source(index: Path, show: Path) -> None:
    from indexer.core.files.kept_folder import home_of
    from indexer.discovery.inbox import store_transcript

    kept = store_transcript(home_of(index), srt("从标准输入来"), "talk.srt")
    indexer.index_paths([kept, show], index, jobs=1)
    assert read_sources(index) == [LibrarySource(str(show))]


def test_an_index_without_sources_has_them_derived(index: Path, show: Path, feed: str, write_srt: WriteSrt) -> None:
    indexer.index_paths([show], index, feeds=[feed], jobs=1)
    (index / FILE).unlink()
    listed = [(one.source.place, one.episodes, one.items) for one in list_sources(index)]
    assert listed == [(str(show), 1, None), (feed, 1, 2)]
    write_srt(show / "two.srt", "语音识别的原理")
    done = update_sources(index, jobs=1)
    assert done.is_derived
    assert done.report.added == 1
    assert not update_sources(index, jobs=1).is_derived


def test_a_feed_comes_with_its_transcripts_and_only_what_is_new(index: Path, feed: str, site: Site) -> None:
    add_sources(index, [LibrarySource(feed, True)])
    watched: list[str] = []
    report = update_sources(index, jobs=1, watch=watched.append).report
    assert (report.added, report.feeds[0].without) == (1, 1)
    assert watched == [feed, site.url("/sharks.srt")]
    site.asked.clear()
    assert update_sources(index, jobs=1).report.unchanged == 1
    assert site.asked == ["/echo.xml"]


def test_a_source_that_is_not_there_keeps_its_episodes(index: Path, show: Path, feed: str, site: Site) -> None:
    indexer.index_paths([show], index, feeds=[feed], jobs=1)
    shutil.move(show, show.with_name("away"))
    site.pages.clear()
    report = update_sources(index, jobs=1).report
    assert {(one.path, one.fatal) for one in report.complaints} == {(str(show), False), (feed, True)}
    assert len(known_paths(index)) == 2


def test_a_source_is_found_by_a_part_of_its_name_or_title(index: Path, show: Path, feed: str) -> None:
    add_sources(index, [LibrarySource(str(show)), LibrarySource(feed, True)])
    update_sources(index, jobs=1)
    every = read_sources(index)
    assert find(index, every, ["tea"]) == find(index, every, [str(show)]) == every[:1]
    assert find(index, every, ["回声"]) == find(index, every, ["echo.XML"]) == every[1:]
    for name, said in (("nowhere", "no source"), ("e", "2 sources")):
        with pytest.raises(NoSource, match=said):
            find(index, every, [name])
    with pytest.raises(NoSource, match="no sources are known"):
        update_sources(index.with_name("empty"))


def test_a_removed_source_takes_its_episodes_with_it_and_no_file(index: Path, show: Path, feed: str) -> None:
    indexer.index_paths([show], index, feeds=[feed], jobs=1)
    folder, source = read_sources(index)
    gone, files = remove_source(index, source)
    assert (gone, names(index), read_sources(index)) == (1, ["one.srt"], [folder])
    assert files is not None
    assert [path.suffix for path in files.iterdir()] == [".srt"]
    assert update_sources(index, jobs=1).report.unchanged == 1
    assert remove_source(index, folder, keep=True) == (0, None)
    assert names(index) == ["one.srt"]
    assert (show / "one.srt").exists()


def test_audio_comes_newest_first_within_its_bound(
    index: Path, feed: str, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    monkeypatch.setenv("PODSEEK_CONFIG", str(config))
    config.write_text('[audio]\nlimit = "0.9 KB"\n', "utf-8")
    add_sources(index, [LibrarySource(feed, True, audio=True)])
    update_sources(index, jobs=1)
    wanted = wanted_audio(index, read_sources(index))
    assert [one.item.title for one in wanted] == ["battery", "sharks"]
    assert download_all(index, wanted, [], lambda *_: None) == Downloads(came=1, there=0, left=1)
    assert used(index) == 500
    config.write_text('[audio]\nlimit = "2 MB"\n', "utf-8")
    assert download_all(index, wanted, [], lambda *_: None) == Downloads(came=1, there=1, left=0)
    from indexer.intake.listing import episodes_of

    indexer.index_paths(episodes_of(index, [feed]), index, jobs=1, remember=False)

    with open_library(index) as library:
        assert [episode.facts.audio for episode in library.episodes()] == [str(wanted[1].target)]


def test_audio_of_a_feed_in_a_file_is_public_only(index: Path, feed: str, site: Site, tmp_path: Path) -> None:
    path = tmp_path / "echo.xml"
    page = site.pages["/echo.xml"]
    assert isinstance(page, bytes)
    path.write_bytes(page)
    add_sources(index, [LibrarySource(str(path), True, audio=True)])
    update_sources(index, jobs=1)
    site.asked.clear()
    complaints: list[Complaint] = []
    download_all(index, wanted_audio(index, read_sources(index)), complaints, lambda *_: None)
    assert len(complaints) == 2
    assert all("private network" in one.what for one in complaints)
    assert site.asked == []
    assert AudioFetchers(index).of(str(path)).inside == 0


@pytest.mark.parametrize("content", [b"{", b'{"version": 1, "sources": []}', b'{"crc32": "00000000","version": 9}'])
def test_a_damaged_list_of_sources_is_told(index: Path, content: bytes) -> None:
    index.mkdir()
    (index / FILE).write_bytes(content)
    with pytest.raises(IndexProblem, match=r"sources\.json: cannot be read"):
        read_sources(index)


def test_what_is_ignored_stays_away_until_it_is_named(index: Path, show: Path, write_srt: WriteSrt) -> None:
    two = write_srt(show / "two.srt", "语音识别的原理")
    indexer.index_paths([show], index, jobs=1)
    indexer.forget([str(two)], index)
    change_ignored(index, more=[str(two)])
    assert update_sources(index, jobs=1).report.added == 0
    assert indexer.index_paths([show], index, jobs=1, rebuild=True).added == 0
    assert indexer.index_paths([two], index, jobs=1).added == 1
    assert read_ignored(index) == frozenset()
    assert update_sources(index, jobs=1).report.unchanged == 2


def test_a_watch_without_a_path_reads_folders_and_feeds(
    index: Path, show: Path, feed: str, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(capsys, "watch", "--once", "--index", str(index)).code == 2
    add_sources(index, [LibrarySource(str(show)), LibrarySource(feed, True)])
    run = ran(capsys, "watch", "--once", "--index", str(index), "--query", "鲨鱼")
    assert run.code == 0
    assert names(index) == ["2025-06-08-sharks.srt", "one.srt"]
    assert "Episodes: 2 added" in run.err
    assert read_sources(index) == [LibrarySource(str(show)), LibrarySource(feed, True)]


def test_the_feeds_of_a_watch_are_read_at_their_time(
    index: Path, feed: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_sources(index, [LibrarySource(feed, True)])
    places, feeds = remembered(index)
    assert places == []
    rounds = Rounds(Context(str(index), "auto", True, False), index, places, None, None, feeds, 60.0)  # type: ignore[arg-type]
    monkeypatch.setattr("time.monotonic", iter((0.0, 59.0, 61.0)).__next__)
    assert [rounds._due() for _ in range(3)] == [[feed], [], [feed]]


def test_a_feed_that_is_added_tells_what_it_knows_of_the_users_own_files(
    index: Path, show: Path, feed: str, capsys: pytest.CaptureFixture[str], write_srt: WriteSrt
) -> None:
    write_srt(show / "2025-06-15 battery.srt", "固态电池")
    indexer.index_paths([show], index, jobs=1)
    run = ran(capsys, "add", feed, "--index", str(index))
    assert run.code == 0
    assert "1 read again" in run.err
    with open_library(index) as library:
        assert {episode.title: episode.show for episode in library.episodes()}["battery"] == "回声机房"


def test_a_folder_of_something_else_is_not_told_of_file_by_file(
    index: Path, show: Path, feed: str, write_srt: WriteSrt
) -> None:
    write_srt(show / "two.srt", "水")
    add_sources(index, [LibrarySource(feed, True), LibrarySource(str(show))])
    assert update_sources(index, jobs=1).report.complaints == []
    write_srt(show / "battery.srt", "固态电池")
    told = [complaint.path for complaint in update_sources(index, jobs=1).report.complaints]
    assert told == [str(show / "one.srt"), str(show / "two.srt")], "now it is the folder of the show"


def test_a_folder_that_is_added_gets_the_facts_of_feeds(
    capsys: pytest.CaptureFixture[str], index: Path, show: Path, feed: str, write_srt: WriteSrt
) -> None:
    assert ran(capsys, "add", feed, "--index", str(index)).code == 0
    write_srt(show / "battery.srt", "固态电池")
    assert ran(capsys, "add", str(show), "--index", str(index)).code == 0
    with open_library(index) as library:
        assert {episode.title: episode.show for episode in library.episodes()}["battery"] == "回声机房"


@pytest.mark.parametrize("command", ["remove", "update"])
def test_an_empty_name_is_no_part_of_the_only_source(
    capsys: pytest.CaptureFixture[str], index: Path, show: Path, command: str
) -> None:
    add_sources(index, [LibrarySource(str(show))])
    result = ran(capsys, "--index", str(index), command, "")
    assert (result.code, result.err) == (2, "a source is empty; is a variable not set?\n")
    assert len(read_sources(index)) == 1


def test_a_device_is_no_source(capsys: pytest.CaptureFixture[str], index: Path) -> None:
    result = ran(capsys, "--index", str(index), "add", "/dev/null")
    assert result.code == 2
    assert "/dev/null: neither a file nor a folder" in result.err
    assert not read_sources(index)
