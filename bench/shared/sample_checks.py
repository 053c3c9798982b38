"""Checks the scripts of the sample corpus and the files made of them; each check yields one line per problem."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from shared.sample_scripts import CORPUS, HAN, HEADER, MARK, WORD, Query, Script

KINDS = {"topic", "question", "quote", "phrase", "name", "number", "misheard"}
LEAST_CUES = 120
LEAST_NOTHING = 10
ERRORS = range(18, 27)
CUE_LENGTH = range(3, 27)
ANCHOR_LENGTH = range(5, 21)
_CUE = re.compile(rf"(?:{HAN}|{WORD}(?: (?=[A-Za-z0-9]))?)+")
_ATOM = re.compile(rf"{HAN}|\d+(?:\.\d+)?|[^\W\d_\u3400-\u9fff]+(?:\+\+|#)?")


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
    for number, line in enumerate(script.lines, len(HEADER) + 1):
        place = f"{script.stem}.txt:{number}"
        for text in (line.right, line.heard):
            if not _CUE.fullmatch(text):
                yield f"{place}: punctuation, a stray space or broken markup: {text}"
            elif len(text) not in CUE_LENGTH:
                yield f"{place}: {len(text)} characters, {CUE_LENGTH[0]} to {CUE_LENGTH[-1]} wanted: {text}"
        for right, heard in MARK.findall(line.marked):
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
