"""Charts inside pages: the SVG of `--plot`, reduced to shapes, texts and links within the site."""

from __future__ import annotations

from threading import Lock
from xml.etree import ElementTree

from markupsafe import Markup

from search.frontends.formats.charts.pictures import svg_of
from search.frontends.formats.charts.specifications import Chart

_SVG, _XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
_SHAPES = frozenset(("svg", "g", "a", "path", "rect", "line", "text", "tspan", "title", "circle"))
_TRAITS = frozenset(
    (
        *("class", "d", "transform", "width", "height", "viewBox", "x", "y", "x2", "y2", "cx", "cy", "r", "dx", "dy"),
        *("fill", "stroke", "stroke-width", "stroke-miterlimit", "stroke-dasharray", "opacity", "fill-opacity"),
        *("font-size", "font-weight", "text-anchor", "pointer-events", "display", "role", "aria-hidden", "aria-label"),
    )
)
SITE = "http://site.invalid"
"""What charts put before the addresses of this site: the library that draws takes relative ones for its own."""
_DRAWING = Lock()
"""The library that draws does so in one thread."""


def chart_html(chart: Chart) -> Markup:
    """A chart as HTML. Raises NoPlotting.

    Keeps only allowed elements and attributes, and links within the `SITE`, whatever a transcript contains.
    """
    with _DRAWING:
        svg = svg_of(chart)
    return Markup(ElementTree.tostring(_plain(ElementTree.fromstring(svg)), "unicode"))  # serialised, so it is escaped


def _plain(element: ElementTree.Element) -> ElementTree.Element:
    """Returns a copy of an element without its namespace, with allowed elements and attributes only."""
    name = element.tag.removeprefix(_SVG)
    made = ElementTree.Element(name, {key: _hint(value) for key, value in element.items() if key in _TRAITS})
    made.text, made.tail = _hint(element.text or ""), element.tail
    target = element.get(f"{_XLINK}href") or element.get("href") or ""
    if name == "a" and target.startswith(f"{SITE}/"):
        made.set("href", target.removeprefix(SITE))
    for child in element:
        if child.tag.removeprefix(_SVG) in _SHAPES:
            made.append(_plain(child))
    return made


def _hint(text: str) -> str:
    """Returns the text without lines that are URLs, since the shape itself is a link."""
    return "\n".join(line for line in text.split("\n") if not line.startswith(SITE)) if SITE in text else text
