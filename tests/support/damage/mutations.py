"""Mutates untrusted input: transcripts, feeds, lexicons, podcast.toml, chapters, the configuration.

    PYTHONPATH=.:tests python tests/support/damage/mutations.py --count 30000 --seed 7

Each file is read, or refused in one line, in linear time: what is raised is a problem for a person to read. Prints a
line for each that is not, then what it did as JSON, with the growth of memory in MB.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.core.configuration.settings_file import faults, read_file
from indexer.core.errors import PodseekProblem
from indexer.core.types import Transcript
from indexer.core.words.lexicon import read_lexicon
from indexer.metadata.chapters import read_chapters
from indexer.metadata.fact_finder import FactFinder
from indexer.metadata.feeds.parse import parse_feed
from indexer.readers import read_bytes
from support.damage.campaign import peak_mb
from support.damage.growing import PIECES
from support.transcripts.feeds import rss
from support.transcripts.written_formats import FORMATS, Make, sound

CASES = Path(__file__).resolve().parents[2] / "cases"
SLOW, A_KILOBYTE = 1.0, 0.002
"""Seconds of processor time that any file may take, and those for each kilobyte of it."""

SIDECAR = """\
show = "回声机房"
audio = "https://example.org/{stem}.mp3"
language = "zh"
speakers = ["林晚", "阿默"]
offset = 1.5
date = 2025-06-08
[episodes."a"]
title = "海底的光"
id = "a1"
chapters = [{ start = 0, title = "开场" }, { start = "1:30" }]
"""
LEXICON = """\
words = ["大模型", "强化学习"]
[[heard]]
right = "茶叶"
as = ["茶夜", "查夜"]
"""
CHAPTERS = json.dumps(
    {
        "version": "1.2.0",
        "chapters": [{"startTime": 0, "title": "开场"}, {"startTime": "1:30", "endTime": 99.5, "title": "光"}],
    }
)
CONFIG = """index = "~/index"\nlanguage = "zh"\n[search]\nlimit = 5\ntimeout = 3.5\n[libraries]\nwork = "/tmp/x"\n"""
FEED = rss(
    "<title>海底的光</title><guid>1</guid><pubDate>Sun, 08 Jun 2025 08:00:00 +0000</pubDate><itunes:duration>1:02:03"
    "</itunes:duration><enclosure url='https://example.org/1.mp3' type='audio/mpeg' length='9'/><podcast:transcript "
    "url='1.srt' type='application/srt' language='zh'/><podcast:chapters url='1.json' type='application/json'/>"
    "<podcast:person role='host'>林晚</podcast:person><podcast:soundbite startTime='3' duration='9'>光"
    "</podcast:soundbite><psc:chapters><psc:chapter start='00:01:02.5' title='海底'/></psc:chapters>"
    "<description><![CDATA[<p>00:00 开场</p><p>01:30 海底</p><p>02:10 光</p>]]></description>",
    "<title>第二集</title><pubDate>2025-06-09</pubDate><link>https://example.org/2</link>",
)


class Unsound(Exception):
    """What was read is not what any reader may return."""


def checked(transcript: Transcript) -> None:
    """Raises Unsound for a transcript with impossible times, marks or texts."""
    if not (transcript.cues or transcript.complaints):
        raise Unsound("neither cues nor complaints")
    for cue in transcript.cues:
        offsets, times = [offset for offset, _ in cue.marks], [time for _, time in cue.marks]
        cue.text.encode(), cue.speaker.encode()
        if not (0 <= cue.start <= cue.end < 1e9 and math.isfinite(cue.end)):
            raise Unsound(f"times {cue.start} to {cue.end}")
        if offsets != sorted(set(offsets)) or not all(0 <= offset < len(cue.text) for offset in offsets):
            raise Unsound(f"marks at {offsets}")
        if [cue.start, *times, cue.end] != sorted([cue.start, *times, cue.end]):
            raise Unsound(f"marks at the times {times}")
    for complaint in transcript.complaints:
        if "\n" in str(complaint) or complaint.line < 0 or not complaint.what:
            raise Unsound(f"a complaint is no line: {complaint}")


def _config(path: Path) -> None:
    list(faults(read_file(str(path))))


def _facts(path: Path) -> None:
    finder = FactFinder([])
    for name in ("a.srt", "b.srt"):
        finder.facts(path.parent / name)
    if any("\n" in str(complaint) for complaint in finder.complaints):
        raise Unsound("a complaint is no line")


FILES: Mapping[str, tuple[str, Callable[[Path], object]]] = {
    "podcast.toml": (SIDECAR, _facts),
    "lexicon.toml": (LEXICON, read_lexicon),
    "lexicon.txt": ("大模型\n强化学习\n# x\nKettle\n", read_lexicon),
    "a.chapters.json": (CHAPTERS, read_chapters),
    "config.toml": (CONFIG, _config),
}


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes after one to four accidents, in another encoding now and then."""
    if chance.random() < 0.1:
        text = data.decode("utf-8", "replace")
        data = text.encode(chance.choice(("utf-16", "utf-16-be", "gb18030", "big5", "utf-32", "latin-1")), "replace")
    for _ in range(chance.choice((1, 1, 2, 4))):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice((0, 1, 3, 20, 300)))
        piece = chance.choice(PIECES).encode("utf-8", "surrogatepass")
        new = chance.choice(
            (
                b"",
                piece,
                piece * chance.choice((2, 40, 3000)),
                data[at:end] * 2,
                chance.randbytes(chance.choice((1, 4))),
                bytes((chance.choice((0, 10, 13, 26, 27, 127, 255)),)),
                chance.choice(
                    (b"1e999", b"NaN", b"-1", b"9" * 500, b"null", b"[[[[", b'\\ud800"', b"inf", b"0x10", b"1_0")
                ),
                data[chance.randrange(len(data) + 1) :][:200],
            )
        )
        data = data[:at] + new + data[end:]
    return data[: chance.choice((None, None, None, chance.randrange(len(data) + 1)))]


