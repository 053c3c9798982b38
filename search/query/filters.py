"""Filters on episodes and speakers: show, title, speaker and date."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from indexer.core.errors import QueryProblem
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.text.folding import Folding
from indexer.core.types import Episode
from search.query.syntax import Filter, Node, Not

FIELDS = ("show", "title", "speaker", "date")
OPTIONS = ("show", "title", "speaker", "since", "until")
"""What commands, the page and programs name filters by, beside a query."""
ONLY = "only"
"""An internal field that queries cannot name: episode ids, one per line."""

_DATE = r"(\d{4})(?:年|[-/.年](\d{1,2})(?:月|[-/.月](\d{1,2})日?)?)?"
_COMPACT = r"(\d{4})(\d{2})(\d{2})?"
"""Compiled when a query names a date, which few do."""

Condition = Callable[[Episode], bool]

Voice = Callable[[str], bool]
"""A test of the speaker of a cue."""


class EpisodeTest(NamedTuple):
    """A filter or a negated one (`denied`), as a value: `wanted` is folded text, for a date its range, for `ONLY` the
    ids. `condition` makes it a function."""

    field: str
    wanted: str
    denied: bool = False


class VoiceTest(NamedTuple):
    """A test of the speaker of a cue, as a value: `wanted` is folded text. `voice` makes it a function."""

    wanted: str
    denied: bool = False


def check_filter(field: str, value: str) -> str | None:
    """Returns what is wrong with a filter, or None."""
    if not value.strip():
        return _("{field}: has no value").format(field=field)
    if field == "date":
        try:
            date_range(value)
        except ValueError as error:
            return str(error)
    return None


def given_filters(given: Mapping[str, str | None]) -> list[Filter]:
    """Returns the filters for the `OPTIONS`. Raises QueryProblem for an invalid one."""
    named = {field: value for field in OPTIONS if (value := given.get(field)) is not None}
    for field, value in named.items():
        if not value.strip():
            raise QueryProblem(_("{field}: has no value").format(field=field))
    try:
        begin, end = (_edges(named[name], f"{name}: ") if name in named else None for name in ("since", "until"))
    except ValueError as error:
        raise QueryProblem(str(error)) from None
    if begin is not None and end is not None and begin[0] > end[1]:
        message = _("since {since} is after until {until}: no episode has such a date")
        raise QueryProblem(message.format(since=named["since"], until=named["until"]))
    ranges = {"since": "{}..", "until": "..{}"}
    return [
        Filter("date", ranges[field].format(value)) if field in ranges else Filter(field, value)
        for field, value in named.items()
    ]


def is_filter(node: Node) -> bool:
    """True for a filter or a negated filter."""
    return isinstance(node, Filter) or (isinstance(node, Not) and isinstance(node.item, Filter))


def field_of(node: Node) -> str:
    """The field that a filter or a negated filter tests."""
    if isinstance(node, Not):
        return field_of(node.item)
    assert isinstance(node, Filter)
    return node.field


def episode_test(node: Node, folding: Folding) -> EpisodeTest:
    """Returns the test of a filter or a negated filter. Raises QueryProblem for an unknown field or an invalid date."""
    if isinstance(node, Not):
        return episode_test(node.item, folding)._replace(denied=True)
    assert isinstance(node, Filter)
    if node.field == "date":
        try:
            return EpisodeTest(node.field, "..".join(date_range(node.value)))
        except ValueError as error:
            raise QueryProblem(str(error)) from None
    if node.field not in (*FIELDS, ONLY):
        fields = ", ".join(FIELDS)
        raise QueryProblem(_("{field}: is no field of a filter: take {fields}").format(field=node.field, fields=fields))
    return EpisodeTest(node.field, node.value if node.field == ONLY else folding.fold(node.value.strip()))


def voice_test(node: Node, folding: Folding) -> VoiceTest:
    """Returns the speaker test of a filter or a negated filter."""
    if isinstance(node, Not):
        return voice_test(node.item, folding)._replace(denied=True)
    assert isinstance(node, Filter)
    return VoiceTest(folding.fold(node.value.strip()))


def voice(test: VoiceTest, folding: Folding) -> Voice:
    """Returns the function of a speaker test."""
    wanted, denied = test
    return lambda speaker: (wanted in folding.fold(speaker)) is not denied


def condition(test: EpisodeTest, folding: Folding) -> Condition:
    """Returns the function of an episode test. Values match as folded substrings, whatever the case or script; a month
    or a year of which a day is in the range passes, as the episode may be of that day."""
    field, wanted, denied = test
    if denied:
        admits = condition(test._replace(denied=False), folding)
        if field == "speaker":  # others may speak in it as well
            return lambda episode: bool(episode.voices) or not admits(episode)
        return lambda episode: not admits(episode)
    if field == "date":
        first, _, last = wanted.partition("..")
        wider = (first[:7], first[:4])
        return lambda episode: (at := episode.period) is not None and (first <= at <= last or at in wider)
    if field == ONLY:
        names = frozenset(wanted.split("\n"))
        return lambda episode: episode.id in names
    if field == "show":
        return lambda episode: wanted in folding.fold(episode.show)
    if field == "title":
        return lambda episode: wanted in folding.fold(episode.title)
    return lambda episode: any(wanted in folding.fold(name) for name in episode.speakers)


def date_range(value: str) -> tuple[str, str]:
    """Returns the first and last day (ISO) of a date, a month, a year, or a range that may be open on one side.

    >>> date_range("2025-06..")
    ('2025-06-01', '9999-12-31')
    >>> date_range("2024")
    ('2024-01-01', '2024-12-31')

    Raises ValueError, with an explanation, for anything else.
    """
    first, dots, last = value.strip().partition("..")
    if not dots:
        last = first
    if not first and not last:
        raise ValueError(_("date: has no value"))
    begin = _edges(first, "date:")[0] if first else "0001-01-01"
    end = _edges(last, "date:")[1] if last else "9999-12-31"
    if begin > end:
        raise ValueError(_("date:{value} ends before it begins").format(value=value))
    return begin, end


def _edges(text: str, place: str) -> tuple[str, str]:
    """Returns the first and last day of a year, a month or a day. Raises ValueError that names the date after its
    `place`."""
    from indexer.core.dates import days_of, iso_date

    match = re.fullmatch(_DATE, text.strip()) or re.fullmatch(_COMPACT, text.strip())
    if match is None:
        raise ValueError(_("{date} is not a date like 2025, 2025-06 or 2025-06-08").format(date=place + text))
    try:
        begin, end = days_of(iso_date(*(int(part) for part in match.groups() if part)))
    except ValueError:
        raise ValueError(_("{date} is no day of the calendar").format(date=place + text)) from None
    return begin.isoformat(), end.isoformat()
