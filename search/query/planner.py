"""Turns a syntax tree into a plan: cuts typed text into terms, weighs them, and builds the condition of a moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.core.positions.tokens import is_single, split_atoms
from search.matching.numbers import NUMERALS, as_spoken, percent_at
from search.matching.resolver import Resolver
from search.matching.sources import count_atoms
from search.matching.terms import Alternative, PercentPattern, RunPattern, Term, WordPattern
from search.query.cut import cut, uncovered_runs
from search.query.deadline import Deadline
from search.query.filters import EpisodeTest, episode_test, field_of, is_filter, voice_test
from search.query.numerals import is_number
from search.query.plan import Every, Has, HasNear, Lacks, Need, Passes, Plan, Some, Typed, is_silent
from search.query.syntax import All, AnyOf, Bag, Filter, Mode, Near, Node, Not, Phrase, Regex, Word
from search.scoring import WEIGHTS, information

WHOLE_ATOMS = 12
"""Atoms. A stretch of text up to this long is also searched as a whole, however it is cut into words."""
_SOLID = 3
"""Characters. Shorter words also occur by accident, where one word ends and the next begins."""


def make_plan(tree: Node, resolver: Resolver, tolerant: bool = False, deadline: Deadline | None = None) -> Plan:
    """Returns the plan of a query, unexpanded, with the weights its terms have in the resolver's snapshot; only a
    `tolerant` plan can be expanded. Regular expressions are looked up until the `deadline`, whose `reason` then says
    whether all of their matches are known. Raises QueryProblem for an invalid one."""
    return _Planner(resolver, tolerant, deadline or Deadline()).plan(tree)


class _Planner:
    def __init__(self, resolver: Resolver, tolerant: bool, deadline: Deadline) -> None:
        self._resolver = resolver
        self._snapshot = snapshot = resolver.snapshot
        self._tolerant = tolerant
        self._atoms = max(1, snapshot.total_atoms)
        self._terms: dict[tuple[tuple[str, ...], bool], int] = {}  # (atoms, whether exact) -> number of the term
        self._shares: list[float] = []
        self._alone = False  # True if the query is a single item, filters aside
        self._deadline = deadline
        self._filters: list[EpisodeTest] = []
        self._made: list[Term] = []
        self._denied: set[int] = set()  # numbers of terms under a NOT
        self._sought: set[int] = set()  # numbers of terms to look for
        self._texts: list[tuple[str, ...]] = []
        self._negated = False  # True inside a NOT
        self._typed: dict[int, Typed] = {}

    def plan(self, tree: Node) -> Plan:
        items = tree.items if isinstance(tree, Bag | All) else (tree,)
        asked = [item for item in items if is_filter(item)]
        self._filters = [episode_test(item, self._snapshot.folding) for item in asked]
        rest = [item for item in items if not is_filter(item)]
        words = [item for item in rest if isinstance(item, Word) and not isinstance(tree, All)]
        self._alone = len(rest) == 1
        needs = [self._need(item) for item in rest if item not in words]
        for word in self._joined(words):
            self._word(word)
        if words and needs and all(map(is_silent, needs)):
            needs.append(Has(tuple(sorted(self._sought))))
        need = None if not needs else needs[0] if len(needs) == 1 else Every(tuple(needs))
        excluded = frozenset(self._denied - self._sought)
        return Plan(
            terms=tuple(self._made),
            excluded=excluded,
            need=need,
            texts=tuple(self._texts),
            filters=tuple(self._filters),
            leaves_out=bool(self._denied),
            typed=self._typed if self._tolerant else {},
            shares=tuple(self._shares),
            voices=tuple(voice_test(item, self._snapshot.folding) for item in asked if field_of(item) == "speaker"),
        )

    def _joined(self, words: Sequence[Word]) -> Sequence[Word]:
        if not self._tolerant or len(words) < 2:
            return words
        from search.query.joined_words import joined_words  # late: most queries are a word, or Chinese

        return joined_words(words, self._snapshot)

    def _need(self, node: Node) -> Need:
        match node:
            case Word():
                return _has(self._word(node))
            case Phrase(text):
                return _has(self._phrase(text))
            case Regex(expression):
                return Has((self._regex(expression),))
            case Near(left, right, distance, seconds):
                return HasNear(self._need(left), self._need(right), distance, seconds)
            case Not(item):
                self._negated = not self._negated
                need = self._need(item)
                self._negated = not self._negated
                return Lacks(need)
            case All(items):
                return Every(tuple(self._need(item) for item in items))
            case AnyOf(items):
                return Some(tuple(self._need(item) for item in items))
            case Filter():
                return Passes(episode_test(node, self._snapshot.folding))
            case Bag(items):
                return self._bag_need(items)

    def _bag_need(self, items: Sequence[Node]) -> Need:
        """The need of adjacent items inside a larger query: quoted ones must occur, and at least one of the plain
        words."""
        words = [item for item in items if isinstance(item, Word)]
        needs = [self._need(item) for item in items if not isinstance(item, Word)]
        if words:
            found = Has(tuple(number for word in words for number in self._word(word)))
            if all(map(is_silent, needs)):
                return Every((found, *needs))
        return needs[0] if len(needs) == 1 else Every(tuple(needs))

    def _phrase(self, text: str) -> tuple[int, ...]:
        folded = self._snapshot.folding.fold(text)
        atoms = tuple(split_atoms(folded))
        if not atoms:
            return ()
        number = self._add(text, atoms, 1.0, literal=True)
        return (self._typed_as(number, atoms, folded, quoted=True),)

    def _typed_as(
        self, number: int, atoms: tuple[str, ...], folded: str, quoted: bool = False, forced: bool = False
    ) -> int:
        """Records the typed text of a term that may be expanded; returns its number."""
        if not self._negated:
            typed = Typed(atoms, percent_at(folded), quoted, forced, as_spoken(folded))
            self._typed.setdefault(number, typed)
        return number

    def _word(self, word: Word) -> tuple[int, ...]:
        """Returns the terms of typed text: its words, their parts, and the whole."""
        folded = self._snapshot.folding.fold(word.text)
        atoms = tuple(split_atoms(folded))
        if not atoms:
            return ()
        if word.is_open:
            return (self._open_ended(word, atoms),)
        if word.mode is Mode.EXACT:
            return (self._add(word.text, atoms, 1.0, literal=True),)
        if not self._negated:
            self._texts.append(atoms)
        forced = word.mode is Mode.TOLERANT
        if len(atoms) == 1 and atoms[0][0].isdigit() and percent_at(folded) == 0:
            return (self._typed_as(self._share(word.text, atoms), atoms, folded, forced=forced),)
        # A number is one term, however many words it is spoken in.
        pieces = [(0, len(atoms))] if is_number(atoms) else cut(atoms, self._count, self._atoms)
        if len(pieces) == 1 or self._negated or _is_glued(atoms):
            anywhere = self._alone or self._negated or len(pieces) > 1 or self._is_solid(atoms)
            number = self._add(word.text, atoms, 1.0, exact=anywhere)
            return (self._typed_as(number, atoms, folded, forced=forced),)
        return tuple(dict.fromkeys(self._pieces(word, atoms, folded, pieces)))

    def _pieces(
        self, word: Word, atoms: tuple[str, ...], folded: str, pieces: Sequence[tuple[int, int]]
    ) -> Iterator[int]:
        """Adds the terms of text that is cut into several words."""
        forced = word.mode is Mode.TOLERANT
        if len(atoms) <= WHOLE_ATOMS:
            number = self._add(word.text, atoms, self._share_of_whole(atoms, pieces), exact=True)
            yield self._typed_as(number, atoms, folded, forced=forced)
        for start, length in pieces:
            piece = atoms[start : start + length]
            if length > 1 or not is_single(piece[0]):
                yield self._add("".join(piece), piece, 1.0)
                yield from self._parts(piece)
        for run in uncovered_runs(atoms, pieces):
            text = "".join(run)
            yield self._typed_as(self._add(text, run, 1.0, exact=True), run, text, forced=forced)

    def _share_of_whole(self, atoms: tuple[str, ...], pieces: Sequence[tuple[int, int]]) -> float:
        """The share of its weight with which the whole of typed text counts that is cut into several words: less in a
        question."""
        from search.query.question_words import asks, share_of_whole  # late: most typed text is one word

        words = ["".join(atoms[start : start + length]) for start, length in pieces]
        if self._alone or not asks(words):
            return 1.0
        counts = (self._resolver.source(RunPattern(atoms)).frequency, *map(self._count, words))
        whole, *parts = (information(count, self._atoms) for count in counts)
        return share_of_whole(whole, parts)

    def _is_solid(self, atoms: tuple[str, ...]) -> bool:
        """True for a word of three or more characters, such as a person's name, if no part of it of two or three
        characters is a more frequent word of the index than the word itself. Its characters are then taken for this
        word wherever they occur, even where jieba cut them differently."""
        if len(atoms) < _SOLID or not all(map(is_single, atoms)):
            return False
        itself = self._count("".join(atoms))
        return all(self._count("".join(part)) <= itself for part in _spans(atoms))

    def _parts(self, piece: tuple[str, ...]) -> list[int]:
        """The dictionary words of two and three characters inside a longer word."""
        parts = [part for part in _spans(piece) if self._count("".join(part))]
        return [self._add("".join(part), part, WEIGHTS.part) for part in parts]

    def _share(self, text: str, atoms: tuple[str, ...]) -> int:
        """The term of a percentage: a number and its % sign."""
        key = ((*atoms, "%"), True)
        if key not in self._terms:
            self._insert(key, Term(text, (Alternative(PercentPattern(atoms, 0)),)), 1.0)
        return self._used(self._terms[key])

    def _regex(self, expression: str) -> int:
        """The term of a regular expression: its matches, an alternative for each length."""
        key = ((expression, "/"), True)
        if key not in self._terms:
            from search.query.regexes import matches

            found = matches(expression, self._resolver, self._filters, self._deadline)
            self._insert(key, Term(f"/{expression}/", found), 1.0)
        return self._used(self._terms[key])

    def _open_ended(self, word: Word, atoms: tuple[str, ...]) -> int:
        """The term of a word with open ends: `prefix*`, `*suffix` or `*inside*`."""
        label = f"{'*' if word.suffix else ''}{word.text}{'*' if word.prefix else ''}"
        key = (("*" * word.suffix, *atoms, "*" * word.prefix), True)
        if key not in self._terms:
            from search.query.open_ended import continuations

            found = tuple(continuations(atoms, word.prefix, word.suffix, self._snapshot))
            self._insert(key, Term(label, found), 1.0)
        return self._used(self._terms[key])

    def _add(self, label: str, atoms: tuple[str, ...], share: float, exact: bool = False, literal: bool = False) -> int:
        """Returns the number of the term for these atoms, adding it if it is new. An `exact` term matches its atoms
        anywhere; any other matches only where jieba cut them as this word, provided that the index has the word. A
        `literal` term also matches where a number at one of its ends is part of a longer number."""
        text = "".join(atoms)
        named = len(atoms) == 1 and not is_single(atoms[0])
        exact = not named and (literal or exact or len(atoms) == 1 or not self._count(text))
        whole = not (named or literal) and _may_go_on(atoms)
        key = ((*atoms, "*") if whole else atoms, exact)
        number = self._terms.get(key)
        if number is None:
            pattern = RunPattern(atoms, whole) if exact else WordPattern(atoms, whole)
            number = self._insert(key, Term(label, (Alternative(pattern),)), share)
        elif share > self._shares[number]:
            self._weigh(number, share)
        return self._used(number)

    def _insert(self, key: tuple[tuple[str, ...], bool], term: Term, share: float) -> int:
        number = self._terms[key] = len(self._made)
        self._made.append(term)
        self._shares.append(share)
        self._weigh(number, share)
        return number

    def _weigh(self, number: int, share: float) -> None:
        term = self._made[number]
        self._shares[number] = share
        frequency = self._resolver.frequency(term.alternatives)
        weight = share * information(frequency, self._atoms) if frequency else 0.0
        self._made[number] = term._replace(weight=weight)

    def _used(self, number: int) -> int:
        (self._denied if self._negated else self._sought).add(number)
        return number

    def _count(self, text: str) -> int:
        return count_atoms(self._snapshot, split_atoms(text))


def _may_go_on(atoms: tuple[str, ...]) -> bool:
    """True if the atoms begin or end with a number, which may be part of a longer number where they occur."""
    if NUMERALS.isdisjoint((atoms[0], atoms[-1])):
        return False
    from search.matching.longer_numbers import numeral  # late: few queries have a number in them

    return numeral(atoms) is not None


def _has(numbers: tuple[int, ...]) -> Need:
    """The need for one of the terms; an empty need for text without a single atom."""
    return Has(numbers) if numbers else Every(())


def _spans(piece: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The runs of two and of three characters inside a longer word."""
    for size in (2, 3):
        if len(piece) > size:
            yield from (piece[start : start + size] for start in range(len(piece) - size + 1))


def _is_glued(atoms: Sequence[str]) -> bool:
    """True for a name typed without spaces, such as GPT-4, 80/20 or 1.5B: its atoms must be adjacent."""
    return not any(map(is_single, atoms))
