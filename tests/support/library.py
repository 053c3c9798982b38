"""Plain helpers of the tests of searching: make an index from texts, run the real command, scan by brute force."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import srt

import indexer
import search
from indexer import workers
from indexer.core.files.atomic_write import write_whole
from indexer.core.positions.tokens import split_atoms
from indexer.core.text.folding import Folding
from indexer.core.words.pronunciation import FILE as READINGS
from indexer.core.words.pronunciation import Readings, write_readings
from indexer.readers import read_bytes
from indexer.runs import compatibility
from indexer.segmentation.segmenter import Segmenter
from indexer.store import manifest

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "corpus"

PATIENCE = 300.0
"""Seconds until a test gives up on a hanging process; far more than any needs on the slowest machine."""

MEMORY = next((path for path in ("/dev/shm",) if os.access(path, os.W_OK)), None)
"""Where tiny indexes that live as long as an example are made: a folder in memory, if there is one."""

Line = tuple[float, float, str]
"""A cue as the tests write it: start, end, text."""


@dataclass(frozen=True)
class Tools:
    """The dictionaries of the test run, and its cache folder."""

    folding: Folding
    readings: Readings
    segmenter: Segmenter
    cache: Path

    @contextmanager
    def loaded(self) -> Iterator[None]:
        """Makes indexing in this process use these dictionaries instead of loading them each time."""

        def make(lexicon: Sequence[str], cache: Path) -> Segmenter:
            return Segmenter(lexicon, self.cache / "podseek") if lexicon else self.segmenter

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(workers, "Segmenter", make)
            patch.setattr(compatibility, "opencc_table", lambda: self.folding.table)
            patch.setattr(compatibility, "pypinyin_readings", lambda *_: self.readings)
            patch.setattr(compatibility, "write_readings", _write_readings)
            for module in (manifest, compatibility):
                patch.setattr(module, "installed_packages", _packages)
            yield

    def index_copies(self, folder: Path) -> Path:
        """Indexes copies of the sample transcripts, without their lexicon and facts; both copies and index are new in
        `folder`, so a test may change them. Returns the index."""
        show = folder / "show"
        show.mkdir()
        for path in sorted(CORPUS.glob("*.srt")):
            shutil.copy(path, show)
        return self.index([show], folder / "index")

    def index(self, paths: Iterable[Path], folder: Path) -> Path:
        """Indexes the paths into a folder and returns it."""
        with self.loaded():
            report = indexer.index_paths(paths, folder, jobs=1)
        assert report.exit_code == 0, report.complaints
        return folder

    @contextmanager
    def library(self, episodes: Mapping[str, Sequence[Line]]) -> Iterator[search.Library]:
        """A library of the named episodes, in a folder that is removed afterwards. Ids are `show/<name>`."""
        with TemporaryDirectory(dir=MEMORY) as folder:
            show = Path(folder, "show")
            for name, lines in episodes.items():
                write_lines(show / f"{name}.srt", lines)
            with search.open_library(self.index([show], Path(folder, "index"))) as library:
                yield library


def _write_readings(folder: Path, readings: Readings) -> str:
    """`write_readings`, cached for the test run: encoding readings took a fifth of making a tiny index."""
    data, digest = _encoded(readings)
    write_whole(folder / READINGS, data)
    return digest


_packages = lru_cache(1)(manifest.installed_packages)
"""Reading the versions took a twentieth of making a tiny index."""


@lru_cache(1)
def _encoded(readings: Readings) -> tuple[bytes, str]:
    with TemporaryDirectory() as folder:
        digest = write_readings(Path(folder), readings)
        return Path(folder, READINGS).read_bytes(), digest


def write_lines(path: Path, lines: Iterable[Line]) -> Path:
    """Writes the lines as an SRT file, in the given order, and makes its folder."""
    cues = [
        srt.Subtitle(number, timedelta(seconds=start), timedelta(seconds=end), text)
        for number, (start, end, text) in enumerate(lines, 1)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_at_once(path, srt.compose(cues, reindex=False))


def write_at_once(path: Path, text: str) -> Path:
    """Writes a file atomically, so that a watcher of its folder never sees part of it, however slow this process is."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, "utf-8")
    return part.replace(path)


def spaced(texts: Iterable[str], step: float = 4.0) -> list[Line]:
    """The texts as lines of `step` seconds, one right after the other."""
    return [(number * step, (number + 1) * step, text) for number, text in enumerate(texts)]


def unlike(number: int) -> str:
    """A line of 20 characters, none of which is in that of another number: without it, episodes with the same words are
    taken for one recording."""
    return "".join(map(chr, range(0x5000 + 20 * number, 0x5014 + 20 * number)))


@dataclass(frozen=True)
class Run:
    """The result of a command."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def read_within(path: Path, seconds: int) -> None:
    """Reads a file as a transcript in a process that is killed after `seconds` of CPU time, which, unlike wall time,
    does not depend on the load of the machine. The process is a copy of this one: nothing is imported again."""
    reading = multiprocessing.get_context("fork").Process(target=_read_limited, args=(path, seconds))
    reading.start()
    reading.join(PATIENCE)
    reading.kill()
    reading.join()
    assert reading.exitcode == 0, f"it ended with {reading.exitcode}; {-signal.SIGXCPU} is more than {seconds} s"


def _read_limited(path: Path, seconds: int) -> None:
    import resource

    data = path.read_bytes()
    limit = int(time.process_time()) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    read_bytes("a", data)


def podseek(*arguments: object, index: Path | None = None, cwd: Path | None = None, **variables: str) -> Run:
    """Runs the real command. `index` is named by PODSEEK_INDEX; `variables` are added to the environment."""
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "PODSEEK_INDEX")}
    environment |= {"PYTHONIOENCODING": "utf-8", **({"PODSEEK_INDEX": str(index)} if index else {}), **variables}
    done = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *map(str, arguments)],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    return Run(done.returncode, done.stdout, done.stderr)


def atoms_of(texts: Iterable[str], folding: Folding) -> list[tuple[str, int]]:
    """Returns the atoms of an episode's cues, each with the index of its cue: the oracle of exact searches."""
    return [(atom, cue) for cue, text in enumerate(texts) for atom in split_atoms(folding.fold(text))]


def scan(atoms: Sequence[tuple[str, int]], wanted: Sequence[str]) -> list[int]:
    """Returns every position of a run of atoms, by brute force."""
    said = [atom for atom, _ in atoms]
    return [at for at in range(len(said) - len(wanted) + 1) if said[at : at + len(wanted)] == list(wanted)]


def subrip(*texts: str) -> str:
    """Returns a SubRip file with one cue per second."""
    lines = (f"{n + 1}\n00:00:{n:02},000 --> 00:00:{n + 1:02},000\n{text}\n" for n, text in enumerate(texts))
    return "\n".join(lines)


def indexed(tools: Tools, folder: Path, *paths: Path, prune: bool = False) -> indexer.Report:
    """A run over the paths into the folder `index` of `folder`, in this process."""
    with tools.loaded():
        return indexer.index_paths(paths, folder / "index", jobs=1, prune=prune)


def objects(run: Run) -> list[dict[str, Any]]:
    """The JSON lines that a command printed."""
    return [json.loads(line) for line in run.lines]
