"""The registry of readers: one module per transcript format, selected by the content of the text.

To add a format, add a module (`ReaderModule` says what it defines) and an entry in `READERS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from indexer.core.files import sources
from indexer.core.files.audio_suffixes import AUDIO
from indexer.core.files.sources import LARGEST_FILE, plain_path
from indexer.core.messages import _, ngettext
from indexer.core.text.encoding import Decoded, decode
from indexer.core.types import Complaint, Transcript
from indexer.readers.formats import (
    ass,
    cloud_json,
    lrc,
    paragraph_json,
    podcast_html,
    podcast_json,
    sbv,
    srt,
    stamped_text,
    table,
    webvtt,
    whisper_json,
    whisper_tsv,
)
from indexer.readers.shared.complaints import Complaints
from indexer.readers.shared.labels import labelled
from indexer.readers.shared.limits import MOST_CHARACTERS, TooMuch, check_lines, check_texts
from indexer.readers.shared.source import HEAD, Source
from indexer.readers.shared.text_lines import split_lines


class ReaderModule(Protocol):
    """A module of `formats`: the name of a format, the suffixes of its files in a folder, whether a text is in it, and
    its transcript, with complaints about what is wrong there. Reading raises nothing but TooMuch."""

    @property
    def NAME(self) -> str: ...

    @property
    def SUFFIXES(self) -> tuple[str, ...]: ...

    def recognises(self, text: str, /) -> bool: ...

    def read(self, source: Source, /) -> Transcript: ...


def _never(_text: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Reader:
    """A format. `recognises` identifies its texts among arbitrary files; `tolerates` accepts text that is readable in
    part, for files named by the user. If `lasting`, a speaker continues until the next one."""

    name: str
    suffixes: tuple[str, ...]
    recognises: Callable[[str], bool]
    read: Callable[[Source], Transcript]
    tolerates: Callable[[str], bool]
    lasting: bool


def reader_of(module: ReaderModule, tolerates: Callable[[str], bool] = _never, lasting: bool = False) -> Reader:
    """The reader that a module defines."""
    return Reader(module.NAME, module.SUFFIXES, module.recognises, module.read, tolerates, lasting)


READERS = (
    reader_of(webvtt),
    reader_of(podcast_json),
    reader_of(whisper_json),
    reader_of(cloud_json),
    reader_of(paragraph_json),
    reader_of(whisper_tsv),
    reader_of(ass, ass.tolerates),
    reader_of(table, table.tolerates),
    reader_of(sbv, sbv.tolerates),
    reader_of(lrc, lrc.tolerates),
    reader_of(stamped_text, stamped_text.tolerates, lasting=True),
    reader_of(srt, srt.tolerates),
    reader_of(podcast_html),
)
"""In order: the first format that recognises a text reads it, so the most specific come first."""
SUFFIXES = frozenset(suffix for reader in READERS for suffix in reader.suffixes)

_SURE = frozenset({".srt", ".vtt", ".lrc", ".ass", ".ssa", ".sbv"})
"""Suffixes used for transcripts only; other files in a folder are skipped unless their content is recognised."""
_NEVER = frozenset({"podcast.toml", "lexicon.txt", "lexicon.toml", "package.json", "package-lock.json"})
_NEVER_FIRST = frozenset({"readme", "changelog", "contributing", "license", "licence"})
"""Names, or first words of names, of files that are never transcripts."""


def read_bytes(path: str, data: bytes) -> Transcript:
    """Reads the transcript in a file's bytes. Never raises for bad content; problems are complaints."""
    if plain_path(Path(path)).suffix.lower() in AUDIO:
        cure = _("not read; `podseek add FOLDER`, then `podseek queue --run` transcribes it")
        return Transcript((), (Complaint(path, 0, _("audio, not a transcript"), cure, fatal=True),))
    if len(data) > LARGEST_FILE:
        return _refused(path, _("more than {most} MB are too many for a transcript").format(most=LARGEST_FILE >> 20))
    try:
        return _read(path, decode(data))
    except TooMuch as problem:
        return _refused(path, _("{problem} are too many for a transcript").format(problem=problem))


