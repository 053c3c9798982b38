"""The words and characters of a query as typed: their counts are fetched before the query is planned."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise

from indexer.core.positions.tokens import is_single, split_atoms
from search.expansion.admission_rules import LONGEST
from search.expansion.similarity.written_otherwise import VARIANTS, variants
from search.query.cut import LONGEST_WORD
from search.query.filters import EpisodeTest, episode_test, is_filter
from search.query.numerals import other_forms
from search.query.syntax import All, Bag, Node, Phrase, Word, nodes
from search.retrieval.remote.facts.known_words import KnownWords

_LONGEST_RUN = 40
"""Atoms of a quote whose occurrences are asked for before it is known to be looked for."""
_MOST_VARIANTS = 16
_MOST_WORDS = 6
"""Words of a query that are counted as runs, too, before it is known whether they are words of the index."""


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
    """The texts of a query that may be searched as runs, as far as that is known before it is planned: of few words, of
    quotes, beside operators, and of a text alone also as it may be written otherwise."""
    if isinstance(tree, Bag) and len(tree.items) > _MOST_WORDS and all(isinstance(item, Word) for item in tree.items):
        return []
    texts = [tuple(atoms) for atoms in _texts(tree, words)]
    if len(texts) == 1 and len(texts[0]) <= LONGEST:
        texts += islice(dict.fromkeys(variants(texts[0])), _MOST_VARIANTS)
    return [run for run in texts if 1 < len(run) <= _LONGEST_RUN]


def has_names(tree: Node, words: KnownWords) -> bool:
    """Whether a query has words in letters, to which those of the index are compared."""
    return any(not (is_single(atom) or atom[0].isdigit()) for atoms in _texts(tree, words) for atom in atoms)


def _numbers(tree: Node, words: KnownWords) -> Iterator[tuple[str, ...]]:
    """The other forms of the numbers of a query."""
    for node in nodes(tree):
        if isinstance(node, Word | Phrase):
            text = words.folding.fold(node.text)
            atoms = split_atoms(text)
            signs = [at for at, atom in enumerate(atoms) if "%" in text and atom[0].isdigit()]
            for percent in (None, *signs[:_MOST_WORDS]):
                yield from (form.atoms for form in islice(other_forms(atoms, percent), _MOST_VARIANTS))


def substrings(tree: Node, words: KnownWords) -> Iterator[str]:
    """The words and characters of which a query may be cut, also where words are typed apart, and those that may be
    written for its characters and numbers."""
    texts = list(_texts(tree, words))
    yield from {other for atoms in texts for group in VARIANTS if not set(group).isdisjoint(atoms) for other in group}
    yield from {"".join(atoms) for atoms in texts if len(atoms) <= LONGEST}
    yield from {text for atoms in _numbers(tree, words) for text in (*atoms, "".join(atoms))}
    beside = [one + other for one, other in pairwise(texts)]
    for atoms in [*texts, *beside]:
        for start in range(len(atoms)):
            for end in range(start + 1, min(start + LONGEST_WORD, len(atoms)) + 1):
                yield "".join(atoms[start:end])
