"""What the tools answer that count: trends, concordances, typical words, chapters. Every answer is bounded.

The rows are those of the commands of these names; a text has a line for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from indexer.core.text.time_format import clock
from search.frontends.formats.display import clean
from search.frontends.mcp.tool import Answer, Record, beside, cited, deeper, nowhere, plural, twice
from search.frontends.schemas.arguments import several
from search.library import Library
from search.query.deadline import Deadline
from search.query.filters import given_filters
from search.results.links import link_at
from search.results.records import SCHEMA, SHAPES, episode_record

if TYPE_CHECKING:
    from search.exploration.concordance import Concordance
    from search.exploration.trends import Rate, Trend

MOST_MONTHS = 24
"""Months that are listed unless asked for; of more, the years."""
IN_EPISODES, MANY_EPISODES = 3, 10
"""In a part of many episodes, a typical word is in so many: else a guest's name is typical of a show."""
_IN_TIME = ("month", "year")


def trend(library: Library, asked: Record, deadline: Deadline) -> Answer:
    words, filters = several(asked["words"]), given_filters(asked)
    by = asked["by"]
    if by is None:
        months = {(episode.period or "")[:7] for episode in library.episodes(filters)} - {""}
        by = "year" if len(months) > MOST_MONTHS else None
    found = library.explore.trend(words, filters, by=by, timeout=deadline)
    groups: dict[str, list[Rate]] = {}
    for rate in found:
        groups.setdefault(rate.group, []).append(rate)
    shown = _shown(groups, found.by, asked["limit"])
    rates = [rate for term in words for group in shown for rate in groups[group] if rate.term == term]
    totals = [
        {**_total(term, [rate for rate in found if rate.term == term], found.by), "undated": found.beside.get(term, 0)}
        for term in words
    ]
    record = {
        "schema": SCHEMA,
        "by": found.by,
        "groups": len(groups),
        "totals": totals,
        "rates": list(map(SHAPES["trend"].record, rates)),
        "damped": found.damped,
        "undated": found.undated,
        "unnamed": found.unnamed,
        "incomplete": deadline.reason,
    }
    heads = map(_total_text, totals) if groups else [f"Nothing to count{nowhere(library, filters)}"]
    is_said = any(total["count"] for total in totals)
    lines = [*heads, *_first_texts(found), *(_group_lines(groups, shown, found.by) if is_said else ())]
    notes = [*_trend_notes(found, groups, shown, asked["limit"]), *_damped(found.damped)]
    doubled = twice(library, filters, deadline) if is_said else ()
    return Answer(record, "\n".join([*lines, *notes, *doubled, *stopped(deadline)]))


def _shown(groups: dict[str, list[Rate]], by: str, limit: int) -> list[str]:
    """The groups that are listed: the last ones in time, or those that say it most, without those that never do."""
    if by in _IN_TIME:
        return list(groups)[-limit:]
    said = {name: sum(rate.count for rate in rates) for name, rates in groups.items()}
    return [name for name in sorted(said, key=lambda name: -said[name]) if said[name]][:limit]


def _total(term: str, rates: Sequence[Rate], by: str) -> Record:
    """What is in all groups together, also those that are not listed."""
    count, hours, atoms = (sum(getattr(rate, name) for rate in rates) for name in ("count", "hours", "atoms"))
    episodes = None if by == "speaker" else sum(rate.episodes for rate in rates)
    per_hour = sum(rate.per_hour * rate.hours for rate in rates) / hours if hours else 0.0
    per_million = count * 1e6 / atoms if atoms else 0.0
    return {
        "term": term,
        "count": count,
        "episodes": episodes,
        "hours": round(hours, 4),
        "per_hour": round(per_hour, 4),
        "per_million": round(per_million, 4),
    }


def _total_text(total: Record) -> str:
    count, episodes, term, undated = total["count"], total["episodes"], clean(total["term"]), total["undated"]
    beside = f"{undated:,} {plural(undated, 'time')} in episodes without a date: count by show or episode"
    if not count:
        where = f"nowhere exactly in {total['hours']:.2f} h of speech"
        return f"{term}: {where}" + (f" with a date; {beside}" if undated else "; search finds what sounds alike")
    where = "" if episodes is None else f" in {episodes} {plural(episodes, 'episode')}"
    rates = f"{total['per_hour']:.2f} an hour of {total['hours']:.2f} h, {total['per_million']:,.0f} in a million"
    return f"{term}: {count:,} {plural(count, 'time')}{where}, {rates} characters" + (f"; {beside}" if undated else "")


