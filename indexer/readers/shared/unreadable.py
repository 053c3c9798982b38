"""Reports characters that were lost before the file was written: one complaint per affected cue."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.core.types import Complaint, Cue
from indexer.readers.shared.complaints import Complaints


def unreadable(path: str, cues: Iterable[Cue]) -> Complaints:
    return Complaints(
        Complaint(path, cue.line, f"{cue.text.count(chr(0xFFFD))} unreadable characters (U+FFFD)", "kept as they are")
        for cue in cues
        if "\ufffd" in cue.text
    )
