"""Reports characters that were lost before the file was written: one complaint per affected cue."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.core.messages import _
from indexer.core.types import Complaint, Cue
from indexer.readers.shared.complaints import Complaints


def lost_characters(path: str, cues: Iterable[Cue]) -> Complaints:
    return Complaints(
        Complaint(
            path,
            cue.line,
            _("{count} unreadable characters (U+FFFD)").format(count=cue.text.count(chr(65533))),
            _("kept as they are"),
        )
        for cue in cues
        if "\ufffd" in cue.text
    )
