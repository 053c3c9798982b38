"""The tools an assistant may call: three, answered with plain values and a text that can be cited.

Independent of the protocol, which is in `search.frontends.mcp.server`. Every answer is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from indexer.core.messages import N_
from indexer.core.text.time_format import clock
from indexer.core.types import Episode
from search.api import CueLine, Margin, Moment, SearchRequest
from search.frontends.formats import query_plans
from search.frontends.formats.display import clean
from search.frontends.mcp.arguments import Schema, checked, integer, number, switch, text
from search.library import Library
from search.query.deadline import DEFAULT_TIMEOUT, Deadline
from search.query.filters import given_filters
from search.results.links import link_at
from search.results.records import SCHEMA, cue_record, episode_record, moment_record

MOST_MOMENTS = 50
MOST_EPISODES = 100
DEEPEST = 1000
"""Moments that may be left out: a search finds all up to the last it shows."""
LONGEST_READ = 600.0
"""Seconds of an episode in one answer."""
LONGEST_CONTEXT = 60.0
"""Seconds around a match."""
MOST_CHARACTERS = 20_000
"""Characters of an episode in one answer: above ten minutes of speech, in case times do not advance."""
_LAST_SECOND = 10_000_000.0

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in two forms: `record` for programs, with the fields of `--format jsonl`, and `text` to read."""

    record: Record
    text: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool. `arguments` maps argument names to their JSON schemas."""

    name: str
    title: str
    description: str
    arguments: Mapping[str, Schema]
    required: tuple[str, ...]
    answer: Callable[[Library, Record, Deadline], Answer]

    @property
    def schema(self) -> Schema:
        """The JSON schema of all arguments."""
        names: Schema = {"properties": dict(self.arguments), "required": list(self.required)}
        return {"type": "object", **names, "additionalProperties": False}

    def ask(self, library: Library, given: Mapping[str, Any], deadline: Deadline | None = None) -> Answer:
        """Returns the answer, or the best found once the deadline has passed. Raises PodseekProblem, in one line, if
        there is none or the arguments are invalid."""
        return self.answer(
            library, checked(given, self.arguments, self.required), deadline or Deadline(DEFAULT_TIMEOUT)
        )


def _search(library: Library, asked: Record, deadline: Deadline) -> Answer:
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
    going_on = request.most if len(result) == request.limit else None
    plan = result.plan if len(result) or result.incomplete else library.loosely(query)
    instead = list(query_plans.instead(library.resolved(plan), result)) if plan is not None else []
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
        "moments": list(map(_moment_record, result)),
        "instead": instead,
        "incomplete": result.incomplete,
        "without_meaning": result.without_meaning,
        "next": going_on,
    }
    return Answer(record, "\n".join([head, *instead, *(line for moment in result for line in _moment_lines(moment))]))


def _moment_record(moment: Moment) -> Record:
    """The JSON record of a moment, with the time as cited."""
    return {**moment_record(moment), "time": clock(moment.start)}


def _moment_lines(moment: Moment) -> Iterator[str]:
    yield ""
    yield f"{moment.rank}. {_cited(moment.episode, moment.start)}"
    for how, found, term in dict.fromkeys((m.how, m.text, m.term) for m in moment.matches if m.how != "exact"):
        if how == "meaning":
            yield f"   near in meaning: {clean(found)}"
        else:
            yield f"   {clean(found)} was taken for {clean(term)} ({how})"
    yield from _cue_lines(moment.cues)


def _cited(episode: Episode, second: float) -> str:
    """The episode, the time, and a link to it."""
    facts = (episode.title, episode.show, episode.period, clock(second), link_at(episode, second))
    return f"{' | '.join(clean(fact) for fact in facts if fact)} | episode: {clean(episode.id)}"


def _cue_lines(cues: Iterable[CueLine]) -> Iterator[str]:
    for cue in cues:
        speaker = f"{clean(cue.speaker)}: " if cue.speaker else ""
        yield f"   {clock(cue.start)} {speaker}{clean(cue.text)}"


def _read(library: Library, asked: Record, _: Deadline) -> Answer:
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
    said = list(_cue_lines(shown)) or [f"   nothing is said here; the episode has {episode.duration:.0f} seconds"]
    more = [f"The episode goes on: read from start {going_on:g}"] if goes_on else []
    return Answer(record, "\n".join([_cited(episode, start), *said, *more]))


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


def _episodes(library: Library, asked: Record, _: Deadline) -> Answer:
    found = library.episodes(given_filters(asked))
    offset, limit = asked["offset"], asked["limit"]
    shown = found[offset : offset + limit]
    going_on = offset + limit if offset + limit < len(found) else None
    record = {"schema": SCHEMA, "total": len(found), "next": going_on, "episodes": list(map(episode_record, shown))}
    lines = [
        " | ".join(clean(fact) for fact in (e.period, clock(e.duration), e.title, e.show, f"episode: {e.id}") if fact)
        for e in shown
    ]
    more = [] if going_on is None else [f"There are more: offset {going_on}"]
    return Answer(record, "\n".join([f"{len(found)} episodes", *lines, *more]))


LANGUAGE = """\
Query language: words side by side are ranked by how much of them is said (强化 学习); "..." is an exact run of text;
A AND B, A OR B, NOT A, -A, ( ) combine within one moment (22 s); A NEAR/10s B is within 10 seconds, A NEAR/8 B within 8
characters; word* begins so; =word only exactly; ~word in any form that sounds or is spelled alike. Filters:
show:, title:, speaker:, date:2025-06 or date:2025-06..2025-08. Simplified and Traditional, full and half width, upper
and lower case are one. Transcripts are machine-made: what was misheard is found by its sound as well, and said so."""

INSTRUCTIONS = """\
Searches what was said in podcasts, in transcripts on this computer. Search first; read around a moment for more of it.
Cite what you use with the title of the episode, the time (hh:mm:ss) and, where there is one, the url, which begins at
that second."""

_FILTERS = {
    "show": text(N_("Only shows whose name has this text.")),
    "title": text(N_("Only episodes whose title has this text.")),
    "speaker": text(N_("Only episodes in which this person speaks.")),
    "since": text(N_("Only episodes from this date on: 2025, 2025-06 or 2025-06-08.")),
    "until": text(N_("Only episodes up to this date.")),
}

TOOLS = (
    Tool(
        "search",
        "Search what was said",
        f"Finds the moments in which something was said: episode, second, and the lines around it. {LANGUAGE}",
        {
            "query": text(N_("What was said, in the query language.")),
            "limit": integer(N_("Moments at most."), 1, MOST_MOMENTS, 10),
            "offset": integer(N_("Leave out so many, best first: `next` of the answer before."), 0, DEEPEST, 0),
            "context": number(N_("Seconds before and after the matches."), 0, LONGEST_CONTEXT, 5),
            "exact": switch(N_("Nothing by sound, spelling, number, alias or meaning.")),
            "no_meaning": switch(N_("Nothing that is only near in meaning.")),
            **_FILTERS,
        },
        ("query",),
        _search,
    ),
    Tool(
        "read",
        "Read an episode",
        N_(
            "Reads an episode around a second (at, context) or from start to end, ten minutes at most; `next` in the "
            "answer is where to go on."
        ),
        {
            "episode": text(N_("The id of the episode, or any part of its id or title that fits only one.")),
            "at": number(N_("Read around this second."), 0, _LAST_SECOND),
            "context": number(N_("Seconds before and after `at`."), 0, LONGEST_READ / 2, 30),
            "start": number(N_("Read from this second, instead of around one."), 0, _LAST_SECOND),
            "end": number(N_("Read up to this second."), 0, _LAST_SECOND),
        },
        ("episode",),
        _read,
    ),
    Tool(
        "episodes",
        "List episodes",
        N_("Lists the episodes in the index by show and date; `next` in the answer is the offset of the next page."),
        {
            **_FILTERS,
            "offset": integer(N_("Leave out so many."), 0, 1_000_000, 0),
            "limit": integer(N_("Episodes at most."), 1, MOST_EPISODES, 50),
        },
        (),
        _episodes,
    ),
)


def plural(count: int, noun: str) -> str:
    """Returns the noun in singular or plural: 1 moment, 2 moments, 2 matches."""
    if count == 1:
        return noun
    return noun + ("es" if noun.endswith("ch") else "s")
