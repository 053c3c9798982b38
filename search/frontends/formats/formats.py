"""The output formats: their names, file suffixes, and writer functions.

A format is a function from a result to lines, `write(found, page)`. A table below lists, for each kind of result, the
functions of the formats that support it. They are imported on use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from indexer.core.named_tuples import NamedTuple
from search.frontends.formats.display import Page

if TYPE_CHECKING:
    from pathlib import Path

Writer = Callable[[Any, Page], Iterator[str]]


class Format(NamedTuple):
    """An output format. `about` is its line of help. Files start with a byte order mark if `marked`, by which
    spreadsheets recognise UTF-8."""

    name: str
    suffixes: tuple[str, ...]
    about: str
    marked: bool = False


FORMATS = (
    Format("text", (), "for people"),
    Format("plain", (".txt",), "one line each, as grep prints it"),
    Format("jsonl", (".jsonl", ".ndjson"), "one JSON object a line"),
    Format("json", (".json",), "one JSON array"),
    Format("tsv", (".tsv",), "tab-separated values with a heading"),
    Format("csv", (".csv",), "a spreadsheet, after RFC 4180", marked=True),
    Format("markdown", (".md", ".markdown"), "headings with links, the cues quoted, matches bold; lists as tables"),
    Format("srt", (".srt",), "the cues as SubRip subtitles"),
    Format("vtt", (".vtt",), "the cues as WebVTT subtitles"),
    Format("m3u", (".m3u", ".m3u8"), "a playlist with start and stop times, for VLC"),
    Format("edl", (".edl",), "one after another as a single file, for mpv"),
    Format("chapters", (".chapters.json",), "Podcasting 2.0 chapters of one episode"),
    Format("apa", (), "references after APA, with quotations"),
    Format("gbt7714", (), "references after GB/T 7714, with quotations"),
    Format("bibtex", (".bib",), "entries for BibTeX"),
    Format("csl-json", (".csl.json",), "items for Zotero and pandoc"),
)

_TABLES = ("jsonl", "json", "tsv", "csv")
"""The formats in `tables`, available for every kind of result that has a shape in `records`."""

_CITATIONS = {
    "apa": "moment_citations.apa",
    "gbt7714": "moment_citations.gbt7714",
    "bibtex": "moment_citations.bibtex",
    "csl-json": "moment_citations.csl",
}

_WRITERS = {
    "moments": {
        "text": "text.moments",
        "plain": "plain.moments",
        "markdown": "markdown.moments",
        "srt": "subtitles.srt",
        "vtt": "subtitles.vtt",
        "m3u": "playlists.m3u",
        "edl": "playlists.edl",
        "chapters": "playlists.chapters",
        **_CITATIONS,
    },
    "counts": {"text": "listings.lists.counts", "plain": "plain.counts", "markdown": "listings.markdown.counts"},
    "ids": {"text": "plain.ids", "plain": "plain.ids"},
    "cues": {
        "text": "stretches.stretch",
        "plain": "plain.cues",
        "markdown": "markdown.moments",
        "srt": "subtitles.srt",
        "vtt": "subtitles.vtt",
        **_CITATIONS,
    },
    "episodes": {
        "text": "listings.lists.episodes",
        "plain": "plain.episodes",
        "markdown": "listings.markdown.episodes",
    },
    "variants": {"text": "listings.lists.variants"},
    "suspects": {"text": "listings.lists.suspects"},
    "terms": {"text": "listings.words.terms", "plain": "plain.terms", "markdown": "listings.markdown.terms"},
    "keywords": {"text": "listings.words.keywords", "plain": "plain.terms", "markdown": "listings.markdown.keywords"},
    "new_words": {
        "text": "listings.words.new_words",
        "plain": "plain.terms",
        "markdown": "listings.markdown.new_words",
    },
    "concordance": {
        "text": "listings.concordances.concordance",
        "plain": "listings.concordances.plain",
        "markdown": "listings.markdown.concordance",
    },
    "trend": {"text": "listings.trends.trend", "markdown": "listings.markdown.trend"},
    "dispersion": {"text": "listings.trends.dispersion", "markdown": "listings.markdown.dispersion"},
    "evenness": {"text": "listings.trends.evenness", "markdown": "listings.markdown.evenness"},
    "collocates": {
        "text": "listings.words.collocates",
        "plain": "plain.terms",
        "markdown": "listings.markdown.collocates",
    },
    "outline": {
        "text": "listings.overview.outline",
        "plain": "listings.overview.outline_plain",
        "chapters": "listings.overview.outline_chapters",
        "markdown": "listings.markdown.outline",
    },
    "likenesses": {"text": "listings.overview.likenesses", "markdown": "listings.markdown.likenesses"},
    "summary": {"text": "listings.overview.summary"},
}


def choices(kind: str) -> list[str]:
    """Returns the names of the formats that support a kind of result."""
    return [form.name for form in FORMATS if form.name in _TABLES or form.name in _WRITERS[kind]]


def by_name(name: str) -> Format:
    return next(form for form in FORMATS if form.name == name)


def by_suffix(path: Path) -> Format | None:
    """Returns the format for the suffix of a file name; None if unknown. The longest suffix takes precedence."""
    fits = [(len(end), form) for form in FORMATS for end in form.suffixes if path.name.lower().endswith(end)]
    return max(fits, key=lambda fit: fit[0], default=(0, None))[1]


def writer(kind: str, name: str) -> Writer:
    """Returns the function that writes a kind of result in the named format, which must support it."""
    if name in _TABLES:
        from search.frontends.formats import tables
        from search.results import records

        return partial(getattr(tables, f"{name}_lines"), records.SHAPES[kind])
    module, _, function = _WRITERS[kind][name].rpartition(".")
    write: Writer = getattr(import_module(f"search.frontends.formats.{module}"), function)
    return write