def sources(folder: Path) -> Iterator[tuple[str, Callable[[random.Random], bytes], Callable[[bytes], object]]]:
    """What is mutated: a name, what makes it, and what reads it."""

    def transcript(data: bytes) -> None:
        checked(read_bytes("a", data))

    for make in FORMATS:
        yield sound(random.Random(0), make).kind, partial(_made, make), transcript
    cases = sorted(path for path in CASES.iterdir() if not path.name.endswith(".json"))
    yield "cases", lambda chance: chance.choice(cases).read_bytes(), transcript
    yield "feed", lambda _: FEED, lambda data: parse_feed(data, "feed.xml", "https://example.org/feed.xml")
    for name, (text, read) in FILES.items():

        def from_file(data: bytes, name: str = name, read: Callable[[Path], object] = read) -> None:
            (folder / name).write_bytes(data)
            try:
                read(folder / name)
            finally:
                (folder / name).unlink()

        yield name, partial(_written, text), from_file


def _written(text: str, _: random.Random) -> bytes:
    return text.encode()


def _made(make: Make, chance: random.Random) -> bytes:
    made = sound(chance, make)
    return (made.head + "".join(piece for cue in made.cues for piece, _ in cue) + made.tail).encode()


def campaign(count: int, seed: int) -> tuple[list[str], Counter[str]]:
    """Returns what is wrong, and counts of what was read."""
    chance = random.Random(seed)
    wrong: list[str] = []
    done: Counter[str] = Counter()
    with TemporaryDirectory() as folder:
        every = list(sources(Path(folder)))
        for number in range(count):
            name, make, read = every[number % len(every)]
            data = mutated(make(chance), chance)
            begin = time.process_time()
            problem = ""
            try:
                read(data)
            except PodseekProblem as refused:
                problem = f"not one line: {refused}" if "\n" in str(refused) else ""
            except ValueError as refused:  # what `read_chapters` documents
                is_ours = name == "a.chapters.json" and type(refused) is ValueError and "\n" not in str(refused)
                problem = "" if is_ours else f"{type(refused).__name__}: {refused} at {_place(refused)}"
            except Exception as error:
                problem = f"{type(error).__name__}: {error} at {_place(error)}"
            took = time.process_time() - begin
            if took > SLOW + A_KILOBYTE * len(data) / 1024:
                problem = problem or f"{took:.1f} s for {len(data):,} bytes"
            if problem:
                wrong.append(f"{number} {name}: {problem}")
            done[name] += 1
    return wrong, done


def _place(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(place.filename).name}:{place.lineno}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    campaign(100, 0)
    before = peak_mb()
    wrong, done = campaign(arguments.count, arguments.seed)
    for line in wrong:
        print(line.encode("utf-8", "backslashreplace").decode())
    print(json.dumps({"read": dict(done), "wrong": len(wrong), "more_mb": round(peak_mb() - before, 1)}))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
