"""Regular expressions: parses the text between the slashes into a tree. What cannot be matched in linear time, such as
back references, is refused."""

from __future__ import annotations

from collections.abc import Callable

from indexer.core.errors import QueryProblem
from indexer.core.messages import _
from search.matching.regex_tree import CLASSES, CharacterSet, InOrder, OneOf, Part, Repeated, least, size

MOST_STATES = 1000
"""States of an automaton at most: bounds what one character costs."""
_DEEPEST = 40
_MOST_TIMES = 200


_ANY = CharacterSet(negated=True)
_PLAIN = {"t": "\t", "n": " ", "r": " "}


def parse_regex(expression: str, fold: Callable[[str], str]) -> Part:
    """Returns the tree of an expression over folded text; its literals are folded by `fold`.

    Supported: literals, `.`, `[...]`, `[^...]`, `\\d \\w \\s` and their opposites, `* + ? {m} {m,} {m,n}`, `|`, `( )`.
    Raises QueryProblem, with the place, for anything else, and for what is too large or could match nothing at all.
    """
    tree = _Parser(expression, fold).whole()
    if size(tree) > MOST_STATES:
        raise QueryProblem(_("/{regex}/: is too large: shorten it, or repeat less").format(regex=expression))
    if least(tree) == 0:
        raise QueryProblem(
            _("/{regex}/: also matches nothing at all, which is everywhere: add what must be there").format(
                regex=expression
            )
        )
    return tree


class _Parser:
    def __init__(self, text: str, fold: Callable[[str], str]) -> None:
        self._text = text
        self._fold = fold
        self._at = 0
        self._depth = 0

    def whole(self) -> Part:
        tree = self._either()
        if self._at < len(self._text):
            raise self._problem(_("this ) closes nothing; write \\) for the character"))
        return tree

    @property
    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        self._at += 1
        return self._text[self._at - 1 : self._at]

    def _problem(self, what: str) -> QueryProblem:
        return QueryProblem(
            _("/{regex}/: character {place}: {what}").format(regex=self._text, place=self._at + 1, what=what)
        )

    def _either(self) -> Part:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._problem(_("too many brackets inside each other"))
        parts = [self._row()]
        while self._next == "|":
            self._take()
            parts.append(self._row())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else OneOf(tuple(parts))

    def _row(self) -> Part:
        parts: list[Part] = []
        while self._next and self._next not in "|)":
            parts.append(self._repeated(self._single()))
        return parts[0] if len(parts) == 1 else InOrder(tuple(parts))

    def _repeated(self, part: Part) -> Part:
        while self._next and self._next in "*+?{":
            if isinstance(part, Repeated):
                raise self._problem(_("a second repetition: put brackets around the first, and no ? after it"))
            sign = self._take()
            if sign == "{":
                part = Repeated(part, *self._counts())
            else:
                part = Repeated(part, 1 if sign == "+" else 0, 1 if sign == "?" else None)
        return part

    def _counts(self) -> tuple[int, int | None]:
        end = self._text.find("}", self._at)
        low, comma, high = self._text[self._at : end].partition(",")
        if end < 0 or not _is_count(low or "0") or not _is_count(high or "0") or not (low or high):
            raise self._problem(_("{ needs numbers, as in {2} or {2,4}; write \\{ for the character"))
        at_least, at_most = _count(low or "0"), _count(high) if high else None if comma else _count(low)
        if max(at_least, at_most or 0) > _MOST_TIMES or (at_most is not None and at_most < max(1, at_least)):
            raise self._problem(_("repeats too often, or ends before it begins: at most 200 times"))
        self._at = end + 1
        return at_least, at_most

    def _single(self) -> Part:
        sign = self._take()
        if sign == "(":
            return self._group()
        if sign == "[":
            return self._set()
        if sign == ".":
            return _ANY
        if sign == "\\":
            return self._escaped()
        if sign in "*+?{":
            self._at -= 1
            raise self._problem(_("there is nothing to repeat before this; write \\ before it for the character"))
        if sign in "^$":
            self._at -= 1
            raise self._problem(_("speech has no lines: leave ^ and $ out, or write \\ before them"))
        return self._literal(sign)

    def _group(self) -> Part:
        if self._next == "?":
            if self._text[self._at : self._at + 2] != "?:":
                raise self._problem(_("looking around cannot be done in linear time: only ( ) and (?: ) group"))
            self._at += 2
        inner = self._either()
        if self._take() != ")":
            self._at = len(self._text)
            raise self._problem(_("a ( is not closed; write \\( for the character"))
        # A part of its own, so that what it repeats may be repeated.
        return InOrder((inner,)) if isinstance(inner, Repeated) else inner

    def _escaped(self) -> Part:
        sign = self._take()
        if sign in CLASSES and sign:
            return CharacterSet(classes=(sign,))
        if not sign or (sign.isalnum() and sign.isascii() and sign not in _PLAIN):
            self._at -= 1
            raise self._problem(_("unknown after \\: known are \\d \\w \\s \\D \\W \\S and signs such as \\."))
        return self._literal(_PLAIN.get(sign, sign))

    def _literal(self, character: str) -> Part:
        folded = self._fold(character)
        parts = tuple(CharacterSet(((one, one),)) for one in folded)
        return parts[0] if len(parts) == 1 else InOrder(parts)

    def _set(self) -> Part:
        negated = self._next == "^"
        self._at += negated
        spans: list[tuple[str, str]] = []
        classes: list[str] = []
        first = True
        while first or self._next != "]":
            if not self._next:
                raise self._problem(_("a [ is not closed; write \\[ for the character"))
            first = False
            sign = self._take()
            if sign == "\\" and self._next in CLASSES and self._next:
                classes.append(self._take())
                continue
            low = self._member(sign)
            high = low
            if self._next == "-" and self._text[self._at + 1 : self._at + 2] not in ("]", ""):
                self._take()
                high = self._member(self._take())
            spans += self._span(low, high)
        self._take()
        return CharacterSet(tuple(spans), tuple(classes), negated)

    def _member(self, sign: str) -> str:
        if sign != "\\":
            return sign
        escaped = self._take()
        return _PLAIN.get(escaped, escaped)

    def _span(self, low: str, high: str) -> list[tuple[str, str]]:
        if low == high:
            return [(one, one) for one in self._fold(low)]
        folded = self._fold(low), self._fold(high)
        low, high = folded if all(len(end) == 1 for end in folded) else (low, high)
        if low > high:
            raise self._problem(_("a range ends before it begins"))
        return [(low, high)]


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _count(digits: str) -> int:
    """A number of repetitions; of one that is too large whatever it is, only that it is (`int` refuses the longest)."""
    digits = digits.lstrip("0")
    return int(digits or 0) if len(digits) <= 4 else _MOST_TIMES + 1
