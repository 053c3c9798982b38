"""Running text as a query: which queries are, and their words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from search.query.syntax import Bag, Mode, Node, Word

_BEGINNING = "what why how which who whose when where is are was were do does did can could should would will has have"
_OPENING = frozenset(_BEGINNING.split())
"""Words, folded, with which a question in English begins."""
_ASKING = ("什么", "为何", "怎么", "怎样", "如何", "哪", "谁", "多少", "是不是", "有没有", "能不能", "吗", "呢")
_SHORTEST, _SHORTEST_MIXED = 4, 6
"""Atoms of a question that begins in English, and of one in two languages."""


def asked_text(texts: Sequence[Sequence[str]]) -> Sequence[str]:
    """Returns the atoms of a question whose words are apart, as in English or in two languages; none of another query.
    `texts` are the runs without spaces as they were typed, each as its folded atoms.

    >>> asked_text([["how"], ["does"], ["attention"], ["work"]]), asked_text([["what"], ["is"], ["attention"]])
    (['how', 'does', 'attention', 'work'], [])
    """
    atoms = list(chain.from_iterable(texts))
    if len(texts) < 2 or not any(atom.isascii() and atom.isalpha() for atom in atoms):
        return []
    is_english = len(atoms) >= _SHORTEST and atoms[0] in _OPENING
    is_mixed = len(atoms) >= _SHORTEST_MIXED and any(
        word in "".join(text) for text in texts if len(text) > 2 for word in _ASKING
    )
    return atoms if is_english or is_mixed else []


def is_running_text(tree: Node) -> bool:
    """Returns True if the query has only words without operators. Only for queries whose plan has no need."""
    items = tree.items if isinstance(tree, Bag) else (tree,)
    return not any(isinstance(item, Word) and (item.mode is not Mode.DEFAULT or item.is_open) for item in items)


def running_text(tree: Node) -> str:
    """Returns the words of running text, without filters."""
    items = tree.items if isinstance(tree, Bag) else (tree,)
    return " ".join(item.text for item in items if isinstance(item, Word))
