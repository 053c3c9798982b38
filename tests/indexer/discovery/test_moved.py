"""Transcripts that are renamed or moved keep their episodes; copies are episodes of their own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.nodes.cluster_runs import epoch_of
from support.nodes.cluster_runs import run as run_cluster
from support.nodes.stand_in import StandIn
from support.transcripts.shows import WriteSrt, counts, ids, records, run

import search
from indexer.dry_run import indexed_files

pytestmark = pytest.mark.usefixtures("loaded_tools")


def moved(file: Path, to: Path) -> dict[str, str]:
    to.parent.mkdir(parents=True, exist_ok=True)
    file.rename(to)
    return {str(file): str(to)}


@pytest.mark.parametrize("prune", [False, True])
@pytest.mark.parametrize("to", ["tea/three.srt", "rain/three.srt", "coffee/2025/one.srt"])
def test_a_renamed_or_moved_file_keeps_its_episode(shows: Path, index: Path, to: str, prune: bool) -> None:
    run(index, shows)
    told = moved(shows / "tea" / "one.srt", shows / to)
    report = run(index, shows, prune=prune)
    assert counts(report) == {"changed": 1, "unchanged": 3}
    assert report.moved == told
    assert ids(index) == {"tea/one", "tea/two", "rain/one", "rain/two"}
    record = records(index)[str(shows / to)]
    assert (record["id"], record["facts"]["title"]) == ("tea/one", Path(to).stem)
    with search.open_library(index) as library:
        assert [moment.episode.path for moment in library.search("慢慢喝")] == [str(shows / to)]
    again = run(index, shows)
    assert (counts(again), again.moved) == ({"unchanged": 4}, {})


def test_a_show_moved_out_of_the_places_of_the_run_is_followed(shows: Path, index: Path, tmp_path: Path) -> None:
    run(index, shows)
    shutil.move(shows, tmp_path / "elsewhere")
    assert counts(run(index, tmp_path / "elsewhere")) == {"changed": 4}
    assert ids(index) == {"tea/one", "tea/two", "rain/one", "rain/two"}


def test_a_copy_is_an_episode_of_its_own(shows: Path, index: Path) -> None:
    run(index, shows)
    shutil.copy(shows / "tea" / "one.srt", shows / "rain" / "three.srt")
    report = run(index, shows)
    assert (counts(report), report.moved) == ({"added": 1, "unchanged": 4}, {})
    (shows / "tea" / "one.srt").unlink()  # the copy was there before: nothing shows which of them it was
    assert counts(run(index, shows)) == {"unchanged": 4, "missing": 1}


def test_a_file_with_other_words_of_the_same_length_was_not_moved(
    shows: Path, index: Path, write_srt: WriteSrt
) -> None:
    run(index, shows)
    (shows / "rain" / "one.srt").unlink()
    write_srt(shows / "rain" / "three.srt", "窗外下着大雨")
    report = run(index, shows)
    assert (counts(report), report.moved) == ({"added": 1, "unchanged": 3, "missing": 1}, {})


def test_files_of_one_content_are_told_apart_by_their_names(shows: Path, index: Path) -> None:
    for name in ("a", "b", "c"):
        shutil.copy(shows / "tea" / "one.srt", shows / "tea" / f"{name}.srt")
    run(index, shows / "tea")
    told = {}
    for name in ("c", "b"):
        told |= moved(shows / "tea" / f"{name}.srt", shows / "new" / f"{name}.srt")
    assert run(index, shows / "tea", shows / "new").moved == told


def test_a_file_named_alone_is_followed_as_well(shows: Path, index: Path) -> None:
    run(index, shows)
    told = moved(shows / "tea" / "one.srt", shows / "tea" / "eins.srt")
    assert run(index, shows / "tea" / "eins.srt").moved == told


def test_a_moved_file_keeps_its_episode_in_a_cluster(server: StandIn, shows: Path) -> None:
    run_cluster(shows)
    told = moved(shows / "tea" / "one.srt", shows / "tea" / "eins.srt")
    reports = [run_cluster(shows, part=(part, 2)) for part in (1, 2)]
    assert [report.moved for report in reports if report.changed] == [told]
    assert sum(report.changed for report in reports) == 1
    assert epoch_of(server).episodes == 4
    assert counts(run_cluster(shows)) == {"unchanged": 4}


def test_a_preview_of_pruning_leaves_out_what_was_moved(shows: Path, index: Path) -> None:
    run(index, shows)
    moved(shows / "tea" / "one.srt", shows / "tea" / "eins.srt")
    (shows / "rain" / "one.srt").unlink()
    files = indexed_files(index, [shows])
    assert files.gone == [shows / "rain" / "one.srt"]
    assert sorted(files.there) == [shows / "rain" / "two.srt", shows / "tea" / "two.srt"]
