"""Templates read no attribute that its class does not have: of a page of ten episodes many branches are never
rendered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, ValuesView
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from support.front_ends.web import page_of, served
from support.source.template_types import faults_of

from indexer.core.types import Chapter, Episode
from search.api import Moment
from search.backends.snapshot import Snapshot
from search.expansion.mishearings.suspects import Suspect
from search.frontends import web
from search.frontends.web.addresses import Addresses
from search.frontends.web.api.endpoints import Endpoint
from search.frontends.web.empty_answer import LinePart
from search.frontends.web.facets import FacetCounts
from search.frontends.web.page_parameters import Asked
from search.frontends.web.pages.episode import ReaderPiece
from search.frontends.web.pages.explore import TableCell, TableColumn
from search.frontends.web.pages.search import Facet, ShownMoment
from search.frontends.web.rendering.exploration_charts import PageChart
from search.frontends.web.rendering.substitutes import Substitutes
from search.frontends.web.served.audio_sources import Sound
from search.frontends.web.served.served_index import Catalogue
from search.frontends.web.site import PageView, Site

EVERYWHERE: Mapping[str, Any] = {"view": PageView, "urls": Addresses}
VARIABLES: Mapping[str, Mapping[str, Any]] = {
    "base.html": {},
    "docs.html": {"endpoints": Sequence[Endpoint]},
    "episode.html": {
        "episode": Episode,
        "moments": Sequence[Moment],
        "chapters": Sequence[Chapter],
        "stretch": ReaderPiece,
        "sound": Sound | None,
    },
    "episodes.html": {"episodes": Sequence[Episode]},
    "error.html": {},
    "explorations.html": {"tabs": Sequence[tuple[str, str]]},
    "explore.html": {
        "endpoint": Endpoint,
        "tabs": Sequence[tuple[str, str]],
        "rows": Sequence[Sequence[TableCell]],
        "columns": Sequence[TableColumn],
        "chart": PageChart | None,
    },
    "home.html": {"catalogue": Catalogue, "newest": Sequence[Episode]},
    "indexes.html": {"sites": Sequence[Site]},
    "lines.html": {"episode": Episode, "stretch": ReaderPiece},
    "login.html": {},
    "parts.html": {"episode": Episode, "shown": ShownMoment},
    "results.html": {
        "asked": Asked,
        "moments": Sequence[ShownMoment],
        "counts": FacetCounts,
        "facets": Sequence[Facet],
        "instead": Sequence[Substitutes],
        "why": Sequence[Sequence[LinePart]] | None,
    },
    "review.html": {"suspect": Suspect | None, "heard": ShownMoment | None, "right": ShownMoment | None},
    "search.html": {"asked": Asked},
}
"""The variables of each template of which it reads attributes; the parameters of its macros, too."""
FOLDER = Path(web.__file__).parent / "rendering" / "templates"


def test_every_template_is_listed() -> None:
    assert set(VARIABLES) == {path.name for path in FOLDER.glob("*.html")}


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_a_template_reads_what_its_objects_have(name: str) -> None:
    source = (FOLDER / name).read_text("utf-8")
    assert faults_of(source, {**EVERYWHERE, **VARIABLES[name]}, {"Snapshot": Snapshot}) == []


@pytest.mark.parametrize(
    "source, fault",
    [
        ("{{ urls.gone }}", "line 1: Addresses has no gone"),
        ("{% if no %}\n{{ urls.gone('x') }}{% endif %}", "line 2: Addresses has no gone"),
        ("{{ urls.episode() }}", "line 1: Addresses.episode: missing a required argument: 'episode'"),
        ("{{ urls.search('x', page=moments[0].episode.gone) }}", "line 1: Episode has no gone"),
        ("{% for one in moments %}{{ one.cues[0].gone }}{% endfor %}", "line 1: CueLine has no gone"),
        ("{% set a, b = view.site, 1 %}{{ t(a.index.gone) }}", "line 1: ServedIndex has no gone"),
        ("{% macro m(e) %}{{ e.id }}{% endmacro %}", "line 1: .id is read of a variable whose type is not listed"),
        ("{{ sound.host }}{{ sound.gone | upper }}", "line 1: Sound has no gone"),
        ("{% for k, v in asked.options.items() if urls.gone %}{{ v }}{% endfor %}", "line 1: Addresses has no gone"),
    ],
)
def test_what_is_missing_is_said(source: str, fault: str) -> None:
    known = {**EVERYWHERE, "moments": Sequence[Moment], "sound": Sound | None, "asked": Asked}
    assert faults_of(source, known, {"Snapshot": Snapshot}) == [fault]


PAGES = (
    "/",
    "/docs",
    "/episode/tea/radio?q=收音机",
    "/lines/tea/radio?first=0",
    "/episodes",
    "/explore",
    "/terms",
    "/search?q=收音机",
    "/search?q=收音鸡&part=results",
    "/review",
)


def test_pages_pass_what_is_listed(tiny_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered = set()
    render_page = PageView.render

    def render(view: PageView, template: str, **values: Any) -> str:
        rendered.add(template)
        for name, kind in VARIABLES[template].items():
            assert fits(values[name], kind), f"{template}: {name} is {values[name]!r}"
        return render_page(view, template, **values)

    monkeypatch.setattr(PageView, "render", render)
    with served(tiny_index, allow_edit=True) as client:
        for address in PAGES:
            page_of(client, address)
        assert client.get("/none").status_code == 404
    with served(tiny_index, tiny_index) as client:
        page_of(client, "/")
    assert rendered == {name for name in VARIABLES if name not in ("base.html", "login.html", "parts.html")}


def fits(value: Any, kind: Any) -> bool:
    """Whether a value is of a type; of a sequence, its first item is looked at."""
    if get_origin(kind) in (Union, UnionType):
        return any(fits(value, one) for one in get_args(kind))
    if isinstance(value, (Sequence, ValuesView)) and get_origin(kind) is Sequence:
        return all(fits(one, get_args(kind)[0]) for one in list(value)[:1])
    return isinstance(value, get_origin(kind) or kind)
