"""`/search`: the moments of a query, and what they can be narrowed down to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from starlette.responses import RedirectResponse, Response

from indexer.core.types import Episode
from search.api import Match, Moment
from search.frontends.formats.reservations import reservations
from search.frontends.web.empty_answer import LinePart, empty_answer
from search.frontends.web.exploration_tabs import tabs
from search.frontends.web.facets import PASSING, TYPING, WHOLE, Counted, FacetCounts, FacetValue, count_facets
from search.frontends.web.page_parameters import DEEPEST, PAGE, SORTS, Asked, asked_of
from search.frontends.web.pages.explore import EXPLORED
from search.frontends.web.rendering.substitutes import Substitutes, nowhere_in, substitutes_of
from search.frontends.web.served.audio_sources import Sound
from search.frontends.web.site import PageView
from search.query.deadline import Deadline
from search.results.links import link_at

_DOORS = [EXPLORED[name] for name in ("concordance", "trend", "dispersion", "collocates")]
"""Explorations that a page of moments leads to, with its words."""
_STRICT = '"“”„«»「」『』=＂＝'
"""Signs with which a query demands an exact run of text or a word."""


@dataclass(frozen=True, slots=True)
class ShownMoment:
    """A moment as the page shows it: `read` opens the reader there, `link` is its second elsewhere on the web, `twins`
    are the same moment in other transcripts of its recording, `notes` say what it lacks of what was typed."""

    moment: Moment
    sound: Sound | None
    audio: str | None
    read: str
    link: str | None
    twins: Sequence[ShownMoment] = ()
    notes: Sequence[str] = ()

    @property
    def episode(self) -> Episode:
        return self.moment.episode

    @property
    def loose(self) -> Sequence[Match]:
        """One match for each way that was not as typed."""
        found = {(m.how, m.text, m.term): m for m in self.moment.matches if m.how != "exact"}
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Facet:
    """Values to narrow down to. `field` is the parameter that does it, `chosen` its value now."""

    name: str
    field: str
    chosen: str
    values: Sequence[tuple[FacetValue, str]]


@dataclass(frozen=True, slots=True)
class PageOfMoments:
    """A page of moments, by rank those of it that are the same in other transcripts of a recording, why the search
    stopped early or used no vectors if so, what was looked for instead of what, and what is nowhere: as a word, and by
    rank of a sentence (`reservations`)."""

    moments: Sequence[Moment]
    twins: Mapping[int, Sequence[Moment]]
    incomplete: str | None
    without_meaning: str | None
    instead: Sequence[Substitutes]
    nowhere: Sequence[str]
    lacking: Sequence[str]
    unsaid: Mapping[int, Sequence[str]]


def search_page(view: PageView, deadline: Deadline) -> Response:
    """Raises QueryProblem."""
    asked = asked_of(view.params)
    if not asked.q:
        return RedirectResponse(view.urls.page("/episodes", **asked.options) if asked.options else view.urls.page("/"))
    end = min(asked.offset + PAGE, DEEPEST)
    counted = view.site.counts.current()
    found = _found(view, asked, end, deadline)
    again = {twin.rank for twins in found.twins.values() for twin in twins}
    moments = [
        replace(
            shown_moment(view, moment, asked.q),
            twins=[shown_moment(view, twin, asked.q) for twin in found.twins.get(moment.rank, ())],
            notes=list(reservations(moment, found.lacking, found.unsaid.get(moment.rank, ()))),
        )
        for moment in found.moments
        if moment.rank not in again
    ]
    is_full = len(found.moments) == end - asked.offset
    is_whole = not (is_full or asked.offset or found.incomplete)
    effort = _effort(view)
    counts = count_facets(view.site.index, counted, asked, found.moments, is_whole, deadline, effort)
    respond = (
        view.respond
        if found.incomplete or (effort == WHOLE and not counts.is_complete)
        else partial(view.respond_for_all, is_outdated=_counted_since(counted, asked, counts))
    )
    return respond(
        "results.html" if view.params.get("part") == "results" else "search.html",
        asked=asked,
        q=asked.q,
        moments=moments,
        counts=counts,
        facets=[facet for facet in _facets(view, asked, counts) if facet.values],
        chosen=_chosen(view, asked),
        instead=found.instead,
        is_strict=asked.exact or any(sign in asked.q for sign in _STRICT),
        nowhere=found.nowhere,
        incomplete=found.incomplete,
        without_meaning=found.without_meaning,
        more=_more(view, asked, is_full, end, counts),
        sorts=[(name, _address(view, replace(asked, sort=name))) for name in SORTS],
        exact_address=_address(view, replace(asked, exact=not asked.exact)),
        is_deepest=end == DEEPEST and is_full,
        why=_why(view, asked, found, effort, deadline),
        recount=view.urls.search(asked.q, **asked.options, counts="all"),
        doors=tabs(view.urls, _DOORS, view.params) if moments else (),
    )


def _why(
    view: PageView, asked: Asked, found: PageOfMoments, effort: str, deadline: Deadline
) -> list[list[LinePart]] | None:
    """What to say of an answer without moments, unless what was looked for instead says it; None if that is not asked
    yet: it takes up to three searches."""
    if effort == TYPING:
        return None
    if found.moments or found.instead or asked.offset or deadline.reason is not None:
        return []
    return empty_answer(view, asked.request(deadline, 1))


def _found(view: PageView, asked: Asked, end: int, deadline: Deadline) -> PageOfMoments:
    """Searches, unless the answer is remembered. Raises QueryProblem."""
    library = view.site.index.library
    request = asked.request(deadline, end - asked.offset, asked.offset)
    answers = view.site.answers.current()
    question = request._replace(timeout=None)
    known: PageOfMoments | None = answers.get(question)
    if known is not None:
        return known
    result = library.search(request)
    plan = result.plan if len(result) or result.incomplete else library.loosely(asked.q)
    resolved = None if plan is None else library.resolved(plan)
    found = PageOfMoments(
        tuple(result),
        {} if result.incomplete else library.twins(result),
        result.incomplete,
        result.without_meaning,
        () if resolved is None else tuple(substitutes_of(resolved)),
        tuple(nowhere_in(resolved)) if resolved is not None and len(result) else (),
        () if resolved is None else resolved.lacking,
        library.unsaid(result.plan, result),
    )
    if not (result.incomplete or result.without_meaning):
        answers.keep(question, found, size_of(found.moments))
    return found


def size_of(moments: Sequence[Moment]) -> int:
    """The memory that moments take, roughly, in bytes."""
    return 1000 + sum(1000 + sum(400 + 2 * len(cue.text) for cue in moment.cues) for moment in moments)


def _counted_since(counted: Counted, asked: Asked, counts: FacetCounts) -> Callable[[], bool]:
    """Tells whether more is known by now of how many moments there are than a page says."""
    if counts.is_complete:
        return lambda: False
    terms = asked.request(Deadline()).terms

    def is_known() -> bool:
        known = counted.get(terms)
        return known is not None and (known.is_complete or known.moments > counts.moments)

    return is_known


def _effort(view: PageView) -> str:
    """Counting takes longer than searching, so it is not done while someone types."""
    if "counts" in view.params:
        return WHOLE
    return TYPING if view.params.get("part") == "results" else PASSING


def shown_moment(view: PageView, moment: Moment, query: str) -> ShownMoment:
    episode = moment.episode
    sound = view.sound(episode)
    audio = None if sound is None else view.urls.audio(episode.id) if sound.file else sound.url
    return ShownMoment(
        moment, sound, audio, view.urls.episode(episode.id, query, moment.start), link_at(episode, moment.start)
    )


def _more(view: PageView, asked: Asked, is_full: bool, end: int, counts: FacetCounts) -> str | None:
    """The address of the next moments; None if there are no more."""
    if not is_full or end >= DEEPEST or (counts.is_complete and counts.moments <= end):
        return None
    return view.urls.search(asked.q, **asked.options, offset=end)


def _facets(view: PageView, asked: Asked, counts: FacetCounts) -> list[Facet]:
    def with_links(field: str, values: Sequence[FacetValue], chosen: str) -> list[tuple[FacetValue, str]]:
        if len(values) < 2 and not chosen:
            return []
        return [(value, _narrowed(view, asked, field, value.name)) for value in values]

    years = asked.since[:4] if asked.since and asked.since == asked.until else ""
    return [
        Facet("facet.show", "show", asked.show, with_links("show", counts.shows, asked.show)),
        Facet("facet.year", "year", years, with_links("year", counts.years, years)),
        Facet("facet.speaker", "speaker", asked.speaker, with_links("speaker", counts.speakers, asked.speaker)),
    ]


def _narrowed(view: PageView, asked: Asked, field: str, value: str) -> str:
    more = {"since": value, "until": value} if field == "year" else {field: value}
    narrowed = replace(asked, offset=0, **more)  # type: ignore[arg-type]
    return view.urls.search(asked.q, **narrowed.options)


def _chosen(view: PageView, asked: Asked) -> list[tuple[str, str, str]]:
    """(key of its name, value, address without it) of each filter."""
    names = ("show", "title", "speaker", "since", "until")
    given = [(name, getattr(asked, name)) for name in names if getattr(asked, name)]
    if asked.since and asked.since == asked.until:
        kept = [pair for pair in given if pair[0] not in ("since", "until")]
        rest = asked.without("since", "until")
        return [
            *((f"filter.{name}", value, _address(view, asked.without(name))) for name, value in kept),
            ("facet.year", asked.since, _address(view, rest)),
        ]
    return [(f"filter.{name}", value, _address(view, asked.without(name))) for name, value in given]


def _address(view: PageView, asked: Asked) -> str:
    return view.urls.search(asked.q, **asked.options)
