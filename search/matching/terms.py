"""The terms of a query as values: what to look for, and how it relates to the typed text.

A term has one or more alternatives, each labelled with how it relates to the typed text. An inexact alternative is a
term of its own, which substitutes for the exact one where that does not occur. Nothing here refers to an index: terms
can be printed, compared, pickled and sent. `search.matching.resolver` finds where their patterns occur.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from indexer.core.named_tuples import NamedTuple, distinct

if TYPE_CHECKING:
    from search.matching.shapes import Shape

Atoms: TypeAlias = tuple[str, ...]


@distinct
class WordPattern(NamedTuple):
    """A word of the vocabulary, where jieba cut it; if `whole`, only where no number in it is part of a longer one."""

    atoms: Atoms
    whole: bool = False

    def __repr__(self) -> str:
        return f"WordPattern({written(self.atoms)!r}{', whole' * self.whole})"


@distinct
class RunPattern(NamedTuple):
    """An exact run of atoms, across all cue and word boundaries; if `whole`, only where no number in it is part of a
    longer one."""

    atoms: Atoms
    whole: bool = False

    def __repr__(self) -> str:
        return f"RunPattern({written(self.atoms)!r}{', whole' * self.whole})"


@distinct
class PercentPattern(NamedTuple):
    """A run whose atom at index `place` is followed by a % sign."""

    atoms: Atoms
    place: int

    def __repr__(self) -> str:
        return f"PercentPattern({written(self.atoms)!r}, {self.place})"


@distinct
class NumberPattern(NamedTuple):
    """The spoken form of a number that was typed in figures, where it is not part of a longer number."""

    atoms: Atoms

    def __repr__(self) -> str:
        return f"NumberPattern({written(self.atoms)!r})"


@distinct
class QuorumPattern(NamedTuple):
    """A place that has most of a quote: `there` of its atoms."""

    atoms: Atoms
    there: int

    def __repr__(self) -> str:
        return f"QuorumPattern({written(self.atoms)!r}, {self.there})"


@distinct
class SoundPattern(NamedTuple):
    """A text of this shape, where each atom was pronounced as one of the syllables listed for it."""

    atoms: Atoms
    shape: Shape
    syllables: tuple[tuple[str, ...], ...]

    def __repr__(self) -> str:
        said = " ".join(each[0] if len(each) == 1 else f"({len(each)} syllables)" for each in self.syllables)
        return f"SoundPattern({written(self.atoms)!r}, {self.shape.name}, {said!r})"


@distinct
class RegexPattern(NamedTuple):
    """The matches of a regular expression that are `length` atoms long, in the episodes that pass the `filters`.
    `last` is the last episode looked at if time ran out, else None."""

    expression: str
    length: int
    filters: tuple[object, ...] = ()
    last: int | None = None

    @property
    def atoms(self) -> Atoms:
        """Empty: each match has other atoms."""
        return ()

    def __repr__(self) -> str:
        return f"RegexPattern({self.expression!r}, {self.length})"


Pattern: TypeAlias = (
    WordPattern | RunPattern | PercentPattern | NumberPattern | QuorumPattern | SoundPattern | RegexPattern
)


class Alternative(NamedTuple):
    """One way a term may occur, and how it relates to the typed text."""

    pattern: Pattern
    how: str = "exact"

    @property
    def atoms(self) -> Atoms:
        return self.pattern.atoms


class Term(NamedTuple):
    """One term of a query.

    `weight` is its information (see `search.scoring.information`) times its share in the query, 0 for a term that
    occurs nowhere; `label` is the typed text. `stands_for` is the number of the exact term that this one substitutes
    for where the exact one does not occur; None for an exact term. A `backed` term does so only beside another term of
    the query, which must not be one of the numbers in `unbacked_by`, nor stand for one of them.
    """

    label: str
    alternatives: tuple[Alternative, ...]
    weight: float = 0.0
    stands_for: int | None = None
    backed: bool = False
    unbacked_by: frozenset[int] = frozenset()

    @property
    def is_exact(self) -> bool:
        return self.stands_for is None


def written(atoms: Sequence[str]) -> str:
    """Joins atoms to text, with a space between two names so that deep seek differs from deepseek.

    >>> written(["deep", "seek"]), written(["l", "40", "s"]), written(["高", "商"])
    ('deep seek', 'l40s', '高商')
    """
    spaced = list(atoms)
    for at in range(1, len(atoms)):
        if atoms[at - 1].isascii() and atoms[at].isascii() and atoms[at - 1].isalpha() == atoms[at].isalpha():
            spaced[at] = " " + atoms[at]
    return "".join(spaced)
