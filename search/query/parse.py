"""Parses query text into a syntax tree.

    query   := all { OR all }                 strong to weak: NEAR, side by side, AND, OR
    all     := bag { AND bag }
    bag     := near { near }
    near    := item { NEAR/8 item | NEAR/10s item }
    item    := - item | NOT item | ( query ) | "phrase" | /regex/ | =word | ~word | word* | *word | field:value | word

Anything that does not fit the grammar is taken as text, because people paste whole sentences, brackets included; only
what is clearly meant as an operator can be an error. Quotation marks attached to other text are part of a sentence:
they are ignored, and what they enclose is plain text. Inside quotation marks of one kind, those of another are ignored.
"""

from __future__ import annotations

from collections.abc import Callable

from indexer.core.errors import QueryProblem
from indexer.core.messages import _
from search.query.filters import check_filter
from search.query.lexer import Token, has_atoms, tokens_of
from search.query.syntax import All, AnyOf, Bag, Filter, Mode, Near, Node, Not, Phrase, Regex, Word

_DEFAULT_NEAR_SECONDS = 10.0

_FURTHEST = 1e9
"""The largest distance of NEAR, in seconds or atoms: longer than any episode."""

LONGEST_QUERY = 4000
"""Characters; longer than any text people paste."""
MOST_WORDS, MOST_OPERATORS = 300, 60


def parse(query: str) -> Node:
    """Parses a query.

    >>> print(parse('强化 学习 OR "异步推理" -课程'))
    ((强化 学习) OR ("异步推理" -课程))

    Raises QueryProblem for an operator without operands, an invalid filter, or a query with nothing to look for.
    """
    if len(query) > LONGEST_QUERY:
        raise QueryProblem(
            _("the query has {count:,} characters: at most {most:,} are searched: shorten it").format(
                count=len(query), most=LONGEST_QUERY
            )
        )
    tokens = tokens_of(query)
    if len(tokens) > MOST_WORDS or sum(token.kind not in ("text", "phrase") for token in tokens) > MOST_OPERATORS:
        raise QueryProblem(
            _(
                "the query has {count:,} parts: at most {words} words and {operators} operators and brackets "
                "are searched: shorten it"
            ).format(count=len(tokens), words=MOST_WORDS, operators=MOST_OPERATORS)
        )
    parser = _Parser(query, tokens)
    tree = parser.any_of()
    if parser.token is not None:
        raise AssertionError(f"not all of {query!r} was read")
    if tree is None or not _says_something(tree):
        if query.strip():
            message = _("{text!r}: has no letter, digit or character to look for: name a word")
            raise QueryProblem(message.format(text=query.strip()))
        raise QueryProblem(_("the query is empty: type a word, or a phrase in quotes"))
    if not _looks_for_something(tree):
        raise QueryProblem(
            _("{query}: only says what to leave out or where to look: add what to look for").format(query=query.strip())
        )
    return tree


