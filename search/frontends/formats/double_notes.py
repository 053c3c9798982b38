"""Tells that a count has recordings in it twice: in two transcripts, such as the raw and the corrected one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from indexer.core.messages import ngettext
from search.frontends.formats.display import clean

if TYPE_CHECKING:
    from indexer.core.types import Episode
    from search.library import Library


def double_note(library: Library, counted: Iterable[Episode]) -> str:
    """Says how many recordings are counted in two transcripts; empty if none is."""
    pairs = library.double_transcripts(counted)
    if not pairs:
        return ""
    message = ngettext(
        "{n:,} recording counts twice, in {one} and {other}: choose by show or title, or forget one of them",
        "{n:,} recordings count twice, as in {one} and {other}: choose by show or title, or forget some",
        len(pairs),
    )
    one, other = pairs[0]
    return message.format(n=len(pairs), one=clean(one.id), other=clean(other.id))
