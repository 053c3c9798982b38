"""The tabs of the explorations: their addresses, which take along the words and filters of the page that shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from search.frontends.schemas.arguments import separated
from search.frontends.web.addresses import Addresses
from search.frontends.web.api.endpoints import FILTERS, Endpoint

_QUERY = "q"
_WORDS = (_QUERY, "words", "word", "term")
"""Parameters that hold what is looked for."""
_SYNTAX = re.compile(r'["“”「」/()*:=~|]|(?:^|\s)-|(?:^|\s)(?:AND|OR|NOT|NEAR\S*)(?:\s|$)')
"""What makes a query more than words."""
_HAN = re.compile(r"[㐀-鿿]")


def tabs(urls: Addresses, explored: Iterable[Endpoint], params: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """The name of each exploration, and its address with the words and filters of a page with these parameters."""
    return [(one.name, urls.page(f"/{one.name}", **_for(one, params))) for one in explored]


def _for(endpoint: Endpoint, params: Mapping[str, str]) -> dict[str, object]:
    carried: dict[str, object] = {}
    target = next((name for name in _WORDS if name in endpoint.arguments), None)
    source = next((name for name in _WORDS if params.get(name, "").strip()), None)
    if target and source:
        carried[target] = _words(params[source].strip(), source, target) or None
    carried |= {name: params[name] for name in FILTERS if name in endpoint.arguments and params.get(name)}
    return carried


def _words(text: str, source: str, target: str) -> str:
    """What is looked for, as another exploration takes it; empty if it cannot.

    >>> _words("电池，open source", "words", "q"), _words("电池 芯片", "q", "words"), _words('"锂电池"', "q", "term")
    ('电池 "open source"', '电池,芯片', '锂电池')
    >>> _words("self attention", "q", "words"), _words("电池 AND 芯片", "q", "words")
    ('self attention', '')
    """
    if source == target:
        return text
    texts = texts_of(text) if source == _QUERY else separated(text) if source == "words" else [text]
    if target == _QUERY:
        return " ".join(f'"{one}"' if " " in one else one for one in texts)
    return ",".join(texts) if target == "words" else next(iter(texts), "")


def texts_of(query: str) -> Sequence[str]:
    """The texts of a query without operators: a quote, Chinese words one by one, all else as a whole."""
    if (quote := re.fullmatch(r'["“「]([^"“”「」]+)["”」]', query)) and not _SYNTAX.search(quote[1]):
        return [quote[1]]
    if _SYNTAX.search(query):
        return []
    words = query.split()
    return words if all(map(_HAN.search, words)) else [query]
