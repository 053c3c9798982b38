"""Cues as text that are too long for a line of the terminal, or have signs that a terminal would obey."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from search.api import CueLine
from search.frontends.formats.display import DIM, MATCH, Style, clean, columns

_LONGEST_WORD = 20
"""In columns. A word of letters that is longer is broken anywhere."""

_Colored = tuple[str, str]
"""A character and its colour, empty for none."""


def wrapped_cue(speaker: str, cue: CueLine, label: str, style: Style, room: int) -> list[str]:
    """Returns the lines of a cue, of at most `room` columns each: its speaker, if one is named, its text, and at the
    end a label, below the text if there is no room beside it. On one line where `room` is 0."""
    colored = [*((character, DIM) for character in speaker), *_colored(cue)]
    lines = list(_wrapped(colored, room)) if room else [colored]
    if label:
        used = sum(columns(character) for character, _ in lines[-1])
        beside = not room or used + columns(label) + 2 <= room
        tail = [(character, DIM) for character in (f"  {label}" if beside else label)]
        lines = [*lines[:-1], [*lines[-1], *tail]] if beside else [*lines, tail]
    return [_painted(line, style) for line in lines]


def _colored(cue: CueLine) -> list[_Colored]:
    """Returns the printable characters of a cue; those of a match in their colour."""
    colored = [(character, "") for character in cue.text]
    for start, end in cue.highlights:
        colored[start:end] = [(character, MATCH) for character, _ in colored[start:end]]
    if cue.text.isprintable():
        return colored
    return [(clean(character), color) for character, color in colored if clean(character)]


def _wrapped(colored: list[_Colored], room: int) -> Iterator[list[_Colored]]:
    """Splits the characters into lines of at most `room` columns, at a space within words of letters; no line begins
    with the space it was broken at."""
    line: list[_Colored] = []
    used = 0
    for character, color in colored:
        if used + columns(character) > room:
            kept = _last_space(line) if _is_latin(character) else len(line)
            yield line[:kept]
            line = line[kept:]
            used = sum(columns(piece) for piece, _ in line)
            if character == " " and not line:
                continue
        line.append((character, color))
        used += columns(character)
    yield line


def _last_space(line: list[_Colored]) -> int:
    """Where to break a line before a letter: after its last space, if no more than a word follows; else at its end."""
    for at in range(len(line), max(0, len(line) - _LONGEST_WORD), -1):
        if line[at - 1][0] == " ":
            return at
        if not _is_latin(line[at - 1][0]):
            break
    return len(line)


def _is_latin(character: str) -> bool:
    return character.isalnum() and columns(character) == 1


def _painted(colored: list[_Colored], style: Style) -> str:
    """Returns the line in its colours."""
    runs = groupby(colored, key=lambda one: one[1])
    pieces = (("".join(character for character, _ in run), color) for color, run in runs)
    return "".join(style.paint(text, color) if color else text for text, color in pieces)
