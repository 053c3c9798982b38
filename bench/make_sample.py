"""Makes the sample corpus from its marked-up scripts, or checks with --check that all of it is in order.

    python bench/make_sample.py            writes corpus/*.srt, corpus/podcast.toml, corpus/judgements.tsv
    python bench/make_sample.py --check    writes nothing; one line per problem, exit status 1 if there is any

A script (corpus/scripts/NN-slug.txt) is two header lines, `# title: ...` and `# date: ...`, then one cue a
line. `{right|heard}` marks what was said and what the recogniser wrote, a final `/` a pause. Beside it,
NN-slug.queries.tsv holds queries (kind, query, anchor): an anchor is the text, as said, at which the moment
begins that the query should find. Everything is made the same way each time; the timing is seeded by the file name.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import opencc
import srt

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
SCRIPTS = CORPUS / "scripts"

SHOW = "回声机房"
SPEAKERS = ("林晚", "老周")
SITE = "https://example.org/echo-room"
LANGUAGE = "zh"
TRADITIONAL = {"08-navigation": "zh-TW"}
WINDOWS = {"13-languages"}
"""Episodes with a byte order mark and CRLF line ends."""
OFFSETS = {"05-speech-recognition": 12.5}
"""Seconds to add to the transcript's times: an advert was put before the recording."""

PACE = (3.8, 5.2)
"""Characters a second; a Latin word or a number takes as long as LATIN characters."""
LATIN = 2
SHORTEST, LONGEST = 1.0, 6.0
PAUSE = (0.3, 1.6)
OVERLAPS = 0.04
"""The share of cues that begin 1 ms before the one before has ended."""

KINDS = {"topic", "question", "quote", "phrase", "name", "number", "misheard"}
LEAST_CUES = 120
LEAST_NOTHING = 10
ERRORS = range(18, 27)
CUE_LENGTH = range(3, 27)
ANCHOR_LENGTH = range(5, 21)

_MARK = re.compile(r"\{([^{|}]+)\|([^{|}]+)\}")
_HAN = r"[\u3400-\u9fff]"
_WORD = r"[A-Za-z0-9π][A-Za-z0-9π.+#@%/-]*"
_UNIT = re.compile(rf"{_HAN}|{_WORD}")
_CUE = re.compile(rf"(?:{_HAN}|{_WORD}(?: (?=[A-Za-z0-9]))?)+")
_ATOM = re.compile(rf"{_HAN}|\d+(?:\.\d+)?|[^\W\d_\u3400-\u9fff]+(?:\+\+|#)?")
_HEADER = (re.compile(r"# title: (\S.*)"), re.compile(r"# date: (\d{4}-\d\d-\d\d)"))


@dataclass(frozen=True, slots=True)
class Line:
    """One cue of a script: its markup as written, and whether a pause follows it."""

    marked: str
    pause: bool

    @property
    def right(self) -> str:
        return _MARK.sub(r"\1", self.marked)

    @property
    def heard(self) -> str:
        return _MARK.sub(r"\2", self.marked)


@dataclass(frozen=True, slots=True)
class Query:
    kind: str
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Script:
    """One episode as written: `stem` is its file name without the suffix."""

    stem: str
    title: str
    date: str
    lines: tuple[Line, ...]
    queries: tuple[Query, ...]

    @property
    def right(self) -> str:
        return "".join(line.right for line in self.lines)

    @property
    def heard(self) -> str:
        return "".join(line.heard for line in self.lines)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(right, heard) of each recogniser error."""
        return [(right, heard) for line in self.lines for right, heard in _MARK.findall(line.marked)]


class ScriptProblem(Exception):
    """A script cannot be read; the message names the file."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="verify the scripts and the files made of them")
    check = parser.parse_args().check
    try:
        scripts, nothing = read_scripts(), read_nothing()
        problems = list(script_problems(scripts, nothing)) if check else []
        files = {} if problems else make_files(scripts, nothing)
    except ScriptProblem as error:
        print(error, file=sys.stderr)
        return 1
    if check:
        problems += file_problems(files)
        for problem in problems:
            print(problem, file=sys.stderr)
        return 1 if problems else 0
    for path, content in files.items():
        path.write_bytes(content)
    return 0


# Reading


def read_scripts() -> list[Script]:
    return [read_script(path) for path in sorted(SCRIPTS.glob("*.txt"))]


def read_script(path: Path) -> Script:
    written = path.read_text("utf-8").splitlines()
    header = [pattern.fullmatch(line) for pattern, line in zip(_HEADER, written, strict=False)]
    if len(header) != len(_HEADER) or not all(header):
        raise ScriptProblem(f"{path.name}: the first two lines are not `# title: ...` and `# date: YYYY-MM-DD`")
    title, day = (match[1] for match in header if match)
    lines = tuple(Line(line.removesuffix("/"), line.endswith("/")) for line in written[len(_HEADER) :])
    queries = tuple(Query(*row) for row in read_table(SCRIPTS / f"{path.stem}.queries.tsv", 3))
    return Script(path.stem, title, day, lines, queries)


