"""What the tools answer that find moments, read episodes and list them. Every answer is bounded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from indexer.core.named_tuples import NamedTuple
from indexer.core.text.time_format import clock
from indexer.core.types import Episode
from search.api import CueLine, Margin, Moment, Result, SearchRequest
from search.frontends.formats import query_plans
from search.frontends.formats.display import clean
from search.frontends.formats.no_results import reasons, reasons_of_each
from search.frontends.formats.reservations import reservations
from search.frontends.formats.titles import titled
from search.frontends.mcp.advice import TOOLS_INSTEAD
from search.frontends.mcp.tool import Answer, Record, beside, cited, cue_texts, deeper, nowhere, plural
from search.library import Library
from search.query.deadline import Deadline
from search.query.filters import given_filters
from search.query.plan import Plan
from search.results.links import link_at
from search.results.records import SCHEMA, cue_record, episode_record, moment_record
from search.several_libraries import Libraries

MOST_SHOWS = 20
"""Shows that a list of episodes tells of."""
LONGEST_READ = 600.0
"""Seconds of an episode in one answer."""
MOST_CHARACTERS = 20_000
"""Characters of an episode in one answer: above ten minutes of speech, in case times do not advance."""


def search(library: Library | Libraries, asked: Record, deadline: Deadline) -> Answer:
    query = asked["query"]
    request = SearchRequest(
        query,
        tuple(given_filters(asked)),
        asked["limit"],
        Margin(float(asked["context"])),
        exact=asked["exact"],
        timeout=deadline,
        offset=asked["offset"],
        meaning=not asked["no_meaning"],
    )
    result = library.search(request)
    going_on = deeper(request.offset + len(result)) if len(result) == request.limit else None
    plan: Plan | None = result.plan
    if not result and not result.incomplete:
        plan = None if isinstance(library, Libraries) else library.loosely(query)
    resolved = None if plan is None else library.resolved(plan)
    instead = [] if resolved is None else list(query_plans.instead(resolved, result))
    advice = [] if instead and not result else list(_advice(library, request, result, deadline))
    remarks = _remarks(library, result, () if resolved is None else resolved.lacking)
    if result:
        head = f"{len(result)} {plural(len(result), 'moment')}, best first" + (
            "" if going_on is None else f"; there may be more: offset {going_on}"
        )
    elif request.offset:
        head = f"Nothing more found for {clean(query)}"
    else:
        head = f"Nothing found for {clean(query)}" + ("; without quotes, = and exact:" if instead else "")
    if result.incomplete:
        head += f". The search was {result.incomplete}: there may be more and better ones: ask for rarer words"
    if result.without_meaning:
        head += f". Answered without meaning: {clean(result.without_meaning)}"
    record = {
        "schema": SCHEMA,
        "query": query,
        "moments": [_moment_record(moment, remarks) for moment in result],
        "instead": instead,
        "advice": advice,
        "incomplete": result.incomplete,
        "without_meaning": result.without_meaning,
        "next": going_on,
    }
    return Answer(record, "\n".join([head, *instead, *advice, *_texts(result, remarks)]))


def _advice(library: Library | Libraries, request: SearchRequest, found: Result, deadline: Deadline) -> Iterator[str]:
    """Which episodes have the query as their title, but not of several libraries or a cluster, which would have to be
    asked; if nothing was found, why, and what to ask instead. Nothing without time for it."""
    if deadline.reason is not None or request.offset:
        return
    in_time = request._replace(timeout=deadline.left())
    if not found and isinstance(library, Libraries):
        lines = list(reasons_of_each(library, in_time, lambda name: TOOLS_INSTEAD))
    elif isinstance(library, Libraries) or (found and library.cost is not None):
        lines = []
    elif found:
        lines = [titled(library, request.query, {one.episode.id for one in found}, TOOLS_INSTEAD)]
    else:
        lines = list(reasons(library, in_time, TOOLS_INSTEAD))
    yield from (clean(line) for line in lines if line)


class _Remarks(NamedTuple):
    """What is to be said of moments, by rank: what they lack of what was typed, and the rank of the same one in another
    transcript of the recording."""

    notes: Mapping[int, Sequence[str]]
    same_as: Mapping[int, int]


def _remarks(library: Library | Libraries, found: Result, lacking: Sequence[str]) -> _Remarks:
    twins = {} if found.incomplete else library.twins(found)
    unsaid = library.unsaid(found.plan, found) if found else {}
    notes = {one.rank: list(reservations(one, lacking, unsaid.get(one.rank, ()))) for one in found}
    return _Remarks(notes, {twin.rank: rank for rank, others in twins.items() for twin in others})


def _moment_record(moment: Moment, remarks: _Remarks) -> Record:
    """The JSON record of a moment, with the time as cited and what is said beside it."""
    same_as = remarks.same_as.get(moment.rank)
    return {
        **moment_record(moment),
        "time": clock(moment.start),
        "notes": remarks.notes[moment.rank],
        "same_as": same_as,
    }


def _texts(found: Result, remarks: _Remarks) -> Iterator[str]:
    """The lines of each moment; of one in another transcript of the same recording, only where it is."""
    for moment in found:
        yield ""
        yield f"{moment.rank}. {cited(moment.episode, moment.start, moment.library)}"
        if moment.rank in remarks.same_as:
            yield f"   the same as {remarks.same_as[moment.rank]}, in another transcript of the recording"
            continue
        yield from (f"   {note}" for note in remarks.notes[moment.rank])
        yield from _moment_lines(moment)


def _moment_lines(moment: Moment) -> Iterator[str]:
    for how, found, term in dict.fromkeys((m.how, m.text, m.term) for m in moment.matches if m.how != "exact"):
        if how == "meaning":
            yield f"   near in meaning: {clean(found)}"
        else:
            yield f"   {clean(found)} was taken for {clean(term)} ({how})"
    yield from cue_texts(moment.cues)


def read(library: Library, asked: Record, _: Deadline) -> Answer:
    start, end = _range(asked)
    episode, cues = library.read(asked["episode"], start, end)
    shown = list(_bounded(cues))
    going_on = cues[len(shown)].start if len(shown) < len(cues) else end
    goes_on = start < going_on < episode.duration
    facts = {name: value for name, value in episode_record(episode).items() if name not in ("cues", "characters")}
    record = {
        **facts,
        "start": start,
        "end": end,
        "next": going_on if goes_on else None,
        "url": link_at(episode, start),
        "cues": list(map(cue_record, shown)),
    }
    said = list(cue_texts(shown)) or [f"   nothing is said here; the episode has {episode.duration:.0f} seconds"]
    more = [f"The episode goes on: read from start {going_on:g}"] if goes_on else []
    return Answer(record, "\n".join([cited(episode, start), *said, *more]))


def _bounded(cues: Iterable[CueLine]) -> Iterator[CueLine]:
    """The first cues, up to `MOST_CHARACTERS` characters; the first one truncated if it has more."""
    room = MOST_CHARACTERS
    for cue in cues:
        if len(cue.text) > room and room < MOST_CHARACTERS:
            return
        yield cue._replace(text=cue.text[:MOST_CHARACTERS])
        room -= len(cue.text)


def _range(asked: Record) -> tuple[float, float]:
    """The seconds to read: a range, or the surroundings of a time; at most `LONGEST_READ`."""
    if asked["start"] is None and asked["end"] is None and asked["at"] is not None:
        start, end = asked["at"] - asked["context"], asked["at"] + asked["context"]
    else:
        start = asked["start"] or 0.0
        end = asked["end"] if asked["end"] is not None else start + LONGEST_READ
    start = max(0.0, float(start))
    return start, min(float(end), start + LONGEST_READ)


def episodes(library: Library, asked: Record, _: Deadline) -> Answer:
    filters = given_filters(asked)
    return listed([("", episode) for episode in library.episodes(filters)], asked, nowhere(library, filters))


def listed(found: Sequence[tuple[str, Episode]], asked: Record, none: str = "") -> Answer:
    """A page of episodes, each with the name of its library where there are several; with the first, the shows. `none`
    says why there are none."""
    offset, limit = asked["offset"], asked["limit"]
    shown = found[offset : offset + limit]
    going_on = offset + limit if offset + limit < len(found) else None
    shows = [] if offset else list(_shows(found))
    record = {
        "schema": SCHEMA,
        "total": len(found),
        "next": going_on,
        "shows": shows,
        "episodes": [{**episode_record(episode), **_of(library)} for library, episode in shown],
    }
    overview = [f"Show: {_show_text(show)}" for show in shows] if len(shows) > 1 or going_on else []
    lines = [
        beside(e.period, clock(e.duration), e.title, e.show, f"episode: {e.id}", library and f"library: {library}")
        for library, e in shown
    ]
    more = [] if going_on is None else [f"There are more: offset {going_on}"]
    head = f"{len(found)} {plural(len(found), 'episode')}{none}"
    return Answer(record, "\n".join([head, *overview, *lines, *more]))


def _of(library: str) -> Record:
    """The field that names a library where there are several."""
    return {"library": library} if library else {}


def _shows(found: Sequence[tuple[str, Episode]]) -> Iterator[Record]:
    """The shows with most episodes: how many, and the first and last date that is known."""
    shows: defaultdict[tuple[str, str], list[Episode]] = defaultdict(list)
    for library, episode in found:
        shows[library, episode.show].append(episode)
    for (library, show), members in sorted(shows.items(), key=lambda one: (-len(one[1]), one[0]))[:MOST_SHOWS]:
        dates = sorted(episode.period for episode in members if episode.period)
        first, last = (dates[0], dates[-1]) if dates else (None, None)
        yield {"show": show, "episodes": len(members), "first": first, "last": last, **_of(library)}


def _show_text(show: Record) -> str:
    dates = show["first"] and f"{show['first']} to {show['last']}"
    number = show["episodes"]
    return beside(show["show"] or "(no name)", f"{number} {plural(number, 'episode')}", dates, show.get("library"))
