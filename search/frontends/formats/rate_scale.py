"""To which rate bars and axes are scaled: a word said once in a speech of ten seconds has the rate of 360 an hour,
beside which those of hours of speech would all be nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from indexer.core.messages import _

if TYPE_CHECKING:
    from search.exploration.trends import Rate

ENOUGH = 0.1
"""Hours of speech of which a rate is worth drawing to scale."""


def greatest(rates: Sequence[Rate]) -> float:
    """The rate of the whole scale: the greatest in groups with enough speech, of all where none of these has the
    words."""
    sure = max((rate.per_hour for rate in rates if rate.hours >= ENOUGH), default=0.0)
    return sure or max((rate.per_hour for rate in rates), default=0.0)


def cut_note(rates: Sequence[Rate]) -> str:
    """Says that bars are cut off, and where; empty if none is."""
    top = greatest(rates)
    if not any(rate.per_hour > top for rate in rates):
        return ""
    what = _("Bars end at {rate:.2f} an hour: more than that is only in less than {minutes:.0f} minutes of speech")
    return what.format(rate=top, minutes=ENOUGH * 60)