def _first_texts(found: Trend) -> Iterator[str]:
    """The first moment of each text where the groups are in time."""
    if found.by not in _IN_TIME:
        return
    for term, rates in groupby(found, lambda rate: rate.term):
        for rate in rates:
            if rate.episode is not None:
                place = beside(rate.group, clock(rate.start or 0), rate.url, f"episode: {rate.episode}")
                yield f"first {clean(term)}: {place} | {clean(rate.line or '')}"
                break


def _group_lines(groups: dict[str, list[Rate]], shown: Sequence[str], by: str) -> Iterator[str]:
    if shown:
        yield f"By {by}: hours of speech, then times, and times an hour"
    for name in shown:
        rates = groups[name]
        named = len(rates) > 1
        counts = (f"{f'{clean(rate.term)} ' if named else ''}{rate.count:,}, {rate.per_hour:.2f}/h" for rate in rates)
        label = beside(rates[0].period, rates[0].label) if by == "episode" else clean(rates[0].label)
        first = next((rate for rate in rates if rate.episode is not None), None)
        place = "" if first is None or by in _IN_TIME else f"first {clock(first.start or 0)} in {first.episode}"
        yield beside(label or "(no name)", f"{rates[0].hours:.2f} h", *counts, place)


def _trend_notes(found: Trend, groups: dict[str, list[Rate]], shown: Sequence[str], limit: int) -> Iterator[str]:
    from search.frontends.formats.listings.trends import left_out_notes

    left_out = len(groups) - len(shown)
    if left_out and found.by in _IN_TIME:
        yield f"{left_out} earlier {plural(left_out, found.by)} left out: give until or limit"
    elif left_out and shown:
        said = "with fewer or none" if len(shown) == limit else "without any"
        yield f"{left_out} more {plural(left_out, found.by)}, {said}"
    yield from left_out_notes(found)


def _damped(count: int) -> Iterator[str]:
    """Tells how many occurrences do not count."""
    if count:
        yield f"{count:,} more in loops and stock lines of the recogniser left out"


def concordance(library: Library, asked: Record, deadline: Deadline) -> Answer:
    offset, limit = asked["offset"], asked["limit"]
    found = library.explore.concordance(
        asked["query"],
        given_filters(asked),
        sort=asked["sort"],
        limit=None if asked["random"] else offset + limit,
        sample=offset + limit if asked["random"] else None,
        context=asked["context"],
        tolerant=asked["tolerant"],
        timeout=deadline,
    )
    shown = found[offset : offset + limit]
    is_last = asked["random"] or not shown or offset + len(shown) >= found.total
    going_on = None if is_last else deeper(offset + len(shown))
    record = {
        "schema": SCHEMA,
        "total": found.total,
        "in": found.episodes,
        "damped": found.damped,
        "lines": list(map(SHAPES["concordance"].record, shown)),
        "next": going_on,
        "incomplete": deadline.reason,
    }
    more = [] if going_on is None else [f"There are more: offset {going_on}"]
    if going_on is None and not is_last:
        more = ["There are more, too many to list: choose a show, a title or dates, or a random sample"]
    head = _concordance_head(found, len(shown), asked)
    if not found.total:
        head += nowhere(library, given_filters(asked))
    doubled = twice(library, given_filters(asked), deadline) if shown else ()
    lines = [head, *_concordance_lines(shown), *more, *_damped(found.damped), *doubled, *stopped(deadline)]
    return Answer(record, "\n".join(lines))


def _concordance_head(found: Concordance, shown: int, asked: Record) -> str:
    if not found.total:
        query = clean(asked["query"])
        if asked["tolerant"]:
            return f"Nothing found for {query}"
        return f"Nothing found exactly for {query}; tolerant finds what sounds alike"
    total, episodes = found.total, found.episodes
    head = f"{total:,} {plural(total, 'match')} in {episodes:,} {plural(episodes, 'episode')}"
    return f"{head}; {shown} {'at random' if asked['random'] else 'here'}"


