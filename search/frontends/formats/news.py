"""New moments of saved queries, printed as they arrive, with their query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.core.messages import ngettext
from search.api import Moment
from search.frontends.formats import plain, tables, text
from search.frontends.formats.display import Page, Style, clean
from search.frontends.formats.jsontext import to_json
from search.results import records

COLUMNS = (*records.MOMENT_COLUMNS, "query")
"""Columns of the TSV output; the caller prints the heading once."""


def news(query: str, found: Sequence[Moment], form: str, style: Style) -> Iterator[str]:
    """Yields the moments of one query in the format `form`: text, jsonl, tsv or plain."""
    if form == "jsonl":
        yield from (to_json({**records.moment_record(moment), "query": query}) for moment in found)
    elif form == "tsv":
        yield from (tables.to_tsv(*records.moment_row(moment).values(), query) for moment in found)
    elif form == "plain":
        yield from plain.moments(found, Page())
    else:
        heading = ngettext("{query}  {n} new moment", "{query}  {n} new moments", len(found))
        yield style.paint(heading.format(query=clean(query), n=len(found)), "1")
        yield from text.moments(found, Page(style))
        yield ""
