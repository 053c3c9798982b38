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
from datetime import timedelta
from pathlib import Path

import opencc
import srt
from shared.sample_checks import file_problems, script_problems
from shared.sample_scripts import CORPUS, HAN, WORD, Script, ScriptProblem, read_nothing, read_scripts

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

_UNIT = re.compile(rf"{HAN}|{WORD}")


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
    return sum(1 if re.fullmatch(HAN, unit) else LATIN for unit in _UNIT.findall(text))


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


if __name__ == "__main__":
    sys.exit(main())
