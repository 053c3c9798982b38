"""What a feed points to: transcripts and chapters are fetched once, within limits, and stay."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.library import podseek
from support.transcripts.feed_show import NEW, SEA, TEA, counts, episodes, said, write
from support.transcripts.feeds import Site, rss, srt

from indexer.core.errors import IndexProblem
from indexer.core.types import Chapter
from indexer.dry_run import preview
from indexer.store.library.feeds import FILE
from indexer.update import Report
from search.frontends.cli.runs.index_preview import feed_line

pytestmark = pytest.mark.usefixtures("loaded_tools")


@pytest.fixture
def feed(site: Site) -> Iterator[str]:
    """A feed on a server: a transcript for the new item, chapters for one with a file."""
    pointers = (
        '<podcast:transcript url="new.html" type="text/html"/>'
        '<podcast:transcript url="new.srt" type="application/srt"/>'
    )
    site.pages["/feed.xml"] = rss(SEA + '<podcast:chapters url="sea.json"/>', TEA, NEW + pointers)
    site.pages["/new.srt"] = srt("机器听写很难", "语音识别")
    listed = ({"startTime": 3, "title": "开源"}, {"startTime": 0, "title": "光缆"}, {"startTime": 1, "toc": False})
    site.pages["/sea.json"] = json.dumps({"chapters": listed}).encode()
    yield site.url("/feed.xml")


def test_missing_transcripts_and_chapters_are_fetched_once(
    show: Path, index: Path, run: Callable[..., Report], site: Site, feed: str
) -> None:
    report = run(show, feeds=[feed])
    assert said(report) == []
    assert [feed_line(tally) for tally in report.feeds] == [
        "Feed 回声机房: 3 items, 2 matched with files, 1 with a fetched transcript"
    ]
    assert counts(report) == {"added": 3}
    found = episodes(index)
    assert found["海底的光"].facts.chapters == (Chapter(0.0, "光缆"), Chapter(3.0, "开源"))
    new = Path(found["机器听写"].path)
    assert new.read_bytes() == srt("机器听写很难", "语音识别")
    assert index in new.parents
    assert found["机器听写"].facts.guid == "new"
    asked = list(site.asked)
    assert sorted(asked) == ["/feed.xml", "/new.srt", "/sea.json"]
    assert counts(run(show, feeds=[feed])) == {"unchanged": 3}
    assert site.asked[len(asked) :] == ["/feed.xml"]
    assert counts(run(show)) == {"unchanged": 2}
    assert counts(run(rebuild=True)) == {"changed": 3}
    assert episodes(index)["机器听写"].facts.guid == "new"
    assert len(site.asked) == len(asked) + 1


def test_one_transcript_that_fails_does_not_stop_the_others(show: Path, run: Callable[..., Report], site: Site) -> None:
    def item(name: str, url: str, kind: str = "application/srt") -> str:
        return f'<title>{name}</title><podcast:transcript url="{url}" type="{kind}"/>'

    site.pages["/feed.xml"] = rss(
        SEA,
        item("一", "none.srt"),
        item("二", "file:///etc/passwd", "text/plain"),
        item("三", "page.html", "text/html"),
        item("四", "t.docx", "application/msword"),
        item("五", "good.srt"),
    )
    site.pages["/page.html"] = "<html><body>登录</body></html>".encode()
    site.pages["/good.srt"] = srt("还好")
    report = run(show / "海底的光.srt", feeds=[site.url("/feed.xml")])
    assert said(report) == [
        f"{site.url('/none.srt')}: cannot be fetched (the server answered 404 Not here): left out",
        "file:///etc/passwd: cannot be fetched (only http and https are fetched, not file): left out",
        f"{site.url('/page.html')}: not a transcript in a format podseek reads: left out",
        f"{site.url('/t.docx')}: cannot be fetched (the server answered 404 Not here): left out",
    ]
    assert (counts(report), report.exit_code) == ({"added": 2}, 0)


def test_a_server_that_fails_again_and_again_is_asked_no_more(
    show: Path, run: Callable[..., Report], site: Site
) -> None:
    pointed = (f'<title>第{n}集</title><podcast:transcript url="{n}.srt" type="text/srt"/>' for n in range(30))
    site.pages["/feed.xml"] = rss(*pointed)
    report = run(show, feeds=[site.url("/feed.xml")])
    assert len(site.asked) == 6
    assert f"{site.address[7:]}: 5 fetches failed: 25 more are not tried in this run" in said(report)


def test_a_feed_that_moved_goes_on_where_it_was(
    show: Path, index: Path, run: Callable[..., Report], site: Site, feed: str
) -> None:
    """Named by another address it was taken for a second show, and no file was surely of either."""
    run(show, feeds=[feed])
    fetched = Path(episodes(index)["机器听写"].path)
    site.pages["/moved.xml"] = site.pages["/feed.xml"].replace("一壶好茶".encode(), "一壶新茶".encode())
    report = run(show, feeds=[site.url("/moved.xml")])
    assert said(report) == []
    assert [feed_line(tally) for tally in report.feeds] == [
        "Feed 回声机房: 3 items, 2 matched with files, 1 with a fetched transcript"
    ]
    assert set(episodes(index)) == {"海底的光", "一壶新茶", "机器听写"}
    assert not fetched.exists()
    assert counts(run(show)) == {"unchanged": 2}


def test_a_file_of_ones_own_takes_the_place_of_what_was_fetched(
    show: Path, index: Path, run: Callable[..., Report], feed: str
) -> None:
    run(show, feeds=[feed])
    fetched = Path(episodes(index)["机器听写"].path)
    own = write(show / "机器听写.srt", srt("机器听写很难"))
    assert counts(run(show)) == {"added": 1, "unchanged": 2, "removed": 1}
    assert episodes(index)["机器听写"].path == str(own)
    assert not fetched.exists()


def test_a_feed_in_a_file_does_not_lead_to_this_machine(
    show: Path, run: Callable[..., Report], site: Site, tmp_path: Path
) -> None:
    site.pages["/t.srt"] = srt("秘密")
    pointed = NEW + f'<podcast:transcript url="{site.url("/t.srt")}" type="application/srt"/>'
    report = run(show, feeds=[write(tmp_path / "feed.xml", rss(SEA, TEA, pointed))])
    assert [line.partition(": ")[2] for line in said(report)] == [
        "cannot be fetched (it leads to this machine or a private network, and the feed is from elsewhere): left out"
    ]
    assert site.asked == []


def test_a_feed_that_cannot_be_had_is_told_and_what_it_said_stays(
    show: Path, index: Path, run: Callable[..., Report], site: Site, feed: str, tmp_path: Path
) -> None:
    run(show, feeds=[feed])
    site.pages["/feed.xml"] = b"<html>login</html>"
    report = run(show, feeds=[feed, tmp_path / "none.xml", "ftp://example.org/f"])
    assert said(report) == [
        f"{feed}: this is a web page, not a feed: look for the address of its feed (RSS): what it said before stays",
        f"{tmp_path.resolve()}/none.xml: cannot be read (No such file or directory): left out",
        "ftp://example.org/f: cannot be fetched (only http and https are fetched, not ftp): left out",
    ]
    assert report.exit_code == 2
    assert counts(report) == {"unchanged": 2}
    assert episodes(index)["海底的光"].date == "2025-06-08"


def test_a_preview_fetches_the_feed_alone_and_writes_nothing(show: Path, index: Path, site: Site, feed: str) -> None:
    first, *rest = list(preview([show], [feed]))
    assert [entry.facts.title for entry in rest] == ["一壶好茶", "海底的光"]
    assert [feed_line(tally, preview=True) for tally in first.feeds] == [
        "Feed 回声机房: 3 items, 2 matched with files, 1 without a transcript here (1 to fetch)"
    ]
    assert site.asked == ["/feed.xml"]
    assert not index.exists()


def test_what_was_kept_and_cannot_be_read_stops_the_run(show: Path, index: Path, run: Callable[..., Report]) -> None:
    run(show)
    for content in ("{", '{"version": 9}', "[]", '{"version": 1, "feeds": {"a": {}}}'):
        (index / FILE).write_text(content, "utf-8")
        with pytest.raises(IndexProblem, match="name your feeds again with --feed"):
            run(show)


@pytest.mark.parametrize("title", ["../../etc", "/etc/passwd", "a\0b", "长" * 500, "...", "CON", "💥"])
def test_what_is_fetched_stays_in_the_index_whatever_its_title(
    title: str, show: Path, index: Path, run: Callable[..., Report], site: Site
) -> None:
    pointed = f'<title>{title}</title><podcast:transcript url="t.srt" type="application/srt"/>'.replace("\0", "")
    site.pages["/feed.xml"] = rss(pointed, title=title.replace("\0", ""))
    site.pages["/t.srt"] = srt("还好")
    run(show, feeds=[site.url("/feed.xml")])
    (fetched,) = (index / "feeds").rglob("*.srt")
    assert fetched.parent.parent == index / "feeds"


def test_the_command_tells_what_became_of_the_feed(show: Path, index: Path, feed: str) -> None:
    first = podseek("index", show, "--feed", feed, index=index)
    assert (first.code, first.out) == (0, "")
    assert first.err.splitlines() == [
        "Feed 回声机房: 3 items, 2 matched with files, 1 with a fetched transcript",
        "Episodes: 3 added (5 cues read)",
    ]
    dry = podseek("index", "--dry-run", show, "--feed", feed, index=index)
    assert (dry.code, len(dry.lines)) == (0, 2)
    assert dry.err == "Feed 回声机房: 3 items, 2 matched with files, 1 without a transcript here (1 to fetch)\n"
    offline = podseek("index", show, "--feed", "http://127.0.0.1:1/feed.xml", index=index)
    assert offline.code == 2
    assert offline.err.splitlines() == [
        "http://127.0.0.1:1/feed.xml: cannot be fetched (Connection refused): left out",
        "Episodes: 2 unchanged",
    ]


def test_a_feed_alone_is_enough(index: Path, feed: str) -> None:
    run = podseek("index", "--feed", feed, index=index)
    assert run.err.splitlines() == [
        "Feed 回声机房: 3 items, 1 with a fetched transcript, 2 without a transcript here",
        "Episodes: 1 added (2 cues read)",
    ]
