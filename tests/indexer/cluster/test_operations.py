"""An indexing run into a cluster: what is new is read, by parts, and counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from support.nodes.cluster_runs import URL, epoch_of, ids, run, vocabulary_of
from support.nodes.reached import cluster_of
from support.nodes.stand_in import Asked, StandIn
from support.transcripts.shows import WriteSrt, counts

import indexer
from indexer.cluster.operations import forget_in_cluster
from indexer.core.errors import IndexProblem
from indexer.store.cluster.checking import faults
from indexer.store.cluster.documents.decks import NAMES
from indexer.store.cluster.documents.layout import CLOCK
from indexer.store.cluster.documents.text_parts import NAMES as TEXT_PARTS
from indexer.store.cluster.transport.connection import Reply
from indexer.store.cluster.transport.problems import ClusterProblem
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.frontends.cli.output import cluster_status as status_of_cluster
from search.results.health import Status

pytestmark = pytest.mark.usefixtures("loaded_tools")


def test_a_run_makes_the_library_with_the_counts_of_an_index(server: StandIn, shows: Path, index: Path) -> None:
    assert counts(run(shows)) == {"added": 4}
    indexer.index_paths([shows], index, jobs=1)
    snapshot = EmbeddedSnapshot(index)
    words = {f"w:{word.replace('.', '．')}": snapshot.word_episodes(word) for word in snapshot.words()}
    words |= {f"c:{one}": snapshot.char_episodes(one) for one in snapshot.characters()}
    assert vocabulary_of(server) == {term: (sum(found.values()), len(found)) for term, found in words.items()}
    epoch = epoch_of(server)
    assert (epoch.episodes, epoch.atoms, epoch.epoch) == (4, snapshot.total_atoms, 1)
    assert faults(cluster_of(server), epoch) == []
    entry = server.documents(epoch.words_name)["w:语音"]
    assert entry["kind"] == "word"


def test_a_second_run_reads_and_counts_nothing(server: StandIn, shows: Path) -> None:
    run(shows)
    before = epoch_of(server)
    assert counts(run(shows)) == {"unchanged": 4}
    assert epoch_of(server) == before


def test_parts_share_the_episodes_and_the_last_one_counts_all(server: StandIn, shows: Path) -> None:
    read = Counter[str]()
    for part in (1, 2, 3):
        run(shows, part=(part, 3), progress=lambda done, total, path: read.update([path]))
    assert set(read.values()) == {1}
    assert len(read) == epoch_of(server).episodes == 4


def test_what_changes_leaves_or_is_forgotten_is_counted(server: StandIn, shows: Path, write_srt: WriteSrt) -> None:
    run(shows)
    write_srt(shows / "tea" / "one.srt", "红茶红茶")
    (shows / "rain" / "one.srt").unlink()
    assert counts(run(shows)) == {"changed": 1, "unchanged": 2, "missing": 1}
    assert counts(run(shows, prune=True)) == {"unchanged": 3, "removed": 1}
    removed, unknown = forget_in_cluster(["tea/two", "nothing"], URL)
    assert ([episode.id for episode in removed], unknown) == (["tea/two"], ["nothing"])
    assert ids(server) == {"tea/one", "rain/two"}
    assert epoch_of(server).episodes == 2
    assert vocabulary_of(server)["c:红"] == (2, 1)
    assert "w:语音" not in vocabulary_of(server)


def test_words_of_another_process_are_refused_in_one_line(server: StandIn, shows: Path, tmp_path: Path) -> None:
    run(shows)
    other = tmp_path / "words.txt"
    other.write_text("茶是热的\n", "utf-8")
    with pytest.raises(IndexProblem, match="--rebuild") as raised:
        run(shows, lexicon=other)
    assert "\n" not in str(raised.value)


def test_what_is_no_library_is_not_written_to(server: StandIn, shows: Path) -> None:
    server.indices["library"] = {"other": next(iter([]), None)}  # type: ignore[dict-item]
    with pytest.raises(ClusterProblem, match="something else"):
        run(shows)
    assert set(server.indices["library"]) == {"other"}


@pytest.mark.parametrize("known", [1, 2, 3])
def test_a_library_of_an_earlier_format_is_kept_until_a_rebuild(
    known: int, server: StandIn, shows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forms() -> list[int]:
        """The format of each episode, as its documents tell."""
        index = epoch_of(server).index_name
        passages = defaultdict(set)
        for one in server.of_kind(index, "passage").values():
            passages[one["episode"]].add("pairs" in one)
        found = []
        for key, one in server.of_kind(index, "episode").items():
            has_runs, has_decks = "peaks" in one, CLOCK in one
            assert (passages[key], not one.keys().isdisjoint(NAMES)) == ({has_runs}, has_decks)
            has_text_parts = not one.keys().isdisjoint(TEXT_PARTS)
            found.append(1 + has_runs + has_decks + has_text_parts)
        return sorted(found)

    run(shows / "tea")
    meta = server.documents("library-meta")
    if known == 1:
        del server.indices["library-meta"]["format-1"]  # as an earlier podseek made it
    else:
        meta["format-1"]["values"]["format"] = known
    assert forms() == [4, 4]
    report = run(shows)
    assert (epoch_of(server).format, counts(report)) == (known, {"unchanged": 2, "added": 2})
    assert forms() == [known, known, 4, 4]
    assert faults(cluster_of(server), epoch_of(server)) == []
    (told,) = report.complaints
    assert (told.fatal, f"format {known}" in told.what, "--rebuild" in told.action) == (False, True, True)
    monkeypatch.setattr(status_of_cluster, "connect", lambda backend: cluster_of(server, backend))
    status = Status(Path("copies"), 4, 2, 5, 40, 12.0, None, None, size=1, missing=4)
    (line,) = (line for line in status_of_cluster.lines(URL, status) if line.startswith("format"))
    assert f"`podseek index --backend {URL} --rebuild`" in line  # which can be pasted
    report = run(shows, rebuild=True)
    assert (epoch_of(server).format, forms(), report.complaints) == (4, [4] * 4, [])
    assert faults(cluster_of(server), epoch_of(server)) == []


def test_a_library_of_a_later_podseek_is_refused(server: StandIn, shows: Path) -> None:
    run(shows / "tea")
    index, meta = epoch_of(server).index_name, server.documents("library-meta")
    for name in ("epoch", "format-1"):
        meta[name]["values"]["format"] = 99
    before = server.documents(index), meta["written-1"]
    with pytest.raises(ClusterProblem, match="upgrade podseek"):
        run(shows)
    assert (server.documents(index), server.documents("library-meta")["written-1"]) == before


def test_damage_is_found(server: StandIn, shows: Path) -> None:
    run(shows)
    epoch, cluster = epoch_of(server), cluster_of(server)
    episodes = server.of_kind(epoch.index_name, "episode")
    first, second, *_ = sorted(episodes)
    episodes[first]["text"] = "AAAA"
    name = next(
        one for one, passage in server.of_kind(epoch.index_name, "passage").items() if passage["episode"] == second
    )
    del server.indices[epoch.index_name][name]
    server.documents(epoch.words_name)["c:茶"]["count"] += 1
    found = faults(cluster, epoch)
    assert len(found) == 3
    assert [part in fault for part, fault in zip(("as it was written", "passages", "(1 differ)"), found, strict=True)]


@pytest.mark.parametrize("damage", ["lost", "another's", "no base64", "cut off"])
def test_decks_clocks_and_text_parts_that_do_not_say_what_the_columns_do_are_found(
    damage: str, server: StandIn, shows: Path
) -> None:
    run(shows)
    epoch, cluster = epoch_of(server), cluster_of(server)
    first, second, *_ = (one for _, one in sorted(server.of_kind(epoch.index_name, "episode").items()))
    name = next(name for name in NAMES if name in first)
    for field in (name, CLOCK, TEXT_PARTS[0]):
        if damage == "lost":
            del first[field]
        elif damage == "another's":
            first[field] = second.get(field, "AAAA")
        else:
            first[field] = "A" if damage == "no base64" else first[field][:-4]
    found = faults(cluster, epoch)
    assert [fault.count(first["id"]) for fault in found] == [1, 1, 1]
    assert all(part in fault for part, fault in zip(("decks", "clock", "text parts"), found, strict=True))


def test_the_status_is_that_of_the_cluster(server: StandIn, shows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(shows)
    monkeypatch.setattr(status_of_cluster, "connect", lambda backend: cluster_of(server, backend))
    status = Status(Path("copies"), 4, 2, 5, 40, 12.0, None, None, size=1, missing=4)
    lines = list(status_of_cluster.lines(URL, status))
    assert lines[0].split() == ["library", URL]
    assert "size       5.0 MB" in lines
    assert not any(line.startswith(("missing", "words")) for line in lines)
    assert status_of_cluster.faults(URL) == []
    server.documents("library-meta")["written-1"]["values"]["token"] = "later"
    (line,) = (line for line in status_of_cluster.lines(URL, status) if line.startswith("words"))
    assert f"`podseek index --backend {URL}`" in line


def test_the_status_asks_for_nothing_that_takes_the_rights_of_those_who_index(
    server: StandIn, shows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(shows)
    monkeypatch.setattr(status_of_cluster, "connect", lambda backend: cluster_of(server, backend))
    asked: list[str] = []

    def fault(one: Asked, go: Callable[[], Reply]) -> Reply:
        asked.append(one.path)
        return Reply(403, b"{}") if one.path.endswith("_refresh") else go()

    server.fault = fault
    lines = list(status_of_cluster.lines(URL, Status(Path("copies"), 4, 2, 5, 40, 12.0, None, None, size=1, missing=4)))
    assert lines and not any(line.startswith("words") for line in lines)
    assert any(path.endswith("_search") for path in asked)


def test_feeds_are_followed_as_for_a_folder(server: StandIn, shows: Path, tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    item = "".join(f"<item><title>{name}</title><guid>{name}</guid></item>" for name in ("one", "two"))
    feed.write_text(f'<rss version="2.0"><channel><title>F</title>{item}</channel></rss>', "utf-8")
    for rebuild in (False, True):
        report = run(shows / "tea", feeds=[feed], rebuild=rebuild)
        assert ([str(one) for one in report.complaints], report.feeds[0].items) == ([], 2)
    (home,) = (tmp_path / "local" / "clusters").iterdir()
    assert not list(home.glob("*.toc"))


def test_an_index_that_does_not_start_is_named(server: StandIn, shows: Path) -> None:
    server.fault = lambda asked, go: Reply(408, b'{"timed_out": true}') if "_cluster" in asked.path else go()
    with pytest.raises(ClusterProblem, match="library-meta does not start"):
        run(shows)