def read_nothing() -> list[str]:
    """The queries that should find nothing."""
    return [query for query, _ in read_table(SCRIPTS / "nothing.tsv", 2)]


def read_table(path: Path, columns: int) -> list[list[str]]:
    if not path.is_file():
        raise ScriptProblem(f"{path.name}: missing")
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    for number, row in enumerate(rows, 1):
        if len(row) != columns:
            raise ScriptProblem(f"{path.name}:{number}: {len(row)} columns instead of {columns}")
    return rows


# Making


def make_files(scripts: list[Script], nothing: list[str]) -> dict[Path, bytes]:
    """Every generated file with its content."""
    times = {script.stem: time_lines(script) for script in scripts}
    files = {CORPUS / f"{script.stem}.srt": make_transcript(script, times[script.stem]) for script in scripts}
    files[CORPUS / "podcast.toml"] = make_sidecar(scripts).encode()
    files[CORPUS / "judgements.tsv"] = make_judgements(scripts, times, nothing).encode()
    return files


def time_lines(script: Script) -> list[tuple[int, int]]:
    """Start and end of each cue in milliseconds."""
    chance = random.Random(script.stem)
    times: list[tuple[int, int]] = []
    start = 0
    for line in script.lines:
        end = start + milliseconds(length(line.heard) / chance.uniform(*PACE))
        times.append((start, end))
        start = end
        if line.pause:
            start += round(chance.uniform(*PAUSE) * 1000)
        elif chance.random() < OVERLAPS:
            start -= 1
    return times


def milliseconds(seconds: float) -> int:
    return round(min(max(seconds, SHORTEST), LONGEST) * 1000)


def length(text: str) -> int:
    """How long a text takes to say, in Chinese characters.

    >>> length("2017年Google的八位作者")
    10
    """
    return sum(1 if re.fullmatch(_HAN, unit) else LATIN for unit in _UNIT.findall(text))


def make_transcript(script: Script, times: list[tuple[int, int]]) -> bytes:
    texts = [line.heard for line in script.lines]
    if script.stem in TRADITIONAL:
        texts = to_traditional(texts)
    cues = (
        srt.Subtitle(number, timedelta(milliseconds=start), timedelta(milliseconds=end), text)
        for number, ((start, end), text) in enumerate(zip(times, texts, strict=True), 1)
    )
    windows = script.stem in WINDOWS
    text: str = srt.compose(cues, reindex=False, eol="\r\n" if windows else "\n")
    return text.encode("utf-8-sig" if windows else "utf-8")


def to_traditional(texts: list[str]) -> list[str]:
    """The cues in Traditional characters, converted as one text: many words cross a border."""
    converted = opencc.OpenCC("s2tw").convert("".join(texts))
    if len(converted) != sum(map(len, texts)):
        raise ScriptProblem("opencc: s2tw changed the length of the text, so it cannot be cut into cues again")
    characters = iter(converted)
    return ["".join(next(characters) for _ in text) for text in texts]


