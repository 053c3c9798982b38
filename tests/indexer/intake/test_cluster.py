"""An indexing run into a cluster: what is new is read, by parts, and counted; a rebuild replaces all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.shows import WriteSrt, counts
from support.stand_in import Asked, Killed, StandIn, cluster_of

import indexer
from indexer.core.errors import IndexProblem
from indexer.core.lexicon import read_lexicon
from indexer.core.pronunciation import read_readings
from indexer.intake import cluster as intake
from indexer.intake.cluster import add_alias_in_cluster, forget_in_cluster, index_into_cluster
from indexer.store.cluster import vocabulary
from indexer.store.cluster.checking import faults
from indexer.store.cluster.client import ClusterProblem
from indexer.store.cluster.connection import Reply
from indexer.store.cluster.home import copies_of, mirror
from indexer.store.cluster.lock import Lock
from indexer.store.cluster.meta import Epoch, read_epoch, read_values
from indexer.update import Report
from search.backends.embedded.snapshot import EmbeddedSnapshot
from search.frontends.cli import cluster_status
from search.results.health import Status

pytest_plugins = ["support.shows"]
pytestmark = pytest.mark.usefixtures("loaded_tools")
URL = "http://127.0.0.1:9200/library"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[StandIn]:
    found = StandIn()
    monkeypatch.setenv("PODSEEK_BACKEND_FOLDER", str(tmp_path / "local"))
    monkeypatch.setattr(intake, "connect", lambda backend, patience: cluster_of(found, backend))
    yield found


def run(*paths: Path, **options: Any) -> Report:
    return index_into_cluster(paths, URL, jobs=1, **options)


def epoch_of(server: StandIn) -> Epoch:
    epoch = read_epoch(cluster_of(server))
    assert epoch is not None
    return epoch


def ids(server: StandIn) -> set[str]:
    return {one["id"] for one in server.of_kind(epoch_of(server).index_name, "episode").values()}


def vocabulary_of(server: StandIn) -> dict[str, tuple[int, int]]:
    """Term -> its occurrences and episodes."""
    return {
        name: (one["count"], one["episodes"]) for name, one in server.documents(epoch_of(server).words_name).items()
    }


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
    snapshot.close()


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


def test_a_rebuild_replaces_the_library_at_once_with_the_new_words(server: StandIn, shows: Path) -> None:
    run(shows)
    (shows / "lexicon.txt").write_text("慢慢喝\n", "utf-8")
    with pytest.raises(IndexProblem, match="--rebuild"):
        run(shows)
    during: list[int] = []
    run(shows, rebuild=True, progress=lambda *_: during.append(epoch_of(server).version))
    assert during == [1, 1, 1, 1]
    assert (epoch_of(server).version, server.aliases["library"]) == (2, "library-v2")
    assert vocabulary_of(server)["w:慢慢喝"] == (1, 1)
    assert counts(run(shows, prune=True)) == {"unchanged": 4}
    assert "library-v1" not in server.indices


def test_a_rebuild_that_was_killed_goes_on(server: StandIn, shows: Path) -> None:
    run(shows)
    bulks = 0

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        nonlocal bulks
        bulks += asked.path == "/library-v2/_bulk"
        if bulks == 2:  # the passages are there
            raise Killed
        return go()

    server.fault = fault
    with pytest.raises(Killed):
        run(shows, rebuild=True)
    server.fault = None
    assert (epoch_of(server).version, len(ids(server))) == (1, 4)
    report = run(shows, rebuild=True)
    assert (epoch_of(server).version, len(ids(server)), report.exit_code) == (2, 4, 0)


def test_a_rebuild_that_cannot_read_a_file_leaves_the_library(server: StandIn, shows: Path) -> None:
    run(shows)
    (shows / "rain" / "one.srt").unlink()
    report = run(rebuild=True)
    assert report.exit_code == 2
    assert (epoch_of(server).version, len(ids(server))) == (1, 4)
    assert run(rebuild=True, prune=True).exit_code == 0
    assert (epoch_of(server).version, len(ids(server))) == (2, 3)


def test_aliases_are_kept_for_all_who_search(server: StandIn, shows: Path, tmp_path: Path) -> None:
    lexicon = shows / "lexicon.toml"
    lexicon.write_text('[[heard]]\nright = "茶"\nas = ["叉"]\n', "utf-8")
    run(shows)
    (copy,) = (tmp_path / "local").rglob("lexicon-*.toml")
    assert copy.read_text("utf-8") == lexicon.read_text("utf-8")
    before = epoch_of(server).epoch
    lexicon.write_text('[[heard]]\nright = "茶"\nas = ["叉", "差"]\n', "utf-8")
    run(shows)
    assert copy.read_text("utf-8") == lexicon.read_text("utf-8")
    assert epoch_of(server).epoch == before + 1  # by which a search that is open notices


def test_an_alias_is_added_to_the_library_and_outlives_other_lexicons(
    server: StandIn, shows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(shows)
    before = epoch_of(server)
    assert add_alias_in_cluster("茶", ["叉", "差"], URL) == ["叉", "差"]
    assert add_alias_in_cluster("茶", ["叉"], URL) == []
    assert epoch_of(server) == before._replace(epoch=before.epoch + 1)
    (shows / "lexicon.toml").write_text('[[heard]]\nright = "雨"\nas = ["语"]\n', "utf-8")
    monkeypatch.setenv("PODSEEK_BACKEND_FOLDER", str(tmp_path / "another"))
    run(shows)
    copies = (tmp_path / "another").rglob("lexicon-*.toml")
    assert sorted(alias for path in copies for alias in read_lexicon(path).aliases) == [
        ("茶", "叉"),
        ("茶", "差"),
        ("雨", "语"),
    ]


def test_an_alias_that_another_user_adds_at_once_is_kept(server: StandIn, shows: Path) -> None:
    run(shows)
    others = 0

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        nonlocal others
        if asked.method == "PUT" and asked.path.endswith("_doc/lexicons") and not others:
            others += 1
            assert add_alias_in_cluster("雨", ["语"], URL) == ["语"]
        return go()

    server.fault = fault
    assert add_alias_in_cluster("茶", ["叉"], URL) == ["叉"]
    text = server.documents("library-meta")["lexicons"]["values"]["files"]["lexicon-00000000.toml"]
    assert (others, text.count("[[heard]]"), "语" in text, "叉" in text) == (1, 2, True, True)


def test_an_alias_that_could_not_be_added_is_an_error(server: StandIn, shows: Path) -> None:
    run(shows)

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        if asked.method == "PUT" and asked.path.endswith("_doc/lexicons"):
            return Reply(409, b"{}")
        return go()

    server.fault = fault
    with pytest.raises(ClusterProblem, match="keep changing"):
        add_alias_in_cluster("茶", ["叉"], URL)


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


def test_a_library_of_a_later_podseek_is_refused(server: StandIn, shows: Path) -> None:
    run(shows)
    server.documents("library-meta")["epoch"]["values"]["format"] = 99
    with pytest.raises(ClusterProblem, match="upgrade podseek"):
        run(shows)


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


def test_the_status_is_that_of_the_cluster(server: StandIn, shows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(shows)
    monkeypatch.setattr(cluster_status, "connect", lambda backend: cluster_of(server, backend))
    status = Status(Path("copies"), 4, 2, 5, 40, 12.0, None, None, size=1, missing=4)
    lines = list(cluster_status.lines(URL, status))
    assert lines[0].split() == ["library", URL]
    assert "size       5.0 MB" in lines
    assert not any(line.startswith(("missing", "words")) for line in lines)
    assert cluster_status.faults(URL) == []
    server.documents("library-meta")["written"]["values"]["token"] = "later"
    assert [line for line in cluster_status.lines(URL, status) if line.startswith("words")]


# --- the vocabulary -------------------------------------------------------------------------------


def test_a_vocabulary_that_was_not_counted_is_counted_by_the_next_run(server: StandIn, shows: Path) -> None:
    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        if "-words-" in asked.path:
            raise Killed
        return go()

    server.fault = fault
    with pytest.raises(Killed):
        run(shows)
    server.fault = None
    assert counts(run(shows)) == {"unchanged": 4}
    assert epoch_of(server).episodes == 4


def test_feeds_are_followed_as_for_a_folder(server: StandIn, shows: Path, tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    item = "".join(f"<item><title>{name}</title><guid>{name}</guid></item>" for name in ("one", "two"))
    feed.write_text(f'<rss version="2.0"><channel><title>F</title>{item}</channel></rss>', "utf-8")
    for rebuild in (False, True):
        report = run(shows / "tea", feeds=[feed], rebuild=rebuild)
        assert ([str(one) for one in report.complaints], report.feeds[0].items) == ([], 2)
    (home,) = (tmp_path / "local" / "clusters").iterdir()
    assert not list(home.glob("*.toc"))


def test_a_rebuild_leaves_the_copies_that_searches_use(server: StandIn, shows: Path, tmp_path: Path) -> None:
    run(shows)
    (home,) = (tmp_path / "local" / "clusters").iterdir()
    names = ("podseek.json", "readings.json")
    before = [(copies_of(home, 1) / name).read_bytes() for name in names]
    (shows / "lexicon.txt").write_text("慢慢喝\n", "utf-8")
    during: list[list[bytes]] = []
    run(
        shows,
        rebuild=True,
        progress=lambda *_: during.append([(copies_of(home, 1) / name).read_bytes() for name in names]),
    )
    assert during == [before] * 4
    assert "慢慢喝" in (copies_of(home, 2) / "podseek.json").read_text("utf-8")


def test_copies_are_whole_before_their_manifest_is_there(server: StandIn, shows: Path, tmp_path: Path) -> None:
    run(shows)
    home = tmp_path / "home"

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        if "/readings-" in asked.path or asked.path.endswith("/lexicons"):
            assert not (copies_of(home, 1) / "podseek.json").exists()
        return go()

    server.fault = fault
    cluster = cluster_of(server)
    manifest = mirror(cluster, 1, home)
    (copies_of(home, 1) / "readings.json").write_bytes(b"damaged")
    server.fault = None
    assert mirror(cluster, 1, home) == manifest
    assert read_readings(copies_of(home, 1), manifest.readings_crc)


def test_a_run_that_ends_after_a_rebuild_leaves_it_in_use(
    server: StandIn, shows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(shows)
    settle, home = vocabulary.settle, tmp_path / "local"

    def late(*arguments: Any) -> Any:
        monkeypatch.setattr(vocabulary, "settle", settle)
        monkeypatch.setenv("PODSEEK_BACKEND_FOLDER", str(tmp_path / "another"))
        run(shows, rebuild=True)
        monkeypatch.setenv("PODSEEK_BACKEND_FOLDER", str(home))
        return settle(*arguments)

    monkeypatch.setattr(vocabulary, "settle", late)
    report = run(shows)
    assert (epoch_of(server).version, report.exit_code) == (2, 2)
    assert ["rebuilt meanwhile" in str(complaint) for complaint in report.complaints] == [True]
    before = epoch_of(server)
    vocabulary.rebuild(cluster_of(server), 1, lambda: None)
    assert epoch_of(server) == before


def test_a_change_that_was_not_completed_is_not_taken_for_another(server: StandIn, shows: Path) -> None:
    run(shows)
    written = server.documents("library-meta")["written"]["values"]
    written["token"] = "writing-1"
    run(shows)
    assert vocabulary.is_settled(cluster_of(server), 1)
    written["token"] = "writing-2"
    assert not vocabulary.is_settled(cluster_of(server), 1)


def test_episodes_that_come_while_the_vocabulary_is_counted_are_counted_next(
    server: StandIn, shows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(shows, part=(1, 2))
    count, take = vocabulary.count, Lock.take
    is_counting = False

    def slow(*arguments: Any) -> Any:
        nonlocal is_counting
        found = count(*arguments)
        if not is_counting:
            is_counting = True
            run(shows, part=(2, 2))  # finds the lock, and leaves the counting to its holder
            is_counting = False
            monkeypatch.setattr(vocabulary, "count", count)
        return found

    monkeypatch.setattr(vocabulary, "count", slow)
    monkeypatch.setattr(Lock, "take", lambda self: not is_counting and take(self))
    server.documents("library-meta")["written"]["values"]["token"] = "changed"
    run(shows, part=(1, 2))
    assert epoch_of(server).episodes == len(ids(server)) == 4


def test_of_two_processes_that_count_at_once_one_publishes(server: StandIn, shows: Path) -> None:
    others = 0

    def fault(asked: Asked, go: Callable[[], Reply]) -> Reply:
        nonlocal others
        if "-words-" in asked.path and asked.path.endswith("_bulk") and not others:
            others += 1
            vocabulary.rebuild(cluster_of(server), 1, lambda: None)
        return go()

    server.fault = fault
    assert run(shows).exit_code == 0
    epoch = epoch_of(server)
    assert (others, epoch.epoch) == (1, 1)
    assert (
        [name for name in server.indices if "-words-" in name]
        == [epoch.words_name]
        == [server.aliases["library-words"]]
    )


def test_a_lock_is_taken_over_from_the_dead_and_not_from_the_living(server: StandIn) -> None:
    server.indices["library-meta"] = {}
    now = 0.0
    cluster = cluster_of(server)
    holder = Lock(cluster, "lock-words", lambda: now)
    assert holder.take()

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds
        if is_alive:
            holder.beat()

    cluster._sleep = sleep  # type: ignore[assignment]
    is_alive = True
    assert not Lock(cluster, "lock-words", lambda: now).take()
    is_alive = False
    other = Lock(cluster, "lock-words", lambda: now)
    assert other.take()
    other.release()
    assert read_values(cluster, "lock-words") is None


def test_an_index_that_does_not_start_is_named(server: StandIn, shows: Path) -> None:
    server.fault = lambda asked, go: Reply(408, b'{"timed_out": true}') if "_cluster" in asked.path else go()
    with pytest.raises(ClusterProblem, match="library-meta does not start"):
        run(shows)
