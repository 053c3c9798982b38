"""Cuts query text into tokens: words, phrases, operators, brackets, filters, regular expressions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from indexer.core.named_tuples import NamedTuple
from indexer.core.positions.tokens import split_atoms

_TWINS = str.maketrans("“”„‟「」『』＂（）：＝～＊－　", '"""""""""():=~*- ')

_SYNTAX = r"""
    (?P<space>\s+)
  | (?P<phrase>-?"(?P<quoted>[^"]*)")
  | (?P<filter>-?(?P<field>show|title|speaker|date):(?:"(?P<value>[^"]*)"|(?P<bare>[^\s()"]*)))
  | (?P<regex>-?/(?P<expression>(?:[^/\\\s]|\\.)(?:[^/\\]|\\.)*)/)(?=[\s()]|$)
  | (?P<near>NEAR(?:/(?P<distance>\d+(?:\.\d+)?)(?P<unit>s|秒)?)?)(?=[\s()"]|$)
  | (?P<operator>AND|OR|NOT)(?=[\s()"]|$)
  | (?P<open>-?\()
  | (?P<close>\))
  | (?P<text>[^\s()"]+)
  | (?P<stray>")
"""

_QUOTED = '"[^"]*"|“[^”]*”|„[^“”‟]*[“”‟]|「[^」]*」|『[^』]*』|＂[^＂]*＂'
_QUOTATION_MARKS = '"“”„‟「」『』＂'
_WITHOUT_MARKS = str.maketrans(dict.fromkeys(_QUOTATION_MARKS, " "))


class Token(NamedTuple):
    """`at` is the offset in the query, in characters. `text` is what is written there; of running text it is without
    the quotation marks that were glued to it."""

    kind: str
    at: int
    match: re.Match[str]
    text: str

    @property
    def is_denied(self) -> bool:
        """True for a phrase, filter, regular expression or bracket with a dash before it."""
        return self.text.startswith("-")


def tokens_of(query: str) -> list[Token]:
    """The tokens of a query, without blanks, lone punctuation and unbalanced brackets."""
    is_quoted = any(mark in query for mark in _QUOTATION_MARKS)  # else the pattern need not be compiled
    text = (re.sub(_QUOTED, _one_quote, query) if is_quoted else query).translate(_TWINS)
    return _tokens_of_syntax(text) if _has_syntax(text) else _words(text)


def _one_quote(quoted: re.Match[str]) -> str:
    """A quote without the quotation marks inside it; as long as before."""
    text = quoted[0]
    return text[0] + text[1:-1].translate(_WITHOUT_MARKS) + text[-1]


@lru_cache(1)
def _pattern() -> re.Pattern[str]:
    return re.compile(_SYNTAX, re.VERBOSE)  # on use: most queries are words, and it takes a hundredth of a search


def _has_syntax(text: str) -> bool:
    """False for words alone: `_words` then returns the same tokens as `_tokens_of_syntax`."""
    return not _SIGNS.isdisjoint(text) or any(word.startswith(_OPERATORS) for word in text.split())


def _words(text: str) -> list[Token]:
    matches = re.finditer(r"\S+", text)
    return [Token("text", match.start(), match, match[0]) for match in matches if has_atoms(match[0])]


_SIGNS = frozenset('"():/')
_OPERATORS = ("AND", "OR", "NOT", "NEAR")


def _tokens_of_syntax(text: str) -> list[Token]:
    balanced = _is_balanced(text)
    tokens: list[Token] = []
    for run in _glued(text):
        kind, match = run[0]
        if len(run) > 1:
            tokens += [Token("text", match.start(), match, piece) for piece in _pieces(run)]
            continue
        if kind in ("space", "stray") or (kind in ("open", "close") and not balanced):
            continue
        if kind == "text" and not has_atoms(match["text"]):
            continue  # a lone dash
        tokens.append(Token(kind, match.start(), match, match[0]))
    return tokens


def _glued(text: str) -> Iterator[list[tuple[str, re.Match[str]]]]:
    """The tokens with their kinds; those of running text with quotation marks in it together.

    What begins with a dash after a quote is denied, and glued to nothing; nor is punctuation without a single atom.
    """
    run: list[tuple[str, re.Match[str]]] = []
    for match in _pattern().finditer(text):
        kind = next(name for name in _KINDS if match[name] is not None)
        if run and (kind not in _RUNNING or match[0].startswith("-")):
            yield from _together(run)
            run = []
        if kind in _RUNNING:
            run.append((kind, match))
        else:
            yield [(kind, match)]
    yield from _together(run)


def _together(run: list[tuple[str, re.Match[str]]]) -> Iterator[list[tuple[str, re.Match[str]]]]:
    """A run of text and quotes without a space, as one if there is text to which a quote is glued."""
    is_text = len(run) > 1 and any(kind == "text" and has_atoms(match["text"]) for kind, match in run)
    if is_text and all(map(_is_plain, _pieces(run))):
        yield run
    else:
        yield from ([one] for one in run)


def _is_plain(piece: str) -> bool:
    """False for an operator and a filter."""
    match = _pattern().match(piece)
    return match is not None and match["text"] is not None


def _pieces(run: list[tuple[str, re.Match[str]]]) -> list[str]:
    """The words of running text, without the quotation marks in it."""
    text = "".join(match[0] for _, match in run)
    return [piece for piece in (part.replace('"', "") for part in re.split(_BETWEEN_WORDS, text)) if has_atoms(piece)]


_RUNNING = ("phrase", "text", "stray")
_BETWEEN_WORDS = r'(?<=[0-9A-Za-z])"+(?=[0-9A-Za-z])|[\s()]+'


_KINDS = ("space", "phrase", "filter", "near", "operator", "open", "close", "regex", "text", "stray")


def _is_balanced(text: str) -> bool:
    """True if all brackets outside quotes are balanced."""
    if "(" not in text and ")" not in text:
        return True
    depth = 0
    for character in re.sub(r'"[^"]*"', "", text):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0


def has_atoms(text: str) -> bool:
    """False for text that an index has no position for, such as a dash."""
    return bool(split_atoms(unicodedata.normalize("NFKC", text).lower()))
