"""Which columns of an episode a question fetches, by what it reads of the episode."""

from __future__ import annotations

from indexer.core.named_tuples import NamedTuple
from indexer.store import schema
from indexer.store.cluster.documents.layout import CLOCK
from search.retrieval.remote.held.columns import COLUMNS, PARTIAL, SIGNED


class WantedColumns(NamedTuple):
    """Of an episode that is shown (`whole`); that is only ranked; of which the signs are read, too (`signed`); that
    meets a condition, while it is not known if it competes (`counted`, without a clock); and of one of these that is
    not in memory (`new`)."""

    whole: tuple[str, ...]
    ranked: tuple[str, ...]
    signed: tuple[str, ...]
    counted: tuple[str, ...]
    new: tuple[str, ...]


def wanted_columns(
    has_decks: bool, decks: frozenset[str] | None, are_timed: bool, with_signs: bool = False
) -> WantedColumns:
    """The columns in a library that `has_decks`, where these `decks` are wanted of what is only ranked (None: all is
    fetched whole), what meets a condition comes with its clock only if `are_timed`, and all of it `with_signs` if these
    or who speaks decide. Decks tell what sounds alike in whole episodes, too, without the column of sounds."""
    wanted = sorted(decks or ())
    whole: tuple[str, ...] = COLUMNS
    if has_decks:
        whole = (*(CLOCK if name == schema.TIMES else name for name in COLUMNS), *wanted)
    if decks is None:
        return WantedColumns(whole, whole, whole, whole, whole)
    signed = (*SIGNED, *wanted)
    ranked = signed if with_signs else (*PARTIAL, *wanted)
    counted = tuple(name for name in ranked if name != CLOCK)
    return WantedColumns(whole, ranked, signed, counted, ranked if are_timed else counted)
