"""Pictures are valid files that hold the Chinese labels and a link to each moment."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from support.front_ends.commands import called
from support.library import PATIENCE, ROOT, Tools, spaced
from support.programs import CHINESE_FONT

from search import Library
from search.frontends.formats.charts import pictures
from search.frontends.formats.charts.pictures import NoPlotting, write_picture
from search.frontends.formats.charts.specifications import dispersion_chart, trend_chart
from search.frontends.formats.files import NotWritten

SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"


def nobody(_: str) -> None:
    """Hears nothing."""


def svg_of(text: str) -> ElementTree.Element:
    found = re.search("<svg.*</svg>", text, re.DOTALL)
    assert found
    return ElementTree.fromstring(found[0])


def texts(root: ElementTree.Element) -> str:
    return " ".join(element.text or "" for element in root.iter(f"{SVG}text"))


@pytest.mark.parametrize("suffix", ["svg", "html"])
@pytest.mark.parametrize("by", ["month", "episode", "year", "show"])
def test_points_of_a_trend_link_to_their_moments(tiny: Library, tmp_path: Path, by: str, suffix: str) -> None:
    path = tmp_path / f"trend.{suffix}"
    write_picture(path, trend_chart(tiny.explore.trend(["收音机", "水开了"], by=by), nobody), nobody)
    root = svg_of(path.read_text("utf-8"))
    assert "收音机" in texts(root)
    assert "水开了" in texts(root)
    links = [link.get(LINK) for link in root.iter(f"{SVG}a")]
    assert "https://example.org/tea/radio.mp3#t=4" in links or "https://example.org/radio#t=4" in links
    hints = [title.text or "" for title in root.iter(f"{SVG}title")]
    assert any("今天聊收音机" in hint for hint in hints)


def test_ticks_of_a_dispersion_are_moments_of_named_episodes(tiny: Library, tmp_path: Path) -> None:
    path = tmp_path / "水.svg"
    episodes = {episode.id: episode for episode in tiny.episodes()}
    write_picture(path, dispersion_chart(tiny.explore.dispersion(["水", "收音机"]), episodes, nobody), nobody)
    root = svg_of(path.read_text("utf-8"))
    assert "水开了没有" in texts(root)
    assert "石橋" in texts(root)
    assert "https://example.org/tea/kettle.mp3#t=8" in [link.get(LINK) for link in root.iter(f"{SVG}a")]


def test_a_moment_without_a_link_tells_how_to_hear_it(tools: Tools, tmp_path: Path) -> None:
    with tools.library({"a": spaced(["今天", "聊收音机"])}) as library:
        write_picture(tmp_path / "a.svg", trend_chart(library.explore.trend(["收音机"]), nobody), nobody)
    root = svg_of((tmp_path / "a.svg").read_text("utf-8"))
    assert not list(root.iter(f"{SVG}a"))
    hints = [title.text or "" for title in root.iter(f"{SVG}title")]
    assert [hint for hint in hints if "podseek play show/a --at 00:00:04" in hint]


def test_a_png_is_one(tiny: Library, tmp_path: Path) -> None:
    write_picture(tmp_path / "a.PNG", trend_chart(tiny.explore.trend(["收音机"]), nobody), nobody)
    assert (tmp_path / "a.PNG").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_a_page_runs_no_scripts_whatever_a_word_says(tiny: Library, tmp_path: Path) -> None:
    word = "水<script>alert(1)</script>"
    write_picture(tmp_path / "a.html", trend_chart(tiny.explore.trend([word, "水"]), nobody), nobody)
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "<script" not in page
    assert "http:" not in re.sub(r"https?://(example\.org|www\.w3\.org)/", "", page)
    assert "default-src 'none'" in page


def test_nothing_a_transcript_says_breaks_a_picture(tools: Tools, tmp_path: Path) -> None:
    hostile = "水\x1b[31m\ufffe\x00 ]]> <b>&amp;</b> " + "长" * 5000
    with tools.library({"a": spaced([hostile])}) as library:
        episodes = {episode.id: episode for episode in library.episodes()}
        found = library.explore.dispersion(["水", "\ufffe水\x1b"])
        for chart in (
            trend_chart(library.explore.trend(["水\uffff"]), nobody),
            dispersion_chart(found, episodes, nobody),
        ):
            write_picture(tmp_path / "a.svg", chart, nobody, replace=True)
            written = (tmp_path / "a.svg").read_text("utf-8")
            svg_of(written)
            assert len(written) < 50_000


def test_episodes_with_the_same_title_have_lines_of_their_own(tools: Tools) -> None:
    with tools.library({"a": spaced(["水开了"]), "b": spaced(["水真好"])}) as library:
        episodes = {episode.id: episode for episode in library.episodes()}
        found = library.explore.dispersion(["水"])
        chart = dispersion_chart(found, episodes, nobody)
    assert len({value["label"] for value in chart["layer"][0]["data"]["values"]}) == 2


def test_what_cannot_be_drawn_is_told(tiny: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.frontends.formats.charts.specifications._MOST_MARKS", 3)
    said: list[str] = []
    episodes = {episode.id: episode for episode in tiny.episodes()}
    chart = dispersion_chart(tiny.explore.dispersion(["水"]), episodes, said.append)
    assert len(chart["layer"][1]["data"]["values"]) == 3
    assert "the first 3 of" in said[0]


class _Boxes:
    """Draws as where no font has Chinese."""

    def __init__(self, drawer: Any) -> None:
        self.vegalite_to_svg = drawer.vegalite_to_svg

    def svg_to_png(self, svg: str, scale: float = 1.0) -> bytes:
        return b"box"


def test_missing_fonts_are_told_in_one_line(tiny: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import vl_convert

    monkeypatch.setattr(pictures, "_drawer", lambda: _Boxes(vl_convert))
    said: list[str] = []
    write_picture(tmp_path / "a.svg", trend_chart(tiny.explore.trend(["收音机"]), nobody), said.append)
    assert len(said) == 1
    assert "fonts-noto-cjk" in said[0]


def test_of_a_picture_that_cannot_be_written_no_fonts_are_told(
    tiny: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import vl_convert

    monkeypatch.setattr(pictures, "_drawer", lambda: _Boxes(vl_convert))
    said: list[str] = []
    with pytest.raises(NotWritten):
        write_picture(tmp_path / "none" / "a.svg", trend_chart(tiny.explore.trend(["收音机"]), nobody), said.append)
    assert said == []


@pytest.mark.needs(CHINESE_FONT)
def test_where_a_font_has_chinese_nothing_is_told(tiny: Library, tmp_path: Path) -> None:
    said: list[str] = []
    write_picture(tmp_path / "a.png", trend_chart(tiny.explore.trend(["收音机"]), nobody), said.append)
    assert said == []


def test_without_the_library_the_cure_is_named(tiny: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(NoPlotting, match=r"pip install 'podseek\[plot\]'"):
        write_picture(tmp_path / "a.svg", trend_chart(tiny.explore.trend(["收音机"]), nobody), nobody)
    assert not list(tmp_path.iterdir())


def test_the_commands_draw_and_refuse_other_files(tiny_index: Path, tmp_path: Path) -> None:
    run = called("dispersion", "水", "--plot", tmp_path / "水.html", "--index", tiny_index)
    assert run.code == 0
    assert "水开了没有" in (tmp_path / "水.html").read_text("utf-8")
    run = called("trend", "水", "--plot", tmp_path / "水.pdf", "--index", tiny_index)
    assert run.code == 2
    assert ".html, .svg or .png" in run.err


COMMANDS = [("trend", "水", "--by", "episode"), ("dispersion", "水")]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_picture_is_there_although_nobody_reads_the_table(
    tiny_index: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    picture = tmp_path / "a.svg"
    reader, writer = os.pipe()
    os.close(reader)
    arguments = [*command, "--plot", str(picture), "--index", str(tiny_index)]
    program = [sys.executable, str(ROOT / "cli.py"), *arguments]
    subprocess.run(program, stdout=writer, stderr=subprocess.PIPE, timeout=PATIENCE, check=False)
    os.close(writer)
    assert "水" in texts(svg_of(picture.read_text("utf-8")))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("place", ["none/a.svg", "folder.svg", "file.svg/a.png"])
def test_where_no_picture_can_be_nothing_is_printed_but_that(
    tiny_index: Path, tmp_path: Path, command: tuple[str, ...], place: str
) -> None:
    (tmp_path / "folder.svg").mkdir()
    (tmp_path / "file.svg").touch()
    run = called(*command, "--plot", tmp_path / place, "--index", tiny_index)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith(f"{tmp_path / place}: ")
    assert len(run.err.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file.svg", "folder.svg"]


NO_SHOW = 'show:"没有": no show has this name: there are 两杯茶, 橋上風景'


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("dispersion", "区块链"), ""),
        (("dispersion", "水", "--show", "没有"), NO_SHOW),
        (("trend", "水", "--show", "没有"), NO_SHOW),
    ],
)
def test_of_nothing_no_picture_is_drawn(tiny_index: Path, tmp_path: Path, command: tuple[str, ...], said: str) -> None:
    run = called(*command, "--plot", tmp_path / "a.png", "--index", tiny_index)
    assert run.code == 1
    assert run.err.splitlines()[-1] == f"{said}{': ' if said else ''}{tmp_path / 'a.png'} is not drawn"
    assert not list(tmp_path.iterdir())


def test_what_the_drawer_cannot_do_is_one_line(tiny: Library, tmp_path: Path) -> None:
    chart = {
        **trend_chart(tiny.explore.trend(["水"]), nobody),
        "width": 1,
        "height": 1,
        "layer": [{"mark": "nonsense"}],
    }
    with pytest.raises(NoPlotting, match="cannot be drawn") as raised:
        write_picture(tmp_path / "a.svg", chart, nobody)
    assert "\n" not in str(raised.value)
    assert "backtrace" not in str(raised.value)
