"""What is to be said of a moment that does not have all that was typed, beside the ways of its matches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search.api import Moment
from search.frontends.formats.text import heading_of, unsaid_label


def reservations(moment: Moment, lacking: Sequence[str], unsaid: Sequence[str]) -> Iterator[str]:
    """Yields a label for each: that it has only part of a word, one of those `lacking` in the index (folded), and which
    parts of a sentence are `unsaid`. What its matches tell by themselves, as those by sound do, is left out."""
    if all(match.how == "exact" for match in moment.matches) and (part := heading_of(moment, lacking)):
        yield part
    if unsaid:
        yield unsaid_label(unsaid)