def _read(path: str, decoded: Decoded) -> Transcript:
    """Reads a decoded transcript. Raises TooMuch."""
    check_lines(decoded.text)
    if not decoded.text.strip("\ufeff \t\r\n\0"):
        return Transcript((), (Complaint(path, 0, _("the file is empty"), _("no cues to index")),))
    reader = find_reader(decoded.text) or find_tolerant(decoded.text)
    if reader is None:
        return _unrecognised(path)
    transcript = reader.read(Source(path, decoded.text))
    if len(decoded.text) > MOST_CHARACTERS:
        check_texts([cue.text for cue in transcript.cues])
    complaints = _encoding_complaints(path, decoded)
    complaints += transcript.complaints
    if not transcript.cues and not complaints:
        complaints.append(Complaint(path, 1, _("times without any text"), _("no cues to index")))
    return transcript._replace(cues=labelled(transcript.cues, reader.lasting), complaints=tuple(complaints))


def is_transcript(data: bytes) -> bool:
    """True if a reader recognises the file's bytes."""
    text = decode(data).text
    try:
        check_lines(text)
        return find_reader(text) is not None
    except TooMuch:
        return False


def find_reader(text: str) -> Reader | None:
    """The first reader that recognises the text; None if there is none."""
    return next((reader for reader in READERS if reader.recognises(text)), None)


def find_tolerant(text: str) -> Reader | None:
    """The first reader that tolerates the text; None if there is none."""
    return next((reader for reader in READERS if reader.tolerates(text)), None)


def is_candidate(path: Path) -> bool:
    """True for a file that a walk through a folder should read, judged by its name or, if that is inconclusive, its
    text."""
    if plain_path(path).suffix.lower() in _SURE:
        return True
    readers = _named(path)
    if not readers:
        return False
    text = decode(_whole_lines(sources.read(path, HEAD))).text
    return any(reader.recognises(text) for reader in readers)


def may_be_candidate(path: Path) -> bool:
    """True for a file that may be a transcript, judged by its name without opening it."""
    return plain_path(path).suffix.lower() in _SURE or bool(_named(path))


def _named(path: Path) -> list[Reader]:
    """The readers for files with such a name."""
    plain = plain_path(path)
    name, suffix = plain.name.lower(), plain.suffix.lower()
    if name in _NEVER or re.split("[._-]", name)[0] in _NEVER_FIRST:
        return []
    return [reader for reader in READERS if suffix in reader.suffixes]


def _whole_lines(head: bytes) -> bytes:
    """The head of a file without the truncated last line.

    A line that is most of the head is kept: Whisper's JSON may begin with the full text on one line.
    """
    whole = head[: head.rfind(b"\n") + 1]
    return whole if len(head) == HEAD and len(whole) * 2 > HEAD else head


def _refused(path: str, what: str) -> Transcript:
    return Transcript((), (Complaint(path, 0, what, _("not read"), fatal=True),))


def _unrecognised(path: str) -> Transcript:
    suffix = plain_path(Path(path)).suffix.lower()
    if suffix in _SURE:
        what = _("no line with two times and an arrow") if suffix in (".srt", ".vtt") else _("no line with a time")
        return Transcript((), (Complaint(path, 1, what, _("no cues to index")),))
    names = ", ".join(sorted({reader.name for reader in READERS}, key=str.lower))
    return Transcript(
        (),
        (
            Complaint(
                path,
                0,
                _("not a transcript in a format podseek reads ({names})").format(names=names),
                _("not read; convert it to one of these"),
                fatal=True,
            ),
        ),
    )


def _encoding_complaints(path: str, decoded: Decoded) -> Complaints:
    complaints = Complaints()
    if decoded.guessed:
        complaints.append(
            Complaint(
                path, 0, _("the encoding looks like {encoding}").format(encoding=decoded.encoding), _("read as that")
            )
        )
    for line, count in _damaged_lines(decoded):
        what = ngettext("a byte is not {encoding}", "{n} bytes are not {encoding}", count)
        complaints.append(
            Complaint(path, line, what.format(n=count, encoding=decoded.encoding), _("replaced by U+FFFD"))
        )
    return complaints


def _damaged_lines(decoded: Decoded) -> Iterator[tuple[int, int]]:
    """Yields the number of each line with undecodable characters, and their count."""
    for number, line in enumerate(split_lines(decoded.text) if decoded.lost else (), 1):
        if lost := line.count("\ufffd"):
            yield number, lost
