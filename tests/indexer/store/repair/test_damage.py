"""Damage to an index is noticed, never answered wrongly, and mended in place."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.damage.campaign import check
from support.damage.spoilt_index import CUE, answers, part, spoil
from support.front_ends.commands import ran
from support.library import ROOT, Tools, podseek, spaced, write_lines

import indexer
from indexer.core.errors import IndexProblem
from indexer.core.files.kept_folder import home_of
from indexer.core.words import pronunciation
from indexer.discovery.inbox import store_transcript
from indexer.store import manifest
from indexer.store.library import dropped_episodes
from indexer.store.library import feeds as store
from indexer.store.library import seen_moments as seen
from indexer.store.manifest import read_manifest
from indexer.store.segments.checksums import BLOCK, SUFFIX
from indexer.store.segments.segment import RUNS
from indexer.update import Report
from search import open_library

SEED = 20260328

# --- noticed -----------------------------------------------------------------------------------------------------


def run_campaign(made: tuple[Path, Path], *options: str) -> dict[str, float]:
    full_index, *others = made
    command = [
        sys.executable,
        str(ROOT / "tests" / "support" / "damage" / "campaign.py"),
        str(full_index),
        "--others",
        *map(str, others),
        *options,
    ]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    run = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    *wrong, counts = run.stdout.splitlines() or [run.stderr]
    assert (wrong, run.returncode, run.stderr) == ([], 0, "")
    said: dict[str, float] = json.loads(counts)
    return said


def test_no_damage_is_answered_wrongly_or_passes_the_check(made: tuple[Path, Path]) -> None:
    said = run_campaign(made, "--count", "200", "--seed", str(SEED))
    assert said["more_mb"] < 150


def test_damage_of_an_index_without_checksums_is_no_traceback_and_takes_no_memory(made: tuple[Path, Path]) -> None:
    said = run_campaign(made, "--count", "60", "--seed", str(SEED), "--old")
    assert said["more_mb"] < 150


def test_the_command_says_in_one_line_which_file_is_damaged_and_what_to_do(
    full_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each file damaged in turn; the first in processes, the rest in this one."""
    for name in (".trm", "_stored.col", ".toc", manifest.FILE):
        path = part(full_index, name)
        whole = path.read_bytes()
        spoil(path)
        for command in (["search", "水开了"], ["status", "--check"], ["index", str(full_index)]):
            typed = (*command, "--index", str(full_index))
            run = podseek(*typed) if name == ".trm" else ran(capsys, *typed)
            assert (run.code, run.err.count("\n"), "Traceback" in run.err) == (2, 1, False), (command, run.err)
            assert "podseek index --rebuild" in run.err
            assert path.name in run.err or name == ".toc"
        path.write_bytes(whole)


def test_a_block_is_checked_when_something_in_it_is_read(full_index: Path) -> None:
    """A search does not read whole files: what is wrong in a part that it has no use for does not stop it."""
    path = part(full_index, "text.col")
    spoil(path)
    with open_library(full_index) as library:
        assert library.episodes()
        with pytest.raises(IndexProblem, match=path.name):
            library.search("水开了")
    assert path.stat().st_size < BLOCK


def test_a_transcript_in_the_inbox_that_changed_is_told(full_index: Path, rebuild: Callable[..., Report]) -> None:
    path = store_transcript(home_of(full_index), CUE.format("收音机又有电池了").encode(), "again.srt")
    rebuild(path, rebuild=False)
    assert check(full_index) == []
    path.write_text(CUE.format("收音机又有电池呢"), "utf-8")
    (fault,) = check(full_index)
    assert "is not as it was when" in fault


def test_a_file_is_no_damaged_index(full_index: Path) -> None:
    assert read_manifest(full_index / manifest.FILE) is None


