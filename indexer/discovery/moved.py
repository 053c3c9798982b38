"""Transcripts that were renamed or moved: files that no episode was read from, with the content of one that is gone."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from indexer.core.files import sources
from indexer.core.types import Episode
from indexer.discovery.missing import is_missing


def find_moved(before: Iterable[tuple[str, Episode]], new: Iterable[Path]) -> dict[str, str]:
    """The new paths, by the old ones, of the transcripts of episodes that are gone and whose contents are in `new`
    files; `before` has the path of each. A copy, the original still being there, is not moved."""
    by_size = _by_size(new)
    gone: defaultdict[str, list[str]] = defaultdict(list)
    sizes = set()
    for path, episode in before:
        if episode.size in by_size and is_missing(Path(path)):
            gone[episode.digest].append(path)
            sizes.add(episode.size)
    moved: dict[str, str] = {}
    for file in (file for size in sorted(sizes) for file in by_size[size]):
        if old := gone.get(_digest(file)):
            # Of several with one content, the one of the same name; else the first of both.
            old.sort(key=lambda path: (Path(path).name != file.name, path))
            moved[old.pop(0)] = str(file)
    return moved


def _by_size(files: Iterable[Path]) -> Mapping[int, list[Path]]:
    found: defaultdict[int, list[Path]] = defaultdict(list)
    for file in sorted(files):
        try:
            found[sources.state(file).size].append(file)
        except OSError:  # reading it tells
            continue
    return found


def _digest(file: Path) -> str:
    """The digest of a file, as an episode stores it; empty if the file cannot be read."""
    try:
        return hashlib.sha256(sources.read(file, sources.LARGEST_FILE + 1)).hexdigest()
    except OSError:
        return ""
