"""Renders charts as SVG, as an HTML page with an SVG, or as PNG, without scripts or external resources.

The renderer is vl-convert-python (one wheel for every Python, no other dependencies), which finds the system's fonts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from indexer.core.errors import PodseekProblem
from indexer.core.messages import N_, _
from search.frontends.formats.charts.specifications import Chart
from search.frontends.formats.files import write_bytes

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_MARKS = ("point", "bar", "tick")
_SCALE = 2.0
"""Pixels of a PNG per unit of the chart."""
_FONTS = N_("fonts-noto-cjk or fonts-wqy-microhei on Debian and Ubuntu, google-noto-sans-cjk-fonts on Fedora")


class NoPlotting(PodseekProblem):
    """The renderer is not installed, or cannot render this chart."""


def write_picture(path: Path, chart: Chart, tell: Callable[[str], None], replace: bool = False) -> None:
    """Renders a chart to a file in the format of its suffix (.html, .svg or .png). Reports missing fonts through
    `tell`.

    Raises NoPlotting, NotWritten if the file must not be replaced, and OSError if it cannot be written.
    """
    drawer = _drawer()
    try:
        complete = has_fonts(drawer, str(chart))
        picture = _drawn(drawer, chart, path.suffix.lower())
    except (RuntimeError, ValueError) as error:
        raise NoPlotting(
            _("{path}: cannot be drawn: {reason}: draw fewer words or episodes, or as .svg").format(
                path=path, reason=_reason(error)
            )
        ) from None
    write_bytes(path, picture, replace)
    if not complete:
        tell(
            _("No font here has Chinese characters, which the picture may lack: install {fonts}").format(
                fonts=_(_FONTS)
            )
        )


def svg_of(chart: Chart) -> str:
    """Renders a chart as SVG with tooltips and links. Raises NoPlotting."""
    try:
        return _with_hints(_drawer().vegalite_to_svg(chart))
    except (RuntimeError, ValueError) as error:
        raise NoPlotting(_("the chart cannot be drawn: {reason}").format(reason=_reason(error))) from None


def _reason(error: Exception) -> str:
    return str(error).partition("Stack backtrace")[0].strip().partition("\n")[0]


def _drawn(drawer: Any, chart: Chart, suffix: str) -> bytes:
    """Returns the rendered chart in the format of a suffix."""
    svg = _with_hints(drawer.vegalite_to_svg(chart))
    if suffix == ".png":
        picture: bytes = drawer.svg_to_png(svg, scale=_SCALE)
        return picture
    return (_page(svg, chart["title"]) if suffix == ".html" else svg).encode()


def _drawer() -> Any:
    try:
        import vl_convert
    except ImportError:
        from search.frontends.extras import not_installed

        raise NoPlotting(str(not_installed("--plot", "vl-convert-python", "plot"))) from None
    return vl_convert


def has_fonts(drawer: Any, text: str) -> bool:
    """Returns True if a font has the Chinese characters of a text, judged by the first. Renders different characters:
    if they all look the same, they are empty or the box of a missing glyph."""
    characters = sorted(set(re.sub(r"[\x00-\u2e7f]", "", text)))
    if not characters:
        return True
    box = '<svg xmlns="{}" width="24" height="24"><text y="20" font-family="sans-serif" font-size="20">{}</text></svg>'
    shown = [drawer.svg_to_png(box.format(_SVG, character)) for character in (characters[0], "一", "鑫")]
    return len(set(shown)) > 1


def _with_hints(svg: str) -> str:
    """Adds the hint of each mark as its title, which browsers show as a tooltip; makes links open a new page."""
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    root = ElementTree.fromstring(svg)
    for mark in root.iter():
        if mark.get("aria-roledescription") in _MARKS:
            ElementTree.SubElement(mark, f"{{{_SVG}}}title").text = mark.get("aria-label")
    for link in root.iter(f"{{{_SVG}}}a"):
        link.set("target", "_blank")
        link.set("rel", "noopener noreferrer")
    return ElementTree.tostring(root, "unicode")


def _page(svg: str, title: str) -> str:
    """Returns an HTML page with the SVG, whose policy forbids scripts and external resources."""
    return f"""<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(title)}</title>
<style>body {{ margin: 2rem; font-family: sans-serif }} svg {{ max-width: 100%; height: auto }}</style>
</head>
<body>
{svg}
</body>
</html>
"""
