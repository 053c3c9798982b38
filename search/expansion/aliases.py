"""Aliases: what a user has declared to be equivalent, in the lexicons of an index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from indexer.core.errors import QueryProblem
from indexer.core.files.mapped_files import AnyPath, is_file
from indexer.core.messages import _
from indexer.core.named_tuples import NamedTuple
from indexer.core.positions.tokens import split_atoms
from indexer.core.text.folding import Folding
from indexer.core.words.lexicon import read_lexicon

Run: TypeAlias = tuple[str, ...]

LONGEST_TERM = 100
"""Characters."""


class Aliases(NamedTuple):
    """Pairs of runs of atoms: a search for the first also finds the second."""

    pairs: tuple[tuple[Run, Run], ...] = ()

    def of(self, atoms: Run) -> Iterator[Run]:
        """Yields the run with each matching alias substituted."""
        for right, other in self.pairs:
            for at in range(len(atoms) - len(right) + 1):
                if atoms[at : at + len(right)] == right:
                    yield (*atoms[:at], *other, *atoms[at + len(right) :])


def read_aliases(paths: Iterable[AnyPath], folding: Folding) -> Aliases:
    """Reads the aliases of the lexicons that exist. Raises IndexProblem for one that cannot be read."""
    pairs: dict[tuple[Run, Run], None] = {}
    for path in paths:
        if str(path).endswith(".toml") and is_file(path):
            from pathlib import Path  # late: few users have a lexicon

            for right, other in read_lexicon(Path(path)).aliases:
                pair = (_run(right, folding), _run(other, folding))
                if all(pair) and pair[0] != pair[1]:
                    pairs[pair] = None
    return Aliases(tuple(pairs))


def _run(text: str, folding: Folding) -> Run:
    return tuple(split_atoms(folding.fold(text)))


def check_alias(right: str, heard: Sequence[str], folding: Folding) -> None:
    """Raises QueryProblem for an alias that can never match."""
    runs = {text: _run(text, folding) for text in (right, *heard)}
    for text, atoms in runs.items():
        if len(text) > LONGEST_TERM:
            raise QueryProblem(
                _("{text}…: has {count:,} characters: at most {most}").format(
                    text=text[:20], count=len(text), most=LONGEST_TERM
                )
            )
        if not atoms:
            raise QueryProblem(
                _("{text!r}: has no letter, digit or character to look for: name a word").format(text=text)
            )
    if any(runs[text] == runs[right] for text in heard):
        raise QueryProblem(
            _("{right}: is the same as what was heard: name what the transcript has instead").format(right=right)
        )