def test_an_index_of_somebody_else_is_no_damaged_one(full_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(manifest, "read_file", refuse)
    with pytest.raises(IndexProblem, match=r"cannot be read \(Permission denied\): ask its owner"):
        read_manifest(full_index)


def test_a_manifest_of_another_index_is_refused(made: tuple[Path, Path], full_index: Path) -> None:
    shutil.copy(made[1] / manifest.FILE, full_index / manifest.FILE)
    with pytest.raises(IndexProblem, match=r"podseek\.json: is of another index"):
        open_library(full_index)


def test_a_lost_table_of_contents_is_not_taken_for_a_new_index(
    full_index: Path, rebuild: Callable[..., Report]
) -> None:
    part(full_index, ".toc").unlink()
    with pytest.raises(IndexProblem, match="has no table of contents"):
        rebuild(rebuild=False)
    assert len(list(full_index.glob(f"*.{SUFFIX}"))) == 3


# --- mended ------------------------------------------------------------------------------------------------------

FILES = (
    *(
        ".toc",
        manifest.FILE,
        pronunciation.FILE,
        f".{SUFFIX}",
        ".trm",
        "_stored.col",
        "atoms.col",
        "stream.col",
        f".{RUNS}",
        "marks.col",
    ),
    *("times.col", "text.col", "sounds.col", "titles.col", "damped.col", store.FILE, seen.FILE),
)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("is_gone", [False, True], ids=["spoilt", "gone"])
def test_a_rebuild_mends_any_file_and_keeps_what_people_wrote(
    made: tuple[Path, Path], full_index: Path, rebuild: Callable[..., Report], name: str, is_gone: bool
) -> None:
    path = part(full_index, name)
    spoil(path)
    if is_gone:
        path.unlink()
    report = rebuild()
    assert not [complaint for complaint in report.complaints if complaint.fatal]
    assert (report.added + report.changed, report.failed) == (6, 0)
    assert check(full_index) == []
    assert answers(full_index) == answers(made[0])
    assert (full_index / "lexicon.toml").read_bytes() == (made[0] / "lexicon.toml").read_bytes()
    assert not (full_index / dropped_episodes.FILE).exists()


def test_where_not_even_paths_can_be_read_it_says_so_and_takes_those_that_are_named(
    made: tuple[Path, Path], full_index: Path, rebuild: Callable[..., Report]
) -> None:
    for name in (f".{SUFFIX}", "_stored.col"):
        path = part(full_index, name)
        path.write_bytes(bytes(path.stat().st_size))
    first = rebuild()
    (fatal,) = (str(complaint) for complaint in first.complaints if complaint.fatal)
    assert fatal.startswith(f"{full_index}: of 4 episodes not even the paths can be read")
    assert fatal.endswith("name the folders of all transcripts: `podseek index --rebuild PATH...`")
    assert (first.exit_code, check(full_index)) == (2, [])
    assert rebuild(made[0].parent / "shows").exit_code == 0
    assert answers(full_index) == answers(made[0])


def test_what_was_damaged_waits_for_its_transcript(
    tools: Tools, tmp_path: Path, full_index: Path, rebuild: Callable[..., Report]
) -> None:
    show = tmp_path.resolve() / "show"
    write_lines(show / "away.srt", spaced(["云雾里的茶园"]))
    tools.index([show], full_index)
    show.rename(tmp_path / "elsewhere")  # a disk that is not mounted
    for path in full_index.glob("*stream.col"):
        spoil(path)
    assert rebuild().failed == 1
    (fault,) = check(full_index)
    assert "show/away was damaged, and waits for its transcript" in fault
    (tmp_path / "elsewhere").rename(show)
    assert rebuild(rebuild=False).changed == 1
    assert check(full_index) == []
    with open_library(full_index) as library:
        assert [moment.episode.id for moment in library.search("云雾")] == ["show/away"]
    assert not (full_index / dropped_episodes.FILE).exists()


@pytest.mark.parametrize("is_gone", [False, True], ids=["spoilt", "gone"])
def test_a_damaged_signature_costs_no_episode_whose_transcript_is_away(
    tools: Tools,
    tmp_path: Path,
    full_index: Path,
    rebuild: Callable[..., Report],
    monkeypatch: pytest.MonkeyPatch,
    is_gone: bool,
) -> None:
    monkeypatch.setattr("indexer.store.seal.FEWEST", 1)
    show = tmp_path.resolve() / "show"
    write_lines(show / "away.srt", spaced(["云雾里的茶园"]))
    tools.index([show], full_index)
    show.rename(tmp_path / "elsewhere")  # a disk that is not mounted
    before = answers(full_index)
    signatures = list(full_index.glob(f"*.{RUNS}"))
    for path in signatures:
        spoil(path)
        if is_gone:
            path.unlink()
    assert answers(full_index) == before
    faults = check(full_index)
    assert len(faults) == len(signatures) > 1
    assert all("missing or damaged, so searches take longer" in fault for fault in faults)
    rebuild()
    assert check(full_index) == []
    assert answers(full_index) == before
    assert dropped_episodes.read_waiting(full_index) == {}


def test_what_waits_is_given_up_with_prune_or_forgotten(full_index: Path, rebuild: Callable[..., Report]) -> None:
    gone = {str(full_index / "gone.srt"): "inbox/gone", "/nowhere/gone.srt": "nowhere/gone"}
    dropped_episodes.write_waiting(full_index, gone)
    report = rebuild(rebuild=False)
    assert (report.missing, report.failed) == (1, 1)
    assert len(check(full_index)) == 2
    rebuild(rebuild=False, prune=True)
    assert dropped_episodes.read_waiting(full_index) == {"/nowhere/gone.srt": "nowhere/gone"}
    assert [episode.id for episode in indexer.forget(["nowhere/gone"], full_index)[0]] == ["nowhere/gone"]
    assert check(full_index) == []


def test_a_rebuild_that_is_killed_loses_no_names(
    full_index: Path, rebuild: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(part(full_index, "stream.col"))
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("indexer.update._write_jobs", _killed)
        rebuild()
    assert len(dropped_episodes.read_waiting(full_index)) == 4
    rebuild(rebuild=False)
    assert check(full_index) == []
    with open_library(full_index) as library:
        assert len(library.episodes()) == 6


def _killed(*_: object) -> None:
    raise KeyboardInterrupt
