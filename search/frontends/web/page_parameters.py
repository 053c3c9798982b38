"""Parses the query parameters of a page into a search. Every value is bounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from indexer.core.errors import QueryProblem
from indexer.core.messages import _
from search.api import Margin, SearchRequest
from search.query.deadline import Deadline
from search.query.filters import given_filters

LONGEST_QUERY = 4000
"""Characters, also of a filter."""
PAGE = 10
"""Moments on a page of results."""
DEEPEST = 1000
"""Maximum number of moments that can be paged through."""
CONTEXT = Margin(5.0)
SORTS = ("score", "date", "time")
_ON = ("1", "on", "true")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and its options, as in the address of the search page."""

    q: str = ""
    show: str = ""
    title: str = ""
    speaker: str = ""
    since: str = ""
    until: str = ""
    exact: bool = False
    sort: str = "score"
    offset: int = 0
    no_meaning: bool = False

    @property
    def options(self) -> dict[str, object]:
        """Returns the URL parameters of all options except query and offset, without defaults."""
        values = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("q", "offset")}
        return {name: value for name, value in values.items() if value and value != "score"}

    def without(self, *names: str) -> Asked:
        """Returns a copy without these filters, at offset 0."""
        return replace(self, offset=0, **dict.fromkeys(names, ""))  # type: ignore[arg-type]

    def request(self, deadline: Deadline, limit: int | None = None, offset: int = 0) -> SearchRequest:
        """Returns the search request; one for counting has no limit. Raises QueryProblem for an invalid filter."""
        names = ("show", "title", "speaker", "since", "until")
        filters = tuple(given_filters({name: getattr(self, name) or None for name in names}))
        return SearchRequest(
            self.q,
            filters,
            limit,
            CONTEXT,
            self.sort,
            self.exact,
            timeout=deadline,
            offset=offset,
            meaning=not self.no_meaning,
        )


def asked_of(params: Mapping[str, str]) -> Asked:
    """Parses the parameters of a URL. Raises QueryProblem if one is too long or not a number."""
    texts = {}
    for name in ("q", "show", "title", "speaker", "since", "until"):
        texts[name] = given_text(params, name)
    sort = params.get("sort") or "score"
    if sort not in SORTS:
        raise QueryProblem(_("sort={sort}: there are {choices}").format(sort=sort[:40], choices=", ".join(SORTS)))
    offset = given_number(params, "offset", DEEPEST - 1)
    exact, no_meaning = (params.get(name) in _ON for name in ("exact", "no_meaning"))
    return Asked(**texts, exact=exact, sort=sort, offset=offset, no_meaning=no_meaning)


def given_text(params: Mapping[str, str], name: str) -> str:
    """Returns a parameter without surrounding spaces; empty if it is missing."""
    text = params.get(name, "").strip()
    if len(text) > LONGEST_QUERY:
        raise QueryProblem(
            _("{name}: has {count:,} characters: at most {most:,} are taken").format(
                name=name, count=len(text), most=LONGEST_QUERY
            )
        )
    return text


def given_number(params: Mapping[str, str], name: str, most: int) -> int:
    """A whole number from 0 to `most`; 0 if it is missing."""
    text = params.get(name, "").strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= most):
        raise QueryProblem(
            _("{name}={text}: is no number from 0 to {most:,}").format(name=name, text=text[:40], most=most)
        )
    return int(text)
