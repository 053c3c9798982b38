"""A rebuild of a library in a cluster: it replaces all at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.nodes.cluster_runs import epoch_of, ids, run, vocabulary_of
from support.nodes.reached import cluster_of
from support.nodes.stand_in import Asked, Killed, StandIn
from support.transcripts.shows import counts

from indexer.core.errors import IndexProblem
from indexer.core.words.pronunciation import read_readings
from indexer.store.cluster import vocabulary
from indexer.store.cluster.documents.layout import RECORD
from indexer.store.cluster.library.home import copies_of, mirror
from indexer.store.cluster.library.meta import write_data
from indexer.store.cluster.transport.connection import Reply

pytestmark = pytest.mark.usefixtures("loaded_tools")


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


def test_a_rebuild_makes_a_damaged_record_anew_if_its_file_is_named(server: StandIn, shows: Path) -> None:
    run(shows)
    before = ids(server)
    with_damaged_record(server, "rain/one")
    with pytest.raises(IndexProblem, match="is not as it was written: `podseek index --rebuild` makes it anew"):
        run(shows)
    report = run(rebuild=True)
    assert report.exit_code == 2
    assert str(report.complaints[0]).endswith(
        "the record of rain/one is damaged, and no file was read that is this episode: "
        "name the folder with its file, too"
    )
    assert epoch_of(server).version == 1
    assert run(shows / "rain", rebuild=True).exit_code == 0
    assert (epoch_of(server).version, ids(server)) == (2, before)


def test_a_rebuild_that_prunes_leaves_out_what_only_a_damaged_record_tells_of(server: StandIn, shows: Path) -> None:
    run(shows)
    before = ids(server)
    with_damaged_record(server, "rain/one")
    report = run(rebuild=True, prune=True)
    assert report.exit_code == 0
    assert "rain/one is damaged" in str(report.complaints[0])
    assert (epoch_of(server).version, ids(server)) == (2, before - {"rain/one"})


def with_damaged_record(server: StandIn, name: str) -> None:
    found = server.of_kind(epoch_of(server).index_name, "episode").values()
    next(document for document in found if document["id"] == name)[RECORD] = "?"


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


def test_a_damaged_manifest_is_named_by_its_library(server: StandIn, shows: Path, tmp_path: Path) -> None:
    run(shows)
    cluster = cluster_of(server)
    write_data(cluster, "manifest-1", b"damaged")
    with pytest.raises(IndexProblem) as problem:
        mirror(cluster, 1, tmp_path / "home")
    assert str(problem.value).startswith(f"{cluster.address.shown}/podseek.json: cannot be read")


def test_a_run_that_ends_after_a_rebuild_leaves_it_in_use(
    server: StandIn, shows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(shows)
    update, home = vocabulary.bring_up_to_date, tmp_path / "local"

    def late(*arguments: Any) -> Any:
        monkeypatch.setattr(vocabulary, "bring_up_to_date", update)
        monkeypatch.setenv("PODSEEK_BACKEND_FOLDER", str(tmp_path / "another"))
        run(shows, rebuild=True)
        monkeypatch.setenv("PODSEEK_BACKEND_FOLDER", str(home))
        return update(*arguments)

    monkeypatch.setattr(vocabulary, "bring_up_to_date", late)
    report = run(shows)
    assert (epoch_of(server).version, report.exit_code) == (2, 2)
    assert ["rebuilt meanwhile" in str(complaint) for complaint in report.complaints] == [True]
    before = epoch_of(server)
    vocabulary.make_epoch(cluster_of(server), 1, lambda: None)
    assert epoch_of(server) == before