class _Parser:
    """Recursive descent over the tokens; every method returns None if nothing matches."""

    def __init__(self, query: str, tokens: list[Token]) -> None:
        self._query = query
        self._tokens = tokens
        self._next = 0

    @property
    def token(self) -> Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def any_of(self) -> Node | None:
        return self._chain("OR", self._all, AnyOf)

    def _all(self) -> Node | None:
        return self._chain("AND", self._bag, All)

    def _chain(self, operator: str, part: Callable[[], Node | None], make: type[All] | type[AnyOf]) -> Node | None:
        first = part()
        items = [] if first is None else [first]
        while (token := self.token) and token.kind == "operator" and token.text == operator:
            self._next += 1
            after = part()
            if after is None or not items:
                raise self._problem(token, _("{operator} needs something on both sides").format(operator=operator))
            items.append(after)
        return make(tuple(items)) if len(items) > 1 else first

    def _bag(self) -> Node | None:
        items: list[Node] = []
        while (item := self._near()) is not None:
            # Brackets around plain words change nothing: (RL) in a pasted sentence is the word RL.
            items.extend(item.items if isinstance(item, Bag) else [item])
        if not items:
            return None
        return items[0] if len(items) == 1 else Bag(tuple(items))

    def _near(self) -> Node | None:
        left = self._item()
        while (token := self.token) and token.kind == "near":
            self._next += 1
            right = self._item()
            if left is None or right is None:
                raise self._problem(token, _("{operator} needs something on both sides").format(operator=token.text))
            for side in (left, right):
                if not isinstance(side, Word | Phrase | Regex | AnyOf | Near):
                    raise self._problem(
                        token,
                        _("{operator} joins words and phrases, not {side}").format(operator=token.text, side=side),
                    )
            distance = token.match["distance"]
            seconds = distance is None or token.match["unit"] is not None
            left = Near(left, right, min(float(distance), _FURTHEST) if distance else _DEFAULT_NEAR_SECONDS, seconds)
        return left

    def _item(self) -> Node | None:
        token = self.token
        if token is None or token.kind in ("close", "near"):
            return None
        if token.kind == "operator":
            if token.text != "NOT":
                return None
            self._next += 1
            item = self._item()
            if item is None:
                raise self._problem(token, _("NOT needs something after it"))
            return Not(item)
        self._next += 1
        if token.kind == "open":
            return self._group(token)
        return self._leaf(token)

    def _group(self, token: Token) -> Node | None:
        inner = self.any_of()
        if self.token is not None and self.token.kind == "close":
            self._next += 1
        if inner is None:
            return self._item()
        return Not(inner) if token.is_denied else inner

    def _leaf(self, token: Token) -> Node | None:
        if token.kind == "text":
            return _word(token.text) or self._item()
        leaf = self._condition(token)
        if isinstance(leaf, Phrase) and not has_atoms(leaf.text):
            return self._item()
        return Not(leaf) if token.is_denied else leaf

    def _condition(self, token: Token) -> Phrase | Regex | Filter:
        match = token.match
        if token.kind == "phrase":
            return Phrase(match["quoted"].strip())
        if token.kind == "regex":
            return Regex(match["expression"].replace("\\/", "/"))
        value = match["bare"] if match["value"] is None else match["value"]
        problem = check_filter(match["field"], value)
        if problem:
            raise self._problem(token, problem)
        return Filter(match["field"], value)

    def _problem(self, token: Token, what: str) -> QueryProblem:
        quoted = self._query.strip().replace('"', "")
        return QueryProblem(
            _('column {at}: {what}: fix it, or search the text as it is with quotes: "{quoted}"').format(
                at=token.at + 1, what=what, quoted=quoted
            )
        )


def _word(text: str) -> Node | None:
    """A word with its operators; None for text without a single atom, such as a dash."""
    if text.startswith("-") and not text.startswith("--"):
        inner = _word(text[1:])
        return Not(inner) if inner is not None else None
    mode = next((mode for mode in (Mode.EXACT, Mode.TOLERANT) if text.startswith(mode.value)), Mode.DEFAULT)
    bare = text[len(mode.value) :]
    prefix = bare.endswith("*") and len(bare) > 1
    bare = bare[:-1] if prefix else bare
    suffix = bare.startswith("*") and bare[1:2] not in ("", "*")
    bare = bare[1:] if suffix else bare
    return Word(bare, mode, prefix, suffix) if has_atoms(bare) else None


def _says_something(node: Node) -> bool:
    """True if there is more than punctuation."""
    match node:
        case Phrase(text):
            return has_atoms(text)
        case Bag(items) | All(items) | AnyOf(items):
            return any(_says_something(item) for item in items)
        case _:
            return True


def _looks_for_something(node: Node) -> bool:
    """True unless a match would only have to lack something or pass a filter."""
    match node:
        case Not():
            return False
        case Bag(items) | All(items):
            return any(_looks_for_something(item) for item in items)
        case AnyOf(items):
            return all(_looks_for_something(item) for item in items)
        case Filter():
            return False
        case _:
            return True
