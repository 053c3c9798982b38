"""What tells where the regular expressions of a query match: the column of text has all but Han and kana characters,
and of these the decks tell those that an expression names."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from indexer.core.text.folding import Folding
from indexer.store.cluster.documents.decks import decks_of
from search.matching.regex_characters import Distinguished, distinguished, looked_for
from search.matching.regex_syntax import parse_regex
from search.query.syntax import Node, Regex, nodes
from search.retrieval.remote.facts.known_words import KnownWords

_MOST_DECKS = 100
"""An episode with so many decks is smaller than a whole one: 250 are as large."""


def expressions(tree: Node | None) -> list[str]:
    """The regular expressions of a query."""
    return [] if tree is None else [node.expression for node in nodes(tree) if isinstance(node, Regex)]


def counted(tree: Node, folding: Folding) -> frozenset[str]:
    """The characters of which it matters whether any text has them. Raises QueryProblem."""
    each = (apart.others(folding.fold) for apart in _each(tree, folding) if apart is not None)
    return frozenset(chain.from_iterable(each))


def decks(tree: Node | None, words: KnownWords) -> frozenset[str] | None:
    """The decks that are needed beside the column of text; None if whole episodes are. Raises QueryProblem."""
    found = set[str]()
    for apart in _each(tree, words.folding):
        if apart is None:
            return None
        found.update(*(decks_of(one, words.readings) for one in looked_for(apart, words.folding.fold, words.may_occur)))
    return frozenset(found) if len(found) <= _MOST_DECKS else None


def _each(tree: Node | None, folding: Folding) -> Iterator[Distinguished | None]:
    return (distinguished(parse_regex(one, folding.fold), folding.fold) for one in expressions(tree))
