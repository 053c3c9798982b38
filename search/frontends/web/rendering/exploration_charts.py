"""The charts of explorations on the web page: a point leads to the reader, not to another site."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from search.exploration.trends import Rate, Trend
from search.frontends.formats.charts.pictures import NoPlotting
from search.frontends.formats.charts.specifications import Chart, dispersion_chart, trend_chart
from search.frontends.formats.listings.trends import left_out_notes
from search.frontends.formats.rate_scale import cut_note
from search.frontends.web.rendering.chart_pictures import SITE, chart_html
from search.frontends.web.site import PageView


@dataclass(frozen=True, slots=True)
class PageChart:
    """A drawn chart, or why there is none; `notes` tell what it leaves out."""

    html: Markup | None
    notes: Sequence[str]


def chart_of(view: PageView, kind: str, found: Any) -> PageChart | None:
    """The chart of what was found, in the language of the page; None for a kind without one, and if there is nothing
    to draw or to tell."""
    make = _CHARTS.get(kind)
    if make is None:
        return None
    notes = [*filter(None, [cut_note(found)]), *left_out_notes(found)] if isinstance(found, Trend) else []
    if not found:
        return PageChart(None, notes) if notes else None
    try:
        return PageChart(chart_html(make(view, found, notes.append)), notes)
    except NoPlotting as error:
        return PageChart(None, [*notes, str(error)])


def _trend(view: PageView, found: Trend, tell: Callable[[str], None]) -> Chart:
    def linked(rate: Rate) -> Rate:
        if rate.episode is None or rate.start is None:
            return rate
        return replace(rate, url=SITE + view.urls.episode(rate.episode, rate.term, rate.start))

    rows = [linked(rate) for rate in found]
    again = Trend(rows, found.by, found.damped, found.undated, found.only_years, found.unnamed, found.beside)
    return trend_chart(again, tell)


def _dispersion(view: PageView, found: Any, tell: Callable[[str], None]) -> Chart:
    episodes = view.site.index.catalogue.by_id
    query = " ".join(row.term for row in found.evenness)
    return dispersion_chart(found, episodes, tell, lambda episode, at: SITE + view.urls.episode(episode.id, query, at))


_CHARTS: dict[str, Callable[[PageView, Any, Callable[[str], None]], Chart]] = {
    "trend": _trend,
    "dispersion": _dispersion,
}