def make_sidecar(scripts: list[Script]) -> str:
    speakers = ", ".join(quoted(name) for name in SPEAKERS)
    lines = [
        "# Made by bench/make_sample.py; the titles and dates stand in scripts/.",
        f"show = {quoted(SHOW)}",
        f"language = {quoted(LANGUAGE)}",
        f"speakers = [{speakers}]",
        f"audio = {quoted(SITE + '/audio/{stem}.mp3')}",
        f"link = {quoted(SITE + '/{stem}')}",
    ]
    for script in scripts:
        lines += ["", f"[episodes.{quoted(script.stem)}]", f"title = {quoted(script.title)}", f"date = {script.date}"]
        if script.stem in TRADITIONAL:
            lines.append(f"language = {quoted(TRADITIONAL[script.stem])}")
        if script.stem in OFFSETS:
            lines.append(f"offset = {OFFSETS[script.stem]}")
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A TOML string; --check refuses titles with quotes or backslashes."""
    return f'"{text}"'


def make_judgements(scripts: list[Script], times: dict[str, list[tuple[int, int]]], nothing: list[str]) -> str:
    rows = ["kind\tquery\tepisode\tstart\tend\tanchor"]
    for script in scripts:
        for query in script.queries:
            start, end = moment(script, times[script.stem], query.anchor)
            rows.append(f"{query.kind}\t{query.text}\t{script.stem}\t{start:.3f}\t{end:.3f}\t{query.anchor}")
    rows += [f"nothing\t{query}\t\t\t\t" for query in nothing]
    return "\n".join(rows) + "\n"


def moment(script: Script, times: list[tuple[int, int]], anchor: str) -> tuple[float, float]:
    """The seconds from the start of the cue in which the anchor begins to the end of the one in which it ends."""
    position = script.right.find(anchor)
    if position < 0:
        raise ScriptProblem(f"{script.stem}.queries.tsv: anchor `{anchor}` does not occur")
    cue_of = [number for number, line in enumerate(script.lines) for _ in line.right]
    first, last = cue_of[position], cue_of[position + len(anchor) - 1]
    offset = OFFSETS.get(script.stem, 0.0)
    return times[first][0] / 1000 + offset, times[last][1] / 1000 + offset


# Checking


def script_problems(scripts: list[Script], nothing: list[str]) -> Iterator[str]:
    for script in scripts:
        yield from episode_problems(script)
        yield from markup_problems(script)
        for query in script.queries:
            yield from (f"{script.stem}.queries.tsv: {problem}" for problem in query_problems(script, query))
    yield from nothing_problems(scripts, nothing)


def episode_problems(script: Script) -> Iterator[str]:
    place = f"{script.stem}.txt"
    if re.search(r'["\\]', script.title):
        yield f"{place}:1: the title has a quote or a backslash"
    try:
        date.fromisoformat(script.date)
    except ValueError:
        yield f"{place}:2: {script.date} is not a date"
    if len(script.lines) < LEAST_CUES:
        yield f"{place}: {len(script.lines)} cues, at least {LEAST_CUES} wanted"
    if len(script.errors) not in ERRORS:
        yield f"{place}: {len(script.errors)} errors marked, {ERRORS[0]} to {ERRORS[-1]} wanted"


def markup_problems(script: Script) -> Iterator[str]:
    for number, line in enumerate(script.lines, len(_HEADER) + 1):
        place = f"{script.stem}.txt:{number}"
        for text in (line.right, line.heard):
            if not _CUE.fullmatch(text):
                yield f"{place}: punctuation, a stray space or broken markup: {text}"
            elif len(text) not in CUE_LENGTH:
                yield f"{place}: {len(text)} characters, {CUE_LENGTH[0]} to {CUE_LENGTH[-1]} wanted: {text}"
        for right, heard in _MARK.findall(line.marked):
            if right == heard:
                yield f"{place}: nothing is wrong in {{{right}|{heard}}}"


def query_problems(script: Script, query: Query) -> Iterator[str]:
    if query.kind not in KINDS:
        yield f"unknown kind `{query.kind}`"
    if len(query.anchor) not in ANCHOR_LENGTH:
        yield f"anchor `{query.anchor}` has {len(query.anchor)} characters"
    if (count := script.right.count(query.anchor)) != 1:
        yield f"anchor `{query.anchor}` occurs {count} times"
    if query.kind == "phrase":
        yield from phrase_problems(script, query.text)
    if query.kind == "misheard" and not any(is_misheard(script, word) for word in marked_words(script, query.text)):
        yield f"misheard `{query.text}`: no marked term of it is misheard wherever it occurs"


def phrase_problems(script: Script, query: str) -> Iterator[str]:
    if not re.fullmatch(r'"[^"]+"', query):
        yield f"phrase `{query}` is not in double quotes"
    text = [(atom, number) for number, line in enumerate(script.lines) for atom in atoms(line.heard)]
    wanted = atoms(query)
    hits = [text[i : i + len(wanted)] for i in range(len(text)) if [a for a, _ in text[i : i + len(wanted)]] == wanted]
    if not hits:
        yield f"phrase {query} does not occur as heard"
    elif all(hit[0][1] == hit[-1][1] for hit in hits):
        yield f"phrase {query} does not cross a cue border"


def atoms(text: str) -> list[str]:
    return _ATOM.findall(text.lower())


def marked_words(script: Script, query: str) -> list[str]:
    return [right for right, _ in script.errors if right in query]


def is_misheard(script: Script, word: str) -> bool:
    """True when the word is never heard rightly."""
    return word.lower() not in script.heard.lower()


def nothing_problems(scripts: list[Script], nothing: list[str]) -> Iterator[str]:
    if len(nothing) < LEAST_NOTHING:
        yield f"nothing.tsv: {len(nothing)} queries, at least {LEAST_NOTHING} wanted"
    for query in nothing:
        words = squeezed(query)
        for script in scripts:
            if words in squeezed(script.right) or words in squeezed(script.heard):
                yield f"nothing.tsv: `{query}` occurs in {script.stem}.txt"


def squeezed(text: str) -> str:
    return re.sub(r'[\s"]', "", text).lower()


def file_problems(files: dict[Path, bytes]) -> Iterator[str]:
    for path, content in files.items():
        if not path.is_file():
            yield f"corpus/{path.name}: missing; run bench/make_sample.py"
        elif path.read_bytes() != content:
            yield f"corpus/{path.name}: not what the scripts give; run bench/make_sample.py"
    if files:
        for path in sorted(set(CORPUS.glob("*.srt")) - set(files)):
            yield f"corpus/{path.name}: has no script"


if __name__ == "__main__":
    sys.exit(main())
