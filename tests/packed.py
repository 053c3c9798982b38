"""Plain helpers of the tests of where transcripts lie: write them, pack them, index them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from library import Tools

import search
from indexer import index_paths
from indexer.build import Report


def cues(*texts: str) -> str:
    lines = (f"{n + 1}\n00:00:{n:02},000 --> 00:00:{n + 1:02},000\n{text}\n" for n, text in enumerate(texts))
    return "\n".join(lines)


def zipped(path: Path, members: Mapping[str, str | bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def indexed(tools: Tools, folder: Path, *paths: Path, prune: bool = False) -> Report:
    with tools.loaded():
        return index_paths(paths, folder / "index", jobs=1, prune=prune)


def titles(folder: Path) -> list[str]:
    with search.open_library(folder / "index") as library:
        return sorted(episode.title for episode in library.episodes())
