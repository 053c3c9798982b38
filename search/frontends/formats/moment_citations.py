"""Moments in the forms of citations: those of `citations`, as if each had been kept as a bookmark today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from search.api import Moment
from search.frontends.formats import citations
from search.frontends.formats.display import Page
from search.results.bookmarks import Bookmark, bookmark


def apa(found: Iterable[Moment], page: Page) -> Iterator[str]:
    return citations.apa(_bookmarks(found), page.style)


def gbt7714(found: Iterable[Moment], page: Page) -> Iterator[str]:
    return citations.gbt7714(_bookmarks(found), page.style)


def bibtex(found: Iterable[Moment], page: Page) -> Iterator[str]:
    return citations.bibtex(_bookmarks(found), page.style)


def csl(found: Iterable[Moment], page: Page) -> Iterator[str]:
    return citations.csl(_bookmarks(found), page.style)


def _bookmarks(found: Iterable[Moment]) -> list[Bookmark]:
    """The moments as bookmarks, whose keys of BibTeX and CSL all have to be known."""
    return [bookmark(moment, "", "") for moment in found]
