"""Charts of explorations as Vega-Lite specifications (vega.github.io/vega-lite); `pictures` renders them.

Every mark has a tooltip (`hint`) and, if one is known, a link to its moment (`url`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

from indexer.core.messages import _
from indexer.core.text.time_format import clock
from indexer.core.types import Episode
from search.frontends.formats.display import clean, padded
from search.frontends.formats.rate_scale import cut_note, greatest
from search.results.links import link_at

if TYPE_CHECKING:
    from search.exploration.dispersion import Dispersion, Strip
    from search.exploration.trends import Rate, Trend

Chart: TypeAlias = "dict[str, Any]"

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_WIDTH, _HEIGHT, _STEP = 720, 320, 24
_TICK = 2
"""Width of the tick of a moment, in the unit of `_WIDTH`."""
_LONGEST_LINE = 200
_MOST_BARS = 40
"""Shows or speakers in a picture; of more, the names are hard to read."""
_MOST_MARKS = 20_000
"""Maximum number of ticks drawn; more than a picture can show."""
_COLOR = {"field": "term", "type": "nominal", "title": None, "sort": None, "scale": {"scheme": "tableau10"}}
_LINKED = {
    "href": {"condition": {"test": "isValid(datum.url)", "field": "url"}},
    "description": {"field": "hint"},
    "cursor": {"value": "pointer"},
}


def trend_chart(trend: Trend, tell: Callable[[str], None]) -> Chart:
    """Returns a chart of rates: lines by month or year, bars by show or speaker, points in order of date by episode.
    Reports bars beyond _MOST_BARS, which are left out, through `tell`."""
    found = _with_bars(trend, tell) if trend.by in ("show", "speaker") else trend
    order = {group: at for at, group in enumerate(dict.fromkeys(rate.group for rate in found), 1)}
    values = [_rate_value(rate, order[rate.group]) for rate in found]
    y: Chart = {"field": "per_hour", "type": "quantitative", "title": _("times in an hour of speech")}
    # Without any, the line of what is never said would lie halfway up.
    y["scale"] = {"domain": [0, greatest(found) or 1], "nice": True}
    places: Chart = {"x": _groups(found), "y": y, "color": _COLOR}
    if found.by in ("show", "speaker"):
        beside = {"xOffset": {"field": "term", "sort": None}}
        layers: list[Chart] = [{"mark": {"type": "bar", "clip": True}, "encoding": {**places, **beside, **_LINKED}}]
    else:
        point = {"type": "point", "filled": True, "size": 60, "clip": bool(cut_note(found))}
        layers = [{"mark": point, "encoding": {**places, **_LINKED}}]
    if found.by in ("month", "year"):
        layers.insert(0, {"mark": {"type": "line", "clip": True}, "encoding": places})
    size = {"width": {"step": 40} if found.by in ("show", "speaker") else _WIDTH, "height": _HEIGHT}
    return {**_chart(_words(rate.term for rate in found)), "data": {"values": values}, **size, "layer": layers}


def _with_bars(found: Trend, tell: Callable[[str], None]) -> Trend:
    """The rates of the groups with most speech, in their order, as many as can be told apart."""
    hours = {rate.group: rate.hours for rate in found}
    drawn = set(sorted(hours, key=lambda group: -hours[group])[:_MOST_BARS])
    if len(drawn) == len(hours):
        return found
    tell(_("The picture has the {drawn} with most speech of {n:,}").format(drawn=len(drawn), n=len(hours)))
    return type(found)([rate for rate in found if rate.group in drawn], found.by, found.damped)


def _groups(found: Trend) -> Chart:
    """Returns the x axis: temporal for months, and for episodes if all have a date."""
    dated = all(rate.date for rate in found)
    axis: Chart = {"labelLimit": 160, "labelOverlap": True}
    if found.by == "month" or (found.by == "episode" and dated):
        if found.by == "month":
            axis |= {"format": "%Y-%m", "tickCount": {"interval": "month", "step": 1}}
        field = "label" if found.by == "month" else "date"
        return {"field": field, "type": "temporal", "title": _(found.by), "scale": {"type": "utc"}, "axis": axis}
    if found.by == "episode":
        return {"field": "order", "type": "quantitative", "title": _("episode")}
    return {"field": "label", "type": "ordinal", "title": _(found.by), "sort": None, "axis": axis}


def dispersion_chart(
    found: Dispersion,
    episodes: Mapping[str, Episode],
    tell: Callable[[str], None],
    link: Callable[[Episode, float], str | None] = link_at,
) -> Chart:
    """Returns a chart with a line per episode, as long as the episode, and a tick per moment, linked to the URL that
    `link` returns. Reports ticks beyond _MOST_MARKS, which are left out, through `tell`."""
    labels = _labels(found)
    spot = max((episodes[name].duration for name in labels), default=0) / _WIDTH * _TICK
    marks = [(row, at, amount) for row in found for at, amount in _apart(row.moments, spot)]
    values = [
        _moment_value(row, labels[row.episode], episodes[row.episode], at, amount, link)
        for row, at, amount in marks[:_MOST_MARKS]
    ]
    if len(values) < len(marks):
        tell(
            _("The picture has the first {drawn:,} of {n:,} ticks: choose fewer episodes with -n").format(
                drawn=len(values), n=len(marks)
            )
        )
    lines = [{"label": label, "minutes": 0, "end": episodes[name].duration / 60} for name, label in labels.items()]
    y: Chart = {"field": "label", "type": "ordinal", "title": None, "sort": None, "axis": {"labelLimit": 300}}
    x: Chart = {"field": "minutes", "type": "quantitative", "title": _("minute"), "axis": {"tickMinStep": 1}}
    ticks: Chart = {"x": x, "y": y, "color": _COLOR, **_LINKED}
    if len(found.evenness) > 1:
        ticks["yOffset"] = {"field": "term", "sort": None}
    rule = {"type": "rule", "color": "#ddd"}
    layers = [
        {"data": {"values": lines}, "mark": rule, "encoding": {"x": x, "x2": {"field": "end"}, "y": y}},
        {
            "data": {"values": values},
            "mark": {"type": "tick", "thickness": _TICK, "size": _STEP // 2},
            "encoding": ticks,
        },
    ]
    height = {"step": _STEP + _STEP // 2 * (len(found.evenness) - 1), "for": "position"}
    return {**_chart(_words(row.term for row in found.evenness)), "width": _WIDTH, "height": height, "layer": layers}


def _labels(found: Dispersion) -> dict[str, str]:
    """Returns the label of each episode, by id: date and title, and the id if two would have the same label."""
    names = {row.episode: _text("  ".join(filter(None, (row.period, row.title or row.episode)))) for row in found}
    often = Counter(names.values())
    return {episode: f"{name}  {_text(episode)}" if often[name] > 1 else name for episode, name in names.items()}


def _chart(title: str) -> Chart:
    axis = {"grid": False, "titleFontWeight": "normal"}
    config = {"font": "sans-serif", "view": {"stroke": None}, "axis": axis}
    return {"$schema": _SCHEMA, "title": title, "config": config}


def _words(terms: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(map(_text, terms)))


def _rate_value(rate: Rate, at: int) -> Chart:
    figures = _("{count:,} in {hours:.2f} h: {per_hour:.2f} an hour").format(
        count=rate.count, hours=rate.hours, per_hour=rate.per_hour
    )
    hint = [f"{rate.term}  {rate.label}  {figures}"]
    if rate.episode is not None and rate.start is not None:
        hint += [f"{clock(rate.start)} {rate.line}", _how(rate.episode, rate.start, rate.url)]
    value = {"term": _text(rate.term), "label": _text(rate.label), "per_hour": rate.per_hour, "hint": _hint(*hint)}
    return _with_url({**value, "order": at, "date": rate.date}, rate.url)


def _apart(moments: Iterable[float], spot: float) -> Iterator[tuple[float, int]]:
    """Yields the first moment of each interval of `spot` seconds, in which a picture can show only one, and the number
    of moments in it.

    >>> list(_apart([1.0, 4.0, 4.5, 5.9, 6.0], 2.0))
    [(1.0, 1), (4.0, 3), (6.0, 1)]
    """
    for __, some in groupby(moments, lambda at: at // spot if spot else at):
        first, *more = some
        yield first, 1 + len(more)


def _moment_value(
    row: Strip,
    label: str,
    episode: Episode,
    second: float,
    amount: int,
    link: Callable[[Episode, float], str | None],
) -> Chart:
    url = link(episode, second)
    more = f" +{amount - 1}" if amount > 1 else ""
    hint = _hint(f"{row.term}  {clock(second)}{more}  {label}", _how(row.episode, second, url))
    return _with_url({"term": _text(row.term), "label": label, "minutes": second / 60, "hint": hint}, url)


def _how(episode: str, second: float, url: str | None) -> str:
    """Returns the URL of a moment, else the command that plays it."""
    return url or f"podseek play {episode} --at {clock(second)}"


def _text(text: str) -> str:
    """Returns the text without characters that are invalid in XML."""
    return re.sub("[\ufffe\uffff]", "", clean(text))


def _hint(*lines: str) -> str:
    """Joins lines, each truncated to _LONGEST_LINE columns."""
    return "\n".join(padded(text, _LONGEST_LINE) if len(text) > _LONGEST_LINE else text for text in map(_text, lines))


def _with_url(value: Chart, url: str | None) -> Chart:
    # The field is absent without a link: Vega would render an empty one as a link.
    return {**value, "url": url} if url else value
