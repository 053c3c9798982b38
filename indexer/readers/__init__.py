"""Readers: one module per transcript format, chosen by what the text looks like.

A reader module has `NAME`, `SUFFIXES` (file names it may have in a folder), `recognises(text)` and
`read(source)`. A new format is a new module, named in `READERS`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from indexer import origins
from indexer.origins import plain_path
from indexer.readers import paragraph_json, podcast_html, podcast_json, srt, webvtt, whisper_json, whisper_tsv
from indexer.readers.encoding import Decoded, decode
from indexer.readers.repair import LINE_END
from indexer.readers.source import Source
from indexer.values import Complaint, Transcript

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes. The largest transcript known is 2 MB; far larger files are not transcripts."""


@dataclass(frozen=True, slots=True)
class Reader:
    name: str
    suffixes: tuple[str, ...]
    recognises: Callable[[str], bool]
    read: Callable[[Source], Transcript]


READERS = (
    Reader(webvtt.NAME, webvtt.SUFFIXES, webvtt.recognises, webvtt.read),
    Reader(podcast_json.NAME, podcast_json.SUFFIXES, podcast_json.recognises, podcast_json.read),
    Reader(whisper_json.NAME, whisper_json.SUFFIXES, whisper_json.recognises, whisper_json.read),
    Reader(paragraph_json.NAME, paragraph_json.SUFFIXES, paragraph_json.recognises, paragraph_json.read),
    Reader(whisper_tsv.NAME, whisper_tsv.SUFFIXES, whisper_tsv.recognises, whisper_tsv.read),
    Reader(srt.NAME, srt.SUFFIXES, srt.recognises, srt.read),
    Reader(podcast_html.NAME, podcast_html.SUFFIXES, podcast_html.recognises, podcast_html.read),
)
_HEAD = 65536
"""Bytes of a file by which it is recognised."""
SUFFIXES = frozenset(suffix for reader in READERS for suffix in reader.suffixes)
_SURE = frozenset({".srt"})
"""Suffixes that promise a transcript; other files in a folder are passed over unless their text is one."""


def read_bytes(path: str, data: bytes) -> Transcript:
    """The transcript in a file's bytes. Whatever is wrong with it is in the complaints."""
    if len(data) > LARGEST_FILE:
        return _refused(path, f"more than {LARGEST_FILE >> 20} MB are too many for a transcript")
    decoded = decode(data)
    if not decoded.text.strip("\ufeff \t\r\n\0"):
        return Transcript((), (Complaint(path, 0, "the file is empty", "no cues to index"),))
    reader = find_reader(decoded.text)
    if reader is None:
        return _unrecognised(path)
    transcript = reader.read(Source(path, decoded.text))
    return replace(transcript, complaints=(*_encoding_complaints(path, decoded), *transcript.complaints))


def find_reader(text: str) -> Reader | None:
    """The first reader that recognises the text."""
    return next((reader for reader in READERS if reader.recognises(text)), None)


def is_candidate(path: Path) -> bool:
    """True for a file that a walk through a folder should read: by its name, or by its text if the name says little."""
    if plain_path(path).suffix.lower() in _SURE:
        return True
    return is_named_like_one(path) and find_reader(decode(origins.read(path, _HEAD)).text) is not None


def is_named_like_one(path: Path) -> bool:
    """True for a file that may be a transcript, by its name."""
    return plain_path(path).suffix.lower() in SUFFIXES


def _refused(path: str, what: str) -> Transcript:
    return Transcript((), (Complaint(path, 0, what, "not read", fatal=True),))


def _unrecognised(path: str) -> Transcript:
    if Path(path).suffix.lower() in _SURE:
        return Transcript((), (Complaint(path, 1, "no line with two times and an arrow", "no cues to index"),))
    return _refused(path, "not a transcript in a known format (SRT)")


def _encoding_complaints(path: str, decoded: Decoded) -> list[Complaint]:
    complaints = []
    if decoded.guessed:
        complaints.append(Complaint(path, 0, f"the encoding looks like {decoded.encoding}", "read as that"))
    line, at = 1, 0
    damaged: Counter[int] = Counter()
    for offset in decoded.damaged:
        line, at = line + len(LINE_END.findall(decoded.text, at, offset)), offset
        damaged[line] += 1
    for line, count in damaged.items():
        what = f"{count} bytes are not {decoded.encoding}" if count > 1 else f"a byte is not {decoded.encoding}"
        complaints.append(Complaint(path, line, what, "replaced by U+FFFD"))
    return complaints
