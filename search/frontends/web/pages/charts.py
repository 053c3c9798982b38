"""The chart of an exploration: its points lead to the reader, not to other sites."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from search.analysis.trends import Rate, Trend
from search.frontends.formats.charts import Chart, dispersion_chart, trend_chart
from search.frontends.formats.pictures import NoPlotting
from search.frontends.web.chart_pictures import SITE, chart_html
from search.frontends.web.site import PageView

_TITLES = ("times in an hour of speech", "month", "year", "show", "episode", "minute")
"""Of axes, as `charts` writes them."""


@dataclass(frozen=True, slots=True)
class PageChart:
    """A drawn chart, or why there is none; `notes` tell what it leaves out."""

    html: Markup | None
    notes: Sequence[str]


def chart_of(view: PageView, kind: str, found: Any) -> PageChart | None:
    """The chart of what was found; None for a kind without one."""
    make = _CHARTS.get(kind)
    if make is None:
        return None
    notes: list[str] = []
    try:
        chart = _titled(make(view, found, notes.append), {title: view.t(f"chart.{title}") for title in _TITLES})
        return PageChart(chart_html(chart), notes)
    except NoPlotting as error:
        return PageChart(None, [str(error)])


def _titled(part: Any, texts: Mapping[str, str]) -> Any:
    """A chart, or a part of it, with the titles of its axes in another language."""
    if isinstance(part, list):
        return [_titled(one, texts) for one in part]
    if not isinstance(part, dict):
        return part
    axis = {**part, "title": texts.get(part["title"], part["title"])} if isinstance(part.get("title"), str) else part
    return {name: _titled(value, texts) if name != "data" else value for name, value in axis.items()}


def _trend(view: PageView, found: Trend, _: Callable[[str], None]) -> Chart:
    def linked(rate: Rate) -> Rate:
        if rate.episode is None or rate.start is None:
            return rate
        return replace(rate, url=SITE + view.urls.episode(rate.episode, rate.term, rate.start))

    return trend_chart(Trend([linked(rate) for rate in found], found.by, found.damped, found.undated))


def _dispersion(view: PageView, found: Any, tell: Callable[[str], None]) -> Chart:
    episodes = view.site.shelf.catalogue.by_id
    query = " ".join(row.term for row in found.evenness)
    return dispersion_chart(found, episodes, tell, lambda episode, at: SITE + view.urls.episode(episode.id, query, at))


_CHARTS: dict[str, Callable[[PageView, Any, Callable[[str], None]], Chart]] = {
    "trend": _trend,
    "dispersion": _dispersion,
}
