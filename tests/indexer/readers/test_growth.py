"""Time grows with a file, not with its square, whatever is in it; memory stays within what `limits` says.

What is measured is the processor time of this process, and only against itself: what takes longer than five usual
files of its size is read again, large and small.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path

import pytest
from support.damage.growing import FORMATS, PIECES, STRUCTURES, WITHIN_LINES, repeated

from indexer.core.errors import PodseekProblem
from indexer.core.words.lexicon import read_lexicon
from indexer.metadata.chapters import read_chapters
from indexer.metadata.feeds.parse import parse_feed
from indexer.metadata.feeds.shownotes import find_stamps
from indexer.readers import read_bytes

SMALL, LARGE = 4_000, 32_000
"""Bytes of the two files that are compared."""
SCREEN = 8_000
"""Bytes of the file that is read first, of every piece."""
QUICK = 5
"""Times the usual that it may take without further looks."""
STEEPEST = 3.0
"""Times as long for each byte of the large file as for each of the small one, at most. Squares are eight."""


def seconds(read: Callable[[bytes], object], data: bytes, times: int = 3) -> float:
    """The shortest processor time of a few runs."""
    return min(_once(read, data) for _ in range(times))


def _once(read: Callable[[bytes], object], data: bytes) -> float:
    begin = time.process_time()
    read(data)
    return time.process_time() - begin


@lru_cache(1)
def usual() -> float:
    """What a file of `SCREEN` bytes takes here in which each cue is a little odd."""
    cue = "{0}\n00:00:{1:02},00 --> 00:00:{1:02},9\n<i>海底的光</i>\n\n"
    data = "".join(cue.format(number, number % 60) for number in range(SCREEN // 55)).encode()
    return seconds(read_transcript, data, 5)


def read_transcript(data: bytes) -> object:
    return read_bytes("a", data)


def is_linear(read: Callable[[bytes], object], make: Callable[[int], bytes]) -> bool:
    """True where a large file takes about as much for each byte as a small one, or hardly anything."""
    screened = _once(read, make(SCREEN))
    if screened <= QUICK * usual() or screened <= 2 * SCREEN / SMALL * seconds(read, make(SMALL), 2):
        return True
    small, large = (seconds(read, make(size)) for size in (SMALL, LARGE))
    return large <= STEEPEST * LARGE / SMALL * small


@pytest.mark.parametrize("name", FORMATS)
def test_no_piece_however_often_takes_more_than_linear_time(name: str) -> None:
    # A line that ends within a time or a tag is a line as any other.
    pieces = [piece for piece in PIECES if name not in WITHIN_LINES or "\n" not in piece]
    assert [piece for piece in pieces if not is_linear(read_transcript, partial(repeated, name, piece))] == []


@pytest.mark.parametrize("name", STRUCTURES)
def test_no_structure_takes_more_than_linear_time(name: str) -> None:
    def make(size: int) -> bytes:
        made = STRUCTURES[name](size)
        return made if isinstance(made, bytes) else made.encode("utf-8", "replace")

    assert is_linear(read_transcript, make)


HUNGRY = {
    "lines": ("1\n00:00:01,000 --> 00:00:02,000\n", "a\n", 900_000),
    "cues": ("", "00:00:01,000 --> 00:00:02,000\n", 60_000),
    "one line": ("1\n00:00:01,000 --> 00:00:02,000\n", "一", 10_000_000),
    "an open quote": ('start,end,text\n0:01,0:02,"a\n', "no times here\n", 60_000),
    "cells": ("start,end,text\n0:01,0:02,a", ",ab", 3_900_000),
    "objects": ('[{"start": 1, "text": "a"}', ",{}", 1_400_000),
    "times of words": ("WEBVTT\n\n00:01.000 --> 00:02.000\n", "<00:01.000>a", 100_000),
}
"""What takes the most memory that was found: a beginning, a piece, and how often it comes."""

READ = """
import resource, sys
from indexer.readers import READERS, read_bytes
from indexer.readers.shared.limits import BYTES_A_BYTE, BYTES_BESIDE
before, piece, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
data = (before + piece * times).encode()
with open("/proc/self/statm") as file:
    now = int(file.read().split()[0]) * resource.getpagesize()
limit = now + BYTES_A_BYTE * len(data) + BYTES_BESIDE
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
read_bytes("a", data)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is limited on Linux only")
@pytest.mark.parametrize("name", HUNGRY)
def test_memory_stays_within_the_stated_bound(name: str) -> None:
    before, piece, times = HUNGRY[name]
    command = [sys.executable, "-c", READ, before, piece, str(times)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def _feed(data: bytes) -> object:
    head, tail = b"<rss version='2.0'><channel><title>a</title><item><title>b</title>", b"</item></channel></rss>"
    return _or_refused(lambda: parse_feed(head + b"<description>" + data + b"</description>" + tail, "a"))


def _feed_items(data: bytes) -> object:
    return _or_refused(lambda: parse_feed(b"<rss version='2.0'><channel><title>a</title>" + data, "a"))


def _shownotes(data: bytes) -> object:
    return find_stamps(data.decode("utf-8", "replace"))


def _or_refused(read: Callable[[], object]) -> object:
    try:
        return read()
    except (PodseekProblem, ValueError) as problem:
        return problem


def _of_file(name: str, read: Callable[[Path], object], folder: Path) -> Callable[[bytes], object]:
    """Reads bytes as a file of this name."""

    def from_file(data: bytes) -> object:
        path = folder / name
        path.write_bytes(data)
        return _or_refused(lambda: read(path))

    return from_file


ABOUT = {"feed": _feed, "items of a feed": _feed_items, "shownotes": _shownotes}
FILES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "lexicon.txt": ("lexicon.txt", read_lexicon),
    "lexicon.toml": ("lexicon.toml", read_lexicon),
    "chapters": ("a.chapters.json", read_chapters),
}
ITEMS = ["<item><title>a</title></item>", "<item>", "<a:b>", '"], ["', '["a", "b"],', "\n[heard]\na = ['b']\n", "a = ["]


@pytest.mark.parametrize("name", [*ABOUT, *FILES])
def test_feeds_lexicons_and_chapters_take_linear_time(name: str, tmp_path: Path) -> None:
    read = ABOUT.get(name) or _of_file(*FILES[name], tmp_path)
    pieces = [*PIECES, *ITEMS]
    starts = {"lexicon.toml": "words = [", "chapters": '{"version": "1.2.0", "chapters": ['}

    def make(piece: str, size: int) -> bytes:
        whole = starts.get(name, "") + piece * max(1, size // len(piece.encode("utf-8", "replace")))
        return whole.encode("utf-8", "replace")

    assert [piece for piece in pieces if not is_linear(read, partial(make, piece))] == []
