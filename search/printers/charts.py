"""Charts of explorations as Vega-Lite specifications (vega.github.io/vega-lite): plain values, drawn by `pictures`.

Every mark has a `hint` of what it shows and, where one is known, a link to its moment (`url`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

from indexer.values import Episode
from search.links import link_at
from search.printers.display import clean, clock

if TYPE_CHECKING:
    from search.explore.dispersion import Dispersion, Strip
    from search.explore.trends import Rate, Trend

Chart: TypeAlias = "dict[str, Any]"

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_WIDTH, _HEIGHT, _STEP = 720, 320, 24
_MOST_MARKS = 20_000
"""More than a picture can show."""
_COLOR = {"field": "term", "type": "nominal", "title": None, "sort": None, "scale": {"scheme": "tableau10"}}
_LINKED = {
    "href": {"condition": {"test": "isValid(datum.url)", "field": "url"}},
    "description": {"field": "hint"},
    "cursor": {"value": "pointer"},
}


def trend_chart(found: Trend) -> Chart:
    """Rates by month or year as lines, by show as bars, by episode as points in the order of their dates."""
    values = [_rate_value(rate) for rate in found]
    y = {"field": "per_hour", "type": "quantitative", "title": "an hour of speech"}
    x: Chart = {"field": "label", "type": "ordinal", "title": found.by, "sort": None, "axis": {"labelLimit": 160}}
    if found.by == "show":
        marks: Chart = {"mark": "bar", "encoding": {"x": x, "y": y, "xOffset": {"field": "term"}, **_LINKED}}
    elif found.by == "episode":
        values = [{**value, **_when(rate, at)} for at, (value, rate) in enumerate(zip(values, found, strict=True))]
        dated = all(rate.date for rate in found)
        x = {"field": "date" if dated else "order", "type": "temporal" if dated else "quantitative", "title": "episode"}
        marks = {"mark": {"type": "point", "filled": True, "size": 50}, "encoding": {"x": x, "y": y, **_LINKED}}
    else:
        point = {"type": "point", "filled": True, "size": 60}
        line = {"mark": {"type": "line"}, "encoding": {"x": x, "y": y}}
        marks = {"layer": [line, {"mark": point, "encoding": {"x": x, "y": y, **_LINKED}}]}
    size = {"width": {"step": 40} if found.by == "show" else _WIDTH, "height": _HEIGHT}
    return {**_chart(values, _words(rate.term for rate in found)), **size, **_colored(marks)}


def dispersion_chart(found: Dispersion, episodes: Mapping[str, Episode], tell: Callable[[str], None]) -> Chart:
    """A line for each episode, on which a tick is a moment; `tell` hears how many are too many to draw."""
    marks = (_moment_value(row, episodes[row.episode], second) for row in found for second in row.moments)
    values = list(islice(marks, _MOST_MARKS))
    if len(values) < (count := sum(row.count for row in found)):
        tell(f"The picture has the first {len(values):,} of {count:,} moments: choose fewer episodes with -n")
    encoding = {
        "x": {"field": "minutes", "type": "quantitative", "title": "minute", "scale": {"domainMin": 0}},
        "y": {"field": "label", "type": "ordinal", "title": None, "sort": None, "axis": {"labelLimit": 280}},
        "color": _COLOR,
        **_LINKED,
    }
    if len(found.evenness) > 1:
        encoding["yOffset"] = {"field": "term", "sort": None}
    chart = _chart(values, _words(one.term for one in found.evenness))
    step = {"step": _STEP * len(found.evenness), "for": "position"}
    return {**chart, "width": _WIDTH, "height": step, "mark": {"type": "tick", "thickness": 2}, "encoding": encoding}


def _chart(values: list[Chart], title: str) -> Chart:
    config = {"font": "sans-serif", "view": {"stroke": None}, "axis": {"grid": False}}
    return {"$schema": _SCHEMA, "title": title, "data": {"values": values}, "config": config}


def _colored(marks: Chart) -> Chart:
    """The marks of each word in its colour."""
    if "layer" in marks:
        return {"layer": [_colored(one) for one in marks["layer"]]}
    return {**marks, "encoding": {**marks["encoding"], "color": _COLOR}}


def _words(terms: Any) -> str:
    return "、".join(dict.fromkeys(map(clean, terms)))


def _rate_value(rate: Rate) -> Chart:
    figures = f"{rate.count:,} in {rate.hours:.2f} h: {rate.per_hour:.2f} an hour"
    hint = f"{rate.term}  {rate.label}  {figures}"
    value = {"term": clean(rate.term), "label": clean(rate.label), "per_hour": rate.per_hour}
    if rate.episode is not None and rate.start is not None:
        hint += f"\n{clock(rate.start)} {rate.line}\n{_how(rate.episode, rate.start, rate.url)}"
    return _with_url({**value, "hint": _lines(hint)}, rate.url)


def _when(rate: Rate, at: int) -> Chart:
    return {"date": rate.date} if rate.date else {"order": at + 1}


def _moment_value(row: Strip, episode: Episode, second: float) -> Chart:
    url = link_at(episode, second)
    label = clean("  ".join(filter(None, (row.date, row.title or row.episode))))
    hint = _lines(f"{row.term}  {clock(second)}  {label}\n{_how(row.episode, second, url)}")
    return _with_url({"term": clean(row.term), "label": label, "minutes": second / 60, "hint": hint}, url)


def _how(episode: str, second: float, url: str | None) -> str:
    """How to hear a moment."""
    return url or f"podseek play {episode} --at {clock(second)}"


def _lines(hint: str) -> str:
    return "\n".join(map(clean, hint.split("\n")))


def _with_url(value: Chart, url: str | None) -> Chart:
    # No field at all where there is no link: an empty one would be a link to nowhere.
    return {**value, "url": url} if url else value
