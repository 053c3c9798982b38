"""What podseek itself has printed or written: no transcript, though it may lie among them and look like one.

Subtitles carry a sign, for players and readers pass over it; all else is known by its form. An episode or a concordance
that was printed for people to read has none.
"""

from __future__ import annotations

import re

SRT_FIRST = "00001"
"""The number of the first cue; the others have no zeros before them."""
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
    | \ \ 1\ \ \d\d:\d\d:\d\d\ \ [^\n]*\n\ {{5}}[^\s]
    | \#\#\ \[?\d\d:\d\d:\d\d\ [^\n]*\n\n[^\n]*\n\n>\ -\ \d\d:\d\d:\d\d
    )""".encode(),
    re.VERBOSE,
)


def is_made(head: bytes) -> bool:
    """True for the beginning of a result of podseek, in any of its formats. Only an episode or a concordance
    as people read it is not known."""
    return _MADE.match(head.replace(b"\r\n", b"\n")) is not None
