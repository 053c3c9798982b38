"""An index of an older format is rebuilt beside and exchanged; nothing of the user's is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.transcripts.embeddings import TopicModel
from support.transcripts.feeds import Site, rss, srt

import indexer
import search
from indexer import update
from indexer.core.errors import IndexProblem
from indexer.core.files.kept_folder import home_of
from indexer.core.words.lexicon import add_alias
from indexer.discovery.inbox import store_transcript
from indexer.intake.updating import update_sources
from indexer.runs import compatibility
from indexer.store import manifest, schema
from indexer.store.library.seen_moments import read_known, write_known
from indexer.store.library.sources import FILE as SOURCES
from indexer.store.repair import mending, renewal
from search.new_moments import News

pytestmark = pytest.mark.usefixtures("loaded_tools")

WriteSrt = Callable[..., Path]


@pytest.fixture
def index(tmp_path: Path, write_srt: WriteSrt, site: Site) -> Path:
    """An index of two files, a fetched transcript and one from standard input, with an alias, a saved query, and a file
    that this version does not know; made before sources were remembered."""
    folder = tmp_path.resolve() / "library"
    show = folder.with_name("tea")
    write_srt(show / "one.srt", "今天的茶是热的")
    write_srt(show / "two.srt", "语音识别的原理是高商")
    link = f'<podcast:transcript url="{site.url("/a.srt")}" type="application/srt"/>'
    site.pages["/echo.xml"] = rss(f"<title>海底的光</title><guid>a</guid>{link}")
    site.pages["/a.srt"] = srt("我听说鲨鱼会咬光缆")
    kept = store_transcript(home_of(folder), srt("从标准输入来"), "talk.srt")
    indexer.index_paths([show, kept], folder, feeds=[site.url("/echo.xml")], jobs=1)
    (show / "one.srt").rename(show / "moved.srt")  # an id that its file would not get today
    (show / "moved.srt").rename(show / "one.srt")
    add_alias(folder / "lexicon.toml", "高熵", ["高商"])
    with search.open_library(folder) as library:
        news = News(["茶"], False, {})
        list(news.of(library))
    write_known(folder, news.known)
    (folder / "later.json").write_text("{}", "utf-8")
    (folder / SOURCES).unlink()
    return folder


def make_newer(monkeypatch: pytest.MonkeyPatch, reads_old: bool) -> None:
    """Has this podseek write the next format."""
    newer = schema.FORMAT_VERSION + 1
    for module in (schema, manifest, compatibility, mending):
        monkeypatch.setattr(module, "FORMAT_VERSION", newer)
    monkeypatch.setattr(schema, "OLDEST_WRITTEN", newer)
    monkeypatch.setattr(manifest, "OLDEST_READ", newer - 1 if reads_old else newer)


def content(index: Path) -> dict[str, tuple[str, object]]:
    with search.open_library(index) as library:
        return {episode.id: (episode.path, episode.facts) for episode in library.episodes()}


def beside(index: Path) -> list[str]:
    return sorted(path.name for path in index.parent.iterdir() if path.name.startswith("."))


@pytest.fixture(params=[True, False], ids=["exchanged", "renamed"])
def exchange(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not request.param:
        monkeypatch.setattr(renewal, "_exchanged", lambda one, other: False)
    yield


@pytest.mark.parametrize("reads_old", [True, False], ids=["readable", "not readable"])
def test_an_update_rebuilds_an_older_index_without_loss(
    index: Path, monkeypatch: pytest.MonkeyPatch, exchange: None, reads_old: bool
) -> None:
    before, known = content(index), read_known(index)
    assert len(before) == 4
    make_newer(monkeypatch, reads_old)
    with pytest.raises(IndexProblem, match=r"podseek (update|index --rebuild)` reads its transcripts again"):
        indexer.index_paths([index.with_name("tea")], index)
    during: list[int] = []

    def look(done: int, total: int, name: str) -> None:
        if reads_old:
            with search.open_library(index) as library:
                during.append(len(library.search("鲨鱼")))

    report = update_sources(index, jobs=1, progress=look).report
    assert report.exit_code == 0, report.complaints
    assert any("was of an older format" in one.what for one in report.complaints)
    assert during == ([1] * 4 if reads_old else [])
    assert content(index) == before
    assert read_known(index) == known
    assert (index / "later.json").read_text("utf-8") == "{}"
    assert json.loads((index / manifest.FILE).read_bytes())["format"] == schema.FORMAT_VERSION
    with search.open_library(index) as library:
        assert [moment.episode.path for moment in library.search("高熵")] == [str(index.with_name("tea") / "two.srt")]
        assert library.check() == []
    assert beside(index) == []
    again = update_sources(index, jobs=1).report
    assert (again.added, again.changed, again.removed, again.exit_code) == (0, 0, 0, 0)


def test_a_run_that_was_cut_off_is_gone_on_with(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(index)
    make_newer(monkeypatch, True)
    monkeypatch.setattr(update, "BATCH_ATOMS", 1)
    read: list[str] = []

    def stop(done: int, total: int, name: str) -> None:
        read.append(name)
        if done == 3:
            raise RuntimeError("cut off")

    with pytest.raises(RuntimeError):
        update_sources(index, jobs=1, progress=stop)
    assert content(index) == before
    assert beside(index) == [".library.upgrade"]
    report = update_sources(index, jobs=1, progress=lambda done, total, name: read.append(name)).report
    assert report.exit_code == 0
    assert len(read) == 5, "two were read before, and one again"
    assert content(index) == before
    assert beside(index) == []


def test_index_rebuild_does_the_same_and_keeps_words_of_a_lexicon(
    index: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = tmp_path / "words.txt"
    words.write_text("鲨鱼会\n", "utf-8")
    indexer.index_paths((), index, rebuild=True, lexicon=words, jobs=1)
    words.unlink()
    make_newer(monkeypatch, False)
    indexer.index_paths((), index, rebuild=True, jobs=1)
    assert len(content(index)) == 4
    found = manifest.read_manifest(index)
    assert found is not None
    assert found.lexicon == ("鲨鱼会",)


def test_a_transcript_that_is_away_waits_in_the_new_index(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(index)
    away = index.with_name("away")
    index.with_name("tea").rename(away)
    make_newer(monkeypatch, False)
    update_sources(index, jobs=1)
    assert len(content(index)) == 2
    away.rename(index.with_name("tea"))
    update_sources(index, jobs=1)
    assert content(index) == before


def test_a_step_that_was_cut_off_is_finished(index: Path) -> None:
    before = content(index)
    new = index.with_name(".library.upgrade")
    index.rename(new)
    (new / ".complete").touch()
    renewal.recover(index)
    assert content(index) == before


def test_an_index_of_a_newer_format_is_left_alone(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (schema, manifest):
        monkeypatch.setattr(module, "FORMAT_VERSION", schema.FORMAT_VERSION - 1)
    for run in (lambda: update_sources(index), lambda: indexer.index_paths((), index, rebuild=True)):
        with pytest.raises(IndexProblem, match="upgrade podseek"):
            run()
    assert beside(index) == []


@pytest.mark.needs("numpy")
def test_an_upgrade_keeps_vectors(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with search.open_library(index) as library:
        library.add_meaning(embedder=TopicModel())
    made = {path.name: path.read_bytes() for path in index.glob("meaning*.vec")}
    make_newer(monkeypatch, True)
    assert update_sources(index, jobs=1).report.exit_code == 0
    assert made and {path.name: path.read_bytes() for path in index.glob("meaning*.vec")} == made
    with search.open_library(index) as library:
        status, model = library.status().meaning, TopicModel()
        assert status is not None and status.left < 1 and library.check() == []
        assert library.add_meaning(embedder=model).episodes == 0
