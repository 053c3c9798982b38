"""The columns of an episode of a remote index: which ones a search reads, and which are still missing if some are
known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from indexer.store import schema
from indexer.store.cluster.documents import text_parts
from indexer.store.cluster.documents.decks import NAMES
from indexer.store.cluster.documents.layout import CLOCK

COLUMNS = (schema.STREAM, schema.MARKS, schema.TIMES, schema.TEXT, schema.DAMPED, schema.TITLES)
"""What a search reads of an episode; the sounds only for a search by sound."""
PARTIAL = (CLOCK, schema.DAMPED, schema.TITLES)
"""What it reads of one that it only ranks, beside decks."""
SIGNED = (*PARTIAL, schema.TEXT)
"""The same of one whose signs it reads, too: the text is what the atoms do not tell, a few percent of an episode."""
DECKS = frozenset(NAMES)
TEXT_PARTS = frozenset(text_parts.NAMES)
"""What it reads of one of which it shows a few lines."""


def lacking(known: Mapping[str, bytes], columns: Collection[str]) -> tuple[str, ...]:
    """Those of some columns of an episode that are not among the known ones, and that these do not make needless: times
    tell what the clock does, unless it is to tell whether there are decks, the stream with the sounds what decks do,
    and a whole episode what text parts do. Without decks, all columns of a whole episode."""
    wanted: Iterable[str] = columns
    is_older = has_no_decks(known)
    if not is_older and known.keys() >= set(columns):  # of thousands of episodes
        return ()
    if is_older:
        heard = {schema.SOUNDS} if not DECKS.isdisjoint(columns) else set()
        wanted = sorted({*COLUMNS, *heard, *columns} - DECKS - TEXT_PARTS - {CLOCK})
    elif CLOCK in known or (schema.TIMES in known and not may_have_no_decks(known)):
        wanted = [name for name in wanted if name not in (schema.TIMES, CLOCK)]
    if schema.STREAM in known and schema.SOUNDS in known:
        wanted = [name for name in wanted if name not in DECKS]
    if schema.STREAM in known and not TEXT_PARTS.isdisjoint(columns):
        wanted = [name for name in wanted if name not in TEXT_PARTS]
    return tuple(name for name in wanted if name not in known)


def has_no_decks(known: Mapping[str, bytes]) -> bool:
    """Whether an episode was asked for its clock and has none."""
    return known.get(CLOCK) == b""


def may_have_no_decks(known: Mapping[str, bytes]) -> bool:
    """Whether an episode was asked for decks, but neither for its clock nor for its sounds, and got nothing in them: an
    earlier podseek may have written it, or it has none of these atoms."""
    if CLOCK in known or schema.SOUNDS in known:  # as nearly all have
        return False
    decks = DECKS & known.keys()
    return bool(decks) and not any(known[name] for name in decks)
