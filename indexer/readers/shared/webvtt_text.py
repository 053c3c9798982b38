"""The text of WebVTT cues: speakers, times of words, and the text without markup."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from html.entities import html5

from indexer.core.text.clock_times import clock_seconds
from indexer.readers.shared.word_times import Marks, tidied

_MARKUP = re.compile(
    r"<v(?:\.[^\s<>]{0,99})?(?P<voice>\s[^<>]{0,299})?>|(?P<close></v>)"
    r"|<(?P<time>(?:\d{1,4}:)?\d{1,2}:\d{1,2}[.,]\d{1,3})>"
    r"|</?lang(?:[.\s][^<>]{0,99})?>"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{1,31});)"
)
# Characters hidden in entities: no-break spaces, and direction marks, which are not spoken.
_PLAIN = str.maketrans({"\xa0": " ", "\u200e": "", "\u200f": ""})


@dataclass(frozen=True, slots=True)
class Voice:
    """A part of a cue said by one person; `speaker` is empty if unnamed."""

    speaker: str
    text: str
    marks: Marks


def voices(text: str) -> list[Voice]:
    """The parts of a cue in order, none empty, with neighbours by different speakers.

    >>> for voice in voices("<v 小林>山<00:01.500>高 &amp;</v>\\n<v 阿明>水长"): print(voice)
    Voice(speaker='小林', text='山高 &', marks=((1, 1.5),))
    Voice(speaker='阿明', text='水长', marks=())
    """
    scribe, at = _Scribe(), 0
    for part in _MARKUP.finditer(text):
        scribe.write(text[at : part.start()])
        at = part.end()
        if part["entity"]:
            scribe.write(_character(part["entity"]))
        elif part["time"]:
            scribe.time = clock_seconds(part["time"])
        elif part["voice"] or part["close"]:
            scribe.speaker = " ".join(html.unescape(part["voice"] or "").split())
    scribe.write(text[at:])
    return [*scribe.finished, *scribe.current()]


def plain(line: str) -> str:
    """The line without markup."""
    return _MARKUP.sub(lambda part: _character(part["entity"]) if part["entity"] else "", line).strip()


class _Scribe:
    """Builds the voices of a cue; `speaker` and `time` apply to the text written next."""

    def __init__(self) -> None:
        self.finished: list[Voice] = []
        self.speaker = self._writing = ""
        self.time: float | None = None
        self._clear()

    def _clear(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._marks: list[tuple[int, float]] = []

    def write(self, text: str) -> None:
        """A space between two voices belongs to the first."""
        if text.strip():
            if self.speaker != self._writing:
                self.finished += self.current()
                self._clear()
                self._writing = self.speaker
            if self.time is not None:
                self._marks.append((self._length, self.time))
                self.time = None
        self._pieces.append(text)
        self._length += len(text)

    def current(self) -> list[Voice]:
        """The voice being written, if it has text."""
        text, marks = tidied("".join(self._pieces), self._marks)
        return [Voice(self._writing, text, marks)] if text else []


def _character(entity: str) -> str:
    """The character of an entity; the entity itself if it is unknown."""
    named = html5.get(entity[1:], entity)
    return (html.unescape(entity) if entity[1] == "#" else named).translate(_PLAIN)
