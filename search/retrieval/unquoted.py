"""Completes the answer to a query in quotation marks with moments that match without them. This applies to several
quotes, or to a quote beside other words, that rarely occur together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from indexer.core.errors import QueryProblem
from search.api import Moment
from search.query.parse import parse
from search.query.syntax import Bag, Filter, Mode, Node, Phrase, Word
from search.scoring import WEIGHTS


def without_quotes(tree: Node) -> Node | None:
    """Returns the query with its quotes as plain words, of which none is an operator; None if it has no quote, is a
    single quote, or has operators."""
    if not isinstance(tree, Bag):
        return None
    words = [item for item in tree.items if not isinstance(item, Filter)]
    if len(words) < 2 or not any(isinstance(item, Phrase) for item in words) or not all(map(_is_text, words)):
        return None
    return Bag(tuple(piece for item in tree.items for piece in _as_words(item)))


def _is_text(item: Node) -> bool:
    return isinstance(item, Phrase) or (isinstance(item, Word) and item.mode is Mode.DEFAULT and not item.is_open)


def _as_words(item: Node) -> Iterator[Node]:
    if isinstance(item, Phrase):
        for piece in item.text.split():
            yield from map(Word, [piece] if _is_plain(piece) else re.findall(r"\w+", piece.lower()))
    else:
        yield item


def _is_plain(piece: str) -> bool:
    """Whether a piece of a quote says the same without quotes: (模型, -推理, date:2025 and NEAR would be syntax."""
    try:
        return parse(piece) == Word(piece)
    except QueryProblem:
        return False


def filled_up(moments: Sequence[Moment], others: Iterable[Moment], limit: int) -> list[Moment]:
    """Returns the moments and, up to `limit` in total, those of `others` that are elsewhere, in which exact matches are
    labelled `unquoted`."""
    filled = list(moments)
    for other in others:
        if len(filled) < limit and not any(_is_beside(other, moment) for moment in moments):
            matches = (match._replace(how="unquoted") if match.how == "exact" else match for match in other.matches)
            filled.append(other._replace(rank=len(filled) + 1, matches=tuple(matches)))
    return filled


def _is_beside(one: Moment, other: Moment) -> bool:
    if one.episode.id != other.episode.id:
        return False
    return abs(one.start - other.start) < WEIGHTS.apart or (one.start <= other.end and other.start <= one.end)
