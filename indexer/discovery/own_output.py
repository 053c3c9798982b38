"""Recognises podseek's own output, which must not be indexed even where it looks like a transcript.

Subtitles carry a marker that players ignore; other formats are recognised by their form. Episodes and concordances
printed for people cannot be recognised.
"""

from __future__ import annotations

import re

SRT_FIRST = "00001"
"""The number of the first cue; the others have no leading zeros."""
VTT_NOTE = "NOTE made by podseek"

_MADE = re.compile(
    rf"""\A(?:\xef\xbb\xbf)?(?:
      {SRT_FIRST}\n[^\n]*-->[^\n]*\n[^\n]*\n\n(?:2\n|\Z)
    | WEBVTT\n\n{re.escape(VTT_NOTE)}\n
    | (?:\[\n)?\{{"schema":\ \d
    | (?:\[\n)?\{{"index":\ \d+,\ "start":\ [^\n]*"highlights":\ \[
    | schema[,\t]
    | rank[,\t]score[,\t]episode[,\t]
    | moments[,\t]matches[,\t]episode\b
    | index[,\t]start[,\t]end[,\t]time[,\t]speaker[,\t]text\n
    | (?:[a-z\w][^\n]{{0,80}}:\n)?\ {{0,2}}\d{{1,3}}\ \ \d\d:\d\d:\d\d\ \ [^\n]*\n\ {{5}}[^\s]
    | \|\ [^\n]*\|\n\|(?:\ (?::--|--:)\ \|)+(?:\n|\Z)
    | \#\#\ \[?\d\d:\d\d:\d\d\ [^\n]*\n\n[^\n]*\n\n>\ -\ \d\d:\d\d:\d\d
    )""".encode(),
    re.VERBOSE,
)


def is_own_output(head: bytes) -> bool:
    """True if `head`, the first bytes of a file, begins podseek's output in any recognisable format."""
    return _MADE.match(head.replace(b"\r\n", b"\n")) is not None
