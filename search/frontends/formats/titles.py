"""Hints at episodes whose titles were typed as a query: a search does not look at titles, since they are not spoken."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from indexer.core.messages import _, ngettext
from search.frontends.formats.display import clean
from search.frontends.formats.next_steps import NextSteps
from search.query.parse import parse
from search.query.syntax import Bag, Node, Phrase, Word

if TYPE_CHECKING:
    from search import Library


def titled(library: Library, query: str, shown: Collection[str], steps: NextSteps) -> str:
    """Says which episodes a query names by their titles, and how to see them; empty if none, or one of them is among
    those `shown` (ids). Where none is shown, a word of a title names it, too."""
    from search.results.titles import meant_by, titled_with

    text, named = " ".join(_typed_words(parse(query))), meant_by if shown else titled_with
    found = named(library.episodes(), text, library.snapshot.folding.fold) if text else []
    if not found or any(one.id in shown for one in found):
        return ""
    if len(found) == 1:
        return _("“{title}” is the title of an episode: {read} shows it").format(
            title=clean(found[0].title), read=steps.read(found[0].id)
        )
    return ngettext(
        "{n} episode has it in the title: {episodes} lists it",
        "{n} episodes have it in the title: {episodes} lists them",
        len(found),
    ).format(n=len(found), episodes=steps.episodes(text))


def _typed_words(tree: Node) -> list[str]:
    """The words and quotes of a query that are looked for; none if it has operators that combine them."""
    match tree:
        case Word(text) | Phrase(text):
            return [text]
        case Bag(items):
            return [text for item in items for text in _typed_words(item)]
        case _other:
            return []
