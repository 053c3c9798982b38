"""The words and characters of a query as typed: their counts are fetched before the query is planned."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from indexer.core.tokens import split_atoms
from search.query.cut import LONGEST_WORD
from search.query.filters import EpisodeTest, episode_test, is_filter
from search.query.syntax import All, Bag, Node, Phrase, Word, nodes
from search.retrieval.remote.known_words import KnownWords


def tests(tree: Node, words: KnownWords) -> list[EpisodeTest]:
    """The filters of a whole query."""
    items = tree.items if isinstance(tree, Bag | All) else (tree,)
    return [episode_test(item, words.folding) for item in items if is_filter(item)]


def _texts(tree: Node, words: KnownWords) -> Iterator[list[str]]:
    """The atoms of each text of a query."""
    for node in nodes(tree):
        if isinstance(node, Word | Phrase):
            yield split_atoms(words.folding.fold(node.text))


def whole_runs(tree: Node, words: KnownWords) -> list[tuple[str, ...]]:
    """The texts of a query that may be searched as runs, if that is known before it is planned: of a word alone, and of
    quotes."""
    is_alone = len(list(nodes(tree))) <= 2
    alone = [tuple(atoms) for atoms in _texts(tree, words)] if is_alone else []
    return [run for run in alone if 1 < len(run) <= LONGEST_WORD]


def substrings(tree: Node, words: KnownWords) -> Iterator[str]:
    """The words and characters of which a query may be cut, also where words are typed apart."""
    texts = list(_texts(tree, words))
    beside = [one + other for one, other in pairwise(texts)]
    for atoms in [*texts, *beside]:
        for start in range(len(atoms)):
            for end in range(start + 1, min(start + LONGEST_WORD, len(atoms)) + 1):
                yield "".join(atoms[start:end])
