"""Memory of an indexing run into a library that is far larger than what it reads.

    python bench/run_memory.py --records 4907 97341 [--files 100]

For each number of records: makes a library of so many episodes, which are nothing but their records, and so many files
that are as those records say; indexes them, which reads the records and finds the files unchanged. Prints the peak of
the process beyond that of a run into an empty library without files.

Fair: the run is that of a worker (`indexer.update.index_paths`), with records as large as those of real episodes (two
voices, three chapters). Unfair: no cluster; what a page of records takes in the client is not in it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from shared.processes import peak_of

from indexer.core.types import Chapter, Complaint, Episode, Facts
from indexer.metadata.filename import facts_from_name
from indexer.store.fields.record import to_record
from indexer.store.manifest import Manifest, read_manifest, write_manifest
from indexer.store.target import ToRead
from indexer.update import index_paths


class Records:
    """A library that is its records, of files in a folder (`indexer.store.target.EpisodeWriter`)."""

    is_sealed = True

    def __init__(self, folder: Path, shows: Path, count: int) -> None:
        self.folder = folder
        self.complaints: list[Complaint] = []
        self._shows = shows
        self._count = count

    def records(self) -> Iterator[dict[str, Any]]:
        manifest = read_manifest(self.folder)
        made = manifest.fingerprint if manifest else ""
        for number in range(self._count):
            path = self._shows / f"{number:08}.srt"
            state = path.stat() if path.exists() else None
            path = path if state else Path("/elsewhere/a show") / path.name
            size, modified = (state.st_size, state.st_mtime_ns) if state else (1, 1)
            voices = ("第一位讲者", "第二位讲者")
            chapters = tuple(Chapter(60.0 * at, f"第 {at} 章：没有两章同名 {number}") for at in range(3))
            facts = Facts(show="一个节目的名字", title=f"第 {number} 集：有一个普通长度的标题", chapters=chapters)
            digest = f"{number:064x}"
            one = Episode(f"{number:08}", str(path), facts, 1800.0, 1000, 9000, 9000, digest, size, modified, voices)
            yield to_record(one, made, facts_from_name(path))

    def batch(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def close(self) -> None:
        pass


class Library:
    """A library elsewhere (`indexer.store.target.Target`)."""

    agrees = True
    preview: list[ToRead] | None = None

    def __init__(self, home: Path, shows: Path, count: int) -> None:
        self.home = self.copies = home
        self.writer = Records(home, shows, count)

    def agreed(self, manifest: Manifest, files: Sequence[str]) -> Manifest:
        write_manifest(self.home, manifest)
        return manifest

    def has(self, episode_id: str) -> bool:
        return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs="+", required=True)
    parser.add_argument("--files", type=int, default=100)
    arguments = parser.parse_args()
    with TemporaryDirectory() as place:
        shows = Path(place) / "shows"
        shows.mkdir()
        (Path(place) / "home").mkdir()
        for number in range(arguments.files):
            (shows / f"{number:08}.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\n一\n", "utf-8")
        nothing = min(peak(shows / "none", Path(place), 0) for _ in range(2))  # the first makes the manifest
        for count in arguments.records:
            print(f"{count:,} records, {arguments.files:,} files: {peak(shows, Path(place), count) - nothing:.1f} MB")


def peak(shows: Path, place: Path, count: int) -> float:
    """Megabytes at most of a process that runs."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(ran, shows, place / "home", count).result()


def ran(shows: Path, home: Path, count: int) -> float:
    index_paths([shows] if shows.exists() else [], into=Library(home, shows, count))
    return peak_of("self")


if __name__ == "__main__":
    main()
