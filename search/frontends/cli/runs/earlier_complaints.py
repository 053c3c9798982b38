"""Remembers the complaints of earlier runs: `podseek update` prints a lasting fault once, and then only counts it.

Stored as digests, by index, in the user's state folder and not in the index: what matters is what this user has seen.
A run never fails because of this file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.core.configuration.paths import default_state
from indexer.core.files.atomic_write import write_whole

if TYPE_CHECKING:
    from indexer.core.types import Complaint

FILE = "told.json"
MOST_INDEXES, MOST_COMPLAINTS = 50, 5000
"""How many indexes are remembered (the most recently updated ones), and how many complaints of each."""


def complained_before(folder: Path, complaints: Sequence[Complaint], is_whole: bool) -> set[Complaint]:
    """Returns those of the complaints that an earlier run of this index printed already (never fatal ones), and
    remembers all of them for the next run. A run that prints no complaints must not call this. A run that `is_whole`
    also forgets the complaints it no longer has, so that they are printed again should they come back."""
    digests = {complaint: _digest(complaint) for complaint in complaints if not complaint.fatal}
    state = default_state()
    if state is None:
        return set()
    path, name = Path(state, FILE), str(folder.absolute())
    everything = _read(path)
    before = everything.pop(name, [])
    kept = list(dict.fromkeys([*digests.values(), *([] if is_whole else before)]))[:MOST_COMPLAINTS]
    if kept != before:
        latest = dict([*everything.items(), (name, kept)][-MOST_INDEXES:])
        with suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(path, json.dumps(latest, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    known = set(before)
    return {complaint for complaint, digest in digests.items() if digest in known}


def _digest(complaint: Complaint) -> str:
    return blake2b(str(complaint).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _read(path: Path) -> dict[str, list[str]]:
    """The digests by index; none where the file is missing or was not written here."""
    try:
        found = json.loads(path.read_bytes())
        return {str(name): [str(one) for one in digests] for name, digests in found.items()}
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return {}
