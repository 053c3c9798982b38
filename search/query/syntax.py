"""The syntax tree of a query. Every node prints itself in a form that parses back to the same tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import TypeAlias

from indexer.core.named_tuples import NamedTuple


class Mode(Enum):
    """How a word may match: as the search decides, only exactly (`=word`), or expanded (`~word`)."""

    DEFAULT = ""
    EXACT = "="
    TOLERANT = "~"


class Word(NamedTuple):
    """Text typed without quotes; `prefix` for `word*`, `suffix` for `*word`."""

    text: str
    mode: Mode = Mode.DEFAULT
    prefix: bool = False
    suffix: bool = False

    @property
    def is_open(self) -> bool:
        """True if it may go on at either end."""
        return self.prefix or self.suffix

    def __str__(self) -> str:
        return f"{self.mode.value}{'*' if self.suffix else ''}{self.text}{'*' if self.prefix else ''}"


class Phrase(NamedTuple):
    """An exact run of text."""

    text: str

    def __str__(self) -> str:
        return f'"{self.text}"'


class Regex(NamedTuple):
    """A regular expression over the text."""

    expression: str

    def __str__(self) -> str:
        return f"/{self.expression}/"


class Near(NamedTuple):
    """Both sides within `distance`, in either order: seconds, or atoms between their nearest ends."""

    left: Node
    right: Node
    distance: float
    seconds: bool

    def __str__(self) -> str:
        right = f"({self.right})" if isinstance(self.right, Near) else str(self.right)
        return f"{self.left} NEAR/{self.distance:g}{'s' if self.seconds else ''} {right}"


class Bag(NamedTuple):
    """Adjacent items: quoted ones must occur, plain words are ranked."""

    items: tuple[Node, ...]

    def __str__(self) -> str:
        return f"({' '.join(map(str, self.items))})"


class All(NamedTuple):
    """AND: every item in one moment."""

    items: tuple[Node, ...]

    def __str__(self) -> str:
        return f"({' AND '.join(map(str, self.items))})"


class AnyOf(NamedTuple):
    """OR: at least one item in the moment."""

    items: tuple[Node, ...]

    def __str__(self) -> str:
        return f"({' OR '.join(map(str, self.items))})"


class Not(NamedTuple):
    """The item must not occur in the moment."""

    item: Node

    def __str__(self) -> str:
        return f"-({self.item})" if isinstance(self.item, Near | Not) else f"-{self.item}"


class Filter(NamedTuple):
    """A condition on the episode or the speaker: `field` is show, title, speaker or date."""

    field: str
    value: str

    def __str__(self) -> str:
        return f'{self.field}:"{self.value}"'


Node: TypeAlias = Word | Phrase | Regex | Near | Bag | All | AnyOf | Not | Filter


def nodes(tree: Node, negated: bool = True) -> Iterator[Node]:
    """Yields the nodes of a tree from the top, without what a Not excludes unless `negated`.

    >>> [str(node) for node in nodes(Bag((Phrase("甲"), Not(Word("乙")))), negated=False)]
    ['("甲" -乙)', '"甲"', '-乙']
    """
    yield tree
    match tree:
        case Bag(items) | All(items) | AnyOf(items):
            for item in items:
                yield from nodes(item, negated)
        case Near(left, right):
            yield from nodes(left, negated)
            yield from nodes(right, negated)
        case Not(item) if negated:
            yield from nodes(item)


def loosened(node: Node) -> Node:
    """Returns the tree with every quote and exact word turned into an ordinary word."""
    match node:
        case Phrase(text):
            return Word(text)
        case Word(text, Mode.EXACT, prefix, suffix):
            return Word(text, prefix=prefix, suffix=suffix)
        case Bag(items) | All(items) | AnyOf(items):
            return type(node)(tuple(map(loosened, items)))
        case Near(left, right, distance, seconds):
            return Near(loosened(left), loosened(right), distance, seconds)
        case _:
            return node


def whole(node: Node) -> Node:
    """Returns the tree with every ordinary word made exact, so that none is split into its parts."""
    match node:
        case Word(text, Mode.DEFAULT, False, False):
            return Word(text, Mode.EXACT)
        case Bag(items) | All(items) | AnyOf(items):
            return type(node)(tuple(map(whole, items)))
        case Near(left, right, distance, seconds):
            return Near(whole(left), whole(right), distance, seconds)
        case Not(item):
            return Not(whole(item))
        case _:
            return node


def with_filters(tree: Node, filters: Sequence[Filter]) -> Node:
    """Returns the tree with more filters, all of which must hold."""
    if not filters:
        return tree
    if isinstance(tree, Bag | All):
        return type(tree)((*tree.items, *filters))
    return Bag((tree, *filters))