def _concordance_lines(shown: Sequence[Any]) -> Iterator[str]:
    """A line a match, below its episode, whose link begins at the first of them."""
    for __, lines in groupby(shown, lambda line: line.episode):
        for at, line in enumerate(lines):
            if not at:
                yield beside(line.title, line.period, line.url, f"episode: {line.episode}")
            how = "" if line.how == "exact" else f" ({line.how} of {clean(line.term)})"
            speaker = f"{clean(line.speaker)}: " if line.speaker else ""
            said = f"{clean(line.before)}«{clean(line.match)}»{clean(line.after)}"
            yield f"   {clock(line.start)} {speaker}{said}{how}"


_TERMS = {
    "typical": ("keywords", "times | in a million | elsewhere | log ratio | G2 | episodes"),
    "near": ("collocates", "near | before | after | anywhere | logDice | episodes"),
    "frequent": ("terms", "times | in a million | episodes"),
}


def terms(library: Library, asked: Record, deadline: Deadline) -> Answer:
    filters, limit, explore = given_filters(asked), asked["limit"], library.explore
    found: Sequence[Any]
    if asked["near"] is not None:
        kind, found = "near", explore.collocates(asked["near"], filters, limit=limit, timeout=deadline)
    elif filters and not asked["frequent"]:
        least = asked["in_episodes"] or (IN_EPISODES if len(library.episodes(filters)) >= MANY_EPISODES else 1)
        kind, found = "typical", explore.keywords(filters, limit=limit, least_episodes=least, timeout=deadline)
    else:
        kind, found = "frequent", explore.terms(filters, limit=limit, timeout=deadline)
    shape, columns = _TERMS[kind]
    record = {
        "schema": SCHEMA,
        "kind": kind,
        "words": getattr(found, "words", 0),
        "terms": list(map(SHAPES[shape].record, found)),
        "incomplete": deadline.reason,
    }
    head = f"word | {columns}{'' if kind == 'frequent' else ' | first'}"
    if not found:
        head = f"No such words{nowhere(library, filters)}"
    return Answer(record, "\n".join([head, *(_term_line(kind, row) for row in found), *stopped(deadline)]))


def _term_line(kind: str, row: Any) -> str:
    if kind == "frequent":
        return beside(row.written, f"{row.count:,}", f"{row.per_million:,.0f}", f"{row.episodes:,}")
    if kind == "typical":
        share = f"{row.per_million:,.0f}", f"{row.other_per_million:,.0f}", f"{row.log_ratio:.1f}", f"{row.g2:,.0f}"
    else:
        share = f"{row.before:,}", f"{row.after:,}", f"{row.total:,}", f"{row.log_dice:.1f}"
    return beside(row.written, f"{row.count:,}", *share, f"{row.episodes:,}", f"{clock(row.start)} in {row.episode}")


def chapters(library: Library, asked: Record, deadline: Deadline) -> Answer:
    episode = library.find_episode(asked["episode"])
    found = library.explore.outline(
        episode.id, given=False if asked["count"] else None, most=asked["count"], timeout=deadline
    )
    proposed = any(section.approximate for section in found)
    rows = [
        {**SHAPES["outline"].record(section), "time": clock(section.start), "url": link_at(episode, section.start)}
        for section in found
    ]
    record = {**episode_record(episode), "proposed": proposed, "chapters": rows, "incomplete": deadline.reason}
    lines = [f"   {clock(one.start)} {beside(one.title, one.words)}" for one in found]
    head = "Proposed by the words that are said: about right, some wrong" if proposed else "As the show gives them"
    title = f"{head}: title | typical words" if found else "No chapters"
    return Answer(record, "\n".join([cited(episode, 0.0), title, *lines, *stopped(deadline)]))


def stopped(deadline: Deadline) -> Iterator[str]:
    """Tells that a count was stopped, and what it covers."""
    if deadline.reason is None:
        return
    done, of = deadline.progress or (0, 0)
    covered = f"it covers {done:,} of {of:,} episodes" if of else "it is not all"
    yield f"The count was {deadline.reason}; {covered}: choose a show, a title or dates"
