"""A file of an index that cannot be read: one line with what is wrong and what to do, without the words of Python."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.core.errors import IndexProblem
from indexer.core.files.sealed_json import sealed
from indexer.store import manifest
from indexer.store.library import dropped_episodes, feeds, recognition_failures, seen_moments
from indexer.store.library import sources as library_sources

READERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "feeds": (feeds.FILE, feeds.read_store),
    "watch": (seen_moments.FILE, seen_moments.read_known),
    "waiting": (dropped_episodes.FILE, dropped_episodes.read_waiting),
    "sources": (library_sources.FILE, library_sources.read_sources),
    "queue": (recognition_failures.FILE, recognition_failures.read_failures),
    "manifest": (manifest.FILE, manifest.read_manifest),
}
DAMAGED = (
    *("", "[]", "{", "{}", "[" * 100_000, "\0", '{"version": 2}', '{"version": null, "feeds": 3, "queries": 1}'),
    '{"version": 1, "feeds": {"a": []}, "queries": {"a": {"b": 1}}, "episodes": 1}',
)
OF_PYTHON = (
    "Expecting",
    "object is not",
    "Errno",
    "maximum recursion",
    "codec",
    "subscript",
    "KeyError",
    "has no attribute",
)

every = pytest.mark.parametrize("name", READERS)


def problem_of(read: Callable[[Path], object], folder: Path) -> str:
    with pytest.raises(IndexProblem) as problem:
        read(folder)
    return str(problem.value)


@every
def test_damage_is_told_in_our_words(tmp_path: Path, name: str) -> None:
    file, read = READERS[name]
    for content in (*(text.encode() for text in DAMAGED), b"\xff\xfe", sealed({"version": [1], "format": "x"})):
        (tmp_path / file).write_bytes(content)
        line = problem_of(read, tmp_path)
        assert line.startswith(f"{tmp_path / file}: cannot be read (")
        assert not any(word in line for word in OF_PYTHON), line
        assert "\n" not in line


@every
def test_a_file_of_another_user_is_told_as_one(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file, read = READERS[name]
    path = tmp_path / file
    path.write_bytes(b"{}")

    def refused(*_: object, **__: object) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refused)
    monkeypatch.setattr(manifest, "read_file", refused)
    assert problem_of(read, tmp_path) == (
        f"{path}: cannot be read (Permission denied): ask its owner to let you, or name another index with --index"
    )


@pytest.mark.parametrize("name", ["feeds", "watch", "waiting", "sources", "queue"])
def test_a_file_of_a_later_version_says_so(tmp_path: Path, name: str) -> None:
    file, read = READERS[name]
    (tmp_path / file).write_bytes(sealed({"version": 9}))
    assert "(it has version 9, of a later podseek)" in problem_of(read, tmp_path)
