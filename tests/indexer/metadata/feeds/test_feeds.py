"""`podseek index --feed`: what a feed tells comes into the index, stays there, and harms nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.library import ROOT
from support.transcripts.feed_show import NEW, SEA, TEA, counts, episodes, said, write
from support.transcripts.feeds import rss, srt

from indexer.core.types import Chapter
from indexer.metadata.sidecar import SIDECAR
from indexer.store.library.feeds import read_store
from indexer.store.writer import IndexWriter
from indexer.update import Report
from search.frontends.cli.runs.index_preview import feed_line

pytestmark = pytest.mark.usefixtures("loaded_tools")


def test_facts_come_from_the_feed_and_stay_without_it(
    show: Path, index: Path, run: Callable[..., Report], tmp_path: Path
) -> None:
    link = "<enclosure url='https://e.org/1.mp3' type='audio/mpeg'/><podcast:person>林晚</podcast:person>"
    feed = write(tmp_path / "feed.xml", rss(SEA + link, TEA, NEW, more="<language>zh</language>"))
    report = run(show, feeds=[feed])
    assert (said(report), report.exit_code) == ([], 0)
    assert [feed_line(tally) for tally in report.feeds] == [
        "Feed 回声机房: 3 items, 2 matched with files, 1 without a transcript here"
    ]
    facts = episodes(index)["海底的光"].facts
    assert (facts.show, facts.date, facts.audio, facts.guid) == ("回声机房", "2025-06-08", "https://e.org/1.mp3", "sea")
    assert (facts.speakers, facts.language) == (("林晚",), "zh")
    assert episodes(index)["一壶好茶"].stem == "2025-06-15"
    assert counts(run(show)) == {"unchanged": 2}
    feed.unlink()
    assert counts(run(show / "海底的光.srt")) == {"unchanged": 1}
    assert counts(run(rebuild=True)) == {"changed": 2}
    assert set(episodes(index)) == {"海底的光", "一壶好茶"}


def test_a_new_title_is_taken_over_and_the_others_are_left_alone(
    show: Path, index: Path, run: Callable[..., Report], tmp_path: Path
) -> None:
    feed = write(tmp_path / "feed.xml", rss(SEA, TEA))
    run(show, feeds=[feed])
    write(feed, rss(SEA, TEA.replace("一壶好茶", "两壶好茶")))
    assert counts(run(show, feeds=[feed])) == {"changed": 1, "unchanged": 1}
    assert set(episodes(index)) == {"海底的光", "两壶好茶"}


def test_an_item_that_left_the_feed_is_remembered(
    show: Path, index: Path, run: Callable[..., Report], tmp_path: Path
) -> None:
    feed = write(tmp_path / "feed.xml", rss(SEA, TEA))
    run(show, feeds=[feed])
    write(feed, rss(NEW, TEA))
    assert counts(run(show, feeds=[feed])) == {"unchanged": 2}
    assert episodes(index)["海底的光"].date == "2025-06-08"


def test_a_feed_of_ever_new_items_does_not_grow_without_end(
    show: Path, index: Path, run: Callable[..., Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.metadata.feeds.follow.MOST_ITEMS", 5)
    for turn in range(4):
        made = (f"<title>{turn}{n}</title><guid>{turn}{n}</guid>" for n in range(3))
        run(show, feeds=[write(tmp_path / "feed.xml", rss(*made))])
    (kept,) = read_store(index).values()
    assert [item.guid for item in kept.feed.items] == ["30", "31", "32", "20", "21"]


def test_the_sidecar_goes_before_the_feed(show: Path, index: Path, run: Callable[..., Report], tmp_path: Path) -> None:
    own = 'title = "我的题目"\nguid = "sea"\nchapters = "0:01 序"\n'
    (show / SIDECAR).write_text(f'jump = "{{link}}#{{seconds}}"\n[episodes."海底的光"]\n{own}', "utf-8")
    run(show, feeds=[write(tmp_path / "feed.xml", rss(SEA, TEA))])
    facts = episodes(index)["我的题目"].facts
    assert (facts.date, facts.jump, facts.chapters) == ("2025-06-08", "{link}#{seconds}", (Chapter(1.0, "序"),))


def test_a_file_of_the_show_that_is_no_item_is_told(show: Path, run: Callable[..., Report], tmp_path: Path) -> None:
    odd = write(show / "番外.srt", srt("没有这一集"))
    report = run(show, feeds=[write(tmp_path / "feed.xml", rss(SEA, TEA))])
    assert said(report) == [
        f"{odd}: no item of the feed 回声机房 is surely this one: facts from its names and podcast.toml only"
    ]
    assert report.exit_code == 0


def test_a_feed_is_for_the_paths_it_was_named_with(
    show: Path, index: Path, run: Callable[..., Report], tmp_path: Path
) -> None:
    other = show.parent / "other"
    other.mkdir()
    write(other / "海底的光.srt", srt("另一个节目"))
    run(show, feeds=[write(tmp_path / "feed.xml", rss(SEA, TEA))])
    run(other)
    with closing(IndexWriter(index)) as writer:
        shows = {record["path"]: record["facts"]["show"] for record in writer.records()}
    assert shows[str(other / "海底的光.srt")] == "other"
    assert shows[str(show / "海底的光.srt")] == "回声机房"


# --- chapters without a feed -----------------------------------------------------------------------


def test_chapters_beside_a_transcript_are_read(show: Path, index: Path, run: Callable[..., Report]) -> None:
    beside = show / "海底的光.chapters.json"
    entries: list[Any] = [{"startTime": "1:00", "title": "后面", "endTime": 90}, {"startTime": 0, "title": "开场"}]
    beside.write_text(json.dumps({"version": "1.2.0", "chapters": entries}), "utf-8")
    assert said(run(show)) == []
    assert episodes(index)["海底的光"].facts.chapters == (Chapter(0.0, "开场"), Chapter(60.0, "后面", 90.0))
    assert counts(run(show)) == {"unchanged": 2}
    beside.write_text(json.dumps({"chapters": [*entries, {"title": "无时间"}, 7]}), "utf-8")
    report = run(show)
    assert said(report) == [f"{beside}: 2 chapters have no start or title: left out"]
    assert counts(report) == {"unchanged": 2}
    beside.write_text("[]", "utf-8")
    assert said(run(show)) == [f"{beside}: has no list of chapters: left out"]


def test_a_file_of_chapters_is_no_transcript(show: Path, index: Path, run: Callable[..., Report]) -> None:
    write(show / "别的.chapters.json", b'{"version": "1.2.0", "chapters": [{"startTime": 1, "title": "x"}]}')
    assert counts(run(show)) == {"added": 2}


def test_without_a_feed_nothing_of_the_network_is_imported() -> None:
    code = (
        "import indexer.update, sys; print({'urllib.request', 'http.client', 'ssl', 'feedparser'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "set()\n"
