"""An index of an older format is read, or rebuilt in its place; one of a newer format is left alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from support.damage.campaign import ask, check
from support.damage.damage import without_checksums
from support.damage.spoilt_index import answers, part, spoil
from support.library import podseek

from indexer.core.errors import IndexProblem
from indexer.core.files.sealed_json import sealed, unsealed
from indexer.store import manifest
from indexer.store.manifest import read_manifest
from indexer.update import Report
from search import open_library


def test_an_index_of_format_6_is_read_and_the_next_run_gives_it_checksums(
    made: tuple[Path, Path], full_index: Path, rebuild: Callable[..., Report]
) -> None:
    without_checksums(full_index)
    assert ask(full_index) == ask(full_index)
    assert answers(full_index) == answers(made[0])
    with open_library(full_index) as library:
        assert (library.check(), len(library.unchecked())) == ([], 3)
    run = podseek("status", "--check", "--index", full_index)
    assert run.code == 0
    assert "no checksums yet for MAIN_" in run.err
    assert "podseek index --rebuild" in run.err
    assert rebuild(rebuild=False).changed == 0
    with open_library(full_index) as library:
        assert (library.check(), library.unchecked()) == ([], [])
    known = read_manifest(full_index)
    assert known is not None
    assert known.format == 7
    spoil(part(full_index, "sounds.col"))
    assert len(check(full_index)) == 1


@pytest.mark.parametrize("number", [1, 5])
def test_an_older_format_is_made_anew_in_its_place(
    made: tuple[Path, Path], full_index: Path, rebuild: Callable[..., Report], number: int
) -> None:
    without_checksums(full_index)
    path = full_index / manifest.FILE
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "format": number, "lexicon": ["茶园"]}), "utf-8")
    for column in full_index.glob("*.marks.col"):  # its files may be others as well
        column.unlink()
    for action in (lambda: open_library(full_index), lambda: rebuild(rebuild=False)):
        with pytest.raises(IndexProblem, match=rf"format {number}, of an older podseek: `podseek index --rebuild`"):
            action()
    assert rebuild().changed == 6
    assert check(full_index) == []
    assert answers(full_index) == answers(made[0])
    known = read_manifest(full_index)
    assert known is not None
    assert (known.format, known.lexicon) == (7, ("茶园",))


def test_a_newer_format_says_what_to_do(full_index: Path, rebuild: Callable[..., Report]) -> None:
    path = full_index / manifest.FILE
    path.write_bytes(sealed({**unsealed(path.read_bytes())[0], "format": 8}))
    before = sorted((one.name, one.stat().st_mtime_ns) for one in full_index.iterdir())
    for action in (lambda: open_library(full_index), rebuild):
        with pytest.raises(IndexProblem, match="format 8, this podseek reads 6 to 7: upgrade podseek"):
            action()
    assert sorted((one.name, one.stat().st_mtime_ns) for one in full_index.iterdir()) == before
