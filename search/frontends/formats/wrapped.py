"""Cues as text that are too long for a line of the terminal, or have signs that a terminal would obey."""

from __future__ import annotations

from collections.abc import Iterator

from search.api import CueLine
from search.frontends.formats.display import MATCH, Style, clean, columns

_LONGEST_WORD = 20
"""In columns. A word of letters that is longer is broken anywhere."""


def wrapped_cue(speaker: str, cue: CueLine, style: Style, room: int) -> list[str]:
    """Returns the lines of a cue, of at most `room` columns each; the first without the speaker, who stands before it.
    On one line where `room` is 0."""
    marked = [*((character, False) for character in speaker), *_marked(cue)]
    first, *others = _wrapped(marked, room) if room else [marked]
    return [_painted(line, style) for line in (first[len(speaker) :], *others)]


def _marked(cue: CueLine) -> list[tuple[str, bool]]:
    """Returns the printable characters of a cue; each with True if it is part of a match."""
    marked = [(character, False) for character in cue.text]
    for start, end in cue.highlights:
        marked[start:end] = [(character, True) for character, _ in marked[start:end]]
    if cue.text.isprintable():
        return marked
    return [(clean(character), matched) for character, matched in marked if clean(character)]


def _wrapped(marked: list[tuple[str, bool]], room: int) -> Iterator[list[tuple[str, bool]]]:
    """Splits the characters into lines of at most `room` columns, at a space within words of letters."""
    line: list[tuple[str, bool]] = []
    used = 0
    for character, matched in marked:
        if used + columns(character) > room:
            kept = _last_space(line) if _is_latin(character) else len(line)
            yield line[:kept]
            line = line[kept:]
            used = sum(columns(piece) for piece, _ in line)
        line.append((character, matched))
        used += columns(character)
    yield line


def _last_space(line: list[tuple[str, bool]]) -> int:
    """Where to break a line before a letter: after its last space, if no more than a word follows; else at its end."""
    for at in range(len(line), max(0, len(line) - _LONGEST_WORD), -1):
        if line[at - 1][0] == " ":
            return at
        if not _is_latin(line[at - 1][0]):
            break
    return len(line)


def _is_latin(character: str) -> bool:
    return character.isalnum() and columns(character) == 1


def _painted(marked: list[tuple[str, bool]], style: Style) -> str:
    """Returns the line with its matches coloured."""
    pieces: list[tuple[str, bool]] = []
    for character, matched in marked:
        if pieces and pieces[-1][1] == matched:
            pieces[-1] = (pieces[-1][0] + character, matched)
        else:
            pieces.append((character, matched))
    return "".join(style.paint(text, MATCH) if matched else text for text, matched in pieces)
