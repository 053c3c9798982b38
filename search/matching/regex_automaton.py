"""Matches regular expressions in linear time: a deterministic automaton, built as the text is read.

One step a character, whatever the expression; the states seen are kept, and thrown away when they are too many. A match
is the longest at the leftmost start from which the first end is reached, and has at most LONGEST characters.
"""

from __future__ import annotations

from collections.abc import Iterator

from search.matching.regex_tree import CharacterSet, InOrder, OneOf, Part, Repeated, reversed_part, sets

LONGEST = 200
"""Characters of a match."""
MOST_CLASSES = 250
_MOST_ROWS = 2000
"""Deterministic states kept."""


class Alphabet:
    """Numbers the characters that an expression cannot tell from each other, so that a step is an index."""

    def __init__(self, known: tuple[CharacterSet, ...]) -> None:
        self.sets = tuple(dict.fromkeys(known))
        self._classes: dict[tuple[bool, ...], int] = {}
        self._table = _Table(self)

    def number(self, character: str) -> int:
        """The class of a character; the last one holds what is too rare to be told apart: nothing matches it."""
        signature = tuple(one.has(character) for one in self.sets)
        if len(self._classes) >= MOST_CLASSES:
            return self._classes.get(signature, MOST_CLASSES)
        return self._classes.setdefault(signature, len(self._classes))

    def numbers(self, text: str) -> bytes:
        """The class of each character of a text."""
        return text.translate(self._table).encode("latin-1")

    def members(self, number: int) -> tuple[bool, ...]:
        """In which sets the characters of a class are."""
        return next((signature for signature, known in self._classes.items() if known == number), ())


class _Table(dict[int, str]):
    def __init__(self, alphabet: Alphabet) -> None:
        super().__init__()
        self._alphabet = alphabet

    def __missing__(self, code: int) -> str:
        found = self[code] = chr(self._alphabet.number(chr(code)))
        return found


class _States:
    """A nondeterministic automaton: per state the set it reads (None for none) and the states after it."""

    def __init__(self, part: Part, numbers: dict[CharacterSet, int]) -> None:
        self.reads: list[int | None] = []
        self.after: list[tuple[int, ...]] = []
        self._numbers = numbers
        self.end = self._add(None, ())
        self.start = self._build(part, self.end)

    def _add(self, reads: int | None, after: tuple[int, ...]) -> int:
        self.reads.append(reads)
        self.after.append(after)
        return len(self.reads) - 1

    def _build(self, part: Part, after: int) -> int:
        """Adds the states of a part that is followed by the state `after`; returns its first."""
        match part:
            case CharacterSet():
                return self._add(self._numbers[part], (after,))
            case InOrder(parts):
                for inner in reversed(parts):
                    after = self._build(inner, after)
                return after
            case OneOf(parts):
                return self._add(None, tuple(self._build(inner, after) for inner in parts))
            case Repeated(inner, least, most):
                if most is None:
                    loop = self._add(None, ())
                    self.after[loop] = (self._build(inner, loop), after)
                    after = loop
                else:
                    end = after
                    for _once in range(most - least):
                        after = self._add(None, (self._build(inner, after), end))
                for _once in range(least):
                    after = self._build(inner, after)
                return after

    def closure(self, states: set[int]) -> frozenset[int]:
        """The states, and those that are reached from them without reading anything, that read something or end."""
        seen, rest = set(states), list(states)
        while rest:
            state = rest.pop()
            if self.reads[state] is None:
                for other in self.after[state]:
                    if other not in seen:
                        seen.add(other)
                        rest.append(other)
        return frozenset(state for state in seen if self.reads[state] is not None or state == self.end)


class _Deterministic:
    """Steps of an automaton. A row has the next row per class of characters; its last two items say whether to stop
    there (at an end, at an unknown step, where nothing can follow) and which states it represents."""

    def __init__(self, part: Part, alphabet: Alphabet, anywhere: bool) -> None:
        """`anywhere` lets a match begin at every character."""
        numbers = {one: number for number, one in enumerate(alphabet.sets)}
        self._alphabet, self._states = alphabet, _States(part, numbers)
        self._first = self._states.closure({self._states.start})
        self._anywhere = anywhere
        self._rows: dict[frozenset[int], list[object]] = {}
        self._unknown: list[object] = [None] * MOST_CLASSES + [None, True, frozenset()]

    @property
    def start(self) -> list[object]:
        return self._row(self._first)

    def _row(self, states: frozenset[int]) -> list[object]:
        known = self._rows.get(states)
        if known is None:
            if len(self._rows) >= _MOST_ROWS:
                self._rows = {}
            stops = self._states.end in states or not states
            known = self._rows[states] = [self._unknown] * (MOST_CLASSES + 1) + [stops, states]
        return known

    def _step(self, row: list[object], number: int) -> list[object]:
        """The row after a character of a class."""
        members, states = self._alphabet.members(number), self._states
        now = row[-1]
        assert isinstance(now, frozenset)
        reached = {
            states.after[state][0]
            for state in now
            if (reads := states.reads[state]) is not None and members and members[reads]
        }
        closed = states.closure(reached)
        following = self._row(closed | self._first if self._anywhere else closed)
        row[number] = following
        return following

    def first_end(self, text: bytes, at: int) -> int:
        """The end of the first match that begins at `at` or later, -1 for none."""
        row, stops = self.start, MOST_CLASSES + 1
        for place in range(at, len(text)):
            before = row
            row = row[text[place]]  # type: ignore[assignment]
            if row[stops]:
                if row is self._unknown:
                    row = self._step(before, text[place])
                if self._ends(row):
                    return place + 1
        return -1

    def longest(self, text: bytes) -> int:
        """The length of the longest match at the beginning of a text, 0 for none."""
        row, found = self.start, 0
        for place, number in enumerate(text, 1):
            before = row
            row = row[number]  # type: ignore[assignment]
            if row is self._unknown:
                row = self._step(before, number)
            if not row[-1]:
                break
            if self._ends(row):
                found = place
        return found

    def _ends(self, row: list[object]) -> bool:
        states = row[-1]
        assert isinstance(states, frozenset)
        return self._states.end in states


class Automaton:
    """A compiled expression. Threads do not share one."""

    def __init__(self, part: Part) -> None:
        backwards = reversed_part(part)
        self._alphabet = Alphabet(tuple(sets(part)))
        self._anywhere = _Deterministic(part, self._alphabet, anywhere=True)
        self._forwards = _Deterministic(part, self._alphabet, anywhere=False)
        self._backwards = _Deterministic(backwards, self._alphabet, anywhere=False)

    def matches(self, text: str) -> Iterator[tuple[int, int]]:
        """Yields (start, end) of the matches in folded text, which do not overlap, in order."""
        numbers = self._alphabet.numbers(text)
        at = 0
        while (end := self._anywhere.first_end(numbers, at)) >= 0:
            length = self._backwards.longest(numbers[max(at, end - LONGEST) : end][::-1])
            if not length:  # longer than any match may be
                at = end
                continue
            start = end - length
            length = self._forwards.longest(numbers[start : start + LONGEST])
            yield start, start + length
            at = start + length
