"""Reports files that the walk through a folder skipped, where that may surprise the user: when it skipped all of them,
or when some are subtitles in a format without a reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.core.files.audio_suffixes import AUDIO
from indexer.core.files.sources import plain_path
from indexer.core.messages import _, enumeration, ngettext
from indexer.core.types import Complaint

_SUBTITLES = frozenset(
    (".ttml", ".dfxp", ".itt", ".srv1", ".srv2", ".srv3", ".stl", ".scc", ".smi", ".sami", ".sub", ".usf")
)
"""Suffixes of subtitle formats without a reader."""
_SILENT = frozenset((*AUDIO, ".mov", ".jpg", ".jpeg", ".png", ".webp", ".gif", ".svg", ".toml", ".opml"))
"""Suffixes of files that nobody would expect to be read as transcripts."""
_NAMED = 4
"""How many suffixes a complaint names at most."""


def skipped_files(folder: Path, has_transcripts: bool, passed: Sequence[Path]) -> Iterator[Complaint]:
    """A complaint about the files that a walk through `folder` skipped. Notes and code beside transcripts are not worth
    mentioning; in a folder without any transcript, they may be transcripts that were not recognised."""
    suffixes = Counter(plain_path(path).suffix.lower() for path in passed)
    if has_transcripts:
        kinds = {suffix: count for suffix, count in suffixes.items() if suffix in _SUBTITLES}
    else:
        kinds = {suffix: count for suffix, count in suffixes.items() if suffix not in _SILENT}
    if not kinds:
        return
    count = sum(kinds.values())
    what = (
        ngettext(
            "{n:,} file with subtitles is in a format that podseek does not read ({kinds})",
            "{n:,} files with subtitles are in formats that podseek does not read ({kinds})",
            count,
        )
        if kinds.keys() <= _SUBTITLES
        else ngettext(
            "{n:,} file here is not recognised as a transcript ({kinds})",
            "none of {n:,} files here is recognised as a transcript ({kinds})",
            count,
        )
    )
    action = _("left out; name one to hear what is wrong with it")
    yield Complaint(str(folder), 0, what.format(n=count, kinds=_listed(kinds)), action)


def _listed(kinds: dict[str, int]) -> str:
    """The suffixes, the most frequent first: `.json 4, .txt 2`."""
    ordered = sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))
    some = [f"{suffix or _('no suffix')} {count:,}" for suffix, count in ordered[:_NAMED]]
    return enumeration([*some, *(["..."] if len(ordered) > _NAMED else [])])
