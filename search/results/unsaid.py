"""Finds the parts of a typed sentence that a moment lacks although it has most of it, such as two wrong characters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from indexer.core.positions.tokens import split_atoms
from indexer.core.text.folding import Folding
from search.api import Moment
from search.matching.terms import written
from search.query.question_words import is_question

_SENTENCE = 6
"""Atoms; of less text, what matches says what is missing."""
_JOINING = frozenset("是的地得了着呢吗吧啊呀")
"""Characters that a sentence may lack without saying anything else."""
_MOST_OF_IT = 0.4
"""The share of its pairs of atoms that makes a moment most of a sentence, as for ranking (`Sentences.remembered`)."""


def unsaid(texts: Sequence[Sequence[str]], moment: Moment, folding: Folding) -> tuple[str, ...]:
    """The parts of sentences, folded, that are missing in the cues of a moment that has most of them, and words typed
    beside these that are missing, too; none for what a match by sound stands for, for words that only ask or join
    others, nor for a moment that says something else."""
    if not any(len(text) >= _SENTENCE for text in texts):
        return ()
    atoms = split_atoms(folding.fold(" ".join(cue.text for cue in moment.cues)))
    said = set(pairwise(atoms))
    loose = [match.term for match in moment.matches if match.how != "exact"]
    found: list[str] = []
    is_most = False
    for text in texts:
        parts = _missing(text, said) if len(text) >= _SENTENCE else _whole(text, atoms)
        kept = [part for part in parts if not (any(part in term for term in loose) or _says_little(part))]
        is_most = is_most or (len(text) >= _SENTENCE and bool(kept))
        found += kept
    return tuple(found) if is_most else ()


def _says_little(part: str) -> bool:
    return _JOINING.issuperset(part) or is_question(part)


def _whole(word: Sequence[str], atoms: Sequence[str]) -> list[str]:
    """A word, unless it is said."""
    is_said = any(tuple(atoms[at : at + len(word)]) == tuple(word) for at in range(len(atoms)))
    return [] if is_said else [written(tuple(word))]


def _missing(text: Sequence[str], said: set[tuple[str, str]]) -> list[str]:
    there = [pair in said for pair in pairwise(text)]
    if sum(there) < _MOST_OF_IT * len(there):
        return []
    beside = [False, *there, False]
    parts: list[str] = [""]
    for at, atom in enumerate(text):
        if beside[at] or beside[at + 1]:
            parts.append("")
        else:
            parts[-1] += atom if not (parts[-1] and atom.isascii()) else f" {atom}"
    return [part for part in parts if part]
