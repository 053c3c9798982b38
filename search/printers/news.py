"""New moments of saved queries, as each comes in: with the query they are of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search.printers import output, records
from search.printers.display import Style, clean
from search.printers.text import plural
from search.results import Moment

COLUMNS = (*records.TSV_COLUMNS, "query")
"""Of the table; its heading is printed once, before all news."""


def news(query: str, found: Sequence[Moment], form: str, style: Style) -> Iterator[str]:
    """The moments of one query as text, jsonl, tsv or plain."""
    if form == "jsonl":
        yield from (records.to_json({**records.moment_record(moment), "query": query}) for moment in found)
    elif form == "tsv":
        yield from (f"{records.moment_tsv(moment)}\t{records.to_tsv(query)}" for moment in found)
    elif form == "plain":
        yield from map(records.moment_plain, found)
    else:
        yield style.paint(f"{clean(query)}  {len(found)} new {plural(len(found), 'moment')}", "1")
        yield from output.moments(found, form, style)
        yield ""
